"""What a key costs, counted: how many rows it looks at, what it paints and asks. No figure here is a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, overload

import pytest
from textual import events
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.pilot import Pilot

from tests.screens.desk_app import NOW, DeskApp, board, session
from tests.screens.test_queue import ready, settle
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque
from tui.screens.detail import DetailScreen
from tui.screens.help import HelpScreen
from tui.screens.queue import QueueScreen
from tui.terminal.hooks import pieces_of
from tui.terminal.hooks_keys import active_binding, shown_bindings
from tui.terminal.hooks_paint import LeanCompositor
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_painter import RowPainter

pytestmark = pytest.mark.anyio
STATES = (Status.WAITING, Status.ACTIVE, Status.NOT_STARTED)


class Counted(Sequence[Session]):
    """So many sessions, made when they are asked for; it counts how often that is."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._made: dict[int, Session] = {}
        self.asked = 0

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> Session: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Session]: ...
    def __getitem__(self, index: int | slice) -> Session | Sequence[Session]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._size))]
        self.asked += 1
        if not 0 <= index < self._size:
            raise IndexError(index)
        if index not in self._made:
            self._made[index] = session(f"S{index}", STATES[index % 3], minutes=2 + index)
        return self._made[index]

    def __iter__(self) -> Iterator[Session]:
        self.asked += self._size
        return super().__iter__()


class Called:
    """Counts the calls of a method while the test goes on."""

    def __init__(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        self.with_: list[Any] = []
        whole: Callable[..., Any] = getattr(owner, name)

        def call(*args: Any, **options: Any) -> Any:
            self.with_.append(args[-1] if args else None)
            return whole(*args, **options)

        patch.setattr(owner, name, call)

    @property
    def times(self) -> int:
        return len(self.with_)


async def showing(app: DeskApp, pilot: Pilot[None], rows: Sequence[Session]) -> QueueScreen:
    """The queue over these rows, while the board is empty."""
    app.healthy()
    await settle(pilot)
    queue = app.screen
    assert isinstance(queue, QueueScreen)
    app.desk.view.rows = lambda *_: rows  # type: ignore[method-assign, assignment]
    queue.catch_up()
    await settle(pilot)
    return queue


async def _asked(size: int, *keys: str) -> int:
    app, rows = DeskApp(), Counted(size)
    async with app.run_test(size=(80, 24)) as pilot:
        await showing(app, pilot, rows)
        rows.asked = 0
        await pilot.press(*keys)
        await settle(pilot)
        return rows.asked


async def test_keys_look_at_no_more_of_200000_rows_than_of_1000() -> None:
    for size in (1_000, 200_000):
        assert await _asked(size, "j", "k", "j", "pagedown", "j") < 300  # of 19 in sight


async def test_a_cursor_key_paints_two_rows_and_asks_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await showing(app, pilot, Counted(100))
        bar = queue.query_one(KeyBar)
        said, drawn = Called(monkeypatch, bar, "say"), Called(monkeypatch, bar, "render_line")
        rendered = Called(monkeypatch, queue.table, "render_line")
        painted = Called(monkeypatch, RowPainter, "row")
        asked = Called(monkeypatch, queue, "check_action")
        await pilot.press("j")
        await settle(pilot)
        assert rendered.with_ == [1, 2]
        assert painted.times == 2
        # The bar asks after the keys that it shows, and is not made again when they are as they were.
        assert 0 < asked.times <= len(shown_bindings(queue))
        assert (said.times, drawn.times) == (0, 0)
        monkeypatch.setattr(queue, "why_not", lambda *_: None)
        await pilot.press("j")
        await settle(pilot)
        assert said.times == 1


async def test_a_scroll_paints_the_row_that_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await showing(app, pilot, Counted(100))
        await pilot.press(*["j"] * (queue.table.page - 1))
        painted = Called(monkeypatch, RowPainter, "row")
        await pilot.press("j")
        await settle(pilot)
        assert painted.times == 2  # the one that comes, and the one that the cursor leaves


async def test_the_scrollbar_is_drawn_again_only_when_it_looks_different(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        table = (await showing(app, pilot, Counted(700))).table
        bar = table.vertical_scrollbar
        drawn = Called(monkeypatch, bar, "refresh")
        steps = (*range(1, 60), 300, 299, 655, 681, 680, 7)
        for top in steps:
            table.jump(top)
            kept, asked = bar.render_lines(bar.size.region), drawn.times
            bar.refresh()
            assert bar.render_lines(bar.size.region) == kept, top
            drawn.with_ = drawn.with_[:asked]
        assert bar.position == steps[-1]
        assert drawn.times < 30


class NoSearch(dict[Any, Any]):
    """A board in which sessions are looked up, and never gone through."""

    def items(self) -> Any:
        raise AssertionError("all sessions of the board were gone through")

    __iter__ = values = items


async def test_a_key_with_marks_goes_through_no_board(monkeypatch: pytest.MonkeyPatch) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("space", "space")
        await settle(pilot)
        monkeypatch.setattr(app.desk.board, "_sessions", NoSearch(app.desk.board.sessions))
        await pilot.press("j")
        await settle(pilot)
        assert len(queue.table.marked) == 2
        assert all(
            state.enabled for state in shown_bindings(queue) if state.binding.action == "end"
        )


# --- the short way of a key -----------------------------------------------------------------------------


def typed(app: DeskApp, *keys: str) -> None:
    """Keys that arrive in one piece."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_a_burst_of_cursor_keys_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await showing(app, pilot, Counted(100))
        drawn = Called(monkeypatch, app, "_display")
        typed(app, *["j"] * 7)
        await settle(pilot)
        assert queue.table.selected_key == Counted(100)[7].key
        assert drawn.times == 1


async def test_what_is_typed_behind_enter_is_for_the_page_that_it_opens() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await ready(pilot, app)
        typed(app, "j", "enter", "j", "j")
        await settle(pilot)
        assert isinstance(app.screen, DetailScreen)
        assert queue.table.selected_key == queue.table.rows[1].key


async def test_keys_of_the_users_own_take_the_short_way_too() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await ready(pilot, app)
        app.set_keymap({"table.down": "v"})
        await pilot.press("v", "j", "v")
        assert queue.table.selected_key == queue.table.rows[2].key


# --- beside what the framework would do -----------------------------------------------------------------


async def test_the_keys_asked_for_are_those_that_the_framework_knows() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app)
        for key in ("j", "slash", "escape", "enter", "question_mark"):
            await pilot.press(key)
            await settle(pilot)
            screen = app.screen
            known = screen.active_bindings
            shown = [one for one in known.values() if one.binding.show]
            assert sorted(shown_bindings(screen), key=repr) == sorted(shown, key=repr)
            for each in known:
                assert active_binding(screen, each) == known[each]
            assert active_binding(screen, "f9") is None
        assert isinstance(app.screen, HelpScreen)


async def test_what_is_rendered_is_what_the_framework_renders() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("j", "space")
        await settle(pilot)
        compositor = queue._compositor
        assert isinstance(compositor, LeanCompositor)
        for region in (
            Region(0, 0, 80, 1),
            Region(3, 4, 30, 2),
            Region(70, 2, 10, 20),
            Region(0, 21, 80, 3),
        ):
            drawn = []
            for kind in (LeanCompositor, Compositor):
                compositor.__class__ = kind  # type: ignore[assignment]
                compositor._dirty_regions = {region}
                update = compositor.render_partial_update()
                assert isinstance(update, ChopsUpdate)
                drawn.append([(y, x, list(cells)) for y, x, cells in pieces_of(update)])
            assert drawn[0] == drawn[1]
            assert drawn[0]


async def test_lines_are_as_they_are_with_the_frameworks_passes() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("j", "space")
        table = queue.table
        for theme in ("sessiontop-dark", "ansi-dark"):
            app.theme = theme
            await settle(pilot)
            for crop in (table.size.region, Region(5, 1, 40, 3)):
                assert table.render_lines(crop) == table._styles_cache.render_widget(table, crop)


async def test_ages_move_although_lines_are_kept() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        queue = await ready(pilot, app)
        app.sessions([session("SS-9", Status.WAITING, minutes=0.1, customer="Grace Kim")])
        await pilot.pause(0.12)
        line = next(y for y in range(20) if "Grace" in queue.table.render_line(y).text)
        seen = set()
        for _ in range(12):
            app.clock.forward(31)
            queue.table.tick(app.clock.now())
            seen.add(queue.table.render_line(line).text[:12])
        assert len(seen) > 6
        assert app.clock.now() - NOW == timedelta(seconds=12 * 31)
        assert Opaque("SS-9") in {row.id for row in queue.table.rows}
        assert len(board()) < len(app.desk.board.sessions)
