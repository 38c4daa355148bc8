"""`[keys]` of config.toml: other keys for what has an id. What is wrong is refused in words, the rest holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant

# What tmux, screen, or the terminal itself takes, or sends for other keys (ctrl+h, i, j, m).
TAKEN = frozenset(f"ctrl+{letter}" for letter in "abhijms")


@dataclass(frozen=True, slots=True)
class Bindings:
    """What there is to remap: ids with their own keys; `together` are the ids that act on one screen at a time.

    `key_name` gives the one name of a key however it is written, None where there is no such key. `typing` are the
    ids that act while a text is typed: no character can be theirs.
    """

    keys: Mapping[str, tuple[str, ...]]
    together: Collection[frozenset[str]]
    key_name: Callable[[str], str | None]
    typing: frozenset[str] = frozenset()


def remapped(
    wanted: Mapping[str, object], bindings: Bindings
) -> tuple[dict[str, str], dict[str, str]]:
    """The remapping that holds (id to keys, with commas between), and what is wrong with the rest, by id."""
    good: dict[str, tuple[str, ...]] = {}
    faults: dict[str, str] = {}
    for id, value in wanted.items():
        try:
            good[id] = _checked(id, value, bindings)
        except ValueError as fault:
            faults[id] = str(fault)
    # What is refused keeps its own key, which another one may have been given.
    while clashes := dict(_clashes(good, bindings)):
        faults |= clashes
        for id in clashes:
            del good[id]
    return {id: ",".join(keys) for id, keys in good.items()}, faults


def _checked(id: str, value: object, bindings: Bindings) -> tuple[str, ...]:
    """The keys for one id. Raises `ValueError` with what is wrong."""
    if id not in bindings.keys:
        raise ValueError(f"there is no such key to set{meant(id, bindings.keys)}")
    given = value if isinstance(value, list) else [value]
    written = [one for one in given if isinstance(one, str) and one]
    if not written or len(written) < len(given):
        raise ValueError('it must be a key in quotes, or a list of keys: "f5", ["r", "f5"]')
    found = []
    for one in written:
        name = bindings.key_name(one)
        if name is None:
            raise ValueError("there is no such key: a character, f1, ctrl+r, alt+x, pageup, ...")
        if name in TAKEN:
            raise ValueError(f"{name} never arrives: tmux or the terminal takes it")
        if id in bindings.typing and len(one) == 1:
            raise ValueError("a character is text here: it must be another key")
        found.append(name)
    return tuple(dict.fromkeys(found))


def _clashes(
    wanted: Mapping[str, tuple[str, ...]], bindings: Bindings
) -> Iterator[tuple[str, str]]:
    keys = {**bindings.keys, **wanted}
    for id in wanted:
        for other in sorted({other for room in bindings.together if id in room for other in room}):
            shared = set(keys[id]) & set(keys[other])
            # Two that share a key by themselves do so on purpose: the inner one goes first.
            if other != id and shared - (set(bindings.keys[id]) & set(bindings.keys[other])):
                yield id, f"{min(shared)} is the key of {other}: give that another one too"
                break
