"""A secret shows itself as `***`, whatever is done with it."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback

import msgspec
import pytest

from tui.model.profile import Profile
from tui.model.secret import MASK, Secret

WORD = "canary-0b5e"


@dataclasses.dataclass(frozen=True)
class Holder:
    name: str
    key: Secret


def test_every_way_to_show_it_shows_the_mask() -> None:
    secret = Secret(WORD)
    holder = Holder("a", secret)
    profile = Profile("a", "p", "https://h", secrets={"key": secret})
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r}",
        f"{secret:>10}",
        "%s %r" % (secret, secret),  # noqa: UP031 - logging formats like this
        f"{[secret]}",
        f"{ {'k': secret} }",
        repr(holder),
        repr(profile),
    ]
    assert all(MASK in text and WORD not in text for text in shown)


def test_it_is_not_written_by_accident(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(WORD)
    for write in (json.dumps, msgspec.json.encode, msgspec.msgpack.encode, pickle.dumps):
        with pytest.raises(TypeError) as caught:
            write(secret)
        assert WORD not in str(caught.value)
    for make in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="pickled"):
            make(secret)
    assert not hasattr(secret, "__dict__")
    logging.getLogger("test").warning("%s", secret)
    assert WORD not in caplog.text


def test_errors_with_it_do_not_hold_it() -> None:
    secret = Secret(f"{WORD}\udcff")
    same = Secret(f"{WORD}\udcff")
    assert secret == same
    assert secret != Secret(WORD)
    for wrong in (lambda: f"{secret:d}", lambda: secret + "x", lambda: len(secret)):  # type: ignore[operator,arg-type]
        with pytest.raises((TypeError, ValueError)) as caught:
            wrong()
        assert WORD not in "".join(traceback.format_exception(caught.value))


def test_it_compares_hashes_and_reveals() -> None:
    assert Secret(WORD) == Secret(WORD)
    assert Secret(WORD) != Secret("other")
    assert Secret(WORD) != WORD
    assert len({Secret(WORD), Secret(WORD), Secret("other")}) == 2
    assert Secret(WORD).reveal() == WORD
    assert Secret(WORD)
    assert not Secret("")
