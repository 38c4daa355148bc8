"""Every knob of Seeit, hostile text, odd rows, and faults."""

from __future__ import annotations

import httpx
import pytest

from tests.simulator.annex import Annex, Begin
from tests.simulator.test_seeit import HOUR, REQUIRED, annex, begin, details, now, page, rows
from tui.simulator.fault_kinds import FAULTS
from tui.simulator.seeit_knobs import KNOBS
from tui.simulator.seeit_rows import FIELDS

__all__ = ["annex", "begin"]


def test_every_knob_is_the_vendors_own() -> None:
    assert all(knob.name.startswith("seeit-") and knob.help and knob.source for knob in KNOBS)


def test_null_instead_of_absent(annex: Annex) -> None:
    plain = rows(annex)
    annex.sim.play("seeit-absent", "null")
    found = rows(annex)
    for row, before in zip(found, plain, strict=True):
        assert set(row) == set(FIELDS)
        assert {name: value for name, value in row.items() if value is not None} == before
    assert rows(annex, sort="sessionEndTime")[0]["sessionEndTime"] is None


@pytest.mark.parametrize("form", ["int_err_code", "errorCode", "empty", "html"])
def test_error_bodies(annex: Annex, form: str) -> None:
    annex.sim.play("seeit-errors", form)
    made = annex.client.post("/sessions").json()["uuid"]
    token = annex.stranger(Authorization="Bearer wrong")
    for answer, status in (
        (token.get("/sessions"), 403),
        (annex.client.get("/sessions/nothing"), 404),
        (annex.client.get(f"/sessions/{made}"), 409),
        (annex.client.get("/sessions?size=x"), 400),
    ):
        assert answer.status_code == status
        if form == "empty":
            assert answer.content == b""
        elif form == "html":
            assert answer.headers["content-type"].startswith("text/html")
        else:
            assert form in answer.json()


@pytest.mark.parametrize("value", ["own", "vendor"])
def test_hosts_of_links(annex: Annex, value: str) -> None:
    annex.sim.play("seeit-host", value)
    own = annex.profile["base_url"]
    base = own if value == "own" else "https://api.citrixonline.com/seeit/v1"
    links = page(annex, page=1)["links"]
    assert len(links) == 3
    assert all(link["href"].startswith(f"{base}/sessions?page=") for link in links)


def test_exclusive_bounds(annex: Annex) -> None:
    every = rows(annex)
    query = {
        "startTime": every[20]["sessionCreateTime"],
        "endTime": every[40]["sessionCreateTime"],
    }
    annex.sim.play("seeit-bounds", "exclusive")
    assert rows(annex, **query) == every[21:40]


@pytest.mark.parametrize(("value", "seconds"), [("2s", 2), ("30s", 30), ("none", 0)])
def test_how_long_409_lasts(annex: Annex, value: str, seconds: int) -> None:
    annex.sim.play("seeit-settle", value)
    uuid = annex.client.post("/sessions").json()["uuid"]
    if seconds:
        annex.hand.pass_by(seconds=seconds - 1)
        assert annex.client.get(f"/sessions/{uuid}").status_code == 409
        annex.hand.pass_by(seconds=1)
    assert set(details(annex, uuid)) == REQUIRED | {"startUrl"}


def test_largest_page(begin: Begin) -> None:
    annex = begin(sessions=500)
    assert page(annex, size=500)["page"]["size"] == 500
    annex.sim.play("seeit-max-size", "100")
    found = page(annex, size=500)
    assert (len(found["content"]), found["page"]["size"], found["page"]["totalPages"]) == (
        100,
        100,
        2,
    )
    assert any(link["rel"] == "next" for link in found["links"])


def test_a_download_that_expires_before_the_data_goes(annex: Annex) -> None:
    annex.sim.play("seeit-download", "1h")
    found = [row for row in rows(annex) if "sessionDataDownloadUrl" in row]
    assert all(
        row["sessionDataDownloadUrlExpiration"] == row["sessionEndTime"] + HOUR for row in found
    )
    assert any(row["sessionDataDownloadUrlExpiration"] < now(annex) for row in found)


@pytest.mark.parametrize("value", ["403", "401"])
def test_what_all_of_goto_shares(annex: Annex, value: str) -> None:
    annex.sim.play("goto-auth-error", value)
    one = annex.stranger(Authorization="Bearer wrong")
    assert one.get("/sessions").status_code == int(value)
    annex.sim.play("goto-scheme", "oauth_token")
    assert annex.client.get("/sessions").status_code == int(value)


def test_hostile_text(begin: Begin) -> None:
    annex = begin(sessions=300, play={"text": "hostile"})
    found = rows(annex)
    text = repr(found)
    for evil in ("[/]", "[@click=app.quit]", "\\x1b[2J", "\\u202e", "\\ud800"):
        assert evil in text
    assert 20 < sum(len(row["supportKey"]) != 11 for row in found) < 40
    assert max(len(row.get("sessionNotes", "")) for row in found) <= 1000
    for row in found:
        assert details(annex, row["uuid"]) == row


def test_odd_rows(begin: Begin) -> None:
    clean = rows(begin(sessions=300))
    annex = begin(sessions=300, play={"rows": "odd"})
    found = rows(annex)
    assert len(found) == len(clean)
    assert sum("uuid" not in row for row in found) == 1
    assert "PAUSED" in {row.get("sessionStatus") for row in found}
    assert {type(row.get("sessionCreateTime")) for row in found} == {int, str, type(None)}
    assert sum(row == plain for row, plain in zip(found, clean, strict=True)) > len(found) / 2
    for field in FIELDS:
        assert len(rows(annex, sort=field)) == len(found)


# Those left out would fill the test's memory, or hold this client for ever.
@pytest.mark.parametrize("kind", sorted(set(FAULTS) - {"gzip-bomb", "double-gzip", "endless-1xx"}))
def test_every_fault_plays_and_ends_when_told(annex: Annex, kind: str) -> None:
    annex.sim.play("fault", f"goto-seeit:{kind}")
    short = httpx.Timeout(5, read=0.2)
    try:
        with annex.client.stream("POST", "/sessions", timeout=short):
            pass
    except httpx.HTTPError:
        pass
    seen = annex.sim.wait_for_request(lambda seen: seen.fault is not None)
    assert (seen.provider, seen.method, seen.fault) == ("goto-seeit", "POST", kind)
    annex.sim.play("fault", "none")
    assert len(rows(annex, size=60)) == 60


def test_the_next_page_can_be_elsewhere(annex: Annex) -> None:
    annex.sim.play("fault", "goto-seeit:next-link")
    links = {link["rel"]: link["href"] for link in page(annex)["links"]}
    assert links["next"].startswith(annex.sim.elsewhere)
