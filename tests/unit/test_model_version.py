"""The version, told without the machinery that knows all packages."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tui.model.version import installed_version


def test_it_is_the_installed_one() -> None:
    assert installed_version() == version("sessiontop")


def test_a_folder_that_was_never_installed_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sessiontop-helper.txt").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "none.zip")])
    assert installed_version() is None


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_who_asks_for_one_line_does_not_wait_for_what_only_commands_need(asked: str) -> None:
    script = (
        "import sys; from tui import cli; cli.main([sys.argv[1]]);"
        "slow = {'textual', 'httpx', 'msgspec', 'importlib.metadata', 'asyncio', 'difflib', 'dataclasses',"
        " 'argparse', 'typing', 're', 'enum', 'contextlib'};"
        "sys.exit(' '.join(slow & sys.modules.keys()) or 0)"
    )
    done = subprocess.run(
        (sys.executable, "-c", script, asked), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
