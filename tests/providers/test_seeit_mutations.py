"""Seeit's rows and answers bent at random: decoding never raises, and a good row beside a bad one survives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.samples import row
from tests.providers.seeit_samples import CREATED, LISTING, SESSION
from tests.providers.test_mutations import any_row, bent, broken, check, junk, relaxed
from tests.providers.vendor import NOON
from tui.model.problem import BadAnswer
from tui.model.text import block, line
from tui.providers.base import Decoded
from tui.providers.goto_seeit import _created
from tui.providers.seeit_pages import Question, page, total
from tui.providers.seeit_rows import session
from tui.providers.seeit_talk import transcript


def decode(raw: bytes, *, full: bool = False) -> Decoded:
    return session(raw, "desk", "me", NOON, full=full)


@relaxed
@given(any_row(SESSION))
def test_decoding_never_raises(raw: bytes) -> None:
    listed, full = decode(raw), decode(raw, full=True)
    check(listed)
    check(full)
    assert listed.drift == full.drift
    assert (listed.session is None) == (full.session is None)


@relaxed
@given(any_row(SESSION))
def test_a_timeline_never_raises(raw: bytes) -> None:
    found = decode(raw, full=True).session
    if found is None:
        return
    told = transcript(found, NOON)
    assert not told.spoken
    for entry in told.entries:
        assert entry.text == block(entry.text)
        assert entry.author == line(entry.author)


@pytest.mark.parametrize("slow", ["technicianEmail", "sessionStartTime"])
@relaxed
@given(kept=st.sets(st.sampled_from(sorted(SESSION))))
def test_both_ways_of_reading_agree_on_a_good_row(slow: str, kept: set[str]) -> None:
    good = {name: SESSION[name] for name in {*kept, "uuid"}}
    fast_read, slow_read = decode(row({**good, slow: None})), decode(row({**good, slow: [1]}))
    assert fast_read.drift == ()
    assert len(slow_read.drift) == 1
    assert fast_read.session == slow_read.session


@relaxed
@given(bad=bent(SESSION))
def test_good_rows_survive_beside_bent_ones(bad: bytes) -> None:
    good = row(SESSION)
    body = b'{"content":[' + b",".join([good, bad, b'{"a":NaN}', good]) + b"]}"
    rows = page(body, Question((), 0, alone=False), "listing").rows
    assert len(rows) == 4
    assert decode(rows[0]) == decode(rows[3]) == decode(good)


@relaxed
@given(any_row(LISTING) | junk.map(row), st.integers(0, 3))
def test_a_page_is_rows_or_a_bad_answer(body: bytes, number: int) -> None:
    asked = Question((), number, alone=False)
    try:
        found = page(body, asked, "listing")
        total(body, "listing")
    except BadAnswer:
        return
    assert all(isinstance(raw, bytes) for raw in found.rows)
    assert found.next in (None, str(number + 1))


@relaxed
@given(any_row(CREATED) | broken(CREATED))
def test_a_creation_is_told_or_a_bad_answer(body: bytes) -> None:
    try:
        made = _created(body, "creating")
    except BadAnswer:
        return
    assert made.ref is None or made.ref
    for one in made.told:
        assert one.label == line(one.label)
        assert str(one.text)
