"""The program over a made-up board, run in a terminal, for counting bytes: what happens is said by signals.

`python -m tests.wire_app [--rows N] [--low-bandwidth] [--plain-output] [--change-every SECONDS] [--percent P]`

Nothing happens by itself, and the clock stands still: SIGUSR1 changes one cell in sight, SIGUSR2 tells the same
sessions again. With `--change-every` so many percent of the rows in sight get another state each time.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui.terminal.environment import scrub_environment

if TYPE_CHECKING:
    from tui.live.commands import Command
    from tui.live.mailbox import Mailbox
    from tui.model.session import Session
    from tui.model.text import Clean
    from tui.terminal.output import Output

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
NAMES = (
    "Ana Lindqvist",
    "José Álvarez",
    "渡辺 恵子",
    "Priya Raman",
    "Ola Nordmann",
    "Fritz Müller",
    "Chidi Okafor",
    "Lena Fischer",
    "Zoë Brontë",
    "Grace Kim",
)
SUBJECTS = (
    "Printer on floor 3 shows an error",
    "VPN drops every hour",
    "Laptop will not wake",
    "Invoice 4711",
    "Cannot sign in after the holidays",
    "Screen flickers when docked",
    "Mailbox is full",
)
AGENTS = ("Mia Novak", "Tom Baker", "-", "Sam Field")


@dataclass
class StandingClock:
    """Shows one moment for ever."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class NoEngine:
    """Stands where the engine stands and does nothing."""

    mailbox: Mailbox
    sent: list[Command] = field(default_factory=list)

    def send(self, command: Command) -> None:
        """Nobody listens."""


def break_output(output: Output, frames: int) -> None:
    """A fault in the nth frame of an output layer."""
    left = itertools.count(frames - 1, -1)
    whole = output.frame

    def frame(**options: Any) -> str:
        if not next(left):
            raise IndexError("made up")
        return whole(**options)

    output.frame = frame  # type: ignore[method-assign]


def made_up(count: int) -> list[Session]:
    """So many sessions, always the same."""
    from tui.model.session import Session
    from tui.model.status import Status
    from tui.model.text import Opaque, line

    states = (Status.WAITING, Status.ACTIVE, Status.ACTIVE, Status.NOT_STARTED)
    return [
        Session(
            profile="goto-desk",
            provider="goto-remote-support",
            id=Opaque(f"S{number:06}"),
            status=states[number * 7 % 4],
            provider_status=line("x"),
            kind=line("screen-sharing"),
            customer=line(f"{NAMES[number * 3 % 10]} {number:05}"),
            subject=line(SUBJECTS[number * 5 % 7]),
            agent=line(AGENTS[number % 4]),
            created_at=NOW - timedelta(minutes=2 + number),  # full minutes: the next step is far
        )
        for number in range(count)
    ]


def main() -> None:
    """Runs until `q`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--low-bandwidth", action="store_true")
    parser.add_argument("--plain-output", action="store_true")
    parser.add_argument("--change-every", type=float, default=0.0)
    parser.add_argument(
        "--move", action="store_true", help="their state changes, so that rows move"
    )
    parser.add_argument("--percent", type=float, default=5.0)
    parser.add_argument("--break-after", type=int, default=0, help="a fault in that frame")
    args = parser.parse_args()
    scrub_environment(os.environ)
    from tui.terminal.guard import Guard

    with Guard() as guard:
        app = build(args, guard)
        app.run(mouse=not args.low_bandwidth)
    sys.exit(guard.exit_code(app.return_code))


def build(args: argparse.Namespace, guard):  # type: ignore[no-untyped-def]
    """The real app on that board."""
    from tui.app import SessionTop
    from tui.live.mailbox import Mailbox
    from tui.live.messages import Health, HealthState
    from tui.model.profile import Profile
    from tui.providers import registry
    from tui.screens.desk import Desk

    profile = Profile("goto-desk", "goto-remote-support", "http://127.0.0.1:1/goto")
    rows = made_up(args.rows)

    class WireApp(SessionTop):
        turn = 0

        def on_mount(self) -> None:
            self.mailbox.tell_health(
                Health(profile.name, profile.provider, HealthState.OK, complete=True)
            )
            self.mailbox.tell_sessions(rows)
            loop = asyncio.get_running_loop()
            for number, answer in ((signal.SIGUSR1, self.one_cell), (signal.SIGUSR2, self.again)):
                signal.signal(number, lambda *_, answer=answer: loop.call_soon_threadsafe(answer))
            if args.change_every:
                self.set_interval(args.change_every, self.some_rows)

        def one_cell(self) -> None:
            """The agent of the fourth row in sight gets another first letter."""
            self.alter(3, lambda session, turn: replace(session, agent=_letter(session, turn)))

        def again(self) -> None:
            self.mailbox.tell_sessions(self.desk.board.sessions.values())

        def some_rows(self) -> None:
            table = self.screen.table  # type: ignore[attr-defined]
            how = _another_state if args.move else _taken_over
            count = max(1, round(table.page * args.percent / 100))
            for step in range(count):
                self.alter((self.turn * 7 + step * 11) % max(1, table.page), how)

        def alter(self, row: int, how: Callable[[Session, int], Session]) -> None:
            keys = self.screen.table.visible_keys()  # type: ignore[attr-defined]
            if row >= len(keys):
                return
            self.turn += 1
            key = keys[row]
            session = self.desk.board.sessions[key]
            self.mailbox.tell_sessions([how(session, self.turn)])

    desk = Desk(
        engine=NoEngine(Mailbox()),
        profiles=(profile,),
        specs=registry.SPECS,
        clock=StandingClock(),
        zone=UTC,
        low_bandwidth=args.low_bandwidth,
    )
    app = WireApp(desk, guard=guard, plain_output=args.plain_output)
    if args.break_after and app.output is not None:
        break_output(app.output, args.break_after)
    return app


def _letter(session: Session, turn: int) -> Clean:
    from tui.model.text import line

    return line("ABCDEFGHIJ"[turn % 10] + (session.agent or "?")[1:])


def _taken_over(session: Session, turn: int) -> Session:
    """Another agent, who has put the subject in other words."""
    from tui.model.text import line

    agent, subject = AGENTS[turn % 4], SUBJECTS[(turn * 3 + 1) % 7]
    return replace(session, agent=line(agent), subject=line(subject))


def _another_state(session: Session, turn: int) -> Session:
    from tui.model.status import Status

    states = (Status.WAITING, Status.ACTIVE, Status.NOT_STARTED)
    return replace(session, status=states[(states.index(session.status) + 1 + turn % 2) % 3])


if __name__ == "__main__":
    main()
