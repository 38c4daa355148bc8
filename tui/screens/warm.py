"""A warm start: the rows of the queue are kept for the next run, and stand on the board until they are told anew.

Only with `cache = true` in config.toml: they name customers, and lie on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Final, NamedTuple

from rich.style import Style
from textual.screen import Screen

from tui.live.messages import Answer, HealthState, ProfileSaved
from tui.live.view import DEFAULT_ORDER, ENDED_ORDER, ViewKind, ViewSpec, select
from tui.model.age import coarse, until_next_step
from tui.model.last_known import MAX_AGE, MOST_ROWS, LastKnown, Row, fresh, pack, terminal_of
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque, line
from tui.screens.desk import Desk
from tui.settings import last_rows
from tui.widgets.bar import Bar
from tui.widgets.columns import estimate
from tui.widgets.health_strip import HealthStrip
from tui.widgets.key_bar import KeyBar
from tui.widgets.session_table import SessionTable
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar


class Own(NamedTuple):
    """The user's own folders, and how the profile store was when it was read (`last_rows.stamp_of`)."""

    config: Path
    state: Path
    stamp: str = ""


STORE: Final = "profiles.toml"
KEEP_SECONDS: Final = 60.0
"""How often, at most, what changed is kept while the program runs."""

_PATIENCE: Final = 2.0  # seconds that the end of the program waits for the disk

_BARS: Final = (
    ("title", ("accent", "muted", "strong", "warning")),
    ("health", ("muted",)),
    ("status", ("muted",)),
)


class Warm:
    """Keeps the rows of the view that the program begins with, in the user's folder of state. With `whole` False it
    is another one than usual, or of some profiles only, and nothing is kept."""

    def __init__(self, desk: Desk, own: Own, view: ViewKind, *, whole: bool = True) -> None:
        self._desk, self._folder = desk, str(own.state)
        self._spec = start_of(view)
        self._store, self._stamp, self._whole = str(own.config / STORE), own.stamp, whole
        self._kept = b""
        self._writing: Thread | None = None
        self.looks: Mapping[str, str] = {}

    def remember(self) -> None:
        """Puts on the board what was kept; what must not be shown is no longer kept either."""
        desk, found = self._desk, last_rows.read(self._folder)
        rows = [] if found is None else fresh(found, self._stamp, desk.clock.now().timestamp())
        if found is None or not rows:
            last_rows.remove(self._folder)
            return
        profiles = {profile.name: profile.provider for profile in desk.profiles}
        sessions = [_session(row) for row in rows if profiles.get(row.profile) == row.provider]
        seen = {name: datetime.fromtimestamp(at, UTC) for name, at in found.seen.items()}
        desk.board.remember(filter(None, sessions), seen)

    def keep(self, spec: ViewSpec, rows: Sequence[Session]) -> None:
        """Keeps the rows as they are shown now, if these are the ones and something has changed; beside the screen."""
        if spec != self._spec:
            return
        data = self._packed(rows)
        if data:
            self._beside(lambda: last_rows.write(self._folder, data))

    def hear(self, answers: Iterable[Answer]) -> None:
        """The profile store may have been changed from here: what there was of a profile that has gone goes too."""
        changes = [one.change for one in answers if isinstance(one, ProfileSaved)]
        if any(change is not None for change in changes):
            known, _ = self._known(self._rows())
            self._beside(lambda: self._keep_anew(known))

    def keep_all(self) -> None:
        """Keeps what is known now, and waits for it: the screen is over."""
        self.wait()
        data = self._packed(self._rows())
        if data:
            last_rows.write(self._folder, data)

    def wait(self) -> None:
        """Waits for what is being written, for some seconds at most."""
        if self._writing is not None:
            self._writing.join(_PATIENCE)

    def _rows(self) -> Sequence[Session]:
        desk = self._desk
        return select(desk.board.sessions.values(), self._spec, desk.clock.now(), desk.mine)

    def _beside(self, work: Callable[[], object]) -> None:
        """A folder on a server that hangs must not hold up a key."""
        self._writing = Thread(target=work, daemon=True)
        self._writing.start()

    def _keep_anew(self, known: LastKnown) -> None:
        """What is kept is of the store as it is now, or nothing is."""
        last_rows.remove(self._folder)
        self._stamp = known.stamp = last_rows.stamp_of(self._store)
        if self._whole and known.seen and known.stamp:
            last_rows.write(self._folder, pack(known))

    def _packed(self, rows: Sequence[Session]) -> bytes:
        """What is to be written; nothing where nobody has told anything, and where it is written already."""
        known, same = self._known(rows)
        if not (self._whole and known.seen and self._stamp) or same == self._kept:
            return b""
        self._kept = same
        return pack(known)

    def _known(self, rows: Sequence[Session]) -> tuple[LastKnown, bytes]:
        """What there is to keep; and the same without when it was heard of, by which one sees that it has changed."""
        known = LastKnown()
        known.stamp, known.view = self._stamp, self._spec.kind.value
        known.terminal, known.looks = terminal_of(os.environ), dict(self.looks)
        seen = dict(self._seen())
        known.rows = [self._row(one, seen[one.profile]) for one in self._of(rows, seen)]
        same = pack(known)
        known.seen = seen
        return known, same

    def _of(self, rows: Sequence[Session], seen: Mapping[str, float]) -> Iterator[Session]:
        pending = self._desk.creations.standing_in
        for number, session in enumerate(rows):
            if number >= MOST_ROWS:
                return
            if session.profile in seen and session.key not in pending:
                yield session

    def _seen(self) -> Iterator[tuple[str, float]]:
        """When each profile was last heard of, in seconds since 1970."""
        desk = self._desk
        for profile in desk.profiles:
            health = desk.board.health.get(profile.name)
            at = desk.board.seen(profile.name)
            if at is None and health is not None:
                well = health.state is HealthState.OK
                at = desk.clock.now() if well else health.last_success
            if at is not None:
                yield profile.name, at.timestamp()

    def _row(self, session: Session, seen: float) -> Row:
        spec = self._desk.specs.get(session.provider)
        ends = [] if spec is None else [one.until(session) for one in spec.retention]
        row = Row()
        row.profile, row.provider, row.id = session.profile, session.provider, session.id
        row.status, row.word = session.status.value, session.provider_status
        row.subject, row.agent = session.subject or "", session.agent or ""
        row.customer = session.customer or session.customer_email or session.customer_phone or ""
        row.signs = session.status.glyph() + session.status.glyph(ascii_only=True)
        row.short = session.provider if spec is None else spec.short
        row.estimate = estimate(session.estimated_wait_minutes)
        row.created, row.started = _seconds(session.created_at), _seconds(session.started_at)
        row.ended, row.updated = _seconds(session.ended_at), _seconds(session.updated_at)
        row.until = min([seen + MAX_AGE, *(end.timestamp() for end in ends if end is not None)])
        return row


def begin(desk: Desk, own: Own, view: ViewKind, *, on: bool, whole: bool = True) -> Warm | None:
    """The rows of the last run on the board, where the user has turned that `on`; else none are kept any more."""
    if not on:
        last_rows.remove(str(own.state))
        return None
    warm = Warm(desk, own, view, whole=whole)
    warm.remember()
    return warm


def start_of(view: ViewKind) -> ViewSpec:
    """What the program shows first."""
    return ViewSpec(view, ENDED_ORDER if view is ViewKind.ENDED else DEFAULT_ORDER)


def _session(row: Row) -> Session | None:
    """The session of a row, its text cleaned once more; None for a state that is none of ours."""
    try:
        status = Status(row.status)
    except ValueError:
        return None
    return Session(
        profile=row.profile,
        provider=row.provider,
        id=Opaque(row.id),
        status=status,
        provider_status=line(row.word),
        subject=_text(row.subject),
        customer=_text(row.customer),
        agent=_text(row.agent),
        estimated_wait_minutes=_minutes(row.estimate),
        created_at=_moment(row.created),
        started_at=_moment(row.started),
        ended_at=_moment(row.ended),
        updated_at=_moment(row.updated),
    )


def _text(text: str) -> Clean | None:
    return line(text) if text else None


def _minutes(shown: str) -> float | None:
    """Back from `~5m` and `~2h`."""
    number, unit = shown[1:-1], shown[-1:]
    if not (shown[:1] == "~" and number.isascii() and number.isdecimal() and unit in ("m", "h")):
        return None
    return float(number) * (1 if unit == "m" else 60)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def age_of(desk: Desk) -> tuple[str, float | None]:
    """How old the oldest of the remembered rows are, and in how many seconds that reads differently; an empty text
    when there are none."""
    at = desk.board.as_of
    if at is None:
        return "", None
    seconds, calm = max(0.0, (desk.clock.now() - at).total_seconds()), desk.low_bandwidth
    return coarse(seconds, calm=calm), until_next_step(seconds, calm=calm)


def looks_of(queue: Screen[None], sgr_of: Callable[[Style], str]) -> dict[str, str]:
    """How the queue's lines look, by the names that the first paint has for it, as SGR codes."""
    table = queue.query_one(SessionTable)
    looks = {name: table.look(name) for name in ("header", "order", "stale", "cursor")}
    looks["ground"], looks["asking"] = table.look(""), table.look("muted")
    bars: dict[str, Bar] = {
        "title": queue.query_one(TitleBar),
        "health": queue.query_one(HealthStrip),
        "status": queue.query_one(StatusLine).query_one(Bar),
        "keys": queue.query_one(KeyBar),
    }
    looks |= {name: bar.rich_style for name, bar in bars.items()}
    for name, parts in _BARS:
        for part in parts:
            looks[f"{name}-{part}"] = bars[name].get_component_rich_style(f"bar--{part}")
    return {name: sgr_of(style) for name, style in looks.items()}
