"""Lines that are kept read as if each were painted anew, whatever the clock says and whatever changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.widgets.columns import Context, plan
from tui.widgets.glyphs import glyphs
from tui.widgets.painted_rows import PaintedRows
from tui.widgets.row_painter import RowPainter, RowState

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
SIGNS = glyphs(ascii_only=False)
NAMES = {"twilio-proxy": "proxy"}
PAINTER = RowPainter(plan(100, profiles=True), 100)


def made(number: int) -> Session:
    return Session(
        profile="proxy-eu",
        provider="twilio-proxy",
        id=Opaque(f"KC{number}"),
        status=tuple(Status)[number % len(Status)],
        customer=line(f"Customer {number}"),
        created_at=None if number == 5 else NOW - timedelta(seconds=71 * number, microseconds=7),
    )


Step = tuple[float, int, str]
STEPS = st.lists(
    st.tuples(
        st.one_of(st.floats(-400, 4000), st.sampled_from([0.0, 5.0, 29.0, 30.0, 60.0, 300.0])),
        st.integers(0, 9),
        st.sampled_from(["nothing", "session", "selected", "stale", "pending", "names", "calm"]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(STEPS)
def test_kept_lines_are_those_that_would_be_painted(steps: list[Step]) -> None:
    kept, rows, now = PaintedRows(), [made(number) for number in range(10)], NOW
    states = [RowState()] * len(rows)
    more: dict[str, Any] = {"provider_names": NAMES, "pending": frozenset()}
    for seconds, at, what in steps:
        now += timedelta(seconds=seconds)
        if what == "session":
            rows[at] = replace(rows[at], agent=line(f"Agent {seconds}"))
        elif what in ("selected", "stale", "calm"):
            states[at] = states[at]._replace(**{what: not getattr(states[at], what)})
        elif what == "pending":
            more["pending"] = more["pending"] ^ {rows[at].key}
        elif what == "names":
            more["provider_names"] = {"twilio-proxy": f"proxy {at}"}
        context = Context(now, glyphs=SIGNS, **more)
        anew = [PAINTER.row(row, context, state) for row, state in zip(rows, states, strict=True)]
        assert kept.lines(zip(rows, states, strict=True), PAINTER, context) == anew
        assert kept.due is not None
        assert kept.due > now


def test_nothing_is_kept_of_rows_that_are_out_of_sight() -> None:
    kept, rows = PaintedRows(), [made(number) for number in range(10)]
    context = Context(NOW, NAMES, SIGNS)
    kept.lines(((row, RowState()) for row in rows), PAINTER, context)
    kept.lines(((row, RowState()) for row in rows[:2]), PAINTER, context)
    assert len(kept._kept) == 2
    kept.lines((), PAINTER, context)
    assert kept.due is None
