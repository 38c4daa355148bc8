"""One session: everything that is known of it, kept fresh while it is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.timer import Timer

from tui.live.commands import Refresh
from tui.live.messages import Answer, Detail, Spoken
from tui.model.age import until_next_step
from tui.model.secret import Secret
from tui.model.session import Key, Session
from tui.model.text import Clean, line, shown
from tui.screens import keys
from tui.screens.acting import choose, end, why_not_act
from tui.screens.base import DeskScreen
from tui.screens.copying import copy_id, copy_link, why_no_link
from tui.screens.desk import Desk, News
from tui.screens.facts import facts
from tui.screens.pending import pending_lines, without_stand_in
from tui.screens.transcript import TranscriptScreen, export_transcript
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar
from tui.widgets.transcript_view import TranscriptView

WIDE_COLUMNS = 110


class DetailScreen(DeskScreen):
    """Enter on a row of the queue. A wide terminal shows the end of the transcript beside the facts."""

    NAME = "detail"
    DEFAULT_CSS = """
    DetailScreen LineList { padding: 1 2; }
    DetailScreen TranscriptView { display: none; width: 1fr; padding: 1 1 0 2; }
    DetailScreen.-wide LineList { width: 60; }
    DetailScreen.-wide TranscriptView { display: block; background: $panel 40%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.DETAIL

    def __init__(self, desk: Desk, key: Key) -> None:
        super().__init__(desk)
        self.key = key
        self._session: Session | None = desk.board.sessions.get(key)
        self._whole = False
        self._listening = False
        self._trouble: str | None = None
        self._reveal = False
        self._ticking: Timer | None = None

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        with Horizontal():
            yield LineList(id="facts")
            beside = TranscriptView(
                zone=self.desk.zone, ascii_only=self.desk.ascii_only, id="beside"
            )
            beside.can_focus = False
            yield beside

    @property
    def beside(self) -> str | None:
        return self.key.profile

    @property
    def complete(self) -> bool:
        """Whether the vendor's whole answer is shown."""
        return self._whole

    def on_mount(self) -> None:
        self.desk.watch(self.key)

    def on_unmount(self) -> None:
        self.desk.unwatch(self.key)
        self._listen(False)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        wide = event.size.width >= WIDE_COLUMNS
        self.set_class(wide, "-wide")
        self._listen(wide)
        self.call_after_refresh(self._show)

    def _listen(self, on: bool) -> None:
        """The transcript is read only while there is room to show it."""
        if on != self._listening:
            self._listening = on
            (self.desk.watch if on else self.desk.unwatch)(self.key, transcript=True)

    def hear(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if isinstance(answer, Detail) and answer.key == self.key:
                self._take(answer)
            elif (
                isinstance(answer, Spoken)
                and answer.key == self.key
                and answer.transcript is not None
            ):
                self.query_one(TranscriptView).show(answer.transcript)

    def _follow(self) -> None:
        """The row that stood for a new session has made way for its own: this is about that one now."""
        newer = self.desk.creations.replaced.get(self.key)
        if newer is None:
            return
        listening = self._listening
        self._listen(False)
        self.desk.unwatch(self.key)
        self.key, self._session, self._whole = newer, self.desk.board.sessions.get(newer), False
        self.desk.watch(newer)
        self._listen(listening)

    def receive(self, news: News) -> None:
        self._follow()
        newer = self.desk.board.sessions.get(self.key)
        if newer is not None and not self._whole and newer != self._session:
            self._session = newer
        self._show()

    def _take(self, answer: Detail) -> None:
        if answer.session is not None:
            self._session, self._whole, self._trouble = answer.session, True, None
        elif answer.problem is not None:
            self._trouble = answer.problem.message

    def catch_up(self) -> None:
        self._follow()
        self._show()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        session = self._session
        title = self.desk.session_title(session) if session is not None else shown(self.key.id, 40)
        self.query_one(TitleBar).show_trail(
            line(self.key.profile), title, paused=self.desk.paused, read_only=self.desk.read_only
        )
        self.query_one(LineList).show(self._lines())
        self._show_status()
        self._tick_again()
        self.refresh_bindings()

    def _lines(self) -> list[Line]:
        session = self._session
        lines: list[Line] = []
        width = self.query_one(LineList).room
        if self._trouble is not None:
            lines += [*wrapped([], Part(line(self._trouble, 400), "bad"), width), ()]
        if session is None:
            if self._trouble is None:
                lines.append((Part(line("asking the vendor for this session"), "muted"),))
            return lines
        lines += pending_lines(self.desk, session, width)
        now = self.desk.clock.now()
        spec = self.desk.specs.get(session.provider)
        title = line(spec.title if spec is not None else session.provider)
        return lines + facts(
            without_stand_in(self.desk, session),
            now,
            width,
            zone=self.desk.zone,
            provider=title,
            ascii_only=self.desk.ascii_only,
            reveal=self._reveal,
            retention=spec.retention if spec is not None else (),
            expires=spec.expires if spec is not None else "",
        )

    def _show_status(self) -> None:
        gone = self.key not in self.desk.board.sessions
        stale = self.desk.not_fresh(self.key.profile)
        if stale is not None:
            said = Part(stale, "warning")
        elif self.desk.creations.pending(self.key) is not None:
            said = Part(line("pending: its own row takes this place by itself"), "warning")
        elif gone and self._whole:
            said = Part(line("no longer in the vendor's list"), "muted")
        else:
            said = Part(line("" if self._trouble else "kept fresh while it is open"), "muted")
        self.query_one(StatusLine).rest([said], [Part(self._zone(), "muted")])

    def _zone(self) -> Clean:
        return line(f"times in {self.desk.local(self.desk.clock.now()).tzname() or 'UTC'}")

    def _tick_again(self) -> None:
        """The ages move by themselves, one timer for the next step."""
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        session = self._session
        if session is None or session.began is None or not self.on_top:
            return
        age = (self.desk.clock.now() - session.began).total_seconds()
        self._ticking = self.set_timer(max(1.0, until_next_step(max(0.0, age))), self._show)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "copy_link":
            return why_no_link(self._session)
        if action == "reveal" and not self._secrets():
            return "this session has no secret field"
        return why_not_act(self, action, self._targets())

    def _targets(self) -> list[Session]:
        return [] if self._session is None else [self._session]

    def _secrets(self) -> bool:
        session = self._session
        return session is not None and any(isinstance(value, Secret) for _, value in session.fields)

    def action_transcript(self) -> None:
        self.app.push_screen(TranscriptScreen(self.desk, self.key))

    def action_copy_id(self) -> None:
        copy_id(self, self._session)

    def action_copy_link(self) -> None:
        copy_link(self, self._session)

    def action_end(self) -> None:
        end(self, self._targets())

    def action_actions(self) -> None:
        choose(self, self._targets())

    def action_export(self) -> None:
        export_transcript(self, self.key, None, self._session)

    def action_reveal(self) -> None:
        self._reveal = not self._reveal
        self._show()

    def action_refresh_now(self) -> None:
        self.desk.engine.send(Refresh(self.key.profile))
        self.tell(f"asking {self.key.profile} now")
