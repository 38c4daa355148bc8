"""Tolerant decoding that all providers share: an answer is split into rows, each row is read on its own.

A row is read by msgspec into a declared Struct; when that fails it is read again field by field: a bad field is
absent and told as drift, and only a row without an id is set aside. Nothing here raises but `BadAnswer`, and
only for an answer that holds no list at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec

from tui.model.problem import BadAnswer
from tui.model.secret import Secret
from tui.model.session import FieldValue, Session
from tui.model.text import Clean, block, line
from tui.providers.base import Decoded
from tui.providers.values import KINDS, Kind, number_text, odd, sendable, text

# Everything that reading a hostile row may raise. msgspec's errors and UnicodeError are ValueErrors.
FAILURES: Final = (ValueError, RecursionError, OverflowError)

_MEMBERS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROWS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_FIELD_LIMIT: Final = 4096
Row = TypeVar("Row", bound=msgspec.Struct)


class Layout:
    """How a vendor wraps its rows, declared once: the member that holds them, and those beside it that are read.

    An answer that is wrapped so is taken apart in one pass over its bytes; any other is opened in two, first by the
    names and then the rows.
    """

    def __init__(self, rows: str, *beside: str) -> None:
        slots = {f"beside_{number}": name for number, name in enumerate(beside)}
        self.rows: Final = rows
        self._slots: Final = tuple(slots.items())
        members = [("rows", list[msgspec.Raw] | None, None)]
        kind = msgspec.defstruct(
            "Wrapped",
            [*members, *((slot, msgspec.Raw, msgspec.Raw()) for slot in slots)],
            rename={"rows": rows, **slots},
            gc=False,
        )
        self._decode: Final[Callable[[bytes], Any]] = msgspec.json.Decoder(kind).decode

    def cut(self, body: bytes) -> tuple[tuple[bytes, ...], dict[str, bytes]] | None:
        """The rows, and what is beside them, empty where it is absent; None where it is not wrapped so."""
        try:
            found = self._decode(body)
        except FAILURES:
            return None
        if found.rows is None:
            return None
        # bytes() copies: a kept Raw would keep the whole page in memory.
        beside = {name: bytes(getattr(found, slot)) for slot, name in self._slots}
        return tuple(map(bytes, found.rows)), beside


class Envelope:
    """A listing's answer taken apart, its rows not yet read. A bare array is an envelope without a name."""

    def __init__(self, body: bytes, what: str, layout: Layout | None = None) -> None:
        """`what` was asked for; `layout` is how the answer should be wrapped, where that is known.

        Raises `BadAnswer` when the body is neither a JSON object nor an array.
        """
        self._body, self._what = body, what
        self._rows: tuple[bytes, ...] | None = None
        self._members: Mapping[str, bytes | msgspec.Raw] | None = None
        self._expected = None if layout is None else layout.rows
        self._cut = None if layout is None else layout.cut(body)
        if self._cut is None:
            self._open()

    def _open(self) -> Mapping[str, bytes | msgspec.Raw]:
        """Its members by name; none of an array, whose rows are known from then on. Raises `BadAnswer`."""
        if self._members is None:
            self._members = {}
            try:
                if self._body.lstrip()[:1] == b"[":
                    self._rows = tuple(map(bytes, _ROWS.decode(self._body)))
                else:
                    self._members = _MEMBERS.decode(self._body)
            except FAILURES:
                self._members = self._open_loosely()
        return self._members

    def _open_loosely(self) -> Mapping[str, bytes]:
        # One row with bytes that JSON does not allow must not hide the others.
        value = loose(self._body)
        if isinstance(value, dict):
            return {name: packed(member) for name, member in value.items()}
        if not isinstance(value, list):
            raise BadAnswer(f"{self._what}: the answer is not the JSON that the vendor documents")
        self._rows = tuple(map(packed, value))
        return {}

    def _member(self, name: str) -> bytes:
        """One member as it came; empty when it is absent."""
        if self._cut is not None and name in self._cut[1]:
            return self._cut[1][name]
        return bytes(self._open().get(name, b""))

    def value(self, name: str) -> object:
        """One member of the envelope, read; None when it is absent or unreadable."""
        return loose(self._member(name))

    def lists(self, name: str) -> bool:
        """Whether a member of that name is a list; it is not read for that."""
        if self._cut is not None and name == self._expected:
            return True
        return self._member(name)[:1] == b"["

    def rows(self, *names: str) -> tuple[bytes, ...]:
        """The rows under the first of `names` that holds a list, else under the first member that does.

        A null under one of the names is an empty list. Raises `BadAnswer` when there is no list: an error page
        with status 200 must not look as if every session had ended.
        """
        if self._cut is not None and names[:1] == (self._expected,):
            return self._cut[0]
        members = self._open()
        if self._rows is not None:
            return self._rows
        for name in (*names, *members):
            member = bytes(members.get(name, b""))
            if member[:1] == b"[":
                return _cut(member)
        if any(bytes(members.get(name, b"")) == b"null" for name in names):
            return ()
        raise BadAnswer(f"{self._what}: the answer holds no list")


def _cut(array: bytes) -> tuple[bytes, ...]:
    """The rows of a JSON array. bytes() copies: a kept Raw would keep the whole page in memory."""
    try:
        return tuple(map(bytes, _ROWS.decode(array)))
    except FAILURES:
        rows = loose(array)
        if isinstance(rows, list):
            return tuple(map(packed, rows))
    raise BadAnswer("the answer holds a list that cannot be read")


def packed(value: object) -> bytes:
    """A value as JSON bytes again. What it cannot say becomes null."""
    try:
        return json.dumps(value).encode()
    except FAILURES:
        return b"null"


def loose(raw: bytes) -> object:
    """JSON read with patience: broken UTF-8, bare control characters and NaN pass. None when unreadable."""
    try:
        return msgspec.json.decode(raw)
    except FAILURES:
        pass
    try:
        patched = raw.decode("utf-8", "replace")
        return json.loads(patched, strict=False, parse_constant=_absent, parse_int=_whole)
    except FAILURES:
        return None


def _absent(name: str) -> None:
    """NaN and the infinities: no value at all."""


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # more than 4,300 digits: kept as the text it is
        return digits


def members(row: bytes) -> dict[str, object] | None:
    """A row as a plain mapping; None when it is not a JSON object."""
    value = loose(row)
    return value if isinstance(value, dict) else None


def one_row(body: bytes, what: str) -> bytes:
    """The body of an answer that should be one row. Raises `BadAnswer` when it is not a JSON object."""
    if members(body) is None:
        raise BadAnswer(f"{what}: the answer is not the JSON that the vendor documents")
    return body


class Shape(Generic[Row]):
    """One kind of row, declared once as a Struct whose fields are of the kinds in `values`.

    `fast` is msgspec's own strict reading; `slow` reads the same fields one by one.
    """

    def __init__(self, kind: type[Row]) -> None:
        self._kind = kind
        self.fast: Final[Callable[[bytes], Row]] = msgspec.json.Decoder(kind).decode
        self._fields: Final[tuple[tuple[str, str, Kind], ...]] = tuple(
            (field.encode_name, field.name, KINDS[field.type])
            for field in msgspec.structs.fields(kind)
        )

    def slow(self, row: bytes) -> tuple[Row | None, tuple[Clean, ...]]:
        """The row and what was odd about it; no row when it is not a JSON object. Never raises."""
        values = members(row)
        if values is None:
            return None, (line("the row is not a JSON object"),)
        read: dict[str, object] = {}
        drift: list[Clean] = []
        for wire, name, kind in self._fields:
            value = values.get(wire)
            if value is None:
                continue
            read[name] = got = kind.read(value)
            if got is None and value != "":  # vendors write "" for "nothing yet"
                drift.append(odd(wire, value, kind))
        return self._kind(**read), tuple(drift)

    def read(self, row: bytes) -> Row | None:
        """The row by whichever way works, for rows whose drift nobody counts."""
        try:
            return self.fast(row)
        except FAILURES:
            return self.slow(row)[0]


def decode(row: bytes, shape: Shape[Row], build: Callable[[Row], Session | None]) -> Decoded:
    """One row as a session. `build` gives None for a row without an id, and may raise on the fast path only."""
    drift: tuple[Clean, ...] = ()
    try:
        session = build(shape.fast(row))
    except FAILURES:
        slow, drift = shape.slow(row)
        if slow is None:
            return Decoded(None, drift)
        session = build(slow)
    if session is None:
        drift = (*drift, line("the row has no id"))
    return Decoded(session, drift)


def with_fields(
    decoded: Decoded, row: bytes, known: frozenset[str], secret: frozenset[str] = frozenset()
) -> Decoded:
    """The same session with the vendor's other fields, under the vendor's names.

    `known` are the fields that the session shows already; one of them that could not be read is told here as
    it came. `secret` names hold a `Secret`, also when they are nested.
    """
    values = members(row)
    if decoded.session is None or values is None:
        return decoded
    odd_names = {sentence.partition(" is not ")[0] for sentence in decoded.drift}
    fields = tuple(
        (line(name, 64), field_value(name, value, secret))
        for name, value in values.items()
        if name not in known or name in odd_names
    )
    return Decoded(msgspec.structs.replace(decoded.session, fields=fields), decoded.drift)


def field_value(name: str, value: object, secret: frozenset[str]) -> FieldValue:
    """One field of a vendor's as the model holds it: nested values become clean JSON text."""
    if value is None or isinstance(value, bool):
        return value
    if name in secret:
        told = text(value)
        plain = packed(value).decode() if told is None else told
        return Secret(plain if sendable(plain) else json.dumps(plain))
    if isinstance(value, str):
        return block(value, _FIELD_LIMIT)
    if isinstance(value, float):
        return value if value - value == 0 else line(value)
    if isinstance(value, int):
        return value if abs(value) < 2**63 else line(number_text(value))
    return block(json_text(_masked(value, secret)), _FIELD_LIMIT)


def json_text(value: object) -> str:
    """A nested value as JSON text that people can read; not yet clean."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except FAILURES:
        return "(nested too deep to show)"


def _masked(value: object, secret: frozenset[str], depth: int = 0) -> object:
    if depth > 32:
        return "…"
    if isinstance(value, dict):
        return {
            name: str(Secret("")) if name in secret else _masked(inner, secret, depth + 1)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, secret, depth + 1) for inner in value]
    return value
