"""What can go wrong, as one tree. Every problem says in one clear sentence what happened and what to do.

The message is always `Clean`: it may quote a vendor. The exit code is the command line's contract:
1 the vendor refused, 2 usage or configuration, 3 try again later, 4 a write whose outcome is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from tui.model.text import Clean, line

if TYPE_CHECKING:
    from tui.model.intent import Intent  # what `--help` has no need of

MESSAGE_LIMIT = 400


class Problem(Exception):
    """The root. `message` is one sentence, safe to show anywhere."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str) -> None:
        self.message: Clean = line(message, MESSAGE_LIMIT)
        super().__init__(self.message)

    def bare(self) -> Self:
        """Itself without a trace, for keeping and showing: frames hold bodies, headers and libraries' texts."""
        self.__context__ = self.__cause__ = None
        return self.with_traceback(None)


class UsageProblem(Problem):
    """A command line that cannot be carried out as it stands."""

    exit_code = 2


class Repeated(UsageProblem):
    """The very same write is on its way, or was done a moment ago: this one was not sent."""


class ConfigProblem(Problem):
    """A file of the user's that cannot be used as it stands."""

    exit_code = 2


class ReadOnly(Problem):
    """A write that a read-only profile does not send."""

    exit_code = 2


class Unreachable(Problem):
    """Nothing was sent, and trying again is safe: no connection was made, or no valid credential could be had.

    `retry_after` are the seconds to wait before that, where somebody said so.
    """

    exit_code = 3

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NoAnswer(Problem):
    """The request may have reached the vendor; no usable end of an answer came."""

    exit_code = 3


class BadAnswer(Problem):
    """An answer the vendor does not document: HTML, too large, a strange encoding, a redirect, a foreign link."""

    exit_code = 3


class Refused(Problem):
    """The vendor answered, and said no. `status` is the HTTP status, `code` the vendor's own error code if any."""

    def __init__(self, message: str, status: int, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code: Clean | None = None if code is None else line(code, 64)


class KeysRejected(Refused):
    """The vendor does not accept the profile's keys, or they may not do this (401, 403)."""


class NotFound(Refused):
    """The vendor knows no such thing (404)."""


class UnknownOutcome(Problem):
    """A write that may have reached the vendor and got no usable answer. Never sent again by itself.

    `intent` is what was written down of it; None where it is not known whether it was sent at all.
    """

    exit_code = 4

    def __init__(self, message: str, intent: Intent | None = None) -> None:
        super().__init__(message)
        self.intent = intent


class Busy(Refused):
    """429 or 5xx: try again later, not before `retry_after` seconds when the vendor said so."""

    exit_code = 3

    def __init__(
        self, message: str, status: int, code: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, status, code)
        self.retry_after = retry_after
