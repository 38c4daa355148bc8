"""The real program in a real terminal: every byte it writes, its screens as pictures, its files, its objects."""

from __future__ import annotations

import os
import random
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal
from tests.leaks.canaries import Detector, Hit
from tests.leaks.mirror import QUOTING, Mirror
from tests.leaks.observing import Channel, all_logs, files, leaks, objects, unhurried
from tests.leaks.people import DETECTOR, ONE_EACH, SECRETS, WAYS
from tests.leaks.running import keep
from tui.app import SessionTop
from tui.commands.full_screen import make_desk
from tui.live.engine import Engine
from tui.model.clock import SystemClock
from tui.net.tokens import MemoryTokens
from tui.profiles.paths import profiles_path
from tui.profiles.store import load
from tui.providers import registry
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

WATCH = (sys.executable, "-m", "tui", "watch")
PLAYS = ("json-401", "html-503")
REST = tuple(play for play in QUOTING if play not in PLAYS)


def everybody(url: str) -> None:
    keep({way: WAYS[way].table(url) for way in ONE_EACH})


def written(terminal: PtyTerminal, *folders: Path) -> Iterator[Channel]:
    """All bytes, the screen as a person reads it and without the line breaks, and what is on the disk."""
    yield "terminal", bytes(terminal.output).decode("utf-8", "replace")
    yield "screen", terminal.text()
    yield "screen", "".join(line.strip() for line in terminal.lines())
    yield from files(*folders)


def folders() -> tuple[Path, Path]:
    return profiles_path().parent, Path(os.environ["SESSIONTOP_STATE_DIR"])


@pytest.mark.parametrize(
    ("play", "columns"),
    [
        ("json-401", 80),
        pytest.param("html-503", 200, marks=pytest.mark.long),
        *(pytest.param(one, wide, marks=pytest.mark.long) for one in REST for wide in (80, 200)),
    ],
)
def test_the_full_screen_at_vendors_that_quote_keys(
    tmp_path: Path, play: str, columns: int
) -> None:
    with Mirror(play) as mirror:
        everybody(mirror.url)
        with PtyTerminal(WATCH, columns=columns, rows=40, cwd=tmp_path) as terminal:
            terminal.wait_for("q quit")
            terminal.wait_until(lambda: len(mirror.sent) >= len(ONE_EACH), "all vendors asked")
            for keys in ("L", "\x1b", "?", "\x1b", "r", "oSS-1001\r", "\x1b", "\x10", "\x1b"):
                terminal.send(keys)
                terminal.quiet_for(0.3)
            terminal.send("qq")
            terminal.wait_exit()
        found, _ = leaks(DETECTOR, written(terminal, tmp_path, *folders()))
    assert found == []


CRASHES = {
    "the worker": "tui.live.worker.Worker.run",
    "the client": "tui.net.client.Client.send",
    "a provider": "tui.providers.trinsic_connect.TrinsicConnect.page",
    "the board": "tui.live.board.Board.apply",
    "a screen": "tui.screens.log.LogScreen.compose",
    "a widget": "tui.widgets.bar.Bar.render_line",
    "the app": "tui.app.SessionTop.action_help",
}


@pytest.mark.parametrize(
    "where",
    [
        one if one in ("the client", "a screen") else pytest.param(one, marks=pytest.mark.long)
        for one in CRASHES
    ],
)
def test_a_crash_tells_no_key(tmp_path: Path, where: str) -> None:
    """In the engine it is told on the screen; in the screens it ends the program: not with 0, in few words."""
    with Mirror("json-200") as mirror:
        everybody(mirror.url)
        argv = (sys.executable, "-m", "tests.leaks.pretender", CRASHES[where], "CANARY", "watch")
        environ = {"CANARY": SECRETS["Trinsic key"], "TEXTUAL_DEBUG": "1"}
        with PtyTerminal(argv, environ=environ, rows=40) as terminal:
            terminal.wait_until(
                lambda: "view:" in terminal.text() or terminal.exit_status is not None, "a screen"
            )
            for keys in ("L", "?", "q"):
                if terminal.exit_status is None:
                    terminal.send(keys)
                    terminal.pump(0.5)
                    terminal.quiet_for(0.2)
            terminal.wait_exit()
            tail = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
        found, _ = leaks(DETECTOR, written(terminal, tmp_path))
    assert found == []
    if where in ("the worker", "the client", "a provider"):
        assert terminal.exit_status == 0
    else:
        assert terminal.exit_status not in (0, None)
        assert len(tail) <= 1_500
        assert b"header" not in tail, "a local of the frame that failed"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=30, rate=0.0, vendors=ALL) as running:
        running.play("rate-limits", "off")
        yield running


def secrets_of(simulator: Simulator) -> Detector:
    """The keys that the simulated vendors gave out, and the secrets that they put into their rows."""
    tables: dict[str, dict[str, object]] = simulator.profiles()["profiles"]  # type: ignore[assignment]
    found: dict[str, str] = {}
    for name, table in tables.items():
        spec = registry.find(str(table["provider"]))
        secret = [key.name for key in spec.keys if key.kind == "secret"]
        found |= {f"{name} {key}": str(table[key]) for key in secret if key in table}
    return Detector(found)


def test_a_whole_session_leaves_no_key_and_only_private_files(
    simulator: Simulator, tmp_path: Path
) -> None:
    """With keys that work: open, read, mark, export, look at the log, leave. All files are 0600, all folders 0700."""
    keep(simulator.profiles()["profiles"])  # type: ignore[arg-type]
    work = tmp_path / "work"
    work.mkdir(mode=0o700)
    mask = os.umask(0o022)
    try:
        with PtyTerminal(WATCH, columns=140, rows=40, cwd=work) as terminal:
            terminal.wait_for("q quit")  # which the first paint does not show
            terminal.quiet_for(1.0)
            for keys in (" ", "\r", "t", "\x1b", "\x1b", "L", "\x1b", "5"):
                terminal.send(keys)
                terminal.quiet_for(0.4)
            terminal.send("e")
            terminal.quiet_for(0.4)
            terminal.send("\r")
            terminal.wait_until(lambda: any(work.iterdir()), "the export")
            terminal.quiet_for(0.4)
            terminal.send("q")
            assert terminal.wait_exit() == 0
    finally:
        os.umask(mask)
    places = [work, *folders()]
    found, looked = leaks(secrets_of(simulator), written(terminal, *places))
    assert looked > 5
    assert found == []
    for place in places:
        for path in (place, *place.rglob("*")):
            mode = stat.S_IMODE(path.lstat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), f"{path.name}: {mode:o}"
    assert any(path.suffix for path in work.iterdir())


@pytest.mark.anyio
@pytest.mark.parametrize(
    "play",
    [
        "json-401",
        *(pytest.param(one, marks=pytest.mark.long) for one in QUOTING if one != "json-401"),
    ],
)
async def test_pictures_and_objects_of_the_screens(play: str) -> None:
    """Everything that the app and the engine hold, and the screens as SVG."""
    with Mirror(play) as mirror, all_logs() as logs:
        everybody(mirror.url)
        loaded = load(profiles_path(), registry.SPECS, os.environ)
        clock = SystemClock()
        engine = Engine(
            loaded.profiles,
            connect=unhurried(MemoryTokens()),
            clock=clock,
            rng=random.Random(3),
        )
        engine.start()
        try:
            app = SessionTop(make_desk(loaded, engine, clock))
            channels: list[Channel] = []
            async with app.run_test(size=(160, 45), notifications=True) as pilot:
                while len(app.desk.board.health) < len(ONE_EACH) or len(mirror.sent) < 5:
                    await pilot.pause(0.05)
                for key in ("L", "escape", "question_mark", "escape", "n"):
                    await pilot.press(key)
                    await pilot.pause()
                    channels.append(("picture", app.export_screenshot()))
                channels += objects([app, engine])
                engine.stop(3.0)
                while app._pending or app._calm is not None:  # its last news, before the screens go
                    await pilot.pause(0.05)
        finally:
            engine.stop(3.0)
        channels.append(("log", logs.getvalue()))
        found: list[Hit]
        found, looked = leaks(DETECTOR, channels)
    assert looked > 100
    assert found == []
