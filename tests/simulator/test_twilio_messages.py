"""What the application itself sent: a list of its own for each participant (sheet twilio 1.6)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.conftest import Start, World


def rows(world: World, url: str) -> list[dict[str, Any]]:
    return [row for page in world.walk(url) for row in page]


def sent(world: World) -> list[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
    """(session, participant, message interactions) of all participants to whom something was sent."""
    found = []
    for session in world.sessions(PageSize=100):
        for person in rows(world, session["links"]["participants"]):
            told = rows(world, person["links"]["message_interactions"])
            if told:
                found.append((session, person, told))
    return found


def test_they_name_their_participant_and_no_inbound_side(world: World) -> None:
    found = sent(world)
    assert len(found) >= 5
    for session, person, told in found:
        for row in told:
            assert row["participant_sid"] == row["outbound_participant_sid"] == person["sid"]
            assert {value for name, value in row.items() if name.startswith("inbound_")} == {None}
            assert row["session_sid"] == session["sid"]
            assert row["type"] == "message"
            assert json.loads(row["data"])["body"]
            assert row["url"].endswith(
                f"/Participants/{person['sid']}/MessageInteractions/{row['sid']}"
            )
            assert world.twilio.get(row["url"]).json() == row


def test_the_list_is_called_interactions_too(world: World) -> None:
    _, person, _ = sent(world)[0]
    answer = world.twilio.get(person["links"]["message_interactions"]).json()
    assert answer["meta"]["key"] == "interactions"
    assert answer["interactions"]


@pytest.mark.parametrize("play", ["apart", "listed"])
def test_the_list_of_all_may_hold_them(start: Start, play: str) -> None:
    world = start(sessions=60, play={"twilio-app-messages": play})
    for session, _, told in sent(world):
        every = {row["sid"]: row for row in rows(world, session["links"]["interactions"])}
        assert ({row["sid"] for row in told} <= every.keys()) == (play == "listed")
        for row in told if play == "listed" else []:
            assert "participant_sid" not in every[row["sid"]]
            assert every[row["sid"]]["inbound_participant_sid"] is None
            one = world.twilio.get(every[row["sid"]]["url"])
            assert one.json() == every[row["sid"]]


def test_nothing_is_sent_when_nothing_is_played(start: Start) -> None:
    assert sent(start(sessions=60, play={"twilio-app-messages": "none"})) == []


def test_nobody_of_that_name_is_404(world: World) -> None:
    session, person, told = sent(world)[0]
    url = person["links"]["message_interactions"]
    assert world.twilio.get(url.replace(person["sid"], "KP" + "0" * 32)).status_code == 404
    assert world.twilio.get(f"{url}/KI{'0' * 32}").status_code == 404
    other = next(one for one in world.sessions() if one["sid"] != session["sid"])
    assert world.twilio.get(url.replace(session["sid"], other["sid"])).status_code == 404
    assert told
