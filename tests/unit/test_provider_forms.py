"""Form values as they are typed: what passes, what it becomes, and what is said about the rest."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.model.form import FieldKind, Form, FormField, Value
from tui.model.problem import UsageProblem
from tui.model.secret import Secret
from tui.model.text import line
from tui.providers.forms import checked, duration_text, examine, meant, rfc3339
from tui.providers.registry import SPECS

NOW = datetime(2026, 1, 5, 12, 0, 0, tzinfo=UTC)
SURROGATE = "\ud800"


def form(kind: FieldKind, **facts: object) -> Form:
    field = FormField("it", "It", kind, "a thing", source="the test", **facts)  # type: ignore[arg-type]
    return Form("A form", "create thing", (field,))


def read(kind: FieldKind, typed: str | list[str], **facts: object) -> Value:
    return checked(form(kind, **facts), {"it": typed}, now=NOW)["it"]


def fault(kind: FieldKind, typed: str | list[str], **facts: object) -> str:
    examined = examine(form(kind, **facts), {"it": typed}, now=NOW)
    assert "it" not in examined.values
    return examined.faults["it"]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.TEXT, "  Ana Lindqvist ", "Ana Lindqvist"),
        (FieldKind.TEXT, "Bö 😀 👩\u200d🔧 نام\u200cها", "Bö 😀 👩\u200d🔧 نام\u200cها"),
        (FieldKind.TEXT, ["once"], "once"),
        (FieldKind.LONG_TEXT, " one\r\ntwo\n\tthree ", "one\ntwo\n\tthree"),
        (FieldKind.EMAIL, "ana.l+x@mail.example.com", "ana.l+x@mail.example.com"),
        (FieldKind.EMAIL, "ana@localhost", "ana@localhost"),
        (FieldKind.PHONE, "+1 (415) 555-12.12", "+14155551212"),
        (FieldKind.LINK, "https://crm.example:8443/a?b=c#d", "https://crm.example:8443/a?b=c#d"),
        (FieldKind.YES_NO, "Yes", True),
        (FieldKind.YES_NO, "false", False),
        (FieldKind.INTEGER, "-12", -12),
        (FieldKind.DURATION, "90s", 90),
        (FieldKind.DURATION, "90m", 5400),
        (FieldKind.DURATION, "1h30m", 5400),
        (FieldKind.DURATION, "1H 30M", 5400),
        (FieldKind.DURATION, "1w2d3h4m5s", 788_645),
        (FieldKind.MOMENT, "2026-01-06", "2026-01-06T00:00:00Z"),
        (FieldKind.MOMENT, "2026-01-06T08:00:00Z", "2026-01-06T08:00:00Z"),
        (FieldKind.MOMENT, "2026-01-06t08:00:00.25z", "2026-01-06T08:00:01Z"),
        (FieldKind.MOMENT, "2026-01-06 08:00:00+02:00", "2026-01-06T06:00:00Z"),
        (FieldKind.MOMENT, "2026-01-06T08:00", "2026-01-06T08:00:00Z"),
        (FieldKind.MOMENT, "+2h", "2026-01-05T14:00:00Z"),
        (FieldKind.MOMENT, "+ 1d12h", "2026-01-07T00:00:00Z"),
    ],
)
def test_what_passes(kind: FieldKind, typed: str | list[str], value: Value) -> None:
    assert read(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (FieldKind.TEXT, "a\nb", "cannot be seen"),
        (FieldKind.TEXT, "a\x1b]52;c;x\x07", "cannot be seen"),
        (FieldKind.TEXT, "a\x00b", "cannot be seen"),
        (FieldKind.TEXT, "a\x9bb", "cannot be seen"),
        (FieldKind.TEXT, "a\u202eb", "cannot be seen"),
        (FieldKind.TEXT, "a\u200bb", "cannot be seen"),
        (FieldKind.TEXT, f"a{SURROGATE}", "cannot be seen"),
        (FieldKind.TEXT, ["one", "two"], "more than once"),
        (FieldKind.LONG_TEXT, "a\x1bb", "cannot be seen"),
        (FieldKind.EMAIL, "ana", "e-mail address"),
        (FieldKind.EMAIL, "ana@", "e-mail address"),
        (FieldKind.EMAIL, "a b@example.com", "e-mail address"),
        (FieldKind.EMAIL, "Ana <ana@example.com>", "e-mail address"),
        (FieldKind.EMAIL, "ana@example.com, bo@example.com", "e-mail address"),
        (FieldKind.EMAIL, "ana@example..com", "e-mail address"),
        (FieldKind.EMAIL, f"ana@{'a' * 260}", "e-mail address"),
        (FieldKind.PHONE, "415 555 1212", "with its country"),
        (FieldKind.PHONE, "+0155551212", "with its country"),
        (FieldKind.PHONE, "+1415555121234567", "with its country"),
        (FieldKind.PHONE, "+١٤١٥٥٥٥١٢١٢", "with its country"),
        (FieldKind.LINK, "crm.example", "web address"),
        (FieldKind.LINK, "javascript:alert(1)", "web address"),
        (FieldKind.LINK, "https://", "web address"),
        (FieldKind.LINK, "https://a b.example", "web address"),
        (FieldKind.LINK, "https://[::1", "web address"),
        (FieldKind.LINK, "https://a:port/", "web address"),
        (FieldKind.LINK, "https://a.example/\r\nX: y", "cannot be seen"),
        (FieldKind.YES_NO, "maybe", "neither yes nor no"),
        (FieldKind.INTEGER, "1.5", "whole number"),
        (FieldKind.INTEGER, "9" * 5000, "whole number"),
        (FieldKind.INTEGER, "٣", "whole number"),
        (FieldKind.DURATION, "90", "90s, 90m, 1h30m"),
        (FieldKind.DURATION, "30m1h", "not a duration"),
        (FieldKind.DURATION, "1.5h", "not a duration"),
        (FieldKind.DURATION, "-5m", "not a duration"),
        (FieldKind.DURATION, "9" * 11 + "s", "not a duration"),
        (FieldKind.MOMENT, "tomorrow", "not a moment"),
        (FieldKind.MOMENT, "2026-13-01", "not a moment"),
        (FieldKind.MOMENT, "20260106", "not a moment"),
        (FieldKind.MOMENT, "2026-W02-1", "not a moment"),
        (FieldKind.MOMENT, "2026-01-06T25:00Z", "not a moment"),
        (FieldKind.MOMENT, "0001-01-01T00:00+14:00", "not a moment"),
        (FieldKind.MOMENT, "9999-12-31T23:59:59.9Z", "not a moment"),
        (FieldKind.MOMENT, "+9999999999w", "not a moment"),
        (FieldKind.MOMENT, "+2", "not a duration"),
        (FieldKind.MOMENT, "+", "not a duration"),
    ],
)
def test_what_does_not(kind: FieldKind, typed: str | list[str], words: str) -> None:
    told = fault(kind, typed)
    assert told.startswith("it ")
    assert words in told
    with pytest.raises(UsageProblem, match=re.escape(words)):
        checked(form(kind), {"it": typed}, now=NOW)


def test_without_a_clock_nothing_is_counted_from_now() -> None:
    declared = form(FieldKind.MOMENT)
    with pytest.raises(UsageProblem, match="counted from now"):
        checked(declared, {"it": "+2h"})
    assert checked(declared, {"it": "2026-01-06"}) == {"it": "2026-01-06T00:00:00Z"}


def test_limits_and_patterns() -> None:
    assert read(FieldKind.TEXT, "ä" * 191, limit=191) == "ä" * 191
    assert "has 192 characters; at most 191" in fault(FieldKind.TEXT, "x" * 192, limit=191)
    assert "at most 20" in fault(FieldKind.LINK, "https://example.com/xy", limit=20)
    assert "at most 5" in fault(FieldKind.EMAIL, "a@b.example", limit=5)
    assert read(FieldKind.TEXT, "PN12", pattern="PN[0-9]+") == "PN12"
    assert "does not look right (a thing)" in fault(FieldKind.TEXT, "PN12x", pattern="PN[0-9]+")
    assert read(FieldKind.INTEGER, "5", minimum=5, maximum=5) == 5
    assert "at least 5" in fault(FieldKind.INTEGER, "4", minimum=5)
    assert "at most 1h30m" in fault(FieldKind.DURATION, "91m", maximum=5400)
    assert "at least 1s" in fault(FieldKind.DURATION, "0s", minimum=1)


def test_a_choice_in_any_case_and_the_nearest_one() -> None:
    choices = ("voice-and-message", "voice-only", "message-only")
    assert read(FieldKind.CHOICE, "Voice-Only", choices=choices) == "voice-only"
    assert "did you mean voice-only?" in fault(FieldKind.CHOICE, "voiceonly", choices=choices)
    told = fault(FieldKind.CHOICE, "zzz", choices=choices)
    assert "there is voice-and-message, voice-only, message-only" in told


def test_defaults_and_what_is_needed() -> None:
    for empty in ("", "  ", [], [""]):
        typed: dict[str, str | list[str]] = {"it": empty}
        assert checked(form(FieldKind.TEXT), typed) == {}
        assert checked(form(FieldKind.TEXT, default="open"), typed) == {"it": "open"}
        assert examine(form(FieldKind.TEXT, required=True), typed).faults == {"it": "it is needed"}
    assert checked(form(FieldKind.YES_NO, default=False), {}) == {"it": False}
    assert checked(form(FieldKind.YES_NO, default=True), {"it": "no"}) == {"it": False}
    assert checked(form(FieldKind.INTEGER, default=7), {"it": "0"}) == {"it": 0}


def test_every_bad_field_has_its_sentence() -> None:
    fields = (
        FormField("name", "Name", FieldKind.TEXT, "", "", limit=3),
        FormField("mail", "Mail", FieldKind.EMAIL, "", ""),
        FormField("good", "Good", FieldKind.TEXT, "", ""),
    )
    declared = Form("A form", "create thing", fields)
    typed: dict[str, str | list[str]] = {"name": "Anna", "mail": "x", "good": "y", "nmae": "z"}
    examined = examine(declared, typed)
    assert examined.values == {"good": "y"}
    assert set(examined.faults) == {"name", "mail", "nmae"}
    assert examined.faults["nmae"] == "nmae is no field of this form: did you mean name?"
    with pytest.raises(UsageProblem) as caught:
        checked(declared, typed)
    assert all(sentence in caught.value.message for sentence in examined.faults.values())


def test_no_sentence_repeats_what_was_typed() -> None:
    for kind in FieldKind:
        told = fault(kind, ["hush\x1bhush", "hush"], choices=("a",), limit=1)
        assert "hush" not in told
    hostile = examine(form(FieldKind.TEXT), {"\x1b]0;x\x07": "y"}).faults
    assert all(sentence == line(sentence) for sentence in hostile.values())


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("+1 415 555 1212", [{"identifier": "+14155551212"}]),
        ("+14155551212=Ana = Bö", [{"identifier": "+14155551212", "friendly_name": "Ana = Bö"}]),
        (["messenger:123=Bo", " "], [{"identifier": "messenger:123", "friendly_name": "Bo"}]),
        (
            "+14155551212\n\nmessenger:1",
            [{"identifier": "+14155551212"}, {"identifier": "messenger:1"}],
        ),
        (
            '{"Identifier": "+14155551212", "FriendlyName": null, "proxy_identifier": "+14155559999"}',
            [{"identifier": "+14155551212", "proxy_identifier": "+14155559999"}],
        ),
        (
            json.dumps([{"identifier": "x:a=b", "ProxyIdentifierSid": "PN" + "a" * 32}]),
            [{"identifier": "x:a=b", "proxy_identifier_sid": "PN" + "a" * 32}],
        ),
    ],
)
def test_participants(typed: str | list[str], people: list[dict[str, str]]) -> None:
    assert read(FieldKind.PARTICIPANTS, typed, limit=2) == tuple(people)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["+14155551211", "+14155551212", "+14155551213"], "3 entries; at most 2"),
        (["+14155551212", "+1 415 555 1212=Ana"], "twice"),
        ("4155551212", "neither a phone number"),
        ("=Ana", "without an identifier"),
        ("{}", "without an identifier"),
        ("[1]", "neither a phone number"),
        ("[[]]", "not a JSON object"),
        ('["+14155551212"]', "not a JSON object"),
        ("[{", "not a JSON object"),
        ('{"identifier": 14155551212}', "identifier is not text"),
        ('{"identifer": "+14155551212"}', "did you mean identifier?"),
        ("messenger:" + "1" * 182, "identifier of more than 191"),
        ("+14155551212=" + "x" * 256, "friendly_name of more than 255"),
        ("+14155551212=A\x1bB", "cannot be seen"),
        ("messenger:1\x1b2", "cannot be seen"),
        ('{"identifier":"a:b","proxy_identifier_sid":"PN1"}', "PN and 32"),
        ("[" * 100_000, "JSON object"),
    ],
)
def test_participants_that_do_not_pass(typed: str | list[str], words: str) -> None:
    assert words in fault(FieldKind.PARTICIPANTS, typed, limit=2)


def test_no_participants_are_none() -> None:
    for empty in ("", [], ["", " "], "[]", "\n"):
        assert checked(form(FieldKind.PARTICIPANTS, limit=2), {"it": empty}) == {}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (90, "1m30s"), (5400, "1h30m"), (604_800, "1w"), (1, "1s")]
)
def test_a_duration_is_shown_as_it_is_typed(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text
    assert read(FieldKind.DURATION, text) == seconds


def test_a_moment_is_never_too_early() -> None:
    east = timezone(timedelta(hours=2))
    assert rfc3339(datetime(2026, 1, 5, 14, 0, 0, 1, tzinfo=east)) == "2026-01-05T12:00:01Z"
    assert rfc3339(datetime(2026, 1, 5, 14, 0, 0, 0, tzinfo=east)) == "2026-01-05T12:00:00Z"


def test_what_was_meant_when_nothing_is_there() -> None:
    assert meant("x", []) == "there is nothing to fill in"


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(FieldKind)), st.text() | st.lists(st.text(), max_size=3))
def test_nothing_that_is_typed_breaks_a_form(kind: FieldKind, typed: str | list[str]) -> None:
    examined = examine(form(kind, choices=("a", "b"), limit=9, maximum=9), {"it": typed}, now=NOW)
    assert len(examined.values) + len(examined.faults) <= 1
    assert all(sentence == line(sentence) for sentence in examined.faults.values())
    for value in examined.values.values():
        assert isinstance(value, Secret) is (kind is FieldKind.SECRET)
        if not isinstance(value, Secret):
            json.dumps(value).encode()


@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_default_that_a_vendor_declares_passes_its_own_form(name: str) -> None:
    forms = [SPECS[name].create, *(action.form for action in SPECS[name].actions)]
    for declared in (one for one in forms if one is not None):
        for field in declared.fields:
            if field.default is not None:
                typed: dict[str, str | list[str]] = {field.name: str(field.default)}
                assert examine(declared, typed).faults.get(field.name) is None
