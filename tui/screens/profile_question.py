"""The two questions about profiles: whether one is to go, and whether one is kept though its keys do not work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.live.messages import Account
from tui.model.text import Clean, line
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog, key_parts
from tui.screens.profile_words import Checkup, found, provider_of
from tui.widgets.dialog_input import DialogInput
from tui.widgets.line_list import Line, Part, wrapped


class RemoveScreen(Dialog[bool | None]):
    """What is lost; the profile's name has to be typed, as on the command line."""

    def __init__(self, desk: Desk, account: Account, *, loses_comments: bool) -> None:
        super().__init__(desk)
        self._account = account
        self._loses_comments = loses_comments

    def title_text(self) -> Clean:
        return line(f"Remove {self._account.listed.name}?")

    def lines(self, width: int) -> list[Line]:
        told: list[Line] = []
        for text in self._lost():
            told += wrapped([], Part(text), width)
        return told

    def _lost(self) -> list[Clean]:
        """In words what goes for good, and what stays where it is."""
        account = self._account
        keys = account.listed.keys
        inside = [state.key for state in keys if state.words.startswith("in the file")]
        outside = [state.words for state in keys if state.key not in inside]
        texts = [f"{provider_of(self.desk, account)}: its settings are lost."]
        if inside:
            verb = "is" if len(inside) == 1 else "are"
            texts.append(f"{', '.join(inside)} too, which {verb} kept only here.")
        if account.signed_in:
            texts.append("Its sign-in is lost too.")
        if outside:
            texts.append(f"What lies elsewhere stays: {', '.join(outside)}.")
        if self._loses_comments:
            texts.append("The comments in the file go with the rewrite.")
        texts.append("Nothing changes at the vendor.")
        return [line(text, 400) for text in texts]

    def fields(self) -> ComposeResult:
        yield DialogInput(self.submitted, placeholder=f"type {self._account.listed.name}")

    def more_rows(self) -> int:
        return 2

    def keys(self) -> Sequence[Part]:
        return key_parts(("Enter", "remove it, once the name is typed"), ("Esc", "leave it"))

    def submitted(self) -> None:
        typed = self.query_one(DialogInput).value.strip()
        if self.too_soon():
            return
        if typed == self._account.listed.name:
            self.dismiss(True)
        else:
            self.amiss(f"type {self._account.listed.name} to remove it, or press Esc")


class AllTheSameScreen(Dialog[bool | None]):
    """The check failed. Only `y` after a pause saves all the same."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "save it", id="question.yes"),
        Binding("enter", "leave", "leave it", id="question.no"),
    ]

    def __init__(self, desk: Desk, name: str, checkup: Checkup) -> None:
        super().__init__(desk)
        self._name, self._checkup = name, checkup

    def title_text(self) -> Clean:
        return line(f"The check of {self._name} failed. Save it all the same?")

    def lines(self, width: int) -> list[Line]:
        return found(self._checkup, width, ascii_only=self.desk.ascii_only)

    def keys(self) -> Sequence[Part]:
        return key_parts(("y", "save it all the same"), ("Enter, Esc", "back to the form"))

    def action_yes(self) -> None:
        if not self.too_soon():
            self.dismiss(True)
