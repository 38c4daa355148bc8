"""The transcript in a running app: layout, following its end, staying put, searching, and what it paints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta, timezone
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.screens.table_host import START, Host, PaintLog, screen_text
from tui.model.text import block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript
from tui.widgets.transcript_view import TranscriptView

pytestmark = pytest.mark.anyio


def said(
    text: str,
    author: str = "Ana",
    role: Role = Role.CUSTOMER,
    *,
    minutes: float | None = 0,
    kind: EntryKind = EntryKind.MESSAGE,
    status: str | None = None,
) -> Entry:
    """An entry; by default a message of the customer's at the start."""
    at = None if minutes is None else START + timedelta(minutes=minutes)
    return Entry(
        at, line(author), role, kind, block(text), None if status is None else line(status)
    )


def many(count: int) -> tuple[Entry, ...]:
    return tuple(said(f"message {number}", minutes=number) for number in range(count))


class Desk:
    """A transcript in its app, with everything that a test looks at."""

    def __init__(self, **options: Any) -> None:
        self.view = TranscriptView(**options)
        self.app = Host(self.view)
        self.pilot: Pilot[None]
        self.paints: PaintLog

    def show(self, entries: Sequence[Entry]) -> None:
        self.view.show(Transcript(tuple(entries)))

    async def settle(self) -> None:
        await self.pilot.pause()
        self.paints.clear()

    @property
    def lines(self) -> list[str]:
        return screen_text(self.view)

    def following(self) -> list[bool]:
        """Whether it follows (in a list: mypy takes a property for constant)."""
        return [self.view.following]

    def new_counts(self) -> list[int]:
        return [m.count for m in self.app.posted if isinstance(m, TranscriptView.NewBelow)]

    def looks_of(self, y: int, text: str) -> Any:
        """The style of the run that says `text` on a line."""
        return next(s.style for s in self.view.render_line(y) if s.text.strip() == text)


@asynccontextmanager
async def showing(
    entries: Sequence[Entry], size: tuple[int, int] = (80, 10), **options: Any
) -> AsyncIterator[Desk]:
    desk = Desk(**options)
    async with desk.app.run_test(
        size=size, notifications=True, tooltips=True, message_hook=desk.app.keep
    ) as pilot:
        desk.pilot = pilot
        desk.paints = PaintLog(desk.view)
        desk.show(entries)
        await desk.settle()
        yield desk


# --- layout ---------------------------------------------------------------------------------------------


async def test_who_said_what_when() -> None:
    entries = [
        said("joined", "Jo Berg", Role.AGENT, kind=EntryKind.JOIN),
        said("It does not print. " * 4, minutes=1, status="delivered"),
        said("Let me look.", "Jo Berg", Role.AGENT, minutes=2),
        said("call of 2m30s", "Jo Berg", Role.AGENT, minutes=3, kind=EntryKind.CALL, status="done"),
        said("session ended", "", Role.SYSTEM, minutes=4, kind=EntryKind.STATE),
        said("no time", minutes=None),
    ]
    async with showing(entries) as desk:
        assert desk.lines == [
            " ── Tuesday 2026-07-14 ───────────────────────────────────────────────────────",
            " 10:45:00  → agent    Jo Berg  joined",
            " 10:46:00  ◇ customer Ana      It does not print. It does not print. It does",
            "                               not print. It does not print.  delivered",
            " 10:47:00  ◆ agent    Jo Berg  Let me look.",
            " 10:48:00  ♪ agent    Jo Berg  call of 2m30s  done",
            " 10:49:00  · system            session ended",
            " -         ◇ customer Ana      no time",
            "",
            "",
        ]


async def test_times_and_days_are_local() -> None:
    entries = [said("a"), said("b", minutes=60), said("c", minutes=61)]
    zone = timezone(timedelta(hours=12, minutes=15))
    async with showing(entries, zone=zone) as desk:
        assert [row.split()[1:3] for row in desk.lines[:3:2]] == [
            ["Tuesday", "2026-07-14"],
            ["Wednesday", "2026-07-15"],
        ]
        assert desk.lines[1].split()[0] == "23:00:00"
        assert desk.lines[3].split()[0] == "00:00:00"
        assert desk.lines[4].split()[0] == "00:01:00"


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 50), (44, 10), (20, 5), (5, 3), (1, 1)]
)
async def test_every_line_fits_in_any_script(size: tuple[int, int]) -> None:
    texts = [
        "山田さん、電源を入れ直しました。" * 9,
        "https://example.com/" + "a" * 300,
        "ok " * 80,
        "👨‍👩‍👧❤️" * 40,
    ]
    entries = [said(text, "김민준", status="undelivered") for text in texts]
    async with showing(entries, size=size) as desk:
        await desk.pilot.press("g")
        for _ in range(20):
            for row in desk.lines:
                assert cell_len(row) <= size[0] - (size[0] > 1)
            await desk.pilot.press("pagedown")


async def test_no_word_is_lost_by_wrapping() -> None:
    words = [f"word{number}" for number in range(60)]
    async with showing([said(" ".join(words))], size=(80, 24)) as desk:
        assert " ".join(desk.lines).split()[-60:] == words


async def test_the_delivery_word_gets_a_line_of_its_own_when_it_does_not_fit() -> None:
    text = "x" * 48
    async with showing([said(text, "", status="undelivered")]) as desk:
        assert desk.lines[1].endswith(text)
        assert desk.lines[2].strip() == "undelivered"


async def test_events_take_one_dim_line() -> None:
    entries = [said("state\nchanged " * 40, "", Role.SYSTEM, kind=EntryKind.STATE), said("hi")]
    async with showing(entries) as desk:
        assert desk.lines[1].endswith("…")
        assert "hi" in desk.lines[2]
        assert desk.looks_of(1, "·") != desk.looks_of(2, "◇")


async def test_paragraphs_and_indentation_stay() -> None:
    async with showing([said("first\n\n  indented")]) as desk:
        at = desk.lines[1].index("first")
        assert [row[at:] for row in desk.lines[1:4]] == ["first", "", "  indented"]


async def test_a_call_without_words_says_that_it_is_one() -> None:
    async with showing([said("", kind=EntryKind.CALL, status="missed")]) as desk:
        assert desk.lines[1].endswith("call  missed")


@pytest.mark.parametrize(
    "text", ["[/]", "[@click=app.quit]x[/]", "\x1b]52;c;QUFB\x07", "[bold", "\x9b31m", "a\u202eb"]
)
async def test_hostile_text_everywhere(text: str) -> None:
    entries = [
        said(text, text, status=text),
        said(text, text, Role.SYSTEM, kind=EntryKind.STATE),
        said(text, text, Role.AGENT, kind=EntryKind.CALL),
    ]
    async with showing(entries, size=(160, 10)) as desk:
        assert desk.lines[1].count(block(text)) == 3
        assert all(row.isprintable() for row in desk.lines)
        assert desk.view.find(text) > 0 or text != block(text)
        for x in range(0, 150, 9):
            await desk.pilot.click(offset=(x, 1))
        assert desk.app.is_running


async def test_ascii_only() -> None:
    async with showing([said("a"), said("b", kind=EntryKind.CALL)], ascii_only=True) as desk:
        assert all(row.isascii() for row in desk.lines)
        assert "< customer" in desk.lines[1]


# --- what is painted ------------------------------------------------------------------------------------


async def test_the_same_entries_again_paint_nothing() -> None:
    async with showing(many(30)) as desk:
        desk.show(many(30))
        assert desk.paints.nothing


async def test_an_appended_entry_paints_only_its_line() -> None:
    async with showing(many(3)) as desk:
        desk.show(many(4))
        assert desk.paints.lines == [4]
        assert desk.paints.whole == 0


async def test_a_changed_entry_paints_only_its_difference() -> None:
    entries = list(many(5))
    entries[2] = said("message 2", minutes=2, status="sent")
    async with showing(entries) as desk:
        entries[2] = said("message 2", minutes=2, status="read")
        desk.show(entries)
        (region,) = desk.paints.regions
        assert region.y == 3
        assert region.x == desk.lines[3].index("read") - 2


async def test_an_entry_below_the_screen_paints_nothing() -> None:
    async with showing(many(50)) as desk:
        await desk.pilot.press("g")
        await desk.settle()
        desk.show(many(55))
        await desk.pilot.pause()
        assert desk.paints.nothing


# --- following ------------------------------------------------------------------------------------------


async def test_it_follows_its_end() -> None:
    async with showing(many(50)) as desk:
        assert desk.lines[-1].endswith("message 49")
        desk.show(many(52))
        assert desk.lines[-1].endswith("message 51")
        assert desk.following() == [True]
        assert desk.new_counts() == []


async def test_scrolled_up_it_stays_and_counts_what_is_new() -> None:
    async with showing(many(50)) as desk:
        await desk.pilot.press("k", "k", "up")
        assert desk.following() == [False]
        held = desk.lines
        desk.show(many(51))
        desk.show(many(53))
        await desk.pilot.pause()
        assert desk.lines == held
        assert desk.view.new_count == 3
        assert desk.new_counts() == [1, 3]
        await desk.pilot.press("G")
        assert desk.lines[-1].endswith("message 52")
        assert desk.following() == [True]
        assert desk.new_counts() == [1, 3, 0]
        desk.show(many(54))
        assert desk.lines[-1].endswith("message 53")


async def test_scrolling_down_to_the_end_follows_again() -> None:
    async with showing(many(50)) as desk:
        await desk.pilot.press("pageup")
        assert desk.following() == [False]
        await desk.pilot.press("pagedown", "pagedown")
        assert desk.following() == [True]


async def test_entries_that_come_above_leave_the_read_line_in_place() -> None:
    entries = many(50)
    async with showing(entries) as desk:
        await desk.pilot.press("ctrl+u", "ctrl+u")
        held = desk.lines
        desk.show([said("an earlier one", minutes=-1), *entries])
        assert desk.lines == held


async def test_another_width_keeps_the_read_entry_on_top_and_the_end_followed() -> None:
    entries = [said(f"{number} " + "word " * 30, minutes=number) for number in range(40)]
    async with showing(entries) as desk:
        await desk.pilot.resize_terminal(60, 10)
        await desk.pilot.pause()
        assert desk.following() == [True]
        assert desk.view.scroll_offset.y == desk.view.max_scroll_y
        await desk.pilot.press("g", *["j"] * 13)
        while "customer" not in desk.lines[0]:  # up to where an entry begins
            await desk.pilot.press("k")
        top = desk.lines[0]
        await desk.pilot.resize_terminal(120, 12)
        await desk.pilot.pause()
        assert desk.lines[0].split()[0] == top.split()[0] != desk.lines[1].split()[0]


async def test_keys_scroll() -> None:
    async with showing(many(99)) as desk:  # 100 lines with the day's
        places = {
            "g": 0,
            "j": 1,
            "down": 2,
            "k": 1,
            "pagedown": 10,
            "pageup": 1,
            "ctrl+d": 6,
            "ctrl+u": 1,
        }
        for key, place in (places | {"G": 90, "home": 0, "end": 90}).items():
            await desk.pilot.press(key)
            assert desk.view.scroll_offset.y == place, key


async def test_nothing_was_said() -> None:
    async with showing([]) as desk:
        await desk.pilot.press("j", "G", "g", "pagedown")
        assert desk.view.find("x") == 0
        assert desk.view.next_match() == 0
        assert not any(desk.lines)
        desk.show(many(2))
        desk.show([])
        assert not any(desk.lines)


# --- search ---------------------------------------------------------------------------------------------


async def test_find_counts_marks_and_goes_to_the_match() -> None:
    entries = [*many(50), said("The Printer and the PRINTER", minutes=60), *many(0)]
    async with showing(entries) as desk:
        await desk.pilot.press("g")
        assert desk.view.find("printer") == 2
        assert "Printer" in "".join(desk.lines)
        assert desk.view.match_number == 1
        y = next(y for y, row in enumerate(desk.lines) if "Printer" in row)
        assert desk.looks_of(y, "Printer") != desk.looks_of(y, "PRINTER")
        first, second = desk.looks_of(y, "Printer"), desk.looks_of(y, "PRINTER")
        assert desk.view.next_match() == 2
        assert (desk.looks_of(y, "Printer"), desk.looks_of(y, "PRINTER")) == (second, first)
        assert desk.view.next_match() == 1
        assert desk.view.previous_match() == 2
        desk.view.clear_find()
        assert desk.view.match_count == 0
        assert "The Printer and the PRINTER" in {
            s.text for y in range(10) for s in desk.view.render_line(y)
        }


async def test_typing_on_searches_from_where_the_search_began() -> None:
    async with showing(many(50)) as desk:
        await desk.pilot.press("g", *["j"] * 20)
        assert desk.view.find("m") == 50
        assert desk.view.match_number == 20  # the first from the top line on
        assert desk.view.find("message 1") == 11
        assert desk.view.match_number == 11  # none below: the nearest above
        assert desk.lines[desk_line(desk, "message 19")]


def desk_line(desk: Desk, text: str) -> int:
    return next(y for y, row in enumerate(desk.lines) if row.endswith(text))


async def test_a_match_across_a_line_break_is_marked_on_both_lines() -> None:
    text = "a" * 40 + " needle in a haystack"
    async with showing([said(text)], size=(70, 10)) as desk:
        assert desk.view.find("needle in a hay") == 1
        marked = [
            segment.text
            for y in (1, 2)
            for segment in desk.view.render_line(y)
            if segment.style is not None and segment.style.bgcolor != desk.view.rich_style.bgcolor
        ]
        assert "".join(marked).replace(" ", "") == "needleinahay"


async def test_special_characters_are_searched_as_they_are() -> None:
    async with showing([said("what? (a+b)* [x]")]) as desk:
        assert desk.view.find("(a+b)*") == 1
        assert desk.view.find(".") == 0
        assert desk.view.find("") == 0


async def test_new_entries_are_searched_too_and_the_current_match_stays() -> None:
    async with showing(many(5)) as desk:
        assert desk.view.find("message") == 5
        desk.view.next_match()
        assert desk.view.match_number == 2
        desk.show([said("message -1", minutes=-1), *many(7)])
        assert desk.view.match_count == 8
        assert desk.view.match_number == 3


async def test_every_key_has_an_id_and_says_what_it_does() -> None:
    held = TranscriptView()._bindings.key_to_bindings.values()
    bindings = [binding for bound in held for binding in bound]
    assert {binding.id for binding in bindings} >= {"transcript.down", "transcript.bottom"}
    assert all(b.id and b.id.startswith("transcript.") and b.tooltip for b in bindings)
