"""Filling in a form from the command line: `--set FIELD=VALUE` and `--input -`, and the help made from the form."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

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
        if not equals:
            raise UsageProblem("--set takes FIELD=VALUE")
        typed.setdefault(name, []).append(value)
    for name, values in typed.items():
        given[name] = values if _is_list(form, name) else values[-1]
    if form is None:
        if given:
            raise UsageProblem("there is nothing to fill in here: leave --set and --input out")
        return {}
    return checked(form, given, now=clock.now())


def _is_list(form: Form | None, name: str) -> bool:
    field = None if form is None else form.field(name)
    return field is not None and field.kind is FieldKind.PARTICIPANTS


def _from_input(source: str) -> Given:
    """A JSON object on stdin, so that customer data stays out of the argument list, which others can read."""
    if source != "-":
        raise UsageProblem("--input takes - (standard input)")
    text = sys.stdin.read(_INPUT_LIMIT + 1) if sys.stdin is not None else ""
    try:
        value = json.loads(text) if len(text) <= _INPUT_LIMIT else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageProblem(
            'standard input must be one JSON object of at most 256 kB: {"field": "value"}'
        )
    return {str(name): _given(content) for name, content in value.items()}


def _given(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [item if isinstance(item, str) else json.dumps(item) for item in value]
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
