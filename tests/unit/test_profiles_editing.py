"""Edits of the store: drafts checked as they are typed, put in, renamed and taken out; nothing else is touched."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.unit.profile_specs import GOOD, SPECS, put
from tui.model.problem import ConfigProblem
from tui.model.secret import Secret
from tui.profiles import editing
from tui.profiles.drafts import Draft, doubts, faults, name_fault, reference_typed
from tui.profiles.editing import Change
from tui.profiles.references import (
    BadReference,
    FromCommand,
    FromEnv,
    FromFile,
    Here,
    Surroundings,
)
from tui.profiles.store import load
from tui.profiles.writer import write

TOKEN = Here(Secret("open-sesame"))
WHOLE = Draft("bakery", {"account": "AC12ef"}, {"token": TOKEN})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    return folder / "profiles.toml"


def tables(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(path.read_text())["profiles"]
    return found


# --- drafts --------------------------------------------------------------------------------------------------


def test_where_a_secret_lives_is_written_in_a_line() -> None:
    assert reference_typed("env:A_B") == FromEnv("A_B")
    assert reference_typed("file:~/x") == FromFile("~/x")
    assert reference_typed("command:pass show 'a b'") == FromCommand(("pass", "show", "a b"))
    assert reference_typed("envy:1") == Here(Secret("envy:1"))
    for text in ("command:", "command:a 'b", "env:a b", "env:", "file:", "two words", ""):
        with pytest.raises(BadReference) as caught:
            reference_typed(text)
        assert "two words" not in str(caught.value)


def test_a_whole_draft_has_no_fault(path: Path) -> None:
    settings = {"account": "AC12ef", "web_chats": "yes", "page_size": " 7 ", "me": ""}
    draft = Draft("bakery", settings, {"token": TOKEN})
    assert faults(draft, SPECS, path.parent) == {}


FAULTS = [
    ({"account": "XX"}, "account", "it does not look right (begins with AC)"),
    ({"accont": "AC12ef"}, "accont", 'unknown key; did you mean "account"?'),
    ({"token": "hush"}, "token", "it is a secret: it is kept apart from the settings"),
    ({"page_size": "many"}, "page_size", "it must be a number"),
    ({"page_size": "101"}, "page_size", "it must be between 1 and 100"),
    ({"page_size": "1_0"}, "page_size", "it must be a number"),
    ({"refresh_seconds": "nan"}, "refresh_seconds", "it must be between 2 and 3600"),
    ({"web_chats": "perhaps"}, "web_chats", "it must be yes or no"),
    ({"scheme": "basic"}, "scheme", 'it must be one of "bearer", "token"'),
    ({"base_url": "http://a.example"}, "base_url", "it must be https"),
    ({"ca_file": "nowhere.pem"}, "ca_file", "there is no such file"),
]


@pytest.mark.parametrize(("more", "key", "said"), FAULTS, ids=[str(row[0]) for row in FAULTS])
def test_a_wrong_key_has_its_own_sentence(
    path: Path, more: dict[str, object], key: str, said: str
) -> None:
    draft = Draft("bakery", {"account": "AC12ef", **more}, {"token": TOKEN})
    found = faults(draft, SPECS, path.parent)
    assert list(found) == [key]
    assert found[key].startswith(said)
    assert "hush" not in found[key]


def test_what_is_missing_is_said_at_its_key(path: Path) -> None:
    folder = path.parent
    why = "it is missing (needed: account and token, or api_key and token)"
    assert faults(Draft("bakery"), SPECS, folder) == {"account": why, "token": why}
    assert faults(Draft("bakery", {"api_key": "SK00ff"}), SPECS, folder) == {"token": why}
    assert faults(Draft("bakery"), SPECS, folder, held={"account", "token"}) == {}
    dropped = Draft("bakery", dropped=frozenset({"token"}))
    assert faults(dropped, SPECS, folder, held={"account", "token"}) == {"token": why}
    emptied = Draft("bakery", {"account": ""})
    assert faults(emptied, SPECS, folder, held={"account", "token"}) == {"account": why}
    bare = Draft("harbour", {}, {"key": TOKEN})
    assert faults(bare, SPECS, folder) == {
        "base_url": "it is missing: this vendor has one for each account"
    }
    assert list(faults(Draft("baker"), SPECS, folder)) == ["provider"]


def test_a_secret_that_this_provider_does_not_take_is_named(path: Path) -> None:
    draft = Draft("bakery", {"account": "AC12ef"}, {"token": TOKEN, "tokn": TOKEN, "me": TOKEN})
    found = faults(draft, SPECS, path.parent)
    assert set(found) == {"tokn", "me"}
    assert found["tokn"] == 'it is no secret of this provider; did you mean "token"?'


def test_doubts_look_where_secrets_are_and_run_nothing(path: Path) -> None:
    (path.parent / "run-me").write_text("#!/bin/sh\ntouch ran\n")
    (path.parent / "run-me").chmod(0o700)
    for reference, said in (
        (FromEnv("A"), "the environment variable A is not set"),
        (FromFile("x"), "x: there is no such file"),
        (FromCommand(("./run-me",)), None),
        (TOKEN, None),
    ):
        found = doubts(Draft("bakery", {}, {"token": reference}), Surroundings({}, path.parent))
        assert found == ({} if said is None else {"token": said})
    assert not (path.parent / "ran").exists()


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "x" * 33, "é"])
def test_a_bad_name_is_refused(path: Path, name: str) -> None:
    assert str(name_fault(name)).startswith("a name has at most 32 letters")
    with pytest.raises(ConfigProblem, match="a name has at most 32 letters"):
        editing.put(path, name, WHOLE, SPECS, new=True)
    assert not path.exists()


# --- put -----------------------------------------------------------------------------------------------------


def test_a_new_profile_starts(path: Path) -> None:
    draft = Draft(
        "bakery",
        {
            "account": "AC12ef",
            "page_size": "7",
            "web_chats": "yes",
            "me": "",
            "refresh_seconds": 2.5,
        },
        {"token": FromEnv("T")},
    )
    change = editing.put(path, "one", draft, SPECS, new=True)
    keys = {"provider", "account", "page_size", "web_chats", "refresh_seconds", "token"}
    assert change == Change(None, "one", frozenset(keys))
    assert tables(path) == {
        "one": {
            "provider": "bakery",
            "account": "AC12ef",
            "page_size": 7,
            "web_chats": True,
            "refresh_seconds": 2.5,
            "token": {"env": "T"},
        }
    }
    (profile,) = load(path, SPECS, {"T": "hush"}).profiles
    assert profile.secrets["token"].reveal() == "hush"


def test_a_name_that_is_taken_is_not_overwritten(path: Path) -> None:
    put(path.parent, GOOD)
    with pytest.raises(ConfigProblem, match='there is a profile "one" already'):
        editing.put(path, "one", WHOLE, SPECS, new=True)
    assert path.read_text() == GOOD


def test_a_faulty_draft_is_not_saved(path: Path) -> None:
    with pytest.raises(ConfigProblem, match="account: it does not look right"):
        editing.put(
            path, "one", Draft("bakery", {"account": "x"}, {"token": TOKEN}), SPECS, new=True
        )
    assert not path.exists()


ODD = (
    GOOD
    + """\
page_size = 9
from_later = [1, 2]
[profiles.two]
provider = "harbour"
[future]
x = 1
"""
)


def test_an_edit_names_what_changes_and_keeps_the_rest(path: Path) -> None:
    put(path.parent, ODD)
    draft = Draft("bakery", {"me": "Ana", "page_size": 9}, dropped=frozenset({"scheme"}))
    assert editing.put(path, "one", draft, SPECS, new=False) == Change(
        "one", "one", frozenset({"me"})
    )
    assert tomllib.loads(path.read_text()) == {
        "version": 1,
        "profiles": {
            "one": {
                "provider": "bakery",
                "account": "AC12ef",
                "token": "open-sesame",
                "page_size": 9,
                "from_later": [1, 2],
                "me": "Ana",
            },
            "two": {"provider": "harbour"},
        },
        "future": {"x": 1},
    }


def test_a_new_secret_and_an_emptied_key_are_changes(path: Path) -> None:
    put(path.parent, ODD)
    draft = Draft("bakery", {"page_size": ""}, {"token": FromCommand(("pass", "x"))})
    change = editing.put(path, "one", draft, SPECS, new=False)
    assert change.keys == {"page_size", "token"}
    assert tables(path)["one"]["token"] == {"command": ["pass", "x"]}
    assert "page_size" not in tables(path)["one"]
    gone = Draft("bakery", dropped=frozenset({"from_later"}))
    assert editing.put(path, "one", gone, SPECS, new=False).keys == {"from_later"}


def test_an_edit_that_changes_nothing_writes_nothing(path: Path) -> None:
    put(path.parent, "# mine\n" + GOOD)
    draft = Draft("bakery", {"account": "AC12ef"}, {"token": TOKEN})
    assert editing.put(path, "one", draft, SPECS, new=False) == Change("one", "one")
    assert editing.rename(path, "one", "one") == Change("one", "one")
    assert path.read_text() == "# mine\n" + GOOD


def test_two_edits_at_once_both_survive(path: Path) -> None:
    """What another instance writes between the look and the save is not undone."""
    put(path.parent, GOOD)
    editing.stored(path, "one", SPECS, {})

    def other(whole: dict[str, Any]) -> dict[str, Any]:
        whole["profiles"]["one"]["me"] = "Ana"
        return whole

    write(path, other)
    editing.put(path, "one", Draft("bakery", {"page_size": 5}), SPECS, new=False)
    assert tables(path)["one"] | {"token": ""} == {
        "provider": "bakery",
        "account": "AC12ef",
        "token": "",
        "me": "Ana",
        "page_size": 5,
    }


def test_a_profile_that_is_gone_meanwhile_is_not_made_again(path: Path) -> None:
    put(path.parent, GOOD)
    with pytest.raises(ConfigProblem, match=r'no profile "on"; did you mean "one"'):
        editing.put(path, "on", Draft("bakery", {"me": "Ana"}), SPECS, new=False)


def test_a_newer_store_is_not_edited(path: Path) -> None:
    put(path.parent, GOOD.replace("version = 1", "version = 2"))
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        editing.put(path, "two", WHOLE, SPECS, new=True)
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        editing.rename(path, "one", "two")
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        editing.remove(path, "one")


# --- rename, remove, look ------------------------------------------------------------------------------------


def test_a_profile_keeps_its_place_under_another_name(path: Path) -> None:
    put(path.parent, ODD)
    assert editing.rename(path, "one", "eins") == Change("one", "eins")
    assert list(tables(path)) == ["eins", "two"]
    assert tables(path)["eins"]["from_later"] == [1, 2]
    for old, new, said in (
        ("one", "x", 'there is no profile "one"'),
        ("two", "eins", 'there is a profile "eins" already'),
        ("two", "a b", "a name has at most 32"),
    ):
        with pytest.raises(ConfigProblem, match=said):
            editing.rename(path, old, new)


def test_remove_takes_one_profile_with_its_secrets(path: Path) -> None:
    put(path.parent, ODD)
    change = editing.remove(path, "one")
    assert (change.before, change.now) == ("one", None)
    assert "token" in change.keys
    assert "sesame" not in path.read_text()
    assert list(tables(path)) == ["two"]
    with pytest.raises(ConfigProblem, match='there is no profile "one"'):
        editing.remove(path, "one")


def test_a_look_at_a_profile_shows_no_secret(path: Path) -> None:
    put(path.parent, ODD)
    found = editing.stored(path, "one", SPECS, {})
    assert found.provider == "bakery"
    assert found.settings == {"account": "AC12ef", "page_size": 9}
    assert found.secrets["token"].words == "in the file"
    assert found.unknown == ("from_later",)
    assert found.keys == {"account", "page_size", "token"}
    assert "sesame" not in repr(found)
    assert editing.names(path) == ("one", "two")


def test_the_profile_to_be_is_made_without_saving(path: Path) -> None:
    put(path.parent, GOOD)
    profile = editing.candidate(path, "one", Draft("bakery", {"me": "Ana"}), SPECS, {})
    assert (profile.me, profile.secrets["token"].reveal()) == ("Ana", "open-sesame")
    draft = Draft("bakery", {"account": "AC12ef"}, {"token": FromCommand(("printf", "hush"))})
    assert editing.candidate(path, "new", draft, SPECS, {}).secrets["token"].reveal() == "hush"
    with pytest.raises(ConfigProblem) as caught:
        editing.candidate(path, "new", Draft("bakery", {"account": "x"}), SPECS, {})
    assert caught.value.message == "account: it does not look right (begins with AC)"
    assert path.read_text() == GOOD


def test_comments_that_a_rewrite_would_lose_are_noticed(path: Path) -> None:
    assert not editing.loses_comments(path)
    put(path.parent, GOOD + "  # mine\n")
    assert editing.loses_comments(path)
    editing.put(path, "one", Draft("bakery", {"me": "#1"}), SPECS, new=False)
    assert not editing.loses_comments(path)
