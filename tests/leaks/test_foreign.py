"""Servers that point elsewhere: in redirects and in links to the next page, by every trick. Nothing follows them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks.mirror import LINKING, PLAYS, REDIRECTING, Listener, Mirror
from tests.leaks.observing import asked, leaks
from tests.leaks.people import DETECTOR, ONE_EACH, SECRETS, WAYS
from tests.leaks.test_quoted import SignedIn


@pytest.fixture
def elsewhere() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


ALL_WAYS = (*ONE_EACH, "goto-pat", "goto-oauth", "twilio-key")


def _pairs() -> list[object]:
    """Each way to point elsewhere, in the short set with one vendor, and these in turn."""
    return [
        pytest.param(play, way, marks=() if at % len(ONE_EACH) == number else pytest.mark.long)
        for at, play in enumerate([*REDIRECTING, *LINKING])
        for number, way in enumerate(ALL_WAYS)
    ]


@pytest.mark.parametrize(("play", "way"), _pairs())
def test_no_credential_reaches_another_origin(
    tmp_path: Path, elsewhere: Listener, way: str, play: str
) -> None:
    with Mirror(play, elsewhere.url) as mirror:
        profile = WAYS[way].profile("desk", mirror.url)
        tokens = SignedIn(profile, True)
        pasted = SECRETS["authorization code"]
        channels = asked([profile], tmp_path / "state", pasted=pasted, tokens=tokens)
        found, _ = leaks(DETECTOR, channels)
        assert mirror.sent, "nobody was pointed anywhere"
    assert elsewhere.received == []
    assert found == []


def test_there_are_enough_of_them() -> None:
    """The figure of the scorecard: at least 120 pairs of a vendor and a way to point elsewhere."""
    assert len([*REDIRECTING, *LINKING]) * len(ONE_EACH) >= 120
    assert PLAYS.keys() >= REDIRECTING.keys() | LINKING.keys()


def test_the_listener_hears_who_comes(elsewhere: Listener) -> None:
    host, port = elsewhere.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert caller.recv(10) == b""
    assert elsewhere.received == [b"GET / HTTP/1.1\r\n\r\n"]
