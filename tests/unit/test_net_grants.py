"""What a sign-in server may answer: read leniently, refused in one sentence, never with a secret in it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.net_chaos import CANARY, NOW, FixedClock
from tui.model.problem import BadAnswer, Busy, KeysRejected
from tui.model.secret import Secret
from tui.net.grants import Granted, granted, refused
from tui.net.reply import Reply

OLD = Secret("old-refresh")


def reply(body: Any, status: int = 200, **headers: str) -> Reply:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, data, named, "auth.example", lambda text: text.replace(CANARY, "***"))


def read(body: Any, old: Secret | None = OLD) -> Granted:
    return granted(reply(body), "account", NOW, old)


def test_the_documented_answer() -> None:
    found = read(
        {
            "access_token": "eyJ.a",
            "token_type": "Bearer",
            "refresh_token": "eyJ.r",
            "expires_in": 3600,
            "scope": "collab:",
            "principal": "ana@example.com",
        }
    )
    assert found.user == "ana@example.com"
    assert found.tokens.account == "account"
    assert found.tokens.access.reveal() == "eyJ.a"
    assert found.tokens.refresh == Secret("eyJ.r")
    assert found.tokens.obtained_at == NOW
    assert found.tokens.expires_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("absent", [{}, {"refresh_token": None}, {"refresh_token": ""}])
def test_an_absent_refresh_token_means_that_the_old_one_goes_on(absent: dict[str, object]) -> None:
    assert read({"access_token": "a", **absent}).tokens.refresh == OLD
    assert read({"access_token": "a", **absent}, None).tokens.refresh is None


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (3600, 3600),
        ("3600", 3600),
        (3599.5, 3599.5),
        ("1e3", 1000),
        (10**400, None),
        ("1e999", 10 * 366 * 86_400),
        (0, None),
        (-5, None),
        ("soon", None),
        (True, None),
        (None, None),
        ([], None),
        ("nan", None),
    ],
)
def test_the_life_of_a_token(given: object, seconds: float | None) -> None:
    expires_at = read({"access_token": "a", "expires_in": given}).tokens.expires_at
    assert expires_at == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"access_token": ""},
        {"access_token": 7},
        {"access_token": None, "error": "server_error"},
        {"access_token": "two words"},
        {"access_token": "line\nbreak"},
        [],
        b"<html><title>Sign in to the hotel</title></html>",
        b"",
        b"access_token=a&expires_in=3600",
    ],
)
def test_an_answer_without_a_token_that_can_be_sent(body: Any) -> None:
    with pytest.raises(BadAnswer) as caught:
        read(body)
    assert "auth.example" in caught.value.message


def test_the_legacy_hosts_last_words_are_told() -> None:
    words = {"message": "This endpoint is no longer valid, see https://developer.goto.com/guides/"}
    with pytest.raises(BadAnswer, match="no access token: This endpoint is no longer valid"):
        read(words)
    problem = refused(reply(words, 404), "refresh the token", FixedClock())
    assert isinstance(problem, KeysRejected)
    assert "check auth_url (404: This endpoint is no longer valid" in problem.message


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (400, "invalid_grant", "not valid, was used before, or has run out"),
        (401, "invalid_client", "does not accept client_id and client_secret"),
        (401, None, "does not accept client_id and client_secret"),
        (400, "unauthorized_client", "allow the grant at the vendor"),
        (400, "unsupported_grant_type", "allow the grant at the vendor"),
        (400, "invalid_request", "said no; check auth_url"),
        (403, None, "said no; check auth_url"),
        (404, None, "said no; check auth_url"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, error: str | None, told: str) -> None:
    body = {"error": error, "error_description": f"no\x1b[2J {CANARY}"}
    problem = refused(reply(body, status), "refresh the token", FixedClock())
    assert isinstance(problem, KeysRejected)
    assert (problem.status, problem.code) == (status, error)
    assert problem.message.startswith("refresh the token: ")
    assert told in problem.message
    assert CANARY not in problem.message
    assert "\x1b" not in problem.message


@pytest.mark.parametrize("body", [b"", b"<html><title>Nope</title></html>", b"[1]", b'"x"'])
def test_a_refusal_without_the_documented_body(body: bytes) -> None:
    problem = refused(reply(body, 400, content_type="text/html"), "sign in", FixedClock())
    assert isinstance(problem, KeysRejected)
    assert "400" in problem.message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again_later(status: int) -> None:
    problem = refused(reply({}, status, retry_after="30"), "refresh the token", FixedClock())
    assert isinstance(problem, Busy)
    assert problem.retry_after == 30
