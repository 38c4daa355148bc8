"""Servers that quote the key they refuse, over all vendors, operations and ways of proving who asks: 0 hits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.leaks.mirror import QUOTING, Mirror
from tests.leaks.observing import asked, leaks
from tests.leaks.people import DETECTOR, ONE_EACH, SECRETS, WAYS
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.net.tokens import MemoryTokens, Tokens

OTHERS = tuple(name for name in WAYS if name not in ONE_EACH)


class SignedIn(MemoryTokens):
    """An account that has signed in, whose token is refused or has run out."""

    def __init__(self, profile: Profile, spent: bool) -> None:
        super().__init__()
        at = datetime.now(UTC)
        ends = at - timedelta(seconds=1) if spent else at + timedelta(hours=1)
        account = f"sign-in {profile.text('auth_url')} {profile.text('client_id')}"
        self._kept[profile.name] = Tokens(
            account,
            Secret(SECRETS["OAuth access token"]),
            at - timedelta(hours=1),
            Secret(SECRETS["OAuth refresh token"]),
            ends,
        )


def _short(play: str) -> bool:
    """One page and one head of each family; the words in JSON with every status."""
    return not play.startswith(("html-", "heads-")) or play.endswith(("-200", "-401", "-503"))


@pytest.mark.parametrize("way", ONE_EACH)
@pytest.mark.parametrize(
    "play",
    [one if _short(one) else pytest.param(one, marks=pytest.mark.long) for one in QUOTING],
)
def test_a_server_that_quotes_the_key(tmp_path: Path, way: str, play: str) -> None:
    with Mirror(play) as mirror:
        profile = WAYS[way].profile("desk", mirror.url)
        found, looked = leaks(DETECTOR, asked([profile], tmp_path / "state"))
        assert looked > 20
        assert any(DETECTOR.hits("", sent.raw) for sent in mirror.sent), "nothing was at stake"
    assert found == []


@pytest.mark.parametrize("spent", [pytest.param(False, marks=pytest.mark.long), True])
@pytest.mark.parametrize("way", OTHERS)
@pytest.mark.parametrize("play", [name for name in QUOTING if "401" in name or "200" in name])
def test_a_server_that_quotes_tokens_and_codes(
    tmp_path: Path, way: str, play: str, spent: bool
) -> None:
    with Mirror(play) as mirror:
        profile = replace(WAYS[way].profile("desk", mirror.url), history_hours=2)
        pasted = SECRETS["authorization code"]
        tokens = SignedIn(profile, spent)
        channels = asked([profile], tmp_path / "state", pasted=pasted, tokens=tokens)
        found, looked = leaks(DETECTOR, channels)
        assert looked > 20
        assert any(DETECTOR.hits("", sent.raw) for sent in mirror.sent), "nothing was at stake"
    assert found == []


PASTED = {
    "with another state": "https://desk.example/in?code={code}&state=wrong",
    "twice": "{code} {code}",
    "of another address": "https://evil.example/in?code={code}",
    "two of them": "https://desk.example/in?code={code}&code={code}",
    "with another alphabet": "{code}é",
    "with an error beside it": "https://desk.example/in?error={code}&error_description={code}",
    "as an address that is none": "http://[{code}",
    "used before": "{code}",
}


@pytest.mark.parametrize("pasted", PASTED)
@pytest.mark.parametrize("way", ["goto-oauth", "seeit-oauth"])
def test_a_code_that_is_not_taken(tmp_path: Path, way: str, pasted: str) -> None:
    with Mirror("json-400") as mirror:
        profile = WAYS[way].profile("desk", mirror.url)
        text = PASTED[pasted].format(code=SECRETS["authorization code"])
        tokens = SignedIn(profile, True)
        channels = asked([profile], tmp_path / "state", pasted=text, tokens=tokens)
        found, looked = leaks(DETECTOR, channels)
    assert looked > 20
    assert found == []
