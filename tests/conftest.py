"""What all tests share: one async backend, a home of their own, no terminal settings of the tester's."""

from __future__ import annotations

import os
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
