"""Bad input of many pages, at every provider, through the engine: rows twice, pages that shift, links without end,
nonsense beside good rows, and a vendor that turns bad while its rows are on the board.

The simulator plays no such listings: a small server does, in each vendor's own form.
"""

from __future__ import annotations

import pytest

from tests.providers.bad_input import CONTROL, GOTO, PROVIDERS, TWILIO
from tests.providers.bad_pages import Pages, assert_true_rows, refs, running
from tests.providers.vendor import Answer

pytestmark = [pytest.mark.anyio, pytest.mark.long]

ONE_PAGE = {
    GOTO: "Remote Support answers its whole window on one page and knows no links to others",
    CONTROL: "Take Control answers its whole history on one page and knows no links to others",
}


def only_with_pages(provider: str) -> None:
    if provider in ONE_PAGE:
        pytest.skip(ONE_PAGE[provider])


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_ids_on_two_pages_are_one_session(provider: str) -> None:
    """With one page only, the same row stands on it twice."""
    full = list(range(1, 11))
    if provider in ONE_PAGE:
        pages = Pages(provider, lambda _: [*full, 3, 4, 4])
    else:
        pages = Pages(provider, lambda n: full if n == 0 else [9, 10, 11], last=1)
        full = [*full, 11]
    async with running(pages, poll=False) as reader:
        answer = await reader.query()
    assert answer.problem is None
    assert answer.complete
    assert {session.id for session in answer.sessions} == refs(provider, *full)
    assert_true_rows(provider, list(answer.sessions))
    assert (answer.set_aside, answer.drifted) == (0, 0)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_page_that_shifts_loses_no_session_of_the_board(provider: str) -> None:
    """A new session pushes one from the first page to the second; later, once, two slip through between the pages:
    the board keeps them, for one listing without them proves nothing."""
    only_with_pages(provider)
    listings = {
        "before": (range(2, 12), range(12, 15)),
        "pushed": (range(1, 11), range(10, 15)),
        "slipped": (range(1, 11), range(13, 15)),
    }
    stands = ["before"]

    def numbers(page: int) -> list[int]:
        found = listings[stands[-1]][page]
        if page and stands[-1] == "slipped":
            stands.append("pushed")
        return list(found)

    pages = Pages(provider, numbers, last=1)
    async with running(pages, poll=True) as reader:
        await reader.until(lambda: reader.ids() == refs(provider, *range(2, 15)))
        stands.append("pushed")
        await reader.until(lambda: reader.ids() == refs(provider, *range(1, 15)))
        stands.append("slipped")
        await reader.until(lambda: stands[-1] == "pushed")
        count = pages.asked.count(1)
        await reader.until(lambda: pages.asked.count(1) >= count + 2)
        assert reader.gone == []
        assert reader.ids() == refs(provider, *range(1, 15))
        assert_true_rows(provider, list(reader.board.sessions.values()))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_link_that_leads_back_to_its_own_page_ends(provider: str) -> None:
    only_with_pages(provider)
    if provider != TWILIO:
        pytest.skip("pages are asked for by number here: no link is followed, none can lead back")
    pages = Pages(provider, lambda n: [1, 2] if n == 0 else [3, 4], last=None, circle=True)
    async with running(pages, poll=False) as reader:
        answer = await reader.query()
    assert not answer.complete
    assert answer.problem is not None
    assert refs(provider, 1, 2) <= {session.id for session in answer.sessions}
    assert_true_rows(provider, list(answer.sessions))
    assert len(pages.asked) <= 4


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_pages_without_end_end(provider: str) -> None:
    """Every page says that there is another, and holds the same ten sessions again."""
    only_with_pages(provider)
    pages = Pages(provider, lambda _: list(range(1, 11)), last=None)
    async with running(pages, poll=False) as reader:
        answer = await reader.query()
    assert not answer.complete
    assert {session.id for session in answer.sessions} == refs(provider, *range(1, 11))
    assert_true_rows(provider, list(answer.sessions))
    assert len(pages.asked) <= 500


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_pages_without_end_do_not_keep_the_board_empty(provider: str) -> None:
    only_with_pages(provider)
    pages = Pages(provider, lambda n: [n * 10 + i for i in range(1, 11)], last=None)
    async with running(pages, poll=True) as reader:
        await reader.until(lambda: refs(provider, *range(1, 31)) <= reader.ids())
        assert not reader.health.complete
        assert_true_rows(provider, list(reader.board.sessions.values()))


TURNS = {
    "500": (Answer(500, b""), "backing off"),
    "429": (Answer(429, b"", (("Retry-After", "60"),)), "backing off"),
    "HTML": (Answer(200, b"<!doctype html><title>Hotel Wi-Fi</title>"), "backing off"),
    "truncated": (Answer(200, b'{"sessions": [{"id": "x'), "backing off"),
    "no list": (Answer(200, {"status": "ok"}), "backing off"),
    "keys rejected": (Answer(401, b""), "keys rejected"),
}


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("turn", TURNS)
async def test_the_last_good_rows_stay(provider: str, turn: str) -> None:
    """No bad answer empties a board, and the reason stands there in a clean sentence."""
    answer, state = TURNS[turn]
    pages = Pages(provider, lambda _: [1, 2, 3])
    async with running(pages, poll=True) as reader:
        await reader.until(lambda: reader.ids() == refs(provider, 1, 2, 3))
        pages.broken = answer
        await reader.until(lambda: reader.health.state.value == state)
        assert reader.ids() == refs(provider, 1, 2, 3)
        assert reader.health.reason.isprintable()
        assert "sesame" not in reader.health.reason
        assert_true_rows(provider, list(reader.board.sessions.values()))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_nonsense_beside_good_rows_is_counted_and_costs_none_of_them(provider: str) -> None:
    nonsense: list[object] = [
        None,
        7,
        "x",
        {"colour": "\x1b[31m"},
        {"sid": None, "id": None, "uuid": {}},
    ]
    pages = Pages(provider, lambda _: [1, 2, 3], nonsense=nonsense)
    async with running(pages, poll=False) as reader:
        answer = await reader.query()
    assert answer.problem is None
    assert {session.id for session in answer.sessions} == refs(provider, 1, 2, 3)
    assert_true_rows(provider, list(answer.sessions))
    assert answer.set_aside == 2 * len(nonsense)
