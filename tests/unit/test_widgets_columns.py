"""The queue's columns: what fits where, and what a cell says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len

from tui.live.view import count_sessions
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.terminal.places import GUTTER
from tui.widgets.columns import (
    COLUMNS,
    Context,
    Slot,
    cell_text,
    estimate,
    late,
    plan,
    status_text,
    title_text,
)
from tui.widgets.glyphs import ASCII, UNICODE

NOW = datetime(2026, 7, 14, 10, 45, tzinfo=UTC)
CONTEXT = Context(NOW, {"goto-remote-support": "goto-rs"}, UNICODE)


def session(status: Status = Status.WAITING, *, age: float | None = 372, **more: Any) -> Session:
    began = None if age is None else NOW - timedelta(seconds=age)
    return Session(
        profile="goto",
        provider="goto-remote-support",
        id=Opaque("1"),
        status=status,
        created_at=began,
        **more,
    )


def ids(slots: tuple[Slot, ...]) -> list[str]:
    return [slot.column.id for slot in slots]


def used(slots: tuple[Slot, ...]) -> int:
    return GUTTER + sum(slot.cells + slot.after for slot in slots)


def said(column: str, of: Session, width: int = 79) -> str:
    slot = next(slot for slot in plan(width, profiles=True) if slot.column.id == column)
    return cell_text(slot, of, CONTEXT)


def test_eighty_columns_show_all_seven() -> None:
    slots = plan(79, profiles=False)
    assert ids(slots) == ["wait", "status", "provider", "customer", "subject", "agent", "age"]
    assert used(slots) == 79


def test_needed_profiles_replace_the_agent_at_eighty() -> None:
    assert ids(plan(79, profiles=True)) == [
        "wait",
        "status",
        "provider",
        "profile",
        "customer",
        "subject",
        "age",
    ]


def test_a_wide_line_is_used_to_its_end_and_shows_the_profile() -> None:
    slots = plan(199, profiles=False)
    assert ids(slots) == [column.id for column in COLUMNS]
    assert used(slots) == 199
    sizes = {slot.column.id: slot.cells for slot in slots}
    assert sizes["customer"] == 30
    assert sizes["agent"] == 24
    assert sizes["subject"] > sizes["customer"]


@pytest.mark.parametrize("width", range(1, 260))
def test_no_width_is_exceeded(width: int) -> None:
    slots = plan(width, profiles=True)
    assert slots
    if width > GUTTER:
        assert used(slots) <= width
    for slot in slots:
        text = cell_text(slot, session(customer=line("山田 太郎" * 20)), CONTEXT)
        assert cell_len(text) == slot.cells
        assert len(title_text(slot, order="wait", reverse=False, glyphs=UNICODE)) == slot.cells


def test_the_status_is_the_last_to_go() -> None:
    assert ids(plan(20, profiles=True)) == ["status"]
    assert ids(plan(40, profiles=False)) == ["wait", "status", "customer"]


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (session(), "6m"),
        (session(age=95), "1m30s"),
        (session(age=4_000), "1h06m"),
        (session(Status.ACTIVE), "-"),
        (session(age=None), "-"),
        (session(age=None, estimated_wait_minutes=1.0), "~1m"),
        (session(estimated_wait_minutes=1.0), "6m"),  # a measured wait is better than an estimate
        (session(Status.ACTIVE, age=None, estimated_wait_minutes=1.0), "-"),
    ],
)
def test_wait(of: Session, text: str) -> None:
    assert said("wait", of) == text.rjust(6)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (None, "-"),
        (0, "~0m"),
        (0.2, "~1m"),
        (59, "~59m"),
        (90, "~2h"),
        (1e300, "~99h+"),
        (float("nan"), "-"),
        (float("inf"), "-"),
        (-5, "-"),
    ],
)
def test_estimates_fit_whatever_the_vendor_says(minutes: float | None, text: str) -> None:
    assert estimate(minutes) == text
    assert len(text) <= 6


@pytest.mark.parametrize("status", Status)
def test_every_status_has_glyph_and_word(status: Status) -> None:
    if status is not Status.UNKNOWN:
        assert status_text(session(status), UNICODE) == f"{status.glyph()} {status.value}"
        assert status_text(session(status), ASCII).isascii()
        assert said("status", session(status)).strip().endswith(status.value)  # never cut


def test_an_unknown_status_shows_the_vendors_word() -> None:
    assert said("status", session(Status.UNKNOWN, provider_status=line("on-hold"))) == (
        "? on-hold".ljust(13)
    )
    assert said("status", session(Status.UNKNOWN)) == "? unknown".ljust(13)


def test_names() -> None:
    assert said("provider", session()) == "goto-rs ".ljust(8)
    assert said("customer", session(customer_email=line("ana@example.com")), 199).strip() == (
        "ana@example.com"
    )
    assert said("customer", session()).strip() == "-"
    assert said("profile", session()).strip() == "goto"


def test_late_is_over_five_minutes_of_waiting_as_the_screen_counts_it() -> None:
    cases = [
        session(age=300),
        session(age=301),
        session(Status.NOT_STARTED, age=900),
        session(Status.ACTIVE, age=900),
        session(age=None, estimated_wait_minutes=60.0),
    ]
    assert [late(case, NOW) for case in cases] == [False, True, False, False, False]
    assert count_sessions(cases, NOW).long_waits == 1


def test_the_order_is_marked_in_its_title() -> None:
    wait, status, provider = plan(79, profiles=False)[:3]
    assert title_text(wait, order="wait", reverse=False, glyphs=UNICODE) == " WAIT▾"
    assert title_text(wait, order="wait", reverse=True, glyphs=ASCII) == " WAIT^"
    assert title_text(status, order="wait", reverse=True, glyphs=UNICODE) == "STATUS".ljust(13)
    assert title_text(provider, order="provider", reverse=True, glyphs=UNICODE) == "PROVIDE▴"
