"""What the program does before anything else: new files are private, and no debugging variable writes keystrokes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.command_line import stored
from tests.end_to_end.pty_terminal import PtyTerminal
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

MASK = """
import os, sys
os.umask(0o022)
sys.argv = ["sessiontop", *sys.argv[1:]]
from tui.__main__ import main
main()
print(oct(os.umask(0)))
"""


@pytest.mark.parametrize(
    "args", [("--version",), ("profile", "path"), ("sessions",), ("no-such-command",)]
)
def test_the_umask_is_set_before_any_command(args: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MASK, *args], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "0o77"


def test_folders_on_the_way_to_a_new_store_are_private_too(tmp_path: Path) -> None:
    config = tmp_path / "a" / "b" / "c"
    mask = os.umask(0o022)
    try:
        subprocess.run(
            [sys.executable, "-m", "tui", "profile", "add", "--input", "-", "--no-check"],
            input=b'{"name": "x", "provider": "trinsic-connect", "api_key": {"env": "A"}}',
            check=True,
            capture_output=True,
            timeout=60,
            env={**os.environ, "SESSIONTOP_CONFIG_DIR": str(config)},
        )
    finally:
        os.umask(mask)
    modes = [path.stat().st_mode & 0o777 for path in (config, config.parent, config.parent.parent)]
    assert modes == [0o700] * 3
    assert (config / "profiles.toml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", ["watch", "demo"])
def test_no_variable_makes_textual_write_what_is_typed(
    simulator: Simulator, tmp_path: Path, command: str
) -> None:
    stored(simulator.profiles())
    work = tmp_path / "work"
    work.mkdir()
    environ = {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_LOG": str(work / "textual.log"),
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(work),
        "TEXTUAL_PRESS": "q",
    }
    argv = [sys.executable, "-m", "tui", command]
    with PtyTerminal(argv, environ=environ, cwd=work) as terminal:
        terminal.wait_for("? help")
        terminal.send("/typed")
        terminal.wait_for("/typed")
        terminal.send("\x1b")
        terminal.wait_until(lambda: "/typed" not in terminal.text(), "the whole list again")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list(work.iterdir()) == []
