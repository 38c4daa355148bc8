"""A warm start on the screen: rows of the last run, how they look, what cannot be done to them, and how they go."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from tests.screens.desk_app import NOW, PROFILES, DeskApp, board, session
from tests.terminal_emulator import Emulator
from tui.live.messages import Batch, Health, HealthState, ProfileSaved
from tui.live.view import ViewKind, select
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.session import Links, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.profiles.editing import Change
from tui.screens.queue import QueueScreen
from tui.screens.warm import Own, Warm, begin, start_of
from tui.settings import last_rows
from tui.terminal.first_facts import Facts
from tui.terminal.first_frame import compose
from tui.terminal.hooks import rendered_text

pytestmark = pytest.mark.anyio
STAMP = "1 2 3"
OLD = NOW - timedelta(minutes=3)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o700)
    return Own(tmp_path / "store", folder, STAMP)


def known(app: DeskApp, sessions: Sequence[Session]) -> None:
    """The board as after a first complete listing, without a screen."""
    for profile in app.desk.profiles:
        health = Health(profile.name, profile.provider, HealthState.OK, complete=True)
        app.desk.receive(Batch(health={profile.name: health}))
    app.desk.receive(Batch(sessions=tuple(sessions)))


def keep(own: Own, sessions: Sequence[Session]) -> None:
    """A run that ended three minutes ago, with these sessions."""
    app = DeskApp()
    app.clock.at = OLD
    known(app, sessions)
    Warm(app.desk, own, ViewKind.LIVE).keep_all()


def started(
    own: Own,
    profiles: Sequence[Profile] = PROFILES,
    *,
    low_bandwidth: bool = False,
    ascii_only: bool = False,
) -> DeskApp:
    app = DeskApp(profiles, low_bandwidth=low_bandwidth, ascii_only=ascii_only)
    app.warm = begin(app.desk, own, ViewKind.LIVE, on=True)
    return app


async def seen(pilot: Pilot[None], app: DeskApp) -> QueueScreen:
    for profile in app.desk.profiles:
        health = Health(profile.name, profile.provider, HealthState.CONNECTING)
        app.mailbox.tell_health(health)
    await news(pilot)
    screen = app.screen
    assert isinstance(screen, QueueScreen)
    return screen


async def news(pilot: Pilot[None]) -> None:
    await pilot.pause(0.12)
    for _ in range(3):
        await pilot.pause()


async def test_rows_of_the_last_run_say_so_and_nothing_is_done_to_them(own: Own) -> None:
    keep(own, board())
    app = started(own)
    async with app.run_test(size=(100, 24)) as pilot:
        screen = await seen(pilot, app)
        live = [one.id for one in select(board(), start_of(ViewKind.LIVE), NOW, {})]
        assert [row.id for row in screen.table.rows] == live
        lines = rendered_text(app)
        assert lines[0].split("  ")[:3] == [" sessiontop", "2 profiles", "as of 3m ago"]
        assert "live" not in lines[0].replace("view: live", "")
        await pilot.press("j")
        reason = "it is shown as of the last run: the vendor has not told it yet"
        for action in ("end", "copy_link"):
            assert screen.why_not(action, ()) == reason
        assert screen.why_not("export", ()) == "there is no session to export"
        await pilot.press("a", "enter", "enter")
        await news(pilot)
        assert "as of the last run" in "\n".join(rendered_text(app))
        assert not [one for one in app.recorder.sent if type(one).__name__ == "Act"]


async def test_what_is_told_anew_is_fresh_and_the_rest_goes_with_the_first_whole_list(
    own: Own,
) -> None:
    keep(own, board())
    app = started(own)
    async with app.run_test(size=(100, 24)) as pilot:
        screen = await seen(pilot, app)
        before = len(screen.table.rows)
        told = "KC" + "a" * 32
        await pilot.press("j")
        app.sessions([one for one in board() if one.id == told])
        await news(pilot)
        assert len(screen.table.rows) == before
        assert screen.why_not("end", ()) is None  # the selected row is the one that was told
        assert "as of 3m ago" in rendered_text(app)[0]
        app.health("proxy-eu", HealthState.OK)
        await news(pilot)
        left = {row.id for row in screen.table.rows if row.profile == "proxy-eu"}
        assert left == {told}
        app.health("goto-desk", HealthState.OK)
        await news(pilot)
        assert [row.id for row in screen.table.rows] == [told]
        assert "1 live" in rendered_text(app)[0]


async def test_the_age_moves_on_while_nobody_answers(own: Own) -> None:
    keep(own, board())
    app = started(own)
    async with app.run_test(size=(100, 24)) as pilot:
        screen = await seen(pilot, app)
        app.clock.forward(3600)
        screen._show_health()
        await news(pilot)
        assert "as of 1h03m ago" in rendered_text(app)[0]


@pytest.mark.parametrize(
    ("size", "rows", "calm", "ascii_only"),
    [
        ((80, 24), 30, False, False),
        ((80, 24), 0, False, False),
        ((120, 40), 0, False, False),
        ((160, 30), 30, False, True),
        ((80, 24), 3, True, False),
    ],
)
async def test_the_first_paint_is_what_the_queue_shows_first(
    own: Own, size: tuple[int, int], rows: int, calm: bool, ascii_only: bool
) -> None:
    """Cell by cell, but for the keys, and the live ones where none are known."""
    several = [
        session(f"S-{number}", Status.WAITING, minutes=60 - number, customer=f"Ana {number}")
        for number in range(rows)
    ]
    keep(own, several)
    app = started(own, low_bandwidth=calm, ascii_only=ascii_only)
    app.desk.painted = True
    facts = Facts()
    facts.view, facts.calm = "live", calm
    facts.profiles = [(profile.name, profile.provider) for profile in PROFILES]
    kept = last_rows.read(str(own.state))
    if rows:
        assert kept is not None
        facts.rows, facts.seen = kept.rows, OLD.timestamp()
    emulator = Emulator(*size)
    emulator.feed(compose(facts, {}, size, NOW.timestamp(), ascii_only=ascii_only))
    painted = ["".join(cell.char for cell in line) for line in emulator.cells]
    async with app.run_test(size=size) as pilot:
        await seen(pilot, app)
        shown = [text.replace("  0 live", " " * 8) for text in rendered_text(app)]
    for y, (first, then) in enumerate(zip(painted[:-1], shown, strict=False)):
        # The last column is the scrollbar's.
        assert first[:-1] == then[: size[0] - 1], y


def test_only_what_the_columns_show_is_on_the_disk(own: Own) -> None:
    told = session("SS-1", Status.WAITING, customer="Ana Lindqvist", subject="Printer")
    secret = msgspec.structs.replace(
        told,
        customer_phone=line("+4915155501"),
        links=Links(join=Opaque("https://join.example/SS-1")),
        fields=((line("clientToken"), Secret("s3cret")), (line("note"), line("in private"))),
    )
    keep(own, [secret])
    data = (own.state / last_rows.NAME).read_text()
    assert "Ana Lindqvist" in data
    for hidden in ("s3cret", "private", "join.example", "ana@example.com", "+49151", "clientToken"):
        assert hidden not in data


def test_a_row_that_the_vendor_keeps_no_longer_is_not_shown(own: Own) -> None:
    ended = session("SS-9", Status.ENDED, minutes=3)
    keep(own, [ended])
    found = last_rows.read(str(own.state))
    assert found is not None
    assert found.rows == []  # the view that the program begins with has no ended ones
    app = DeskApp()
    known(app, [ended])
    warm = Warm(app.desk, own, ViewKind.ENDED)
    warm.keep_all()
    found = last_rows.read(str(own.state))
    assert found is not None
    (row,) = found.rows
    assert row.until is not None
    ends = [one.until(ended) for one in app.desk.specs[ended.provider].retention]
    assert row.until == min([NOW.timestamp() + 86400, *(end.timestamp() for end in ends if end)])


def test_it_goes_with_the_users_word_and_with_another_store(own: Own) -> None:
    keep(own, board())
    assert begin(DeskApp().desk, own._replace(stamp="4 5 6"), ViewKind.LIVE, on=True) is not None
    assert last_rows.mode(str(own.state)) is None
    keep(own, board())
    assert begin(DeskApp().desk, own, ViewKind.LIVE, on=False) is None
    assert last_rows.mode(str(own.state)) is None


def test_rows_only_of_profiles_that_are_the_same_still(own: Own) -> None:
    keep(own, board())
    others = (PROFILES[0], Profile("goto-desk", "trinsic-connect", "http://127.0.0.1:1"))
    desk = started(own, others).desk
    assert {key.profile for key in desk.board.sessions} == {"proxy-eu"}


def test_a_run_of_some_profiles_and_one_that_nobody_answered_keep_nothing(own: Own) -> None:
    app = DeskApp()
    known(app, board())
    Warm(app.desk, own, ViewKind.LIVE, whole=False).keep_all()
    Warm(DeskApp().desk, own, ViewKind.LIVE).keep_all()
    assert last_rows.mode(str(own.state)) is None


def test_what_was_remembered_and_never_told_is_kept_with_its_own_age(own: Own) -> None:
    keep(own, board())
    app = started(own)
    assert app.warm is not None
    app.warm.keep_all()
    found = last_rows.read(str(own.state))
    assert found is not None
    assert found.seen == {profile.name: OLD.timestamp() for profile in PROFILES}
    assert len(found.rows) == len(app.desk.board.sessions)


def test_a_profile_that_is_removed_takes_its_rows_along(own: Own) -> None:
    own.config.mkdir()
    (own.config / "profiles.toml").write_text("version = 1\n")
    app = DeskApp()
    known(app, board())
    warm = Warm(app.desk, own, ViewKind.LIVE)
    warm.keep_all()
    saved = ProfileSaved(1, Change("goto-desk", None))
    app.desk.receive(Batch(removed=("goto-desk",), answers=(saved,)))
    warm.hear([saved])
    warm.wait()
    found = last_rows.read(str(own.state))
    assert found is not None
    assert {row.profile for row in found.rows} == {"proxy-eu"}
    assert found.stamp == last_rows.stamp_of(str(own.config / "profiles.toml"))


async def test_a_changed_store_asks_nothing_of_the_disk_on_the_screens_loop(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[threading.Thread] = []

    def noted(*_: object) -> str:
        where.append(threading.current_thread())
        return ""

    for name in ("remove", "stamp_of", "write"):
        monkeypatch.setattr(last_rows, name, noted)
    app = DeskApp()
    known(app, board())
    warm = Warm(app.desk, own, ViewKind.LIVE)
    warm.hear([ProfileSaved(1, Change("goto-desk", None))])
    warm.wait()
    assert where
    assert threading.current_thread() not in where
