"""Every sample of `genuine`, asked for through its provider over a real socket: exactly what becomes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from tests.providers import samples, seeit_samples, take_control_samples, trinsic_samples
from tests.providers.genuine import GENUINE, RESULT_VP
from tests.providers.genuine_sessions import (
    CONTROL,
    EIGHT,
    GOTO,
    NAMELESS,
    SEEIT,
    TRINSIC,
    TWILIO,
    TWILIO_WHOLE,
    at,
    clean,
    steps,
)
from tests.providers.making import goto, twilio
from tests.providers.samples import SERVICE, TWILIO_EMPTY, TWILIO_SESSION
from tests.providers.vendor import Answer, Vendor
from tui.model.problem import Busy, KeysRejected, NotFound, Refused
from tui.model.secret import Secret
from tui.model.transcript import EntryKind, Role, Transcript
from tui.providers.base import Ask, Created
from tui.providers.trinsic_rows import VERIFY_PAGE
from tui.providers.twilio_proxy import TwilioProxy

pytestmark = pytest.mark.anyio

Look = Callable[[Any], Awaitable[object]]
SESSIONS = f"/Services/{SERVICE}/Sessions"
ONE = f"{SESSIONS}/{samples.SESSION}"


# --- how each is asked for -------------------------------------------------------------------------------------


async def outcome(asking: Awaitable[Any]) -> object:
    """What came of it, or the refusal."""
    try:
        return await asking
    except Refused as problem:
        return type(problem), problem.message, problem.status, problem.code


async def listed(provider: Any) -> object:
    """Whether a page follows, and each row wholly read."""
    page = await provider.page(Ask())
    found = [provider.decode(row, full=True) for row in page.rows]
    assert [one.drift for one in found] == [()] * len(found)
    return page.next, [one.session for one in found]


async def of_twilio(payload: Any, what: str, status: int) -> object:
    async with Vendor("/v1") as vendor:
        vendor.paths[SESSIONS] = Answer(body=payload)
        vendor.paths[ONE] = Answer(status, payload if what == "row" else TWILIO_SESSION)
        for key in ("participants", "interactions"):
            meta = {**TWILIO_EMPTY["meta"], "key": key}
            rows = [payload] if what == key else []
            vendor.paths[f"{ONE}/{key.title()}"] = Answer(body={key: rows, "meta": meta})
        proxy = twilio(vendor)
        try:
            return await outcome(_twilio(proxy, what))
        finally:
            await proxy.aclose()


async def _twilio(proxy: TwilioProxy, what: str) -> object:
    if what == "list":
        return await listed(proxy)
    decoded = proxy.decode(await proxy.row(samples.SESSION), full=what == "row")
    assert decoded.drift == ()
    assert decoded.session is not None
    if what == "participants":
        return await proxy.people(decoded.session)
    if what == "interactions":
        return said(await proxy.transcript(decoded.session))
    return decoded.session


def by_twilio(what: str, status: int = 200) -> Look:
    return lambda payload: of_twilio(payload, what, status)


async def of_trinsic(payload: Any, what: str, status: int) -> object:
    async with Vendor("") as vendor:
        for path in ("", "/list", "/get"):
            vendor.paths[f"/v1/sessions{path}"] = Answer(status, payload)
        connect = trinsic_samples.trinsic(vendor)
        try:
            if what == "create":
                return told(await connect.create({}))
            if what == "list":
                return await outcome(listed(connect))
            decoded = connect.decode(await connect.row(trinsic_samples.URN), full=True)
            assert "SMITH" not in repr(decoded)
            assert decoded.session is not None
            return dict(decoded.session.fields)
        finally:
            await connect.aclose()


def by_trinsic(what: str, status: int = 200) -> Look:
    return lambda payload: of_trinsic(payload, what, status)


async def of_seeit(payload: Any) -> object:
    async with Vendor(seeit_samples.BASE) as vendor:
        vendor.paths["/sessions"] = Answer(body=payload)
        seeit = seeit_samples.seeit(vendor)
        try:
            return await listed(seeit)
        finally:
            await seeit.aclose()


async def of_goto(payload: Any, what: str, status: int) -> object:
    async with Vendor("/G2A/rest/v1") as vendor:
        vendor.paths["/sessions"] = Answer(status, payload)
        vendor.paths["/sessions/SS-87555/events"] = Answer(status, payload)
        support = goto(vendor)
        try:
            if what == "create":
                return told(await support.create({}))
            if what == "list":
                return await outcome(listed(support))
            session = support.decode(samples.row(samples.GOTO_SESSION)).session
            assert session is not None
            return said(await support.transcript(session))
        finally:
            await support.aclose()


def by_goto(what: str, status: int = 200) -> Look:
    return lambda payload: of_goto(payload, what, status)


async def of_control(payload: Any, what: str, status: int) -> object:
    async with Vendor(take_control_samples.BASE) as vendor:
        vendor.paths["/session"] = Answer(status, payload)
        vendor.paths["/session/history"] = Answer(status, payload)
        desk = take_control_samples.control(vendor)
        try:
            if what == "list":
                return await listed(desk)
            made = await outcome(desk.create({}))
            return told(made) if isinstance(made, Created) else made
        finally:
            await desk.aclose()


def by_control(what: str, status: int = 200) -> Look:
    return lambda payload: of_control(payload, what, status)


def said(transcript: Transcript) -> object:
    """The notes and entries, each as its time, author, role, kind and text."""
    entries = [(e.at, e.author, e.role, e.kind, e.text) for e in transcript.entries]
    return transcript.spoken, transcript.complete, transcript.note, entries


def told(created: Created) -> object:
    """What names the session, and what is told of it."""
    return created.ref, [(str(one.label), one.text, one.copies) for one in created.told]


# --- what becomes of it ----------------------------------------------------------------------------------------

_SYSTEM = (clean(""), Role.SYSTEM, EntryKind.STATE)
_BECOMES: dict[str, tuple[Look, object]] = {
    "twilio session": (by_twilio("row"), TWILIO_WHOLE),
    "twilio empty list": (by_twilio("list"), (None, [])),
    "twilio participant": (
        by_twilio("participants"),
        msgspec.structs.replace(
            TWILIO, customer=clean("friendly_name"), customer_phone=clean("+14155551212")
        ),
    ),
    "twilio interaction": (
        by_twilio("interactions"),
        (
            True,
            True,
            None,
            [
                # Nobody is known by the sids of the sample.
                (EIGHT, *_SYSTEM, "session created"),
                (EIGHT, *_SYSTEM, "session started"),
                (EIGHT, "someone", Role.CUSTOMER, EntryKind.MESSAGE, "some message"),
                (EIGHT, *_SYSTEM, "session waiting"),
            ],
        ),
    ),
    "twilio 404": (
        by_twilio("row", 404),
        (
            NotFound,
            "fetching the session: 127.0.0.1 knows no such thing "
            "(404 20404: The requested resource /Services/KS71 was not found)",
            404,
            "20404",
        ),
    ),
    "twilio 401": (
        by_twilio("row", 401),
        (
            KeysRejected,
            "fetching the session: the keys were not accepted "
            "(401 20003: Authenticate (check account_sid or api_key_sid, and auth_token))",
            401,
            "20003",
        ),
    ),
    "twilio 429": (
        by_twilio("row", 429),
        (
            Busy,
            "fetching the session: too many requests (429 20429: Too Many Requests); "
            "try again later",
            429,
            "20429",
        ),
    ),
    "trinsic create": (
        by_trinsic("create"),
        (
            trinsic_samples.URN,
            [
                ("verify link", Secret(VERIFY_PAGE + "%E2%80%A6"), True),
                ("session", trinsic_samples.URN, True),
                ("expires", "the vendor does not say when", False),
            ],
        ),
    ),
    "trinsic list": (by_trinsic("list"), (None, [TRINSIC])),
    "trinsic result": (
        by_trinsic("row"),
        {
            "clientToken": Secret("…"),
            "failCode": "SessionFailNone",
            "resultVp": Secret(RESULT_VP),
            "verifications": steps("VerificationSuccess"),
        },
    ),
    "trinsic 400": (
        by_trinsic("list", 400),
        (Refused, "listing the sessions: 127.0.0.1 said no (400: PageSize: …)", 400, None),
    ),
    "trinsic 401": (
        by_trinsic("list", 401),
        (
            KeysRejected,
            "listing the sessions: the keys were not accepted (401: check api_key)",
            401,
            None,
        ),
    ),
    "seeit page": (of_seeit, (None, [SEEIT])),
    "goto list": (by_goto("list"), (None, [GOTO])),
    "goto events": (
        by_goto("events"),
        (
            True,
            True,
            None,
            [
                (
                    at(2018, 5, 1, 9, 0, 5),
                    "Jane Doe",
                    Role.CUSTOMER,
                    EntryKind.MESSAGE,
                    "My printer is offline",
                ),
                (
                    at(2018, 5, 1, 9, 6, 10),
                    "John Doe",
                    Role.SYSTEM,
                    EntryKind.STATE,
                    "John Doe has ended the session",
                ),
                (
                    at(2021, 4, 30, 6, 5),
                    *_SYSTEM,
                    "the session was recorded: its link is in the detail",
                ),
            ],
        ),
    ),
    "goto create": (
        by_goto("create"),
        (
            "e0-EXAMPLE",
            [
                (
                    "technician's launch link",
                    "https://launch.getgo.com/launch.html?token=e0-EXAMPLE",
                    True,
                ),
                ("customer's join link", "comes once the launch link was opened", False),
            ],
        ),
    ),
    "goto invalid token": (
        by_goto("list", 403),
        (
            KeysRejected,
            "listing the sessions: the access token is wrong or has expired; "
            "it lasts 60 minutes (403 InvalidToken: Invalid token passed)",
            403,
            "InvalidToken",
        ),
    ),
    "control create": (
        by_control("create"),
        (
            None,
            [
                ("session", NAMELESS, False),
                ("requests waiting", "22", False),
                ("estimated wait", "about 1 min (the vendor's estimate)", False),
            ],
        ),
    ),
    "control history": (by_control("list"), (None, [CONTROL])),
    "control history as an object": (by_control("list"), (None, [CONTROL])),
    "control error": (
        by_control("create", 400),
        (
            Refused,
            "creating the session: 127.0.0.1 said no (400: Missing required field: customer_email)",
            400,
            None,
        ),
    ),
    "control success with nulls": (by_control("create"), (None, [("session", NAMELESS, False)])),
    "control success with null": (by_control("create"), (None, [("session", NAMELESS, False)])),
}


def test_every_sample_has_its_outcome_and_its_source() -> None:
    assert set(_BECOMES) == set(GENUINE)
    assert all(sample.source.startswith("sheet ") for sample in GENUINE.values())


@pytest.mark.parametrize("name", GENUINE)
async def test_what_becomes_of_a_sample(name: str) -> None:
    look, expected = _BECOMES[name]
    assert await look(GENUINE[name].payload) == expected


async def test_an_error_in_a_good_answer_is_one_all_the_same() -> None:
    # Whether an ERROR can come with 200 is not confirmed (sheet take-control 4.7).
    look, expected = by_control("create", 200), _BECOMES["control error"][1]
    assert await look(GENUINE["control error"].payload) == expected
