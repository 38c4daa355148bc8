"""The checker itself: for every vendor a call that is as documented, and broken ones that must not pass."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.contract.checker import FORM, checker
from tests.contract.contracts import CONTRACTS
from tests.contract.errors import TAKE_CONTROL_SAMPLE, TWILIO_SAMPLES
from tests.contract.tap import Call
from tests.providers.bad_input import CONTROL, GOTO, SEEIT, TRINSIC, TWILIO
from tests.providers.samples import (
    GOTO_CHAT,
    GOTO_LIST,
    SERVICE,
    TWILIO_EMPTY,
    TWILIO_INTERACTION,
    TWILIO_PARTICIPANT,
    TWILIO_SESSION,
)
from tests.providers.seeit_samples import CREATED, LISTING
from tests.providers.seeit_samples import SESSION as SEEIT_SESSION
from tests.providers.take_control_samples import CREATE_SAMPLE, HISTORY_SAMPLE
from tests.providers.trinsic_samples import DONE, SESSION, listing

SIGN_IN = "goto-sign-in"
_JSON = "application/json"
_KEYS = {
    TWILIO: (("authorization", "Basic QUM6c2VzYW1l"),),
    TRINSIC: (("authorization", "Bearer sesame"), ("trinsicauthorization", "Bearer sesame")),
    SEEIT: (("authorization", "Bearer sesame"),),
    GOTO: (("authorization", "OAuth oauth_token=sesame"),),
    CONTROL: (("integration-key", "sesame"),),
    SIGN_IN: (("authorization", f"Basic {b64encode(b'id:secret').decode()}"),),
}
_SERVICE = f"/v1/Services/{SERVICE}/Sessions"
_WINDOW = "fromTime=2026-01-05T11:00:00Z&toTime=2026-01-05T12:00:00Z"
_VARS = {"vars": ["ID", "DATE_START"], "filters": {"FILTER_ID": 7301}}
_LIST = {"orderBy": "Updated", "orderDirection": "Descending", "pageSize": 10, "page": 1}


def call(
    provider: str,
    method: str,
    path: str,
    answer: object,
    *,
    body: object = None,
    form: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Call:
    """A call as it would have passed."""
    kind = FORM if form is not None else _JSON
    sent = urlencode(form).encode() if form is not None else json.dumps(body).encode()
    bodiless = form is None and body is None
    typed = () if bodiless else (("content-type", kind),)
    headers = (("host", "127.0.0.1"), ("accept", _JSON), *typed, *_KEYS[provider])
    answered = b"" if answer is None else json.dumps(answer).encode()
    return Call(
        method,
        f"/{provider}{path}",
        headers,
        b"" if bodiless else sent,
        status,
        () if answer is None else (("content-type", _JSON),),
        answered,
    )


ONE = f"{_SERVICE}/{TWILIO_SESSION['sid']}"
PERSON = json.dumps({"Identifier": "+14155551212", "FriendlyName": "Ana"})
CREATE = call(
    TWILIO, "POST", _SERVICE, TWILIO_SESSION, status=201,
    form=[("Ttl", "60"), ("Mode", "voice-only"), ("Participants", PERSON), ("Participants", PERSON)],
)  # fmt: skip
TOKEN = call(
    SIGN_IN, "POST", "/oauth/token", {"access_token": "eyJ", "expires_in": 3600},
    form=[("grant_type", "refresh_token"), ("refresh_token", "r")],
)  # fmt: skip


def talk(*rows: dict[str, Any]) -> dict[str, Any]:
    """A page of interactions."""
    return {"interactions": [*rows], "meta": TWILIO_EMPTY["meta"]}


PAGE = call(SIGN_IN, "GET", "/oauth/authorize?client_id=id&response_type=code", None, status=302)
NOTHING_IN = {name: None for name in TWILIO_INTERACTION if name.startswith("inbound_")}
MESSAGE = {**TWILIO_INTERACTION, **NOTHING_IN, "participant_sid": TWILIO_PARTICIPANT["sid"]}
GOOD: dict[str, Call] = {
    "twilio create": CREATE,
    "twilio session": call(TWILIO, "GET", ONE, TWILIO_SESSION),
    "twilio list": call(TWILIO, "GET", f"{_SERVICE}?PageSize=100", TWILIO_EMPTY),
    "twilio people": call(
        TWILIO, "GET", f"{ONE}/Participants", {"participants": [TWILIO_PARTICIPANT], "meta": TWILIO_EMPTY["meta"]}
    ),
    "twilio talk": call(
        TWILIO,
        "GET",
        f"{ONE}/Interactions?PageSize=100",
        talk(TWILIO_INTERACTION),
    ),
    "twilio messages": call(
        TWILIO,
        "GET",
        f"{ONE}/Participants/{TWILIO_PARTICIPANT['sid']}/MessageInteractions?PageSize=100",
        talk(MESSAGE),
    ),
    "twilio delete": call(TWILIO, "DELETE", ONE, None, status=204),
    "twilio error": call(TWILIO, "GET", ONE, TWILIO_SAMPLES[0], status=404),
    "trinsic list": call(TRINSIC, "POST", "/v1/sessions/list", listing(SESSION, DONE), body=_LIST),
    "trinsic get": call(
        TRINSIC, "GET", "/v1/sessions/get?sessionId=urn%3A1", {"session": DONE}
    ),
    "trinsic error": call(
        TRINSIC, "POST", "/v1/sessions/cancel?sessionId=urn%3A1",
        [{"memberNames": None, "errorMessage": "no"}], status=400,
    ),
    "seeit list": call(SEEIT, "GET", "/sessions?startTime=1450000000000&size=50", LISTING),
    "seeit create": call(SEEIT, "POST", "/sessions", CREATED, status=201),
    "seeit session": call(SEEIT, "GET", f"/sessions/{SEEIT_SESSION['uuid']}", SEEIT_SESSION),
    "seeit error": call(SEEIT, "GET", f"/sessions/{SEEIT_SESSION['uuid']}", None, status=409),
    "goto list": call(GOTO, "GET", f"/sessions?sessionType=SCREEN_SHARING&{_WINDOW}", GOTO_LIST),
    "goto chat": call(GOTO, "GET", "/sessions/123456/events", GOTO_CHAT),
    "goto start": call(
        GOTO, "POST", "/sessions", {"startScreenSharing": {"launchUrl": "https://x"}},
        body={"sessionType": "SCREEN_SHARING", "customerName": "Ana"},
    ),
    "control history": call(
        CONTROL, "GET", "/rest/session/history", HISTORY_SAMPLE, body=_VARS
    ),
    "control create": call(
        CONTROL, "POST", "/rest/session", CREATE_SAMPLE, body={"ask_customer_info": 1}
    ),
    "control error": call(
        CONTROL, "GET", "/rest/session/history", TAKE_CONTROL_SAMPLE, body=_VARS, status=400
    ),
    "sign-in page": replace(PAGE, headers=(("host", "127.0.0.1"), ("accept", "*/*"))),
    "sign-in refresh": TOKEN,
    "sign-in error": replace(
        TOKEN, status=401, answer=b'{"error":"invalid_client","error_description":"not found"}'
    ),
}  # fmt: skip


def provider_of(one: Call) -> str:
    return one.target.split("/")[1]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one.at)
def test_the_document_loads(contract: Any) -> None:
    found = checker(contract.at).document
    assert found["paths"]
    assert contract.own == ("reconstructed" not in found["info"]["version"])


@pytest.mark.parametrize("name", GOOD)
def test_what_is_as_documented_passes(name: str) -> None:
    found = checker(provider_of(GOOD[name]))
    assert found.request(GOOD[name]) == []
    assert found.answer(GOOD[name]) == []


Change = Callable[[Call], Call]


def target(new: str) -> Change:
    return lambda one: replace(one, target=f"/{provider_of(one)}{new}")


def asked(new: object) -> Change:
    return lambda one: replace(one, body=b"" if new is None else json.dumps(new).encode())


def form(*pairs: tuple[str, str]) -> Change:
    return lambda one: replace(one, body=urlencode(pairs).encode())


def without(name: str) -> Change:
    return lambda one: replace(one, headers=tuple(pair for pair in one.headers if pair[0] != name))


def header(name: str, value: str) -> Change:
    return lambda one: replace(
        without(name)(one), headers=(*without(name)(one).headers, (name, value))
    )


def answered(new: object, status: int | None = None) -> Change:
    def change(one: Call) -> Call:
        body = new if isinstance(new, bytes) else json.dumps(new).encode()
        return replace(one, answer=body, status=status or one.status)

    return change


def typed(kind: str) -> Change:
    return lambda one: replace(one, answer_headers=(("content-type", kind),))


BAD_REQUESTS: list[tuple[str, Change]] = [
    ("twilio create", header("content-type", _JSON)),
    ("twilio create", form(("Ttl", "soon"))),
    ("twilio create", form(("Ttl", "60"), ("Ttl", "60"))),
    ("twilio create", form(("ttl", "60"))),
    ("twilio create", form(("Mode", "shouting"))),
    ("twilio create", form(("DateExpiry", "tomorrow"))),
    ("twilio create", form(("Participants", "+14155551212"))),
    ("twilio create", form(("Participants", '{"FriendlyName":"Ana"}'))),
    ("twilio create", form(("Participants", '{"Identifier":"a","Name":"Ana"}'))),
    ("twilio create", form(*[("Participants", PERSON)] * 3)),
    ("twilio list", target(f"{_SERVICE}?PageSize=0")),
    ("twilio list", target(f"{_SERVICE}?Status=open")),
    ("twilio list", target("/v1/Services/KS1/Sessions")),
    ("twilio list", target(f"/v2/Services/{SERVICE}/Sessions")),
    ("twilio list", lambda one: replace(one, method="PUT")),
    ("twilio list", header("authorization", "Bearer sesame")),
    ("twilio list", without("authorization")),
    ("twilio list", without("accept")),
    ("twilio list", header("x-trace", "1")),
    ("twilio delete", asked({})),
    ("trinsic list", without("trinsicauthorization")),
    ("trinsic list", without("authorization")),
    ("trinsic list", header("trinsicauthorization", "sesame")),
    ("trinsic list", header("content-type", FORM)),
    ("trinsic list", asked({**_LIST, "pageSize": 11})),
    ("trinsic list", asked({**_LIST, "page": 0})),
    ("trinsic list", asked({**_LIST, "orderBy": "updated"})),
    ("trinsic list", asked({**_LIST, "since": 1})),
    ("trinsic list", asked({"orderBy": "Updated"})),
    ("trinsic get", target("/v1/sessions/get?sessionId=urn")),
    ("trinsic get", target("/v1/sessions/get?id=urn%3A1")),
    ("trinsic get", target("/v1/sessions/urn%3A1")),
    ("trinsic error", asked({})),
    ("seeit list", target("/sessions?startTime=2015-12-13")),
    ("seeit list", target("/sessions?since=1")),
    ("seeit list", without("authorization")),
    ("seeit create", asked({"technicianEmail": "x"})),
    ("seeit session", target("/sessions/123-456-789")),
    ("goto list", target(f"/sessions?{_WINDOW}")),
    ("goto list", target(f"/sessions?sessionType=WEB_CHAT&{_WINDOW}")),
    ("goto list", target("/sessions?sessionType=SCREEN_SHARING")),
    ("goto list", target(f"/sessions?sessionType=SCREEN_SHARING&{_WINDOW}&limit=5")),
    ("goto list", header("authorization", "sesame")),
    ("goto start", asked({"customerName": "Ana"})),
    ("goto start", asked({"sessionType": "SCREEN_SHARING", "partnerObject": 7})),
    ("goto start", asked({"sessionType": "SCREEN_SHARING", "customer": "Ana"})),
    ("goto start", asked(None)),
    # The history is a GET, and its body is looked at all the same (sheet take-control 4.8).
    ("control history", asked(None)),
    ("control history", asked({})),
    ("control history", asked({"vars": "ID DATE_START"})),
    ("control history", asked({"vars": ["ID", "SESSION_ID"]})),
    ("control history", asked({"vars": ["ID"], "filters": {"FILTER_ID": "7301"}})),
    ("control history", asked({"vars": ["ID"], "filters": {"FILTER_END": "2026-01-05"}})),
    ("control history", lambda one: replace(one, body=b"vars=ID")),
    ("control history", without("content-type")),
    ("control history", without("integration-key")),
    ("control create", asked({"ask_customer_info": True})),
    ("control create", asked({"customer_name": "x" * 129})),
    ("control create", asked({"name": "x"})),
    ("sign-in page", header("authorization", "Basic aWQ6c2VjcmV0")),
    ("sign-in page", target("/oauth/authorize?client_id=id")),
    ("sign-in page", target("/oauth/authorize?client_id=id&response_type=token")),
    ("sign-in page", target("/oauth/authorize?client_id=id&response_type=code&code_challenge=x")),
    ("sign-in refresh", form(("grant_type", "refresh_token"))),
    ("sign-in refresh", form(("grant_type", "password"), ("refresh_token", "r"))),
    ("sign-in refresh", form(("grant_type", "refresh_token"), ("refresh_token", "r"), ("a", "b"))),
    ("sign-in refresh", without("authorization")),
    ("sign-in refresh", header("content-type", _JSON)),
]


@pytest.mark.parametrize(("name", "change"), BAD_REQUESTS)
def test_a_broken_request_is_told(name: str, change: Change) -> None:
    broken = change(GOOD[name])
    assert broken != GOOD[name]
    assert checker(provider_of(broken)).request(broken)


def bent(sample: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**sample, **changes}


BAD_ANSWERS: list[tuple[str, Change]] = [
    ("twilio session", answered(bent(TWILIO_SESSION, status="paused"))),
    ("twilio session", answered(bent(TWILIO_SESSION, sid="KC1"))),
    ("twilio session", answered(bent(TWILIO_SESSION, ttl="3600"))),
    ("twilio session", answered(bent(TWILIO_SESSION, ttl=None))),
    ("twilio session", answered(bent(TWILIO_SESSION, date_created="yesterday"))),
    ("twilio session", answered(bent(TWILIO_SESSION, customer="Ana"))),
    ("twilio session", answered([TWILIO_SESSION])),
    ("twilio session", answered({k: v for k, v in TWILIO_SESSION.items() if k != "closed_reason"})),
    ("twilio session", answered(b"")),
    ("twilio session", typed("text/html")),
    ("twilio session", answered(TWILIO_SESSION, 201)),
    ("twilio list", answered({**TWILIO_EMPTY, "sessions": [bent(TWILIO_SESSION, mode="x")]})),
    ("twilio list", answered({**TWILIO_EMPTY, "total": 0})),
    ("twilio talk", answered(talk(bent(TWILIO_INTERACTION, data={})))),
    ("twilio talk", answered(talk({**TWILIO_INTERACTION, **NOTHING_IN}))),
    ("twilio messages", answered(talk(bent(MESSAGE, inbound_resource_status="")))),
    ("twilio messages", answered(talk(bent(MESSAGE, outbound_resource_status=None)))),
    ("twilio messages", answered({**talk(), "message_interactions": [MESSAGE]})),
    ("twilio delete", answered({}, 204)),
    ("twilio error", answered(bent(TWILIO_SAMPLES[0], status=400))),
    ("twilio error", answered(bent(TWILIO_SAMPLES[0], code=80608))),
    ("twilio error", answered(bent(TWILIO_SAMPLES[0], more_info="https://example.com"))),
    ("twilio error", answered({"message": "no"})),
    ("twilio error", answered(TWILIO_SAMPLES[0], 418)),
    ("twilio error", answered(b"")),
    ("trinsic list", answered(listing(bent(SESSION, state="IdvCanceled")))),
    ("trinsic list", answered(listing(bent(SESSION, verifications=[])))),
    ("trinsic list", answered(listing(bent(SESSION, created="1718271291")))),
    ("trinsic list", answered(listing(bent(SESSION, failCode=None)))),
    ("trinsic list", answered(listing(SESSION, next=2))),
    ("trinsic get", answered({"session": None})),
    ("trinsic error", answered({"message": "no"})),
    ("trinsic error", answered({"message": 1}, 401)),
    ("trinsic error", answered({"message": "no"}, 403)),
    ("seeit list", answered([])),
    ("seeit list", answered({"content": [], "links": []})),
    ("seeit list", answered({**LISTING, "links": {"self": "x"}})),
    ("seeit list", answered({**LISTING, "content": [bent(SEEIT_SESSION, sessionStatus="OPEN")]})),
    ("seeit list", answered({**LISTING, "content": ["x"]})),
    ("seeit create", answered(CREATED, 200)),
    ("seeit create", answered({"uuid": CREATED["uuid"]})),
    ("seeit session", answered(bent(SEEIT_SESSION, sessionCreateTime="1450000000000"))),
    ("seeit session", answered(bent(SEEIT_SESSION, sessionRecorded="true"))),
    ("seeit session", answered(bent(SEEIT_SESSION, uuid="1"))),
    ("seeit session", answered(bent(SEEIT_SESSION, customer="Ana"))),
    ("seeit error", answered({"error": "no"})),
    ("goto list", answered({"sessions": []})),
    ("goto list", answered(GOTO_LIST["sessions"])),
    ("goto list", answered(bent(GOTO_LIST, next="x"))),
    ("goto list", answered({**GOTO_LIST, "sessions": [{"sessionType": "x", "status": "open"}]})),
    ("goto chat", answered(GOTO_CHAT["events"])),
    ("goto start", answered({"launchUrl": "https://x"})),
    ("goto start", answered({"startScreenSharing": {"launchUrl": "https://x"}}, 201)),
    ("control history", answered({"details": []})),
    ("control history", answered({"result": "OK", "details": []})),
    ("control history", answered({"result": "SUCCESS", "details": "none"})),
    ("control history", answered({"result": "SUCCESS", "details": [{"COMPUTER_NAME": "VM2"}]})),
    ("control create", answered({"result": "SUCCESS", "details": {"nrequests": 1}})),
    ("control create", answered(CREATE_SAMPLE, 201)),
    ("control error", answered({"error": "no"})),
    ("sign-in page", answered(b"<html>", 302)),
    ("sign-in page", answered(b"", 200)),
    ("sign-in refresh", answered({"access_token": "eyJ", "expires_in": "3600"})),
    ("sign-in refresh", answered({"access_token": "eyJ"})),
    ("sign-in error", answered({"message": "no"})),
    ("sign-in error", lambda one: typed("text/html")(answered(b"<html>", 400)(one))),
]


@pytest.mark.parametrize(("name", "change"), BAD_ANSWERS)
def test_a_broken_answer_is_told(name: str, change: Change) -> None:
    broken = change(GOOD[name])
    assert broken != GOOD[name]
    assert checker(provider_of(broken)).answer(broken)


def test_every_vendor_has_a_broken_request_and_a_broken_answer() -> None:
    vendors = {one.at for one in CONTRACTS}
    for table in (BAD_REQUESTS, BAD_ANSWERS):
        assert {provider_of(GOOD[name]) for name, _ in table} == vendors


def test_a_call_is_known_by_its_form_and_not_by_whose_id_is_in_it() -> None:
    one, found = GOOD["twilio list"], checker(TWILIO)
    other = target(f"/v1/Services/KS{'0' * 31}7/Sessions?PageSize=100")(one)
    assert found.request(one) == found.request(other) == []
    for digits in ("0" * 31, "0" * 33, "0" * 31 + "g"):
        assert found.request(target(f"/v1/Services/KS{digits}/Sessions?PageSize=100")(one))
