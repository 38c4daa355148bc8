"""Signing in without a browser on this machine: an address to open anywhere, and what that ended at pasted back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import SignIn, StartSignIn
from tui.live.messages import Answer, SignedIn, SignInStarted
from tui.model.form import FieldKind, FormField, Given
from tui.model.problem import Problem
from tui.model.profile import Profile
from tui.model.text import Clean, Opaque, copyable, line, shown
from tui.providers.base import Access
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.copying import copy_told
from tui.screens.desk import Desk, News
from tui.screens.qr import QrScreen
from tui.widgets.form_state import FormState
from tui.widgets.form_view import FormView
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.qr_code import NEEDS_EXTRA, available
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

_LONGEST = 8192
_FIELD = FormField(
    "answer", "it ended at", FieldKind.SECRET, "the address or the code", "net/sign_in", True
)


def _examine(given: Given) -> dict[str, Clean]:
    return (
        {} if given["answer"] else {"answer": line("is missing: paste what the browser ended at")}
    )


class SignInScreen(DeskScreen):
    """The address above, the field for what came of it below. A paste goes into the field from wherever it comes."""

    NAME = "sign-in"
    AUTO_FOCUS = "#told"
    DEFAULT_CSS = """
    SignInScreen #told { padding: 1 3 0 3; }
    SignInScreen FormView { height: 5; padding: 0 1 0 1; margin-bottom: 1; }
    SignInScreen.-done FormView { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.SIGN_IN

    def __init__(self, desk: Desk, profile: Profile) -> None:
        super().__init__(desk)
        self.profile = profile
        self.state = FormState([_FIELD], _examine)
        self.url: Opaque | None = None
        self._problem: Problem | None = None
        self._access: Access | None = None
        self._starting = self._finishing = 0

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="told")
        yield FormView(
            self.desk.clock,
            sent=self._send,
            moved=self._show_status,
            held=lambda words: self.tell(words, bad=True),
            ascii_only=self.desk.ascii_only,
            id="form",
        )

    def on_mount(self) -> None:
        self._starting = self.desk.ticket()
        self.desk.engine.send(StartSignIn(self._starting, self.profile.name))

    # --- answers ----------------------------------------------------------------------------------------------

    def hear(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if isinstance(answer, SignInStarted) and answer.ticket == self._starting:
                self.url, self._problem = answer.url, answer.problem
            elif isinstance(answer, SignedIn) and answer.ticket == self._finishing:
                self._take(answer)

    def _take(self, answer: SignedIn) -> None:
        """Signed in, or why not: what was pasted is gone either way, and another paste may follow."""
        self._finishing = 0
        self._access, self._problem = answer.access, answer.problem
        self.state = FormState([_FIELD], _examine)
        self.set_class(self._access is not None, "-done")
        if self._access is not None:
            self.set_focus(self.query_one("#told", LineList))

    # --- showing ----------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
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
            line("profiles"),
            line(self.profile.name),
            line("sign-in"),
            paused=self.desk.paused,
            read_only=self.desk.read_only,
        )
        self.query_one("#told", LineList).show(self._lines(self.size.width - 8))
        self.query_one(FormView).fill(self.state, line("Sign in"))
        self._show_status()
        self.refresh_bindings()

    def _show_status(self) -> None:
        typing = self.focused is self.query_one(FormView)
        if self._finishing:
            words = "asking the vendor for the tokens"
        elif self._access is not None:
            words = "Esc goes back"
        elif typing:
            words = "Enter goes on; on the button it signs in; Esc ends the typing"
        else:
            words = "paste the answer, or Enter to type it"
        self.query_one(StatusLine).rest([Part(line(words), "muted")])

    def _lines(self, width: int) -> list[Line]:
        if self._access is not None:
            return wrapped([], Part(self._held(self._access), "good"), width)
        lines: list[Line] = []
        if self._problem is not None:
            lines += [*wrapped([], Part(self._problem.message, "bad"), width), ()]
        if self.url is None:
            waiting = "" if self._problem is not None else "Making the address ..."
            return [*lines, *wrapped([], Part(line(waiting), "muted"), width)]
        lines += wrapped([], Part(line(_OPEN), "strong"), width)
        lines += [(), *wrapped([], Part(shown(self.url, _LONGEST), "key"), width), ()]
        begins = line(self.profile.text("redirect_uri") or "", 200)
        return [*lines, *wrapped([], Part(line(f"{_ENDS} {begins}", 400)), width)]

    def _held(self, access: Access) -> Clean:
        """Until when it holds, by the wall clock here."""
        who = f" as {access.user}" if access.user else ""
        if access.until is None:
            return line(f"Signed in{who}; the vendor does not say for how long.", 400)
        until, now = self.desk.local(access.until), self.desk.local(self.desk.clock.now())
        at = f"{until:%H:%M}" if until.date() == now.date() else f"{until:%Y-%m-%d %H:%M}"
        then = (
            "and is then renewed by itself"
            if access.renews
            else "and the vendor gave nothing to renew it with: sign in again after that"
        )
        return line(f"Signed in{who}; the access token holds until {at} {then}.", 400)

    # --- keys -------------------------------------------------------------------------------------------------

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("copy", "qr"):
            if self.url is None or self._access is not None:
                return "there is no address"
            if not copyable(self.url):
                return "this address holds characters that must not reach a terminal"
        if action == "qr" and not available():
            return NEEDS_EXTRA
        if action == "type" and (self.url is None or self._access is not None):
            return "there is nothing to type"
        return None

    def on_paste(self, event: events.Paste) -> None:
        """Pasted while the address has the focus: meant for the field all the same."""
        if self.url is not None and self._access is None and not self._finishing:
            event.stop()
            self.action_type()
            self.query_one(FormView).on_paste(event)

    def action_type(self) -> None:
        self.set_focus(self.query_one(FormView))
        self._show_status()

    def action_copy(self) -> None:
        if self.url is not None:
            copy_told(self, self.url, "address", secret=True)

    def action_qr(self) -> None:
        if self.url is not None:
            self.app.push_screen(QrScreen(self.url, ascii_only=self.desk.ascii_only))

    def _send(self) -> None:
        """Once: what was pasted is good for one exchange."""
        field = self.state.fields[0].edit(0)
        if self.state.locked or self._finishing or field is None:
            return
        self.state.locked = True
        self._finishing = self.desk.ticket()
        self.desk.engine.send(SignIn(self._finishing, self.profile.name, field.text))
        self._show()

    def action_leave(self) -> None:
        """First out of the field, then out."""
        if self.focused is self.query_one(FormView) and self._access is None:
            self.set_focus(self.query_one("#told", LineList))
            self._show_status()
        else:
            super().action_leave()


_OPEN = "Open this address in any browser, on any machine, and allow the access:"
_ENDS = (
    "The browser then ends at a page that need not exist: its address is what counts. "
    "Paste it below (it is not shown). It begins with"
)
