"""Writing at Twilio Proxy over a real socket: what each refusal becomes, and that nothing is sent twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.providers.samples import SESSION, TWILIO_AUTHENTICATE, TWILIO_TOO_MANY, row
from tests.providers.twilio_writing import (
    CLOSED,
    FULL,
    ONE,
    OPEN,
    SESSIONS,
    connected,
    method,
    service,
)
from tests.providers.vendor import Answer, Seen, Vendor
from tui.model.form import Values
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NoAnswer,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    Unreachable,
    UsageProblem,
)
from tui.model.text import Opaque
from tui.providers.twilio_proxy import TwilioProxy

pytestmark = pytest.mark.anyio


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with service() as made:
        yield made


@pytest.fixture
async def proxy(vendor: Vendor) -> AsyncIterator[TwilioProxy]:
    made = connected(vendor)
    yield made
    await made.aclose()


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [80607, 80608])
@pytest.mark.parametrize(
    ("action", "state"), [("close", "closed"), ("reopen", "in-progress"), ("reopen", "open")]
)
async def test_already_so_is_success(
    vendor: Vendor, proxy: TwilioProxy, code: int, action: str, state: str
) -> None:
    now = {**OPEN, "status": state}
    refusal = Answer(400, {"code": code, "message": "Session Status Invalid", "status": 400})
    vendor.paths[ONE] = method({"POST": refusal, "GET": Answer(200, now)})
    assert await proxy.act(SESSION, action, {}) == row(now)
    assert [seen.method for seen in vendor.seen] == ["POST", "GET"]


@pytest.mark.parametrize("read", [Answer(200, OPEN), Answer(503, b""), Answer(200, {})])
async def test_a_refused_close_of_an_open_session_stays_refused(
    vendor: Vendor, proxy: TwilioProxy, read: Answer
) -> None:
    refusal = Answer(400, {"code": 80608, "message": "Session Status Invalid"})
    vendor.paths[ONE] = method({"POST": refusal, "GET": read})
    with pytest.raises(Refused, match="not in a state that allows it") as caught:
        await proxy.act(SESSION, "close", {})
    assert caught.value.code == "80608"


async def test_only_a_change_of_status_can_be_so_already(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    refusal = Answer(400, {"code": 80607, "message": "Session is closed and cannot be updated"})
    vendor.paths[ONE] = method({"POST": refusal, "GET": Answer(200, CLOSED)})
    for action, values in (("extend", {"by": 60}), ("set-ttl", {"ttl": 60})):
        with pytest.raises(Refused, match="can only be reopened"):
            await proxy.act(SESSION, action, values)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, {"code": 20404, "message": "not found", "status": 404}),
        Answer(404, b""),
        Answer(400, {"code": 80307, "message": "record not found"}),
        Answer(200, b""),
    ],
)
async def test_deleting_what_is_gone_is_success(
    vendor: Vendor, proxy: TwilioProxy, answer: Answer
) -> None:
    vendor.paths[ONE] = answer
    assert await proxy.act(SESSION, "delete", {}) is None


async def test_a_page_for_people_does_not_say_that_a_session_is_gone(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[ONE] = Answer(404, b"<html><title>nginx</title></html>")
    with pytest.raises(NotFound, match="nginx"):
        await proxy.act(SESSION, "delete", {})


async def test_closing_what_is_gone_is_not_success(vendor: Vendor, proxy: TwilioProxy) -> None:
    vendor.paths[ONE] = Answer(404, {"code": 20404, "message": "was not found"})
    with pytest.raises(NotFound, match="still there"):
        await proxy.act(SESSION, "close", {})


REFUSALS: list[tuple[int, int, type[Problem], str]] = [
    (401, 20003, KeysRejected, "check account_sid"),
    (403, 20403, KeysRejected, "may not do this"),
    (404, 20404, NotFound, "check service_sid"),
    (405, 20004, Refused, "405 20004"),
    (409, 20409, Refused, "409 20409"),
    (400, 20001, Refused, "400 20001"),
    (400, 20162, Refused, "400 20162"),
    (400, 20422, Refused, "400 20422"),
    (400, 80408, Refused, "check service_sid"),
    (400, 80409, Refused, "400 80409"),
    (400, 80402, Refused, "400 80402"),
    (400, 80404, Refused, "400 80404"),
    (400, 80603, Refused, "there already"),
    (400, 80604, Refused, "same number"),
    (400, 80607, Refused, "only be reopened"),
    (400, 80608, Refused, "state that allows"),
    (400, 80609, Refused, "at most two"),
    (400, 80612, Refused, "cannot be added again"),
    (400, 80701, Refused, "400 80701"),
    (400, 80615, Refused, "legal hold"),
    (409, 80623, Refused, "two requests met"),
    (400, 80101, Refused, "another service"),
    (400, 80103, Refused, "already"),
    *((400, code, Refused, "no proxy number left") for code in (80201, 80203, 80206, 80207, 80208)),
    (404, 80307, NotFound, "80307"),
    (400, 80308, NotFound, "80308"),
    (403, 80506, KeysRejected, "opens no new Proxy accounts"),
    (429, 20429, Busy, "20429"),
    (400, 80621, Busy, "80621"),
    (500, 20500, Busy, "20500"),
    (503, 20503, Busy, "20503"),
    (400, 80501, Busy, "80501"),
]


@pytest.mark.parametrize(("status", "code", "kind", "words"), REFUSALS)
async def test_every_refusal_of_a_create(
    vendor: Vendor, proxy: TwilioProxy, status: int, code: int, kind: type[Problem], words: str
) -> None:
    vendor.paths[SESSIONS] = Answer(status, {"code": code, "message": "Told so", "status": status})
    with pytest.raises(kind) as caught:
        await proxy.create(FULL)
    assert type(caught.value) is kind
    assert isinstance(caught.value, Refused)
    assert (caught.value.status, caught.value.code) == (status, str(code))
    assert "creating the session" in caught.value.message
    assert words in caught.value.message
    assert len(vendor.seen) == 1


# --- sent once --------------------------------------------------------------------------------------------------

WRITES = [("create", {}), ("close", {}), ("reopen", {}), ("set-ttl", {"ttl": 9}), ("delete", {})]


async def write(proxy: TwilioProxy, what: str, values: Values) -> None:
    if what == "create":
        await proxy.create(values)
    else:
        await proxy.act(SESSION, what, values)


@pytest.mark.parametrize(("what", "values"), WRITES)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(429, TWILIO_TOO_MANY, (("Retry-After", "1"),)), Busy),
        (Answer(500, b""), Busy),
        (Answer(307, b"", (("Location", "/v1/elsewhere"),)), BadAnswer),
    ],
)
async def test_what_is_unclear_is_told_and_never_sent_again(
    vendor: Vendor,
    proxy: TwilioProxy,
    what: str,
    values: Values,
    answer: Answer,
    kind: type[Problem],
) -> None:
    vendor.paths[SESSIONS] = vendor.paths[ONE] = answer
    with pytest.raises(kind):
        await write(proxy, what, values)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(("what", "values"), WRITES[:-1])
@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"sid":', b"[]"])
async def test_an_answer_that_is_no_row_is_a_bad_answer(
    vendor: Vendor, proxy: TwilioProxy, what: str, values: Values, body: bytes
) -> None:
    vendor.paths[SESSIONS] = vendor.paths[ONE] = Answer(200, body)
    with pytest.raises(BadAnswer):
        await write(proxy, what, values)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(("what", "values"), WRITES)
async def test_a_lost_answer_stays_unknown(
    vendor: Vendor, proxy: TwilioProxy, what: str, values: Values
) -> None:
    def hang_up(seen: Seen) -> Answer:
        raise ConnectionError("the line is cut")

    vendor.paths[SESSIONS] = vendor.paths[ONE] = hang_up
    with pytest.raises(NoAnswer):
        await write(proxy, what, values)
    assert len(vendor.seen) == 1


async def test_an_unreachable_vendor_was_sent_nothing() -> None:
    async with Vendor("/v1") as gone:
        base = gone
    proxy = connected(base)
    with pytest.raises(Unreachable):
        await proxy.create({})
    await proxy.aclose()


# --- what is not sent --------------------------------------------------------------------------------------------


async def test_a_read_only_profile_sends_no_write(vendor: Vendor) -> None:
    proxy = connected(vendor, read_only=True)
    for what, values in [*WRITES, ("extend", {"by": 60})]:
        with pytest.raises(ReadOnly):
            await write(proxy, what, values)
    await proxy.aclose()
    assert vendor.seen == []


async def test_what_is_not_declared_or_not_said_is_not_sent(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    with pytest.raises(UsageProblem, match="did you mean close"):
        await proxy.act(SESSION, "closed", {})
    for action in ("extend", "set-ttl"):
        with pytest.raises(UsageProblem, match="is needed"):
            await proxy.act(SESSION, action, {})
    assert [seen for seen in vendor.seen if seen.method != "GET"] == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200, {}), Unreachable),
        (Answer(200, b"<html></html>"), Unreachable),
        (Answer(503, b""), Unreachable),
        (Answer(429, TWILIO_TOO_MANY), Unreachable),
        (None, Unreachable),
        (Answer(404, b""), NotFound),
        (Answer(401, TWILIO_AUTHENTICATE), KeysRejected),
    ],
)
async def test_what_fails_before_the_write_is_never_a_lost_write(
    vendor: Vendor, proxy: TwilioProxy, answer: Answer | None, kind: type[Problem]
) -> None:
    def hang_up(seen: Seen) -> Answer:
        raise ConnectionError("the line is cut")

    vendor.paths[ONE] = vendor.paths[f"{SESSIONS}/by name"] = answer or hang_up
    for ref, action in (
        (SESSION, "extend"),
        (Opaque("by name"), "close"),
        (Opaque("by name"), "delete"),
    ):
        with pytest.raises(kind) as caught:
            await proxy.act(ref, action, {"by": 60})
        assert type(caught.value) is kind
    assert {seen.method for seen in vendor.seen} == {"GET"}
