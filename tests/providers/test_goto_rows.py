"""Remote Support's rows: the vendor's sample, its states, and every reading that its documents leave open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.providers.samples import GOTO_SESSION, row
from tui.model.secret import Secret
from tui.model.session import NO_LINKS, Links, Session
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Decoded
from tui.providers.goto_rows import named_by, session, system_link


def decoded(me: str | None = None, **changes: Any) -> Decoded:
    return session(row({**GOTO_SESSION, **changes}), "desk", me)


def read(me: str | None = None, **changes: Any) -> Session:
    found = decoded(me, **changes).session
    assert found is not None
    return found


def test_the_vendors_own_sample() -> None:
    assert decoded().drift == ()
    assert read() == Session(
        profile="desk",
        provider="goto-remote-support",
        id=Opaque("SS-87555"),
        status=Status.ENDED,
        provider_status="complete",  # type: ignore[arg-type]
        kind="screen_sharing",  # type: ignore[arg-type]
        subject="7559966",  # type: ignore[arg-type]
        customer="Jane Doe",  # type: ignore[arg-type]
        customer_email="jane.doe@logmein.com",  # type: ignore[arg-type]
        agent="John Doe",  # type: ignore[arg-type]
        started_at=datetime(2021, 4, 30, 6, 0, tzinfo=UTC),
        joined_at=datetime(2021, 4, 30, 6, 1, tzinfo=UTC),
        ended_at=datetime(2021, 4, 30, 6, 5, tzinfo=UTC),
        links=Links(
            join=Opaque("https://logmein.com/join"),
            recording=Opaque("https://logmein.com/session"),
            partner=Opaque("https://logmein.com/partners/view"),
        ),
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("waiting", Status.WAITING),
        ("active", Status.ACTIVE),
        ("complete", Status.ENDED),
        ("abandoned", Status.ABANDONED),
        ("notStarted", Status.NOT_STARTED),
        ("NOTSTARTED", Status.NOT_STARTED),
        ("notstarted", Status.NOT_STARTED),
        ("onHold", Status.UNKNOWN),
    ],
)
def test_states(word: str, status: Status) -> None:
    assert read(status=word).status is status
    assert read(status=word).provider_status == word


def test_optional_fields_are_absent() -> None:
    found = session(row({"sessionId": "1", "status": "notStarted"}), "desk", None)
    assert found.drift == ()
    assert found.session == Session(
        profile="desk",
        provider="goto-remote-support",
        id=Opaque("1"),
        status=Status.NOT_STARTED,
        provider_status="notStarted",  # type: ignore[arg-type]
    )
    assert found.session.links is NO_LINKS


@pytest.mark.parametrize(("told", "id"), [("SS-87555", "SS-87555"), (87555, "87555"), (1.0, "1")])
def test_ids_are_text_or_numbers(told: object, id: str) -> None:
    assert read(sessionId=told).id == id


@pytest.mark.parametrize("partner", ["7559966", 7559966])
def test_the_partner_object_is_text_or_a_number(partner: object) -> None:
    assert read(partnerObject=partner).subject == "7559966"
    assert decoded(partnerObject=partner).drift == ()


def test_a_recording_documented_as_a_number_is_no_link() -> None:
    found = decoded(sessionRecordingUrl=17)
    assert found.drift == ("sessionRecordingUrl is not a web address: a number",)
    assert found.session is not None
    assert found.session.links.recording is None
    assert found.session.links.join == "https://logmein.com/join"


def test_a_link_that_is_no_web_address_is_drift() -> None:
    found = decoded(customerJoinUrl="javascript:alert(1)")
    assert found.session is not None
    assert found.session.links.join is None
    assert "alert" not in found.drift[0]
    assert decoded(customerJoinUrl="").drift == ()


def test_without_an_id_the_token_stands_for_it() -> None:
    assert read(sessionId=None, sessionToken="e0-x").id == "e0-x"
    assert decoded(sessionId=None).session is None


def test_a_row_fetched_by_token_is_known_by_it() -> None:
    bare = row({"sessionType": "screen_sharing", "status": "notStarted"})
    found = session(named_by(bare, Opaque("e0-x")), "desk", None).session
    assert found is not None
    assert found.id == "e0-x"
    assert named_by(row(GOTO_SESSION), Opaque("e0-x")) == row(GOTO_SESSION)


def test_the_agent_goes_by_the_name_that_me_uses() -> None:
    assert read().agent == "John Doe"
    assert read(me="JOHN.doe@logmein.com").agent == "JOHN.doe@logmein.com"
    assert read(me="someone else").agent == "John Doe"
    assert read(expertName=None).agent == "john.doe@logmein.com"


def test_one_bad_time_costs_one_field() -> None:
    found = decoded(startedAt="2021-04-30T06:00", endedAt="later", customerJoinedAt=1619762460000)
    assert found.drift == ('endedAt is not a time: "later"',)
    assert found.session is not None
    assert found.session.started_at == datetime(2021, 4, 30, 6, 0, tzinfo=UTC)
    assert found.session.joined_at == datetime(2021, 4, 30, 6, 1, tzinfo=UTC)
    assert found.session.ended_at is None


def test_full_rows_carry_the_rest_with_secrets_masked() -> None:
    more = {
        "sessionToken": "e0-launch",
        "notes": "line one\nline \x1b[31mtwo",
        "collaborators": [{"name": "Bo", "userToken": "abc"}],
    }
    found = session(row({**GOTO_SESSION, **more}), "desk", None, full=True).session
    assert found is not None
    fields: dict[str, Any] = dict(found.fields)
    assert fields["sessionStartToken"] == 8555444
    assert fields["expertEmail"] == "john.doe@logmein.com"
    assert fields["sessionToken"] == Secret("e0-launch")
    assert fields["notes"] == "line one\nline ␛[31mtwo"
    assert fields["collaborators"] == '[{"name": "Bo", "userToken": "***"}]'
    assert "sessionId" not in fields
    assert "e0-launch" not in repr(found)


def test_system_links_are_read_with_patience() -> None:
    link = system_link(
        {
            "systemName": "CRM",
            "systemDomain": "crm.example",
            "userEmail": "a@b.example",
            "userToken": 4711,
            "callbackURL": "https://crm.example/hook",
        }
    )
    assert link is not None
    assert link.name == "CRM"
    assert link.user_token == Secret("4711")
    assert link.callback_url == "https://crm.example/hook"
    assert "4711" not in repr(link)
    bare = system_link({"systemName": None})
    assert bare is not None
    assert (bare.user_token, bare.callback_url, bare.name) == (None, None, "")
    assert system_link({}) is None
    assert system_link("x") is None
    deep: object = []
    for _ in range(900):
        deep = [deep]
    odd = system_link({"systemName": deep, "systemDomain": {}, "callbackURL": 7})
    assert odd is not None
    assert (odd.name, odd.domain) == ("", "")
