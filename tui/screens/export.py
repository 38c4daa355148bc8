"""`e`: where to write what is handed over. The ending of the name says in which form."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from tui.live.view import ViewKind
from tui.model.session import Session
from tui.model.text import Clean, line
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog, key_parts
from tui.screens.exports import ROWS_KINDS, kind_of, rows_text, safe_name
from tui.widgets.dialog_input import DialogInput
from tui.widgets.line_list import Line, Part, wrapped


class ExportScreen(Dialog[str | None]):
    """Gives the path that was agreed to; nothing is written from here."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, desk: Desk, what: str, name: str, kinds: Mapping[str, str]) -> None:
        super().__init__(desk)
        self._what = what
        self._kinds = kinds
        self._path = os.path.join(_folder(), f"{name}{next(iter(kinds))}")

    def title_text(self) -> Clean:
        return line(f"Write {self._what} to a new file")

    def fields(self) -> ComposeResult:
        yield DialogInput(self.submitted, value=self._path, placeholder="path", limit=1024)

    def more_rows(self) -> int:
        return 2

    def lines(self, width: int) -> list[Line]:
        told: list[Line] = []
        chosen = kind_of(self._path, self._kinds)
        for ending, form in self._kinds.items():
            look = "accent" if ending == chosen else "muted"
            told.append((Part(line(f"{ending:<7}"), "key"), Part(line(form), look)))
        note = "readable by you alone; a file that is there is never written over"
        return [*told, *wrapped([], Part(line(note), "muted"), width)]

    def keys(self) -> Sequence[Part]:
        return key_parts(("Enter", "write it"), ("Esc", "leave it"))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._path = event.value
        self.amiss("")
        self.show()

    def submitted(self) -> None:
        path = self.query_one(DialogInput).value.strip()
        if kind_of(path, self._kinds) is None:
            self.amiss(f"the name has to end in {', '.join(self._kinds)}")
        else:
            self.dismiss(path)


def _folder() -> str:
    """Where the program was started; the home folder where that one is gone."""
    try:
        return os.getcwd()
    except OSError:
        return str(Path("~"))


def export_rows(
    screen: DeskScreen, rows: Sequence[Session], kind: ViewKind, *, marked: bool
) -> None:
    """Asks for a path, and hands these sessions over there. `kind` is the view that they are of."""
    desk = screen.desk
    count = f"{len(rows)} session{'' if len(rows) == 1 else 's'}"
    what = f"{count} ({'marked' if marked else f'view {kind.value}'})"
    name = safe_name("sessiontop", kind.value, f"{desk.local(desk.clock.now()):%Y%m%d-%H%M%S}")

    def chosen(path: str | None) -> None:
        ending = kind_of(path or "", ROWS_KINDS)
        if path is not None and ending is not None:
            desk.exports.save(path, rows_text(ending, rows), count)

    screen.app.push_screen(ExportScreen(desk, what, name, ROWS_KINDS), chosen)
