"""A measured figure beside its goal, and how both are printed."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of some runs, and the least and the most of them."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        if self.least == self.most:
            return _told(self.median)
        return f"{_told(self.median)} ({_told(self.least)} to {_told(self.most)})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `peers` are other programs' figures in the same run."""

    what: str
    goal: str
    ours: Measured
    peers: dict[str, Measured] = field(default_factory=dict)


def of_runs(values: Sequence[float]) -> Measured:
    """The runs' spread. At least one run."""
    return Measured(statistics.median(values), min(values), max(values))


def table(figures: Iterable[Figure]) -> list[str]:
    """Markdown: what, the goal, ours, and the peers that are there."""
    lines = ["| what | goal | measured | peers |", "| --- | --- | --- | --- |"]
    for one in figures:
        peers = "; ".join(f"{name} {figure}" for name, figure in one.peers.items()) or "-"
        lines.append(f"| {one.what} | {one.goal} | {one.ours} | {peers} |")
    return lines


def printed(figures: Iterable[Figure]) -> None:
    """The table on standard output."""
    print("\n".join(table(figures)))


def _told(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"
