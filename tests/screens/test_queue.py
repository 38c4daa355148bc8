"""The queue's keys, from the press to what the engine is asked and what is shown."""

from __future__ import annotations

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tests.screens.desk_app import NOW, DeskApp, board, session
from tui.live.commands import Open, Pause, Refresh, Unwatch, Watch
from tui.live.messages import Detail, HealthState, Opened
from tui.live.view import ViewKind
from tui.model.problem import NotFound, Unreachable
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.net.exchange import Exchange
from tui.screens.detail import DetailScreen
from tui.screens.help import HelpScreen
from tui.screens.log import LogScreen
from tui.screens.queue import QueueScreen
from tui.screens.transcript import TranscriptScreen
from tui.terminal.hooks import rendered_text
from tui.widgets.status_line import StatusLine

pytestmark = pytest.mark.anyio


async def settle(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


async def ready(pilot: Pilot[None], app: DeskApp) -> QueueScreen:
    app.healthy()
    app.sessions(board())
    await pilot.pause(0.12)
    await settle(pilot)
    screen = app.screen
    assert isinstance(screen, QueueScreen)
    return screen


def on_top(app: DeskApp) -> type[Screen[object]]:
    return type(app.screen)


def shown(app: DeskApp) -> str:
    return "\n".join(rendered_text(app))


async def test_the_longest_wait_comes_first_and_is_selected() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        assert queue.table.selected_key == Key("goto-desk", Opaque("SS-1"))
        assert "Ana Lindqvist" in rendered_text(app)[3]


async def test_views() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        counts = {}
        for key in "12450":
            await pilot.press(key)
            counts[key] = len(queue.table.rows)
        assert counts == {"1": 7, "2": 2, "4": 3, "5": 10, "0": 10}


async def test_mine_is_greyed_with_its_reason_until_a_profile_says_me() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("3")
        await settle(pilot)
        assert queue.spec.kind is ViewKind.LIVE
        assert "set `me`" in queue.query_one(StatusLine).plain


async def test_mine_shows_the_sessions_of_that_agent() -> None:
    from dataclasses import replace

    from tests.screens.desk_app import PROFILES

    app = DeskApp([replace(PROFILES[0]), replace(PROFILES[1], me="mia novak")])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("3")
        await settle(pilot)
        assert {row.customer for row in queue.table.rows} == {"José Álvarez", "Ola Nordmann"}


async def test_the_filter_works_as_typed_and_escape_clears_it() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("slash", *"alva")
        await settle(pilot)
        assert [row.customer for row in queue.table.rows] == ["José Álvarez"]
        await pilot.press("enter")
        await settle(pilot)
        assert len(queue.table.rows) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert len(queue.table.rows) == 7


async def test_letters_typed_into_the_filter_are_not_keys() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("slash", *"qLto?")
        await settle(pilot)
        assert app.is_running
        assert app.screen is queue
        assert queue.spec.filter.text == "qLto?"


async def test_the_selection_follows_the_session_through_news_and_orders() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("j", "j")
        chosen = queue.table.selected_key
        app.sessions([session("SS-50", Status.WAITING, minutes=99, customer="New First")])
        await pilot.pause(0.15)
        await settle(pilot)
        assert queue.table.rows[0].customer == "New First"
        assert queue.table.selected_key == chosen
        for _ in range(9):
            await pilot.press("s")
            assert queue.table.selected_key == chosen


async def test_enter_opens_the_detail_and_escape_comes_back() -> None:
    app = DeskApp()
    ana = Key("goto-desk", Opaque("SS-1"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("enter")
        await settle(pilot)
        assert on_top(app) is DetailScreen
        assert Watch(ana) in app.recorder.sent
        await pilot.press("t")
        await settle(pilot)
        assert on_top(app) is TranscriptScreen
        assert Watch(ana, transcript=True) in app.recorder.sent
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert on_top(app) is QueueScreen
        assert Unwatch(ana) in app.recorder.sent
        assert Unwatch(ana, transcript=True) in app.recorder.sent


async def test_an_answer_for_a_screen_below_is_not_lost() -> None:
    app = DeskApp()
    ana = Key("goto-desk", Opaque("SS-1"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("enter", "L")
        await settle(pilot)
        assert on_top(app) is LogScreen
        whole = msgspec.structs.replace(app.desk.board.sessions[ana], subject="Told while away")
        app.answer(Detail(ana, whole))
        await pilot.pause(0.15)
        await pilot.press("escape")
        await settle(pilot)
        assert "Told while away" in shown(app)


async def test_opening_by_id_asks_the_engine_and_shows_the_detail() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("o", *"a/b", "enter")
        await settle(pilot)
        asked = next(command for command in app.recorder.sent if isinstance(command, Open))
        assert (asked.profile, asked.ref) == ("goto-desk", "a/b")
        found = session("SS-77", Status.ACTIVE, customer="Web Chat")
        app.sessions([found])
        app.answer(Opened(asked.ticket, found))
        await pilot.pause(0.15)
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, DetailScreen)
        assert screen.key == found.key


async def test_an_unknown_id_is_told_in_one_sentence() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("o", *"nope", "enter")
        await settle(pilot)
        asked = next(command for command in app.recorder.sent if isinstance(command, Open))
        app.answer(
            Opened(asked.ticket, None, problem=NotFound("goto-desk knows no session nope", 404))
        )
        await pilot.pause(0.15)
        await settle(pilot)
        assert app.screen is queue
        assert 'goto-desk has no session "nope"' in queue.query_one(StatusLine).plain


async def test_refresh_and_pause_reach_the_engine() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("r", "p")
        assert Refresh() in app.recorder.sent
        assert Pause(True) in app.recorder.sent
        assert "paused" in rendered_text(app)[0]
        await pilot.press("p")
        assert Pause(False) in app.recorder.sent


async def test_help_names_every_key_and_the_reason_of_a_greyed_one() -> None:
    app = DeskApp()
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("question_mark")
        await settle(pilot)
        assert on_top(app) is HelpScreen
        text = shown(app)
        assert "no profile says who you are" in text
        for word in ("transcript", "filter", "order", "quit", "event log", "suspend"):
            assert word in text


async def test_hostile_names_are_shown_and_do_nothing() -> None:
    app = DeskApp()
    hostile = "[/] [@click=app.quit]x[/] \x1b]52;c;eA==\x07 \x9b2J \u202e"
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot, app)
        app.sessions(
            [
                session(
                    "SS-66",
                    Status.WAITING,
                    minutes=50,
                    customer=hostile,
                    subject=hostile,
                    agent=hostile,
                )
            ]
        )
        await pilot.pause(0.15)
        await settle(pilot)
        assert "[@click=app.quit]" in shown(app)
        await pilot.click("#table", offset=(40, 1))
        await pilot.press("g", "enter")
        await settle(pilot)
        assert on_top(app) is DetailScreen
        await pilot.press("t", "escape", "escape", "L", "escape")
        await settle(pilot)
        assert app.is_running
        assert app.control_filter.hits == 0


async def test_a_failing_profile_keeps_its_rows_dimmed_and_says_so() -> None:
    app = DeskApp()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        queue = await ready(pilot, app)
        app.health("goto-desk", HealthState.OFFLINE, "could not connect", retry_in=10)
        await pilot.pause(0.15)
        await settle(pilot)
        assert len(queue.table.rows) == 7
        assert queue.table.stale_profiles == frozenset({"goto-desk"})
        assert "offline" in rendered_text(app)[1]
        assert "● proxy-eu" in rendered_text(app)[1]


async def test_the_palette_offers_the_keys_of_the_screen() -> None:
    app = DeskApp()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot, app)
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {"transcript", "filter", "quit"} <= titles
        assert not any("Screenshot" in title for title in titles)


async def test_a_burst_of_keys_over_a_slow_link_goes_where_it_was_meant() -> None:
    """All of these arrive before the screen has been painted once: nothing is lost or taken for another key."""
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        for key in ("slash", *"alva", "enter", "t"):
            app.simulate_key(key)
        await settle(pilot)
        await settle(pilot)
        assert queue.spec.filter.text == "alva"
        assert on_top(app) is TranscriptScreen


async def test_a_tiny_terminal_shows_one_line_and_nothing_of_the_list() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.resize_terminal(59, 14)
        await settle(pilot)
        assert [row.strip() for row in rendered_text(app) if row.strip()] == [
            "sessiontop needs 60 x 15 cells"
        ]
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Ana Lindqvist" in shown(app)


async def test_a_reason_makes_way_for_the_next_key_that_acts() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("3")
        await settle(pilot)
        assert "set `me`" in queue.query_one(StatusLine).plain
        await pilot.press("4")
        await settle(pilot)
        assert queue.query_one(StatusLine).plain.startswith("3 sessions")


async def test_the_ended_view_has_its_own_order_unless_another_was_chosen() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("4")
        assert queue.spec.order == "ended"
        ends = [row.ended_at for row in queue.table.rows]
        assert ends == sorted(ends, reverse=True)  # type: ignore[type-var]
        await pilot.press("1")
        assert queue.spec.order == "wait"
        await pilot.press("s", "4")
        assert queue.spec.order == "age"


async def test_a_paste_of_several_lines_is_not_lost() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("slash")
        app.post_message(events.Paste("\n  Ana\nLind\x1b]52;c;x\x07"))
        await settle(pilot)
        assert queue.spec.filter.text.startswith("Ana Lind")
        await pilot.press("escape", "o")
        await settle(pilot)
        app.post_message(events.Paste("\n  SS-1 \nrest"))
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert [command.ref for command in app.recorder.sent if isinstance(command, Open)] == [
            "SS-1"
        ]


async def test_what_was_not_started_is_told_where_all_profiles_do_not_fit() -> None:
    app = DeskApp()
    app.desk.mistakes = (line("no such key"), line("nor this"))
    app.desk.problems = (line("a profile has no key"),)
    async with app.run_test(size=(60, 24), notifications=True) as pilot:
        await ready(pilot, app)
        for name in ("proxy-eu", "goto-desk"):
            app.health(name, HealthState.OFFLINE, retry_in=20.0)
        await settle(pilot)
        assert "1 not started" in shown(app)
        assert "2 mistakes" in shown(app)
        assert "proxy-eu offline" in shown(app)


async def test_a_dialog_with_a_field_is_quiet_and_plain_where_letters_are() -> None:
    app = DeskApp(ascii_only=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("o")
        await settle(pilot)
        assert not app.screen.query_one(Input).cursor_blink
        at = next(n for n, row in enumerate(shown(app).splitlines()) if "Open a session" in row)
        assert all(row.isascii() for row in shown(app).splitlines()[at - 2 : at + 8])


async def test_an_empty_id_says_what_is_missing() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("o", "enter")
        await settle(pilot)
        assert "type or paste an id first" in shown(app)


async def test_the_chosen_profile_is_marked_and_not_by_colour_alone() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("o")
        await settle(pilot)
        assert "▸ goto-desk" in shown(app)
        await pilot.press("down")
        await settle(pilot)
        assert "▸ proxy-eu" in shown(app)
        assert "▸ goto-desk" not in shown(app)


async def test_a_transcript_that_cannot_be_had_says_why_and_does_not_claim_to_follow() -> None:
    app = DeskApp()
    ana = Key("goto-desk", Opaque("SS-1"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("t")
        await settle(pilot)
        app.answer(
            Detail(ana, None, Unreachable("could not connect to 127.0.0.1: connection refused"))
        )
        app.health("goto-desk", HealthState.OFFLINE, "could not connect", retry_in=5)
        await pilot.pause(0.15)
        await settle(pilot)
        text = shown(app)
        assert "connection refused" in text
        assert "not fresh: goto-desk is offline, as of 1m30s ago" in text
        assert "following" not in text


async def test_the_detail_of_a_vendor_that_is_down_is_not_called_fresh() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await pilot.press("enter")
        app.health("goto-desk", HealthState.OFFLINE, "could not connect", retry_in=5)
        await pilot.pause(0.15)
        await settle(pilot)
        assert "kept fresh" not in shown(app)
        assert "not fresh: goto-desk is offline" in shown(app)


async def test_an_empty_view_does_not_hide_that_a_vendor_is_unknown() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 24), notifications=True) as pilot:
        app.health("proxy-eu", HealthState.OK)
        app.health("goto-desk", HealthState.OFFLINE, "could not connect to 127.0.0.1", retry_in=5)
        app.sessions([session("KC" + "d" * 32, Status.ENDED, profile="proxy-eu")])
        await pilot.pause(0.15)
        await settle(pilot)
        assert 'No session in the view "live"' in shown(app)
        assert "Not known: goto-desk: could not connect to 127.0.0.1" in shown(app)


async def test_the_reasons_in_the_log_stand_still_above_the_requests() -> None:
    app = DeskApp(problems=['profile "x": unknown key "tokne"'])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        for number in range(60):
            app.mailbox.tell_exchange(
                Exchange(NOW, "proxy-eu", f"request {number}", "GET", 200, 5.0, 100, line("ok"))
            )
        app.health("proxy-eu", HealthState.OK)
        await pilot.pause(0.15)
        await pilot.press("L")
        await settle(pilot)
        text = shown(app)
        assert 'unknown key "tokne"' in text
        assert "OUTCOME" in text
        assert "request 59" in text
        await pilot.press("slash", *"nothing like it")
        await settle(pilot)
        assert "nothing matches" in shown(app)


async def test_ctrl_c_tells_how_to_quit() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert app.is_running
        assert queue.query_one(StatusLine).plain == "q quits"
