"""An engine that creates sessions at a simulated vendor while answers get lost at random, and the count of what came
of it: what the vendor made, what the engine told, what was found again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command_line import stored
from tui.live import ledger
from tui.live.commands import Create, Refresh, Settle
from tui.live.engine import Engine
from tui.live.messages import Made
from tui.live.reconcile import ENOUGH, Reconciler
from tui.model.clock import Clock, SystemClock
from tui.model.form import Values
from tui.model.intent import Intent, IntentState
from tui.model.problem import Problem, UnknownOutcome, UsageProblem
from tui.model.profile import Profile
from tui.model.session import Key
from tui.model.text import Opaque
from tui.net.exchange import Report
from tui.profiles.store import load
from tui.providers import registry
from tui.providers.base import Provider
from tui.simulator.kinds import Kind
from tui.simulator.server import Simulator

KINDS = {
    "twilio-proxy": Kind.MESSAGING,
    "goto-remote-support": Kind.SCREEN_SHARING,
    "trinsic-connect": Kind.IDENTITY,
    "goto-seeit": Kind.CAMERA,
    "take-control": Kind.REMOTE_CONTROL,
}
REFERENCED = ("twilio-proxy", "goto-remote-support")
# What a loss does: the vendor has done it by then, or has not.
UNDONE = ("refuse", "status-500", "html-502", "garbage", "captive")
DONE = ("lost", "lost-reset", "lost-500", "lost-stall", "reset", "short-body", "cut-json")
CLOSED, TERMINATED, KILLED = "screen closed", "SIGTERM", "kill -9"
_PATIENCE = 30.0


class Ahead(SystemClock):
    """The machine's clocks, which the test can put forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def pass_by(self, seconds: float) -> None:
        self._ahead += seconds

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead


@dataclass(slots=True)
class Tally:
    """What came of all creates at one provider. Of the `lost` ones `done` were carried out all the same.

    `killed` counts commands: they go by the machine's clock, which is behind this desk's, so for vendors without
    a reference their sessions are not in the window.
    """

    creates: int = 0
    commands: int = 0
    made: int = 0
    duplicates: int = 0
    lost: int = 0
    done: int = 0
    killed: int = 0
    untold: int = 0
    reconciled: int = 0
    offered: int = 0
    wrong: int = 0

    def row(self, name: str) -> str:
        """A line of the table; see `HEAD`."""
        share = 100 * self.reconciled / self.lost if self.lost else 100.0
        return (
            f"{name:24} {self.creates:7} {self.commands:8} {self.made:6} {self.duplicates:10}"
            f" {self.lost:8} {self.done:6} {self.untold:6} {share:10.1f}% {self.offered:8} {self.wrong:6}"
        )


HEAD = (
    f"{'provider':24} {'creates':>7} {'commands':>8} {'made':>6} {'duplicates':>10}"
    f" {'unknown':>8} {'done':>6} {'untold':>6} {'reconciled':>11} {'offered':>8} {'wrong':>6}"
)


@dataclass(frozen=True, slots=True)
class Loss:
    """A create whose answer was lost: what the vendor made of it, by its id there, if anything."""

    intent: str
    made: Opaque | None


class LossyDesk:
    """One provider's profile, its engine, and the simulator behind it."""

    def __init__(
        self, provider: str, folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.provider = provider
        self.clock = Ahead()
        self.simulator = Simulator(seed=seed, sessions=5, vendors=(provider,), clock=self.clock.now)
        self.simulator.start()
        self.simulator.play("rate-limits", "off")
        self.tally = Tally()
        self._rng = random.Random(seed)
        self._kind = KINDS[provider]
        self._state = folder / "state"
        self._tickets = count(1)
        self._polls = 0
        self._watch_polls(monkeypatch)
        tables: Any = self.simulator.profiles()
        path = stored(tables)
        (profile,) = load(path, registry.SPECS, {}).profiles
        # It polls when the test says so.
        self.profile: Profile = replace(profile, refresh_seconds=3600.0)
        self.intents: dict[str, Intent] = {}
        self.told: dict[
            str, Intent
        ] = {}  # also what was settled before the engine was started again
        self.answers: dict[int, Problem | None] = {}
        self._start()

    def _watch_polls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        swept = Reconciler.swept

        def counted(reconciler: Reconciler) -> None:
            swept(reconciler)
            self._polls += 1

        monkeypatch.setattr(Reconciler, "swept", counted)

    def _start(self) -> None:
        self.engine = Engine(
            [self.profile], connect=_unhurried, clock=self.clock, state=self._state
        )
        self.engine.start()
        self.poll(1)

    def close(self) -> None:
        self.engine.stop(5.0)
        self.simulator.stop()

    # --- the mailbox ------------------------------------------------------------------------------------

    def until(self, holds: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not holds():
            assert time.monotonic() < deadline, f"{self.provider}: waited for {what}"
            self.engine.mailbox.wait(0.01)
            self._read()

    def _read(self) -> None:
        batch = self.engine.mailbox.drain()
        if batch.intents is not None:
            self.intents = {intent.id: intent for intent in batch.intents}
            self.told |= self.intents
        for answer in batch.answers:
            if isinstance(answer, Made):
                self.answers[answer.ticket] = answer.problem

    def poll(self, times: int) -> None:
        """So many polls, one after the other."""
        for _ in range(times):
            self.clock.pass_by(1.5)
            wanted = self._polls + 1
            self.engine.send(Refresh())
            self.until(lambda wanted=wanted: self._polls >= wanted, "a poll")  # type: ignore[misc]
        self._read()

    # --- creating ---------------------------------------------------------------------------------------

    def ids(self) -> set[Opaque]:
        """What the vendor holds of this kind."""
        with self.simulator.desk.lock:
            found = self.simulator.desk.sessions(self._kind)
            return {Opaque(self.simulator.desk.public_id(session)) for session in found}

    def round(self, creates: int, *, stops: int = 0, kills: int = 0) -> None:
        """Creates with losses, then two polls after the last moment, then the reckoning."""
        self.clock.pass_by(
            300.0
        )  # so that no round's sessions fall into the window of the one before
        losses = [self._create() for _ in range(creates)]
        losses += [self._cut_short() for _ in range(stops)]
        losses += [self._killed(signal.SIGKILL) for _ in range(kills)]
        losses += [self._killed(signal.SIGTERM) for _ in range(kills)]
        self.clock.pass_by(ledger.LAST_MOMENT.total_seconds() + 1)
        self.poll(ENOUGH)
        for loss in losses:
            if loss is not None:
                self._reckon(loss)
        for id in list(self.intents):
            self.engine.send(Settle(id, None))
        self.until(lambda: not self.intents, "an empty list")

    def _create(self) -> Loss | None:
        """One create, or five Enters; the answer may be lost before or after the vendor did it."""
        kind = self._rng.choice(("none",) * 10 + UNDONE + DONE)
        enters = 5 if self._rng.random() < 0.2 else 1
        before = self.ids()
        self.clock.pass_by(ledger.BOUNCE)  # the next person, not the same key
        self._play(kind)
        number, values = self.tally.creates, self._values()
        tickets = [next(self._tickets) for _ in range(enters)]
        for ticket in tickets:
            self.engine.send(Create(ticket, self.profile.name, values))
        self.until(lambda: all(ticket in self.answers for ticket in tickets), f"create {number}")
        self._play("none")
        problems = [self.answers.pop(ticket) for ticket in tickets]
        told = [one for one in problems if not isinstance(one, UsageProblem)]
        assert len(told) == 1, problems
        made = self.ids() - before
        self._count(made, enters, expected=kind not in UNDONE)
        if kind == "none":
            assert told == [None]
            return None
        return self._lost(told[0], made)

    def _lost(self, problem: Problem | None, made: set[Opaque]) -> Loss | None:
        self.tally.lost += 1
        self.tally.done += bool(made)
        if not isinstance(problem, UnknownOutcome) or problem.intent is None:
            self.tally.untold += 1
            return None
        return Loss(problem.intent.id, next(iter(made), None))

    def _cut_short(self) -> Loss | None:
        """The screen is closed while a create is on its way; the program is started again."""
        before, known = self.ids(), set(self.intents)
        self.clock.pass_by(ledger.BOUNCE)
        self._play("lost-stall")
        self.engine.send(Create(next(self._tickets), self.profile.name, self._values()))
        self.until(lambda: self.ids() > before, "the vendor's work")
        self.engine.stop(0.3)
        self._play("none")
        self._start()
        return self._left_behind(before, known)

    def _killed(self, number: signal.Signals) -> Loss | None:
        """The command is killed while its create is on its way."""
        before, known = self.ids(), set(self.intents)
        self._play("lost-stall")
        with subprocess.Popen(
            [sys.executable, "-m", "tui", "create", self.profile.name, "--input", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"SESSIONTOP_STATE_DIR": str(self._state)},
        ) as process:
            assert process.stdin is not None
            process.stdin.write(json.dumps(self._values()).encode())
            process.stdin.close()
            self.until(lambda: self.ids() > before, "the vendor's work")
            process.send_signal(number)
            self.tally.killed += 1
            process.wait()
        self._play("none")
        self.poll(1)
        return self._left_behind(before, known)

    def _left_behind(self, before: set[Opaque], known: set[str]) -> Loss | None:
        """What a program that ended has left on the disk."""
        made = self.ids() - before
        self._count(made, 1, expected=True)
        self.tally.lost += 1
        self.tally.done += bool(made)
        self._read()
        told = [
            intent.id
            for intent in self.intents.values()
            if intent.id not in known and intent.state is not IntentState.SENDING
        ]
        if len(told) != 1:
            self.tally.untold += 1
            return None
        return Loss(told[0], next(iter(made), None))

    def _values(self) -> Values:
        form = registry.find(self.provider).create
        assert form is not None
        if form.field("customer_name") is None:
            return {}
        return {"customer_name": f"Customer {self.tally.creates}"}

    def _play(self, kind: str) -> None:
        self.simulator.play("fault", f"{self.provider}:{kind}")

    def _count(self, made: set[Opaque], commands: int, *, expected: bool) -> None:
        self.tally.creates += 1
        self.tally.commands += commands
        self.tally.made += len(made)
        self.tally.duplicates += max(0, len(made) - expected)

    # --- the reckoning ----------------------------------------------------------------------------------

    def _reckon(self, loss: Loss) -> None:
        tally, intent = self.tally, self.told.get(loss.intent)
        if intent is None:
            tally.untold += 1
            return
        right = None if loss.made is None else Key(self.profile.name, loss.made)
        if intent.found is not None and intent.found != right:
            tally.wrong += 1
        elif intent.state is IntentState.DONE:
            tally.wrong += right is None
            tally.reconciled += right is not None
        elif right is None and intent.looked >= ENOUGH:
            tally.reconciled += 1
        elif right is not None and right in intent.candidates:
            tally.offered += 1


def _unhurried(profile: Profile, clock: Clock, report: Report) -> Provider:
    """The real provider; the figures are not about the budget."""
    made = registry.connect(profile, clock, report)
    made.spec = replace(made.spec, requests_per_second=10_000.0)
    return made
