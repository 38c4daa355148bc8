"""Filling in a form from the command line: `--set FIELD=VALUE` and `--input -`, and the help made from the form."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress

from tui.commands import render
from tui.model.clock import Clock
from tui.model.form import FieldKind, Form, FormField, Values
from tui.model.problem import UsageProblem
from tui.providers.forms import checked

_INPUT_LIMIT = 256 * 1024
Given = dict[str, str | list[str]]


def filled(form: Form | None, options: Sequence[str], source: str | None, clock: Clock) -> Values:
    """The checked values of `--input` with those of `--set` on top. Raises `UsageProblem`."""
    given = {} if source is None else _from_input(source)
    typed: dict[str, list[str]] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise UsageProblem("--set takes FIELD=VALUE")
        typed.setdefault(name, []).append(value)
    for name, values in typed.items():
        # A field that holds one thing and comes twice is a slip: the check of the form says so.
        given[name] = values if len(values) > 1 or _is_list(form, name) else values[0]
    if form is None:
        if given:
            raise UsageProblem("there is nothing to fill in here: leave --set and --input out")
        return {}
    return checked(form, given, now=clock.now())


def _is_list(form: Form | None, name: str) -> bool:
    field = None if form is None else form.field(name)
    return field is not None and field.kind is FieldKind.PARTICIPANTS


def _from_input(source: str) -> Given:
    # null is how a script writes what it does not have.
    found = json_input(source).items()
    return {name: _given(content) for name, content in found if content is not None}


def json_input(source: str) -> dict[str, object]:
    """A JSON object on stdin, so that customer data stays out of the argument list, which others can read.

    Raises `UsageProblem` for any other `source` than `-`.
    """
    if source != "-":
        raise UsageProblem("--input takes - (standard input)")
    value = None
    typed = _read_input()
    if len(typed) <= _INPUT_LIMIT:
        with suppress(ValueError, RecursionError):
            value = json.loads(typed.decode("utf-8-sig"))
    if not isinstance(value, dict):
        raise UsageProblem(
            'standard input must be one JSON object of at most 256 kB: {"field": "value"}'
        )
    return {str(name): content for name, content in value.items()}


def _read_input() -> bytes:
    """JSON is UTF-8 whatever the locale says. What is longer than the limit is not read to its end."""
    if sys.stdin is None:
        return b""
    try:
        return sys.stdin.buffer.read(_INPUT_LIMIT + 1)
    except OSError as error:
        raise UsageProblem(f"standard input could not be read: {error.strerror}") from None


def _given(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [
            item if isinstance(item, str) else json.dumps(item)
            for item in value
            if item is not None
        ]
    return value if isinstance(value, str) else json.dumps(value)


def help_lines(form: Form) -> list[str]:
    """Every field with its limits, for `--help`."""
    return render.pairs([(f"  {field.name}=", _words(field)) for field in form.fields])


def _words(field: FormField) -> str:
    told = [field.help, field.kind.value]
    if field.required:
        told.append("required")
    if field.choices:
        told.append(", ".join(field.choices))
    if field.limit is not None:
        unit = "entries" if field.kind is FieldKind.PARTICIPANTS else "characters"
        told.append(f"at most {field.limit} {unit}")
    if field.minimum is not None or field.maximum is not None:
        told.append(f"{field.minimum if field.minimum is not None else ''}..{field.maximum or ''}")
    if field.default is not None:
        told.append(f"default {field.default}")
    return "; ".join(told)
