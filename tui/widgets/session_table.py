"""The queue's list: sessions in columns, painted by difference, with a selection that follows its session."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer

from tui.model.session import Key, Session
from tui.widgets.age_ticker import AgeTicker
from tui.widgets.selection import find
from tui.widgets.session_lines import CursorStyle, SessionLines

VISIBLE_SECONDS = 0.25
_KEYS = (
    ("down,j", "cursor_by(1)", "Next session", "down"),
    ("up,k", "cursor_by(-1)", "Session above", "up"),
    ("home,g", "cursor_end(False)", "First session", "top"),
    ("end,G", "cursor_end(True)", "Last session", "bottom"),
    ("ctrl+d", "cursor_half(1)", "Half a page down", "half-down"),
    ("ctrl+u", "cursor_half(-1)", "Half a page up", "half-up"),
    ("pagedown", "cursor_page(1)", "A page down", "page-down"),
    ("pageup", "cursor_page(-1)", "A page up", "page-up"),
    ("enter", "open", "Open the session: everything known of it", "open"),
)


# Those that the key bar shows, by their short names.
_SHORT = {"open": "open"}


class SessionTable(SessionLines):
    """Rows are given whole with `show`; nothing is kept of a row that is not on screen.

    The arguments are those of `SessionLines`. Ages and waits are repainted when they next read differently, by
    one timer that rests while the table is not to be seen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            keys,
            action,
            _SHORT.get(name, words),
            tooltip=words,
            show=name in _SHORT,
            id=f"table.{name}",
        )
        for keys, action, words, name in _KEYS
    ]

    AT_ONCE = frozenset({"cursor_by", "cursor_end", "cursor_half", "cursor_page"})
    """Actions that have done all they do when they return: no key has to wait for their messages."""

    class Opened(Message):
        """Enter on the selected session, or a click on it."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    class Selected(Message):
        """Another session is selected now; None when there is no row."""

        def __init__(self, key: Key | None) -> None:
            super().__init__()
            self.key = key

    class Marked(Message):
        """The marks changed; all of them."""

        def __init__(self, keys: frozenset[Key]) -> None:
            super().__init__()
            self.keys = keys

    class VisibleChanged(Message):
        """Other sessions are on screen now, top first; at most four times a second."""

        def __init__(self, keys: tuple[Key, ...]) -> None:
            super().__init__()
            self.keys = keys

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        provider_names: Mapping[str, str],
        latest: Callable[[Key], Session | None] | None = None,
        ascii_only: bool = False,
        cursor_style: CursorStyle = "line",
        calm: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(
            now=now,
            provider_names=provider_names,
            latest=latest,
            ascii_only=ascii_only,
            cursor_style=cursor_style,
            calm=calm,
            id=id,
        )
        self._ticker = AgeTicker(self, self.sync)
        self._told: tuple[Key, ...] = ()
        self._noted: tuple[range, int | None] | None = None
        self._telling: Timer | None = None

    # --- rows -------------------------------------------------------------------------------------------

    def show(
        self,
        rows: Sequence[Session],
        *,
        changed: Collection[Key] | None = None,
        tombstone: bool = True,
    ) -> None:
        """The view as it is now. What changed on screen is found by comparing, the list is kept as it is.

        `changed`, where known, holds what was added or updated since the last call under the same filter: a
        selected session that vanished is then not looked for in all rows again. `tombstone=False` is for a view
        that the user changed: a selected session that is not in it makes way.
        """
        chosen = self._selection
        key, index, top = chosen.key, chosen.index, self.scroll_offset.y
        line = index - top
        above = chosen.row(top) if 0 < top < len(chosen) else None
        chosen.replace(rows, tombstone=tombstone, changed=changed)
        self._noted = None
        self.set_lines(len(chosen) + 1)
        if not chosen.chosen and top == 0:
            if chosen.index >= max(1, self.page):
                chosen.move(0)
            new_top = 0
        elif 0 <= line < self.page:
            new_top = chosen.index - line if index > 0 else self._seen(top)
        else:
            found = None if above is None else find(rows, above.key, top)
            new_top = top if found is None else found
        self._go(new_top)
        self._announce(key)

    def visible_keys(self) -> tuple[Key, ...]:
        """The sessions on screen, top first; a tombstone is not among them."""
        chosen = self._selection
        return tuple(chosen.row(i).key for i in self._shown() if not chosen.is_tombstone(i))

    @property
    def settled(self) -> bool:
        """Whether the rows are drawn, if there are any."""
        return bool(self._frame) or not self.rows

    @property
    def next_tick(self) -> datetime | None:
        """When a visible age or wait is next repainted; None while none will be."""
        return self._ticker.due

    # --- selection and marks ----------------------------------------------------------------------------

    @property
    def selected_key(self) -> Key | None:
        """The selected session's key, also while only its tombstone is left."""
        return self._selection.key

    @property
    def selected(self) -> Session | None:
        """The selected session, as far as it is known; None without any row."""
        chosen = self._selection
        if chosen.session is None or not chosen.gone or chosen.latest is None:
            return chosen.session
        return chosen.latest(chosen.session.key) or chosen.session

    @property
    def selected_is_gone(self) -> bool:
        """Whether the selected session has left the rows and only its tombstone is shown."""
        return self._selection.gone

    def select(self, key: Key) -> bool:
        """Selects that session and brings it into sight; False when it has no row."""
        if key == self.selected_key and not self._selection.gone:
            self._selection.chosen = True
            return True
        index = find(self.rows, key, self._selection.index)
        if index is None:
            return False
        if self._selection.gone and index >= self._selection.index:
            index += 1
        self._select_row(index)
        return True

    def follow(self, replaced: Mapping[Key, Key]) -> None:
        """Sessions that go on under another id since the last `show`: selected or marked, they stay so. To be called
        before the `show` that brings them."""
        key, chosen = self.selected_key, self._selection
        newer = replaced.get(key) if key is not None else None
        session = chosen.latest(newer) if newer is not None and chosen.latest is not None else None
        if session is not None:
            chosen.follow(session)
        if self._marks & replaced.keys():
            self.marked = {replaced.get(mark, mark) for mark in self._marks}

    @property
    def marked(self) -> frozenset[Key]:
        """The marked sessions; one that left the rows stays marked until it is unmarked here."""
        return self._marks

    @marked.setter
    def marked(self, keys: Collection[Key]) -> None:
        marks = frozenset(keys)
        if marks != self._marks:
            self._marks = marks
            self.sync()
            self.post_message(self.Marked(marks))

    # --- painting ---------------------------------------------------------------------------------------

    def sync(self) -> None:
        self._now = self._clock()
        self._repaint()

    def tick(self, now: datetime) -> None:
        """Repaints the ages and waits that read differently now."""
        self._now = now
        self._repaint()

    def _repaint(self) -> None:
        super().sync()
        if self.in_front:
            self._ticker.arm(self._now, self._painted.due if self._shown() else None)
            self._note_visible()
        else:
            self._ticker.stop()

    # --- keys, mouse, screen ----------------------------------------------------------------------------

    def action_cursor_by(self, rows: int) -> None:
        self._select_row(self._selection.index + rows)

    def action_cursor_end(self, bottom: bool) -> None:
        self._select_row(len(self._selection) if bottom else 0)

    def action_cursor_half(self, sign: int) -> None:
        self.action_cursor_by(sign * max(1, self.page // 2))

    def action_cursor_page(self, sign: int) -> None:
        self.action_cursor_by(sign * max(1, self.page - 1))

    def action_open(self) -> None:
        if self.selected_key is not None:
            self.post_message(self.Opened(self.selected_key))

    def mark(self) -> None:
        """Marks the selected session, or unmarks it, and goes down; what is gone cannot be marked."""
        key = self.selected_key
        if key is not None and not self._selection.gone:
            self.marked = self._marks ^ {key}
        self.action_cursor_by(1)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1:
            return
        index = self.scroll_offset.y + offset.y - 1
        if offset.y < 1 or index >= len(self._selection):
            return
        if index == self._selection.index:
            self.action_open()
        else:
            self._select_row(index)

    def on_resize(self) -> None:
        self.set_lines(len(self._selection) + 1)
        self._go(self._seen(self.scroll_offset.y))

    def on_show(self) -> None:
        self.sync()

    def on_hide(self) -> None:
        self._ticker.stop()

    def _select_row(self, index: int) -> None:
        before = self.selected_key
        self._selection.chosen = True
        self._selection.move(index)
        self.set_lines(len(self._selection) + 1)
        self._go(self._seen(self.scroll_offset.y))
        self._announce(before)

    def _seen(self, top: int) -> int:
        """The first line to show, as near to `top` as the selected row can be seen from."""
        index = self._selection.index
        return max(min(top, index), index - max(1, self.page) + 1)

    def _go(self, top: int) -> None:
        before = self.scroll_offset.y
        self.jump(max(0, min(top, len(self._selection) - self.page)))
        if self.scroll_offset.y == before:
            self.sync()

    def _announce(self, before: Key | None) -> None:
        if self.selected_key != before:
            self.post_message(self.Selected(self.selected_key))

    def _note_visible(self) -> None:
        chosen = self._selection
        place = (self._shown(), chosen.index if chosen.gone else None)
        if place == self._noted or self._telling is not None:
            return
        self._noted = place  # of the same rows: a key that scrolls nothing brings nobody into sight
        if self.visible_keys() != self._told:
            self._telling = self.set_timer(VISIBLE_SECONDS, self._tell_visible)

    def _tell_visible(self) -> None:
        self._telling = None
        keys = self.visible_keys()
        if keys != self._told:
            self._told = keys
            self.post_message(self.VisibleChanged(keys))
