"""Requests that no client of ours sends, and the status that each deserves: what the simulator answers to them is held
against the documents and sheets too. Some are good: what else the simulator serves. See `places` for their paths."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from json import dumps
from typing import Any
from urllib.parse import urlencode

from tests.contract.sign_in_calls import SIGN_IN
from tests.providers.bad_input import CONTROL, GOTO, SEEIT, TRINSIC, TWILIO, Desk
from tests.providers.twilio_writing import PEOPLE
from tui.simulator.goto_tokens import REDIRECT_URI, GotoTokens

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
Headers = Mapping[str, str]
Form = tuple[tuple[str, str], ...]
_NOBODY = "KC" + "0" * 32
_UUID = "3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10"


def signed(desk: Desk, provider: str, path: str = "") -> dict[str, str]:
    """The headers of the simulator's own good profile."""
    if provider == SIGN_IN:
        return _basic(*_client(desk))
    told = desk.told(provider)
    match provider:
        case "twilio-proxy":
            return _basic(told["account_sid"], told["auth_token"])
        case "trinsic-connect":
            return _trinsic(told["api_key"])
        case "take-control":
            return {"INTEGRATION-KEY": told["private_key" if "history" in path else "public_key"]}
        case _:
            return {"Authorization": f"Bearer {told['access_token']}"}


def _basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def _client(desk: Desk) -> tuple[str, str]:
    """The one OAuth client that GoTo's sign-in server knows."""
    account = GotoTokens.of(_vendor(desk, GOTO).stage)
    return account.client_id, account.client_secret


def _trinsic(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "TrinsicAuthorization": f"Bearer {key}"}


Keys = Callable[[Desk], Headers]


@dataclass(frozen=True)
class Asked:
    """`path` may name a `{service}`, a `{session}` or others of `places`. `keys` in place of the good ones. `beyond`
    says why the vendor takes, by its status, what its document does not have."""

    provider: str
    status: int
    method: str
    path: str
    json: Any = None
    form: Form | None = None
    raw: bytes | None = None
    keys: Keys | None = None
    headers: Headers = field(default_factory=dict)
    beyond: str = ""

    def body(self) -> tuple[bytes, dict[str, str]]:
        """The body's bytes and its type."""
        if self.form is not None:
            return urlencode(self.form).encode(), {"Content-Type": FORM}
        return self.raw or b"", {}


def _token(name: str) -> Keys:
    """A token of a GoTo product that does not do."""

    def keys(desk: Desk) -> Headers:
        (provider,) = [one for one in (SEEIT, GOTO) if name.startswith(one)]
        vendor: Any = desk.simulator.vendors[provider]
        token = getattr(vendor, name.removeprefix(provider).strip("."))
        return {"Authorization": f"Bearer {token}"}

    return keys


def _nobody(desk: Desk) -> Headers:
    return {}


def _vendor(desk: Desk, provider: str) -> Any:
    return desk.simulator.vendors[provider]


_SESSIONS = "/v1/Services/{service}/Sessions"
_ONE = _SESSIONS + "/{session}"
_MESSAGES = _ONE + "/Participants/{participant}/MessageInteractions"


def _create(status: int, *pairs: tuple[str, str]) -> Asked:
    return Asked(TWILIO, status, "POST", _SESSIONS, form=pairs)


def _person(**fields: str) -> tuple[str, str]:
    return ("Participants", dumps(fields))


_WARNED = "sheet twilio 1.3: an unknown name is ignored, with a warning in the debugger (20001)"
_ANA, _BO = (_person(Identifier=one["identifier"]) for one in PEOPLE)

TWILIO_ASKED: tuple[Asked, ...] = (
    Asked(TWILIO, 401, "GET", "/v1/Services", keys=_nobody),
    Asked(TWILIO, 401, "GET", "/v1/Services", keys=lambda desk: _basic("AC" + "0" * 32, "x")),
    Asked(
        TWILIO,
        401,
        "GET",
        "/v1/Services",
        keys=lambda desk: _basic(desk.told(TWILIO)["account_sid"], "wrong"),
    ),
    Asked(TWILIO, 404, "GET", "/v1/Nothing"),
    Asked(TWILIO, 404, "GET", "/v1/Services/KS" + "0" * 32),
    Asked(TWILIO, 404, "GET", "/v1/Services/KS" + "0" * 32 + "/Sessions"),
    Asked(TWILIO, 404, "GET", f"{_SESSIONS}/{_NOBODY}"),
    Asked(TWILIO, 404, "GET", f"{_SESSIONS}/{_NOBODY}/Participants"),
    Asked(TWILIO, 404, "GET", f"{_SESSIONS}/{_NOBODY}/Interactions"),
    Asked(TWILIO, 404, "GET", _ONE + "/Participants/KP" + "0" * 32),
    Asked(TWILIO, 404, "GET", _ONE + "/Interactions/KI" + "0" * 32),
    Asked(TWILIO, 404, "GET", _ONE + "/Participants/KP" + "0" * 32 + "/MessageInteractions"),
    Asked(TWILIO, 404, "GET", _MESSAGES + "/KI" + "0" * 32),
    Asked(
        TWILIO,
        404,
        "GET",
        f"{_SESSIONS}/{_NOBODY}/Participants/{{participant}}/MessageInteractions",
    ),
    Asked(TWILIO, 400, "GET", _MESSAGES + "?PageSize=0"),
    Asked(TWILIO, 405, "PUT", _MESSAGES),
    Asked(TWILIO, 404, "POST", f"{_SESSIONS}/{_NOBODY}", form=(("Ttl", "60"),)),
    Asked(TWILIO, 404, "DELETE", f"{_SESSIONS}/{_NOBODY}"),
    Asked(TWILIO, 400, "DELETE", f"{_SESSIONS}/KC1"),
    Asked(TWILIO, 405, "PUT", "/v1/Services"),
    Asked(TWILIO, 405, "PATCH", _ONE),
    Asked(TWILIO, 400, "GET", f"{_SESSIONS}?PageSize=0"),
    Asked(TWILIO, 400, "GET", f"{_SESSIONS}?PageSize=1001"),
    Asked(TWILIO, 400, "GET", f"{_SESSIONS}?PageToken=none"),
    _create(400, ("Ttl", "soon")),
    _create(400, ("Ttl", "0")),
    _create(400, ("Mode", "shouting")),
    _create(400, ("DateExpiry", "2016-07-31")),
    _create(400, ("UniqueName", "x" * 192)),
    _create(400, _ANA, _BO, _person(Identifier="+14155550000")),
    _create(400, _ANA, _ANA),
    _create(400, _person(FriendlyName="Ana")),
    _create(400, ("Participants", "+14155551212")),
    _create(201, ("UniqueName", "taken")),
    _create(400, ("UniqueName", "taken")),
    Asked(
        TWILIO,
        201,
        "POST",
        _SESSIONS,
        json={"Ttl": 60},
        beyond="sheet twilio 1.1: fields are read from a form; such a body has none, and none is required",
    ),
    Asked(TWILIO, 201, "POST", _SESSIONS, form=(("Colour", "red"),), beyond=_WARNED),
    Asked(TWILIO, 200, "GET", f"{_SESSIONS}?Status=open", beyond=_WARNED),
    Asked(TWILIO, 400, "POST", _ONE, form=(("Status", "paused"),)),
    Asked(TWILIO, 400, "POST", _ONE, form=(("Status", "failed"),)),
    Asked(TWILIO, 200, "GET", "/v1/Services/{service}"),
    Asked(TWILIO, 200, "GET", _ONE + "/Participants/{participant}"),
    Asked(TWILIO, 200, "GET", _ONE + "/Interactions/{interaction}"),
    Asked(TWILIO, 200, "GET", _MESSAGES + "/{message}"),
)

_LIST = {"orderBy": "Created", "orderDirection": "Ascending"}

TRINSIC_ASKED: tuple[Asked, ...] = (
    Asked(TRINSIC, 401, "POST", "/v1/sessions/list", json=_LIST, keys=_nobody),
    Asked(
        TRINSIC,
        401,
        "GET",
        "/v1/sessions/get?sessionId=urn:x",
        keys=lambda desk: _trinsic(_vendor(desk, TRINSIC).revoked_key),
    ),
    Asked(
        TRINSIC,
        403,
        "POST",
        "/v1/sessions",
        json={},
        keys=lambda desk: _trinsic(_vendor(desk, TRINSIC).roleless_key),
    ),
    Asked(
        TRINSIC,
        400,
        "POST",
        "/v1/sessions",
        json={},
        keys=lambda desk: {"Authorization": f"Bearer {_vendor(desk, TRINSIC).good_key}"},
    ),
    Asked(TRINSIC, 400, "POST", "/v1/sessions/list", json={}),
    Asked(TRINSIC, 400, "POST", "/v1/sessions/list", json={**_LIST, "pageSize": 11}),
    Asked(TRINSIC, 400, "POST", "/v1/sessions/list", json={**_LIST, "page": 0}),
    Asked(TRINSIC, 400, "POST", "/v1/sessions/list", json={**_LIST, "since": 1}),
    Asked(TRINSIC, 400, "POST", "/v1/sessions/list", raw=b"{", headers={"Content-Type": JSON}),
    Asked(TRINSIC, 415, "POST", "/v1/sessions/list", raw=b"{}", headers={"Content-Type": FORM}),
    Asked(TRINSIC, 400, "POST", "/v1/sessions", json={"verifications": [{"type": "Passport"}]}),
    Asked(TRINSIC, 400, "GET", "/v1/sessions/get"),
    Asked(TRINSIC, 400, "GET", "/v1/sessions/get?sessionId=abcd"),
    Asked(TRINSIC, 400, "GET", "/v1/sessions/get?sessionId=urn:no:one"),
    Asked(TRINSIC, 400, "POST", "/v1/sessions/cancel?sessionId=urn:no:one"),
    Asked(TRINSIC, 404, "GET", "/v1/sessions/1"),
    Asked(TRINSIC, 405, "GET", "/v1/sessions"),
)

_WINDOW = "fromTime=2026-01-05T11:00:00Z&toTime=2026-01-05T12:00:00Z"
_SCREEN = "sessionType=SCREEN_SHARING"
_LINK = {
    "systemName": "CRM",
    "systemDomain": "crm.example.com",
    "userEmail": "a@example.com",
    "userToken": "t",
    "callbackURL": "https://crm.example.com/goto",
}

GOTO_ASKED: tuple[Asked, ...] = (
    Asked(SEEIT, 403, "GET", "/sessions", keys=_nobody),
    Asked(SEEIT, 403, "POST", "/sessions", keys=_token("goto-seeit.expired_token")),
    Asked(SEEIT, 401, "GET", "/sessions", keys=_token("goto-seeit.seatless_token")),
    Asked(SEEIT, 403, "GET", f"/sessions/{_UUID}", keys=_token("goto-seeit.roleless_token")),
    Asked(SEEIT, 404, "GET", f"/sessions/{_UUID}"),
    Asked(SEEIT, 404, "GET", "/sessions/123-456-789"),
    Asked(SEEIT, 404, "GET", "/snapshots"),
    Asked(SEEIT, 405, "DELETE", f"/sessions/{_UUID}"),
    Asked(SEEIT, 400, "GET", "/sessions?startTime=yesterday"),
    Asked(SEEIT, 400, "GET", "/sessions?size=0"),
    Asked(SEEIT, 400, "GET", "/sessions?sort=customer"),
    Asked(GOTO, 403, "GET", f"/sessions?{_SCREEN}&{_WINDOW}", keys=_nobody),
    Asked(
        GOTO, 403, "GET", f"/extendedsessions?{_WINDOW}",
        keys=_token("goto-remote-support.expired_token"),
    ),
    Asked(
        GOTO, 401, "GET", "/sessions/SS-87555",
        keys=_token("goto-remote-support.seatless_token"),
    ),
    Asked(
        GOTO, 403, "POST", "/sessions", json={"sessionType": "SCREEN_SHARING"},
        keys=_token("goto-remote-support.roleless_token"),
    ),
    Asked(GOTO, 400, "GET", f"/sessions?{_WINDOW}"),
    Asked(GOTO, 400, "GET", f"/sessions?sessionType=WEB_CHAT&{_WINDOW}"),
    Asked(GOTO, 400, "GET", f"/sessions?{_SCREEN}"),
    Asked(
        GOTO, 400, "GET",
        f"/sessions?{_SCREEN}&fromTime=2026-01-05T11:00:00.000Z&toTime=2026-01-05T12:00:00Z",
    ),
    Asked(GOTO, 404, "GET", "/sessions/SS-0"),
    Asked(GOTO, 404, "GET", "/sessions/SS-0/events"),
    Asked(GOTO, 404, "GET", "/companies"),
    Asked(GOTO, 405, "PUT", "/sessions"),
    Asked(GOTO, 400, "POST", "/sessions", json={}),
    Asked(GOTO, 400, "POST", "/sessions", raw=b"{", headers={"Content-Type": JSON}),
    Asked(GOTO, 400, "POST", "/sessions", raw=b'{"sessionType":"SCREEN_SHARING"}'),
    Asked(GOTO, 400, "POST", "/sessions", json={"sessionType": "SCREEN_SHARING", "partnerObject": 7}),
    Asked(GOTO, 400, "POST", "/sessions", json={"sessionType": "WEB_CHAT"}),
    Asked(GOTO, 200, "POST", "/sessions", json={"sessionType": "screen_sharing"}),
    Asked(GOTO, 404, "POST", "/sessions", json={"sessionType": "SCREEN_SHARING", "machineUuid": _UUID}),
    Asked(GOTO, 400, "GET", "/systemLinks"),
    Asked(GOTO, 400, "POST", "/systemLinks", json={**_LINK, "callbackURL": "here"}),
    Asked(GOTO, 200, "POST", "/systemLinks", json=_LINK),
)  # fmt: skip

_HISTORY = "/rest/session/history"
_VARS = {"vars": ["DATE_START"]}

CONTROL_ASKED: tuple[Asked, ...] = (
    Asked(CONTROL, 403, "GET", _HISTORY, json=_VARS, keys=_nobody),
    Asked(CONTROL, 403, "GET", _HISTORY, json=_VARS, keys=lambda desk: signed(desk, CONTROL)),
    Asked(CONTROL, 403, "POST", "/rest/session", keys=lambda desk: signed(desk, CONTROL, _HISTORY)),
    Asked(
        CONTROL,
        403,
        "GET",
        _HISTORY,
        json=_VARS,
        keys=lambda desk: {"INTEGRATION-KEY": _vendor(desk, CONTROL).expired_key},
    ),
    Asked(CONTROL, 400, "GET", _HISTORY),
    Asked(CONTROL, 400, "GET", _HISTORY, raw=b"vars=ID", headers={"Content-Type": JSON}),
    Asked(CONTROL, 400, "GET", _HISTORY, raw=b'{"vars":["DATE_START"]}'),
    Asked(CONTROL, 400, "GET", _HISTORY, json={}),
    Asked(CONTROL, 400, "GET", _HISTORY, json={"vars": ["SESSION_ID"]}),
    Asked(CONTROL, 400, "GET", _HISTORY, json={**_VARS, "filters": {"FILTER_END": "x"}}),
    Asked(CONTROL, 400, "GET", _HISTORY, json={**_VARS, "filters": {"FILTER_ID": "one"}}),
    Asked(CONTROL, 400, "GET", _HISTORY, json={**_VARS, "filters": {"FILTER_ID": "7301"}}),
    Asked(CONTROL, 400, "POST", "/rest/session", raw=b"{}"),
    Asked(CONTROL, 400, "POST", "/rest/session", json={"customer_name": None}),
    Asked(CONTROL, 400, "POST", "/rest/session", json={"technician_username": "7"}),
    Asked(CONTROL, 400, "POST", "/rest/session", json={"customer_name": "x" * 129}),
    Asked(CONTROL, 400, "POST", "/rest/session", json=[]),
    Asked(CONTROL, 405, "POST", _HISTORY, json=_VARS),
    Asked(CONTROL, 404, "GET", "/rest/session/queue"),
)

_TOKEN = "/oauth/token"
_PAGE = "/oauth/authorize?client_id={client}&response_type=code"


def _token_for(status: int, *pairs: tuple[str, str], keys: Keys | None = None) -> Asked:
    return Asked(SIGN_IN, status, "POST", _TOKEN, form=pairs, keys=keys)


SIGN_IN_ASKED: tuple[Asked, ...] = (
    Asked(SIGN_IN, 400, "GET", "/oauth/authorize", keys=_nobody),
    Asked(SIGN_IN, 400, "GET", "/oauth/authorize?client_id=nobody", keys=_nobody),
    Asked(SIGN_IN, 400, "GET", f"{_PAGE}&redirect_uri=https://evil.example/", keys=_nobody),
    Asked(
        SIGN_IN,
        302,
        "GET",
        "/oauth/authorize?client_id={client}",
        keys=_nobody,
        beyond="RFC 6749 4.1.2.1: what is wrong with it is told where it leads to",
    ),
    Asked(SIGN_IN, 302, "GET", f"{_PAGE}&redirect_uri={REDIRECT_URI}&state=s", keys=_nobody),
    _token_for(401, ("grant_type", "refresh_token"), keys=_nobody),
    _token_for(401, ("grant_type", "refresh_token"), keys=lambda desk: _basic("nobody", "x")),
    _token_for(401, keys=lambda desk: _basic(_client(desk)[0], "wrong")),
    _token_for(400),
    _token_for(400, ("grant_type", "client_credentials")),
    _token_for(400, ("grant_type", "authorization_code")),
    _token_for(400, ("grant_type", "authorization_code"), ("code", "none")),
    _token_for(400, ("grant_type", "refresh_token")),
    _token_for(400, ("grant_type", "refresh_token"), ("refresh_token", "none")),
    _token_for(400, ("grant_type", "personal_access_token"), ("pat", "none")),
    _token_for(400, ("grant_type", "refresh_token"), ("grant_type", "refresh_token")),
    Asked(SIGN_IN, 400, "POST", _TOKEN, json={"grant_type": "refresh_token"}),
    Asked(SIGN_IN, 405, "GET", _TOKEN),
    Asked(SIGN_IN, 404, "GET", "/oauth/revoke"),
    # Dead since 2025, and no part of the document (sheet goto 3.1).
    Asked(SIGN_IN, 404, "GET", "/oauth/v2/authorize"),
    Asked(SIGN_IN, 404, "POST", "/oauth/v2/token"),
)

ASKED = (*TWILIO_ASKED, *TRINSIC_ASKED, *GOTO_ASKED, *CONTROL_ASKED, *SIGN_IN_ASKED)
