"""`n`: a new session. With which profile, where there is a choice; then the create form of its provider.

What came of a create that was left to itself goes first: `n` shows it.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui.model.profile import Profile
from tui.model.text import line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.create import CreateScreen
from tui.screens.creations import Flight, why_no_create
from tui.screens.desk import Desk, News
from tui.screens.result import ResultScreen
from tui.screens.unknown import UnknownScreen
from tui.widgets.glyphs import glyphs
from tui.widgets.line_list import Line, LineList, Part
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar


def begin(screen: DeskScreen) -> None:
    """What `n` does on `screen`."""
    desk = screen.desk
    if not desk.profiles:
        screen.tell("there is no profile to create a session with", bad=True)
        return
    flight = desk.creations.unseen()
    if flight is not None:
        screen.app.push_screen(screen_of(desk, flight))
        return
    able = [profile for profile in desk.profiles if _reason(desk, profile) is None]
    if len(able) == 1:
        screen.app.push_screen(CreateScreen(desk, able[0]))
    else:
        screen.app.push_screen(ProfileChoiceScreen(desk, screen.beside))


def screen_of(desk: Desk, flight: Flight) -> Screen[None]:
    """The screen for what came of a create."""
    if flight.created:
        return ResultScreen(desk, flight)
    if flight.unknown:
        return UnknownScreen(desk, flight)
    profile = desk.profile(flight.profile)
    return ResultScreen(desk, flight) if profile is None else CreateScreen(desk, profile)


def _reason(desk: Desk, profile: Profile) -> str | None:
    return why_no_create(profile, desk.specs.get(profile.provider), read_only=desk.read_only)


class ProfileChoiceScreen(DeskScreen):
    """The profiles in a list; those that cannot create are greyed and say why."""

    NAME = "new session"
    AUTO_FOCUS = ""  # the list does not scroll by itself: the cursor does
    DEFAULT_CSS = "ProfileChoiceScreen LineList { padding: 1 1; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.PROFILE_CHOICE

    def __init__(self, desk: Desk, beside: str | None) -> None:
        super().__init__(desk)
        self._reasons = {profile.name: _reason(desk, profile) for profile in desk.profiles}
        names = list(self._reasons)
        able = [name for name in names if self._reasons[name] is None]
        wanted = next((name for name in (desk.last_profile, beside) if name in able), None)
        self._index = names.index(wanted or next(iter(able), names[0]))
        self._glyphs = glyphs(ascii_only=desk.ascii_only)

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        choices = LineList(id="choices")
        choices.can_focus = False
        yield choices

    def catch_up(self) -> None:
        """The profiles may be others now: `P` works from here too."""
        desk = self.desk
        self._reasons = {profile.name: _reason(desk, profile) for profile in desk.profiles}
        self._index = min(self._index, max(0, len(self._reasons) - 1))
        if self._reasons:
            self._show()
        else:
            self.call_later(self.action_leave)

    def receive(self, news: News) -> None:
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if not self.is_mounted:
            return
        self.query_one(TitleBar).show_trail(
            line("new session"), paused=self.desk.paused, read_only=self.desk.read_only
        )
        choices = self.query_one(LineList)
        choices.show(self._lines())
        at = self._index + 2
        if not choices.scroll_offset.y <= at < choices.scroll_offset.y + choices.size.height:
            choices.scroll_to(y=max(0, at - choices.size.height + 2), animate=False)
        self.query_one(StatusLine).rest([Part(line("Enter opens the form"), "muted")])
        self.refresh_bindings()

    def _lines(self) -> list[Line]:
        longest = max((len(name) for name in self._reasons), default=0)
        titles = {p.name: self.desk.specs[p.provider].title for p in self.desk.profiles}
        widest = max((len(title) for title in titles.values()), default=0)
        lines: list[Line] = [(Part(line("   Create it with which profile?"), "strong"),), ()]
        for index, (name, reason) in enumerate(self._reasons.items()):
            on = index == self._index
            mark = f" {self._glyphs.cursor} " if on else "   "
            off = reason is not None
            lines.append(
                (
                    Part(line(mark), "key"),
                    Part(line(f"{name:<{longest}}  "), "off" if off else "key" if on else "strong"),
                    Part(line(f"{titles[name]:<{widest}}  "), "off" if off else ""),
                    Part(line(reason or self._state(name)), "off" if off else "warning"),
                )
            )
        return lines

    def _state(self, name: str) -> str:
        """What is known of a profile beside its being able to."""
        creations = self.desk.creations
        if creations.sending(name) is not None:
            return "one is on its way: Enter shows it"
        if name in creations.drafts:
            return "a draft is kept"
        return ""

    # --- keys -----------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The profile under the cursor."""
        return next(iter(list(self._reasons)[self._index :]), "")

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        reason = self._reasons.get(self.chosen) if action == "take" else None
        return None if reason is None else f"{self.chosen} cannot create a session: {reason}"

    def action_pick(self, by: int) -> None:
        self._index = (self._index + by) % len(self._reasons)
        self.query_one(StatusLine).clear_message()
        self._show()

    def action_take(self) -> None:
        profile = self.desk.profile(self.chosen)
        if profile is not None:
            self.app.switch_screen(CreateScreen(self.desk, profile))
