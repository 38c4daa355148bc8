"""Servers that quote the key they refuse, over all vendors, operations and ways of proving who asks: 0 hits."""

from __future__ import annotations

from collections.abc import Iterable
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


# One of each family, with the statuses that are handled apart.
SHORT = frozenset(
    {"json-401", "json-429", "json-503", "json-200", "html-401", "heads-401", "heads-200"}
    | {"escaped-json-401", "percent-401", "nested-400", "entities-503", "plain-401"}
    | {"encoding-200", "cut-json", "garbage", "short-body"}
)
TOKENS = frozenset({"json-401", "nested-401", "heads-401", "html-200"})


def _some(short: frozenset[str], plays: Iterable[str]) -> list[object]:
    return [one if one in short else pytest.param(one, marks=pytest.mark.long) for one in plays]


@pytest.mark.parametrize("way", ONE_EACH)
@pytest.mark.parametrize("play", _some(SHORT, QUOTING))
def test_a_server_that_quotes_the_key(tmp_path: Path, way: str, play: str) -> None:
    with Mirror(play) as mirror:
        profile = WAYS[way].profile("desk", mirror.url)
        found, looked = leaks(DETECTOR, asked([profile], tmp_path / "state"))
        assert looked > 20
        assert any(DETECTOR.hits("", sent.raw) for sent in mirror.sent), "nothing was at stake"
    assert found == []


@pytest.mark.parametrize("spent", [pytest.param(False, marks=pytest.mark.long), True])
@pytest.mark.parametrize("way", OTHERS)
@pytest.mark.parametrize(
    "play", _some(TOKENS, (name for name in QUOTING if "401" in name or "200" in name))
)
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
