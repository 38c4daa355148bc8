"""Both providers against the simulator, over real sockets: client and vendor were written from the same sheets
by different people, so what they agree on is what the sheets say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tui.model.clock import SystemClock
from tui.model.problem import BadAnswer, KeysRejected, NotFound, Problem
from tui.model.profile import KeyKind, Profile, Setting
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque
from tui.model.transcript import EntryKind, Role, Transcript
from tui.net.exchange import Exchange
from tui.providers.base import Ask, Decoded, Provider, Verdict
from tui.providers.registry import SPECS, connect
from tui.simulator.server import Simulator

pytestmark = pytest.mark.anyio
TWILIO, GOTO = "twilio-proxy", "goto-remote-support"


@pytest.fixture(scope="module")
def desk() -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=700) as made:
        yield made


@pytest.fixture
def small() -> Iterator[Simulator]:
    with Simulator(seed=11, sessions=60) as made:
        yield made


@asynccontextmanager
async def connected(
    simulator: Simulator, provider: str, **changes: Setting
) -> AsyncIterator[Provider]:
    """The provider of the simulator's own profile, some of its keys changed."""
    spec = SPECS[provider]
    profiles: Any = simulator.profiles()["profiles"]
    (told,) = [one for one in profiles.values() if one["provider"] == provider]
    keys = {**told, **changes}
    secret = {key.name for key in spec.keys if key.kind is KeyKind.SECRET}
    known = {key.name for key in spec.keys}
    made = connect(
        Profile(
            name="desk",
            provider=provider,
            base_url=told["base_url"],
            settings={k: v for k, v in keys.items() if k in known - secret},
            secrets={k: Secret(str(v)) for k, v in keys.items() if k in secret},
        ),
        SystemClock(),
        _ignored,
    )
    try:
        yield made
    finally:
        await made.aclose()


def _ignored(exchange: Exchange) -> None:
    pass


async def listed(provider: Provider) -> list[Decoded]:
    """Every row of every page."""
    found: list[Decoded] = []
    ask = Ask()
    while True:
        page = await provider.page(ask)
        found += [provider.decode(row) for row in page.rows]
        if page.next is None:
            return found
        ask = Ask(cursor=page.next)


async def sessions(provider: Provider) -> list[Session]:
    found = await listed(provider)
    assert [row.drift for row in found if row.drift] == []
    return [row.session for row in found if row.session is not None]


def spoken(transcript: Transcript) -> list[tuple[Role, str]]:
    kinds = (EntryKind.MESSAGE, EntryKind.CALL)
    return [(entry.role, entry.text) for entry in transcript.entries if entry.kind in kinds]


async def test_twilio_is_listed_to_its_last_page(desk: Simulator) -> None:
    async with connected(desk, TWILIO) as provider:
        first = await provider.page(Ask())
        assert first.next is not None
        assert len(first.rows) == 100
        found = await sessions(provider)
    assert len(found) >= 250
    assert len({session.id for session in found}) == len(found)
    states = {session.status for session in found}
    assert states >= {Status.WAITING, Status.ACTIVE, Status.ENDED}
    assert Status.UNKNOWN not in states
    assert all(session.created_at and session.updated_at for session in found)
    assert any(session.subject for session in found)


async def test_a_listed_session_is_the_fetched_one(desk: Simulator) -> None:
    for name in (TWILIO, GOTO):
        async with connected(desk, name) as provider:
            page = await provider.page(Ask())
            some = [provider.decode(row).session for row in page.rows[:5]]
            for session in some:
                assert session is not None
                full = provider.decode(await provider.row(session.id), full=True).session
                assert full is not None
                assert full.fields
                assert (full.id, full.status, full.customer, full.subject) == (
                    session.id,
                    session.status,
                    session.customer,
                    session.subject,
                )


@pytest.mark.parametrize("play", ["apart", "listed"])
async def test_what_the_application_sent_is_in_the_transcript_once(
    small: Simulator, play: str
) -> None:
    small.play("twilio-app-messages", play)
    written = []
    async with connected(small, TWILIO) as provider:
        for session in await sessions(provider):
            entries = (await provider.transcript(session)).entries
            sent = [entry for entry in entries if entry.author == "application"]
            assert len(sent) == len(set(sent)) <= 2
            written += sent
    assert {entry.role for entry in written} == {Role.AGENT, Role.SYSTEM}
    assert {entry.kind for entry in written} == {EntryKind.MESSAGE}
    assert all("ase " in entry.text for entry in written)


async def test_twilio_people_and_talk(desk: Simulator) -> None:
    async with connected(desk, TWILIO) as provider:
        talks = 0
        for session in (await sessions(provider))[:12]:
            assert provider.wants_people(session)
            named = await provider.people(session)
            assert named.customer
            transcript = await provider.transcript(named)
            assert transcript.complete
            said = spoken(transcript)
            talks += bool(said)
            by_app = [e for e in transcript.entries if e.author == "application"]
            people = {role for role, _ in said} - {entry.role for entry in by_app}
            assert people <= {Role.CUSTOMER, Role.AGENT}
            times = [entry.at for entry in transcript.entries if entry.at is not None]
            assert times == sorted(times)
            assert transcript.entries[0].text == "session created"
    assert talks > 0


@pytest.mark.parametrize("data", ["string", "object", "null"])
async def test_twilio_data_in_every_form(small: Simulator, data: str) -> None:
    small.play("twilio-interaction-data", data)
    small.play("twilio-interaction-type", "title")
    async with connected(small, TWILIO) as provider:
        ended = [s for s in await sessions(provider) if s.status is Status.ENDED]
        transcripts = [await provider.transcript(session) for session in ended[:4]]
    said = [text for transcript in transcripts for _, text in spoken(transcript)]
    assert said
    empty = all(text in ("(the vendor gives no text)", "call") for text in said)
    assert empty == (data == "null")


async def test_goto_lists_screen_sharing_or_everything(desk: Simulator) -> None:
    async with connected(desk, GOTO, extended_sessions=False) as provider:
        shared = await sessions(provider)
    async with connected(desk, GOTO, extended_sessions=True) as provider:
        everything = await sessions(provider)
    assert {session.kind for session in shared} == {"screen_sharing"}
    assert {session.id for session in shared} < {session.id for session in everything}
    assert Status.UNKNOWN not in {session.status for session in everything}


@pytest.mark.parametrize("nesting", ["object", "array", "nested-name"])
async def test_a_goto_chat_is_a_transcript(small: Simulator, nesting: str) -> None:
    small.play("goto-events", nesting)
    async with connected(small, GOTO) as provider:
        chats = [s for s in await sessions(provider) if s.kind == "web_chat" and s.agent]
        ended = next(session for session in chats if session.status is Status.ENDED)
        transcript = await provider.transcript(ended)
    assert transcript.spoken
    assert {role for role, _ in spoken(transcript)} == {Role.CUSTOMER, Role.AGENT}
    customers = {e.author for e in transcript.entries if e.role is Role.CUSTOMER}
    assert customers == {ended.customer}
    assert transcript.entries[-1].kind is EntryKind.STATE


async def test_a_screen_sharing_session_has_a_timeline(small: Simulator) -> None:
    async with connected(small, GOTO, extended_sessions=False) as provider:
        found = await sessions(provider)
        transcript = await provider.transcript(
            next(session for session in found if session.status is Status.ENDED)
        )
    assert not transcript.spoken
    assert "no web chat" in str(transcript.note)
    assert transcript.entries[0].text == "session started"
    told = [str(entry.text) for entry in transcript.entries]
    assert "session ended" in told
    left = told[told.index("session ended") + 1 :]
    assert all(text.startswith(("notes: ", "the session was recorded")) for text in left)


@pytest.mark.parametrize(
    ("provider", "wrong"),
    [
        (TWILIO, {"auth_token": "wrong"}),
        (TWILIO, {"account_sid": "AC" + "0" * 32}),
        (GOTO, {"access_token": "wrong"}),
    ],
)
async def test_wrong_keys_are_rejected_in_words(
    small: Simulator, provider: str, wrong: dict[str, Setting]
) -> None:
    async with connected(small, provider, **wrong) as made:
        with pytest.raises(KeysRejected):
            await made.page(Ask())
        findings = await made.check()
    assert findings[0].verdict is Verdict.FAIL


@pytest.mark.parametrize("status", ["403", "401"])
async def test_goto_says_invalid_token_with_either_status(small: Simulator, status: str) -> None:
    small.play("goto-auth-error", status)
    async with connected(small, GOTO, access_token="expired") as provider:
        with pytest.raises(KeysRejected) as caught:
            await provider.page(Ask())
    assert caught.value.status == int(status)


async def test_good_keys_pass_the_check(small: Simulator) -> None:
    for name in (TWILIO, GOTO):
        async with connected(small, name) as provider:
            findings = await provider.check()
        assert {finding.verdict for finding in findings} == {Verdict.OK}


@pytest.mark.parametrize("scheme", ["bearer", "oauth_token"])
async def test_goto_takes_the_token_as_the_profile_says(small: Simulator, scheme: str) -> None:
    small.play("goto-scheme", scheme)
    async with connected(small, GOTO, auth_scheme=scheme) as provider:
        assert (await provider.check())[0].verdict is Verdict.OK


async def test_what_is_not_there_is_not_found(small: Simulator) -> None:
    for name, ref in ((TWILIO, "KC" + "0" * 32), (GOTO, "SS-0")):
        async with connected(small, name) as provider:
            with pytest.raises(NotFound):
                await provider.row(Opaque(ref))


@pytest.mark.parametrize("shape", ["array", "object"])
async def test_links_of_a_partner_system(small: Simulator, shape: str) -> None:
    small.play("goto-system-links", shape)
    async with connected(small, GOTO) as provider:
        found = await provider.system_links("tickets.example.com")
        assert await provider.system_links("nobody.example.com") == ()
    assert found
    for link in found:
        assert link.domain == "tickets.example.com"
        assert "***" in repr(link)


async def test_odd_rows_cost_fields_and_not_sessions(small: Simulator) -> None:
    kept_with_drift = 0
    for name in (TWILIO, GOTO):
        async with connected(small, name) as provider:
            clean = await listed(provider)
            small.play("rows", "odd")
            odd = await listed(provider)
            small.play("rows", "clean")
        assert len(odd) == len(clean)
        lost = [row.drift for row in odd if row.session is None]
        assert 0 < len(lost) <= len(odd) // 10
        assert all("the row has no id" in drift for drift in lost)
        kept_with_drift += sum(bool(row.drift) for row in odd if row.session is not None)
    assert kept_with_drift > 0


async def test_hostile_text_arrives_clean(small: Simulator) -> None:
    small.play("text", "hostile")
    for name in (TWILIO, GOTO):
        async with connected(small, name) as provider:
            found = await sessions(provider)
            found = [await provider.people(session) for session in found[:20]]
        texts = [t for s in found for t in (s.subject, s.customer, s.agent) if t is not None]
        assert texts
        assert all(text.isprintable() for text in texts)


FAULTS = ["captive", "cut-json", "empty-200", "status-204", "deep-json", "html-502", "redirect"]


@pytest.mark.parametrize("kind", [*FAULTS, "status-503", "latin-1", "huge-int", "nan"])
async def test_faults_are_problems_or_harmless(small: Simulator, kind: str) -> None:
    """A fault never looks like an empty listing, and nothing but a `Problem` ever comes out."""
    async with connected(small, GOTO) as provider:
        small.play("fault", f"{GOTO}:{kind}")
        if kind in FAULTS:
            with pytest.raises(Problem):
                await provider.page(Ask())
            return
        try:
            page = await provider.page(Ask())
        except Problem:
            return
        assert [provider.decode(row) for row in page.rows]


async def test_a_next_page_on_another_host_is_not_followed(desk: Simulator) -> None:
    async with connected(desk, TWILIO) as provider:
        desk.play("fault", f"{TWILIO}:next-link")
        try:
            page = await provider.page(Ask())
            with pytest.raises(BadAnswer):
                await provider.page(Ask(cursor=page.next))
        finally:
            desk.play("fault", f"{TWILIO}:none")
