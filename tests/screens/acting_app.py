"""A desk with sessions that can be acted on: what the tests of marks, the menu, the question and outcomes share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from textual.pilot import Pilot
from textual.screen import Screen

from tests.screens.desk_app import NOW, PROFILES, DeskApp, at, board
from tui.live.commands import Act
from tui.live.log import Wrote, outcome_of
from tui.live.messages import Acted, HealthState
from tui.model.problem import Problem
from tui.model.profile import Profile
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import NO_TEXT, Opaque, line
from tui.screens.queue import QueueScreen
from tui.terminal.hooks import rendered_text
from tui.widgets.status_line import StatusLine

ALL_PROFILES = (
    *PROFILES,
    Profile("identity", "trinsic-connect", "http://127.0.0.1:1/trinsic"),
    Profile("seeit", "goto-seeit", "http://127.0.0.1:1/seeit"),
    Profile("control", "take-control", "http://127.0.0.1:1/control"),
)
CHIDI = Key("proxy-eu", Opaque("KC" + "a" * 32))
LENA = Key("proxy-eu", Opaque("KC" + "b" * 32))
FAILED = Key("proxy-eu", Opaque("KC" + "c" * 32))
ANA = Key("goto-desk", Opaque("SS-1"))
CHECKS = tuple(Key("identity", Opaque(f"check-{number}")) for number in range(3))


def sessions() -> list[Session]:
    """The usual morning, with ends at the proxy, and three identity checks."""
    ends = NOW + timedelta(minutes=35, seconds=7)
    known = [
        msgspec.structs.replace(session, expires_at=ends)
        if session.key in (CHIDI, LENA)
        else session
        for session in board()
    ]
    checks = [
        Session(
            profile="identity",
            provider="trinsic-connect",
            id=key.id,
            status=Status.WAITING,
            provider_status=line("IdvInitiated"),
            created_at=at(20 + number),
        )
        for number, key in enumerate(CHECKS)
    ]
    return [*known, *checks]


class ActingApp(DeskApp):
    """`sent` are the actions that reached the engine."""

    def __init__(self, profiles: Sequence[Profile] = ALL_PROFILES, **options: object) -> None:
        super().__init__(profiles, **options)  # type: ignore[arg-type]

    @property
    def sent(self) -> list[Act]:
        return [command for command in self.recorder.sent if isinstance(command, Act)]

    def finish(self, act: Act, problem: Problem | None = None, *, already: bool = False) -> None:
        """The engine's answer to an action, and its line in the log."""
        key = Key(act.profile, act.ref)
        session = self.desk.board.sessions.get(key)
        gone = act.action == "delete" and problem is None
        after = None
        if session is not None and problem is None and not gone:
            after = msgspec.structs.replace(session, status=Status.ENDED, ended_at=NOW)
            self.sessions([after])
        if gone:
            self.mailbox.tell_gone([key])
        words = problem.message if problem else line("it is ended now") if after else NO_TEXT
        outcome = outcome_of(problem, already=already)
        self.mailbox.tell_wrote(Wrote(NOW, act.profile, act.action, line(act.ref), outcome, words))
        self.answer(Acted(act.ticket, after, problem, already, gone))


async def settle(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


async def news(pilot: Pilot[None]) -> None:
    """What was told meanwhile is on the screen."""
    await pilot.pause(0.15)
    await settle(pilot)


async def ready(pilot: Pilot[None], app: ActingApp) -> QueueScreen:
    for profile in app.desk.profiles:
        app.health(profile.name, HealthState.OK)
    app.sessions(sessions())
    await news(pilot)
    assert isinstance(app.screen, QueueScreen)
    return app.screen


async def keys(pilot: Pilot[None], *typed: str) -> None:
    """Presses each after the one before has had its effect."""
    for key in typed:
        await pilot.press(key)
        await settle(pilot)


async def slowly(pilot: Pilot[None], *typed: str) -> None:
    """As a person presses keys who reads what is asked: the clock goes on between them."""
    for key in typed:
        assert isinstance(pilot.app, DeskApp)
        pilot.app.clock.forward(0.5)
        await keys(pilot, key)


async def only(pilot: Pilot[None], words: str) -> None:
    """Filters the queue down to what these words find."""
    await keys(pilot, "slash", *words, "enter")


def on_top(app: DeskApp) -> type[Screen[object]]:
    return type(app.screen)


def shown(app: DeskApp) -> str:
    return "\n".join(rendered_text(app))


def said(app: DeskApp) -> str:
    """What the status line of the screen on top says."""
    return app.screen.query_one(StatusLine).plain
