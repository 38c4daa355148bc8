"""200,000 sessions: what the queue's view, a worker's index and the whole of it in memory cost.

Each run is a process of its own, so that none finds what another left. Rows are Twilio's, decoded by the provider.
Processor time of the one thread, not time on the clock: other programs disturb it least.
"""

from __future__ import annotations

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.bench.figures import Figure, of_runs, printed

COUNT: Final = 200_000
POLLED: Final = 100_000
PAGE: Final = 1_000
SHOWN: Final = 50
_DAY: Final = 86_400
_NOW: Final = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_PEOPLE: Final = ("Ana Lindqvist", "José Álvarez", "Priya Raman", "Ola Nordmann", "Fritz Müller")
_STATES: Final = ("open", "in-progress", "closed", "failed")
_GOALS: Final = {
    "load": (
        "200,000 sessions taken in and counted, and a screen's rows of them in order, ms",
        "300",
    ),
    "sort": (
        "another order, until a screen's rows are in it, ms (the slowest of all orders)",
        "150",
    ),
    "sort by wait": ("the usual order after another, ms", "150"),
    "around": (
        "another order, until the rows around a chosen one are in it, ms (the slowest)",
        "150",
    ),
    "page": (
        "the longest step while all rows of an order are paged through, ms (the slowest)",
        "-",
    ),
    "all": ("all rows of another order at once, as for an export, ms (the slowest)", "-"),
    "one": ("one session changes, ms", "-"),
    "percent": ("1 % of them change at once, ms", "-"),
    "slice": ("the longest step while a filter's first letter is awaited, ms", "20"),
    "first letter": ("first letter of a filter, learned while it was awaited, ms", "100"),
    "letter": ("each further letter, ms (the slowest of three)", "100"),
    "at once": ("first letter of a filter that was not awaited, ms", "-"),
    "merge": (
        "a poll of 100,000 with 1 % changed: cut, compared, decoded, on the board, ms",
        "250",
    ),
    "bytes": ("memory of a session, all in, bytes", "900"),
    "whole": ("the program's part below the screen with 200,000 sessions, MB", "280"),
}


def figures(runs: int) -> list[Figure]:
    """What each goal is measured against."""
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        for what in ("view", "worker"):
            for name, value in _in_a_process(what).items():
                found.setdefault(name, []).append(value)
    return [
        Figure(label, f"<= {goal}" if goal != "-" else "-", of_runs(found[name]))
        for name, (label, goal) in _GOALS.items()
    ]


def main(runs: int) -> None:
    """Prints a Markdown table."""
    printed(figures(runs))


def _in_a_process(what: str) -> dict[str, float]:
    done = subprocess.run(
        (sys.executable, "-m", "tests.bench.scale", what), stdout=subprocess.PIPE, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _took(act: Callable[[], object]) -> float:
    """Milliseconds of this thread."""
    began = time.thread_time()
    act()
    return (time.thread_time() - began) * 1000


# --- rows ----------------------------------------------------------------------------------------------------


def _row(number: int, state: str) -> dict[str, Any]:
    """A session as Twilio tells it, with an address of its own and the links that it always has."""
    sid, service = f"KC{number:032x}", "KS" + "0" * 32
    began = _NOW - timedelta(seconds=number % _DAY)
    at, url = f"{began:%Y-%m-%dT%H:%M:%SZ}", f"https://proxy.twilio.com/v1/Services/{service}"
    return {
        "service_sid": service,
        "status": state,
        "unique_name": f"Order {number} of {_PEOPLE[number % len(_PEOPLE)]}",
        "date_started": at,
        "date_ended": None,
        "date_last_interaction": at,
        "date_expiry": None,
        "ttl": 3600,
        "mode": "voice-and-message",
        "closed_reason": "",
        "sid": sid,
        "date_updated": at,
        "date_created": at,
        "account_sid": "AC" + "0" * 32,
        "url": f"{url}/Sessions/{sid}",
        "links": {
            "interactions": f"{url}/Sessions/{sid}/Interactions",
            "participants": f"{url}/Sessions/{sid}/Participants",
        },
    }


def _is_changed(number: int, one_in: int, below: int) -> bool:
    return one_in > 0 and number % one_in == 0 and number % _DAY < below


def pages(count: int, changed: int = 0, below: int = _DAY) -> Iterator[bytes]:
    """A listing, page by page; with `changed`, one in so many of those that began less than `below` seconds ago has
    another state."""
    for start in range(0, count, PAGE):
        rows = [
            _row(number, _STATES[(number + _is_changed(number, changed, below)) % 4])
            for number in range(start, start + PAGE)
        ]
        yield json.dumps({"sessions": rows, "meta": {"key": "sessions"}}).encode()


# --- the worker, the board and the view, as the program has them ---------------------------------------------


class _Program:
    """One profile's index, the board, and the view over it: what a session is held by."""

    def __init__(self) -> None:
        from tui.live.board import Board
        from tui.live.index import Index
        from tui.live.live_view import LiveView
        from tui.live.mailbox import Mailbox
        from tui.live.view import ViewKind, ViewSpec

        self.index, self.board, self.mailbox = Index(), Board(), Mailbox()
        self.view, self.spec = LiveView(self.board), ViewSpec(ViewKind.ALL)

    def poll(self, pages: Iterator[bytes]) -> float:
        """Milliseconds that taking in these pages took, without making them."""
        from tui.providers.twilio_proxy import LIST_SESSIONS
        from tui.providers.twilio_query import page_of
        from tui.providers.twilio_rows import session

        def take(page: bytes) -> None:
            taken = self.index.take_rows(
                page_of(page, "listing", LIST_SESSIONS).rows,
                lambda row: session(row, "desk"),
                as_of=0.0,
                seen=1,
                cutoff=_LONG_AGO,
                wants=lambda _: False,
            )
            self.mailbox.tell_sessions(taken.changed)
            self.board.apply(self.mailbox.drain())

        return sum(_took(lambda page=page: take(page)) for page in pages)  # type: ignore[misc]

    def look(self) -> Sequence[Any]:
        """What a screen does for every news: it counts, and shows some rows."""
        rows = self.view.rows(self.spec, {})
        self.view.counts(_NOW)
        for at in range(min(SHOWN, len(rows))):
            assert rows[at]
        return rows


def _resident() -> int:
    """Bytes of this process in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise LookupError("VmRSS")


def _worker() -> dict[str, float]:
    found: dict[str, float] = {}
    program = _Program()
    program.poll(pages(PAGE))
    program.look()
    gc.collect()
    before = _resident()
    program.poll(pages(POLLED))
    program.look()
    found["merge"] = program.poll(pages(POLLED, changed=100)) + _took(program.look)
    program.poll(pages(COUNT))
    program.look()
    gc.collect()
    found["bytes"] = (_resident() - before) / (COUNT - PAGE)
    found["whole"] = _resident() / 1e6
    return found


# --- the view alone ------------------------------------------------------------------------------------------


def _view() -> dict[str, float]:
    import msgspec

    from tui.live.messages import Batch
    from tui.live.view import ORDERS, ViewSpec
    from tui.model.filter import Filter
    from tui.model.session import Session
    from tui.model.status import Status

    rng, states = random.Random(5), list(Status)
    program = _Program()
    sessions = list(_sessions())
    gc.freeze()  # as the program does before it shows anything

    def load() -> None:
        program.board.apply(Batch(sessions=tuple(sessions)))
        program.look()

    def by(order: str) -> float:
        program.spec = ViewSpec(program.spec.kind, order)
        return _took(program.look)

    def typed(text: str) -> float:
        def type_it() -> None:
            program.spec = ViewSpec(program.spec.kind, filter=Filter.parse(text))
            program.look()

        return _took(type_it)

    def change(count: int) -> float:
        chosen: list[Session] = rng.sample(list(program.board.sessions.values()), count)
        told = tuple(msgspec.structs.replace(one, status=rng.choice(states)) for one in chosen)

        def take() -> None:
            program.board.apply(Batch(sessions=told))
            program.look()

        return _took(take)

    found = {"load": _took(load)}
    others = [order for order in ORDERS if order != "wait"]
    found["sort"] = max(map(by, others))
    found["sort by wait"] = by("wait")
    found["one"] = sorted(change(1) for _ in range(9))[4]
    found["percent"] = change(COUNT // 100)
    found["slice"] = _longest(program.view.learning())
    found["first letter"] = typed("a")
    found["letter"] = max(typed("an"), typed("ana"), typed("ana 4"))
    typed("")
    found["at once"] = typed("a")
    return found | _further_down(program, others)


def _further_down(program: _Program, orders: Sequence[str]) -> dict[str, float]:
    """What is not seen at first: the rows around a chosen one, every page in turn, and all rows at once."""
    from tui.live.view import ViewSpec
    from tui.widgets.selection import Selection

    chosen = Selection(program.board.sessions.get)
    found = {"around": 0.0, "page": 0.0, "all": 0.0}

    def around() -> None:
        chosen.replace(program.view.rows(program.spec, {}), tombstone=True)
        program.view.counts(_NOW)
        for at in range(chosen.index - SHOWN // 2, chosen.index + SHOWN // 2):
            assert chosen.row(at)

    def paged() -> Iterator[None]:
        rows = program.look()
        for at in range(0, len(rows), SHOWN):
            assert rows[at : at + SHOWN]
            yield

    def at_once() -> None:
        assert len(list(program.look())) == COUNT

    program.spec = ViewSpec(program.spec.kind)
    chosen.replace(program.look(), tombstone=True)
    for order in orders:
        chosen.move(COUNT // 3)
        program.spec = ViewSpec(program.spec.kind, order)
        found["around"] = max(found["around"], _took(around))
        found["page"] = max(found["page"], _longest(paged()))
        program.spec = ViewSpec(program.spec.kind)
        program.look()
        program.spec = ViewSpec(program.spec.kind, order)
        found["all"] = max(found["all"], _took(at_once))
    return found


def _longest(steps: Iterator[None]) -> float:
    """Milliseconds of the longest step."""
    longest, more = 0.0, True
    while more:
        began = time.thread_time()
        more = next(steps, steps) is None
        longest = max(longest, (time.thread_time() - began) * 1000)
    return longest


def _sessions() -> Iterator[Any]:
    from tui.model.session import Session
    from tui.model.status import Status
    from tui.model.text import Opaque, line

    rng, states = random.Random(9), list(Status)
    agents = [line(f"Agent {number}") for number in range(50)]
    for number in range(COUNT):
        began, ended = (_NOW - timedelta(seconds=rng.randrange(86_400)) for _ in range(2))
        yield Session(
            profile=f"desk-{number % 5}",
            provider="twilio-proxy",
            id=Opaque(f"KC{rng.getrandbits(128):032x}"),
            status=rng.choice(states),
            customer=line(f"{rng.choice(_PEOPLE)} {number}"),
            agent=rng.choice(agents),
            created_at=began,
            updated_at=max(began, ended),
            ended_at=ended,
        )


if __name__ == "__main__":
    print(json.dumps({"view": _view, "worker": _worker}[sys.argv[1]]()))
