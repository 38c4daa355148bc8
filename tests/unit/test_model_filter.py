"""The filter: words, whatever their case or accents."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.filter import EMPTY, Filter, fold
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque

ANA = Session(
    profile="proxy-eu",
    provider="twilio-proxy",
    id=Opaque("KC0123"),
    status=Status.NOT_STARTED,
    provider_status=Clean("notStarted"),
    kind=Clean("voice"),
    subject=Clean("Printer on floor 3"),
    customer=Clean("José Lindqvist"),
    customer_email=Clean("jose@example.org"),
    customer_phone=Clean("+46 70 123"),
    agent=Clean("Straße, Zoë"),
)
BARE = Session(profile="p", provider="x", id=Opaque("1"), status=Status.ACTIVE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "jose",
        "JOSÉ",
        "josé",
        "jose\u0301",
        "lind print",
        "floor 3",
        "example.org",
        "+46",
        "proxy-eu",
        "twilio",
        "not-started",
        "notstarted",
        "kc01",
        "voice",
        "strasse",
        "zoe",
        "  JOSE   printer ",
    ],
)
def test_words_that_are_found(text: str) -> None:
    assert Filter.parse(text).matches(ANA)


@pytest.mark.parametrize("text", ["bo", "jose bo", "josé\x00", "lindqvistprinter", "none"])
def test_words_that_are_not(text: str) -> None:
    assert not Filter.parse(text).matches(ANA)


def test_an_absent_field_holds_no_word() -> None:
    assert not Filter.parse("none").matches(BARE)
    assert Filter.parse("active").matches(BARE)


def test_what_was_typed_is_kept_and_nothing_typed_is_the_empty_filter() -> None:
    assert Filter.parse(" Jose  ").text == " Jose  "
    assert not Filter.parse("  ")
    assert not EMPTY
    assert EMPTY.matches(BARE)
    assert EMPTY.pick([ANA, BARE]) == [ANA, BARE]


def test_many_are_picked_as_each_would_match() -> None:
    for text in ("jose", "active", "p", "", "o r", "nowhere"):
        parsed = Filter.parse(text)
        assert parsed.pick([ANA, BARE]) == [one for one in (ANA, BARE) if parsed.matches(one)]


def test_a_changed_session_is_looked_at_anew() -> None:
    parsed = Filter.parse("jose")
    assert parsed.matches(ANA)
    assert not parsed.matches(msgspec.structs.replace(ANA, customer=None, customer_email=None))


@given(st.text())
def test_any_text_parses_and_finds_itself(text: str) -> None:
    session = Session(
        profile="p", provider="x", id=Opaque("1"), status=Status.ACTIVE, subject=Clean(text)
    )
    assert Filter.parse(text).matches(session)
    assert fold(fold(text)) == fold(text)
