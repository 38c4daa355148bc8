"""Every knob of Trinsic Connect, hostile text, odd rows, and faults."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.simulator.annex import Annex, Begin
from tests.simulator.test_trinsic import (
    LIST,
    annex,
    begin,
    canceled,
    created,
    everything,
    fetched,
    listed,
    only,
)
from tui.simulator.fault_kinds import FAULTS
from tui.simulator.trinsic_knobs import KNOBS

__all__ = ["annex", "begin"]

UNKNOWN = "urn:trinsic:idvsession:00000000-0000-4000-8000-000000000000"


def test_every_knob_is_the_vendors_own() -> None:
    assert all(knob.name.startswith("trinsic-") and knob.help and knob.source for knob in KNOBS)


@pytest.mark.parametrize(("value", "kind"), [("400", list), ("404", dict)])
def test_unknown_ids(annex: Annex, value: str, kind: type) -> None:
    annex.sim.play("trinsic-unknown-id", value)
    for answer in (
        annex.client.get("/v1/sessions/get", params={"sessionId": UNKNOWN}),
        canceled(annex, UNKNOWN),
    ):
        assert answer.status_code == int(value)
        assert isinstance(answer.json(), kind)


@pytest.mark.parametrize("value", ["400", "409"])
def test_a_refused_cancel(annex: Annex, value: str) -> None:
    annex.sim.play("trinsic-cancel-refused", value)
    name = created(annex)["id"]
    assert canceled(annex, name).status_code == 200
    assert canceled(annex, name).status_code == int(value)


@pytest.mark.parametrize("value", ["RpcCanceled", "RpCanceled"])
def test_the_spelling_of_a_cancel(annex: Annex, value: str) -> None:
    annex.sim.play("trinsic-cancel-code", value)
    name = created(annex)["id"]
    assert canceled(annex, name).json()["session"]["failCode"] == f"SessionFail{value}"
    assert fetched(annex, name)["failCode"] == f"SessionFail{value}"


def test_total_and_more_missing(annex: Annex) -> None:
    rows = listed(annex)["sessions"]
    annex.sim.play("trinsic-total", "missing")
    assert listed(annex) == {"sessions": rows}


def test_fail_code_absent(annex: Annex) -> None:
    annex.sim.play("trinsic-fail-code", "absent")
    page: list[dict[str, Any]] = [r for n in range(1, 7) for r in listed(annex, page=n)["sessions"]]
    for row in page:
        assert ("failCode" in row) == (row["state"] == "IdvFailed")
    assert len({row["state"] for row in page}) == 6


@pytest.mark.parametrize("value", ["application/json", "text/plain", "text/json"])
def test_content_types(annex: Annex, value: str) -> None:
    annex.sim.play("trinsic-content-type", value)
    answer = annex.client.post("/v1/sessions/list", json=LIST)
    assert answer.headers["content-type"] == f"{value}; charset=utf-8"
    assert answer.json()["total"] == 60
    refused = annex.client.post("/v1/sessions/list", json={})
    assert refused.headers["content-type"] == "application/json"


def test_a_page_past_the_end(annex: Annex) -> None:
    last = listed(annex, page=6)
    assert listed(annex, page=7) == {"total": 60, "more": False, "sessions": []}
    annex.sim.play("trinsic-past-end", "last")
    assert listed(annex, page=7) == last
    annex.sim.play("trinsic-past-end", "400")
    answer = annex.client.post("/v1/sessions/list", json=LIST | {"page": 7})
    assert (answer.status_code, answer.json()[0]["memberNames"]) == (400, ["Page"])
    assert listed(annex, page=6) == last


def test_the_second_header(annex: Annex) -> None:
    good = f"Bearer {annex.profile['api_key']}"
    one = annex.stranger(Authorization=good)
    ask = "/v1/sessions/list"
    annex.sim.play("trinsic-second-header", "ignored")
    assert one.post(ask, json=LIST).status_code == 200
    annex.sim.play("trinsic-second-header", "same")
    assert one.post(ask, json=LIST).status_code == 400
    for value, status in (("", 401), ("Bearer other", 401), (good, 200)):
        answer = one.post(ask, json=LIST, headers={"TrinsicAuthorization": value})
        assert answer.status_code == status


def test_bare_lists(annex: Annex) -> None:
    full = {row["id"]: row for row in everything(annex)}
    annex.sim.play("trinsic-list-data", "bare")
    for row in everything(annex):
        assert row["clientToken"] is row["resultVp"] is None
        assert "normalizedGovernmentIdData" not in only(row)
        assert fetched(annex, row["id"]) == full[row["id"]]


def test_member_names_in_camel_case(annex: Annex) -> None:
    annex.sim.play("trinsic-member-names", "camel")
    answer = annex.client.post("/v1/sessions/list", json=LIST | {"pageSize": 99})
    assert answer.json()[0]["memberNames"] == ["pageSize"]
    body = {"verifications": [{"type": "GovernmentId", "governmentIdOptions": {"country": 0}}]}
    answer = annex.client.post("/v1/sessions", json=body)
    assert answer.json()[0]["memberNames"] == ["verifications[0].governmentIdOptions.country"]


def test_ties_in_any_order(annex: Annex) -> None:
    plain = everything(annex, orderBy="State")
    annex.sim.play("trinsic-ties", "shuffled")
    mixed = everything(annex, orderBy="State")
    assert [row["state"] for row in mixed] == [row["state"] for row in plain]
    assert [row["id"] for row in mixed] != [row["id"] for row in plain]
    assert mixed == everything(annex, orderBy="State")


def test_hostile_text(begin: Begin) -> None:
    annex = begin(sessions=300, play={"text": "hostile"})
    rows = everything(annex)
    text = repr(rows)
    for evil in ("[/]", "[@click=app.quit]", "\\x1b[2J", "\\u202e", "\\ud800"):
        assert evil in text
    tokens = [row["clientToken"] for row in rows]
    assert 20 < sum(not token.isascii() or not token.isprintable() for token in tokens) < 70
    for row in rows:
        assert row["id"].isprintable()
        assert fetched(annex, row["id"]) == row
        only(row)


def test_odd_rows(begin: Begin) -> None:
    clean = everything(begin(sessions=300))
    annex = begin(sessions=300, play={"rows": "odd"})
    rows = everything(annex)
    assert len(rows) == len(clean)
    assert sum("id" not in row for row in rows) == 1
    assert "IdvPaused" in {row.get("state") for row in rows}
    assert {type(row["verifications"]) for row in rows} == {dict, list, type(None)}
    assert {type(row["created"]) for row in rows} == {int, str}
    assert sum(row == plain for row, plain in zip(rows, clean, strict=True)) > len(rows) / 2


# Those left out would fill the test's memory, or hold this client for ever.
@pytest.mark.parametrize("kind", sorted(set(FAULTS) - {"gzip-bomb", "double-gzip", "endless-1xx"}))
def test_every_fault_reaches_a_write_and_ends_when_told(annex: Annex, kind: str) -> None:
    annex.sim.play("fault", f"trinsic-connect:{kind}")
    short = httpx.Timeout(5, read=0.2)
    try:
        with annex.client.stream("POST", "/v1/sessions/list", json=LIST, timeout=short):
            pass
    except httpx.HTTPError:
        pass
    seen = annex.sim.wait_for_request(lambda seen: seen.fault is not None)
    assert (seen.provider, seen.method, seen.fault) == ("trinsic-connect", "POST", kind)
    annex.sim.play("fault", "none")
    assert listed(annex)["total"] == 60
