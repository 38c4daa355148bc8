"""The queue's list in a running app: what it paints, what stays selected, what it does with keys and mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.strip import Strip

from tests.screens.table_host import FakeClock, Host, PaintLog, screen_text, session
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import line
from tui.widgets.frame_view import Line
from tui.widgets.session_table import SessionTable

pytestmark = pytest.mark.anyio
NAMES = {"twilio-proxy": "proxy", "take-control": "control"}


class Desk:
    """A table in its app, with everything that a test looks at."""

    def __init__(self, **options: Any) -> None:
        self.clock = FakeClock()
        self.table = SessionTable(now=self.clock.now, provider_names=NAMES, **options)
        self.app = Host(self.table)
        self.pilot: Pilot[None]
        self.paints: PaintLog

    async def settle(self) -> None:
        """All that was asked for is painted; the log starts afresh."""
        await self.pilot.pause()
        self.paints.clear()

    @property
    def lines(self) -> list[str]:
        return screen_text(self.table)

    def customers(self) -> list[str]:
        """The customers on the rows, top first."""
        at = self.lines[0].index("CUSTOMER")
        return [row[at:].split(" ")[0] for row in self.lines[1:] if row.strip()]

    def gone(self) -> list[bool]:
        """Whether the selected row is a tombstone (in a list: mypy takes a property for constant)."""
        return [self.table.selected_is_gone]

    def due(self) -> list[datetime | None]:
        """When the table ticks next (in a list, for the same reason)."""
        return [self.table.next_tick]

    def posted(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.app.posted if isinstance(message, kind)]


@asynccontextmanager
async def showing(
    rows: Sequence[Session], size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Desk]:
    desk = Desk(**options)
    async with desk.app.run_test(
        size=size, notifications=True, tooltips=True, message_hook=desk.app.keep
    ) as pilot:
        desk.pilot = pilot
        desk.paints = PaintLog(desk.table)
        desk.table.show(rows)
        await desk.settle()
        yield desk


def crowd(count: int, **more: Any) -> list[Session]:
    return [session(f"s{number}", **more) for number in range(count)]


# --- what is painted ------------------------------------------------------------------------------------


async def test_the_same_rows_again_paint_nothing() -> None:
    rows = crowd(50)
    async with showing(rows) as desk:
        desk.table.show(rows)
        desk.table.show(list(rows))
        desk.table.show([session(f"s{number}") for number in range(50)])  # equal, read again
        assert desk.paints.nothing


async def test_one_changed_cell_paints_one_tight_region() -> None:
    rows = crowd(10)
    async with showing(rows) as desk:
        rows[3] = session("s3", agent=line("Jo"))
        desk.table.show(rows)
        (region,) = desk.paints.regions
        assert region.y == 4
        assert region.x == desk.lines[0].index("AGENT")
        assert region.width <= len("AGENT") + 6
        assert desk.paints.whole == 0


async def test_only_the_changed_lines_reach_the_screen() -> None:
    rows = crowd(10)
    async with showing(rows) as desk:
        drawn: list[int] = []
        render_line = desk.table.render_line

        def noted(y: int) -> Strip:
            drawn.append(y)
            return render_line(y)

        desk.table.render_line = noted  # type: ignore[method-assign]
        rows[3] = session("s3", agent=line("Jo"))
        desk.table.show(rows)
        await desk.pilot.pause()
        assert drawn == [4]


async def test_a_change_below_the_screen_paints_nothing() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        rows[80] = session("s80", Status.ACTIVE)
        desk.table.show(rows)
        assert desk.paints.nothing


async def test_a_cursor_key_paints_two_lines() -> None:
    async with showing(crowd(50)) as desk:
        desk.table.action_cursor_by(1)
        assert desk.paints.lines == [1, 2]
        assert desk.paints.whole == 0


async def test_the_mark_cursor_paints_only_the_gutter() -> None:
    async with showing(crowd(50), cursor_style="mark") as desk:
        assert desk.lines[1].startswith("▸")
        desk.table.action_cursor_by(1)
        assert [(region.x, region.y, region.width) for region in desk.paints.regions] == [
            (0, 1, 2),
            (0, 2, 2),
        ]
        assert desk.lines[2].startswith("▸")


async def test_more_rows_than_fit_do_not_repaint_the_shown_ones() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        desk.table.show([*rows, *(session(f"t{n}") for n in range(50))])
        await desk.pilot.pause()
        assert desk.paints.nothing


async def test_moving_the_mouse_paints_nothing() -> None:
    async with showing(crowd(50)) as desk:
        for y in range(2, 12):
            await desk.pilot.hover(offset=(10, y))
        assert desk.paints.nothing


async def test_another_theme_paints_its_own_colours() -> None:
    async with showing(crowd(3)) as desk:
        before = [segment.style for segment in desk.table.render_line(2)]
        desk.app.theme = "textual-light"
        await desk.pilot.pause()
        assert [segment.style for segment in desk.table.render_line(2)] != before


# --- the look -------------------------------------------------------------------------------------------


async def test_eighty_by_twenty_four() -> None:
    rows = [
        session("Ana", age=372, subject=line("Printer on floor 3")),
        session("山田 太郎", Status.ACTIVE, agent=line("Jo")),
        session(
            "Bob",
            created_at=None,
            estimated_wait_minutes=1.0,
            provider="take-control",
        ),
    ]
    async with showing(rows) as desk:
        desk.table.order("wait")
        assert [line.rstrip() for line in desk.lines[:4]] == [
            "   WAIT▾ STATUS        PROVIDER CUSTOMER       SUBJECT        AGENT         AGE",
            "      6m ○ waiting     proxy    Ana            Printer on fl… -              6m",
            "       - ● active      proxy    山田 太郎      -              Jo          1m30s",
            "     ~1m ○ waiting     control  Bob            -              -               -",
        ]


@pytest.mark.parametrize("width", [80, 120])
async def test_wide_characters_keep_the_columns_aligned(width: int) -> None:
    people = [
        "Ana",
        "山田 太郎",
        "김민준",
        "👨‍👩‍👧 Family",
        "Zoë ❤️",
        "e\u0301te\u0301",
        "ＡＢＣ",
        "张伟" * 20,
    ]
    rows = [session(name, agent=line(name), subject=line(name)) for name in people]
    async with showing(rows, size=(width, 20)) as desk:
        ages = [desk.table.render_line(y).text.rstrip() for y in range(1, len(people) + 1)]
        assert {cell_len(row) for row in ages} == {width - 1}
        assert all(row.endswith(" 1m30s") for row in ages)


@pytest.mark.parametrize(
    "text", ["[/]", "[@click=app.quit]x[/]", "\x1b]52;c;QUFB\x07", "[bold", "\x9b31m", "a\u202eb"]
)
async def test_hostile_text_in_every_column(text: str) -> None:
    hostile = line(text)
    row = session(
        text,
        Status.UNKNOWN,
        provider_status=hostile,
        subject=hostile,
        agent=hostile,
        profile=hostile,
        provider=hostile,
    )
    async with showing([row], size=(200, 10)) as desk:
        shown = desk.lines[1]
        assert shown.count(hostile) >= 6 or len(hostile) > 8
        assert shown.isprintable()
        for x in range(0, 199, 7):
            await desk.pilot.hover(offset=(x, 1))
        await desk.pilot.click(offset=(60, 1))
        assert desk.app.is_running
        assert [message.key for message in desk.posted(SessionTable.Opened)] == [row.key]


async def test_long_waits_are_bold_and_statuses_have_words() -> None:
    async with showing([session("a"), session("old", age=301), session("new", age=295)]) as desk:
        assert {"○ waiting", "5m"} <= bold_texts(desk, 2)
        assert not bold_texts(desk, 3)


def bold_texts(desk: Desk, y: int) -> set[str]:
    segments = desk.table.render_line(y)
    return {s.text.strip() for s in segments if s.style is not None and s.style.bold}


async def test_stale_profiles_are_dimmed_and_only_their_lines_painted() -> None:
    rows = [session("a"), session("b", profile="other"), session("c")]
    async with showing(rows) as desk:
        desk.table.stale_profiles = frozenset({"other"})
        assert desk.paints.lines == [2]
        await desk.settle()
        desk.table.stale_profiles = frozenset({"other"})
        assert desk.paints.nothing


async def test_order_profiles_and_names_can_change() -> None:
    async with showing([session("a")]) as desk:
        desk.table.order("age", reverse=True)
        assert desk.lines[0].endswith("AGE▴")
        desk.table.order("updated")
        assert "▾" not in desk.lines[0]
        assert "PROFILE" not in desk.lines[0]
        desk.table.profiles_needed = True
        assert "PROFILE" in desk.lines[0]
        desk.table.provider_names = {"twilio-proxy": "twilio"}
        assert " twilio " in desk.lines[1]
        desk.table.cursor_style = "mark"
        assert desk.lines[1].startswith("▸")


async def test_ascii_only() -> None:
    rows = [session("a"), session("b", subject=line("long " * 20))]
    async with showing(rows, ascii_only=True, cursor_style="mark") as desk:
        desk.table.order("wait")
        desk.table.marked = {rows[1].key}
        assert all(row.isascii() for row in desk.lines)
        assert desk.lines[1].startswith(">")
        assert desk.lines[2].startswith(" +")


@pytest.mark.parametrize("size", [(20, 5), (8, 3), (3, 2), (1, 1), (80, 1)])
async def test_tiny_sizes_do_not_crash(size: tuple[int, int]) -> None:
    rows = crowd(30)
    async with showing(rows, size=size) as desk:
        for key in ("j", "G", "k", "g", "space", "ctrl+d", "pagedown", "pageup"):
            await desk.pilot.press(key)
        desk.table.show(rows[1:])
        desk.table.show([])
        desk.table.show(rows)
        await desk.pilot.pause()
        assert all(cell_len(row) <= size[0] for row in desk.lines)


async def test_no_rows() -> None:
    async with showing([]) as desk:
        assert desk.lines[0].split()[:2] == ["WAIT", "STATUS"]
        assert not any(desk.lines[1:])
        for key in ("j", "k", "g", "G", "enter", "space", "pagedown", "ctrl+u"):
            await desk.pilot.press(key)
        assert desk.table.selected_key is None
        assert desk.app.posted == []


# --- selection ------------------------------------------------------------------------------------------


async def test_the_first_row_of_a_list_that_was_empty_is_selected() -> None:
    async with showing([]) as desk:
        rows = crowd(3)
        desk.table.show(rows)
        await desk.pilot.pause()
        assert desk.table.selected == rows[0]
        assert [message.key for message in desk.posted(SessionTable.Selected)] == [rows[0].key]


async def test_selection_follows_the_session_through_order_and_refresh() -> None:
    rows = crowd(20)
    async with showing(rows) as desk:
        await desk.pilot.press("j", "j")
        assert desk.table.selected_key == rows[2].key
        desk.app.posted.clear()
        newer = session("s2", Status.ACTIVE)
        for view in (rows[::-1], [newer, *rows[3:]], rows[2:5]):
            desk.table.show(view)
            assert desk.table.selected_key == rows[2].key
        desk.table.show([newer])
        await desk.pilot.pause()
        assert desk.table.selected == newer
        assert desk.posted(SessionTable.Selected) == []


async def test_selection_is_found_far_away() -> None:
    rows = crowd(5_000)
    async with showing(rows) as desk:
        await desk.pilot.press("j")
        desk.table.show(rows[::-1])
        assert desk.table.selected_key == rows[1].key
        assert "s1" in desk.customers()


async def test_selection_is_found_far_away_through_the_board() -> None:
    rows = crowd(5_000)
    board = {row.key: row for row in rows}
    async with showing(rows, latest=board.get) as desk:
        await desk.pilot.press("j")
        newer = session("s1", Status.ACTIVE)
        board[newer.key] = newer
        desk.table.show([*rows[2:], newer])
        assert desk.gone() == [False]
        assert desk.table.selected is newer
        desk.table.show(rows[2:])  # it left the view and is still known
        assert desk.gone() == [True]
        assert desk.table.selected is newer
        assert "● active" in "".join(desk.lines)


async def test_ids_of_two_profiles_are_not_confused() -> None:
    twins = [session("x", profile=f"p{number}") for number in range(200)]
    async with showing(twins) as desk:
        assert desk.table.select(Key("p199", twins[0].id))
        assert desk.table.selected is twins[199]


async def test_a_vanished_selected_row_stays_until_the_cursor_leaves() -> None:
    rows = crowd(5)
    async with showing(rows) as desk:
        await desk.pilot.press("j", "j")
        desk.table.show([*rows[:2], *rows[3:]])
        assert desk.table.selected_is_gone
        assert desk.table.selected == rows[2]
        assert desk.customers() == ["s0", "s1", "s2", "s3", "s4"]
        assert "– gone" in desk.lines[3]
        assert desk.table.visible_keys() == tuple(row.key for row in rows if row is not rows[2])
        await desk.pilot.press("space")  # what is gone cannot be marked
        assert desk.table.marked == frozenset()
        assert desk.table.selected == rows[3]
        assert desk.customers() == ["s0", "s1", "s3", "s4"]


async def test_the_tombstone_is_left_upwards_too() -> None:
    rows = crowd(5)
    async with showing(rows) as desk:
        await desk.pilot.press("G")
        desk.table.show(rows[:4])
        assert desk.customers() == ["s0", "s1", "s2", "s3", "s4"]
        await desk.pilot.press("down")
        assert desk.table.selected_is_gone  # there is nothing below to go to
        await desk.pilot.press("k")
        assert desk.table.selected == rows[3]
        assert desk.customers() == ["s0", "s1", "s2", "s3"]


async def test_a_tombstone_comes_alive_when_its_session_does() -> None:
    rows = crowd(5)
    async with showing(rows) as desk:
        await desk.pilot.press("j")
        desk.table.show([rows[0], *rows[2:]])
        desk.table.show([rows[0], *rows[2:]], changed=set())
        assert desk.gone() == [True]
        desk.table.show(rows[::-1], changed={rows[1].key})
        assert desk.gone() == [False]
        assert desk.table.selected is rows[1]
        assert len(desk.customers()) == 5


async def test_a_tombstone_says_what_became_of_the_session() -> None:
    ended = session("s1", Status.ENDED)
    rows = crowd(3)
    async with showing(rows, latest=lambda key: ended if key == ended.key else None) as desk:
        await desk.pilot.press("j")
        desk.table.show([rows[0], rows[2]])
        assert "✓ ended" in desk.lines[2]
        assert desk.table.selected is ended


async def test_the_last_row_of_all_leaves_a_tombstone() -> None:
    rows = crowd(1)
    async with showing(rows) as desk:
        desk.table.show([])
        assert "– gone" in desk.lines[1]
        assert desk.table.selected_key == rows[0].key
        await desk.pilot.press("j", "k", "G", "g")
        assert desk.table.selected_is_gone


async def test_a_view_that_the_user_changed_leaves_no_tombstone() -> None:
    rows = crowd(5)
    async with showing(rows) as desk:
        await desk.pilot.press("j", "j")
        desk.table.show(rows[3:], tombstone=False)
        await desk.pilot.pause()
        assert desk.table.selected == rows[4]
        desk.table.show([], tombstone=False)
        await desk.pilot.pause()
        assert desk.table.selected_key is None
        assert [message.key for message in desk.posted(SessionTable.Selected)][-2:] == [
            rows[4].key,
            None,
        ]


async def test_select_by_key() -> None:
    rows = crowd(300)
    async with showing(rows) as desk:
        assert desk.table.select(rows[250].key)
        assert desk.table.selected is rows[250]
        assert "s250" in desk.customers()
        assert not desk.table.select(Key("proxy-eu", session("nobody").id))
        assert desk.table.selected is rows[250]


async def test_select_below_a_tombstone() -> None:
    rows = crowd(10)
    async with showing(rows) as desk:
        await desk.pilot.press("j", "j")
        desk.table.show([*rows[:2], *rows[3:]])
        assert desk.table.select(rows[7].key)
        assert desk.table.selected is rows[7]
        assert len(desk.customers()) == 9


# --- scrolling ------------------------------------------------------------------------------------------


def line_of(desk: Desk, name: str) -> int:
    return desk.customers().index(name)


async def test_rows_that_come_above_leave_the_selected_row_on_its_line() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        desk.table.select(rows[30].key)
        await desk.pilot.press("k", "k")
        at = line_of(desk, "s28")
        desk.table.show([session("n1"), session("n2"), *rows])
        assert line_of(desk, "s28") == at
        desk.table.show(rows[5:])
        assert line_of(desk, "s28") == at
        assert desk.lines[0].split()[0] == "WAIT"


async def test_an_untouched_list_stays_at_its_top() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        desk.table.show([session("n1"), *rows])
        assert desk.customers()[:2] == ["n1", "s0"]
        assert desk.table.selected is rows[0]  # the selection is still the session's
        desk.table.show([*(session(f"m{n}") for n in range(50)), *rows])
        assert desk.customers()[0] == "m0"
        assert desk.table.selected_key == session("m0").key  # rather than out of sight


async def test_a_list_scrolled_by_the_wheel_stays_where_it_is_read() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        desk.table.jump(40)
        await desk.pilot.pause()
        top = desk.customers()[0]
        desk.table.show([session("n1"), session("n2"), *rows])
        assert desk.customers()[0] == top


async def test_keys_move_and_reveal() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        page = 23
        expected = {
            "j": 1,
            "down": 2,
            "k": 1,
            "up": 0,
            "ctrl+d": page // 2,
            "ctrl+u": 0,
            "pagedown": page - 1,
            "pageup": 0,
            "G": 99,
            "g": 0,
            "end": 99,
            "home": 0,
        }
        for key, index in expected.items():
            await desk.pilot.press(key)
            assert desk.table.selected is rows[index], key
            assert f"s{index}" in desk.customers(), key


async def test_the_header_stays_while_scrolling() -> None:
    async with showing(crowd(100)) as desk:
        await desk.pilot.press("G")
        assert desk.lines[0].split()[0] == "WAIT"
        assert desk.customers()[-1] == "s99"
        assert len(desk.customers()) == 23


async def test_a_smaller_terminal_keeps_the_selected_row_in_sight() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        desk.table.select(rows[22].key)
        await desk.pilot.resize_terminal(60, 15)
        await desk.pilot.pause()
        assert "s22" in desk.customers()
        assert all(cell_len(row) <= 60 for row in desk.lines)


async def test_fewer_rows_than_scrolled_past() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        await desk.pilot.press("G")
        desk.table.show(rows[90:])
        await desk.pilot.pause()
        assert desk.customers() == [f"s{n}" for n in range(90, 100)]
        assert desk.table.scroll_offset.y == 0
        assert not desk.table.show_vertical_scrollbar


# --- opening, marking, mouse ----------------------------------------------------------------------------


async def test_enter_opens() -> None:
    rows = crowd(3)
    async with showing(rows) as desk:
        await desk.pilot.press("j", "enter")
        assert [message.key for message in desk.posted(SessionTable.Opened)] == [rows[1].key]


async def test_space_marks_and_goes_down() -> None:
    rows = crowd(5)
    async with showing(rows) as desk:
        await desk.pilot.press("space", "space", "k", "space")
        assert [message.keys for message in desk.posted(SessionTable.Marked)] == [
            {rows[0].key},
            {rows[0].key, rows[1].key},
            {rows[0].key},
        ]
        assert desk.lines[1].startswith(" ◆")
        assert desk.table.selected is rows[2]
        desk.table.marked = ()
        await desk.pilot.pause()
        assert desk.posted(SessionTable.Marked)[-1].keys == frozenset()
        assert not desk.lines[1].startswith(" ◆")


async def test_a_click_selects_and_another_opens() -> None:
    rows = crowd(50)
    async with showing(rows) as desk:
        await desk.pilot.click(offset=(20, 4))
        assert desk.table.selected is rows[3]
        assert desk.posted(SessionTable.Opened) == []
        await desk.pilot.click(offset=(20, 4))
        assert [message.key for message in desk.posted(SessionTable.Opened)] == [rows[3].key]
        await desk.pilot.click(offset=(20, 0))  # the header
        assert desk.table.selected is rows[3]


async def test_a_double_click_opens() -> None:
    rows = crowd(50)
    async with showing(rows) as desk:
        await desk.pilot.double_click(offset=(20, 6))
        assert [message.key for message in desk.posted(SessionTable.Opened)] == [rows[5].key]


async def test_a_click_below_the_rows_does_nothing() -> None:
    rows = crowd(3)
    async with showing(rows) as desk:
        await desk.pilot.click(offset=(20, 10))
        assert desk.table.selected is rows[0]


async def test_every_key_has_an_id_and_says_what_it_does() -> None:
    bindings = [
        b
        for held in SessionTable(
            now=FakeClock().now, provider_names={}
        )._bindings.key_to_bindings.values()
        for b in held
    ]
    assert {binding.id for binding in bindings} >= {"table.down", "table.open"}
    assert all(b.id and b.id.startswith("table.") and b.tooltip for b in bindings)
    assert [b.id for b in bindings if b.show] == ["table.open"]


# --- time -----------------------------------------------------------------------------------------------


async def test_a_tick_paints_only_what_reads_differently() -> None:
    rows = [session("a", age=10), session("b", age=3_700), session("c", age=90_000)]
    async with showing(rows) as desk:
        desk.table.tick(desk.clock.pass_seconds(4))
        assert desk.paints.nothing
        desk.table.tick(desk.clock.pass_seconds(1))
        assert desk.paints.lines == [1]
        assert desk.paints.whole == 0
        assert desk.lines[1].split()[0] == "15s"


async def test_the_timer_waits_for_the_next_step_of_a_visible_row() -> None:
    rows = [session("b", age=90_000), *crowd(40, age=3_610), session("hidden", age=2)]
    async with showing(rows) as desk:
        due = desk.table.next_tick
        assert due is not None
        assert (due - desk.clock.now()).total_seconds() == 50


async def test_the_timer_fires_by_itself_and_not_within_a_second() -> None:
    async with showing([session("a", age=4.9)]) as desk:
        table = desk.table
        assert desk.lines[1].split()[0] == "0s"
        desk.clock.pass_seconds(2)
        moved: list[str] = []
        frame = table.frame

        def watched(width: int, height: int) -> list[Line]:
            lines = frame(width, height)
            moved.append(lines[1][1].text.strip())
            desk.app.notice()
            return lines

        table.frame = watched  # type: ignore[method-assign]
        await desk.app.until(lambda: bool(moved))
        assert moved == ["5s"]


async def test_no_time_no_timer() -> None:
    async with showing([session("a", created_at=None)]) as desk:
        assert desk.table.next_tick is None


async def test_the_timer_rests_behind_another_screen_and_while_hidden() -> None:
    async with showing(crowd(3)) as desk:
        assert desk.due() != [None]
        await desk.app.push_screen(Screen())
        await desk.pilot.pause()
        assert desk.due() == [None]
        desk.clock.pass_seconds(60)
        await desk.app.pop_screen()
        await desk.pilot.pause()
        assert desk.due() != [None]
        assert desk.lines[1].split()[0] == "2m30s"
        desk.table.display = False
        await desk.pilot.pause()
        assert desk.due() == [None]
        desk.table.display = True
        await desk.pilot.pause()
        assert desk.due() != [None]


async def test_nothing_is_painted_behind_an_opaque_screen() -> None:
    rows = crowd(3)
    async with showing(rows) as desk:
        await desk.app.push_screen(Screen())
        await desk.settle()
        desk.table.show([rows[0], session("s1", Status.ACTIVE), rows[2]])
        await desk.pilot.pause()
        assert desk.paints.nothing
        await desk.app.pop_screen()
        await desk.pilot.pause()
        assert "● active" in desk.lines[2]


async def test_a_dialog_leaves_the_table_behind_it_live() -> None:
    rows = crowd(3)
    async with showing(rows) as desk:
        await desk.app.push_screen(ModalScreen())
        await desk.settle()
        desk.table.show([rows[0], session("s1", Status.ACTIVE), rows[2]])
        assert desk.paints.lines == [2]


# --- what is visible ------------------------------------------------------------------------------------


async def test_visible_keys_are_told_once_for_many_changes() -> None:
    rows = crowd(100)
    async with showing(rows) as desk:
        changed = SessionTable.VisibleChanged
        await desk.app.until(lambda: len(desk.posted(changed)) == 1)
        assert desk.posted(changed)[0].keys == tuple(row.key for row in rows[:23])
        assert desk.table.visible_keys() == desk.posted(changed)[0].keys
        for _ in range(40):
            desk.table.action_cursor_by(1)
        await desk.app.until(lambda: len(desk.posted(changed)) == 2)
        assert desk.posted(changed)[1].keys == tuple(row.key for row in rows[18:41])
