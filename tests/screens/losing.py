"""What the tests of writes without an answer share: intents as the engine would tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.screens.creating import creates
from tests.screens.desk_app import NOW, DeskApp
from tui.live.commands import Create, Settle
from tui.live.messages import Made
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.problem import UnknownOutcome
from tui.model.session import Key
from tui.model.text import Opaque, line

LOST = UnknownOutcome(
    "the session may have been created, but no clear answer came: look at the list before trying"
    " again (api.getgo.com did not answer in time; whether it was carried out is not known)"
)


def intent(
    id: str = "one", profile: str = "goto-desk", what: str = CREATE, **more: object
) -> Intent:
    """A write that was sent a minute ago and never answered."""
    provider = {"proxy-eu": "twilio-proxy", "seeit": "goto-seeit"}.get(
        profile, "goto-remote-support"
    )
    fresh = Intent(
        id,
        profile,
        provider,
        what,
        NOW - timedelta(minutes=1),
        IntentState.UNKNOWN,
        reason=LOST.message,
    )
    return replace(fresh, **more)  # type: ignore[arg-type]


def kept(app: DeskApp, *intents: Intent) -> None:
    """What the engine says is kept now."""
    app.mailbox.tell_intents(intents)


def lose(app: DeskApp, one: Intent) -> None:
    """The last create is answered by nobody; its intent is kept."""
    asked: Create = creates(app)[-1]
    problem = UnknownOutcome(LOST.message, one)
    app.answer(Made(asked.ticket, None, None, problem))
    kept(app, one)


def found(one: Intent, key: Key) -> Intent:
    """The same, found."""
    reason = line("it was made, and is on the board")
    return replace(one, state=IntentState.DONE, found=key, reason=reason, candidates=())


def settles(app: DeskApp) -> list[Settle]:
    return [command for command in app.recorder.sent if isinstance(command, Settle)]


def goto(id: str) -> Key:
    return Key("goto-desk", Opaque(id))
