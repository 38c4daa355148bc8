"""Pages of Proxy lists: sizes, tokens, links, and what happens between two pages."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.simulator.conftest import Start, World


def test_pages_hold_50_unless_asked_and_never_more_than_100(start: Start) -> None:
    world = start(sessions=400)
    for size, real in ((None, 50), (1, 1), (7, 7), (100, 100), (101, 100), (1000, 100)):
        page = world.page(**({} if size is None else {"PageSize": size}))
        assert len(page["sessions"]) == real
        assert page["meta"]["page_size"] == (size or 50)


@pytest.mark.parametrize("size", ["0", "-1", "1001", "ten", "1e2", "٣", "99999999999"])
def test_a_page_size_out_of_range_is_refused(world: World, size: str) -> None:
    answer = world.twilio.get(f"{world.service}/Sessions", params={"PageSize": size})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_following_next_reads_everything_once_and_previous_leads_back(world: World) -> None:
    pages = world.walk(f"{world.service}/Sessions?PageSize=5")
    sids = [row["sid"] for page in pages for row in page]
    assert len(sids) == len(set(sids))
    assert sids == [row["sid"] for row in world.sessions(PageSize=100)]
    assert [len(page) for page in pages[:-1]] == [5] * (len(pages) - 1)
    second = world.twilio.get(world.page(PageSize=5)["meta"]["next_page_url"]).json()
    third = world.twilio.get(second["meta"]["next_page_url"]).json()
    back = world.twilio.get(third["meta"]["previous_page_url"]).json()
    assert back["sessions"] == second["sessions"] == pages[1]
    first = world.twilio.get(back["meta"]["previous_page_url"]).json()
    assert first["sessions"] == pages[0]
    assert first["meta"]["previous_page_url"] is None


def test_meta_has_the_vendors_seven_members(world: World) -> None:
    meta = world.page(PageSize=5)["meta"]
    url = f"{world.proxy['base_url']}{world.service}/Sessions?PageSize=5&Page=0"
    following = meta.pop("next_page_url")
    assert meta == {
        "page": 0,
        "page_size": 5,
        "first_page_url": url,
        "previous_page_url": None,
        "url": url,
        "key": "sessions",
    }
    assert re.fullmatch(re.escape(url[:-1]) + r"1&PageToken=PT[\w-]+", following)
    later = world.twilio.get(following).json()["meta"]
    assert later["page"] == 1
    assert later["url"] == following


def test_links_are_built_from_the_address_that_was_used(world: World) -> None:
    answer = world.twilio.get(
        f"{world.service}/Sessions", headers={"Host": f"localhost:{world.sim.port}"}
    ).json()
    prefix = f"http://localhost:{world.sim.port}/twilio-proxy/v1/"
    assert answer["meta"]["url"].startswith(prefix)
    assert answer["sessions"][0]["url"].startswith(prefix)


def test_a_page_number_alone_leads_nowhere(world: World) -> None:
    page = world.page(PageSize=5, Page=3)
    assert page["sessions"] == world.page(PageSize=5)["sessions"]
    assert page["meta"]["page"] == 3


def test_a_token_is_good_for_its_own_list_only(world: World) -> None:
    token = httpx.URL(world.page(PageSize=5)["meta"]["next_page_url"]).params["PageToken"]
    other = world.twilio.get("/v1/Services").json()["services"]
    lists = [one["links"]["sessions"] for one in other if one["sid"] not in world.service]
    for url, given in (
        (lists[0], token),
        (f"{world.service}/Sessions", token[:-2] + "AA"),
        (f"{world.service}/Sessions", "PT"),
        (f"{world.service}/Sessions", "é€"),
        (f"{world.service}/Sessions", "x" * 500),
    ):
        answer = world.twilio.get(url, params={"PageToken": given})
        assert (answer.status_code, answer.json()["code"]) == (400, 21481)


def test_arrivals_between_pages_neither_repeat_nor_hide_a_row(world: World) -> None:
    before = [row["sid"] for row in world.sessions(PageSize=100)]
    page = world.page(PageSize=5)
    seen = [row["sid"] for row in page["sessions"]]
    while url := page["meta"]["next_page_url"]:
        world.sim.desk.add_session("messaging")
        page = world.twilio.get(url).json()
        seen += [row["sid"] for row in page["sessions"]]
    assert seen == before
