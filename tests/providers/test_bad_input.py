"""Bad input at every provider, as one table: what is done, and the problem that must come of it.

Where a case cannot occur at a vendor the table says why, and the test is skipped with that reason. Bad rows
are in `test_bad_input_rows`, cases of many pages in `test_bad_input_pages`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.providers.bad_input import (
    CONTROL,
    GOTO,
    PROVIDERS,
    SEEIT,
    TRINSIC,
    TWILIO,
    Desk,
    answering,
    assert_one_clean_sentence,
    connected,
    profile,
)
from tests.providers.vendor import NOON, Answer, Reaction, Seen
from tui.model.problem import BadAnswer, Busy, KeysRejected, NotFound, Problem, Refused
from tui.model.profile import Profile
from tui.model.session import Session
from tui.model.text import Opaque
from tui.providers.base import Ask, Provider, Verdict

pytestmark = pytest.mark.anyio

WRONG = "sesame-that-nobody-gave-out"
Keys = Callable[[Any], Mapping[str, str]]


@dataclass(frozen=True)
class Bad:
    """What is done: keys changed (given the simulated vendor), knobs turned, or an answer that the simulator cannot
    give; and the problem that it must be. With `ref` one session is asked for instead of the listing."""

    problem: type[Problem]
    status: int | None = None
    keys: Keys | None = None
    plays: tuple[tuple[str, str], ...] = ()
    answer: Reaction | None = None
    ref: str = ""
    retry_after: float | None = None
    # How many questions may be answered before: limits are reached by asking.
    before: int = 0


@dataclass(frozen=True)
class Never:
    """Why that cannot happen at that vendor."""

    why: str


Row = Bad | Never


def rejected(status: int, keys: Keys, *plays: tuple[str, str]) -> Bad:
    return Bad(KeysRejected, status, keys, plays)


def everywhere(bad: Bad) -> dict[str, Row]:
    return dict.fromkeys(PROVIDERS, bad)


def faulty(kind: str, problem: type[Problem], status: int | None = None, **more: Any) -> Bad:
    return Bad(problem, status, plays=(("fault", f"*:{kind}"),), **more)


def busy(provider: str, how: str, seconds: float | None) -> Bad:
    """One request too many. `how`: Retry-After none, in seconds, or as a date."""
    limits = {
        TWILIO: ("twilio-retry-after", 5.0, 150),
        GOTO: ("goto-retry-after", 1.0, 10),
        SEEIT: ("goto-retry-after", 1.0, 10),
        CONTROL: ("control-retry-after", 3.0, 0),
    }
    if provider in limits:
        knob, wait, before = limits[provider]
        throttle = (("control-throttle", "on"),) if provider == CONTROL else ()
        wanted = wait if seconds is not None else None
        return Bad(Busy, 429, plays=((knob, how), *throttle), retry_after=wanted, before=before)
    later = format_datetime(NOON + timedelta(seconds=seconds or 0.0), usegmt=True)
    value = later if how == "date" else f"{seconds or 0:.0f}"
    headers = () if seconds is None else (("Retry-After", value),)
    # No limit is documented (sheet trinsic 2.3): a gateway's answer, which the simulator does not give.
    return Bad(Busy, 429, answer=Answer(429, b"", headers), retry_after=seconds)


def quoting(seen: Seen) -> Answer:
    """A refusal that quotes the credential, in the words of every vendor at once."""
    credential = seen.headers.get("authorization") or seen.headers.get("integration-key", "")
    words = f"no such key: {credential} ({credential.rpartition(' ')[2]})"
    details = {"errorCode": 401, "errorMsg": words}
    body = {"message": words, "msg": words, "result": "ERROR", "errorDetails": details}
    return Answer(401, body)


LIFETIME = "a Twilio token has no lifetime: one that was rotated away is a wrong key"
ONE_KIND = "Trinsic Connect has one kind of key"

TABLE: dict[str, dict[str, Row]] = {
    "wrong key": {
        TWILIO: rejected(401, lambda _: {"auth_token": WRONG}),
        TRINSIC: rejected(401, lambda _: {"api_key": WRONG}),
        SEEIT: rejected(403, lambda _: {"access_token": WRONG}),
        GOTO: rejected(403, lambda _: {"access_token": WRONG}),
        CONTROL: rejected(403, lambda _: {"private_key": WRONG}),
    },
    "wrong key, told in another form": {
        TWILIO: rejected(401, lambda _: {"auth_token": WRONG}, ("twilio-errors", "html")),
        TRINSIC: Never("a 401 has one documented form (sheet trinsic 2.2)"),
        SEEIT: rejected(403, lambda _: {"access_token": WRONG}, ("seeit-errors", "html")),
        GOTO: rejected(401, lambda _: {"access_token": WRONG}, ("goto-auth-error", "401")),
        CONTROL: rejected(403, lambda _: {"private_key": WRONG}, ("control-error-status", "200")),
    },
    "wrong key, quoted back": everywhere(Bad(KeysRejected, 401, answer=quoting)),
    "key of the wrong kind": {
        TWILIO: rejected(401, lambda vendor: {"auth_token": vendor.account.secret}),
        TRINSIC: Never(ONE_KIND),
        SEEIT: rejected(401, lambda vendor: {"access_token": vendor.seatless_token}),
        GOTO: rejected(401, lambda vendor: {"access_token": vendor.seatless_token}),
        CONTROL: rejected(403, lambda vendor: {"private_key": vendor.public_key}),
    },
    "expired token": {
        TWILIO: Never(LIFETIME),
        TRINSIC: rejected(401, lambda vendor: {"api_key": vendor.revoked_key}),
        SEEIT: rejected(403, lambda vendor: {"access_token": vendor.expired_token}),
        GOTO: rejected(403, lambda vendor: {"access_token": vendor.expired_token}),
        CONTROL: rejected(403, lambda vendor: {"private_key": vendor.expired_key}),
    },
    "missing permission": {
        TWILIO: Bad(KeysRejected, 403, answer=Answer(403, {"code": 20403, "message": "Forbidden"})),
        TRINSIC: rejected(403, lambda vendor: {"api_key": vendor.roleless_key}),
        SEEIT: rejected(403, lambda vendor: {"access_token": vendor.roleless_token}),
        GOTO: rejected(403, lambda vendor: {"access_token": vendor.roleless_token}),
        CONTROL: Bad(
            KeysRejected,
            403,
            answer=Answer(
                403, {"result": "ERROR", "errorDetails": {"errorCode": 403, "errorMsg": "No right"}}
            ),
        ),
    },
    "unknown id": {
        TWILIO: Bad(NotFound, 404, ref="KC" + "0" * 32),
        TRINSIC: Bad(NotFound, 400, ref="urn:trinsic:idvsession:none"),
        SEEIT: Bad(NotFound, 404, ref="3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10"),
        GOTO: Bad(NotFound, 404, ref="SS-0"),
        CONTROL: Bad(NotFound, 404, ref="999999999"),
    },
    "unknown id, told in another form": {
        TWILIO: Bad(NotFound, 404, ref="KC" + "0" * 32, plays=(("twilio-errors", "rfc9457"),)),
        TRINSIC: Bad(
            NotFound,
            404,
            ref="urn:trinsic:idvsession:none",
            plays=(("trinsic-unknown-id", "404"),),
        ),
        SEEIT: Bad(
            NotFound,
            404,
            ref="3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10",
            plays=(("seeit-errors", "empty"),),
        ),
        GOTO: Bad(NotFound, 404, ref="../sessions/\u202e\x1b[2J"),
        CONTROL: Bad(NotFound, 404, ref="~0123456789abcdef"),
    },
    "429 without Retry-After": {name: busy(name, "none", None) for name in PROVIDERS},
    "429, seconds to wait": {name: busy(name, "seconds", 30.0) for name in PROVIDERS},
    "429, a date to wait for": {name: busy(name, "date", 30.0) for name in PROVIDERS},
    "500": everywhere(faulty("status-500", Busy, 500)),
    "502, a gateway's page": everywhere(faulty("html-502", Busy, 502)),
    "503, seconds to wait": everywhere(faulty("status-503", Busy, 503, retry_after=30.0)),
    "503, a date to wait for": everywhere(faulty("status-503-date", Busy, 503, retry_after=30.0)),
    "HTML instead of JSON": everywhere(faulty("captive", BadAnswer)),
    "truncated JSON": everywhere(faulty("cut-json", BadAnswer)),
    "200 and nothing": everywhere(faulty("empty-200", BadAnswer)),
    "204": everywhere(faulty("status-204", BadAnswer)),
    "JSON nested without end": everywhere(faulty("deep-json", BadAnswer)),
    "JSON of another kind": everywhere(Bad(BadAnswer, answer=Answer(200, b'"fine"'))),
    "an object with no list": everywhere(Bad(BadAnswer, answer=Answer(200, {"status": "ok"}))),
    "hostile words in a refusal": everywhere(
        Bad(
            Refused,
            418,
            answer=Answer(
                418,
                {
                    "message": "\x1b]0;owned\x07[red]\u202e" * 200,
                    "msg": "\x1b[2J" * 200,
                    "result": "ERROR",
                    "errorDetails": {"errorCode": 418, "errorMsg": "\x9b31m\x00\n" * 200},
                },
            ),
        )
    ),
}
ROWS = [
    pytest.param(provider, row, id=f"{case}-{provider}")
    for case, rows in TABLE.items()
    for provider, row in rows.items()
]


@pytest.fixture(scope="module")
def building() -> Iterator[Desk]:
    made = Desk()
    with made.simulator:
        yield made


@pytest.fixture
def desk(building: Desk) -> Desk:
    building.rest()
    return building


def test_the_table_speaks_of_every_provider() -> None:
    assert {case for case, rows in TABLE.items() if set(rows) != set(PROVIDERS)} == set()


async def asked(provider: Provider, bad: Bad) -> None:
    if bad.ref:
        await provider.row(Opaque(bad.ref))
    else:
        await provider.page(Ask())


async def some_session(desk: Desk, name: str) -> Session:
    """One that the vendor really has, read while nothing was wrong."""
    async with connected(profile(name, desk.told(name))) as provider:
        page = await provider.page(Ask())
        return next(s for row in page.rows if (s := provider.decode(row).session) is not None)


@pytest.mark.parametrize(("name", "row"), ROWS)
async def test_bad_input_is_the_documented_problem(desk: Desk, name: str, row: Row) -> None:
    if isinstance(row, Never):
        pytest.skip(row.why)
    known = await some_session(desk, name)
    desk.rest()
    for play in row.plays:
        desk.simulator.play(*play)
    keys = desk.told(name) | dict(row.keys(desk.simulator.vendors[name]) if row.keys else {})
    if row.answer is None:
        await check_row(name, row, keys, known)
        return
    async with answering(name, row.answer) as base_url:
        await check_row(name, row, {**keys, "base_url": base_url}, known)


async def check_row(name: str, bad: Bad, keys: Mapping[str, Any], known: Session) -> None:
    made = profile(name, keys)
    async with connected(made) as provider:
        for _ in range(bad.before):
            await asked(provider, bad)
        with pytest.raises(Problem) as caught:
            await asked(provider, bad)
        problem = caught.value
        assert type(problem) is bad.problem
        assert_one_clean_sentence(problem, made)
        if isinstance(problem, Refused):
            assert problem.status == bad.status
        if isinstance(problem, Busy):
            assert problem.retry_after == bad.retry_after
        if not bad.ref and bad.status != 429:
            await check_the_others(provider, bad, made, known)


async def check_the_others(provider: Provider, bad: Bad, made: Profile, known: Session) -> None:
    """The other questions fare no better, and none of them makes anything up."""
    questions: list[Callable[[], Awaitable[object]]] = [
        lambda: row_of(provider, known),
        lambda: provider.transcript(known),
    ]
    if provider.wants_people(known):
        questions.append(lambda: provider.people(known))
    for question in questions:
        with pytest.raises(Problem) as caught:
            await question()
        assert_one_clean_sentence(caught.value, made)
        if bad.status in (401, 403, 500, 502, 503):
            assert type(caught.value) is bad.problem
    try:
        findings = await provider.check()
    except Problem as problem:
        assert_one_clean_sentence(problem, made)
    else:
        assert Verdict.FAIL in {finding.verdict for finding in findings}
        assert Verdict.OK not in {finding.verdict for finding in findings}


async def row_of(provider: Provider, known: Session) -> None:
    """Whoever asks for a row reads it: one without a session is told as this problem by the worker."""
    if provider.decode(await provider.row(known.id), full=True).session is None:
        raise BadAnswer("reading the session: the answer holds no session")
