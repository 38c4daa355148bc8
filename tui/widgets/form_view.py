"""A form on the screen, for the keyboard. What Enter does is said at the head of `form_state`.

Every printable character belongs to the form while it has the focus. It calls at once instead of posting
messages: keys that were typed ahead must find what the one before has done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.model.clock import Clock
from tui.model.text import NO_TEXT, Clean
from tui.widgets.form_lines import Layout, layout, value_cells
from tui.widgets.form_state import Entered, FormState
from tui.widgets.frame_view import FrameView, Line, Run
from tui.widgets.glyphs import glyphs

HEELS_SECONDS = 0.3
"""An Enter so soon after a character was not typed by a person: it sends nothing."""


class FormView(FrameView):
    """`fill` gives it a form. `moved` is called after whatever changed, `sent` when Enter on the button sends,
    `held` with the reason when an Enter did not."""

    LOOK_PREFIX = "form-view"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"form-view--{look}"
        for look in (
            "mark",
            "label",
            "label-on",
            "value",
            "free",
            "field-on",
            "cursor",
            "picked",
            "picked-on",
            "other",
            "button",
            "button-on",
            "muted",
            "warning",
            "bad",
            "off",
        )
    }
    DEFAULT_CSS = """
    FormView > .form-view--mark { color: $accent; text-style: bold; }
    FormView > .form-view--label { color: $text-muted; }
    FormView > .form-view--label-on { text-style: bold; }
    FormView > .form-view--free { color: $foreground 25%; }
    FormView > .form-view--field-on { background: $panel-lighten-1; }
    FormView > .form-view--cursor { text-style: reverse; }
    FormView > .form-view--picked { text-style: bold; }
    FormView > .form-view--picked-on { color: $accent; text-style: bold; }
    FormView > .form-view--other { color: $text-muted; }
    FormView > .form-view--button { text-style: bold; }
    FormView > .form-view--button-on { text-style: bold reverse; color: $accent; }
    FormView > .form-view--muted { color: $text-muted; }
    FormView > .form-view--warning { color: $warning; }
    FormView > .form-view--bad { color: $error; text-style: bold; }
    FormView > .form-view--off { color: $text-disabled; }
    FormView:ansi > .form-view--free { color: ansi_bright_black; }
    FormView:ansi > .form-view--field-on { background: ansi_default; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "next, send", key_display="Enter", id="form.enter"),
        Binding(
            "tab", "next", "next field", key_display="Tab", tooltip="the next field", id="form.next"
        ),
        Binding("shift+tab", "previous", "field before", show=False, id="form.previous"),
        Binding("down", "row(1)", "line or field below", show=False, id="form.down"),
        Binding("up", "row(-1)", "line or field above", show=False, id="form.up"),
        Binding("pagedown", "page(1)", "down to the button", show=False, id="form.page-down"),
        Binding("pageup", "page(-1)", "up to the first field", show=False, id="form.page-up"),
        Binding(
            "ctrl+r",
            "start_over",
            "start over",
            tooltip="back to the defaults",
            id="form.start-over",
        ),
    ]

    def __init__(
        self,
        clock: Clock,
        *,
        sent: Callable[[], None],
        moved: Callable[[], None],
        held: Callable[[str], None],
        ascii_only: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._sent, self._moved, self._held = sent, moved, held
        self._glyphs = glyphs(ascii_only=ascii_only)
        self._state: FormState | None = None
        self._button = NO_TEXT
        self._layout = Layout([], 0, 0)
        self._typed_at: float | None = None

    def fill(self, state: FormState, button: Clean) -> None:
        """The form to fill in, and the words on its button. Again after a change from outside."""
        self._state, self._button = state, button
        self._show()
        self.refresh_bindings()

    @property
    def state(self) -> FormState | None:
        """The form that is filled in."""
        return self._state

    def settle(self) -> None:
        """The form comes back with something to read: an Enter that was already under way sends nothing."""
        self._typed_at = self._clock.monotonic()

    # --- painting ---------------------------------------------------------------------------------------------

    def frame(self, width: int, height: int) -> list[Line]:
        top = self.scroll_offset.y
        lines = self._layout.lines[top : top + height]
        # A line that fills nothing would not be repainted where a longer form stood before.
        blank: Line = (Run(" " * width),)
        return [*lines, *([blank] * (height - len(lines)))]

    def _show(self) -> None:
        """Lays the form out, brings the cursor's place into sight, and paints what differs."""
        if self._state is None:
            return
        width, height = self.view_size
        if not (width and height):
            return
        self._layout = made = layout(self._state, width, self._button, self._glyphs)
        self.set_lines(len(made.lines))
        top = self.scroll_offset.y
        # The button is seen together with the line above it, the first field from the top.
        top = max(0, min(top, made.first - 1), made.last + 2 - height)
        self.jump(max(0, min(top, len(made.lines) - height)))
        self.sync()

    def on_resize(self) -> None:
        self._show()

    # --- keys -----------------------------------------------------------------------------------------------

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are text here, whatever they mean elsewhere."""
        return character is not None and character.isprintable()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is on its way is neither sent again nor changed: these keys are greyed."""
        locked = self._state is not None and self._state.locked
        return None if locked and action in ("enter", "start_over") else True

    def on_key(self, event: events.Key) -> None:
        state = self._state
        if state is None:
            return
        if event.character is not None and event.is_printable:
            event.stop()
            event.prevent_default()
            self._typed_at = self._clock.monotonic()
            state.insert(event.character)
        elif not state.press(event.key):
            return
        else:
            event.stop()
            event.prevent_default()
        self._changed()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self._state is not None:
            self._typed_at = self._clock.monotonic()
            self._state.paste(event.text)
            self._changed()

    def _changed(self) -> None:
        self._show()
        self._moved()

    def action_enter(self) -> None:
        """Enter. On the heels of a character it is part of a paste, and sends nothing."""
        state = self._state
        if state is None:
            return
        since = None if self._typed_at is None else self._clock.monotonic() - self._typed_at
        if state.current is None and since is not None and since < HEELS_SECONDS:
            self._held("Enter again sends it")
            return
        state.check()
        entered = state.enter()
        self._changed()
        if entered is Entered.SEND:
            self._sent()
        elif entered is Entered.FAULTY:
            self._held(state.complaint or NO_TEXT)

    def action_next(self) -> None:
        self._move(1)

    def action_previous(self) -> None:
        self._move(-1)

    def _move(self, by: int) -> None:
        if self._state is not None:
            self._state.move(by)
            self._changed()

    def action_row(self, by: int) -> None:
        if self._state is not None:
            self._state.move_row(by, value_cells(self._state, self.view_size.width))
            self._changed()

    def action_page(self, by: int) -> None:
        if self._state is not None:
            self._state.go_to_end(by > 0)
            self._changed()

    def action_start_over(self) -> None:
        if self._state is not None:
            self._state.start_over()
            self._changed()
