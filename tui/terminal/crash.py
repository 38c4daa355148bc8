"""What is told about a crash: where it happened, in our own words. No locals, no values, no vendor's data.

A traceback with locals would print keys and customers' chats into scroll-back and session recordings. Messages
of exceptions quote what they choked on, so only those of our own problems, which are made for showing, are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, TracebackType
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Problem
from tui.model.text import Clean, line

LIMIT_BYTES: Final = 1000
_FRAMES: Final = 8
_KINDS: Final = 4
_PART: Final = 100
PACKAGE: Final = Path(__file__).resolve().parents[1]


def _is_ours(error: BaseException) -> bool:
    return isinstance(error, Problem)


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One unexpected end. `kinds` are exception types, the outermost first and then what caused it; `frames` are
    "file:line function" of our own files and the innermost one of anybody's, in the order of the calls."""

    kinds: tuple[str, ...]
    frames: tuple[str, ...]
    message: Clean | None

    def text(self) -> str:
        """For the user's terminal: a few lines, each ended, at most `LIMIT_BYTES` bytes of UTF-8."""
        lines = [f"sessiontop stopped on an error of its own: {' from '.join(self.kinds)}"]
        if self.message is not None:
            lines.append(str(self.message))
        lines += [f"  at {frame}" for frame in self.frames]
        lines.append("Vendors keep all sessions; nothing is sent again by itself when you restart.")
        text = "\n".join(lines).encode()[: LIMIT_BYTES - 1].decode(errors="ignore")
        return text + "\n"


def crash_report(
    error: BaseException,
    *,
    may_quote: Callable[[BaseException], bool] = _is_ours,
    package: Path = PACKAGE,
) -> CrashReport:
    """The report of `error`. Its message is kept only when `may_quote(error)`; our files are those in `package`."""
    chain = list(_chain(error))[:_KINDS]
    return CrashReport(
        kinds=tuple(line(type(link).__name__, _PART) for link in chain),
        frames=_frames(_deepest(chain).__traceback__, package),
        message=line(error) if may_quote(error) else None,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what caused it; of a group, its first. Each once: chains can be circular."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        if isinstance(link, BaseExceptionGroup):
            link = link.exceptions[0]
        else:
            link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _deepest(chain: list[BaseException]) -> BaseException:
    """The last link that was raised at all: the original cause, whose frames tell most."""
    return next((link for link in reversed(chain) if link.__traceback__ is not None), chain[0])


def _frames(trace: TracebackType | None, package: Path) -> tuple[str, ...]:
    calls: list[tuple[str, bool]] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        calls.append((_place(code, trace.tb_lineno, package), _inside(code, package)))
        trace = trace.tb_next
    last = len(calls) - 1
    kept = [place for index, (place, ours) in enumerate(calls) if ours or index == last]
    return tuple(kept[-_FRAMES:])


def _inside(code: CodeType, package: Path) -> bool:
    return Path(code.co_filename).is_relative_to(package)


def _place(code: CodeType, number: int, package: Path) -> str:
    path = Path(code.co_filename)
    # Of foreign files the name alone: a home folder names a person.
    shown = path.relative_to(package.parent) if _inside(code, package) else path.name
    return line(f"{shown}:{number} {code.co_qualname}", _PART)
