"""Trinsic's rows and answers bent at random: nothing raises, nothing is left unclean, and no secret gets out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.samples import row
from tests.providers.test_mutations import any_row, bent, check, junk
from tests.providers.trinsic_samples import DONE, SESSION, URN, VERIFICATION
from tui.model.problem import BadAnswer
from tui.model.secret import Secret
from tui.model.text import line
from tui.net.client import Reply
from tui.providers import trinsic_errors, trinsic_rows, trinsic_talk
from tui.providers.rows import Envelope

relaxed = settings(deadline=None)
CANARY = "canary7f3a"
steps = st.dictionaries(
    st.text(max_size=4),
    junk
    | st.fixed_dictionaries(
        {}, optional={name: junk | st.just(value) for name, value in VERIFICATION.items()}
    ),
    max_size=3,
)
rows = any_row(SESSION) | any_row(DONE) | steps.map(lambda v: row({**DONE, "verifications": v}))


@relaxed
@given(rows)
def test_decoding_never_raises(raw: bytes) -> None:
    listed = trinsic_rows.session(raw, "desk")
    full = trinsic_rows.session(raw, "desk", full=True)
    check(listed)
    check(full)
    assert (listed.session is None) == (full.session is None)
    assert listed.drift == full.drift
    assert listed.session is None or listed.session.fields == ()
    if full.session is not None:
        names = [name for name, _ in full.session.fields]
        assert len(set(names)) == len(names)
        for entry in trinsic_talk.transcript(full.session, raw).entries:
            assert entry.text == line(entry.text)


@relaxed
@given(kept=st.sets(st.sampled_from(sorted(SESSION))))
def test_both_ways_of_reading_agree_on_a_good_row(kept: set[str]) -> None:
    good = {name: DONE[name] for name in {*kept, "id"} - {"failCode"}}
    fast_read = trinsic_rows.session(row(good), "desk")
    slow_read = trinsic_rows.session(row({**good, "failCode": []}), "desk")
    assert fast_read.drift == ()
    assert len(slow_read.drift) == 1
    assert fast_read.session == slow_read.session


hidden = st.recursive(
    st.just(CANARY),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2)
        | st.dictionaries(st.sampled_from(["state", "id", "x", "type"]), inner, min_size=1)
    ),
    max_leaves=4,
)


@relaxed
@given(
    value=hidden,
    name=st.sampled_from(["clientToken", "resultVp", "later"]),
    inner=st.sampled_from(["normalizedGovernmentIdData", "later"]),
    listed=st.booleans(),
)
def test_what_may_be_somebodys_data_is_never_plain(
    value: Any, name: str, inner: str, listed: bool
) -> None:
    step = {**VERIFICATION, inner: value}
    many: Any = [step] if listed else {"v": step}
    raw = row({**DONE, name: value, "verifications": many})
    found = trinsic_rows.session(raw, "desk", full=True)
    assert found.session is not None
    assert CANARY not in repr(found)
    assert CANARY not in repr(trinsic_talk.transcript(found.session, raw))
    assert any(isinstance(one, Secret) for _, one in found.session.fields)


@relaxed
@given(bad=bent(SESSION), odd=st.sampled_from([b"null", b"7", b'{"a":NaN}', b'{"a":"\xff"}']))
def test_good_rows_survive_beside_bad_ones(bad: bytes, odd: bytes) -> None:
    good = row(SESSION)
    body = b'{"sessions":[' + b",".join([bad, good, odd, good]) + b'],"more":false}'
    found = Envelope(body, "listing").rows("sessions")
    assert len(found) == 4
    for raw in (found[1], found[3]):
        session = trinsic_rows.session(raw, "desk").session
        assert session is not None
        assert session.id == URN


@relaxed
@given(junk.map(lambda value: row({"session": value})) | st.binary(max_size=30))
def test_opening_an_answer_gives_a_session_or_a_bad_answer(body: bytes) -> None:
    try:
        raw = trinsic_rows.held(body, "get")
    except BadAnswer:
        return
    assert raw is None or raw.lstrip()[:1] == b"{"


@relaxed
@given(junk.map(row) | st.lists(junk, max_size=3).map(row) | st.binary(max_size=30))
def test_any_refusal_can_be_told(body: bytes) -> None:
    reply = Reply(400, body)
    told = trinsic_errors.told(reply)
    assert told is None or told
    trinsic_errors.names_other(reply, "sessionId")


def test_a_very_deep_row_is_read_as_far_as_it_goes() -> None:
    deep = b'{"id":"abcde","verifications":' + b'{"a":' * 5000 + b"1" + b"}" * 5001
    for full in (False, True):
        found = trinsic_rows.session(deep, "desk", full=full)
        assert found.session is None or found.session.id == "abcde"


@pytest.mark.parametrize("count", [0, 1, 40])
def test_many_attributes_of_one_name_are_all_kept(count: int) -> None:
    step = {"normalizedGovernmentIdData": {"x" * 80: "a"}}
    many = {str(number): step for number in range(count)}
    found = trinsic_rows.session(row({"id": URN, "verifications": many}), "desk", full=True)
    assert found.session is not None
    assert sum(isinstance(one, Secret) for _, one in found.session.fields) == count
