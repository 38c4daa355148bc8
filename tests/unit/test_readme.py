"""The README says what the program does today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tui.screens import keys
from tui.widgets.session_table import SessionTable

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
NAMES = {"/": "slash", "?": "question_mark", "Enter": "enter", "Escape": "escape"}


def bound() -> set[str]:
    tables = (
        keys.EVERYWHERE,
        keys.QUEUE,
        keys.DETAIL,
        keys.TRANSCRIPT,
        keys.LOG,
        SessionTable.BINDINGS,
    )
    found: set[str] = {"ctrl+p"}  # the framework's palette
    for table in tables:
        for binding in table:
            found |= set(binding.key.split(","))  # type: ignore[union-attr]
    return found


def in_key_table() -> set[str]:
    section = README.split("## Keys")[1].split("## ")[0]
    told: set[str] = set()
    for row in re.findall(r"^\| (?!key|---)(.+) \|$", section, re.M):
        for cell in row.split(" | ")[::2]:
            told |= set(re.findall(r"`([^`]+)`", cell)) | {word for word in NAMES if word in cell}
    return {NAMES.get(key, key) for key in told}


def test_every_key_in_the_table_is_bound() -> None:
    assert in_key_table() - bound() == set()


def test_every_key_of_ours_is_in_the_table() -> None:
    left_out = {"2", "3", "4", "down", "up", "home", "end", "pagedown", "pageup"}
    assert bound() - in_key_table() - left_out == set()


@pytest.mark.parametrize(
    "command",
    [
        "sessions",
        "show",
        "transcript",
        "create",
        "act",
        "links",
        "profile",
        "doctor",
        "simulate",
        "demo",
        "reset-terminal",
    ],
)
def test_every_command_in_the_readme_exists(command: str) -> None:
    assert f"sessiontop {command}" in README
    done = subprocess.run(
        [sys.executable, "-m", "tui", command, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    for option in re.findall(rf"^    sessiontop {command}\b.*$", README, re.M):
        for flag in re.findall(r"--[a-z-]+", option):
            assert flag in done.stdout


def test_the_set_up_lines_stand_alone() -> None:
    lines = re.findall(r"^    (python3 -m venv .*)$", README, re.M)
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/sessiontop demo")
    assert lines[1].endswith(".venv/bin/pytest")
