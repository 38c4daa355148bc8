"""What `doctor` looks at on this machine: the terminal, the user's files, the versions. Nobody is asked.

Each probe gives one line, which says how it came out and, where something is to be done, what.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shlex import quote
from typing import Final

import tui
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem
from tui.model.text import line
from tui.profiles.document import read
from tui.profiles.paths import config_dir, profiles_path, state_dir
from tui.profiles.permissions import require_private
from tui.profiles.store import Loaded
from tui.providers.base import Verdict
from tui.settings import last_rows
from tui.terminal.environment import refusal, utf8
from tui.terminal.first_facts import settings_in

PACKAGES: Final = (
    "sessiontop",
    "textual",
    "rich",
    "httpx",
    "httpcore",
    "truststore",
    "msgspec",
    "platformdirs",
    "tomli-w",
)
_SMALLEST: Final = (60, 15)
_TMUX_SECONDS: Final = 2.0
_OTHERS = 0o077
_CONFIG_LIMIT: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at; `remedy` says what to do about it."""

    verdict: Verdict
    about: str
    text: str
    remedy: str = ""


def ok(about: str, text: str) -> Line:
    """Nothing to do."""
    return Line(Verdict.OK, about, line(text))


def warn(about: str, text: str, remedy: str = "") -> Line:
    """It works, but not as well as it could."""
    return Line(Verdict.WARN, about, line(text), line(remedy))


def fail(about: str, text: str, remedy: str = "") -> Line:
    """Something does not work."""
    return Line(Verdict.FAIL, about, line(text), line(remedy))


# --- versions ------------------------------------------------------------------------------------------------


def versions() -> Iterator[Line]:
    """This program and what it stands on, without importing any of it."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield ok(
        "versions",
        ", ".join([f"python {python}", *(f"{name} {_version(name)}" for name in PACKAGES)]),
    )
    yield ok("program", f"tui is imported from {Path(tui.__file__).parent}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


# --- the terminal --------------------------------------------------------------------------------------------


def terminal(environ: Mapping[str, str]) -> Iterator[Line]:
    """Whether a full screen can be shown here, and how well."""
    refused = refusal(environ)
    if refused is not None:
        reason, _, otherwise = refused.removeprefix("sessiontop: ").partition("; ")
        yield warn("terminal", f"{reason}: no full screen here", otherwise)
    else:
        yield ok("terminal", f"TERM={environ.get('TERM', '')}, {colours(environ)}")
        yield size()
    yield charset(environ)
    if environ.get("TMUX"):
        yield tmux(environ)


def colours(environ: Mapping[str, str]) -> str:
    """How many colours the terminal says that it has."""
    if environ.get("NO_COLOR"):
        return "no colours (NO_COLOR is set)"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in environ.get("TERM", "") else "16 colours"


def size() -> Line:
    """The cells of the screen, which goes to standard error."""
    try:
        columns, rows = os.get_terminal_size(2)
    except OSError:
        return warn("size", "the terminal does not tell its size")
    told = f"{columns} x {rows} cells"
    if columns < _SMALLEST[0] or rows < _SMALLEST[1]:
        return warn("size", told, f"the full screen needs {_SMALLEST[0]} x {_SMALLEST[1]}")
    return ok("size", told)


def charset(environ: Mapping[str, str]) -> Line:
    """Whether more than ASCII can be shown."""
    if utf8(environ, getattr(sys.stderr, "encoding", None)):
        return ok("characters", "UTF-8")
    return warn(
        "characters",
        "the locale is not UTF-8: signs are drawn in ASCII, and names may be written as escapes",
        "export LC_ALL=C.UTF-8",
    )


def tmux(environ: Mapping[str, str]) -> Line:
    """Whether tmux lets a program copy (OSC 52); tmux(1), set-clipboard."""
    try:
        done = subprocess.run(
            ["tmux", "show-options", "-gv", "set-clipboard"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TMUX_SECONDS,
            env=dict(environ),
        )
    except (OSError, subprocess.TimeoutExpired):
        return warn("tmux", "tmux does not answer, so nothing is known of its clipboard")
    value = done.stdout.decode("utf-8", "replace").strip()
    if value == "on":
        return ok("tmux", "set-clipboard is on: copying works")
    told = f"set-clipboard is {value}" if value else "set-clipboard is not known"
    return warn("tmux", f"{told}: what is copied stops at tmux", "tmux set -g set-clipboard on")


# --- the user's files ----------------------------------------------------------------------------------------


def files(environ: Mapping[str, str]) -> Iterator[Line]:
    """The folders, and each file in them that there is."""
    folder = config_dir(environ)
    yield directory("config folder", folder, "made by the first `sessiontop profile add`")
    yield profiles(profiles_path(environ))
    yield private("tokens.toml", folder / "tokens.toml", missing=None)
    yield own("config.toml", folder / "config.toml")
    yield directory("state folder", state_dir(environ), "made when it is needed")
    yield cache(folder / "config.toml", state_dir(environ))


def directory(about: str, folder: Path, otherwise: str) -> Line:
    """A folder of the user's: there, and closed to others."""
    try:
        info = folder.stat()
    except FileNotFoundError:
        return ok(about, f"{folder} is not there yet ({otherwise})")
    except OSError as error:
        return fail(about, f"{folder} cannot be looked at: {error.strerror}")
    if not stat.S_ISDIR(info.st_mode):
        return fail(about, f"{folder} is not a folder", "move it away")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return fail(about, f"{folder} cannot be used by you", f"chmod 700 {quote(str(folder))}")
    mode = stat.S_IMODE(info.st_mode)
    if mode & _OTHERS:
        told = f"{folder} is open to others (mode {mode:04o})"
        return warn(about, told, f"chmod 700 {quote(str(folder))}")
    return ok(about, f"{folder} (mode {mode:04o})")


def private(about: str, path: Path, missing: Callable[[str, str, str], Line] | None) -> Line:
    """A file with secrets in it, by the same rule as when it is read."""
    try:
        mode = require_private(path)
    except FileNotFoundError:
        if missing is None:
            return ok(about, "there is none")
        return missing(about, f"{path} is not there yet", "sessiontop profile add")
    except ConfigProblem as problem:
        return fail(about, problem.message)
    except OSError as error:
        return fail(about, f"{path} cannot be looked at: {error.strerror}")
    return ok(about, f"{path} (mode {mode:04o})")


def profiles(path: Path) -> Line:
    """The store: private, and what it is written in can be read."""
    found = private("profiles.toml", path, missing=warn)
    if found.verdict is not Verdict.OK:
        return found
    try:
        read(path)
    except ConfigProblem as problem:
        return fail("profiles.toml", problem.message)
    return found


def own(about: str, path: Path) -> Line:
    """A file without secrets: nobody else may write it."""
    try:
        info = path.stat()
    except FileNotFoundError:
        return ok(about, "there is none")
    except OSError as error:
        return fail(about, f"{path} cannot be looked at: {error.strerror}")
    mode = stat.S_IMODE(info.st_mode)
    if mode & 0o022:
        told = f"{path} can be written to by others (mode {mode:04o})"
        return warn(about, told, f"chmod 600 {quote(str(path))}")
    return ok(about, f"{path} (mode {mode:04o})")


def cache(config: Path, state: Path) -> Line:
    """Whether the queue's last rows are kept on the disk, and who could read them there."""
    on, _ = settings_in(last_rows.plain(str(config), _CONFIG_LIMIT))
    kept, mode = state / last_rows.NAME, last_rows.mode(str(state))
    if not on:
        return ok("cache", "off: no session is kept for the next start")
    if mode is None:
        return ok("cache", f"on: {kept} is not there yet")
    if mode & _OTHERS:
        told = f"on, and not used: {kept} is open to others (mode {mode:04o})"
        return warn("cache", told, f"chmod 600 {quote(str(kept))}")
    return ok("cache", f"on: {kept} (mode {mode:04o})")


def store(loaded: Loaded) -> Iterator[Line]:
    """Whether the profiles can be started; of those that can nothing more is said here."""
    for problem in loaded.problems:
        yield fail("profiles", problem.message)
    if loaded.newer:
        yield warn("profiles", "the file is of a newer sessiontop: it is read, and never written")
    if not loaded.problems and loaded.exists:
        count = len(loaded.profiles)
        yield ok("profiles", f"{count} profile{'' if count == 1 else 's'}, all readable")
