"""Rows and answers bent at random: decoding never raises, and a good row beside a bad one survives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.samples import (
    GOTO_CHAT,
    GOTO_SESSION,
    TWILIO_INTERACTION,
    TWILIO_PARTICIPANT,
    TWILIO_SESSION,
    row,
)
from tui.model.problem import BadAnswer
from tui.model.text import block, line
from tui.providers import goto_rows, goto_talk, twilio_rows, twilio_talk
from tui.providers.base import Decoded
from tui.providers.rows import Envelope, loose

# The machine may be busy: an example that takes long is no failure here.
relaxed = settings(deadline=None)
ROWS = {"twilio": TWILIO_SESSION, "goto": GOTO_SESSION}
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**40, max_value=10**60)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(
        ["9999-12-31T23:59:59-14:00", "0000-00-00", "\x1b]0;x\x07", "\u202eabc", "\ud800", ""]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def bent(sample: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """The sample with some fields replaced by junk, some left out and some more."""
    changes = st.dictionaries(
        st.sampled_from(sorted(sample)) | st.text(max_size=8), junk, max_size=4
    )
    gone = st.lists(st.sampled_from(sorted(sample)), max_size=3)
    return st.builds(
        lambda new, lost: row({k: v for k, v in {**sample, **new}.items() if k not in lost}),
        changes,
        gone,
    )


def broken(sample: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """The sample's bytes with some of them replaced, wherever that may be."""
    good = row(sample)
    return st.builds(
        lambda at, with_: good[:at] + with_ + good[at + len(with_) :],
        st.integers(0, len(good)),
        st.binary(min_size=1, max_size=4),
    )


def any_row(sample: dict[str, Any]) -> st.SearchStrategy[bytes]:
    return bent(sample) | broken(sample) | st.binary(max_size=20)


def decode(vendor: str, raw: bytes, *, full: bool = False) -> Decoded:
    if vendor == "twilio":
        return twilio_rows.session(raw, "desk", full=full)
    return goto_rows.session(raw, "desk", "me", full=full)


def check(found: Decoded) -> None:
    """What a decoded row promises: clean text everywhere, and a sentence for a row without an id."""
    assert all(sentence == line(sentence) for sentence in found.drift)
    if found.session is None:
        assert found.drift
        return
    session = found.session
    assert session.id
    texts = [session.provider_status, session.kind, session.subject, session.customer]
    texts += [session.customer_email, session.customer_phone, session.agent]
    assert all(value == line(value) for value in texts if value is not None)
    for name, value in session.fields:
        assert name == line(name)
        assert not isinstance(value, str) or value == block(value)


@pytest.mark.parametrize("vendor", ROWS)
@relaxed
@given(data=st.data())
def test_decoding_never_raises(vendor: str, data: st.DataObject) -> None:
    raw = data.draw(any_row(ROWS[vendor]))
    check(decode(vendor, raw))
    full = decode(vendor, raw, full=True)
    check(full)
    listed = decode(vendor, raw)
    assert (listed.session is None) == (full.session is None)
    assert listed.drift == full.drift


@pytest.mark.parametrize("vendor", ROWS)
@relaxed
@given(data=st.data())
def test_both_ways_of_reading_agree_on_a_good_row(vendor: str, data: st.DataObject) -> None:
    sample = ROWS[vendor]
    kept = data.draw(st.sets(st.sampled_from(sorted(sample))))
    id_name = "sid" if vendor == "twilio" else "sessionId"
    good = {name: sample[name] for name in {*kept, id_name}}
    slow = "date_ended" if vendor == "twilio" else "endedAt"
    fast_read = decode(vendor, row({**good, slow: None}))
    slow_read = decode(vendor, row({**good, slow: "never"}))
    assert fast_read.drift == ()
    assert len(slow_read.drift) == 1
    assert fast_read.session == slow_read.session


@pytest.mark.parametrize("vendor", ROWS)
@relaxed
@given(data=st.data())
def test_good_rows_survive_beside_bad_ones(vendor: str, data: st.DataObject) -> None:
    good = row(ROWS[vendor])
    bad = data.draw(bent(ROWS[vendor]))
    odd = data.draw(st.sampled_from([b"null", b"7", b'{"a":NaN}', b'{"a":"\xff"}', b'"\\ud800"']))
    body = b'{"sessions":[' + b",".join([bad, good, odd, good]) + b'],"meta":{"key":"sessions"}}'
    rows = Envelope(body, "listing").rows("sessions")
    assert len(rows) == 4
    expected = decode(vendor, good)
    assert expected.session is not None
    assert [decode(vendor, rows[1]), decode(vendor, rows[3])] == [expected, expected]


@relaxed
@given(st.binary(max_size=60) | broken({"sessions": [TWILIO_SESSION], "meta": None}))
def test_opening_an_answer_gives_rows_or_a_bad_answer(body: bytes) -> None:
    try:
        rows = Envelope(body, "listing").rows("sessions")
    except BadAnswer:
        return
    assert all(isinstance(raw, bytes) for raw in rows)


@relaxed
@given(
    people=st.lists(any_row(TWILIO_PARTICIPANT), max_size=3),
    said=st.lists(any_row(TWILIO_INTERACTION), max_size=3),
    me=st.none() | st.text(max_size=5),
)
def test_a_twilio_transcript_never_raises(
    people: list[bytes], said: list[bytes], me: str | None
) -> None:
    session = twilio_rows.session(row(TWILIO_SESSION), "desk").session
    assert session is not None
    found = twilio_rows.people(people, me)
    check(Decoded(twilio_rows.with_people(session, found, me)))
    for entry in twilio_talk.transcript(session, found, said, complete=True).entries:
        assert entry.text == block(entry.text)
        assert entry.author == line(entry.author)


@relaxed
@given(any_row(GOTO_CHAT) | junk.map(row))
def test_a_goto_transcript_raises_nothing_but_a_bad_answer(raw: bytes) -> None:
    session = goto_rows.session(row(GOTO_SESSION), "desk", None).session
    assert session is not None
    try:
        found = goto_talk.transcript(loose(raw), session)
    except BadAnswer:
        return  # no chat at all: told as such
    for entry in found.entries:
        assert entry.text == block(entry.text)
        assert entry.author == line(entry.author)
