"""Answers are split into rows whatever their envelope; a bad row leaves the others alone."""

from __future__ import annotations

import json

import pytest

from tests.providers.samples import TWILIO_SESSION, row
from tui.model.problem import BadAnswer
from tui.model.secret import Secret
from tui.providers.rows import Envelope, Layout, field_value, loose, members, one_row


def test_rows_are_found_by_name_first() -> None:
    body = b'{"errors":[], "sessions":[{"a":1},{"b":2}], "meta":{"key":"sessions"}}'
    envelope = Envelope(body, "listing")
    assert envelope.rows("sessions") == (b'{"a":1}', b'{"b":2}')
    assert envelope.value("meta") == {"key": "sessions"}
    assert envelope.value("nothing") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"sessions": [{"a": 1}, {"b": [2]}], "meta": {"n": 1}, "more": true}',
        b'{"meta": {"n": 1}, "sessions": []}',
        b'{"sessions": null, "meta": 7}',
        b'{"sessions": {"a": 1}, "items": [1], "meta": []}',
        b'{"items": [1, 2], "meta": null}',
        b'{"sessions": [1], "sessions": [2, 3], "meta": 1, "meta": 2}',
        b'{"sessions": [{"a": "\xff"}, {"b": 1}], "meta": {"n": 1}}',
        b'{"sessions": [{"a": 1}], "meta": NaN}',
        b'[{"a": 1}, 2]',
        b'{"message": "sorry"}',
        b'{"sessions": [1',
        b'7',
    ],
)  # fmt: skip
def test_an_expected_wrapping_changes_nothing_but_the_time(body: bytes) -> None:
    def found(layout: Layout | None) -> object:
        try:
            envelope = Envelope(body, "listing", layout)
            beside = [envelope.value(name) for name in ("meta", "more", "nothing", "sessions")]
            return envelope.rows("sessions", "items"), beside, envelope.lists("sessions")
        except BadAnswer as problem:
            return problem.message

    expected = found(None)
    for layout in (Layout("sessions", "meta", "more"), Layout("items"), Layout("meta", "sessions")):
        assert found(layout) == expected


def test_rows_are_found_without_a_name_too() -> None:
    assert Envelope(b'{"n":1,"items":[1],"more":[2]}', "x").rows("sessions") == (b"1",)
    assert Envelope(b' [ {"a": 1} ]', "x").rows("sessions") == (b'{"a": 1}',)


def test_a_null_list_is_an_empty_one() -> None:
    assert Envelope(b'{"sessions":null}', "x").rows("sessions") == ()


@pytest.mark.parametrize(
    "body", [b'{"message":"sorry"}', b'{"sessions":{"a":1}}', b'"text"', b"", b"[1", b"\xff\xfe"]
)
def test_an_answer_without_a_list_is_not_an_empty_list(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="listing the sessions: the answer"):
        Envelope(body, "listing the sessions").rows("sessions")


def test_one_row_with_broken_bytes_does_not_hide_the_others() -> None:
    good = row(TWILIO_SESSION)
    for bad in (b'{"sid":"\xff\xfe"}', b'{"ttl":NaN}', b'{"sid":"a\nb"}', b'{"sid":"\\ud800"}'):
        rows = Envelope(b'{"sessions":[' + good + b"," + bad + b"]}", "x").rows("sessions")
        assert len(rows) == 2
        assert members(rows[0]) == TWILIO_SESSION


def test_rows_nested_too_deep_are_refused_as_a_bad_answer() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(BadAnswer):
        Envelope(b'{"sessions":[{"x":' + deep + b"}]}", "x").rows("sessions")


def test_a_row_of_its_own_must_be_an_object() -> None:
    assert one_row(b'{"sid":1}', "x") == b'{"sid":1}'
    for body in (b"[]", b"7", b"null", b"{"):
        with pytest.raises(BadAnswer):
            one_row(body, "x")


def test_loose_reading_survives_what_json_does_not_allow() -> None:
    assert loose(b'{"a": NaN, "b": "x\ny", "c": 1}') == {"a": None, "b": "x\ny", "c": 1}
    huge = b'{"a": ' + b"9" * 6000 + b', "b": 2}'
    assert loose(huge) == {"a": "9" * 6000, "b": 2}
    assert loose(b"{") is None


def test_other_fields_keep_their_kind_and_are_clean() -> None:
    none: frozenset[str] = frozenset()
    assert field_value("n", 7, none) == 7
    assert field_value("n", True, none) is True
    assert field_value("n", None, none) is None
    assert field_value("n", "a\x1b[31mb\nc", none) == "a␛[31mb\nc"
    assert field_value("n", 10**30, none) == str(10**30)
    assert field_value("n", 10**5000, none) == "a very large number"
    assert field_value("n", float("inf"), none) == "inf"
    assert field_value("n", {"k": ["\x1b", 1]}, none) == '{"k": ["\\u001b", 1]}'


def test_secret_fields_are_secret_wherever_they_are() -> None:
    secret = frozenset({"userToken"})
    assert field_value("userToken", "abc", secret) == Secret("abc")
    assert field_value("userToken", 12, secret) == Secret("12")
    inner = field_value("links", [{"userToken": "abc", "name": "x"}], secret)
    assert inner == '[{"userToken": "***", "name": "x"}]'


def test_a_secret_that_cannot_be_sent_is_still_comparable() -> None:
    value = json.loads('"\\ud800"')
    made = field_value("userToken", value, frozenset({"userToken"}))
    assert made == made  # comparing encodes: half a surrogate pair would raise
    assert "***" in str(made)
