"""Ages and waits as people read them. They move in steps, so that an idle screen has nothing to send."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def coarse(seconds: float | None) -> str:
    """`45s`, `2m30s`, `6m`, `1h05m`, `3d`: at most six cells; `-` for None."""
    if seconds is None:
        return "-"
    seconds = step(seconds)
    minutes, rest = divmod(int(seconds), _MINUTE)
    if minutes == 0:
        return f"{rest}s"
    if seconds < _HOUR:
        return f"{minutes}m{rest:02d}s" if rest else f"{minutes}m"
    if seconds < _DAY:
        return f"{minutes // 60}h{minutes % 60:02d}m"
    return f"{int(seconds) // _DAY}d"


def step(seconds: float) -> float:
    """The start of the step that this age is in, in seconds."""
    size = step_size(seconds)
    return int(seconds // size) * size


def step_size(seconds: float) -> int:
    """How long the shown age stands still: 5 s in the first minute, 30 s up to five, a minute, then a day."""
    if seconds < _MINUTE:
        return 5
    if seconds < 5 * _MINUTE:
        return 30
    return _MINUTE if seconds < _DAY else _DAY


def until_next_step(seconds: float) -> float:
    """Seconds until the shown age changes."""
    return step(seconds) + step_size(seconds) - seconds
