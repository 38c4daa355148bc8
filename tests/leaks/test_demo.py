"""The demo: its vendors' keys and its rows' secrets are nobody's, and are treated as if they were somebody's."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal
from tests.leaks.canaries import Detector
from tests.leaks.observing import Channel, answers, leaks, objects, unhurried
from tests.leaks.processes import processes
from tests.leaks.test_faults import listed, profiles, secrets_in
from tests.leaks.test_terminal import folders, written
from tui.live.commands import Query, Read
from tui.live.engine import Engine
from tui.model.clock import SystemClock
from tui.net.tokens import MemoryTokens
from tui.profiles.paths import profiles_path
from tui.profiles.shelf import MemoryStore
from tui.profiles.store import load
from tui.providers import registry
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

SEED, SESSIONS = 7, 30
DEMO = (sys.executable, "-m", "tui", "demo", "--seed", str(SEED), "--sessions", str(SESSIONS))
# What somebody does: reads, opens, looks at the accounts and at the log; without what shows a secret when asked to.
KEYS = {
    "reading": (" ", "\r", "t", "\x1b", "\x1b", "5", "j", "\r", "\x1b"),
    "the accounts": ("P", "c", "j", "c", "\r", "\t", "\x1b", "\x1b"),
    "the log and the help": ("L", "j", "\r", "\x1b", "\x1b", "?", "\x1b"),
}


def secrets(play: dict[str, str]) -> Detector:
    """The keys that such a demo gives out, and the secrets in its rows: by its seed they are the same each time."""
    with Simulator(seed=SEED, sessions=SESSIONS, rate=0.0, vendors=ALL, play=play) as simulator:
        simulator.play("rate-limits", "off")
        found: dict[str, str] = {}
        for profile in profiles(simulator).values():
            found |= secrets_in([profile])
            engine = Engine(
                [profile], connect=unhurried(MemoryTokens()), clock=SystemClock(), poll=False
            )
            engine.start()
            try:
                batches = answers(engine, [Query(1, profile.name, full=True)])
                refs = [one.id for batch in batches for one in listed(batch)]
                batches += answers(
                    engine, [Read(10 + n, profile.name, ref) for n, ref in enumerate(refs[:5])]
                )
                found |= secrets_in([batches])
            finally:
                engine.stop(5.0)
    for path in profiles_path().parent.iterdir():  # where they were read from here
        path.unlink()
    return Detector(found)


def shown(terminal: PtyTerminal, what: str) -> Iterator[Channel]:
    """All keys of one kind, with the processes and their environments looked at meanwhile."""
    terminal.wait_for("view: live")
    terminal.wait_until(
        lambda: len(set(re.findall(r"[●✗] ([\w-]+)", terminal.lines()[1]))) >= len(registry.SPECS),
        "every vendor's answer",
    )
    yield from processes(terminal.pid)
    for key in KEYS[what]:
        terminal.send(key)
        terminal.quiet_for(0.3)
        yield "screen", terminal.text()
    yield from processes(terminal.pid)


@pytest.mark.long
@pytest.mark.parametrize("what", KEYS)
@pytest.mark.parametrize("play", [{}, {"goto-profiles": "sign-in"}], ids=["keys", "sign-in"])
def test_the_demo_shows_none_of_its_keys(tmp_path: Path, what: str, play: dict[str, str]) -> None:
    """In no byte, no file of it anywhere, no process."""
    detector = secrets(play)
    work, scratch = tmp_path / "work", tmp_path / "scratch"
    for folder in (work, scratch):
        folder.mkdir(mode=0o700)
    more = [part for name, value in play.items() for part in ("--play", f"{name}={value}")]
    argv = (*DEMO, "--rate", "0", *more)
    environ = {"TMPDIR": str(scratch), "TEXTUAL_DEBUG": "1", "TEXTUAL_LOG": str(scratch / "log")}
    with PtyTerminal(argv, columns=140, rows=40, cwd=work, environ=environ) as terminal:
        channels = list(shown(terminal, what))
        terminal.send("qqq")
        assert terminal.wait_exit() == 0
    channels += written(terminal, tmp_path)
    found, looked = leaks(detector, channels)
    assert looked > 10
    assert found == []
    assert [*work.iterdir(), *scratch.iterdir()] == []
    assert [one for folder in folders() for one in folder.iterdir()] == []


def test_the_store_of_the_demo_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in no file, and what holds it shows no key."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = {*tmp_path.rglob("*")}
    with Simulator(seed=SEED, sessions=5, rate=0.0, vendors=ALL) as simulator:
        tables, tokens = simulator.profiles(), MemoryTokens()
    store = MemoryStore(tables, tokens)
    loaded = load(store, registry.SPECS, {})
    detector = Detector(secrets_in([loaded]))
    found, looked = leaks(detector, objects([loaded, store, tokens]))
    assert looked > 5
    assert found == []
    assert {*tmp_path.rglob("*")} == before


@pytest.mark.long
def test_a_demo_that_is_killed_leaves_no_key(tmp_path: Path) -> None:
    """At any moment of its start: what lies in the temporary folder then is what a kill leaves."""
    detector = secrets({})
    scratch = tmp_path / "scratch"
    scratch.mkdir(mode=0o700)
    for _ in range(10):
        with PtyTerminal((*DEMO, "--rate", "0"), environ={"TMPDIR": str(scratch)}) as terminal:
            terminal.wait_for("view: live")
            terminal.signal(9)
            terminal.wait_exit()
        left = [path for path in scratch.rglob("*") if path.is_file()]
        found, _ = leaks(
            detector, ((path.name, path.read_bytes().decode("latin-1")) for path in left)
        )
        assert found == []
    assert os.listdir(scratch) == []
