"""One line of health: a mark and a name for each profile, and a reason where something is wrong.

A healthy profile shows no age: then there is nothing to send while nothing happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui.live.messages import Health, HealthState
from tui.model.age import coarse, until_next_step
from tui.model.text import Clean, line
from tui.widgets.bar import Bar, cells, joined
from tui.widgets.line_list import Part

_CALM_SECONDS = 30.0  # on a thin line it counts down no faster
_MARKS = {
    HealthState.CONNECTING: ("◌", ".", "muted"),
    HealthState.OK: ("●", "*", "good"),
    HealthState.STALE: ("◐", "~", "warning"),
    HealthState.BACKING_OFF: ("◐", "~", "warning"),
    HealthState.OFFLINE: ("✗", "x", "bad"),
    HealthState.KEYS_REJECTED: ("✗", "x", "bad"),
    HealthState.INCOMPLETE: ("✗", "x", "warning"),
    HealthState.PAUSED: ("‖", "=", "warning"),
}


def ago(at: datetime | None, now: datetime) -> str:
    """`3m ago`, or `never`."""
    return "never" if at is None else f"{_age(at, now)} ago"


def _age(at: datetime, now: datetime) -> str:
    return coarse(max(0.0, (now - at).total_seconds()))


def not_fresh(health: Health | None, now: datetime) -> Clean | None:
    """Why what is shown of this profile may be old, in a sentence; None while its worker fares well."""
    if health is None or health.state in (HealthState.OK, HealthState.CONNECTING):
        return None
    as_of = "" if health.last_success is None else f", as of {ago(health.last_success, now)}"
    return line(f"not fresh: {health.profile} is {_STATES[health.state]}{as_of}")


_STATES = {
    HealthState.STALE: "late",
    HealthState.BACKING_OFF: "not answering well",
    HealthState.OFFLINE: "offline",
    HealthState.KEYS_REJECTED: "rejecting the keys",
    HealthState.INCOMPLETE: "not asked: its profile is incomplete",
    HealthState.PAUSED: "paused",
}


def word(health: Health, now: datetime) -> Clean:
    """What is wrong, in a few words; empty when all is well."""
    state = health.state
    if state is HealthState.OK:
        counted = health.set_aside + health.drifted
        return line(f"{counted} odd row{'' if counted == 1 else 's'}" if counted else "")
    if state in (HealthState.BACKING_OFF, HealthState.OFFLINE) and health.retry_at is not None:
        left = (health.retry_at - now).total_seconds()
        again = f"retry {coarse(left + 4)}" if left > 0 else "retrying now"
        since = "" if health.last_success is None else f" {_age(health.last_success, now)}"
        name = "offline" if state is HealthState.OFFLINE else "late"
        return line(f"{name}{since}, {again}")
    if state in (HealthState.STALE, HealthState.PAUSED):
        old = (
            "no data yet"
            if health.last_success is None
            else f"data {_age(health.last_success, now)} old"
        )
        return line(f"{state.value}, {old}")
    return line(state.value)


class HealthStrip(Bar):
    """Fed with the health of all profiles; counts down by itself, in steps, only while something is wrong."""

    DEFAULT_CSS = """
    HealthStrip { dock: top; margin-top: 1; padding: 0 1; background: $surface; }
    """

    def __init__(
        self, *, ascii_only: bool = False, calm: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._ascii = ascii_only
        self._least = _CALM_SECONDS if calm else 1.0
        self._healths: tuple[Health, ...] = ()
        self._problems: tuple[Clean, ...] = ()
        self._left_out = 0
        self._now: datetime | None = None

    def show(
        self,
        healths: Sequence[Health],
        now: datetime,
        problems: Sequence[Clean] = (),
        *,
        left_out: int = 0,
    ) -> float | None:
        """Shows them as of `now`; returns the seconds until the text changes by itself, or None.

        `left_out` counts what is wrong in config.toml and not in effect.
        """
        self._healths, self._problems, self._now = tuple(healths), tuple(problems), now
        self._left_out = left_out
        amiss = self._amiss()
        parts = joined([*(self._group(one, now, reasons=True) for one in healths), *amiss])
        if cells(parts) > self.size.width > 0:
            # What must give way gives way in this order: the reasons, then the names of those that are well.
            parts = joined([*(self._group(one, now) for one in healths), *amiss])
        if cells(parts) > self.size.width > 0:
            parts = joined(self._short(healths, now))
        self.say(parts)
        return _next_change(self._healths, now, self._least)

    def on_resize(self) -> None:
        """What gives way depends on the width."""
        if self._now is not None:
            self.show(self._healths, self._now, self._problems, left_out=self._left_out)

    def _amiss(self, *, brief: bool = False) -> list[list[Part]]:
        """What nobody would notice otherwise: what was left out when the program started."""
        told = []
        if self._problems:
            told.append((f"{len(self._problems)} not started", ": L says why", "bad"))
        if self._left_out:
            mistakes = f"{self._left_out} mistake{'' if self._left_out == 1 else 's'}"
            told.append((mistakes, " in config.toml: L says which", "warning"))
        return [[Part(line(text if brief else text + more), look)] for text, more, look in told]

    def _group(self, health: Health, now: datetime, *, reasons: bool = False) -> list[Part]:
        mark, ascii_mark, look = _MARKS[health.state]
        parts = [
            Part(line(ascii_mark if self._ascii else mark), look),
            Part(line(f" {health.profile}")),
        ]
        said = word(health, now)
        if said:
            parts.append(Part(line(f" {said}"), "muted" if look == "good" else look))
        if reasons and health.reason:
            parts.append(Part(line(f": {health.reason}", 60), "muted"))
        return parts

    def _short(self, healths: Sequence[Health], now: datetime) -> list[list[Part]]:
        """Too many for one line: the troubled ones by name, the others as a number."""
        well = [health for health in healths if health.state is HealthState.OK]
        groups = [
            self._group(health, now) for health in healths if health.state is not HealthState.OK
        ]
        mark = _MARKS[HealthState.OK][1 if self._ascii else 0]
        fine = [[Part(line(mark), "good"), Part(line(f" {len(well)} ok"))]] if well else []
        return [*fine, *self._amiss(brief=True), *groups]


def _next_change(healths: Sequence[Health], now: datetime, least: float) -> float | None:
    waits = []
    for health in healths:
        if (
            health.state in (HealthState.STALE, HealthState.PAUSED)
            and health.last_success is not None
        ):
            waits.append(until_next_step(max(0.0, (now - health.last_success).total_seconds())))
        elif (
            health.state in (HealthState.BACKING_OFF, HealthState.OFFLINE)
            and health.retry_at is not None
        ):
            waits.append(5.0)
    return max(least, min(waits)) if waits else None
