"""Seeit's listing: what is asked, and when a page is the last one, whatever the vendor leaves out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.samples import row
from tests.providers.seeit_samples import LISTING, SESSION, listing
from tui.model.problem import BadAnswer, UsageProblem
from tui.model.text import Opaque
from tui.providers.base import Ask, Page
from tui.providers.seeit_pages import QUERY, Question, page, question, total

SINCE = datetime(2015, 12, 13, 9, 46, 40, 1500, tzinfo=UTC)
FIRST = Question((), 0, alone=False)
GONE = object()


def asked(*pairs: tuple[str, str], **more: Any) -> dict[str, str]:
    return dict(question(Ask(query=pairs, **more), SINCE).query)


def read(asked: Question = FIRST, number: int = 0, pages: int = 3, **changes: Any) -> Page:
    body = {**listing(number, pages), **changes}
    kept = {name: value for name, value in body.items() if value is not GONE}
    return page(row(kept), asked, "listing")


def test_the_newest_come_first_and_more_than_five() -> None:
    assert question(Ask(), SINCE).query == (
        ("startTime", "1450000000000"),  # a millisecond early: the bound may be exclusive
        ("page", "0"),
        ("size", "50"),
        ("sort", "sessionCreateTime,desc"),
    )


def test_an_end_is_a_millisecond_late_too() -> None:
    until = SINCE + timedelta(seconds=1)
    assert asked(since=SINCE, until=until)["endTime"] == "1450000001002"
    assert int(asked(until=until)["endTime"]) > until.timestamp() * 1000
    assert int(asked()["startTime"]) < SINCE.timestamp() * 1000


def test_a_time_before_1970_is_the_beginning() -> None:
    assert asked(since=datetime(1, 1, 1, tzinfo=UTC))["startTime"] == "0"


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("1450000000000", "1450000000000"),
        ("0", "0"),
        ("2015-12-13T09:46:40Z", "1450000000000"),
        ("2015-12-13t09:46:40.001z", "1450000000001"),
        ("2015-12-13T10:46:40+01:00", "1450000000000"),
        ("2015-12-13 09:46:40", "1450000000000"),
        ("2015-12-13", "1449964800000"),
    ],
)
def test_times_of_a_query_go_out_exactly(told: str, sent: str) -> None:
    assert asked(("startTime", told))["startTime"] == sent
    assert asked(("endTime", told))["endTime"] == sent


@pytest.mark.parametrize(
    "pair",
    [
        ("startTime", "yesterday"),
        ("startTime", "2015-13-45"),
        ("endTime", "2015-12-13T99:00"),
        ("endTime", "-5"),
        ("endTime", "0001-01-01T00:00:00+14:00x"),
        ("page", "-1"),
        ("page", "one"),
        ("page", "9" * 11),
        ("size", "0"),
        ("size", "000"),
        ("size", "5.5"),
        ("sort", "sessionCreateTime,down"),
        ("sort", "customer"),
        ("sort", ""),
        ("technician", "x"),
    ],
)
def test_what_the_vendor_does_not_document_is_not_sent(pair: tuple[str, str]) -> None:
    with pytest.raises(UsageProblem):
        asked(pair)


def test_documented_values_are_sent() -> None:
    sent = asked(("size", "7"), ("sort", "technicianEmail"), ("page", "2"))
    assert (sent["size"], sent["sort"], sent["page"]) == ("7", "technicianEmail", "2")
    assert asked(("sort", "sessionEndTime,asc"))["sort"] == "sessionEndTime,asc"


def test_every_field_of_the_session_sorts() -> None:
    for name in SESSION:
        assert asked(("sort", f"{name},desc"))["sort"] == f"{name},desc"
    assert {field.name for field in QUERY} == {"startTime", "endTime", "page", "size", "sort"}


def test_the_cursor_is_the_page_and_keeps_the_query() -> None:
    second = question(Ask(Opaque("1"), since=SINCE, query=(("size", "9"),)), SINCE)
    assert dict(second.query)["page"] == "1"
    assert dict(second.query)["size"] == "9"
    assert second.number == 1
    for wrong in ("x", "-1", "https://example.invalid/?page=1", "\u0661"):
        with pytest.raises(UsageProblem):
            question(Ask(Opaque(wrong)), SINCE)


def test_a_page_that_was_asked_for_by_number_stands_alone() -> None:
    third = question(Ask(query=(("page", "3"),)), SINCE)
    assert (third.number, third.alone) == (3, True)
    assert read(third, number=3, pages=9).next is None


def test_pages_go_on_to_the_last() -> None:
    assert read().next == "1"
    assert read(Question((), 1, alone=False), number=1).next == "2"
    assert read(Question((), 2, alone=False), number=2).next is None
    assert len(read().rows) == 1


def test_a_smaller_page_than_asked_is_no_last_page() -> None:
    small = {"size": 20, "number": 0, "totalElements": 45, "totalPages": 3}
    assert read(page=small).next == "1"


SELF = {"rel": "self", "href": "x"}
NEXT = {"rel": "next", "href": "https://elsewhere.invalid/"}


@pytest.mark.parametrize(
    ("links", "info", "next_"),
    [
        ([SELF], {"totalPages": 3}, None),  # no next link
        ([SELF, NEXT], {"totalPages": 1}, None),  # no further page
        ([SELF, NEXT], {"totalPages": "3"}, "1"),
        ([SELF, NEXT], {}, "1"),
        ([SELF, NEXT], None, "1"),
        ([SELF, NEXT], GONE, "1"),
        ([SELF, NEXT], {"totalPages": "many"}, "1"),
        ([], {"totalPages": 3}, "1"),
        (GONE, {"totalPages": 3}, "1"),
        (None, {"totalPages": 3}, "1"),
        ({"next": "x"}, {"totalPages": 3}, "1"),
        (["next", 7], {"totalPages": 3}, "1"),
        (GONE, GONE, None),
        ([SELF], GONE, None),
    ],
)
def test_when_a_page_is_the_last(links: object, info: object, next_: str | None) -> None:
    assert read(links=links, page=info).next == next_


def test_an_empty_page_is_the_last_whatever_it_says() -> None:
    assert read(content=[]) == Page(())
    assert read(links=[NEXT], content=[]).next is None


def test_the_same_page_again_is_not_taken() -> None:
    with pytest.raises(BadAnswer, match="page 2 was asked for and page 0 came"):
        read(Question((), 2, alone=False), number=0)
    # Past the end a server may well name its last page.
    assert read(Question((), 5, alone=False), number=2, content=[]) == Page(())


def test_pages_that_are_counted_from_one_are_all_read() -> None:
    """`number` is documented from 0; what was asked for decides, not what the answer calls it."""
    info = {"size": 50, "number": 2, "totalElements": 3, "totalPages": 3}
    assert read(Question((), 1, alone=False), page=info).next == "2"


def test_links_are_never_taken_for_sessions() -> None:
    for content in (GONE, None, {}, "none"):
        with pytest.raises(BadAnswer, match="no list of sessions"):
            read(content=content)
    nothing = {"size": 50, "number": 0, "totalElements": 0, "totalPages": 0}
    assert read(content=None, page=nothing) == Page(())


def test_a_bare_list_is_a_page() -> None:
    assert len(page(row([SESSION, SESSION]), FIRST, "listing").rows) == 2


def test_one_bad_row_does_not_hide_the_others() -> None:
    body = row(LISTING).replace(b'"replaced filter"', b'"caf\xe9"')
    assert len(page(body, FIRST, "listing").rows) == 1


def test_the_total() -> None:
    assert total(row(LISTING), "x") == 1
    assert total(row({"content": []}), "x") is None
