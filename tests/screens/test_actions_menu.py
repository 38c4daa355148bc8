"""`a`: the menu made from what the providers declare, the forms of actions, and every reason for a greyed one."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from tests.screens.acting_app import (
    ALL_PROFILES,
    ANA,
    CHECKS,
    CHIDI,
    LENA,
    ActingApp,
    keys,
    news,
    on_top,
    only,
    ready,
    said,
    settle,
    shown,
    slowly,
)
from tests.screens.desk_app import NOW
from tui.live.messages import Health, HealthState
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.screens.action_form import ActionForm
from tui.screens.actions import ActionsScreen
from tui.screens.question import QuestionScreen
from tui.screens.queue import QueueScreen

pytestmark = pytest.mark.anyio


async def test_the_menu_holds_what_the_provider_declares() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a")
        assert on_top(app) is ActionsScreen
        text = shown(app)
        assert "Actions on Chidi Okafor" in text
        for action in app.desk.specs["twilio-proxy"].actions:
            assert action.title in text
            assert action.effect[:40] in text or action.id == "reopen"
        assert "cannot be done: it is waiting" in text
        await keys(pilot, "2")
        assert on_top(app) is ActionsScreen
        assert "Reopen: it is waiting" in shown(app)
        await keys(pilot, "escape")
        assert on_top(app) is QueueScreen


async def test_choosing_only_leads_to_the_question() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a", "enter")
        assert on_top(app) is QuestionScreen
        assert "Close this session?" in shown(app)
        await keys(pilot, "enter")
        assert on_top(app) is QuestionScreen, "the same Enter, held down, is no answer"
        await slowly(pilot, "y")
        assert [act.action for act in app.sent] == ["close"]


async def test_moving_in_the_menu() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a")
        assert "▸ 1" in shown(app)
        await keys(pilot, "k")
        assert "▸ 5" in shown(app)
        await keys(pilot, "up", "down", "j")
        assert "▸ 1" in shown(app)


async def test_the_menu_of_the_marked_says_how_many_each_applies_to() -> None:
    app = ActingApp()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = {CHIDI, LENA, CHECKS[0]}
        await settle(pilot)
        await keys(pilot, "a")
        text = shown(app)
        assert "Actions on the 3 marked sessions" in text
        assert "Close (Twilio Proxy)   2 of the 3 marked" in text
        assert "Reopen (Twilio Proxy)   0 of the 3 marked" in text
        assert "cannot be done: it is waiting; it is active" in text
        assert "Cancel (Trinsic Connect)   1 of the 3 marked" in text
        await keys(pilot, "escape")
        queue.table.marked = {CHIDI, LENA}
        await settle(pilot)
        await keys(pilot, "a")
        assert "Close   all 2" in shown(app)


# --- forms ---------------------------------------------------------------------------------------------------


async def test_extending_shows_what_it_comes_to_before_enter() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a", "3")
        assert on_top(app) is ActionForm
        await keys(pilot, "3", "0")
        assert "by is not a duration such as 90s, 90m" in shown(app)
        await keys(pilot, "m")
        assert "would end at 10:32 instead of 10:02" in shown(app)
        await keys(pilot, "enter")
        assert on_top(app) is QuestionScreen
        assert "Extend this session?" in shown(app)
        assert "would end at 10:32 instead of 10:02" in shown(app)
        assert app.sent == []
        await slowly(pilot, "y")
        (act,) = app.sent
        assert (act.action, dict(act.values)) == ("extend", {"by": 1800})


async def test_a_wrong_value_goes_no_further() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a", "3", "enter")
        assert on_top(app) is ActionForm
        assert "by is needed" in shown(app)
        await keys(pilot, *"9999999w", "enter")
        assert on_top(app) is ActionForm
        assert "by is too large" in shown(app)
        await keys(pilot, "escape")
        assert on_top(app) is QueueScreen
        assert app.sent == []


async def test_what_was_typed_ahead_finds_the_field() -> None:
    """`a 3 30m Enter` in one packet, over a slow link: up to the question, and not past it."""
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        for key in ("a", "3", *"30m", "enter", "y"):
            app.simulate_key(key)
        for _ in range(4):
            await settle(pilot)
        assert on_top(app) is QuestionScreen
        assert "would end at 10:32" in shown(app)
        assert app.sent == []


async def test_a_time_to_live_says_that_a_fixed_end_goes_before_it() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a", "4", *"90m")
        assert "would still end at 10:02: its fixed end goes before the 1h30m" in shown(app)


async def test_extending_several_shows_each_new_end_in_the_question() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        over = msgspec.structs.replace(app.desk.board.sessions[LENA], expires_at=NOW)
        app.sessions([over])
        await news(pilot)
        queue.table.marked = {CHIDI, LENA}
        await settle(pilot)
        await keys(pilot, "a", "3", *"30m")
        assert "Chidi Okafor: would end at 10:32 instead of 10:02" in shown(app)
        await keys(pilot, "enter")
        text = shown(app)
        assert "Extend 2 sessions?" in text
        assert "would end at 10:32 instead of 10:02" in text
        assert "would end at 09:56 instead of" in text
        assert "which is over" in text
        await slowly(pilot, "y")
        assert [dict(act.values) for act in app.sent] == [{"by": 1800}] * 2


# --- greyed --------------------------------------------------------------------------------------------------

OTHERS = {
    "trinsic-connect": "identity",
    "goto-remote-support": "goto-desk",
    "goto-seeit": "seeit",
    "take-control": "control",
    "twilio-proxy": "proxy-eu",
}


def one(provider: str, status: Status) -> Session:
    return Session(
        profile=OTHERS[provider],
        provider=provider,
        id=Opaque("the-one"),
        status=status,
        provider_status=line("odd word"),
        customer=line("Solitary"),
        created_at=NOW,
    )


@pytest.mark.parametrize(
    ("provider", "status", "reason"),
    [
        ("twilio-proxy", Status.ENDED, "already ended"),
        ("twilio-proxy", Status.FAILED, "already failed"),
        ("twilio-proxy", Status.UNKNOWN, 'its state is not known ("odd word")'),
        ("trinsic-connect", Status.ABANDONED, "already abandoned"),
        ("trinsic-connect", Status.ENDED, "already ended"),
        ("goto-seeit", Status.ACTIVE, "GoToAssist Seeit offers no action on a session"),
        ("goto-remote-support", Status.WAITING, "GoToAssist Remote Support offers no action"),
        ("take-control", Status.ACTIVE, "offers no action on a session"),
    ],
)
async def test_x_says_why_it_cannot(provider: str, status: Status, reason: str) -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        app.sessions([one(provider, status)])
        await news(pilot)
        await only(pilot, "solitary")
        await keys(pilot, "5", "x")
        assert on_top(app) is QueueScreen
        assert reason in said(app)
        await keys(pilot, "enter", "x")
        assert reason in said(app), "in the detail as well"
        await keys(pilot, "t", "x")
        assert reason in said(app), "and in the transcript"
        await keys(pilot, "escape", "escape", "a")
        menu = bool(app.desk.specs[provider].actions)
        assert (on_top(app) is ActionsScreen) == menu
        assert reason.split("(")[0].strip() in (shown(app) if menu else said(app))
        assert app.sent == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"read_only": True}, "sessiontop runs with --read-only"),
        (
            {"profiles": [replace(profile, read_only=True) for profile in ALL_PROFILES]},
            "profile proxy-eu is read-only",
        ),
    ],
    ids=["--read-only", "profile"],
)
async def test_read_only_greys_everything(options: dict[str, object], reason: str) -> None:
    app = ActingApp(**options)  # type: ignore[arg-type]
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        assert reason in said(app)
        await keys(pilot, "a")
        text = shown(app)
        assert text.count("cannot be done: ") == len(app.desk.specs["twilio-proxy"].actions)
        assert reason in text
        for number in "12345":
            await keys(pilot, number)
            assert on_top(app) is ActionsScreen
        assert app.sent == []


async def test_what_the_vendor_refused_these_keys_is_greyed_with_its_words() -> None:
    app = ActingApp()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await ready(pilot, app)
        app.mailbox.tell_health(
            Health(
                "proxy-eu",
                "twilio-proxy",
                HealthState.OK,
                greyed=(("update session", line("403: this key may only read")),),
            )
        )
        await news(pilot)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        assert "the vendor does not let these keys do it: 403: this key may only read" in said(app)
        await keys(pilot, "a", "5")
        assert on_top(app) is QuestionScreen, "deleting is another operation"


async def test_what_left_the_list_meanwhile_is_not_acted_on() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "enter")
        app.mailbox.tell_gone([CHIDI])
        await news(pilot)
        await keys(pilot, "x")
        assert "no longer in the vendor's list" in said(app)


async def test_without_a_session_there_is_nothing_to_act_on() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "nobody like this")
        for key in ("x", "a"):
            await keys(pilot, key)
            assert "no session is selected" in said(app)


async def test_one_reason_stands_for_all_marked() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = {ANA, Key("goto-desk", Opaque("SS-2"))}
        await settle(pilot)
        await keys(pilot, "x")
        assert "GoToAssist Remote Support offers no action on a session" in said(app)
        queue.table.marked = {ANA, Key("proxy-eu", Opaque("KC" + "c" * 32))}
        await settle(pilot)
        await keys(pilot, "x")
        assert "none of the 2 marked can be ended" in said(app)
