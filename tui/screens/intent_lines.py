"""Writes without an answer as lines: the list with what may be what they made, and what is asked about them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tui.model.intent import CREATE, Intent, IntentState
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Key, Session
from tui.model.text import Clean, line, shown
from tui.screens.desk import Desk
from tui.screens.intents import LOOKS, after, state_words, what_words
from tui.widgets.cells import fit
from tui.widgets.line_list import Line, Part, wrapped

_LABEL = 11
_NAME = 20
_INDENT = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor can be: on a write, or on one of the sessions that may be what it made."""

    intent: Intent
    candidate: Key | None = None

    @property
    def name(self) -> tuple[str, Key | None]:
        """What it is known by while its intent changes."""
        return (self.intent.id, self.candidate)


def places(desk: Desk) -> list[Place]:
    """All places, top first."""
    found = []
    for intent in desk.intents.known:
        found.append(Place(intent))
        found += [Place(intent, key) for key in intent.candidates]
    return found


def place_lines(desk: Desk, place: Place, width: int, *, here: bool) -> list[Line]:
    """One place; `here` marks the cursor."""
    mark = (">" if desk.ascii_only else "▸") if here else " "
    if place.candidate is not None:
        return _candidate(desk, place.intent, place.candidate, mark, width, here=here)
    return [*_head(desk, place.intent, mark, width, here=here), *_body(desk, place.intent, width)]


def _head(desk: Desk, intent: Intent, mark: str, width: int, *, here: bool) -> list[Line]:
    before = [
        Part(line(f"{mark} "), "key"),
        Part(line(f"{desk.local(intent.at):%H:%M:%S}  "), "muted"),
        Part(line(f"{intent.what} at {intent.profile}  "), "key" if here else "strong"),
    ]
    return wrapped(before, Part(state_of(desk, intent), LOOKS[intent.state]), width)


def state_of(desk: Desk, intent: Intent) -> Clean:
    """How it stands, in words."""
    profile = desk.profile(intent.profile)
    started = profile is not None and profile.provider == intent.provider
    return state_words(intent, started=started, paused=desk.paused)


def _body(desk: Desk, intent: Intent, width: int) -> Iterator[Line]:
    gap = Part(line(" " * _INDENT))
    for label, text in _facts(desk, intent):
        yield from wrapped([gap, Part(line(f"{label:<{_LABEL}}"), "muted")], Part(text), width)


def _facts(desk: Desk, intent: Intent) -> Iterator[tuple[str, Clean]]:
    if intent.ref is not None:
        session = desk.board.sessions.get(Key(intent.profile, intent.ref))
        name = "" if session is None else f"{desk.session_title(session)}, "
        yield "session", line(f"{name}{shown(intent.ref, 60)}", 200)
    if intent.reference is not None:
        yield "reference", shown(intent.reference)
    if intent.found is not None and intent.found.id != intent.ref:
        yield "it is", line(_named(desk, intent.found), 200)
    if intent.reason and intent.state is not IntentState.SENDING:
        yield "reason", intent.reason


def _named(desk: Desk, key: Key) -> str:
    session = desk.board.sessions.get(key)
    name = "" if session is None else f"{desk.session_title(session)}, "
    return f"{name}{shown(key.id, 60)}"


def candidate_lines(desk: Desk, intent: Intent, key: Key, width: int) -> list[Line]:
    """A session that it may have made, without a cursor."""
    return _candidate(desk, intent, key, " ", width, here=False)


def _candidate(
    desk: Desk, intent: Intent, key: Key, mark: str, width: int, *, here: bool
) -> list[Line]:
    session = desk.board.sessions.get(key)
    before = [Part(line(f"   {mark} "), "key")]
    if session is None:
        text = line(f"{shown(key.id, 60)}: no longer in the vendor's list")
        return wrapped(before, Part(text, "muted"), width)
    glyph = session.status.glyph(ascii_only=desk.ascii_only)
    name = fit(session.customer or line("not named"), _NAME)
    before += [
        Part(line(f"{name}  "), "key" if here else "strong"),
        Part(line(f"{glyph} {session.status.value:<12}  ")),
        Part(line(f"{_created(desk, session)}  "), "muted"),
    ]
    return wrapped(before, Part(after(session, intent), "muted"), width)


def _created(desk: Desk, session: Session) -> str:
    return "--:--:--" if session.began is None else f"{desk.local(session.began):%H:%M:%S}"


# --- what is asked -----------------------------------------------------------------------------------------


def match_lines(desk: Desk, intent: Intent, session: Session, width: int) -> list[Line]:
    """Is this the session that it made?"""
    told = [
        *_row("customer", session.customer or line("not named"), "strong", width),
        *_row("id", shown(session.id), "", width),
        *_row("status", line(session.status.value), "", width),
        *_row("sent", line(f"{desk.local(intent.at):%H:%M:%S}"), "", width),
        *_row("created", line(f"{_created(desk, session)}, {after(session, intent)}"), "", width),
        *_row("profile", line(session.profile), "", width),
    ]
    if session.subject:
        told += _row("subject", session.subject, "", width)
    return [*told, (), *wrapped([], Part(line(_MATCH)), width)]


def drop_lines(desk: Desk, intent: Intent, width: int) -> list[Line]:
    """Is it not wanted in the list any more?"""
    return [*_asked(desk, intent, width), (), *wrapped([], Part(line(_DROP)), width)]


def again_lines(desk: Desk, intent: Intent, width: int) -> list[Line]:
    """Shall it be sent again? What was found goes first."""
    told = [*_asked(desk, intent, width), ()]
    if intent.candidates:
        told += wrapped([], Part(line("These sessions may be what it made:"), "muted"), width)
        for key in intent.candidates:
            told += candidate_lines(desk, intent, key, width)
    elif not intent.looked:
        told += wrapped([], Part(line(_NO_LOOK), "warning"), width)
    doubt = _SECOND if intent.what == CREATE else _TWICE
    return [*told, (), *wrapped([], Part(line(doubt), "warning"), width)]


_MATCH = "Nothing is sent: the write then counts as done, and made this session."
_DROP = (
    "Nothing is sent, and nothing changes at the vendor. If it was done after all, its session is in the list like"
    " any other."
)
_NO_LOOK = "No complete look has ended since it was sent: it may still appear."
_SECOND = (
    "If the first one was carried out after all, a second session comes of this. The form opens first, and sends"
    " nothing before you do."
)
_TWICE = (
    "If the first one was carried out after all, this does it a second time. Its own question comes next, and nothing"
    " is sent before you say yes to that."
)


def _asked(desk: Desk, intent: Intent, width: int) -> list[Line]:
    told = [
        *_row("write", line(f"{what_words(intent)} at {intent.profile}"), "strong", width),
        *_row("sent at", line(f"{desk.local(intent.at):%Y-%m-%d %H:%M:%S}"), "", width),
        *_row("now", state_of(desk, intent), LOOKS[intent.state], width),
    ]
    if intent.reference is not None:
        told += _row("reference", shown(intent.reference), "", width)
    return told


def _row(label: str, text: Clean, look: str, width: int) -> list[Line]:
    return wrapped([Part(line(f"{label:<{_LABEL}}"), "muted")], Part(text, look), width)
