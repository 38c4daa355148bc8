"""Once more, after an unknown outcome: a create's form is filled in again, an action's question is asked again.

Nothing is sent from here: whoever is asked there may still say no.
"""

from __future__ import annotations

from tui.model.form import Given
from tui.model.intent import CREATE, Intent
from tui.model.secret import Secret
from tui.model.session import Key
from tui.model.text import Clean, line
from tui.providers.forms import examine
from tui.screens.acting import take
from tui.screens.base import DeskScreen
from tui.screens.create import CreateScreen
from tui.screens.creations import form_of, why_no_create
from tui.screens.desk import Desk
from tui.screens.plans import GONE, Choice, choices
from tui.widgets.form_state import FormState, Start


def why_not_again(desk: Desk, intent: Intent) -> str | None:
    """Why it cannot be sent again now; None when it can."""
    if not intent.state.open:
        return "its outcome is known: there is nothing to send again"
    return _why_no_create(desk, intent) if intent.what == CREATE else _why_no_action(desk, intent)


def again(screen: DeskScreen, intent: Intent) -> None:
    """What comes after the yes to sending it again. Things may have changed since it was asked."""
    desk = screen.desk
    intent = desk.intents.get(intent.id) or intent
    reason = why_not_again(desk, intent)
    if reason is not None:
        screen.tell(reason, bad=True)
    elif intent.what == CREATE:
        _open_form(screen, intent)
    else:
        choice = _choice(desk, intent)
        assert choice is not None  # else there was a reason
        take(screen, choice)


# --- a create ----------------------------------------------------------------------------------------------


def _why_no_create(desk: Desk, intent: Intent) -> str | None:
    profile = desk.profile(intent.profile)
    if profile is None:
        return f"profile {intent.profile} is not started"
    reason = why_no_create(profile, desk.specs.get(profile.provider), read_only=desk.read_only)
    if reason is not None:
        return f"{profile.name} cannot create a session: {reason}"
    creations = desk.creations
    if creations.sending(profile.name) is not None:
        return f"another create is on its way to {profile.name}"
    draft, flight = creations.drafts.get(profile.name), creations.of_intent(intent.id)
    typed = None if flight is None else flight.given
    if draft is not None and draft.touched and draft.given() != typed:
        return f"the form of {profile.name} holds another draft: n opens it, ^r there clears it"
    return None


def _open_form(screen: DeskScreen, intent: Intent) -> None:
    desk = screen.desk
    profile = desk.profile(intent.profile)
    assert profile is not None  # else there was a reason
    flight = desk.creations.of_intent(intent.id)
    given = None if flight is None else flight.given
    if given is not None:
        form = form_of(profile, desk.specs)
        state = FormState(
            form.fields,
            lambda now: dict(examine(form, now, now=desk.clock.now()).faults),
            _start(given),
        )
        state.touched = True
        state.leave()
        desk.creations.drafts[profile.name] = state
    screen.app.push_screen(CreateScreen(desk, profile, _note(desk, intent, given)))


def _start(given: Given) -> Start:
    """Everything but secrets: they are typed anew."""
    return {name: value for name, value in given.items() if not isinstance(value, Secret)}


def _note(desk: Desk, intent: Intent, given: Given | None) -> Clean:
    at = f"{desk.local(intent.at):%H:%M:%S}"
    doubt = f"The try of {at} may have created a session: Enter on the button may make a second."
    lost = "" if given is not None else " What was typed then is kept nowhere: fill it in again."
    return line(f"{doubt}{lost}", 400)


# --- an action ---------------------------------------------------------------------------------------------


def _choice(desk: Desk, intent: Intent) -> Choice | None:
    """The action on its session, as the menu of actions has it."""
    session = None
    if intent.ref is not None:
        session = desk.board.sessions.get(Key(intent.profile, intent.ref))
    found = [] if session is None else choices(desk, [session])
    return next((choice for choice in found if choice.action.id == intent.what), None)


def _why_no_action(desk: Desk, intent: Intent) -> str | None:
    choice = _choice(desk, intent)
    return GONE if choice is None else choice.why_not
