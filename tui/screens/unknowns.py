"""`w`: the writes without an answer. What is known of each, what may be what it made, and what a person decides.

Nothing is sent from here but by the two ways that everything is sent: the create form, and an action's question.
What has been cleared up is shown once: it leaves the list with this screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import Refresh, Settle
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.session import Key
from tui.model.text import line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.screens.detail import DetailScreen
from tui.screens.intent_lines import (
    Place,
    again_lines,
    drop_lines,
    match_lines,
    place_lines,
    places,
)
from tui.screens.intents import counted
from tui.screens.resending import again, why_not_again
from tui.screens.sure import SureScreen
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar


class UnknownsScreen(DeskScreen):
    """The cursor goes through writes and, below each, the sessions that it may have made."""

    NAME = "writes of unknown outcome"
    AUTO_FOCUS = ""  # the list does not scroll by itself: the cursor does
    DEFAULT_CSS = "UnknownsScreen LineList { padding: 1 1; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.UNKNOWNS

    def __init__(self, desk: Desk, intent: str | None = None) -> None:
        """`intent` is the one that the cursor begins on."""
        super().__init__(desk)
        self._places: list[Place] = []
        self._at: tuple[str, Key | None] | None = None if intent is None else (intent, None)
        self._index = 0
        self._seen: dict[str, Intent] = {}

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        told = LineList(id="intents")
        told.can_focus = False
        yield told

    # --- showing ----------------------------------------------------------------------------------------

    def receive(self, news: News) -> None:
        self._show()

    def catch_up(self) -> None:
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def on_unmount(self) -> None:
        self.desk.saw(*self._seen.values())

    def _show(self) -> None:
        told = self.query_one(LineList) if self.is_mounted else None
        if told is None or told.room <= 0:
            return
        desk = self.desk
        self._find_cursor()
        self._seen |= {intent.id: intent for intent in desk.intents.settled}
        self.query_one(TitleBar).show_trail(
            line("writes of unknown outcome"), paused=desk.paused, read_only=desk.read_only
        )
        lines, at = self._lines(told.room)
        told.show(lines)
        self._keep_in_sight(told, at)
        self._show_status()
        self.refresh_bindings()

    def _find_cursor(self) -> None:
        """The cursor stays on what it was on, also where that has moved; else on what is at its place now."""
        self._places = places(self.desk)
        names = [place.name for place in self._places]
        if self._at in names:
            self._index = names.index(self._at)
        self._index = max(0, min(self._index, len(names) - 1))
        self._at = names[self._index] if names else None

    def _lines(self, width: int) -> tuple[list[Line], int]:
        """All of it, and the line that the cursor is on."""
        desk, at = self.desk, 0
        lines: list[Line] = []
        for index, place in enumerate(self._places):
            if place.candidate is None and lines:
                lines.append(())
            if index == self._index:
                at = len(lines)
            lines += place_lines(desk, place, width, here=index == self._index)
        if not self._places:
            lines += wrapped([], Part(line("Every write has a known outcome."), "good"), width)
        for trouble in desk.intents.troubles:
            lines += [(), *wrapped([], Part(trouble, "warning"), width)]
        return lines, at

    def _keep_in_sight(self, told: LineList, at: int) -> None:
        top, height = told.scroll_offset.y, told.scrollable_content_region.height
        if not top <= at < top + height - 2:
            told.scroll_to(y=max(0, at - height + 4), animate=False)

    def _show_status(self) -> None:
        unknown = len(self.desk.intents.unknown)
        left = [Part(line(f"{counted(unknown)} of unknown outcome"), "warning" if unknown else "")]
        note = "paused: r looks once" if self.desk.paused else "nothing is sent again by itself"
        self.query_one(StatusLine).rest(left, [Part(line(note), "muted")])

    # --- keys -------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """What the cursor is on."""
        return self._places[self._index] if self._places else None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        place = self.place
        if action not in ("open", "match", "again", "drop"):
            return None
        if place is None:
            return "there is no write here"
        if action == "open":
            return None if self._to_open(place) else "no session of it is known yet"
        if place.intent.state is IntentState.SENDING:
            return "it is on its way: its outcome comes by itself"
        if action == "match":
            return self._why_no_match(place)
        return why_not_again(self.desk, place.intent) if action == "again" else None

    def _why_no_match(self, place: Place) -> str | None:
        if not place.intent.state.open:
            return "its outcome is known"
        if place.candidate is None:
            if place.intent.what != CREATE:
                return "an action made no session: look at the one that it was done to"
            some = "move to one of the sessions below it first"
            return some if place.intent.candidates else "no session is known that it may have made"
        known = place.candidate in self.desk.board.sessions
        return None if known else "it is no longer in the vendor's list"

    def _to_open(self, place: Place) -> Key | None:
        intent = place.intent
        acted = None if intent.ref is None else Key(intent.profile, intent.ref)
        return place.candidate or intent.found or acted

    def action_pick(self, by: int) -> None:
        if self._places:
            self._index = (self._index + by) % len(self._places)
            self._at = self._places[self._index].name
            self.query_one(StatusLine).clear_message()
            self._show()

    def action_open(self) -> None:
        key = self._to_open(self.place) if self.place is not None else None
        if key is not None:
            self.app.push_screen(DetailScreen(self.desk, key))

    def action_refresh_now(self) -> None:
        profile = self.place.intent.profile if self.place is not None else None
        self.desk.engine.send(Refresh(profile))
        self.tell(f"asking {profile or 'every profile'} now")

    def action_match(self) -> None:
        place, desk = self.place, self.desk
        if place is None or place.candidate is None:
            return
        intent, key = place.intent, place.candidate
        session = desk.board.sessions[key]
        self._ask(
            "Is this the session that it made?",
            lambda width: match_lines(desk, intent, session, width),
            "this is it",
            lambda: self._settle(intent, key, "noted"),
            otherwise="nothing was decided",
        )

    def action_drop(self) -> None:
        place, desk = self.place, self.desk
        if place is None:
            return
        intent = place.intent
        self._ask(
            "Take it out of the list?",
            lambda width: drop_lines(desk, intent, width),
            "take it out",
            lambda: self._settle(intent, None, "it leaves the list; nothing was sent"),
            otherwise="it stays in the list",
        )

    def action_again(self) -> None:
        place, desk = self.place, self.desk
        if place is None:
            return
        intent = place.intent
        self._ask(
            "Send it again?",
            lambda width: again_lines(desk, desk.intents.get(intent.id) or intent, width),
            "go on",
            lambda: again(self, intent),
            otherwise="nothing was sent",
        )

    def _ask(
        self,
        title: str,
        lines: Callable[[int], list[Line]],
        yes: str,
        do: Callable[[], None],
        *,
        otherwise: str,
    ) -> None:
        """Asks first; `otherwise` is told when the answer is no."""

        def answered(sure: bool | None) -> None:
            if sure:
                do()
            else:
                self.tell(otherwise)

        self.app.push_screen(SureScreen(self.desk, line(title), lines, yes), answered)

    def _settle(self, intent: Intent, key: Key | None, said: str) -> None:
        self.desk.engine.send(Settle(intent.id, key))
        self.tell(said)
