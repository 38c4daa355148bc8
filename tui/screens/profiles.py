"""`P`, from anywhere: the profiles of the store, started or not, and what can be done with them.

The engine reads and writes the store; what it says comes with its answers, and nothing here holds a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import Check, DropProfile, ListProfiles
from tui.live.messages import Account, Answer, Checked, ProfileSaved, ProfilesListed
from tui.model.text import line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.screens.pick import PickScreen
from tui.screens.profile_fields import Kit
from tui.screens.profile_form import ProfileFormScreen
from tui.screens.profile_question import RemoveScreen
from tui.screens.profile_sign_in import SignInScreen
from tui.screens.profile_words import (
    Checkup,
    about,
    can_sign_in,
    found,
    host_of,
    provider_of,
    state_of,
)
from tui.widgets.cells import fit
from tui.widgets.glyphs import glyphs
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

_IN_MEMORY = (
    "These profiles are the demo's: what is changed here ends with it, and nothing is written."
)
_NAME, _STATE, _PROVIDER = 17, 15, 25


def begin_adding(screen: DeskScreen) -> None:
    """A new profile from another screen: the list, and over it what it begins with."""
    screen.app.push_screen(ProfilesScreen(screen.desk, adding=True))


class ProfilesScreen(DeskScreen):
    """The list above; below it all that is known of the selected one, and what its check found."""

    NAME = "profiles"
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    ProfilesScreen #profiles { height: auto; max-height: 50%; padding: 1 1 0 1; }
    ProfilesScreen #about { padding: 1 2 0 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.PROFILES

    def __init__(self, desk: Desk, *, adding: bool = False) -> None:
        super().__init__(desk)
        self._adding = adding
        self._listed: ProfilesListed | None = None
        self._ticket = 0
        self._dropping = 0
        self._selected = ""
        self._checks: dict[str, tuple[int, Checkup]] = {}
        self._glyphs = glyphs(ascii_only=desk.ascii_only)

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        for name in ("profiles", "about"):
            part = LineList(id=name)
            part.can_focus = False
            yield part

    # --- the list ---------------------------------------------------------------------------------------------

    @property
    def accounts(self) -> Sequence[Account]:
        """What lies in the store, as far as it is known yet."""
        return self._listed.accounts if self._listed is not None else ()

    @property
    def selected(self) -> Account | None:
        """The profile under the cursor."""
        names = [account.listed.name for account in self.accounts]
        if not names:
            return None
        return self.accounts[names.index(line(self._selected))] if self._selected in names else None

    def _ask(self) -> None:
        self._ticket = self.desk.ticket()
        self.desk.engine.send(ListProfiles(self._ticket))

    def hear(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if isinstance(answer, ProfilesListed) and answer.ticket == self._ticket:
                self._take(answer)
            elif isinstance(answer, Checked):
                self._take_check(answer)
            elif isinstance(answer, ProfileSaved):
                self._take_saved(answer)

    def _take(self, listed: ProfilesListed) -> None:
        before = [account.listed.name for account in self.accounts]
        self._listed = listed
        names = [account.listed.name for account in listed.accounts]
        if self._selected not in names and names:
            at = before.index(line(self._selected)) if self._selected in before else 0
            self._selected = names[min(at, len(names) - 1)]
        if self._adding and listed.problem is None:
            self._adding = False
            self.action_add()

    def _take_check(self, answer: Checked) -> None:
        for name, (ticket, _checkup) in self._checks.items():
            if ticket == answer.ticket:
                self._checks[name] = ticket, Checkup(answer.findings, answer.problem)

    def _take_saved(self, saved: ProfileSaved) -> None:
        """A profile was changed, here or by the form above: the list is read again."""
        if saved.change is not None:
            self._checks.pop(saved.change.before or "", None)
            self._selected = saved.change.now or self._selected
            self._ask()
        if saved.ticket == self._dropping:
            told = saved.problem.message if saved.problem is not None else "it is removed"
            self.tell(told, bad=saved.problem is not None)

    def remember(self, name: str, checkup: Checkup) -> None:
        """What the form's check found belongs to the saved profile."""
        self._checks[name] = 0, checkup

    # --- showing ----------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        self._ask()
        self._show()

    def receive(self, news: News) -> None:
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if not self.is_mounted or not self.size:
            return
        self.query_one(TitleBar).show_trail(
            line("profiles"), paused=self.desk.paused, read_only=self.desk.read_only
        )
        width = self.size.width
        rows = self.query_one("#profiles", LineList)
        lines = self._rows(width - 4)
        rows.show(lines)
        rows.styles.height = len(lines) + 1
        self.query_one("#about", LineList).show(self._about(width - 8))
        self.query_one(StatusLine).rest([Part(line(self._status()), "muted")])
        self.refresh_bindings()

    def _status(self) -> str:
        listed = self._listed
        if listed is None:
            return "reading the profiles"
        count = len(listed.accounts)
        where = "in memory" if not listed.lasting else str(self.desk.profiles_file)
        return f"{count} profile{'' if count == 1 else 's'}, {where}"

    def _rows(self, width: int) -> list[Line]:
        lines: list[Line] = []
        wide = width >= 100
        for account in self.accounts:
            on = account is self.selected
            state = state_of(self.desk, account)
            cells = [
                Part(line(f" {self._glyphs.cursor} " if on else "   "), "key"),
                Part(line(fit(account.listed.name, _NAME) + "  "), "key" if on else "strong"),
                Part(line(fit(state.text, _STATE) + "  "), state.look),
                Part(line(fit(provider_of(self.desk, account), _PROVIDER) + "  ")),
            ]
            if wide:
                cells.append(Part(line(fit(host_of(account), 30)), "muted"))
            lines.append((*cells, Part(line(self._read_only(account)), "muted")))
        return lines

    def _read_only(self, account: Account) -> str:
        profile = account.listed.profile
        return "read-only" if profile is not None and profile.read_only else ""

    def _about(self, width: int) -> list[Line]:
        listed, account = self._listed, self.selected
        lines: list[Line] = []
        if listed is None:
            return lines
        if listed.problem is not None:
            return wrapped([], Part(listed.problem.message, "bad"), width)
        if account is None:
            lines = wrapped([], Part(line("There is no profile yet."), "strong"), width)
            lines += wrapped([], Part(line("n adds one: a provider, a name and its keys.")), width)
        else:
            lines = [*self._checked(account, width), *about(self.desk, account, width)]
        if not listed.lasting:
            lines += [(), *wrapped([], Part(line(_IN_MEMORY), "muted"), width)]
        return lines

    def _checked(self, account: Account, width: int) -> list[Line]:
        _ticket, checkup = self._checks.get(account.listed.name, (0, None))
        if checkup is None:
            return []
        if checkup.asking:
            asked = f"Asking {provider_of(self.desk, account)} whether the keys work ..."
            return [*wrapped([], Part(line(asked), "muted"), width), ()]
        return [*found(checkup, width, ascii_only=self.desk.ascii_only), ()]

    # --- keys -------------------------------------------------------------------------------------------------

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "add" and self._listed is None:
            return "the profiles are still being read"
        if action not in ("edit", "check", "sign_in", "remove"):
            return None
        account = self.selected
        if account is None:
            return "no profile is selected: n adds one"
        if action == "edit":
            return "it is no table: put that right in the file" if account.stored is None else None
        if action == "remove":
            return None
        if action == "sign_in" and not can_sign_in(self.desk, account):
            return f"{provider_of(self.desk, account)} knows no sign-in, only keys"
        if action == "sign_in" and not account.needs_sign_in:
            return "its keys work without a sign-in"
        if self.desk.profile(account.listed.name) is None:
            return "it is not started"
        return None

    def action_pick(self, by: int) -> None:
        names = [account.listed.name for account in self.accounts]
        if names:
            at = names.index(line(self._selected)) if self._selected in names else 0
            self._selected = names[(at + by) % len(names)]
            self.query_one(StatusLine).clear_message()
            self._show()

    def action_scroll(self, pages: float) -> None:
        self.query_one("#about", LineList).action_scroll_pages(pages * 0.8)

    def action_add(self) -> None:
        self._choose_provider(None)

    def action_edit(self) -> None:
        account = self.selected
        if account is None or account.stored is None:
            return
        if account.stored.provider in self.desk.specs:
            self.app.push_screen(self._form(account.stored.provider, account))
        else:
            self._choose_provider(account)

    def _choose_provider(self, account: Account | None) -> None:
        """First the provider: what it declares is what is asked for."""
        specs = list(self.desk.specs.values())
        what = line("new profile" if account is None else account.listed.name)
        self.app.push_screen(
            PickScreen(
                self.desk,
                (line("profiles"), what),
                line("At which provider?"),
                [(line(spec.title), line(spec.id)) for spec in specs],
                lambda number: self._open(specs[number].id, account),
            )
        )

    def _open(self, provider: str, account: Account | None) -> None:
        self.app.switch_screen(self._form(provider, account))

    def _form(self, provider: str, account: Account | None) -> ProfileFormScreen:
        desk = self.desk
        listed = self._listed
        assert listed is not None  # its keys are greyed before
        stored = account.stored if account is not None else None
        taken = {found.listed.name for found in listed.accounts if found is not account}
        kit = Kit(desk.specs[provider], desk.specs, listed.folder, stored, taken)
        return ProfileFormScreen(
            desk, kit, saved=self.remember, signed_in=account is not None and account.signed_in
        )

    def action_check(self) -> None:
        account = self.selected
        if account is not None:
            name, ticket = account.listed.name, self.desk.ticket()
            self._checks[name] = ticket, Checkup(asking=True)
            self.desk.engine.send(Check(ticket, name))
            self._show()

    def action_sign_in(self) -> None:
        account = self.selected
        profile = None if account is None else self.desk.profile(account.listed.name)
        if profile is not None:
            self.app.push_screen(SignInScreen(self.desk, profile))

    def action_remove(self) -> None:
        account = self.selected
        if account is None:
            return
        name = account.listed.name

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._dropping = self.desk.ticket()
                self.desk.engine.send(DropProfile(self._dropping, name))

        loses = self._listed is not None and self._listed.loses_comments
        self.app.push_screen(RemoveScreen(self.desk, account, loses_comments=loses), answered)
