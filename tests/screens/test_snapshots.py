"""Every screen at 80x24 and 120x40, in its normal, empty and troubled states. Look at a change before keeping it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from tests.screens.desk_app import NOW, DeskApp, board, conversation
from tui.live.messages import Detail, HealthState, Spoken
from tui.model.problem import KeysRejected, NotFound
from tui.model.secret import Secret
from tui.model.session import Key
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript, timeline
from tui.net.exchange import Exchange

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
ANA = Key("goto-desk", Opaque("SS-1"))
Compare = Callable[..., bool]
Before = Callable[[Pilot[None]], Awaitable[None]]


def full(**options: object) -> DeskApp:
    app = DeskApp(**options)  # type: ignore[arg-type]
    app.healthy()
    app.sessions(board())
    return app


async def settle(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


def press(*keys: str) -> Before:
    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
        await settle(pilot)

    return before


def select_ana(*keys: str, then: Callable[[DeskApp], None] | None = None) -> Before:
    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in ("g", *keys):
            await pilot.press(key)
        await settle(pilot)
        if then is not None:
            assert isinstance(pilot.app, DeskApp)
            then(pilot.app)
            await settle(pilot)

    return before


@SIZES
class TestQueue:
    def test_a_morning(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press())

    def test_filtered_by_words_as_they_are_typed(
        self, snap_compare: Compare, size: tuple[int, int]
    ) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press("slash", *"order"))

    def test_all_by_age_reversed(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press("5", "s", "S", "j", "j"))

    def test_asking(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app = DeskApp()
        for profile in app.desk.profiles:
            app.health(profile.name, HealthState.CONNECTING)
        assert snap_compare(app, terminal_size=size, run_before=press())

    def test_nothing_there(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app = DeskApp()
        app.healthy()
        assert snap_compare(app, terminal_size=size, run_before=press())

    def test_one_vendor_down_and_one_set_of_keys_rejected(
        self, snap_compare: Compare, size: tuple[int, int]
    ) -> None:
        app = DeskApp(
            problems=['profiles.toml: profile "seeit" names no known provider "goto-seeitt"']
        )
        app.sessions(board())
        app.health(
            "proxy-eu", HealthState.BACKING_OFF, "no answer from 127.0.0.1 in 15 s", retry_in=12
        )
        app.health("goto-desk", HealthState.KEYS_REJECTED, "403: Invalid token passed")
        assert snap_compare(app, terminal_size=size, run_before=press())

    def test_everything_down_at_the_start(
        self, snap_compare: Compare, size: tuple[int, int]
    ) -> None:
        app = DeskApp()
        app.health(
            "proxy-eu", HealthState.OFFLINE, "could not connect to 127.0.0.1: refused", retry_in=30
        )
        app.health("goto-desk", HealthState.KEYS_REJECTED, "403: Invalid token passed")
        assert snap_compare(app, terminal_size=size, run_before=press())

    def test_paused_and_read_only(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app = full(read_only=True)
        for profile in app.desk.profiles:
            app.health(profile.name, HealthState.PAUSED)
        assert snap_compare(app, terminal_size=size, run_before=press("p"))

    def test_a_greyed_key_says_why(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press("3"))

    def test_opening_by_id(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press("o", *"SS-99"))


@SIZES
class TestDetail:
    def test_everything_known(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        def answer(app: DeskApp) -> None:
            known = app.desk.board.sessions[ANA]
            fields = (
                (line("sessionStartToken"), 8555444),
                (line("partnerObject"), line("4711")),
                (line("userToken"), Secret("canary")),
                (line("notes"), line("The tray was open. " * 12)),
            )
            import msgspec

            whole = msgspec.structs.replace(
                known, fields=fields, updated_at=NOW - timedelta(seconds=31)
            )
            app.answer(Detail(ANA, whole))

        assert snap_compare(full(), terminal_size=size, run_before=select_ana("enter", then=answer))

    def test_refused(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        def answer(app: DeskApp) -> None:
            app.answer(
                Detail(ANA, None, NotFound("goto-desk does not know this session: 404", 404))
            )

        assert snap_compare(full(), terminal_size=size, run_before=select_ana("enter", then=answer))


@SIZES
class TestTranscript:
    def test_a_conversation(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        def answer(app: DeskApp) -> None:
            app.answer(Spoken(ANA, conversation()))

        assert snap_compare(full(), terminal_size=size, run_before=select_ana("t", then=answer))

    def test_new_lines_while_scrolled_up(
        self, snap_compare: Compare, size: tuple[int, int]
    ) -> None:
        async def before(pilot: Pilot[None]) -> None:
            app = pilot.app
            assert isinstance(app, DeskApp)
            await select_ana("t")(pilot)
            app.answer(Spoken(ANA, conversation(60)))
            await settle(pilot)
            await pilot.press("g")
            await settle(pilot)
            app.answer(Spoken(ANA, conversation(63)))
            await pilot.pause(0.15)
            await settle(pilot)

        assert snap_compare(full(), terminal_size=size, run_before=before)

    def test_a_timeline_where_nothing_was_said(
        self, snap_compare: Compare, size: tuple[int, int]
    ) -> None:
        def answer(app: DeskApp) -> None:
            known = app.desk.board.sessions[ANA]
            app.answer(
                Spoken(
                    ANA, timeline(known, line("screen sharing: the vendor keeps no conversation"))
                )
            )

        assert snap_compare(full(), terminal_size=size, run_before=select_ana("t", then=answer))

    def test_nothing_said_yet(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        def answer(app: DeskApp) -> None:
            app.answer(Spoken(ANA, Transcript(())))

        assert snap_compare(full(), terminal_size=size, run_before=select_ana("t", then=answer))

    def test_refused(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        def answer(app: DeskApp) -> None:
            app.answer(
                Spoken(ANA, None, KeysRejected("403: this seat may not read transcripts", 403))
            )

        assert snap_compare(full(), terminal_size=size, run_before=select_ana("t", then=answer))

    def test_searching(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        async def before(pilot: Pilot[None]) -> None:
            app = pilot.app
            assert isinstance(app, DeskApp)
            await select_ana("t")(pilot)
            app.answer(Spoken(ANA, conversation()))
            await settle(pilot)
            await press("slash", *"tray")(pilot)

        assert snap_compare(full(), terminal_size=size, run_before=before)


def exchanges() -> list[Exchange]:
    told = [
        ("proxy-eu", "list sessions", 200, 84.0, 48_213, "ok"),
        ("goto-desk", "list sessions", 200, 112.0, 9_377, "ok"),
        ("goto-desk", "session events", 404, 63.0, 120, "no such thing"),
        ("proxy-eu", "list sessions", 429, 41.0, 138, "busy: Too Many Requests"),
        ("proxy-eu", "list sessions", None, 15_004.0, 0, "no answer in 15 s"),
    ]
    return [
        Exchange(
            NOW - timedelta(seconds=60 - index * 9),
            profile,
            name,
            "GET",
            status,
            ms,
            size,
            line(outcome),
        )
        for index, (profile, name, status, ms, size, outcome) in enumerate(told)
    ]


@SIZES
class TestLog:
    def test_requests(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app = full(
            problems=['profiles.toml: profile "seeit": unknown key "tokne", did you mean "token"?']
        )
        for exchange in exchanges():
            app.mailbox.tell_exchange(exchange)
        assert snap_compare(app, terminal_size=size, run_before=press("L"))

    def test_empty(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press("L"))


@SIZES
class TestOthers:
    def test_help(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(full(), terminal_size=size, run_before=press("question_mark"))

    def test_welcome(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp(profiles=(), welcome=True), terminal_size=size, run_before=press()
        )

    @pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "sessiontop-light"])
    def test_the_other_colours(
        self, snap_compare: Compare, size: tuple[int, int], theme: str
    ) -> None:
        app = full()
        app.theme = theme
        assert snap_compare(app, terminal_size=size, run_before=press("5"))


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(full(), terminal_size=(50, 12), run_before=press())


def test_without_utf8(snap_compare: Compare) -> None:
    assert snap_compare(full(ascii_only=True), terminal_size=(80, 24), run_before=press("5"))
