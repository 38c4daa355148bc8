"""What all tests share: one async backend, a home of their own, no terminal settings of the tester's."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

for _name in (
    "NO_COLOR",
    "TEXTUAL_THEME",
    "COLUMNS",
    "LINES",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
):
    os.environ.pop(_name, None)
    os.environ.pop(_name.lower(), None)


# Who starts the tests in the background, or under nohup, has these ignored, and so would all that the tests start.
for _number in (signal.SIGHUP, signal.SIGQUIT):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def hang_ups_as_before() -> Iterator[None]:
    """A guard that was asked to end leaves hang-ups ignored, as is right for a process that is about to end: here the
    programs of later tests would start so."""
    before = signal.getsignal(signal.SIGHUP)
    yield
    if before is not None and signal.getsignal(signal.SIGHUP) != before:
        signal.signal(signal.SIGHUP, before)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the tester's own profiles, or depends on who may write beside the checkout."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "STATE"):
        folder = tmp_path / name.lower()
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(f"SESSIONTOP_{name}_DIR", str(folder))
