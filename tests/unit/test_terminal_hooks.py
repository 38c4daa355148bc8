"""The few files that lean on Textual's inside, against the one version they were written for."""

from __future__ import annotations

import ast
import asyncio
import inspect
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich import console
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import (
    _compositor,
    _xterm_parser,
    app,
    dom,
    driver,
    events,
    message_pump,
    screen,
    widget,
)
from textual.app import ComposeResult
from textual.color import Color
from textual.content import Content
from textual.drivers import linux_driver
from textual.geometry import Size
from textual.widgets import Static

from tui.model.problem import Problem
from tui.terminal import hooks
from tui.terminal.belt import ControlFilter
from tui.terminal.hooks import SafeApp, SafeDriver, rendered_text

TERMINAL = Path(inspect.getfile(hooks)).parent
TEXTUAL = (
    linux_driver,
    driver,
    app,
    dom,
    message_pump,
    screen,
    widget,
    _compositor,
    _xterm_parser,
    console,
)
OWN = {
    "_go_on",
    "_guard",
    "_in_use",
    "_note_background_error",
    "_parse",
    "_raw",
    "_read",
    "_safe_app",
    "_soon",
    "_stopping",
    "_woken",
}
BLACK = Color(0, 0, 0)


def private_names() -> set[str]:
    """Names with a leading underscore that hooks.py and its fellows use of, or put in place of, something."""
    nodes = [
        node
        for path in TERMINAL.glob("hooks*.py")
        for node in ast.walk(ast.parse(path.read_text()))
    ]
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    used |= {
        part.name
        for node in nodes
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name for name in used if name.startswith("_") and not name.startswith("__")}


def test_textual_is_the_version_these_hooks_were_read_against() -> None:
    assert version("textual") == hooks.TEXTUAL_VERSION, (
        "read the new driver and app beside terminal/hooks.py, then raise TEXTUAL_VERSION"
    )


def test_every_private_name_used_is_still_in_textual() -> None:
    sources = "\n".join(inspect.getsource(module) for module in TEXTUAL)
    gone = {
        name
        for name in private_names() - OWN
        if f"def {name}(" not in sources and f"self.{name}" not in sources
    }
    assert gone == set()


def test_no_name_of_ours_hides_one_of_textuals() -> None:
    assert private_names() >= OWN
    for name in OWN:
        assert not hasattr(linux_driver.LinuxDriver, name)
        assert not hasattr(app.App, name)


def test_no_name_of_the_frames_hides_one_of_textuals() -> None:
    """What `FramedApp` adds: its attributes and methods."""
    tree = ast.parse((TERMINAL / "frames.py").read_text())
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {"output", "draw", "_held_frame"} <= names
    inside = inspect.getsource(app) + inspect.getsource(message_pump)
    kept = {name for name in names if not name.startswith("__") and name != "on_event"}
    hidden = {name for name in kept if hasattr(app.App, name) or f"self.{name} " in inside}
    assert hidden == set()


def test_updates_are_what_the_output_was_written_for() -> None:
    """The parts of the compositor's updates that `pieces_of` reads."""
    layout = inspect.signature(_compositor.LayoutUpdate).parameters
    assert list(layout) == ["strips", "region"]
    chops = inspect.signature(_compositor.ChopsUpdate).parameters
    assert list(chops) == ["chops", "spans", "chop_ends"]
    assert list(inspect.signature(app.App._display).parameters) == ["self", "screen", "renderable"]


@pytest.mark.parametrize("name", ["guard", "reset", "stream", "environment", "keyboard"])
def test_what_stands_before_textual_does_not_import_it(name: str) -> None:
    tree = ast.parse((TERMINAL / f"{name}.py").read_text())
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    assert not {module.partition(".")[0] for module in modules} & {"textual", "rich"}
    assert {module for module in modules if module.startswith("tui")} <= {
        f"tui.terminal.{other}" for other in ("environment", "reset", "stream")
    }


def test_the_signal_handlers_are_replaced() -> None:
    for name in ("_sigtstp_application", "_sigcont_application", "run_input_thread"):
        assert getattr(SafeDriver, name) is not getattr(linux_driver.LinuxDriver, name)


# -- the belt ------------------------------------------------------------------------------------------


def belted(text: str, style: Style | None = None) -> tuple[str, ControlFilter]:
    belt = ControlFilter()
    return "".join(part.text for part in belt.apply([Segment(text, style)], BLACK)), belt


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31m",
        "\x1b]52;c;eA==\x07",
        "\x00",
        "\x7f",
        "\x9b2J",
        "\u202egnp.exe",
        "\u2066x",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\ud800",
        "\U000e0041",
    ],
)
def test_what_a_terminal_could_act_on_is_taken_out_and_counted(text: str) -> None:
    mended, belt = belted(f"a{text}b")
    assert belt.hits >= 1
    assert mended.replace(" ", "").isprintable()
    assert mended[0] + mended[-1] == "ab"


@pytest.mark.parametrize(
    "text", ["plain", "Ångström ✓", "東京", "👩‍👩‍👧", "می‌خواهم", "a\u00a0b", "❤️", ""]
)
def test_what_people_write_passes_untouched(text: str) -> None:
    assert belted(text)[0] == text
    assert belted(text)[1].hits == 0


@given(st.text())
def test_the_width_of_a_line_stays(text: str) -> None:
    mended, belt = belted(text)
    assert cell_len(mended) == cell_len(text)
    assert belted(mended)[1].hits == 0
    assert belt.hits == 0 or mended != text


def test_links_are_taken_off() -> None:
    belt = ControlFilter()
    style = Style(bold=True, link="https://evil.example")
    (segment,) = belt.apply([Segment("x", style)], BLACK)
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.bold
    assert belt.hits == 1


def test_clean_lines_are_handed_on_as_they_are() -> None:
    segments = [Segment("a"), Segment("b", Style(bold=True))]
    assert ControlFilter().apply(segments, BLACK) is segments


# -- the app -------------------------------------------------------------------------------------------


class Small(SafeApp[None]):
    text = "hello"

    def compose(self) -> ComposeResult:
        yield Static(Content(self.text))

    def key_p(self) -> None:
        raise Problem("a vendor said no")

    def key_t(self) -> None:
        self.lost = asyncio.get_running_loop().create_task(self.fail())

    async def fail(self) -> None:
        raise ValueError("lost")


@pytest.mark.anyio
async def test_what_is_rendered_can_be_read() -> None:
    small = Small()
    async with small.run_test(size=(20, 3)):
        assert [row.strip() for row in rendered_text(small)] == ["hello", "", ""]
        assert small.control_filter.hits == 0


@pytest.mark.anyio
async def test_the_belt_is_worn() -> None:
    small = Small()
    small.text = "he\x1b[2Jllo"
    async with small.run_test(size=(20, 3)):
        assert rendered_text(small)[0].strip() == "he[2Jllo"
        assert small.control_filter.hits > 0


@pytest.mark.anyio
async def test_textuals_own_quit_key_is_gone() -> None:
    small = Small()
    async with small.run_test() as pilot:
        await pilot.press("ctrl+q")
        await pilot.press("ctrl+c")
        assert small.is_running
        assert "ctrl+q" not in small.active_bindings


@pytest.mark.anyio
async def test_a_crash_is_reported_and_nothing_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    small = Small()
    with pytest.raises(Problem):
        async with small.run_test() as pilot:
            await pilot.press("p")
    assert small.return_code == 1
    assert small.crash is not None
    assert small.crash.kinds == ("Problem",)
    assert small.crash.message == "a vendor said no"
    assert capsys.readouterr() == ("", "")


@pytest.mark.anyio
async def test_a_task_nobody_waited_for_is_noted() -> None:
    small = Small()
    async with small.run_test() as pilot:
        await pilot.press("t")
        await pilot.pause()
        del small.lost
        await pilot.pause()
        assert [report.kinds for report in small.background_errors] == [("ValueError",)]


@pytest.mark.anyio
async def test_a_panic_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    small = Small()
    async with small.run_test():
        small.panic("secret locals")
    assert small.return_code == 1
    assert small.crash is not None
    assert "secret" not in "".join(capsys.readouterr())


@pytest.mark.anyio
async def test_a_real_screen_needs_a_guard() -> None:
    small = Small()
    with pytest.raises(RuntimeError, match="guard"):
        SafeDriver(small)


# -- input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("character", "passes"),
    [
        *((typed, True) for typed in ("a", "é", "\r", "\x1b", None, "\u200c")),
        *((forged, False) for forged in ("\x9b", "\ud800", "\u202e")),
    ],
)
def test_keys_that_no_keyboard_has_are_dropped(
    monkeypatch: pytest.MonkeyPatch, character: str | None, passes: bool
) -> None:
    assert passed_on(monkeypatch, events.Key("x", character)) is passes


def test_forged_sizes_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    size = Size(99_999, 99_999)
    assert not passed_on(monkeypatch, events.Resize(size, size))


def test_pastes_are_cleaned_and_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    paste = events.Paste("a\x9bb\u202e" + "c" * 100_000)
    assert passed_on(monkeypatch, paste)
    assert paste.text.startswith("a�bc")
    assert len(paste.text) < 20_000


def passed_on(monkeypatch: pytest.MonkeyPatch, message: Any) -> bool:
    passed: list[Any] = []
    monkeypatch.setattr(
        linux_driver.LinuxDriver, "process_message", lambda self, message: passed.append(message)
    )
    SafeDriver.process_message(object.__new__(SafeDriver), message)
    return passed == [message]
