"""Whatever a form or a listing's query takes, the document takes: the ends of what each field allows, and odd text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.contract.checker import answer_faults, checker, request_faults
from tests.contract.clients import client
from tests.contract.tap import Tap
from tests.providers.bad_input import Desk
from tui.model.form import FieldKind, Form, FormField
from tui.model.problem import Problem, UsageProblem
from tui.model.text import Opaque
from tui.providers.base import Ask
from tui.providers.forms import examine
from tui.providers.registry import SPECS

_ODD = ("x", "0", "-1", "007", "1e3", "true", "null", "ü €😀 &=+%#/\\\"'<>?;:", "[bold]a[/bold]")
_PERSON = {
    "identifier": "messenger:" + "1" * 181,
    "friendly_name": "ü" * 255,
    "proxy_identifier": "+14155559999",
    "proxy_identifier_sid": "PN" + "a" * 32,
}
_TYPED: dict[FieldKind, tuple[str | list[str], ...]] = {
    FieldKind.TEXT: (*_ODD, "fr"),
    FieldKind.LONG_TEXT: (*_ODD, "one\ntwo\tthree"),
    FieldKind.EMAIL: ("a@b", "ü+'x@example.com", "x" * 64 + "@e", "x@" + "y" * 62),
    FieldKind.PHONE: ("+14155551212",),
    FieldKind.LINK: ("https://example.com", "http://[::1]:8080/a?b=c&d=ü#e"),
    FieldKind.CHOICE: _ODD,
    FieldKind.YES_NO: ("yes", "no"),
    FieldKind.INTEGER: _ODD,
    FieldKind.DURATION: ("1s", "1h30m", "24855d", "0s"),
    FieldKind.MOMENT: ("2026-01-06", "2026-01-05T23:59:59.999+14:00", "9999-12-31T23:59:59Z"),
    FieldKind.PARTICIPANTS: (
        ["+14155551212"],
        ["+14155551212=Ana \"&=+%\" ü", json.dumps(_PERSON)],
    ),
}  # fmt: skip


def values(field: FormField) -> Iterator[str | list[str]]:
    """What can be typed into one field."""
    yield from _TYPED[field.kind]
    yield from field.choices
    if field.limit is not None and field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        yield "x" * field.limit
        yield "😀" * field.limit


def taken(form: Form) -> Iterator[dict[str, str | list[str]]]:
    """Each field alone, with each value that the form lets through."""
    for field in form.fields:
        for value in values(field):
            if not examine(form, {field.name: value}).faults:
                yield {field.name: value}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk(sessions=40)
    with made.simulator:
        made.simulator.play("rate-limits", "off")
        yield made


FORMS = [
    *((spec.id, "create", spec.create) for spec in SPECS.values() if spec.create is not None),
    *(
        (spec.id, action.id, action.form)
        for spec in SPECS.values()
        for action in spec.actions
        if action.form is not None
    ),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("provider", "what", "form"), FORMS)
async def test_what_a_form_takes_is_documented(
    desk: Desk, provider: str, what: str, form: Form
) -> None:
    checker(provider)  # or a skip, before anything is sent
    typed = list(taken(form))
    assert {name for one in typed for name in one} == {field.name for field in form.fields}
    async with Tap(desk.simulator.port) as tap, client(desk, tap, provider) as at:
        ref = Opaque("") if what == "create" else await at.create({})
        for one in typed:
            # The vendor may refuse it, and one value may be refused before it is sent.
            with suppress(Problem):
                if what == "create":
                    await at.create(one)
                else:
                    await at.provider.act(ref, what, examine(form, one).values)
        await at.tidy()
    assert len(tap.calls) >= len(typed) // 2
    assert request_faults(tap.calls) == []
    assert answer_faults(tap.calls) == []


_ASKED = (
    *_ODD,
    *("1", "10", "999999999", "2147483647", "9999999999", "2026-01-05", "2026-01-05T12:00:00Z"),
    *("2026-01-05 12:00:00", "false", "Created", "State", "Ascending", "uuid", "uuid,desc", "ALL"),
    *("ID", "chat_info, VIDEO_LINKS"),
)


@pytest.mark.anyio
@pytest.mark.parametrize("provider", [spec.id for spec in SPECS.values() if spec.query])
async def test_what_a_listing_can_be_asked_is_documented(desk: Desk, provider: str) -> None:
    checker(provider)
    sent = set()
    async with Tap(desk.simulator.port) as tap, client(desk, tap, provider) as at:
        for field in SPECS[provider].query:
            for value in _ASKED:
                if re.fullmatch(field.pattern or ".*", value):
                    with suppress(Problem):
                        try:
                            await at.provider.page(Ask(query=((field.name, value),)))
                        except UsageProblem:
                            continue
                    sent.add(field.name)
    assert sent == {field.name for field in SPECS[provider].query}
    assert request_faults(tap.calls) == []
    assert answer_faults(tap.calls) == []
