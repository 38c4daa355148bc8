"""What the tests of new sessions share: a profile at each vendor, and the answers that an engine would give."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from textual.pilot import Pilot

from tests.screens.desk_app import NOW, DeskApp, board, session
from tui.live.commands import Create
from tui.live.messages import Grown, Made
from tui.model.problem import Problem
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque, line
from tui.providers.base import Created, Told

URL = "http://127.0.0.1:1/"
TWILIO = Profile("proxy-eu", "twilio-proxy", URL, settings={"service_sid": "KS1"})
GOTO = Profile("goto-desk", "goto-remote-support", URL)
SEEIT = Profile("seeit", "goto-seeit", URL)
IDENTITY = Profile("identity", "trinsic-connect", URL)
CONTROL = Profile("control", "take-control", URL, secrets={"public_key": Secret("canary")})
EVERYBODY = (TWILIO, GOTO, SEEIT, IDENTITY, CONTROL)

LAUNCH = Opaque(
    "https://secure.launch.example/remote-support/start?token=8d1f0c2ab34d4be09a3c7a52c8f3d111"
)
VERIFY = Opaque("https://connect.example/verify/0f6a8cfe9f1b4a77a1f56a7e7b1b5f11")


def told(label: str, text: Clean | Opaque | Secret, copies: bool = True) -> Told:
    return Told(line(label), text, copies=copies)


def masked() -> Session:
    """The row of a new session at Twilio."""
    row = session("KC" + "d" * 32, Status.WAITING, minutes=0, profile="proxy-eu")
    return msgspec.structs.replace(row, expires_at=NOW + timedelta(minutes=90))


def joinable() -> Session:
    """The row of a new session at Remote Support, with its join link."""
    return session("SS-99", Status.WAITING, minutes=0, customer="Ana Lindqvist")


# What the providers tell, as their own tests hold it.
TOLD = {
    "proxy-eu": (
        told("Ana calls", Opaque("+14155550123")),
        told("Courier 12 calls", Opaque("+4915155501")),
        told("session", Opaque("KC" + "d" * 32)),
        told("unique name", Opaque("st-7f3a9c")),
    ),
    "goto-desk": (
        told("technician's launch link", LAUNCH),
        told("customer's join link", line("comes once the launch link was opened"), False),
    ),
    "seeit": (
        told("support key, for the customer's app", Opaque("482-913-056")),
        told("start URL, for the technician's browser", Opaque("https://seeit.example/s/0f6a8c")),
    ),
    "identity": (
        told("verify link", VERIFY),
        told("session", Opaque("0f6a8cfe-9f1b-4a77-a1f5-6a7e7b1b5f11")),
        told("expires", line("the vendor does not say when"), False),
    ),
    "control": (
        told(
            "session",
            line("created; the vendor tells neither an id nor a link: look for it in the list"),
            False,
        ),
        told("requests waiting", line("3"), False),
        told("estimated wait", line("about 4 min (the vendor's estimate)"), False),
    ),
}


def creates(app: DeskApp) -> list[Create]:
    """The creates that the engine was sent."""
    return [command for command in app.recorder.sent if isinstance(command, Create)]


async def settle(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


async def heard(pilot: Pilot[None]) -> None:
    """The mailbox has been emptied, whatever the last emptying was."""
    await pilot.pause(0.15)
    await settle(pilot)


async def ready(pilot: Pilot[None], app: DeskApp) -> None:
    app.healthy()
    app.sessions(board())
    await heard(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Keys as a person types them: with time between."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    for key in keys:
        app.clock.forward(1)
        await pilot.press(key)
    app.clock.forward(1)
    await settle(pilot)


def make(app: DeskApp, row: Session | None = None, problem: Problem | None = None) -> None:
    """The engine's answer to the last create."""
    asked = creates(app)[-1]
    # Take Control alone says nothing of which session it is.
    ref = None if asked.profile == CONTROL.name else Opaque("the-new-one")
    created = None if problem is not None else Created(TOLD[asked.profile], ref=ref)
    if row is not None:
        app.sessions([row])
    app.answer(Made(asked.ticket, created, row, problem))


def grow(app: DeskApp, row: Session, ticket: int | None = None) -> None:
    """The row that comes after the answer."""
    app.sessions([row])
    app.answer(Grown(ticket or creates(app)[-1].ticket, row))
