"""What a person may paste after a sign-in, and the one sentence for what cannot be used."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.problem import Problem, UsageProblem
from tui.net.origin import Origin
from tui.net.sign_in import Invitation, Page, begin, code_of, new_state

STATE = "state-1"
REDIRECT = "https://desk.example/signed-in"
PAGE = Page(
    Origin.parse("https://auth.example/base"),
    "/oauth/authorize",
    (("client_id", "c&1"), ("response_type", "code"), ("redirect_uri", REDIRECT)),
    REDIRECT,
)


def invited(redirect_uri: str = REDIRECT) -> Invitation:
    page = Page(PAGE.origin, PAGE.path, PAGE.query, redirect_uri)
    return begin(page, lambda: STATE)


def test_the_address_carries_what_is_documented_and_a_state() -> None:
    parts = urlsplit(invited().url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "https://auth.example/base/oauth/authorize"
    )
    assert parse_qs(parts.query) == {
        "client_id": ["c&1"],
        "response_type": ["code"],
        "redirect_uri": [REDIRECT],
        "state": [STATE],
    }


def test_every_sign_in_has_a_state_of_its_own() -> None:
    states = {new_state() for _ in range(100)}
    assert len(states) == 100
    assert min(map(len, states)) >= 32


@pytest.mark.parametrize(
    "pasted",
    [
        f"{REDIRECT}?code=abc.D-1&state={STATE}",
        f"  {REDIRECT}?state={STATE}&code=abc.D-1&scope=x%20y \n",
        f"{REDIRECT}/?code=abc.D-1&state={STATE}#top",
        f"HTTPS://Desk.Example:443/signed-in?code=abc.D-1&state={STATE}",
        f"?code=abc.D-1&state={STATE}",
        f"code=abc.D-1&state={STATE}",
        "code=abc.D-1",
        "abc.D-1",
        f"{REDIRECT}?code=abc%2ED-1&state={STATE}",
    ],
)
def test_an_address_its_query_or_the_code_alone(pasted: str) -> None:
    assert code_of(invited(), pasted).reveal() == "abc.D-1"


def test_a_redirect_to_this_machine() -> None:
    invitation = invited("http://localhost:8765/back")
    pasted = f"http://localhost:8765/back?code=abcd&state={STATE}"
    assert code_of(invitation, pasted).reveal() == "abcd"
    with pytest.raises(UsageProblem, match="does not lead to the redirect_uri"):
        code_of(invitation, pasted.replace("8765", "8766"))


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("", "nothing was pasted"),
        (" \n", "nothing was pasted"),
        (f"{REDIRECT}?code=abcd&state=other", "belongs to another sign-in"),
        (f"{REDIRECT}?code=abcd", "belongs to another sign-in"),
        (f"code=abcd&state={STATE}x", "belongs to another sign-in"),
        (f"{REDIRECT}?code=abcd&state={STATE}&state=other", "belongs to another sign-in"),
        (f"{REDIRECT}?error=access_denied&state=other", "belongs to another sign-in"),
        (f"https://evil.example/signed-in?code=abcd&state={STATE}", "does not lead to the redirec"),
        (f"http://desk.example/signed-in?code=abcd&state={STATE}", "does not lead to the redirect"),
        (f"https://desk.example:444/signed-in?code=a&state={STATE}", "does not lead to the redire"),
        (f"https://desk.example/else?code=abcd&state={STATE}", "does not lead to the redirect_uri"),
        (f"https://desk.example@evil.example/signed-in?code=a&state={STATE}", "not an address"),
        (f"https://desk.example:x/signed-in?code=abcd&state={STATE}", "that is not an address"),
        ("https://[::1/signed-in", "that is not an address"),
        (f"{REDIRECT}?state={STATE}", "holds no code"),
        (f"{REDIRECT}?code=a&code=b&state={STATE}", "holds no code"),
        (f"{REDIRECT}?code=a%0Ab&state={STATE}", "holds no code"),
        (f"{REDIRECT}?code=&state={STATE}", "holds no code"),
        ("I pasted the wrong thing", "neither an address nor a code"),
        ("abc", "neither an address nor a code"),
        ("c\u00f6de-1234", "neither an address nor a code"),
        ("\ud800\x1b]52;c;x\x07", "neither an address nor a code"),
        ("x" * 20_000, "too long"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(pasted: str, told: str) -> None:
    with pytest.raises(UsageProblem, match=told) as caught:
        code_of(invited(), pasted)
    assert "paste" in caught.value.message


def test_the_address_to_open_is_not_the_one_to_paste() -> None:
    with pytest.raises(UsageProblem, match="that is the address to open"):
        code_of(invited(), invited().url)


def test_a_person_who_said_no() -> None:
    for pasted in (
        f"{REDIRECT}?error=access_denied&state={STATE}",
        f"?error=access_denied&error_description=The+user+denied&state={STATE}",
    ):
        with pytest.raises(Problem, match="open the address again and allow it"):
            code_of(invited(), pasted)


def test_another_error_is_told_in_the_vendors_words() -> None:
    pasted = f"{REDIRECT}?error=invalid_scope&error_description=No%1B[2Jsuch+scope&state={STATE}"
    with pytest.raises(
        Problem, match=r"invalid_scope: No.\[2Jsuch scope.*scope of the profile"
    ) as e:
        code_of(invited(), pasted)
    assert "\x1b" not in e.value.message


@given(st.text(min_size=12))
def test_whatever_is_pasted_is_a_code_or_a_sentence_that_does_not_quote_it(pasted: str) -> None:
    told = ""
    try:
        code_of(invited(), pasted)
    except Problem as problem:
        told = problem.message
    assert pasted.strip() == "" or pasted not in told
