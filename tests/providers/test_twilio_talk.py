"""Twilio's interactions as a transcript: every form that `data` was seen in, and who said it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.samples import TWILIO_INTERACTION, TWILIO_SESSION, row
from tests.providers.test_twilio_rows import ANA, BO, GONE, person
from tui.model.transcript import Entry, EntryKind, Role, Transcript
from tui.providers.twilio_rows import people, session
from tui.providers.twilio_talk import transcript

OPEN = {
    "date_created": "2015-07-30T20:00:00Z",
    "date_started": "2015-07-30T20:05:00Z",
    "date_ended": None,
}
UNTOLD = "(the vendor gives no text)"


def told(*rows: bytes, who: tuple[bytes, ...] = (ANA, BO), complete: bool = True) -> Transcript:
    found = session(row({**TWILIO_SESSION, **OPEN}), "desk").session
    assert found is not None
    return transcript(found, people(list(who), None), rows, complete=complete)


def said(**changes: Any) -> bytes:
    base = {
        **TWILIO_INTERACTION,
        "date_created": "2015-07-30T20:06:00Z",
        "inbound_participant_sid": "KP1",
        "outbound_participant_sid": "KP2",
    }
    return row({**base, **changes})


def one(**changes: Any) -> Entry:
    entries = [entry for entry in told(said(**changes)).entries if entry.at == SIX]
    assert len(entries) == 1
    return entries[0]


SIX = next(e.at for e in told(said()).entries if e.kind is EntryKind.MESSAGE)


def test_the_vendors_reason_stands_beside_the_end() -> None:
    raw = row(
        {
            **TWILIO_SESSION,
            **OPEN,
            "status": "closed",
            "date_ended": "2015-07-30T20:09:00Z",
            "closed_reason": "api",
        }
    )
    whole = session(raw, "desk", full=True).session
    assert whole is not None
    found = transcript(whole, people([ANA, BO], None), [said()], complete=True)
    assert found.entries[-1].text == "session ended (reason: api)"
    listed = session(raw, "desk").session
    assert listed is not None
    found = transcript(listed, people([], None), [], complete=True)
    assert found.entries[-1].text == "session ended", "a row of the list says no reason"


def test_a_failed_session_without_an_end_still_says_that_it_failed() -> None:
    failed = session(
        row(
            {
                **TWILIO_SESSION,
                **OPEN,
                "status": "failed",
                "date_updated": "2015-07-30T20:10:00Z",
            }
        ),
        "desk",
    ).session
    assert failed is not None
    last = transcript(failed, people([], None), [], complete=True).entries[-1]
    assert last.text == "session failed (its last change)"
    assert last.at == failed.updated_at


def test_the_vendors_own_sample() -> None:
    entry = one()
    assert entry.kind is EntryKind.MESSAGE
    assert entry.text == "some message"
    assert (entry.author, entry.role) == ("Ana Lindqvist", Role.CUSTOMER)
    assert entry.status == "sent"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('{"body":"hello"}', "hello"),
        ({"body": "hello"}, "hello"),
        ('{"body":"a\\nb"}', "a\nb"),
        ('{"body":""}', UNTOLD),
        ('{"body":null}', UNTOLD),
        ('{"body":7}', "7"),
        ("", UNTOLD),
        (None, UNTOLD),
        ({}, UNTOLD),
        ("{}", UNTOLD),
        ('{"body":"hel', '{"body":"hel'),
        ("plain words", "plain words"),
        ('{"media":["x"]}', '{"media": ["x"]}'),
        ([1, 2], "[1, 2]"),
        (True, "True"),
        ('{"body":"\x1b[2Jboo"}', "␛[2Jboo"),
        ('{"body":"' + "x" * 20_000 + '"}', "x" * 16_383 + "…"),
    ],
)
def test_data_in_every_form(data: object, text: str) -> None:
    assert one(data=data).text == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('{"duration":"5"}', "call, 5 s"),
        ('{"duration":125}', "call, 2 min 5 s"),
        ({"duration": "60"}, "call, 1 min 0 s"),
        ('{"duration":"long"}', '{"duration": "long"}'),
        ("", "call"),
        (None, "call"),
    ],
)
def test_calls(data: object, text: str) -> None:
    entry = one(data=data, type="Voice")
    assert entry.kind is EntryKind.CALL
    assert entry.text == text


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "MESSAGE"}, EntryKind.MESSAGE),
        ({"type": "voice"}, EntryKind.CALL),
        ({"type": "unknown", "inbound_resource_type": "Call"}, EntryKind.CALL),
        ({"type": None, "inbound_resource_type": "message"}, EntryKind.MESSAGE),
        (
            {
                "type": "unknown",
                "inbound_resource_type": None,
                "outbound_resource_type": None,
                "data": '{"duration":"5"}',
            },
            EntryKind.CALL,
        ),
        ({"type": 7, "inbound_resource_type": None, "outbound_resource_type": None}, "message"),
    ],
)
def test_the_kind_is_told_by_whatever_is_there(fields: dict[str, Any], kind: str) -> None:
    assert one(**fields).kind == kind


def test_the_agent_and_the_application_speak() -> None:
    answer = one(inbound_participant_sid="KP2", outbound_participant_sid="KP1")
    assert (answer.author, answer.role) == ("Bo Agent", Role.AGENT)
    to_customer = one(inbound_participant_sid=None, outbound_participant_sid="KP1")
    assert (to_customer.author, to_customer.role) == ("application", Role.AGENT)
    to_agent = one(inbound_participant_sid=None, outbound_participant_sid="KP2")
    assert (to_agent.author, to_agent.role) == ("application", Role.SYSTEM)


def test_a_speaker_who_is_not_listed_is_told_by_the_hearer() -> None:
    to_customer = one(inbound_participant_sid="KP9", outbound_participant_sid="KP1")
    assert (to_customer.author, to_customer.role) == ("someone", Role.AGENT)
    to_agent = one(inbound_participant_sid="KP9", outbound_participant_sid="KP2")
    assert to_agent.role is Role.CUSTOMER


def test_the_outbound_status_is_the_delivery() -> None:
    assert one(outbound_resource_status="undelivered").status == "undelivered"
    assert one(outbound_resource_status=None).status == "sent"
    assert one(outbound_resource_status=None, inbound_resource_status=None).status is None


def test_everything_is_in_order_with_the_sessions_own_steps() -> None:
    late = said(sid="KI2", date_created="2015-07-30T20:09:00Z")
    gone = person("KP3", "Gone Gunnar", "+14155550000", 7, date_deleted=GONE)
    found = told(late, said(), who=(BO, ANA, gone))
    assert [(str(entry.kind), entry.author, entry.text) for entry in found.entries] == [
        ("state", "", "session created"),
        ("join", "Ana Lindqvist", "was added to the session"),
        ("join", "Bo Agent", "was added to the session"),
        ("state", "", "session started"),
        ("message", "Ana Lindqvist", "some message"),
        ("join", "Gone Gunnar", "was added to the session"),
        ("message", "Ana Lindqvist", "some message"),
        ("leave", "Gone Gunnar", "was removed from the session"),
    ]
    assert (found.spoken, found.complete, found.note) == (True, True, None)


def test_an_answer_in_the_same_second_comes_after_its_question() -> None:
    question = said(sid="KI1", data="question", date_created="2015-07-30T20:05:00Z")
    answer = said(sid="KI2", data="answer", date_created="2015-07-30T20:05:00Z")
    found = told(answer, question).entries  # lists run from the newest on
    assert [entry.text for entry in found][-3:] == ["session started", "question", "answer"]


def test_a_row_that_comes_twice_is_told_once() -> None:
    messages = [e for e in told(said(), said()).entries if e.kind is EntryKind.MESSAGE]
    assert len(messages) == 1


def test_silence_and_gaps_are_told() -> None:
    assert told().note == "nothing has been said so far"
    cut = told(said(), complete=False)
    assert not cut.complete
    assert "not everything" in str(cut.note)
    odd = told(said(), b"null")
    assert not odd.complete
    assert odd.note == "1 entries could not be read"


def test_a_hostile_row_is_an_entry_without_a_time() -> None:
    odd = said(date_created="9999-12-31T23:59:59-14:00", type=[], data={"body": {"deep": "\x1b"}})
    entry = told(odd).entries[0]
    assert entry.at is None
    assert entry.text == '{"deep": "\\u001b"}'
