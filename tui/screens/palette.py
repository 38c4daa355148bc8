"""What the palette offers: what can be done on the screen at hand, not how to move on it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import App, SystemCommand
from textual.screen import Screen

from tui.widgets.key_bar import shown_key

_ROOMS = frozenset({"app", "queue", "detail", "transcript", "log", "table", "profiles"})


def commands_of(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """One command for each key that acts here now."""
    seen: set[str] = set()
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        room = (binding.id or "").split(".")[0]
        offered = room in _ROOMS and (binding.show or room not in ("table", "transcript"))
        if not enabled or not offered or binding.action in seen:
            continue
        seen.add(binding.action)
        action = binding.action
        yield SystemCommand(
            binding.description,
            f"{tooltip}  (key {shown_key(binding)})",
            lambda action=action, node=node: app.run_action(action, node),
        )
