"""A declared operation and its values -> the path and body that travel. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from urllib.parse import quote, unquote, urlencode

from tui.model.lazy_dataclass import dataclass
from tui.model.operation import Body, Operation
from tui.model.problem import UsageProblem
from tui.model.secret import Secret
from tui.net.auth import opened

_NAME = re.compile(r"\{(\w+)\}")
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Content:
    """A request's body; `kind` is its media type, None without a body. `masks` are the secrets it holds."""

    data: bytes | None = field(default=None, repr=False)
    kind: str | None = None
    masks: tuple[str, ...] = field(default=(), repr=False)


NO_CONTENT = Content()


def filled(operation: Operation, values: Mapping[str, str]) -> str:
    """The operation's path with its `{names}` percent-encoded, so that a value is always one part of the path.

    Raises `ValueError` when names and values do not match, and `UsageProblem` for a value that would change
    which path is meant: an empty one, `.` and `..`.
    """
    names = set(_NAME.findall(operation.path))
    if names != set(values):
        raise ValueError(f"{operation.name} takes {sorted(names)}, not {sorted(values)}")
    for name, value in values.items():
        if not value:
            raise UsageProblem(f"{operation.name}: {name} is empty")
    path = _NAME.sub(lambda found: _encoded(operation, values[found[1]]), operation.path)
    if any(unquote(part) in (".", "..") for part in path.split("/")):
        raise UsageProblem(f"{operation.name}: '.' and '..' cannot be sent as an id")
    return path


def content(
    operation: Operation, form: Sequence[tuple[str, str | Secret]], value: object
) -> Content:
    """The operation's body. Raises `ValueError` when it does not declare such a one, `UsageProblem` for text
    that is not Unicode (a half of a surrogate pair)."""
    if (form and operation.body is not Body.FORM) or (
        value is not None and operation.body is not Body.JSON
    ):
        raise ValueError(f"{operation.name} declares the body {operation.body}")
    try:
        if operation.body is Body.FORM:
            pairs, masks = opened(form)
            return Content(urlencode(pairs).encode("ascii"), _FORM, tuple(masks))
        if value is not None:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return Content(text.encode("utf-8"), _JSON)
    except UnicodeEncodeError:
        raise _not_unicode(operation) from None
    return NO_CONTENT


def check_query(operation: Operation, query: Sequence[tuple[str, str]]) -> None:
    """Raises `UsageProblem` when a query holds text that cannot be encoded."""
    try:
        for name, value in query:
            f"{name}{value}".encode()
    except UnicodeEncodeError:
        raise _not_unicode(operation) from None


def _encoded(operation: Operation, value: str) -> str:
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise _not_unicode(operation) from None


def _not_unicode(operation: Operation) -> UsageProblem:
    return UsageProblem(f"{operation.name}: a value holds bytes that are not text")
