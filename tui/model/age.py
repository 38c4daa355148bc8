"""Ages and waits as people read them. They move in steps, so that an idle screen has nothing to send."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def coarse(seconds: float | None, *, calm: bool = False) -> str:
    """`45s`, `2m30s`, `6m`, `1h05m`, `3d`: at most six cells; `-` for None. With `calm` the steps are longer, and
    the first minute is `<1m`."""
    if seconds is None:
        return "-"
    seconds = step(seconds, calm=calm)
    minutes, rest = divmod(int(seconds), _MINUTE)
    if minutes == 0:
        return "<1m" if calm else f"{rest}s"
    if seconds < _HOUR:
        return f"{minutes}m{rest:02d}s" if rest else f"{minutes}m"
    if seconds < _DAY:
        return f"{minutes // 60}h{minutes % 60:02d}m"
    return f"{int(seconds) // _DAY}d"


def step(seconds: float, *, calm: bool = False) -> float:
    """The start of the step that this age is in, in seconds."""
    size = step_size(seconds, calm=calm)
    return int(seconds // size) * size


def step_size(seconds: float, *, calm: bool = False) -> int:
    """How long the shown age stands still: 5 s in the first minute, 30 s up to five, a minute, then a day; with
    `calm` a minute up to ten, five up to an hour, a quarter of an hour, then a day."""
    if calm and seconds < _DAY:
        steps = ((10 * _MINUTE, _MINUTE), (_HOUR, 5 * _MINUTE), (_DAY, 15 * _MINUTE))
        return next(size for until, size in steps if seconds < until)
    if seconds < _MINUTE:
        return 5
    if seconds < 5 * _MINUTE:
        return 30
    return _MINUTE if seconds < _DAY else _DAY


def until_next_step(seconds: float, *, calm: bool = False) -> float:
    """Seconds until the shown age changes."""
    return step(seconds, calm=calm) + step_size(seconds, calm=calm) - seconds
