"""What the simulator answers where it refuses, and what else it serves, against the documents and the sheets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.contract.calls import calls_of
from tests.contract.checker import answer_faults, checker, request_faults
from tests.contract.clients import client
from tests.contract.places import places, server
from tests.contract.refusals import ASKED, Asked, signed
from tests.contract.sign_in_calls import SIGN_IN
from tests.contract.tap import Call, Tap
from tests.providers.bad_input import CONTROL, GOTO, PROVIDERS, SEEIT, TWILIO, Desk
from tests.providers.vendor import NOON

pytestmark = pytest.mark.anyio
# GoTo's legacy paths answer nothing but that they are no more (sheet goto 3.1).
_DEAD = "/oauth/v2/"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk(sessions=120)
    with made.simulator:
        yield made


@asynccontextmanager
async def asking(desk: Desk) -> AsyncIterator[tuple[httpx.AsyncClient, Tap]]:
    async with Tap(desk.simulator.port) as tap:
        base = f"http://127.0.0.1:{tap.port}"
        said = {"Accept": "application/json"}
        async with httpx.AsyncClient(
            base_url=base, headers=said, trust_env=False, timeout=10
        ) as http:
            yield http, tap


async def send(http: httpx.AsyncClient, desk: Desk, asked: Asked, names: dict[str, str]) -> None:
    path = asked.path.format(**names) if "{" in asked.path else asked.path
    keys = asked.keys(desk) if asked.keys else signed(desk, asked.provider, path)
    body, kind = asked.body()
    headers = {**keys, **kind, **asked.headers}
    more: dict[str, Any] = {"json": asked.json} if asked.json is not None else {"content": body}
    await http.request(asked.method, f"/{asked.provider}{path}", headers=headers, **more)


@pytest.mark.parametrize("service", [*PROVIDERS, SIGN_IN])
async def test_what_is_refused_is_refused_as_documented(desk: Desk, service: str) -> None:
    checker(service)  # or a skip, before anything is sent
    desk.rest()
    desk.simulator.play("rate-limits", "off")
    wanted = [one for one in ASKED if one.provider == service]
    async with asking(desk) as (http, tap):
        names = await places(http, desk, service)
        tap.calls.clear()
        for asked in wanted:
            await send(http, desk, asked, names)
    told = [(str(call), call.status) for call in tap.calls]
    assert told == [
        (str(call), asked.status) for call, asked in zip(tap.calls, wanted, strict=True)
    ]
    assert answer_faults(tap.calls) == []
    # Kinder than the vendor's document is a defect too, but where a sheet says so.
    taken = [
        (call, asked) for call, asked in zip(tap.calls, wanted, strict=True) if asked.status < 400
    ]
    assert [
        call for call, asked in taken if bool(request_faults([call])) != bool(asked.beyond)
    ] == []


@pytest.mark.parametrize(
    ("provider", "knob", "path"),
    [
        (TWILIO, "twilio-retry-after", "/v1/Services"),
        (SEEIT, "goto-retry-after", "/sessions"),
        (GOTO, "goto-retry-after", "/systemLinks?systemDomain=x"),
        (CONTROL, "control-retry-after", "/rest/session/history"),
    ],
)
async def test_one_request_too_many_is_answered_as_documented(
    desk: Desk, provider: str, knob: str, path: str
) -> None:
    checker(provider)  # or a skip, before anything is sent
    desk.rest()
    later = {}
    async with asking(desk) as (http, tap):
        keys = signed(desk, provider, path)
        for _ in range(200):
            answer = await http.get(f"/{provider}{path}", headers=keys)
            if answer.status_code == 429:
                break
        tap.calls.clear()
        for how in ("none", "seconds", "date"):  # time stands still: it is too many still
            desk.simulator.play(knob, how)
            await http.get(f"/{provider}{path}", headers=keys)
            later[how] = tap.calls[-1].answer_header("retry-after")
    assert [call.status for call in tap.calls] == [429] * 3
    assert answer_faults(tap.calls) == []
    assert later["none"] is None
    assert later["seconds"] is not None
    assert 0 < int(later["seconds"]) < 60
    assert later["date"] is not None
    assert timedelta(0) < parsedate_to_datetime(later["date"]) - NOON < timedelta(seconds=60)


@pytest.mark.parametrize("service", [*PROVIDERS, SIGN_IN])
async def test_everything_that_the_simulator_serves_was_asked_for(desk: Desk, service: str) -> None:
    desk.rest()
    desk.simulator.play("rate-limits", "off")
    whose = GOTO if service == SIGN_IN else service
    async with Tap(desk.simulator.port) as tap, client(desk, tap, whose, brief=True) as at:
        for calls in calls_of(whose):
            await calls(at)
        calls_of_clients: list[Call] = list(tap.calls)
    async with asking(desk) as (http, tap):
        names = await places(http, desk, service)
        for asked in ASKED:
            if asked.provider == service:
                await send(http, desk, asked, names)
    good = [call for call in (*calls_of_clients, *tap.calls) if call.status < 400]
    missing = [
        f"{method} {route.path}"
        for route in server(desk, service).routes()
        for method in handled(route)
        if not route.path.startswith(_DEAD)
        and not any(
            call.method == method and re.match(route.path_regex, call.path[len(service) + 1 :])
            for call in good
        )
    ]
    assert missing == []


def handled(route: Any) -> list[str]:
    """The methods that a route of the simulator knows."""
    return [*route.endpoint._handlers]
