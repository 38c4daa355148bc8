"""What is remembered between two runs; that it cannot be is nobody's trouble."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui.settings.remembered import NAME, last_profile, remember_profile


def test_it_is_kept_for_oneself_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "state"
    before = os.umask(0)
    try:
        remember_profile(folder, "proxy-eu")
    finally:
        os.umask(before)
    assert last_profile(folder) == "proxy-eu"
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    remember_profile(folder, "goto-desk")
    assert last_profile(folder) == "goto-desk"
    assert [file.name for file in folder.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"create_profile": 3}', b"\xff", b"[" * 50_000, b'"x"']
)
def test_what_makes_no_sense_is_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    assert last_profile(tmp_path) is None


def test_where_it_cannot_be_kept_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember_profile(tmp_path / "file", "proxy-eu")
    assert last_profile(tmp_path / "file") is None
    os.mkfifo(tmp_path / NAME)
    assert last_profile(tmp_path) is None
