"""Bad rows at every provider: wrong types, hostile text, nonsense, another session's row, a link that leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.providers.bad_input import (
    CONTROL,
    PROVIDERS,
    SEEIT,
    TRINSIC,
    TWILIO,
    Desk,
    answering,
    connected,
    kept,
    listed,
    profile,
)
from tests.providers.vendor import Answer
from tui.model.problem import BadAnswer
from tui.model.session import Session
from tui.model.text import Opaque
from tui.providers.base import Ask, Provider

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def building() -> Iterator[Desk]:
    made = Desk()
    with made.simulator:
        yield made


@pytest.fixture
def desk(building: Desk) -> Desk:
    building.rest()
    return building


@pytest.mark.parametrize("name", PROVIDERS)
async def test_odd_rows_cost_fields_and_no_good_row(desk: Desk, name: str) -> None:
    async with connected(profile(name, desk.told(name))) as provider:
        clean = await listed(provider)
        desk.simulator.play("rows", "odd")
        odd = await listed(provider)
        assert [row for row in clean if row.drift or row.session is None] == []
        assert len(odd) == len(clean)
        assert any(row.drift for row in odd if row.session is not None)
        before, after = kept(clean), kept(odd)
        assert len(after) > len(before) // 2
        strangers = set(after) - set(before)
        # Take Control: a row whose id is no number, or is gone, is known by a derived id from then on.
        assert all(name == CONTROL for _ in strangers)
        untouched = [s for ref, s in before.items() if after.get(ref) == s]
        assert len(untouched) >= len(before) * 6 // 10
        for row in odd:
            assert all(said.isprintable() and len(said) <= 400 for said in row.drift)
            assert row.session is not None or row.drift


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_row_of_nonsense_is_set_aside(desk: Desk, name: str) -> None:
    """Whatever it is made of: no session, a reason in words, and the rows beside it are read."""
    async with connected(profile(name, desk.told(name))) as provider:
        page = await provider.page(Ask())
        nonsense = (b"null", b"7", b'"x"', b"[]", b"{}", b'{"a":', b"\xff\xfe", b"[" * 5000, b"")
        for row in nonsense:
            decoded = provider.decode(row, full=True)
            assert decoded.session is None
            assert decoded.drift
            assert all(said.isprintable() for said in decoded.drift)
        assert all(provider.decode(row).session is not None for row in page.rows)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_hostile_text_arrives_clean_everywhere(desk: Desk, name: str) -> None:
    desk.simulator.play("rate-limits", "off")
    async with connected(profile(name, desk.told(name))) as provider:
        clean = kept(await listed(provider))
        refs = [Opaque(ref) for ref in clean][:24]
        plain = [await provider.row(ref) for ref in refs]
        desk.simulator.play("text", "hostile")
        hostile = kept(await listed(provider))
        # What is shown is clean; what is not text is as it was.
        states = {ref: session.status for ref, session in clean.items()}
        assert {ref: session.status for ref, session in hostile.items()} == states
        spoiled = [
            ref for ref, row in zip(refs, plain, strict=True) if await provider.row(ref) != row
        ]
        assert spoiled
        for ref in spoiled[:6]:
            await check_clean(provider, hostile[ref])


async def check_clean(provider: Provider, session: Session) -> None:
    whole = provider.decode(await provider.row(session.id), full=True).session
    assert whole is not None
    assert whole.id == session.id
    named = await provider.people(whole)
    for one in (session, named):
        shown = [one.subject, one.customer, one.customer_email, one.customer_phone, one.agent]
        shown += [one.kind, one.provider_status, *(label for label, _ in one.fields)]
        assert all(text.isprintable() for text in shown if text is not None)
    for _, value in whole.fields:
        if isinstance(value, str):
            assert value.replace("\n", "").isprintable()
    transcript = await provider.transcript(named)
    for entry in transcript.entries:
        assert entry.text.replace("\n", "").isprintable()
        assert entry.author is None or entry.author.isprintable()


@pytest.mark.parametrize("name", PROVIDERS)
async def test_another_sessions_row_is_not_taken_for_the_one_that_was_asked_for(
    desk: Desk, name: str
) -> None:
    desk.simulator.play("rate-limits", "off")
    keys = desk.told(name)
    async with connected(profile(name, keys)) as provider:
        found = list(kept(await listed(provider)))[:2]
        first, other = (Opaque(ref) for ref in found)
        row = json.loads(await provider.row(other))
    async with (
        answering(name, Answer(200, whole(name, row))) as base_url,
        connected(profile(name, {**keys, "base_url": base_url})) as provider,
    ):
        with pytest.raises(BadAnswer):
            await provider.row(first)
        assert provider.decode(await provider.row(other)).session is not None


def whole(name: str, row: dict[str, Any]) -> object:
    """A row as the vendor answers it when one session is asked for."""
    if name == TRINSIC:
        return {"session": row}
    if name == CONTROL:
        return {"result": "SUCCESS", "details": [row]}
    return row


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_next_page_on_another_host_is_never_asked_for(desk: Desk, name: str) -> None:
    if name not in (TWILIO, SEEIT):
        pytest.skip("this vendor's answers hold no links to other pages")
    async with connected(profile(name, desk.told(name))) as provider:
        clean = kept(await listed(provider))
        desk.simulator.play("fault", f"{name}:next-link")
        if name == TWILIO:
            page = await provider.page(Ask())
            with pytest.raises(BadAnswer, match="elsewhere"):
                await provider.page(Ask(cursor=page.next))
        else:  # its links are not followed: pages are asked for by number, of the host that is known
            assert kept(await listed(provider)) == clean
