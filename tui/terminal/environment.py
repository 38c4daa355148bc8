"""What is checked and cleaned before the screen starts. Standard library only."""

from __future__ import annotations

import codecs
import os
import sys

# What the first paint needs of this file comes before anything that costs time to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import Final

_WITHOUT_A_TERMINAL: Final = (
    "without a terminal use `sessiontop sessions`, `sessiontop show` or `sessiontop transcript`"
)
_UNUSABLE_TERMS: Final = frozenset({"dumb", "unknown"})

# Everything else that begins with TEXTUAL can write keystrokes or screens to files, open a debugging socket,
# load code or press keys.
_KEPT_VARIABLES: Final = frozenset(
    {
        "TEXTUAL_ALLOW_SIGNALS",
        "TEXTUAL_ANIMATIONS",
        "TEXTUAL_COLOR_SYSTEM",
        "TEXTUAL_DIM_FACTOR",
        "TEXTUAL_DISABLE_KITTY_KEY",
        "TEXTUAL_FPS",
        "TEXTUAL_SMOOTH_SCROLL",
        "TEXTUAL_SPEEDUPS",
        "TEXTUAL_THEME",
    }
)
# An unknown value would be a crash at start.
_COLOR_SYSTEMS: Final = frozenset({"auto", "standard", "256", "truecolor"})

_PR_SET_DUMPABLE: Final = 4


def refusal(
    environ: Mapping[str, str], stdin: int = 0, stdout: int = 1, stderr: int = 2
) -> str | None:
    """Why a full screen cannot be shown here: one line for stderr, after which the caller exits 2. None: it can.

    Keys come from stdin and the screen goes to stderr, so both must be terminals; stdout may be anything that is
    open. A locale without UTF-8 is no reason: see `utf8`.
    """
    for name, fd in (("standard input", stdin), ("standard error", stderr)):
        if not _is_open(fd):
            return _sentence(f"{name} is closed")
        if not os.isatty(fd):
            return _sentence(f"{name} is not a terminal")
    if not _is_open(stdout):
        return _sentence("standard output is closed")
    term = environ.get("TERM", "").strip()
    if term in _UNUSABLE_TERMS:
        return _sentence(f"TERM={term} cannot show a full screen")
    if not term and not (environ.get("COLORTERM") or environ.get("TERM_PROGRAM")):
        return _sentence("TERM is not set, so nothing is known of this terminal")
    return None


def _sentence(reason: str) -> str:
    return f"sessiontop: {reason}; {_WITHOUT_A_TERMINAL}"


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def utf8(environ: Mapping[str, str], stream_encoding: str | None) -> bool:
    """Whether glyphs beyond ASCII may be used on a stream with this encoding.

    A C or POSIX locale counts as capable: Python writes UTF-8 there (PEP 538, PEP 540) and so do terminals of
    today. A locale that names another character set does not, whatever PYTHONUTF8 says of the stream.
    """
    if not _is_utf8(stream_encoding or ""):
        return False
    locale = next(
        (environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), ""
    )
    charset = locale.partition("@")[0].partition(".")[2]
    return not charset or _is_utf8(charset)


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except LookupError:
        return False


def scrub_environment(environ: MutableMapping[str, str]) -> None:
    """Call before Textual is imported, with `os.environ`: no debugging files, private new files, no core dumps.

    Deletes the TEXTUAL variables that write keystrokes, logs or screenshots or load code, and keeps those of
    appearance; sets umask 077; forbids core dumps, which would hold keys and customers' data.
    """
    for name in list(environ):
        if name.startswith("TEXTUAL") and name not in _KEPT_VARIABLES:
            del environ[name]
    if environ.get("TEXTUAL_COLOR_SYSTEM", "auto") not in _COLOR_SYSTEMS:
        del environ["TEXTUAL_COLOR_SYSTEM"]
    os.umask(0o077)
    _forbid_core_dumps()


def _forbid_core_dumps() -> None:
    import contextlib
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A core pattern that is a pipe does not look at the limit: core(5).
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
