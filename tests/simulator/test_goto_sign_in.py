"""GoTo's sign-in server as documented: consent, three grants, three generations of refresh tokens, refusals."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.simulator.conftest import Start, World
from tui.simulator.goto_tokens import GotoTokens

HOUR = 3600


class Client:
    """What a client of the sign-in server does, with the keys of the simulator's own profiles."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.keys = self._profile("sign-in")
        self.personal = self._profile("pat")["personal_access_token"]
        world.sim.play("goto-profiles", "token")
        self.web = world.client(self.keys["auth_url"])
        self.pair = (self.keys["client_id"], self.keys["client_secret"])

    def _profile(self, way: str) -> dict[str, Any]:
        self.world.sim.play("goto-profiles", way)
        profiles: Any = self.world.sim.profiles()["profiles"]
        found: dict[str, Any] = profiles["goto-desk"]
        return found

    @property
    def account(self) -> GotoTokens:
        """The vendor's own books."""
        (server,) = self.world.sim.vendors["goto-remote-support"].beside()
        found: GotoTokens = server.tokens  # type: ignore[attr-defined]
        return found

    def authorize(self, **changes: str | None) -> httpx.Response:
        query = {
            "client_id": self.keys["client_id"],
            "response_type": "code",
            "redirect_uri": self.keys["redirect_uri"],
            "state": "s-1",
            **changes,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return self.web.get("/oauth/authorize", params=given)

    def landed(self, **changes: str | None) -> dict[str, list[str]]:
        """What the browser's address bar shows at the end."""
        answer = self.authorize(**changes)
        assert answer.status_code == 302
        place, _, query = answer.headers["location"].partition("?")
        assert place == self.keys["redirect_uri"]
        return parse_qs(query)

    def ask(self, **form: str) -> httpx.Response:
        return self.web.post("/oauth/token", data=form, auth=self.pair)

    def refresh(self, token: str) -> httpx.Response:
        return self.ask(grant_type="refresh_token", refresh_token=token)

    def by_code(self, code: str, **more: str) -> httpx.Response:
        form = {"redirect_uri": self.keys["redirect_uri"], **more}
        return self.ask(grant_type="authorization_code", code=code, **form)

    def signed_in(self) -> dict[str, Any]:
        answer = self.by_code(self.landed()["code"][0])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def standing(self, token: str) -> int:
        """How Remote Support takes that token."""
        return self.world.remote.get(
            "/systemLinks?systemDomain=x", headers={"Authorization": f"Bearer {token}"}
        ).status_code


@pytest.fixture
def client(world: World) -> Client:
    return Client(world)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


# The page


def test_consent_leads_back_with_a_code_and_the_state(client: Client) -> None:
    back = client.landed()
    assert set(back) == {"code", "state"}
    assert back["state"] == ["s-1"]
    assert client.landed(state=None).keys() == {"code"}


def test_who_is_not_known_is_not_sent_on(client: Client) -> None:
    for changes in ({"client_id": "else"}, {"client_id": None}, {"redirect_uri": "https://evil/"}):
        answer = client.authorize(**changes)
        assert answer.status_code == 400
        assert "location" not in answer.headers


def test_the_redirect_address_must_be_the_very_same(client: Client) -> None:
    good = client.keys["redirect_uri"]
    for other in (f"{good}/", good.upper(), f"{good}?x=1"):
        assert client.authorize(redirect_uri=other).status_code == 400


def test_another_response_type_and_a_denied_consent(client: Client) -> None:
    assert client.landed(response_type="token")["error"] == ["unsupported_response_type"]
    client.world.sim.play("goto-consent", "denied")
    back = client.landed()
    assert back["error"] == ["access_denied"]
    assert back["state"] == ["s-1"]
    assert "code" not in back


# Codes


def test_a_code_is_good_once(client: Client) -> None:
    code = client.landed()["code"][0]
    assert client.by_code(code).status_code == 200
    assert error(client.by_code(code)) == (400, "invalid_grant")


def test_a_code_belongs_to_its_redirect_address(client: Client) -> None:
    code = client.landed()["code"][0]
    assert error(client.by_code(code, redirect_uri="https://evil/")) == (400, "invalid_grant")
    without = client.landed(redirect_uri=None)["code"][0]
    assert client.ask(grant_type="authorization_code", code=without).status_code == 200


def test_an_old_code(client: Client) -> None:
    code = client.landed()["code"][0]
    client.world.hand.pass_by(minutes=11)
    assert error(client.by_code(code)) == (400, "invalid_grant")


# Tokens


def test_the_documented_answer_and_a_token_that_gets_in_for_an_hour(client: Client) -> None:
    body = client.signed_in()
    assert {k: body[k] for k in ("token_type", "expires_in")} == {
        "token_type": "Bearer",
        "expires_in": HOUR,
    }
    assert set(body) == {
        "access_token", "token_type", "refresh_token", "expires_in", "scope", "principal",
    }  # fmt: skip
    assert len(body["access_token"]) > 500
    assert client.standing(body["access_token"]) == 200
    client.world.hand.pass_by(seconds=HOUR - 1)
    assert client.standing(body["access_token"]) == 200
    client.world.hand.pass_by(seconds=1)
    assert client.standing(body["access_token"]) == 403


def test_the_same_token_gets_into_seeit(start: Start) -> None:
    world = start(sessions=5, vendors=["twilio-proxy", "goto-remote-support", "goto-seeit"])
    token = Client(world).signed_in()["access_token"]
    url = f"{world.sim.base_urls['goto-seeit']}/sessions"
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 200


def test_a_refresh_in_todays_generation_answers_no_refresh_token(client: Client) -> None:
    refresh = client.signed_in()["refresh_token"]
    for _ in range(3):
        body = client.refresh(refresh).json()
        assert set(body) == {"access_token", "expires_in", "scope", "principal"}
        assert client.standing(body["access_token"]) == 200


def test_near_its_end_a_refresh_token_is_replaced(client: Client) -> None:
    refresh = client.signed_in()["refresh_token"]
    client.world.hand.pass_by(days=29, hours=1)
    body = client.refresh(refresh).json()
    assert body["refresh_token"] != refresh
    assert body["token_type"] == "Bearer"
    client.world.hand.pass_by(days=20)
    assert client.refresh(body["refresh_token"]).status_code == 200


def test_an_old_refresh_token(client: Client) -> None:
    refresh = client.signed_in()["refresh_token"]
    client.world.hand.pass_by(days=31)
    assert error(client.refresh(refresh)) == (400, "invalid_grant")


def test_the_generation_that_returns_the_same_refresh_token(client: Client) -> None:
    client.world.sim.play("goto-refresh", "same")
    refresh = client.signed_in()["refresh_token"]
    assert [client.refresh(refresh).json()["refresh_token"] for _ in range(2)] == [refresh] * 2


def test_the_generation_in_which_a_refresh_token_is_good_once(client: Client) -> None:
    client.world.sim.play("goto-refresh", "rotate")
    first = client.signed_in()
    second = client.refresh(first["refresh_token"]).json()
    assert client.standing(first["access_token"]) == 403  # refreshing early ended it
    assert client.standing(second["access_token"]) == 200
    assert error(client.refresh(first["refresh_token"])) == (400, "invalid_grant")
    assert client.account.reuses == 1
    assert client.standing(second["access_token"]) == 403  # everything is revoked
    assert error(client.refresh(second["refresh_token"])) == (400, "invalid_grant")


def test_a_personal_token_is_exchanged_and_gets_in_nowhere_itself(client: Client) -> None:
    def exchange(pat: str) -> httpx.Response:
        return client.ask(grant_type="personal_access_token", pat=pat)

    body = exchange(client.personal).json()
    assert client.standing(body["access_token"]) == 200
    assert client.standing(client.personal) == 403
    assert "refresh_token" not in body
    assert error(exchange("pat_else")) == (400, "invalid_grant")
    client.world.sim.play("goto-pat-refresh", "given")
    assert client.refresh(exchange(client.personal).json()["refresh_token"]).status_code == 200
    client.world.sim.play("goto-pat", "off")
    assert error(exchange(client.personal)) == (400, "unauthorized_client")


@pytest.mark.parametrize(("value", "type_"), [("number", int), ("string", str)])
def test_expires_in_as_either_type(client: Client, value: str, type_: type) -> None:
    client.world.sim.play("goto-expires-in", value)
    assert client.signed_in()["expires_in"] == type_(HOUR)


@pytest.mark.parametrize(
    ("value", "at_first", "later"),
    [("documented", True, False), ("absent", False, False), ("always", True, True)],
)
def test_token_type(client: Client, value: str, at_first: bool, later: bool) -> None:
    client.world.sim.play("goto-token-type", value)
    body = client.signed_in()
    assert ("token_type" in body) is at_first
    assert ("token_type" in client.refresh(body["refresh_token"]).json()) is later


# Refusals


@pytest.mark.parametrize("pair", [None, ("else", "x"), ("{id}", "wrong"), ("", "")])
def test_an_unknown_client(client: Client, pair: tuple[str, str] | None) -> None:
    auth: Any = None if pair is None else (pair[0].format(id=client.pair[0]), pair[1])
    answer = client.web.post("/oauth/token", data={"grant_type": "refresh_token"}, auth=auth)
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client", "error_description": "client not found"}


def test_client_keys_in_the_form_are_not_enough(client: Client) -> None:
    form = {"grant_type": "x", "client_id": client.pair[0], "client_secret": client.pair[1]}
    assert client.web.post("/oauth/token", data=form).status_code == 401


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"code": "x"}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "personal_access_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "else"}, "invalid_grant"),
    ],
)
def test_what_cannot_be_granted(client: Client, form: dict[str, str], code: str) -> None:
    assert error(client.ask(**form)) == (400, code)


def test_a_body_that_is_no_form(client: Client) -> None:
    def post(**body: Any) -> httpx.Response:
        return client.web.post("/oauth/token", auth=client.pair, **body)

    assert error(post(json={"grant_type": "refresh_token"})) == (400, "invalid_request")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    twice = "grant_type=refresh_token&grant_type=x"
    assert error(post(content=twice, headers=form)) == (400, "invalid_request")
    assert error(post(content="", headers=form)) == (400, "invalid_request")


def test_a_withdrawn_access(client: Client) -> None:
    body = client.signed_in()
    client.account.revoke()
    assert client.standing(body["access_token"]) == 403
    assert error(client.refresh(body["refresh_token"])) == (400, "invalid_grant")


@pytest.mark.parametrize(("value", "status"), [("gone-404", 404), ("gone-200", 200)])
def test_the_dead_legacy_host(client: Client, value: str, status: int) -> None:
    assert client.web.post("/oauth/v2/token").status_code == 404
    client.world.sim.play("goto-sign-in", value)
    answer = client.ask(grant_type="refresh_token", refresh_token="x")
    assert answer.status_code == status
    assert "This endpoint is no longer valid, see https://" in answer.json()["message"]
    assert client.authorize().status_code == status


def test_a_fault_can_stand_in_front_of_it(client: Client) -> None:
    client.world.sim.play("fault", "goto-sign-in:status-503")
    assert client.ask(grant_type="refresh_token", refresh_token="x").status_code == 503
    assert client.standing(client.world.goto["access_token"]) == 200


# Profiles, and what is remembered


def test_the_profiles_are_as_they_are_played(start: Start) -> None:
    world = start(sessions=5, vendors=["twilio-proxy", "goto-remote-support", "goto-seeit"])
    keys = {
        "token": {"access_token"},
        "sign-in": {"client_id", "client_secret", "redirect_uri", "auth_url"},
        "pat": {"personal_access_token", "client_id", "client_secret", "auth_url"},
    }
    for way, wanted in keys.items():
        world.sim.play("goto-profiles", way)
        profiles: Any = world.sim.profiles()["profiles"]
        for name in ("goto-desk", "seeit"):
            assert set(profiles[name]) - {"provider", "base_url", "extended_sessions"} == wanted
    assert urlsplit(profiles["seeit"]["auth_url"]).path == "/goto-sign-in"


def test_nothing_secret_is_remembered(client: Client) -> None:
    body = client.signed_in()
    client.refresh(body["refresh_token"])
    told = repr(client.world.sim.requests.all())
    for secret in (body["access_token"], body["refresh_token"], client.pair[1]):
        assert secret not in told
