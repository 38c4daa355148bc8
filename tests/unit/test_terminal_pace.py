"""News wait on a thin line; what answers a key does not."""

from __future__ import annotations

from tui.terminal.pace import AT_ONCE_SECONDS, Pace


def test_without_a_limit_nothing_waits() -> None:
    pace = Pace()
    pace.sent(10.0)
    assert pace.wait(10.0) == 0


def test_news_wait_for_each_other() -> None:
    pace = Pace(2.0)
    assert pace.wait(10.0) == 0
    pace.sent(10.0)
    assert 0.39 < pace.wait(10.1) < 0.41
    assert pace.wait(10.5) == 0


def test_a_key_is_answered_at_once() -> None:
    pace = Pace(2.0)
    pace.sent(10.0)
    pace.touch(10.1)
    assert pace.wait(10.2) == 0
    pace.sent(10.1 + AT_ONCE_SECONDS)
    assert pace.wait(10.2 + AT_ONCE_SECONDS) > 0


def test_it_knows_how_long_ago_the_last_frame_was() -> None:
    pace = Pace()
    assert pace.rested(10.0, 1 / 60)
    pace.sent(10.0)
    assert not pace.rested(10.01, 1 / 60)
    assert pace.rested(10.02, 1 / 60)
