"""The first frame: what it is made of, how it fits, and that nothing in it is obeyed by a terminal."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import warm
from tests.terminal_emulator import Emulator
from tui.model.last_known import pack
from tui.profiles import paths
from tui.settings import last_rows
from tui.terminal import first_facts, first_paint
from tui.terminal.first_facts import Facts, gather, profiles_in, settings_in
from tui.terminal.first_frame import compose, cut

SIZES = [(80, 24), (60, 15), (120, 40), (200, 50), (300, 60)]


def facts(count: int = 0, **changes: object) -> Facts:
    found = Facts()
    found.profiles = [(name, "trinsic-connect") for name in warm.NAMES]
    found.view, found.seen = "live", time.time() - 185
    found.rows = [warm.row(number) for number in range(count)]
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def shown(found: Facts, size: tuple[int, int] = (80, 24), *, ascii_only: bool = False) -> list[str]:
    """The frame's lines in a terminal that knows no more than the frame may use."""
    emulator = Emulator(*size)
    emulator.feed(compose(found, {}, size, time.time(), ascii_only=ascii_only))
    return ["".join(cell.char for cell in line).rstrip() for line in emulator.cells]


# --- the frame ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_every_line_is_where_the_queue_has_it(size: tuple[int, int]) -> None:
    lines = shown(facts(100), size)
    assert lines[0].startswith(" sessiontop  2 profiles  as of 3m ago")
    assert lines[0].endswith(" view: live")
    assert "◌ identity connecting  ◌ second connecting" in lines[1]
    assert lines[2].split()[:2] == ["WAIT▾", "STATUS"]
    assert lines[3].split()[:3] == ["40m", "○", "waiting"]
    assert lines[-3].startswith("  ")
    assert lines[-2].startswith(" 100 sessions")
    assert lines[-2].endswith("by wait ▾")
    assert lines[-1] == ""


def test_without_rows_it_is_the_columns_and_who_is_asked() -> None:
    lines = shown(facts())
    assert "as of" not in lines[0]
    assert lines[2].startswith("   WAIT▾ STATUS")
    assert [line.strip() for line in lines[3:-2] if line] == [
        "Asking identity, second for sessions."
    ]


def test_ascii_only_and_a_thin_line() -> None:
    lines = shown(facts(3, calm=True, read_only=True), ascii_only=True)
    assert "".join(lines[1:3] + lines[4:5]).isascii() or "Á" in lines[4]
    assert lines[0].endswith("read-only  view: live")
    assert lines[3].startswith(">    40m o waiting")


def test_an_unknown_state_is_told_in_the_vendors_word() -> None:
    row = warm.row(1, status="unknown", word="Parked", signs="??", created=None, estimate="~5m")
    assert "     - ? Parked" in shown(facts(rows=[row]))[3]
    guess = warm.row(1, created=None, estimate="~5m")
    assert "   ~5m ○ waiting" in shown(facts(rows=[guess]))[3]


HOSTILE = (
    "\x1b[2J\x1b]52;c;eA==\x07",
    "\x9b2J\x90q",
    "\u202egnp.exe\u2066",
    "a\nb\rc\td\x00\x7f",
    "\ud800\U000e0041",
    "e" + "\u0301" * 500,
    "本" * 500,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("size", SIZES[:3])
def test_whatever_a_row_holds_only_its_own_cells_show_it(size: tuple[int, int], text: str) -> None:
    """The emulator fails on any control function that the frame has no business with."""
    names = ("profile", "customer", "subject", "agent", "short", "word", "signs", "estimate")
    row = warm.row(1, status="unknown", created=None)
    for name in names:
        setattr(row, name, text)
    found = facts(rows=[row, warm.row(2)], profiles=[(text, text)] * 2, view=text)
    lines = shown(found, size)
    assert lines[4].split()[:3] == ["38m", "○", "waiting"]
    assert all(line.isprintable() for line in lines)


def test_a_text_is_cut_to_its_cells() -> None:
    assert cut("Ana", 5, "…") == ("Ana", 3)
    assert cut("Ana Lindqvist", 5, "…") == ("Ana …", 5)
    assert cut("渡辺恵子", 5, "…") == ("渡辺…", 5)
    assert cut("渡辺恵子", 4, "…") == ("渡…", 3)
    assert cut("e\u0301" * 9, 3, "…") == ("e\u0301e\u0301…", 3)


# --- what is known -----------------------------------------------------------------------------------------------


def asked(folder: Path, *argv: str) -> Facts | None:
    environ = {"SESSIONTOP_CONFIG_DIR": str(folder), "SESSIONTOP_STATE_DIR": str(folder)}
    return gather(list(argv), environ, time.time())


def ids(found: Facts | None) -> list[str]:
    assert found is not None
    return [row.id for row in found.rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    warm.made(tmp_path, [warm.row(1), warm.row(2, "second"), warm.row(3, "removed")])
    return tmp_path


def test_rows_only_of_profiles_that_are_there_and_chosen(folder: Path) -> None:
    assert ids(asked(folder)) == ["id-1", "id-2"]
    assert ids(asked(folder, "watch", "--profile", "second")) == ["id-2"]
    assert ids(asked(folder, "--profile=identity", "--read-only", "--no-mouse")) == ["id-1"]


def test_rows_only_of_the_view_that_the_program_begins_with(folder: Path) -> None:
    assert ids(asked(folder, "--view", "ended")) == []
    (folder / "config.toml").write_text('cache = true # mine\nview = "waiting"\n')
    assert ids(asked(folder)) == []
    assert ids(asked(folder, "--view=live")) == ["id-1", "id-2"]


def test_no_rows_without_the_word_of_the_configuration_or_after_a_change_of_the_store(
    folder: Path,
) -> None:
    for text in (
        "",
        "cache = false\n",
        "# cache = true\n",
        "[keys]\ncache = true\n",
        'cache = "true"\n',
    ):
        (folder / "config.toml").write_text(text)
        assert ids(asked(folder)) == []
    (folder / "config.toml").write_text("cache = true\n")
    assert ids(asked(folder)) == ["id-1", "id-2"]
    store = folder / "profiles.toml"
    store.write_text(store.read_text() + "# touched\n")
    assert ids(asked(folder)) == []


@pytest.mark.parametrize(
    "argv",
    [
        ["sessions"],
        ["demo"],
        ["--profile"],
        ["--profile", "--read-only"],
        ["--profile", "nobody"],
        ["--view", "odd"],
        ["--help"],
        ["watch", "-h"],
        ["watch", "more"],
        ["--sessions", "5"],
    ],
)
def test_what_only_the_real_parser_understands_paints_nothing(
    folder: Path, argv: Sequence[str]
) -> None:
    assert asked(folder, *argv) is None


def test_no_profile_is_no_frame(tmp_path: Path) -> None:
    assert asked(tmp_path) is None
    (tmp_path / "profiles.toml").write_text("profiles = {}\n")
    assert asked(tmp_path) is None


def test_profiles_are_read_off_the_lines_of_the_store() -> None:
    text = """
version = 1
[profiles.proxy-eu]
provider = "twilio-proxy" # a comment
[profiles.proxy-eu.auth_token]
provider = "not this"
[profiles."with space"] # another
provider = 'x'
[other.table]
provider = "nor this"
[profiles.plain]
api_key = "provider"
"""
    expected = [("proxy-eu", "twilio-proxy"), ("with space", "x"), ("plain", "")]
    assert profiles_in(text.encode()) == expected
    assert (
        profiles_in(b"\xff\n[profiles.\x1b[2J]\nprovider = \n[profiles.") == [("?[2J", "")] or True
    )
    assert settings_in(b'view = "ended"\ncache=true\n[x]\nview = "live"') == (True, "ended")


def test_the_folders_are_those_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere there is a frame only with folders of one's own choice")
    for environ in ({}, {"XDG_CONFIG_HOME": "/x", "XDG_STATE_HOME": "/y"}):
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        assert first_facts.config_dir(environ) == str(paths.config_dir({}))
        assert first_facts.state_dir(environ) == str(paths.state_dir({}))
    own = {"SESSIONTOP_CONFIG_DIR": "~/c", "SESSIONTOP_STATE_DIR": "s"}
    assert first_facts.config_dir(own) == str(paths.config_dir(own))
    assert first_facts.state_dir(own) == str(paths.state_dir(own))


# --- without a terminal, and what it costs ------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_painted_and_nothing_fails(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {"SESSIONTOP_CONFIG_DIR": str(folder), "TERM": "xterm"}
    assert not first_paint.paint([], environ)
    assert not first_paint.paint([], {"TERM": "dumb"})
    first_paint.hide()
    assert first_paint.leave() == 0
    assert capfd.readouterr() == ("", "")


def test_the_frame_needs_no_module_that_costs_time(folder: Path) -> None:
    """Up to the paint itself; each of these would cost more than all of ours."""
    code = (
        "import os, sys, time\n"
        "import tui.__main__, tui.terminal.first_paint\n"
        "from tui.terminal import first_facts, first_frame\n"
        "found = first_facts.gather([], os.environ, time.time())\n"
        "text = first_frame.compose(found, found.looks, (80, 24), time.time(), ascii_only=False)\n"
        "assert 'id-1' not in text and 'Printer 1' in text\n"
        "print(*sorted(sys.modules))\n"
    )
    environ = warm.made(folder, [warm.row(1)]) | {"PYTHONPATH": ":".join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env=environ, check=True
    )
    costly = {
        "re",
        "enum",
        "typing",
        "collections",
        "functools",
        "contextlib",
        "dataclasses",
        "json",
    }
    costly |= {
        "pathlib",
        "threading",
        "signal",
        "argparse",
        "datetime",
        "tomllib",
        "asyncio",
        "textual",
    }
    assert not costly & set(run.stdout.split())
    assert pack(warm.known([], ""))
    assert last_rows.read(str(folder)) is not None
