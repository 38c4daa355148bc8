"""What was said in one session: follows its end while the session lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import Refresh
from tui.live.messages import Answer, Detail, Spoken
from tui.model.problem import Problem
from tui.model.retention import kept
from tui.model.session import Key, Session
from tui.model.text import Clean, line, shown
from tui.model.transcript import Transcript
from tui.screens import keys
from tui.screens.acting import choose, end, why_not_act
from tui.screens.base import DeskScreen
from tui.screens.copying import copy_id
from tui.screens.desk import Desk, News
from tui.screens.export import ExportScreen
from tui.screens.exports import TRANSCRIPT_KINDS, entries, kind_of, safe_name, transcript_text
from tui.widgets.blank_slate import BlankSlate
from tui.widgets.line_list import Part
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar
from tui.widgets.transcript_view import TranscriptView


class TranscriptScreen(DeskScreen):
    """`t` on a row of the queue or in the detail."""

    NAME = "transcript"

    DEFAULT_CSS = """
    TranscriptScreen TranscriptView { padding: 1 2 0 2; }
    TranscriptScreen.-empty TranscriptView { display: none; }
    TranscriptScreen.-empty BlankSlate { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.TRANSCRIPT

    def __init__(self, desk: Desk, key: Key) -> None:
        super().__init__(desk)
        self.key = key
        self._transcript: Transcript | None = None
        self._trouble: Problem | None = None
        self._wanted = line("")

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield TranscriptView(zone=self.desk.zone, ascii_only=self.desk.ascii_only, id="spoken")
        yield BlankSlate(id="blank")

    @property
    def view(self) -> TranscriptView:
        """The conversation itself."""
        return self.query_one(TranscriptView)

    @property
    def complete(self) -> bool:
        """Whether the vendor's whole answer is shown."""
        return self._transcript is not None

    def on_mount(self) -> None:
        self.desk.watch(self.key, transcript=True)

    def on_unmount(self) -> None:
        self.desk.unwatch(self.key, transcript=True)

    def hear(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if isinstance(answer, Spoken) and answer.key == self.key:
                self._take(answer)
            elif isinstance(answer, Detail) and answer.key == self.key:
                self._trouble = (
                    answer.problem
                )  # the session itself could not be read, or can be again

    def receive(self, news: News) -> None:
        self._show()

    def _take(self, answer: Spoken) -> None:
        self._trouble = answer.problem
        if answer.transcript is not None:
            self._transcript = answer.transcript
            self.view.show(answer.transcript)
            if self._wanted:
                self.view.find(self._wanted)

    def catch_up(self) -> None:
        self._show()

    def _show(self) -> None:
        desk = self.desk
        session = desk.board.sessions.get(self.key)
        title = desk.session_title(session) if session is not None else shown(self.key.id, 40)
        kind = (
            "timeline"
            if self._transcript is not None and not self._transcript.spoken
            else "transcript"
        )
        self.query_one(TitleBar).show_trail(
            line(self.key.profile), title, line(kind), paused=desk.paused, read_only=desk.read_only
        )
        self._show_status()
        self.refresh_bindings()

    def _show_status(self) -> None:
        right: list[Part] = []
        if self._wanted:
            right = [Part(line(f"{self.view.match_number} of {self.view.match_count}"), "accent")]
        elif self.view.new_count:
            arrow = "v" if self.desk.ascii_only else "↓"
            right = [Part(line(f"{self.view.new_count} new {arrow} G"), "warning")]
        elif self._follows():
            right = [Part(line("following"), "good")]
        look = "accent" if self._wanted else "bad" if self._trouble else "muted"
        self.query_one(StatusLine).rest([Part(self._said(), look)], right)
        blank = self.query_one(BlankSlate)
        self.set_class(not self.view.has_entries, "-empty")
        blank.say(*self._why_blank())

    def _why_blank(self) -> tuple[Clean, ...]:
        """Why there is nothing to read."""
        if self._transcript is not None:
            return (
                line("Nothing has been said yet."),
                line("New lines appear here by themselves."),
            )
        stale = self.desk.not_fresh(self.key.profile)
        told = [self._trouble.message] if self._trouble is not None else []
        if stale is not None:
            told.append(stale)
        if told:
            return (*told, line("The transcript comes when the vendor answers; r asks now."))
        return (line("Asking the vendor for the transcript."),)

    def _said(self) -> Clean:
        if self._wanted:
            return line(f'finding "{self._wanted}"   n next, Esc ends')
        stale = self.desk.not_fresh(self.key.profile)
        if stale is not None:
            return stale
        if self._trouble is not None:
            return self._trouble.message
        transcript = self._transcript
        if transcript is None:
            return line("")
        count = len(transcript.entries)
        said = f"{count} entr{'y' if count == 1 else 'ies'}"
        if not transcript.complete:
            said += ", cut short"
        if transcript.note:
            said += f"  {transcript.note}"
        return line(f"{said}{self._kept()}", 400)

    def _kept(self) -> str:
        """How long the vendor keeps the session itself, once it has ended."""
        desk = self.desk
        session = desk.board.sessions.get(self.key)
        spec = desk.specs.get(session.provider) if session is not None else None
        if session is None or spec is None:
            return ""
        now = desk.clock.now()
        told = [words for _, words in kept(spec.retention[:1], session, now, self._moment)]
        return f"   {told[0]}" if told else ""

    def _moment(self, at: datetime) -> str:
        return f"{self.desk.local(at):%Y-%m-%d %H:%M}"

    def _follows(self) -> bool:
        """Whether new lines would come by themselves."""
        session = self.desk.board.sessions.get(self.key)
        fresh = self._trouble is None and self.desk.not_fresh(self.key.profile) is None
        return (
            fresh and self._transcript is not None and session is not None and session.status.live
        )

    def on_transcript_view_new_below(self, event: TranscriptView.NewBelow) -> None:
        event.stop()
        self._show_status()

    # --- keys -------------------------------------------------------------------------------------------

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("next_match", "previous_match") and not self._wanted:
            return "nothing is searched for: / starts a search"
        return why_not_act(self, action, self._targets())

    def _targets(self) -> list[Session]:
        session = self.desk.board.sessions.get(self.key)
        return [] if session is None else [session]

    def action_leave(self) -> None:
        """Escape ends a search first, then leaves."""
        if self._wanted:
            self._search(line(""))
        else:
            super().action_leave()

    def action_find(self) -> None:
        self.query_one(StatusLine).ask("find ", self._wanted, self._search, self._search)

    def _search(self, text: Clean | None) -> None:
        self._wanted = text = text or line("")
        if not text:
            self.view.clear_find()
        else:
            self.view.find(text)
        self.query_one(StatusLine).clear_message()
        self._show_status()
        self.refresh_bindings()

    def action_next_match(self) -> None:
        self.view.next_match()
        self._show_status()

    def action_previous_match(self) -> None:
        self.view.previous_match()
        self._show_status()

    def action_end(self) -> None:
        end(self, self._targets())

    def action_actions(self) -> None:
        choose(self, self._targets())

    def action_export(self) -> None:
        session = self.desk.board.sessions.get(self.key)
        export_transcript(self, self.key, self._transcript, session)

    def action_copy_id(self) -> None:
        copy_id(self, self.desk.board.sessions.get(self.key))

    def action_refresh_now(self) -> None:
        self.desk.engine.send(Refresh(self.key.profile))
        self.tell(f"asking {self.key.profile} now")


def export_transcript(
    screen: DeskScreen, key: Key, transcript: Transcript | None, session: Session | None
) -> None:
    """Asks where to, and writes what is on the screen; what was not read yet is read first."""
    desk = screen.desk

    def chosen(path: str | None) -> None:
        kind = kind_of(path or "", TRANSCRIPT_KINDS)
        if path is None or kind is None:
            return
        if transcript is None or session is None:
            desk.exports.read(path, key)
        else:
            text = transcript_text(kind, session, transcript)
            desk.exports.save(path, text, entries(transcript))

    what = "the transcript" if transcript is None else f"the transcript ({entries(transcript)})"
    name = safe_name("transcript", key.profile, key.id)
    screen.app.push_screen(ExportScreen(desk, what, name, TRANSCRIPT_KINDS), chosen)
