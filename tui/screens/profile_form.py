"""The form of a profile, new or stored: filled in with the keyboard, checked at the vendor, then saved.

Enter on the button asks the vendor first, with what was typed and without saving it. What it offers for a key is
chosen from a list; a failed check asks whether to save all the same. What was saved is at work at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import SaveProfile, TryProfile
from tui.live.messages import Answer, ProfileSaved, Tried
from tui.model.text import Clean, line
from tui.profiles.references import Way
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.screens.pick import PickScreen
from tui.screens.profile_fields import NAME, Kit
from tui.screens.profile_question import AllTheSameScreen
from tui.screens.profile_sign_in import SignInScreen
from tui.screens.profile_words import Checkup, found, offers_left
from tui.widgets.form_fields import rule
from tui.widgets.form_lines import hint
from tui.widgets.form_state import FormState
from tui.widgets.form_view import FormView
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

_HELP_LINES = 3
_MARGIN = 5


class ProfileFormScreen(DeskScreen):
    """What the last check said above, the form, and what the field takes below it."""

    NAME = "profile"
    DEFAULT_CSS = """
    ProfileFormScreen #outcome { display: none; height: auto; max-height: 7; padding: 1 2 0 2; }
    ProfileFormScreen.-outcome #outcome { display: block; }
    ProfileFormScreen FormView { padding: 1 1 0 0; }
    ProfileFormScreen #rule { height: 4; padding: 1 2 0 1; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.PROFILE_FORM

    def __init__(
        self,
        desk: Desk,
        kit: Kit,
        *,
        saved: Callable[[str, Checkup], None],
        signed_in: bool = False,
    ) -> None:
        super().__init__(desk)
        self.kit = kit
        self._saved, self._signed_in = saved, signed_in
        self.state = FormState(kit.fields(), kit.examine, kit.start())
        if kit.held is None:
            self.state.go_to(NAME)
        self._checkup: Checkup | None = None
        self._trying = self._saving = 0

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        for name in ("outcome", "rule"):
            part = LineList(id=name)
            part.can_focus = False
            if name == "rule":
                yield FormView(
                    self.desk.clock,
                    sent=self._send,
                    moved=self._moved,
                    held=lambda words: self.tell(words, bad=True),
                    ascii_only=self.desk.ascii_only,
                    id="form",
                )
            yield part

    @property
    def name_typed(self) -> str:
        """The name as it stands in the form."""
        return str(self.state.given()[NAME])

    # --- showing ----------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        title = line(self.kit.held.name if self.kit.held is not None else "new profile")
        self.query_one(TitleBar).show_trail(
            line("profiles"),
            title,
            line(self.kit.spec.title),
            paused=self.desk.paused,
            read_only=self.desk.read_only,
        )
        self._show()

    def receive(self, news: News) -> None:
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if not self.is_mounted or not self.size:
            return
        outcome = self.query_one("#outcome", LineList)
        lines = self._outcome(self.size.width - _MARGIN)
        outcome.show(lines)
        outcome.styles.height = len(lines) + 1
        self.set_class(bool(lines), "-outcome")
        self.query_one(FormView).fill(self.state, line("Check and save"))
        self._explain()

    def _outcome(self, width: int) -> list[Line]:
        if self._checkup is None or self.state.locked:
            return []
        return found(self._checkup, width, ascii_only=self.desk.ascii_only)

    def _moved(self) -> None:
        """Another place for a secret asks for something else, and takes what was typed with it."""
        changed = self.kit.moved(self.state.given())
        for field in changed:
            self.state.put(field)
        if changed:
            self.query_one(FormView).fill(self.state, line("Check and save"))
        self._explain()

    def _explain(self) -> None:
        """What the field takes, and what state the form is in."""
        self.query_one("#rule", LineList).show(self._rule(self.size.width - _MARGIN)[:_HELP_LINES])
        look = "warning" if self.state.locked else "muted"
        self.query_one(StatusLine).rest([Part(line(self._status(), 400), look)])

    def _rule(self, width: int) -> list[Line]:
        field = self.state.current
        if self.state.locked:
            return []
        if field is None:
            text = f"Enter asks {self.kit.spec.title} whether the keys work, then saves them."
            return wrapped([], Part(line(text)), width)
        told = [(rule(field.field), ""), (hint(field), "muted")]
        return [
            row
            for word, look in told
            if word
            for row in wrapped([], Part(line(word, 400), look), width)
        ]

    def _status(self) -> str:
        if self._saving:
            return "saving"
        if self.state.locked:
            asked = f"asking {self.kit.spec.title} whether the keys work"
            command = any(way is Way.COMMAND for way in self.kit.ways.values())
            return (
                f"running the command for a secret (10 s at most), then {asked}"
                if command
                else asked
            )
        if self.state.current is not None:
            return "Enter goes on; on the button it checks and saves"
        return "nothing is saved before the check"

    # --- checking, choosing, saving ---------------------------------------------------------------------------

    def _send(self) -> None:
        """Asks the vendor; the form is locked until it has answered."""
        draft, wrong = self.kit.draft(self.state.given())
        if self.state.locked or wrong:
            return
        self.state.locked, self._checkup = True, None
        self._trying = self.desk.ticket()
        name = self.kit.held.name if self.kit.held is not None else self.name_typed
        self.desk.engine.send(TryProfile(self._trying, name, draft))
        self.query_one(StatusLine).clear_message()
        self._show()

    def hear(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if isinstance(answer, Tried) and answer.ticket == self._trying:
                self._take(answer)
            elif isinstance(answer, ProfileSaved) and answer.ticket == self._saving:
                self._take_saved(answer)

    def _take(self, tried: Tried) -> None:
        self._trying = 0
        self.query_one(StatusLine).clear_message()
        self._checkup = Checkup(tried.findings, tried.problem)
        offers = offers_left(tried.findings, tried.given)
        if offers is not None:
            self._unlock()
            self._offer(*offers)
        elif self._checkup.failed:
            self._unlock()
            screen = AllTheSameScreen(self.desk, self.name_typed, self._checkup)
            self.app.push_screen(screen, self._all_the_same)
        else:
            self._save()

    def _unlock(self) -> None:
        self.state.locked = False
        self.query_one(FormView).settle()
        self._show()

    def _all_the_same(self, agreed: bool | None) -> None:
        if agreed:
            self._save()
        else:
            self.state.leave()
            self._show()

    def _offer(self, key: str, rows: Sequence[tuple[Clean, Clean]]) -> None:
        """What the vendor has for a key that was left empty."""

        def taken(number: int) -> None:
            self.app.pop_screen()
            field = next(one.field for one in self.state.fields if one.field.name == key)
            self.state.put(field, rows[number][0])
            self._send()

        trail = (line("profiles"), line(self.name_typed), line(key))
        question = line(f"{self.kit.spec.title} offers these for {key}:")
        self.app.push_screen(PickScreen(self.desk, trail, question, rows, taken))

    def _save(self) -> None:
        draft, _wrong = self.kit.draft(self.state.given())
        before = self.kit.held.name if self.kit.held is not None else None
        self.state.locked = True
        self._saving = self.desk.ticket()
        self.desk.engine.send(SaveProfile(self._saving, before, self.name_typed, draft))
        self._show()

    def _take_saved(self, saved: ProfileSaved) -> None:
        self._saving = 0
        if saved.problem is not None:
            self._unlock()
            self._checkup = Checkup(problem=saved.problem)
            self.state.leave()
            self._show()
            return
        if self._checkup is not None:
            self._saved(self.name_typed, self._checkup)
        if saved.sign_in and saved.profile is not None:
            self.app.switch_screen(SignInScreen(self.desk, saved.profile))
        else:
            self.app.pop_screen()

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("enter", "start_over") and self.state.locked:
            return "it is on its way: wait for the answer, or Esc leaves"
        return None

    def action_start_over(self) -> None:
        """Back to how it was, the places of the secrets too."""
        self.kit.ways.clear()
        self.state = FormState(self.kit.fields(), self.kit.examine, self.kit.start())
        self._show()

    def action_leave(self) -> None:
        if self._saving:
            self.tell("it is being saved", bad=True)
            return
        self._trying = 0
        super().action_leave()
