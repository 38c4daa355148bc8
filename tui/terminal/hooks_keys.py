"""Which keys do something now, asked for only as far as somebody wants to know. It belongs to hooks.py.

The framework's own `active_bindings` asks every binding there is whether it can act. At each cursor key only the few
that the key bar shows are needed, and of a key that was pressed only its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.actions import parse
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen


def declared_ids(node: DOMNode) -> list[str | None]:
    """The ids of a node's bindings as they were declared, whatever keys they have been given since."""
    return [binding.id for _key, binding in node._bindings]


def active_binding(screen: Screen[Any], key: str) -> ActiveBinding | None:
    """What a key does on this screen now: as `screen.active_bindings` has it."""
    return _first_active(
        screen,
        (
            (node, binding)
            for node, bindings in screen._modal_binding_chain
            for binding in bindings.key_to_bindings.get(key, ())
        ),
    )


def shown_bindings(screen: Screen[Any]) -> list[ActiveBinding]:
    """Those of `screen.active_bindings` that are to be shown, those nearest to what has the focus first."""
    chain = screen._modal_binding_chain
    bound: dict[str, list[tuple[DOMNode, Binding]]] = {}
    for node, bindings in chain:
        for key, its_own in bindings.key_to_bindings.items():
            bound.setdefault(key, []).extend((node, binding) for binding in its_own)
    shown = (each for each in bound.values() if any(binding.show for _node, binding in each))
    active = (_first_active(screen, each) for each in shown)
    found = [one for one in active if one is not None and one.binding.show]
    places = {node: place for place, (node, _bindings) in enumerate(chain)}
    return sorted(found, key=lambda one: places[one.node])


async def take_at_once(screen: Screen[Any], key: str) -> bool:
    """Does what the key is bound to in the widget that has the focus, if that widget names the action among those
    that are done when they return (`AT_ONCE`). The usual way takes the key to the widget, up to the app and back."""
    focused = screen.focused
    at_once: frozenset[str] = getattr(focused, "AT_ONCE", frozenset())
    if focused is None or not at_once:
        return False
    chain = [(node, found.key_to_bindings.get(key, ())) for node, found in screen._binding_chain]
    if any(binding.priority for _node, bindings in chain for binding in bindings):
        return False
    node, bindings = chain[0]
    if node is not focused or len(bindings) != 1 or parse(bindings[0].action)[1] not in at_once:
        return False
    screen._clear_tooltip()
    return await screen.app.run_action(bindings[0].action, focused)


def _first_active(
    screen: Screen[Any], bound: Iterable[tuple[DOMNode, Binding]]
) -> ActiveBinding | None:
    """The nearest that is not hidden; one with priority goes before one without."""
    first: ActiveBinding | None = None
    for node, binding in bound:
        if first is not None and (first.binding.priority or not binding.priority):
            continue
        state = screen.app._check_action_state(binding.action, node)
        if state is not False:
            first = ActiveBinding(node, binding, bool(state), binding.tooltip)
    return first
