"""What was asked of the simulator: a short memory for tests, without anybody's secrets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Condition
from time import monotonic

from tui.simulator.wire import Head

# A token may come as a parameter (sheet goto 2); its value is not kept.
_SECRET_PARAMETERS = ("access_token", "oauth_token")


@dataclass(frozen=True, slots=True)
class Seen:
    """One request. `headers` are lower-case names only; `status` is None when a fault answered."""

    provider: str
    method: str
    path: str
    query: str
    status: int | None
    headers: tuple[str, ...]
    fault: str | None = None

    @classmethod
    def of(cls, head: Head, status: int | None, fault: str | None) -> Seen:
        method, target, _ = head.first
        path, _, query = target.partition("?")
        provider = path.lstrip("/").partition("/")[0]
        names = tuple(name for name, _ in head.headers)
        return cls(provider, method, path, _without_secrets(query), status, names, fault)


def _without_secrets(query: str) -> str:
    kept = (part.partition("=") for part in query.split("&"))
    return "&".join(
        f"{name}{equals}{'***' if name.lower() in _SECRET_PARAMETERS else value}"
        for name, equals, value in kept
    )


class Requests:
    """The last `limit` requests, oldest first; safe to read from any thread."""

    def __init__(self, limit: int = 10_000) -> None:
        self._seen: deque[Seen] = deque(maxlen=limit)
        self._news = Condition()
        self._count = 0

    def add(self, seen: Seen) -> None:
        with self._news:
            self._seen.append(seen)
            self._count += 1
            self._news.notify_all()

    def all(self) -> list[Seen]:
        with self._news:
            return list(self._seen)

    def __iter__(self) -> Iterator[Seen]:
        return iter(self.all())

    def __len__(self) -> int:
        """How many are remembered."""
        with self._news:
            return len(self._seen)

    @property
    def count(self) -> int:
        """How many there were, remembered or not."""
        return self._count

    def clear(self) -> None:
        with self._news:
            self._seen.clear()

    def wait_for(self, predicate: Callable[[Seen], bool], timeout: float = 5.0) -> Seen:
        """The first remembered or coming request that fits. TimeoutError after `timeout` seconds."""
        deadline = monotonic() + timeout
        with self._news:
            while True:
                found = next((seen for seen in self._seen if predicate(seen)), None)
                if found is not None:
                    return found
                if not self._news.wait(max(0.0, deadline - monotonic())) and monotonic() > deadline:
                    raise TimeoutError("no such request came")
