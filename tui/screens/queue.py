"""The queue: all sessions of all profiles in one list. Home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from tui.live.commands import Open, Pause, Refresh, Visible
from tui.live.messages import Answer, HealthState, Opened
from tui.live.view import (
    DEFAULT_ORDER,
    ENDED_ORDER,
    LONG_WAIT_MINUTES,
    ORDERS,
    ViewKind,
    ViewSpec,
)
from tui.model.filter import Filter
from tui.model.problem import NotFound
from tui.model.session import Key, Session
from tui.model.text import Clean, line, shown
from tui.screens import keys, later
from tui.screens.acting import choose, end, why_not_act
from tui.screens.base import DeskScreen
from tui.screens.copying import copy_id, copy_link, why_no_link
from tui.screens.desk import Desk, News
from tui.screens.emptiness import show_emptiness
from tui.screens.plans import Plan
from tui.screens.warm import age_of
from tui.widgets.bar import joined
from tui.widgets.blank_slate import BlankSlate
from tui.widgets.health_strip import HealthStrip
from tui.widgets.line_list import Part
from tui.widgets.session_table import SessionTable
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar, Totals

if TYPE_CHECKING:
    from tui.screens.open_by_id import Reference

# Between two slices of what is learned for a filter: keys come first.
LEARN_SECONDS = 0.01


class QueueScreen(DeskScreen):
    """Shows one view of the board; everything else starts from the selected row."""

    NAME = "queue"
    DEFAULT_CSS = """
    QueueScreen SessionTable.-empty { display: none; }
    QueueScreen BlankSlate.-empty { display: block; }
    QueueScreen SessionTable.-asking { height: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = keys.QUEUE

    def __init__(self, desk: Desk, view: ViewKind = ViewKind.LIVE) -> None:
        super().__init__(desk)
        self.spec = ViewSpec(kind=view)
        self._ticking: Timer | None = None
        self._learning: Iterator[None] | None = None
        self._opening: tuple[int, Reference] | None = None

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        calm = self.desk.low_bandwidth
        yield HealthStrip(ascii_only=self.desk.ascii_only, calm=calm, id="health")
        table = SessionTable(
            now=self.desk.clock.now,
            provider_names=self.desk.provider_names,
            latest=self.desk.board.sessions.get,
            ascii_only=self.desk.ascii_only,
            cursor_style="mark" if calm else "line",
            calm=calm,
            id="table",
        )
        table.remembered = self.desk.board.remembered
        yield table
        yield BlankSlate(id="blank")

    @property
    def table(self) -> SessionTable:
        """The list itself."""
        return self.query_one(SessionTable)

    # --- news -------------------------------------------------------------------------------------------

    def receive(self, news: News) -> None:
        change = news.change
        if change.gone:
            self.table.follow(self.desk.creations.replaced)
            self.table.marked = self.table.marked - change.gone
        for flight in news.flights:
            if not flight.watched:
                failed = flight.problem is not None and flight.session is None
                self.tell(f"{flight.told()}; n shows it", bad=failed)
                self._show_status(len(self.table.rows))
        told = news.batch.intents is not None or news.batch.troubles is not None
        if change.added or change.updated or change.gone or told:
            self._show_rows(changed=change.told)
            self.refresh_bindings()
        if change.health:
            self._show_health()
            self._show_blank()

    def catch_up(self) -> None:
        providers = [profile.provider for profile in self.desk.profiles]
        self.table.profiles_needed = len(set(providers)) < len(providers)
        self._show_rows()
        self._show_health()

    def _show_rows(self, *, asked: bool = False, changed: Set[Key] | None = None) -> None:
        """`asked`: the operator changed the view, so a selected session that is not in it makes way. `changed` are
        those that news are of, None where it may be any."""
        desk = self.desk
        rows = desk.view.rows(self.spec, desk.mine)
        self.table.order(self.spec.order, reverse=self.spec.reverse)
        self.table.follow(desk.creations.replaced)
        self.table.pending = desk.creations.standing_in
        self.table.show(rows, changed=changed, tombstone=not asked)
        self._select_new()
        self._show_title()
        self._show_status(len(rows))
        self._show_blank()

    def _show_title(self) -> None:
        desk = self.desk
        totals = desk.view.counts(desk.clock.now())
        age, _ = age_of(desk)
        self.query_one(TitleBar).show_totals(
            Totals(len(desk.profiles), totals.live, totals.long_waits, LONG_WAIT_MINUTES, age),
            line(
                self.spec.kind.value
                + (f"  /{self.spec.filter.text}" if self.spec.filter.text else "")
            ),
            notice=desk.intents.notice(),
            paused=desk.paused,
            read_only=desk.read_only,
        )

    def _show_status(self, rows: int) -> None:
        spec = self.spec
        arrow = (
            ("^" if spec.reverse else "v")
            if self.desk.ascii_only
            else ("▴" if spec.reverse else "▾")
        )
        left = [Part(line(f"{rows} session{'' if rows == 1 else 's'}"), "muted")]
        left += self._marks_told()
        if spec.filter.text:
            left.append(Part(line(f'  matching "{spec.filter.text}"'), "accent"))
        order = [Part(line(f"by {ORDERS[spec.order].title} {arrow}"), "muted")]
        self.query_one(StatusLine).rest(left, joined([self._new_ones(), order]))

    def _marks_told(self) -> list[Part]:
        """How many are marked, and how many of them the view hides."""
        marks = self.table.marked
        if not marks:
            return []
        hidden = sum(not self.desk.view.shows(key) for key in marks)
        unseen = f", {hidden} not in this view" if hidden else ""
        return [Part(line(f"  {len(marks)} marked{unseen}"), "warning")]

    def _show_health(self) -> None:
        desk = self.desk
        healths = [
            desk.board.health[profile.name]
            for profile in desk.profiles
            if profile.name in desk.board.health
        ]
        strip = self.query_one(HealthStrip)
        again = strip.show(healths, desk.clock.now(), desk.problems, left_out=len(desk.mistakes))
        troubled = frozenset(
            health.profile
            for health in healths
            if health.state not in (HealthState.OK, HealthState.CONNECTING)
        )
        self.table.stale_profiles = troubled
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        older = age_of(desk)[1]
        if older is not None:  # the first line tells an age too
            self._show_title()
            again = older if again is None else min(again, older)
        if again is not None and self.on_top:
            self._ticking = self.set_timer(again, self._show_health)

    def _show_blank(self) -> None:
        show_emptiness(self.desk, self.spec, self.table, self.query_one(BlankSlate))

    # --- keys -------------------------------------------------------------------------------------------

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "view" and parameters == (ViewKind.MINE.value,) and not self.desk.mine:
            return 'no profile says who you are: set `me` in one to use the view "mine"'
        about_one = ("open_selected", "transcript", "copy_id", "copy_link")
        if action in about_one and self._selected() is None:
            return "no session is selected"
        if action == "copy_link":
            return why_no_link(self._selected(), self.desk.board.remembered)
        if action == "export" and self.is_mounted:
            marked, old = self.table.marked, self.desk.board.remembered
            some = self._to_export() if old else self._about() if marked else self.table.rows
            return None if some else "there is no session to export"
        return why_not_act(self, action, self._about()) if action in ("end", "actions") else None

    def _selected(self) -> Session | None:
        return self.table.selected if self.is_mounted else None

    def _targets(self) -> list[Session]:
        """What an action is about: all that is marked, wherever it is now; without marks the selected one."""
        about, marked = self._about(), self.table.marked
        if len(about) < 2:
            return about
        return [session for key, session in self.desk.board.sessions.items() if key in marked]

    def _about(self) -> list[Session]:
        """The same in any order, for the keys, which are asked after at every move: it looks at no other session."""
        known, selected = self.desk.board.sessions, self._selected()
        if self.is_mounted and self.table.marked:
            return [known[key] for key in sorted(self.table.marked) if key in known]
        return [] if selected is None else [selected]

    def action_open_selected(self) -> None:
        session = self._selected()
        if session is not None:
            self.app.push_screen(later.DetailScreen(self.desk, session.key))

    def action_transcript(self) -> None:
        session = self._selected()
        if session is not None:
            self.app.push_screen(later.TranscriptScreen(self.desk, session.key))

    def action_view(self, kind: str) -> None:
        chosen = ViewKind(kind)
        usual = {DEFAULT_ORDER, ENDED_ORDER}
        order = ENDED_ORDER if chosen is ViewKind.ENDED else DEFAULT_ORDER
        # An order that the operator chose stays; the usual ones go with their views.
        self._change(kind=chosen, order=order if self.spec.order in usual else self.spec.order)

    def action_next_order(self) -> None:
        names = list(ORDERS)
        self._change(order=names[(names.index(self.spec.order) + 1) % len(names)], reverse=False)

    def action_reverse_order(self) -> None:
        self._change(reverse=not self.spec.reverse)

    def _change(self, **changes: object) -> None:
        self.spec = replace(self.spec, **changes)  # type: ignore[arg-type]
        self.query_one(StatusLine).clear_message()
        self._show_rows(asked=True)
        self.refresh_bindings()

    def action_refresh_now(self) -> None:
        self.desk.engine.send(Refresh())
        self.tell("asking every profile now")

    def action_pause(self) -> None:
        self.desk.paused = not self.desk.paused
        self.desk.engine.send(Pause(self.desk.paused))
        self._show_rows()

    def action_copy_id(self) -> None:
        copy_id(self, self._selected())

    def action_copy_link(self) -> None:
        copy_link(self, self._selected())

    # --- marks and actions ------------------------------------------------------------------------------

    def action_mark(self) -> None:
        self.table.mark()

    def on_session_table_marked(self) -> None:
        self._show_status(len(self.table.rows))
        self.refresh_bindings()

    def action_end(self) -> None:
        end(self, self._targets(), self._unmark)

    def action_actions(self) -> None:
        choose(self, self._targets(), self._unmark)

    def _unmark(self, plan: Plan) -> None:
        """What was agreed to is not agreed to again by the next key."""
        self.table.marked = self.table.marked - {step.session.key for step in plan.steps}

    def _to_export(self) -> list[Session]:
        rows = self._targets() if self.table.marked else list(self.table.rows)
        old = self.desk.board.remembered
        return [session for session in rows if session.key not in old] if old else rows

    def action_export(self) -> None:
        later.export_rows(self, self._to_export(), self.spec.kind, marked=bool(self.table.marked))

    # --- new sessions -----------------------------------------------------------------------------------

    @property
    def beside(self) -> str | None:
        selected = self._selected()
        return selected.profile if selected is not None else None

    def _select_new(self) -> None:
        """A session that was created here is selected as soon as it has a row in this view."""
        key = self.desk.creations.select
        if key is not None and (self.table.select(key) or key in self.desk.board.sessions):
            self.desk.creations.select = None

    def _new_ones(self) -> list[Part]:
        """What is on its way, or has come, while nobody looks."""
        creations = self.desk.creations
        unseen = creations.unseen()
        if unseen is not None:
            return [Part(line(f"{unseen.profile}: new session, n shows it"), "accent")]
        waiting = creations.waiting()
        return [Part(line(f"sending to {waiting[0].profile}"), "warning")] if waiting else []

    # --- the filter -------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        self._learning = self.desk.view.learning()
        self._learn()
        self.query_one(StatusLine).ask("/", line(self.spec.filter.text), self._filter, self._filter)

    def _learn(self) -> None:
        """A letter that comes meanwhile goes first; it then learns the rest itself."""
        if self._learning is not None and next(self._learning, self) is None:
            self.set_timer(LEARN_SECONDS, self._learn)

    def action_clear_filter(self) -> None:
        if self.spec.filter.text:
            self._change(filter=Filter.parse(""))
        else:
            self.table.marked = ()

    def _filter(self, text: Clean | None) -> None:
        self._learning = None
        self._change(filter=Filter.parse(text or ""))

    # --- opening by id ----------------------------------------------------------------------------------

    def action_open_by_id(self) -> None:
        selected = self._selected()
        name = selected.profile if selected is not None else None
        self.app.push_screen(later.OpenScreen(self.desk, name), self._open_reference)

    def _open_reference(self, chosen: Reference | None) -> None:
        if chosen is None:
            return
        self._opening = (self.desk.ticket(), chosen)
        self.desk.engine.send(Open(self._opening[0], chosen.profile, chosen.ref))
        self.tell(f"asking {chosen.profile} for {chosen.ref}")

    def hear(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if (
                self._opening is None
                or not isinstance(answer, Opened)
                or answer.ticket != self._opening[0]
            ):
                continue
            asked, self._opening = self._opening[1], None
            self.query_one(StatusLine).clear_message()
            if answer.session is not None:
                self.app.push_screen(later.DetailScreen(self.desk, answer.session.key))
            elif isinstance(answer.problem, NotFound):
                self.tell(f'{asked.profile} has no session "{shown(asked.ref, 40)}"', bad=True)
            elif answer.problem is not None:
                self.tell(f"{asked.profile}: {answer.problem.message}", bad=True)

    # --- the table --------------------------------------------------------------------------------------

    def on_session_table_opened(self, event: SessionTable.Opened) -> None:
        self.app.push_screen(later.DetailScreen(self.desk, event.key))

    def on_session_table_selected(self, event: SessionTable.Selected) -> None:
        event.stop()
        self.refresh_bindings()

    def on_session_table_visible_changed(self, event: SessionTable.VisibleChanged) -> None:
        self.desk.engine.send(Visible(tuple(event.keys)))
