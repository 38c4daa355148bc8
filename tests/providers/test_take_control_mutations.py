"""Take Control's answers bent at random: nothing raises but a `Problem`, and good rows beside bad ones survive."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.samples import row
from tests.providers.take_control_samples import (
    BLOCK,
    CREATE_SAMPLE,
    ERROR_SAMPLE,
    HISTORY_SAMPLE,
    RECORD,
    WITHOUT_ID,
    success,
)
from tests.providers.test_mutations import any_row, bent, broken, check, junk
from tests.providers.vendor import StillClock
from tui.model.problem import Problem
from tui.model.text import block, line
from tui.net.reply import Reply
from tui.providers.take_control_answers import opened, records
from tui.providers.take_control_create import answered
from tui.providers.take_control_rows import Reader, known_by, numbered, to_bytes
from tui.providers.take_control_talk import transcript
from tui.providers.take_control_times import zone

relaxed = settings(deadline=None)
WHOLE: dict[str, Any] = {
    **RECORD,
    "notes": "replaced",
    "chat_info": "<c><m from='Ana Lindqvist' time='11:31'>hi</m></c>",
    "video_links": "<v>https://v.example/1</v>",
    "waiting_time": 1,
}
READER = Reader("desk", zone("Europe/London"), "tech@example.com")
CLOCK = StillClock()


def rows(body: bytes) -> list[bytes]:
    found = records(opened(Reply(200, body), "listing", CLOCK), "listing")
    return [to_bytes(one) for one in numbered(found)]


def rows_or_none(body: bytes) -> list[bytes]:
    try:
        return rows(body)
    except Problem:
        return []


@relaxed
@given(st.sampled_from([WHOLE, WITHOUT_ID]).flatmap(any_row))
def test_decoding_never_raises(raw: bytes) -> None:
    found = READER.decode(raw)
    check(found)
    full = READER.decode(raw, full=True)
    check(full)
    assert (found.session is None) == (full.session is None)
    assert found.drift == full.drift


@relaxed
@given(st.sampled_from([HISTORY_SAMPLE, ERROR_SAMPLE, success([WHOLE])]).flatmap(any_row))
def test_an_answer_gives_rows_or_a_problem(body: bytes) -> None:
    for raw in rows_or_none(body):
        check(READER.decode(raw, full=True))


@relaxed
@given(details=junk, again=junk)
def test_any_details_give_rows_or_a_problem(details: object, again: object) -> None:
    for value in (details, [details, BLOCK], {"requests": details}, {"nrequests": again}):
        for raw in rows_or_none(row(success(value))):
            check(READER.decode(raw))


@relaxed
@given(bad=bent(WHOLE), more=junk, shape=st.sampled_from(["flat", "nested", "object"]))
def test_good_rows_survive_beside_bad_ones(bad: bytes, more: object, shape: str) -> None:
    good = row(WHOLE)
    odd = b'{"customer_name":"\xff\xfe","waiting_time":NaN}'
    listed = b"[" + b",".join([good, bad, odd, row(more), row(WITHOUT_ID)]) + b"]"
    block_ = b'{"nrequests":1,"requests":' + listed + b"}"
    details = {"flat": listed, "nested": b"[" + block_ + b"]", "object": block_}[shape]
    found = [READER.decode(raw).session for raw in rows(b'{"details":' + details + b"}")]
    assert found[0] == READER.decode(good).session
    # Equal to none before it but by chance: `bad` may hold the same five values and no id.
    (alone,) = rows(row(success([WITHOUT_ID])))
    last, expected = found[-1], READER.decode(alone).session
    assert last is not None
    assert expected is not None
    assert last.customer == expected.customer
    assert last.started_at == expected.started_at


@relaxed
@given(st.lists(junk | st.builds(json.loads, bent(WHOLE) | bent(WITHOUT_ID)), max_size=4))
def test_an_id_is_the_same_before_and_after_it_travels(listed: list[object]) -> None:
    try:
        found = records(opened(Reply(200, row(success(listed))), "listing", CLOCK), "listing")
    except Problem:
        return
    for record in numbered(found):
        session = READER.decode(to_bytes(record)).session
        assert known_by(record) == (None if session is None else session.id)


@relaxed
@given(st.sampled_from([CREATE_SAMPLE, success({"session_id": "S1"})]).flatmap(any_row))
def test_a_create_tells_something_or_is_a_problem(body: bytes) -> None:
    try:
        created = answered(Reply(200, body), CLOCK)
    except Problem:
        return
    assert created.told
    for one in created.told:
        assert one.label == line(one.label)
        assert isinstance(one.text, str)
        assert one.copies or one.text == line(one.text)


@pytest.mark.parametrize("refused", [True, False])
@relaxed
@given(raw=bent(WHOLE) | broken(WHOLE))
def test_a_transcript_never_raises(raw: bytes, refused: bool) -> None:
    session = READER.decode(row(WHOLE)).session
    assert session is not None
    for found in records(
        {"details": [json.loads(raw, strict=False)] if _is_json(raw) else []}, "reading"
    ):
        record = found if isinstance(found, dict) else {}
        told = transcript(session, record, READER.zone, refused=refused)
        for entry in told.entries:
            assert entry.text == block(entry.text)
            assert entry.author == line(entry.author)


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw, strict=False)
    except ValueError:
        return False
    return True
