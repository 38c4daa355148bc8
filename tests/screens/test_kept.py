"""Until when the vendor keeps what is left of a session, on the screens that show it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.screens.desk_app import NOW, DeskApp
from tui.live.messages import Detail, Spoken
from tui.live.view import ViewKind
from tui.model.profile import Profile
from tui.model.session import Links, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.model.transcript import timeline

pytestmark = pytest.mark.anyio


def session(provider: str, status: Status = Status.ENDED) -> Session:
    ended = status is Status.ENDED
    return Session(
        profile="desk",
        provider=provider,
        id=Opaque("a"),
        status=status,
        customer=line("Ana"),
        started_at=NOW - timedelta(hours=6),
        ended_at=NOW - timedelta(hours=5) if ended else None,
        expires_at=NOW - timedelta(minutes=5) if ended else None,
        links=Links(data=Opaque("https://example.com/d.zip")),
    )


async def pictures(told: Session) -> tuple[str, str]:
    """The detail and the transcript of a session, as text."""
    profile = Profile("desk", told.provider, "http://127.0.0.1:1")
    app = DeskApp((profile,), view=ViewKind.ALL)
    async with app.run_test(size=(150, 40), notifications=True) as pilot:
        app.healthy()
        app.sessions([told])
        await pilot.pause()
        await pilot.press("enter")
        app.answer(Detail(told.key, told))
        await pilot.pause()
        detail = app.export_screenshot().replace("&#160;", " ")
        await pilot.press("t")
        app.answer(Spoken(told.key, timeline(told)))
        await pilot.pause()
        return detail, app.export_screenshot().replace("&#160;", " ")


async def test_data_that_expires_is_labelled() -> None:
    detail, talk = await pictures(session("goto-seeit"))
    assert "Kept by the vendor" in detail
    assert "kept until 2026-03-17 04:26" in detail
    assert "data link expired" in detail
    assert "5m ago" in detail
    assert "kept 90 days; from when, the vendor does not say" in talk


async def test_a_session_that_is_kept_at_least_so_long() -> None:
    detail, talk = await pictures(session("goto-remote-support"))
    assert "kept at least until 2026-04-13 04:26" in detail
    assert "kept at least until 2026-04-13 04:26" in talk


@pytest.mark.parametrize("provider", ["trinsic-connect", "take-control"])
async def test_what_is_not_documented_is_not_said(provider: str) -> None:
    for picture in await pictures(session(provider)):
        assert "kept until" not in picture
        assert "Kept by the vendor" not in picture


async def test_nothing_runs_out_while_a_session_lives() -> None:
    for picture in await pictures(session("goto-seeit", Status.ACTIVE)):
        assert "Kept by the vendor" not in picture
        assert "kept 90 days" not in picture
