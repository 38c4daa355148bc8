"""A running simulator with a clock and a timer that only the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tui.simulator.server import Simulator

START = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)


class Hand:
    """A clock and a timer moved by hand."""

    def __init__(self) -> None:
        self.moment = START
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.moment

    def timer(self) -> float:
        return self.seconds

    def pass_by(self, **duration: float) -> None:
        self.moment += timedelta(**duration)
        self.seconds += timedelta(**duration).total_seconds()


class World:
    """A simulator, its hand, and clients that are signed in with the good profiles."""

    def __init__(self, sim: Simulator, hand: Hand, stack: ExitStack) -> None:
        self.sim, self.hand, self._stack = sim, hand, stack
        profiles: Any = sim.profiles()["profiles"]
        self.proxy: dict[str, Any] = profiles["proxy-eu"]
        self.goto: dict[str, Any] = profiles["goto-desk"]
        self.twilio = self.client(
            self.proxy["base_url"], auth=(self.proxy["account_sid"], self.proxy["auth_token"])
        )
        self.remote = self.client(
            self.goto["base_url"], headers={"Authorization": f"Bearer {self.goto['access_token']}"}
        )

    def client(self, base_url: str, **settings: Any) -> httpx.Client:
        made = httpx.Client(base_url=base_url, timeout=10, trust_env=False, **settings)
        return self._stack.enter_context(made)

    @property
    def service(self) -> str:
        return f"/v1/Services/{self.proxy['service_sid']}"

    def sessions(self, **query: Any) -> list[dict[str, Any]]:
        """The rows of one page of Proxy sessions."""
        rows: list[dict[str, Any]] = self.page(**query)["sessions"]
        return rows

    def page(self, **query: Any) -> dict[str, Any]:
        answer = self.twilio.get(f"{self.service}/Sessions", params=query)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    def walk(self, first: str) -> list[list[dict[str, Any]]]:
        """All pages from a path on, by following next_page_url."""
        pages, url = [], first
        while url:
            answer = self.twilio.get(url).json()
            pages.append(answer[answer["meta"]["key"]])
            url = answer["meta"]["next_page_url"]
        return pages

    def window(self, days: float = 29, until: datetime | None = None) -> dict[str, str]:
        """fromTime and toTime that hold the last `days`."""
        end = until or self.hand.moment
        start = end - timedelta(days=days)
        return {"fromTime": f"{start:%Y-%m-%dT%H:%M:%SZ}", "toTime": f"{end:%Y-%m-%dT%H:%M:%SZ}"}

    def remote_sessions(self, path: str = "/sessions", **query: Any) -> list[dict[str, Any]]:
        """The rows of a Remote Support list over 29 days."""
        given = {"sessionType": "SCREEN_SHARING", **self.window(), **query}
        answer = self.remote.get(path, params=given)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["sessions"]
        return rows


Start = Callable[..., World]


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(**settings of Simulator)`; limits are off unless the test turns them on."""
    with ExitStack() as stack:

        def begin(**settings: Any) -> World:
            hand = Hand()
            settings["play"] = {"rate-limits": "off", **settings.get("play", {})}
            sim = Simulator(clock=hand.now, timer=hand.timer, **({"seed": 5} | settings))
            return World(stack.enter_context(sim), hand, stack)

        yield begin


@pytest.fixture
def world(start: Start) -> World:
    """A desk of 60 sessions at rest."""
    return start(sessions=60)
