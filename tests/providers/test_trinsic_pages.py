"""Trinsic's pages: by number, with and without a word about what follows, and the query that is passed on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.trinsic_samples import SESSION, URN, listing, trinsic
from tests.providers.vendor import Answer, Reaction, Seen, Vendor
from tui.model.problem import BadAnswer, UsageProblem
from tui.model.text import Opaque
from tui.providers.base import Ask, Page
from tui.providers.trinsic_connect import TrinsicConnect

pytestmark = pytest.mark.anyio
LIST = "/v1/sessions/list"


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor("") as made:
        yield made


@pytest.fixture
async def connect(vendor: Vendor) -> AsyncIterator[TrinsicConnect]:
    made = trinsic(vendor)
    yield made
    await made.aclose()


def bodies(vendor: Vendor) -> list[Any]:
    return [json.loads(seen.body) for seen in vendor.seen]


def of(count: int) -> list[dict[str, Any]]:
    return [{**SESSION, "id": f"{URN}{number}"} for number in range(count)]


async def read_all(connect: TrinsicConnect, *query: tuple[str, str]) -> list[Page]:
    pages: list[Page] = []
    ask: Ask | None = Ask(query=query)
    while ask is not None and len(pages) < 20:
        pages.append(await connect.page(ask))
        following = pages[-1].next
        ask = None if following is None else Ask(following, query=query)
    return pages


def paged(count: int, absent: frozenset[str] = frozenset()) -> Reaction:
    """A listing of so many sessions; `more` and `total` may be absent."""

    def answer(seen: Seen) -> Answer:
        asked = json.loads(seen.body)
        size, page = asked["pageSize"], asked["page"]
        body = listing(*of(count)[(page - 1) * size : page * size])
        body |= {"more": page * size < count, "total": count}
        return Answer(body={name: value for name, value in body.items() if name not in absent})

    return answer


@pytest.mark.parametrize(
    "absent", [frozenset(), frozenset({"total"}), frozenset({"more"}), frozenset({"more", "total"})]
)
@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (10, 1), (11, 2), (25, 3)])
async def test_pages_with_and_without_more_and_total(
    vendor: Vendor, connect: TrinsicConnect, absent: frozenset[str], total: int, requests: int
) -> None:
    vendor.paths[LIST] = paged(total, absent)
    pages = await read_all(connect)
    assert sum(len(page.rows) for page in pages) == total
    # Without a word about what follows, a full page may have a next one, which is empty then.
    unsaid = len(absent) == 2 and total == 10
    assert len(vendor.seen) == requests + unsaid
    assert [body["page"] for body in bodies(vendor)] == list(range(1, requests + unsaid + 1))


async def test_more_is_believed_before_lengths(vendor: Vendor, connect: TrinsicConnect) -> None:
    vendor.paths[LIST] = Answer(body=listing(*of(3), more=True))
    assert (await connect.page(Ask())).next == "2"
    vendor.paths[LIST] = Answer(body=listing(*of(10), more=False, total=99))
    assert (await connect.page(Ask())).next is None
    vendor.paths[LIST] = Answer(body=listing(*of(3), more="yes", total="many"))
    assert (await connect.page(Ask())).next is None
    vendor.paths[LIST] = Answer(body=listing(*of(10), more=None, total=None))
    assert (await connect.page(Ask())).next == "2"


async def test_a_page_past_the_end_is_the_last(vendor: Vendor, connect: TrinsicConnect) -> None:
    empty: list[object] = [[], None]
    for sessions in empty:
        vendor.paths[LIST] = Answer(body={"sessions": sessions, "more": True, "total": 99})
        assert await connect.page(Ask(Opaque("7"))) == Page(())
    assert bodies(vendor)[-1]["page"] == 7


async def test_pages_that_shift_give_a_session_twice_and_nothing_breaks(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    """A session that changes between two pages moves to the front and pushes another one back."""

    def answer(seen: Seen) -> Answer:
        page, rows = json.loads(seen.body)["page"], of(12)
        if page == 2:
            rows.insert(0, rows.pop())
        return Answer(body=listing(*rows[(page - 1) * 10 : page * 10], more=page < 2))

    vendor.paths[LIST] = answer
    first, second = await read_all(connect)
    assert first.rows[-1] == second.rows[0]
    assert len({*first.rows, *second.rows}) == 11


async def test_a_query_is_passed_on(vendor: Vendor, connect: TrinsicConnect) -> None:
    vendor.paths[LIST] = paged(7)
    query = (("orderBy", "Created"), ("orderDirection", "Ascending"), ("pageSize", "3"))
    assert [len(page.rows) for page in await read_all(connect, *query)] == [3, 3, 1]
    assert [body["page"] for body in bodies(vendor)] == [1, 2, 3]
    assert bodies(vendor)[2] == {
        "orderBy": "Created",
        "orderDirection": "Ascending",
        "pageSize": 3,
        "page": 3,
    }


async def test_a_page_that_is_asked_for_comes_alone(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    vendor.paths[LIST] = paged(25)
    (page,) = await read_all(connect, ("page", "2"))
    assert (len(page.rows), bodies(vendor)[0]["page"]) == (10, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("orderBy", "updated"),
        ("orderBy", ""),
        ("orderDirection", "Down"),
        ("page", "0"),
        ("page", "2147483648"),
        ("page", "1.0"),
        ("page", "٣"),
        ("pageSize", "0"),
        ("pageSize", "11"),
        ("state", "IdvFailed"),
    ],
)
async def test_what_the_listing_does_not_take_is_not_sent(
    vendor: Vendor, connect: TrinsicConnect, name: str, value: str
) -> None:
    with pytest.raises(UsageProblem, match=name):
        await connect.page(Ask(query=((name, value),)))
    assert vendor.seen == []


async def test_the_last_page_number_has_no_next(vendor: Vendor, connect: TrinsicConnect) -> None:
    vendor.paths[LIST] = Answer(body=listing(*of(10), more=True))
    assert (await connect.page(Ask(Opaque("2147483647")))).next is None
    with pytest.raises(UsageProblem):
        await connect.page(Ask(Opaque("https://elsewhere.example/2")))


async def test_an_answer_without_a_list_is_no_empty_listing(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    for body in (b"This service has moved", b"<html></html>", b"", b"{}", b'{"message":"no"}'):
        vendor.paths[LIST] = Answer(200, body)
        with pytest.raises(BadAnswer):
            await connect.page(Ask())
