"""What the first paint knows: the arguments, the names of the profiles, the rows that were last shown.

Read in a hurry, and with the eyes of a reader who understands little: whatever is not plain is left to the program
itself, which reads everything again, strictly, and says what is wrong. Standard library only, nothing that costs.
"""

from __future__ import annotations

import os
import sys

from tui.model.last_known import fresh, printable
from tui.settings import last_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

    from tui.model.last_known import LastKnown, Row

_VIEWS: Final = ("live", "waiting", "mine", "ended", "all")
_FLAGS: Final = ("--read-only", "--low-bandwidth", "--no-mouse", "--plain-output")
_CONFIG_LIMIT: Final = 1024 * 1024

_NO_ROWS: Final[Sequence[Row]] = ()


class Facts:
    """What can be painted. `profiles` are names with their providers, in the store's order; `rows` may be shown now,
    and were last heard of at `seen` (seconds since 1970)."""

    __slots__ = ("calm", "looks", "profiles", "read_only", "rows", "seen", "terminal", "view")

    def __init__(self) -> None:
        self.view = ""
        self.read_only = self.calm = False
        self.profiles: Sequence[tuple[str, str]] = ()
        self.rows: Sequence[Row] = _NO_ROWS
        self.seen = 0.0
        self.terminal = ""
        self.looks: Mapping[str, str] = {}


def gather(argv: list[str], environ: Mapping[str, str], now: float) -> Facts | None:
    """All of it; None where the program has to begin by itself: another command, arguments that are not understood,
    no profile yet, files that are not where they usually are."""
    facts = Facts()
    chosen = _arguments(argv[1:] if argv[:1] == ["watch"] else argv, facts)
    if chosen is None:
        return None
    config, state = config_dir(environ), state_dir(environ)
    if not config:
        return None
    stamp = last_rows.stamp_of(f"{config}/profiles.toml")
    facts.profiles = [
        (name, provider)
        for name, provider in profiles_in(last_rows.plain(f"{config}/profiles.toml", _CONFIG_LIMIT))
        if not chosen or name in chosen
    ]
    if not facts.profiles or not chosen.issubset(name for name, _ in facts.profiles):
        return None
    cache, view = settings_in(last_rows.plain(f"{config}/config.toml", _CONFIG_LIMIT))
    facts.view = facts.view or view
    known = last_rows.read(state) if cache and state else None
    if known is not None:
        _remember(facts, known, stamp, now)
    return facts


def _remember(facts: Facts, known: LastKnown, stamp: str, now: float) -> None:
    facts.looks, facts.terminal = known.looks, known.terminal
    if known.view != facts.view:
        return
    names = {name for name, _ in facts.profiles}
    facts.rows = [row for row in fresh(known, stamp, now) if row.profile in names]
    facts.seen = min((known.seen[row.profile] for row in facts.rows), default=0.0)


def _arguments(argv: Sequence[str], facts: Facts) -> set[str] | None:
    """The profiles that were chosen, all where it is empty; None for what only the real parser understands."""
    chosen: set[str] = set()
    words = iter(argv)
    for word in words:
        option, equals, value = word.partition("=")
        if word in _FLAGS:
            facts.read_only = facts.read_only or word == "--read-only"
            facts.calm = facts.calm or word == "--low-bandwidth"
            continue
        if not equals:
            value = next(words, "")
        if not value or value.startswith("-"):
            return None
        if option == "--profile":
            chosen.add(value)
        elif option == "--view" and value in _VIEWS:
            facts.view = value
        else:
            return None
    return chosen


# --- where the files are ----------------------------------------------------------------------------------------


def config_dir(environ: Mapping[str, str]) -> str:
    """As `profiles.paths.config_dir`, without its imports; empty where only that one knows."""
    return _folder(environ, "SESSIONTOP_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")


def state_dir(environ: Mapping[str, str]) -> str:
    """As `profiles.paths.state_dir`; empty where only that one knows."""
    return _folder(environ, "SESSIONTOP_STATE_DIR", "XDG_STATE_HOME", ".local/state")


def _folder(environ: Mapping[str, str], own: str, xdg: str, usual: str) -> str:
    if environ.get(own):
        return os.path.abspath(os.path.expanduser(environ[own]))
    if sys.platform != "linux":
        return ""
    base = environ.get(xdg, "").strip() or f"{os.path.expanduser('~')}/{usual}"
    return f"{base}/sessiontop"


# --- what is in them --------------------------------------------------------------------------------------------


def profiles_in(data: bytes) -> list[tuple[str, str]]:
    """The profiles' names with their providers, off the lines of a store as this program writes it."""
    found: dict[str, str] = {}
    inside = ""
    for text in data.decode("utf-8", "replace").split("\n"):
        line = text.strip()
        if line.startswith("["):
            name, rest = _name(line)
            inside = "" if rest else name
            if name:
                found.setdefault(name, "")
        elif inside and line.startswith("provider"):
            key, _, value = line.partition("=")
            if key.strip() == "provider":
                found[inside] = _plain(value)
    return list(found.items())


def _name(header: str) -> tuple[str, str]:
    """`[profiles.NAME.REST]`; the name is empty where it is another table, or none that can be read so."""
    if not header.startswith("[profiles."):
        return "", ""
    inner = header[len("[profiles.") :].partition("]")[0].strip()
    if inner[:1] == '"':
        name, _, rest = inner[1:].partition('"')
    else:
        name, _, rest = inner.partition(".")
    return ("", "") if "\\" in name else (printable(name.strip()), rest)


def settings_in(data: bytes) -> tuple[bool, str]:
    """Whether the user's own configuration turns the cache on, and the view that it begins with."""
    cache, view = False, "live"
    for text in data.decode("utf-8", "replace").split("\n"):
        line = text.strip()
        if line.startswith("["):
            break
        key, equals, value = line.partition("=")
        if equals and key.strip() == "cache":
            cache = value.partition("#")[0].strip() == "true"
        elif equals and key.strip() == "view" and _plain(value) in _VIEWS:
            view = _plain(value)
    return cache, view


def _plain(value: str) -> str:
    """A value without its quotes, and without what stands behind it."""
    value = value.strip()
    quote = value[:1]
    return printable(value[1:].partition(quote)[0]) if quote in ('"', "'") else ""
