"""The first line: the program, how much is live, how many wait too long; on the right what is shown."""

from __future__ import annotations

from collections.abc import Sequence

from tui.model.lazy_dataclass import dataclass
from tui.model.text import Clean, line
from tui.widgets.bar import Bar, joined
from tui.widgets.line_list import Part


@dataclass(frozen=True, slots=True)
class Totals:
    """What the first line counts. `as_of` is the age of the oldest rows that are shown from an earlier run: as long as
    there are some, nobody knows how many are live."""

    profiles: int
    live: int
    long_waits: int
    long_wait_minutes: int
    as_of: str = ""


class TitleBar(Bar):
    """` sessiontop   5 profiles  42 live  3 waiting > 5m                 view: live`."""

    DEFAULT_CSS = """
    TitleBar { dock: top; background: $panel; color: $text; padding: 0 1; }
    """

    def show_totals(
        self,
        totals: Totals,
        view: Clean,
        *,
        paused: bool,
        read_only: bool,
        notice: Sequence[Part] = (),
    ) -> None:
        """The queue's first line. `notice` stands where nothing cuts it off."""
        profiles = f"{totals.profiles} profile{'' if totals.profiles == 1 else 's'}"
        groups = [
            [Part(line("sessiontop"), "accent")],
            *([list(notice)] if notice else []),
            [Part(line(profiles), "muted")],
            [Part(line(f"as of {totals.as_of} ago"), "warning")]
            if totals.as_of
            else [Part(line(f"{totals.live} live"), "strong")],
        ]
        if totals.long_waits and not totals.as_of:
            text = f"{totals.long_waits} waiting > {totals.long_wait_minutes}m"
            groups.append([Part(line(text), "warning")])
        self.say(joined(groups), joined(_state(view, paused=paused, read_only=read_only)))

    def show_trail(self, *steps: Clean, paused: bool = False, read_only: bool = False) -> None:
        """The first line of a screen further in: where one is."""
        parts = [Part(line("sessiontop"), "accent")]
        for step in steps:
            parts += [Part(line(" › "), "muted"), Part(step, "strong")]
        self.say(parts, joined(_state(line(""), paused=paused, read_only=read_only)))


def _state(view: Clean, *, paused: bool, read_only: bool) -> list[list[Part]]:
    groups = []
    if paused:
        groups.append([Part(line("paused"), "warning")])
    if read_only:
        groups.append([Part(line("read-only"), "muted")])
    if view:
        groups.append([Part(line("view: "), "muted"), Part(view, "strong")])
    return groups
