"""Signing in at GoTo, over real sockets: three ways to a token, its renewal, and every way in which that can end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import cast

import pytest

from tests.providers.goto_signing import (
    BOTH,
    SEEIT,
    SUPPORT,
    Desk,
    creates,
    desk,
    landed,
    lists,
    sign_in,
)
from tui.model.problem import ConfigProblem, KeysRejected, Problem, Unreachable, UsageProblem
from tui.net.tokens import Tokens
from tui.providers.base import Signer, Verdict

pytestmark = pytest.mark.anyio

FIRST = "sign in first: sessiontop profile sign-in desk"
AGAIN = "sign in again: sessiontop profile sign-in desk"
SIGN_IN, REFRESH = "sign in", "refresh the token"
EXCHANGE = "exchange the personal access token"


@pytest.fixture
def it() -> Iterator[Desk]:
    with desk() as made:
        yield made


class _Seatless(dict[str, str]):
    """Whatever token comes, its technician has no seat."""

    def get(self, key: str, default: object = None) -> str:
        return "no-seat"


async def kept(it: Desk) -> Tokens:
    found = await it.store.read("desk")
    assert found is not None
    return found


# --- three ways ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", BOTH)
async def test_who_has_not_signed_in_is_told_what_to_do_and_nobody_is_asked(
    it: Desk, provider: str
) -> None:
    it.sim.requests.clear()
    async with it.connected(it.profile(provider, "sign-in")) as made:
        for call in (lists(made), made.check(), creates(made)):
            with pytest.raises(ConfigProblem) as caught:
                await call
            assert caught.value.message == FIRST
    assert it.sim.requests.all() == []
    assert it.log == []


@pytest.mark.parametrize("provider", BOTH)
@pytest.mark.parametrize("scheme", ["bearer", "oauth_token"])
async def test_a_sign_in_works_at_once_and_after_a_restart(
    it: Desk, provider: str, scheme: str
) -> None:
    it.sim.play("goto-scheme", scheme)
    profile = it.profile(provider, "sign-in", auth_scheme=scheme)
    async with it.connected(profile) as made:
        access = await sign_in(made)
        await lists(made)
    assert access.user == "priya.raman@helpdesk.example.com"
    assert access.renews
    assert access.until is not None
    assert (access.until - it.hand.moment).total_seconds() == 3600
    async with it.connected(profile) as made:
        assert (await made.check())[0].verdict is Verdict.OK
    assert it.operations()[:2] == [SIGN_IN, "list sessions"]
    assert REFRESH not in it.operations()


@pytest.mark.parametrize("provider", BOTH)
async def test_a_personal_token_is_exchanged_by_itself(it: Desk, provider: str) -> None:
    profile = it.profile(provider, "pat")
    async with it.connected(profile) as made:
        await lists(made)
        await lists(made)
        it.hand.pass_by(minutes=58)
        await lists(made)
    async with it.connected(profile) as made:
        await lists(made)
    assert it.operations().count(EXCHANGE) == it.account.exchanges == 2
    assert [one.status for one in it.log if one.operation != EXCHANGE] == [200] * 4


async def test_an_access_token_is_used_as_it_is_and_nothing_is_kept(it: Desk) -> None:
    profile = it.profile(SUPPORT, "token")
    async with it.connected(profile) as made:
        await lists(made)
        with pytest.raises(UsageProblem, match="take it out of the profile to sign in"):
            cast(Signer, made).begin_sign_in()
    assert await it.store.read("desk") is None


async def test_an_access_token_that_has_run_out_is_renewed_by_nothing(it: Desk) -> None:
    profile = it.profile(SUPPORT, "sign-in", access_token="expired")
    async with it.connected(profile) as made:
        with pytest.raises(KeysRejected, match="wrong or has expired"):
            await lists(made)
    assert it.operations() == ["list sessions"]


async def test_a_personal_token_needs_no_sign_in(it: Desk) -> None:
    async with it.connected(it.profile(SEEIT, "pat")) as made:
        with pytest.raises(UsageProblem, match="needs no sign-in"):
            cast(Signer, made).begin_sign_in()


# --- renewal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("generation", ["omit", "same", "rotate"])
@pytest.mark.parametrize("life", ["number", "string"])
@pytest.mark.parametrize("kind", ["documented", "absent"])
async def test_every_documented_generation_goes_on_for_a_day(
    it: Desk, generation: str, life: str, kind: str
) -> None:
    it.sim.play("goto-refresh", generation)
    it.sim.play("goto-expires-in", life)
    it.sim.play("goto-token-type", kind)
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        for _ in range(96):
            it.hand.pass_by(minutes=15)
            await lists(made)
    assert [one.status for one in it.log] == [200] * len(it.log)  # renewed before the end, always
    assert it.account.refreshes == it.operations().count(REFRESH) == 24
    assert it.account.reuses == 0


async def test_a_month_later_the_new_refresh_token_is_used(it: Desk) -> None:
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        first = (await kept(it)).refresh
        it.hand.pass_by(days=29, hours=12)
        await lists(made)
        second = (await kept(it)).refresh
        it.hand.pass_by(days=29)
        await lists(made)
    assert first != second


@pytest.mark.parametrize("provider", BOTH)
@pytest.mark.parametrize("status", ["401", "403"])
@pytest.mark.parametrize("errors", ["int_err_code", "errorCode", "empty", "html"])
async def test_a_refused_token_is_renewed_once_and_the_call_sent_once_more(
    it: Desk, provider: str, status: str, errors: str
) -> None:
    it.sim.play("goto-auth-error", status)
    it.sim.play("seeit-errors", errors)
    async with it.connected(it.profile(provider, "sign-in")) as made:
        await sign_in(made)
        it.account.expire()
        it.log.clear()
        await creates(made)
    what = "create session" if provider == SEEIT else "start screen sharing"
    assert [(one.operation, one.status, one.attempt) for one in it.log] == [
        (what, int(status), 1),
        (REFRESH, 200, 1),
        (what, 201 if provider == SEEIT else 200, 2),
    ]


@pytest.mark.parametrize("provider", BOTH)
async def test_a_permission_causes_no_renewal(it: Desk, provider: str) -> None:
    async with it.connected(it.profile(provider, "sign-in")) as made:
        await sign_in(made)
        token = (await kept(it)).access.reveal()
        it.sim.vendors[provider].tokens[token] = "no-role"  # type: ignore[attr-defined]
        with pytest.raises(KeysRejected) as caught:
            await lists(made)
    assert caught.value.status == 403
    assert "sign in again" not in caught.value.message
    assert REFRESH not in it.operations()


async def test_who_has_no_seat_is_told_so_after_one_renewal(it: Desk) -> None:
    """A 401 may mean a token that has run out, or a technician without a seat: only a fresh token tells."""
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        it.sim.vendors[SUPPORT].tokens = _Seatless()  # type: ignore[attr-defined]
        with pytest.raises(KeysRejected) as caught:
            await lists(made)
    assert caught.value.message.startswith(AGAIN)
    assert "no Remote Support seat" in caught.value.message
    assert it.operations().count(REFRESH) == 1


async def test_a_fresh_token_that_is_not_accepted_hints_at_the_other_scheme(it: Desk) -> None:
    it.sim.play("goto-scheme", "oauth_token")
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        refused, hint = await made.check()
    assert refused.verdict is Verdict.FAIL
    assert refused.text.startswith(AGAIN)
    assert 'auth_scheme = "oauth_token"' in hint.text
    assert it.operations() == [SIGN_IN, "list sessions", REFRESH, "list sessions"]


async def test_a_withdrawn_access_ends_in_one_sentence_and_no_loop(it: Desk) -> None:
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        it.account.revoke()
        before = await kept(it)
        for _ in range(3):
            with pytest.raises(KeysRejected) as caught:
                await lists(made)
            assert caught.value.message.startswith(AGAIN)
        assert it.account.refreshes == 1
        assert await kept(it) == before
        await sign_in(made)
        await lists(made)


async def test_fifty_calls_at_once_after_the_end_make_one_renewal(it: Desk) -> None:
    it.sim.play("goto-refresh", "rotate")
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        it.account.expire()
        await asyncio.gather(*(lists(made) for _ in range(50)))
    assert (it.account.refreshes, it.account.reuses) == (1, 0)


async def test_a_read_only_profile_signs_in_and_renews_and_writes_nothing(it: Desk) -> None:
    async with it.connected(it.profile(SUPPORT, "sign-in", read_only=True)) as made:
        await sign_in(made)
        it.hand.pass_by(hours=2)
        await lists(made)
        with pytest.raises(Problem, match="read-only"):
            await creates(made)
    assert it.operations() == [SIGN_IN, REFRESH, "list sessions"]


async def test_another_client_or_server_in_the_profile_means_another_account(it: Desk) -> None:
    profile = it.profile(SUPPORT, "sign-in")
    async with it.connected(profile) as made:
        await sign_in(made)
    for other in ({"client_id": "else"}, {"auth_url": "http://127.0.0.1:9/else"}):
        async with it.connected(it.profile(SUPPORT, "sign-in", **other)) as made:
            with pytest.raises(ConfigProblem, match=FIRST):
                await lists(made)
    async with it.connected(profile) as made:
        await lists(made)


# --- a sign-in that fails ------------------------------------------------------------------------------------


async def test_a_code_is_good_once_and_another_one_can_be_had(it: Desk) -> None:
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        signer = cast(Signer, made)
        address = await asyncio.to_thread(landed, signer.begin_sign_in())
        await signer.finish_sign_in(address)
        url = signer.begin_sign_in()
        used = address.partition("code=")[2].partition("&")[0]
        with pytest.raises(KeysRejected, match=r"for another code \(sign in: it is not valid"):
            await signer.finish_sign_in(used)
        await signer.finish_sign_in(await asyncio.to_thread(landed, url))
        with pytest.raises(UsageProblem, match="begin it again"):
            await signer.finish_sign_in("code-that-nobody-asked-for")


async def test_a_denied_access_and_an_address_of_another_sign_in(it: Desk) -> None:
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        signer = cast(Signer, made)
        old = await asyncio.to_thread(landed, signer.begin_sign_in())
        url = signer.begin_sign_in()
        with pytest.raises(UsageProblem, match="belongs to another sign-in"):
            await signer.finish_sign_in(old)
        it.sim.play("goto-consent", "denied")
        with pytest.raises(Problem, match="open the address again and allow it"):
            await signer.finish_sign_in(await asyncio.to_thread(landed, url))
        it.sim.play("goto-consent", "granted")
        await signer.finish_sign_in(await asyncio.to_thread(landed, url))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"client_secret": "wrong"}, "client_id and client_secret"),
        ({"redirect_uri": "https://else.example/"}, "redirect_uri is not the one"),
    ],
)
async def test_wrong_client_keys_are_told(it: Desk, changes: dict[str, str], told: str) -> None:
    good = it.profile(SUPPORT, "sign-in")
    async with it.connected(good) as made:
        address = await asyncio.to_thread(landed, cast(Signer, made).begin_sign_in())
    code = address.partition("code=")[2].partition("&")[0]
    async with it.connected(it.profile(SUPPORT, "sign-in", **changes)) as made:
        signer = cast(Signer, made)
        signer.begin_sign_in()
        with pytest.raises(KeysRejected, match=told):
            await signer.finish_sign_in(code)
    assert await it.store.read("desk") is None


@pytest.mark.parametrize("grant", ["sign-in", "pat"])
@pytest.mark.parametrize("host", ["gone-404", "gone-200"])
async def test_the_dead_legacy_host_is_told_in_its_own_words(
    it: Desk, grant: str, host: str
) -> None:
    async with it.connected(it.profile(SUPPORT, grant)) as made:
        if grant == "sign-in":
            await sign_in(made)
            it.hand.pass_by(hours=2)
        it.sim.play("goto-sign-in", host)
        with pytest.raises(Problem, match="This endpoint is no longer valid"):
            await lists(made)


async def test_a_grant_that_is_not_enabled_is_told(it: Desk) -> None:
    it.sim.play("goto-pat", "off")
    async with it.connected(it.profile(SUPPORT, "pat")) as made:
        with pytest.raises(KeysRejected, match="allow the grant at the vendor"):
            await lists(made)


@pytest.mark.parametrize(
    "fault", ["refuse", "reset", "short-body", "garbage", "redirect", "status-503", "captive"]
)
async def test_a_sign_in_server_in_trouble_never_leaves_a_write_in_doubt(
    it: Desk, fault: str
) -> None:
    async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
        await sign_in(made)
        it.account.expire()
        it.sim.play("fault", f"goto-sign-in:{fault}")
        with pytest.raises(Unreachable) as caught:
            await creates(made)
        assert "base_url" not in caught.value.message
        it.sim.play("fault", "none")
        await creates(made)


# --- secrets -------------------------------------------------------------------------------------------------


async def test_no_token_is_in_what_is_logged_reported_or_raised(
    it: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    profile = it.profile(SUPPORT, "sign-in")
    secrets = {profile.secrets["client_secret"].reveal()}
    async with it.connected(profile) as made:
        signer = cast(Signer, made)
        address = await asyncio.to_thread(landed, signer.begin_sign_in())
        secrets.add(address.partition("code=")[2].partition("&")[0])
        told.append(repr(await signer.finish_sign_in(address)))
        for ending in (it.account.expire, it.account.expire, it.account.revoke):
            tokens = await kept(it)
            told.append(repr(tokens))
            assert tokens.refresh is not None
            secrets |= {tokens.access.reveal(), tokens.refresh.reveal()}
            ending()
            try:
                await lists(made)
            except Problem as problem:
                told += [repr(problem), str(problem), repr(problem.__traceback__)]
        told += [repr(made), repr(vars(made))]
    said = "\n".join([*told, repr(it.log), caplog.text])
    assert len(it.log) >= 7
    for secret in secrets:
        assert len(secret) > 20
        assert secret not in said
        assert secret[:40] not in said
