"""The question before every write: what, to which session, with what effect. No is the default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.model.session import Session
from tui.model.text import Clean, line, shown
from tui.providers.base import Action
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog, key_parts
from tui.screens.foresight import try_foreseen
from tui.screens.plans import Plan
from tui.widgets.cells import fit
from tui.widgets.line_list import Line, Part, wrapped

WORD = "yes"
"""What is typed, as on the command line, before something is done that cannot be undone."""
_LABEL = 11
_NAME_CELLS, _PROFILE_CELLS = 18, 12


class QuestionScreen(Dialog[bool]):
    """Only `y` after a pause says yes; for what cannot be undone the word has to be typed, and Enter after a pause.

    A paste says nothing, nor does a key that is held down.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "yes, do it", id="question.yes"),
        Binding("enter", "enter", "no", id="question.no"),
    ]

    def __init__(self, desk: Desk, plan: Plan) -> None:
        super().__init__(desk)
        self._plan = plan
        self._typed = ""

    # --- what is asked ----------------------------------------------------------------------------------

    def title_text(self) -> Clean:
        steps = len(self._plan.steps)
        what = "this session" if steps == 1 else f"{steps} sessions"
        title = self._plan.title
        return line(f"{title}{':' if ' ' in title else ''} {what}?")

    def lines(self, width: int) -> list[Line]:
        plan = self._plan
        told = list(self._one(width) if len(plan.steps) == 1 else self._several(width))
        if plan.left_out:
            told += [(), (Part(line(f"Left as they are: {len(plan.left_out)}"), "muted"),)]
            told += self._left_out(width)
        return told

    def _left_out(self, width: int) -> Iterator[Line]:
        """By reason: who is left as he is."""
        for reason in dict.fromkeys(one.reason for one in self._plan.left_out):
            names = [
                self.desk.session_title(session)
                for session, its in self._plan.left_out
                if its == reason
            ]
            text = line(", ".join(names), 4096)
            yield from wrapped([], Part(line(f"{reason}:"), "muted"), width)
            yield from wrapped([Part(line("  "))], Part(text, "muted"), width)

    def _one(self, width: int) -> Iterator[Line]:
        """What decides comes first: on a small terminal the rest has to be scrolled to."""
        session, action = self._plan.steps[0]
        desk = self.desk
        spec = desk.specs.get(session.provider)
        glyph = session.status.glyph(ascii_only=desk.ascii_only)
        yield from _row("customer", session.customer or line("not named"), "strong", width)
        title = spec.title if spec is not None else session.provider
        yield from _row("profile", line(f"{session.profile} ({title})"), "", width)
        yield from _row("id", shown(session.id), "", width)
        yield from _row("effect", line(action.effect, 400), "strong", width)
        coming = try_foreseen(desk, session, action, self._plan.values)
        if coming is not None:
            yield from _row("", coming, "strong", width)
        yield from self._doubt(session, action, width)
        yield ()
        yield from _row("status", line(f"{glyph} {session.status.value}"), "", width)
        if session.subject:
            yield from _row("subject", session.subject, "", width)

    def _several(self, width: int) -> Iterator[Line]:
        for action in self._plan.actions:
            mine = [session for session, its in self._plan.steps if its is action]
            provider = self.desk.specs.get(mine[0].provider)
            where = provider.title if provider is not None else mine[0].provider
            yield (Part(line(f"{action.title} {len(mine)} at {where}"), "title"),)
            yield from wrapped([], Part(line(action.effect, 400)), width)
            for session in mine:
                coming = try_foreseen(self.desk, session, action, self._plan.values)
                yield from self._row(session, coming or shown(session.id), width)
                yield from self._doubt(session, action, width)

    def _row(self, session: Session, last: Clean, width: int) -> list[Line]:
        name = fit(self.desk.session_title(session), _NAME_CELLS)
        profile = fit(line(session.profile), _PROFILE_CELLS)
        before = [Part(line(f"  {name} "), "strong"), Part(line(f"{profile} "), "muted")]
        return wrapped(before, Part(last, "muted"), width)

    def _doubt(self, session: Session, action: Action, width: int) -> list[Line]:
        if not self.desk.in_doubt(session.key, action.id):
            return []
        text = "an earlier try may have been done: look at the list before doing it again"
        return wrapped([], Part(line(text), "warning"), width)

    def keys(self) -> Sequence[Part]:
        if not self._plan.final:
            return key_parts(("y", "yes, do it"), ("Enter, Esc", "no, leave it"))
        typed = [Part(line("This cannot be undone. Type "), ""), Part(line(WORD), "key")]
        cursor = "_" if self.desk.ascii_only else "▏"
        field = Part(line(f" {self._typed}{cursor}"), "strong")
        return [
            *typed,
            Part(line(" and Enter:")),
            field,
            Part(line("   ")),
            *key_parts(("Esc", "no")),
        ]

    # --- the answer -------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where the word has to be typed, `y` is only its first letter."""
        return not (action == "yes" and self._plan.final)

    def typed(self, event: events.Key) -> None:
        if not self._plan.final:
            return
        if event.key == "backspace":
            self._type(self._typed[:-1])
        elif event.is_printable and event.character:
            event.stop()
            if self.settled:
                self._type((self._typed + event.character)[: len(WORD)])

    def _type(self, text: str) -> None:
        self._typed = text
        self.amiss("")
        self.show()

    def action_yes(self) -> None:
        if not self.too_soon():
            self.dismiss(True)

    def action_enter(self) -> None:
        if self.too_soon():
            return
        if self._typed and self._typed.casefold() != WORD:
            self.amiss(f"type {WORD} to do it, or press Esc to leave it as it is")
        else:
            self.dismiss(bool(self._typed))

    def action_leave(self) -> None:
        self.dismiss(False)


def _row(label: str, text: Clean, look: str, width: int) -> list[Line]:
    return wrapped([Part(line(f"{label:<{_LABEL}}"), "muted")], Part(text, look), width)
