"""What the commands share: which profiles are meant, what is narrated, and which exit code a mixed outcome has."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Sequence

from tui.commands.narrate import say
from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import ConfigProblem, Problem, UsageProblem
from tui.model.profile import Profile
from tui.model.text import Opaque
from tui.profiles.paths import profiles_path
from tui.profiles.store import Loaded, load
from tui.providers import registry
from tui.terminal.environment import utf8

# 3 promises that trying again may help, so it is told only when nothing stands in the way for good.
_WORST_FIRST = (130, 4, 2, 1, 3, 0)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The profiles that a command line means, and why some of them cannot be used."""

    profiles: tuple[Profile, ...]
    problems: tuple[ConfigProblem, ...]


def load_store(only: Collection[str] | None = None) -> Loaded:
    """The user's store. With `only`, just the named profiles are to be used. Raises `ConfigProblem`."""
    return load(profiles_path(), registry.SPECS, os.environ, only, told=say)


def choose(loaded: Loaded, names: Sequence[str]) -> Chosen:
    """The named profiles, or all without a name. Raises `UsageProblem` for a name that is nowhere."""
    if not names:
        if not loaded.profiles and not loaded.problems:
            raise _no_profile(loaded)
        return Chosen(loaded.profiles, loaded.problems)
    by_name = {profile.name: profile for profile in loaded.profiles}
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in by_name and name not in loaded.broken:
            raise _unknown(loaded, name)
    return Chosen(
        tuple(by_name[name] for name in wanted if name in by_name),
        tuple(loaded.broken[name] for name in wanted if name in loaded.broken),
    )


def choose_one(loaded: Loaded, name: str) -> Profile:
    """The one profile of that name. Raises its `ConfigProblem`, or `UsageProblem` when there is none."""
    chosen = choose(loaded, [name])
    if chosen.problems:
        raise chosen.problems[0]
    return chosen.profiles[0]


def reference(text: str) -> Opaque:
    """An id from the command line, to go to the vendor exactly as typed. Raises `UsageProblem`."""
    if not text:
        raise UsageProblem("the id is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageProblem("the id is not UTF-8 text") from None
    return Opaque(text)


def complain(problems: Iterable[tuple[str, Problem] | Problem]) -> int:
    """One sentence on stderr for each problem, with the profile's name where given; gives the exit code."""
    codes = [0]
    for item in problems:
        name, problem = item if isinstance(item, tuple) else ("", item)
        message = problem.message.removeprefix(f"profile {name}: ")
        say(f"{name}: {message}" if name else message)
        codes.append(problem.exit_code)
    return worst(codes)


def worst(codes: Iterable[int]) -> int:
    """The exit code that stands for all of these: the one that waiting heals least."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), 0)


def can_show_glyphs() -> bool:
    """Whether stdout takes more than ASCII."""
    return utf8(os.environ, getattr(sys.stdout, "encoding", None))


def width_of_terminal() -> int | None:
    """The cells of a line when stdout is a terminal; None when it is a pipe or a file, which take any width."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except OSError:
        return 80


def _unknown(loaded: Loaded, name: str) -> UsageProblem:
    known = [profile.name for profile in loaded.profiles] + list(loaded.broken)
    if not known:
        return UsageProblem(_no_profile(loaded).message)
    return UsageProblem(f'there is no profile "{name}"{meant(name, known)}')


def _no_profile(loaded: Loaded) -> ConfigProblem:
    if loaded.exists:
        return ConfigProblem(f"{loaded.path} holds no profile yet: add a table [profiles.NAME]")
    return ConfigProblem(
        f"there is no profile yet: {loaded.path} does not exist "
        "(to look around without one: sessiontop demo)"
    )
