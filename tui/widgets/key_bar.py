"""The keys that do something here, in one line, made from the bindings. Greyed when they cannot act now."""

from __future__ import annotations

from textual.binding import Binding

from tui.model.text import line
from tui.terminal.hooks_keys import declared_ids, shown_bindings
from tui.widgets.bar import Bar, cells, joined
from tui.widgets.line_list import Part

_SHOWN_KEYS = {
    "enter": "Enter",
    "escape": "Esc",
    "slash": "/",
    "question_mark": "?",
    "space": "Space",
    "upper_s": "S",
}


def shown_key(binding: Binding) -> str:
    """How a person would name the key."""
    if binding.key_display:
        return binding.key_display
    key = binding.key
    return _SHOWN_KEYS.get(key, key.replace("ctrl+", "^") if key.startswith("ctrl+") else key)


class KeyBar(Bar):
    """The keys of all screens (help, quit) always fit; of the screen's own as many as there is room for."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; background: $panel; color: $text; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[int, list[tuple[Binding, bool]]] | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._compose_keys())
        self.call_after_refresh(self._compose_keys)

    def on_resize(self) -> None:
        self._compose_keys()

    def _compose_keys(self) -> None:
        told = (self.size.width, self._in_order())
        if told == self._told:
            return  # which is so at nearly every key that moves the cursor
        self._told = told
        here: list[list[Part]] = []
        everywhere: list[list[Part]] = []
        seen: set[str] = set()
        for binding, enabled in told[1]:
            if binding.action in seen:
                continue
            seen.add(binding.action)
            of_app = (binding.id or "").startswith("app.")
            (everywhere if of_app else here).append(_group(binding, enabled))
        last = joined(everywhere)
        # Two cells before the last group, and one that every bar leaves free at its end.
        room = self.size.width - cells(last) - 3
        self.say([*_fitting(here, room), *([Part(line("  ")), *last] if here else last)])

    def _in_order(self) -> list[tuple[Binding, bool]]:
        """What is shown, in the order it was declared in: a key of the user's own does not lose its place."""
        found = shown_bindings(self.screen)
        nodes = list(dict.fromkeys(node for node, *_ in found))
        places = {
            (node, id): (number, at)
            for number, node in enumerate(nodes)
            for at, id in reversed(list(enumerate(declared_ids(node))))
        }
        last = (len(nodes), 0)
        found.sort(key=lambda one: places.get((one.node, one.binding.id), last))
        return [(one.binding, one.enabled) for one in found]


def _group(binding: Binding, enabled: bool) -> list[Part]:
    look = ("key", "") if enabled else ("off", "off")
    return [Part(line(shown_key(binding)), look[0]), Part(line(f" {binding.description}"), look[1])]


def _fitting(groups: list[list[Part]], width: int) -> list[Part]:
    parts: list[Part] = []
    used = 0
    for group in groups:
        size = cells(group) + (2 if parts else 0)
        if used + size > width:
            break
        if parts:
            parts.append(Part(line("  ")))
        parts.extend(group)
        used += size
    return parts
