"""What a vendor quotes of a credential is masked before it is cleaned, cut or kept."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest

from tests.providers.vendor import StillClock
from tui.model.problem import Problem
from tui.net.answers import refusal
from tui.net.hiding import Hider
from tui.net.reply import Reply

KEY = "T4GCzgqT6zVS+/Zq4Lm2Xb=="
CODE = "code/Fn3sE8"


@pytest.fixture
def hider() -> Hider:
    return Hider((KEY, "short"), (CODE,))


def lower(key: str) -> str:
    return quote(key, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")


@pytest.mark.parametrize("key", [KEY, CODE])
def test_as_it_is_and_as_an_address_spells_it(hider: Hider, key: str) -> None:
    for spelled in (key, quote(key, safe=""), quote_plus(key), lower(key)):
        assert hider.text(f"no {spelled}.") == "no ***."


def test_what_is_too_short_for_a_key_stays(hider: Hider) -> None:
    assert hider.text("a short word") == "a short word"


def test_of_a_good_answer_the_credential_goes_and_what_was_traded_stays(hider: Hider) -> None:
    """A server whose refresh tokens do not rotate gives the same one back."""
    body = f'{{"key": "{KEY}", "refresh_token": "{CODE}"}}'.encode()
    assert hider.reply(Reply(200, body)).body == body.replace(KEY.encode(), b"***")
    assert KEY.encode() not in hider.reply(Reply(400, body)).body
    assert CODE.encode() not in hider.reply(Reply(400, body)).body


def test_a_good_answer_without_it_is_not_copied(hider: Hider) -> None:
    body = b"[1, 2, 3]" * 1000
    assert hider.reply(Reply(200, body)).body is body


def test_a_title_is_whole_or_none(hider: Hider) -> None:
    """Written as entities a key is longer than a title is looked at: half of it would not be known again."""
    key = "".join(f"&#{ord(one):06};" for one in KEY * 100)
    for tail in (b"</title>", b""):
        page = f"<html><title>{key}".encode() + tail
        reply = hider.reply(Reply(502, page, {"content-type": "text/html"}))
        assert KEY[:4] not in str(reply.title)


def test_the_vendors_code_is_masked_where_it_is_kept(hider: Hider) -> None:
    reply = hider.reply(Reply(401, b"{}"))
    problem = refusal(reply, "listing", code=KEY, message=None, clock=StillClock())
    assert KEY not in repr(vars(problem))


def test_a_problem_that_is_kept_has_no_frames() -> None:
    def fails(body: str) -> None:
        try:
            raise ValueError(body)
        except ValueError:
            raise Problem("no") from None

    with pytest.raises(Problem) as caught:
        fails(KEY)
    bare = caught.value.bare()
    assert bare is caught.value
    assert (bare.__traceback__, bare.__cause__, bare.__context__) == (None, None, None)
