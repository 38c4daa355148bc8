"""Every declared operation of every provider, as it travels, against the vendor's document, and how it is answered.

See `contracts` for which documents are the vendors' own and which only prove consistency.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.contract.calls import CALLS, OPERATIONS
from tests.contract.checker import answer_faults, checker, request_faults
from tests.contract.clients import client
from tests.contract.contracts import BY_SERVICE
from tests.contract.sign_in_calls import GRANTS, SIGN_IN
from tests.contract.tap import Call, Tap
from tests.providers.bad_input import TWILIO, Desk
from tui.model.operation import Operation
from tui.providers.registry import SPECS


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk(sessions=400)
    with made.simulator:
        made.simulator.play("rate-limits", "off")
        yield made


def is_one(call: Call, service: str, operation: Operation) -> bool:
    """Whether a call is of that operation, by method and path."""
    path = re.sub(r"\{\w+\}", "[^/]+", operation.path)
    pattern = f"/{service}{BY_SERVICE[service].base}{path}"
    if call.method != operation.method or re.fullmatch(pattern, call.path) is None:
        return False
    return service != SIGN_IN or dict(call.form)["grant_type"] == GRANTS[operation.name]


def test_no_operation_is_without_its_calls() -> None:
    assert {(service, one.name) for service, one, _ in OPERATIONS} == set(CALLS)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("service", "operation", "provider"),
    [pytest.param(*one, id=f"{one[2]}: {one[1].name}") for one in OPERATIONS],
)
async def test_an_operation_is_sent_and_answered_as_documented(
    desk: Desk, service: str, operation: Operation, provider: str
) -> None:
    checker(service)  # or a skip, before anything is sent
    # The good profile lists everything; this operation is how it lists without.
    changes = {"extended_sessions": False} if operation.path == "/sessions" else {}
    async with Tap(desk.simulator.port) as tap, client(desk, tap, provider, **changes) as at:
        await CALLS[service, operation.name](at)
    assert [call for call in tap.calls if is_one(call, service, operation) and call.status < 300]
    assert request_faults(tap.calls) == []
    assert answer_faults(tap.calls) == []


def test_every_documented_grant_has_its_operation() -> None:
    token = checker(SIGN_IN).document["paths"]["/oauth/token"]["post"]["requestBody"]["content"]
    forms = token["application/x-www-form-urlencoded"]["schema"]["oneOf"]
    documented = {one["properties"]["grant_type"]["const"] for one in forms}
    assert documented == set(GRANTS.values())


@pytest.mark.anyio
async def test_what_the_application_sent_was_among_what_is_checked(desk: Desk) -> None:
    checker(TWILIO)
    async with Tap(desk.simulator.port) as tap, client(desk, tap, TWILIO) as at:
        await CALLS[TWILIO, "list message interactions"](at)
    told = [call for call in tap.calls if call.path.endswith("/MessageInteractions")]
    assert {bool(json.loads(call.answer)["interactions"]) for call in told} == {True, False}


@pytest.mark.anyio
async def test_a_next_page_is_asked_for_as_the_vendor_said(desk: Desk) -> None:
    checker(TWILIO)
    async with Tap(desk.simulator.port) as tap, client(desk, tap, TWILIO) as at:
        await CALLS[TWILIO, "list sessions"](at)
    tokens = [call for call in tap.calls if "PageToken" in dict(call.query)]
    assert tokens
    assert request_faults(tokens) == []


@pytest.mark.parametrize("provider", [spec.id for spec in SPECS.values() if spec.default_base_url])
def test_the_base_url_is_the_documents(provider: str) -> None:
    contract = BY_SERVICE[provider]
    assert SPECS[provider].default_base_url == contract.origin + contract.base
    server = checker(provider).document["servers"][0]["url"]
    assert server in (contract.origin, contract.origin + contract.base)
