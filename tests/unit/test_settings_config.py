"""config.toml: what it sets, and what is said about the rest. Nothing in it keeps the program from starting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.model.profile import Profile
from tui.providers.registry import SPECS
from tui.screens.configured import bindings, key_name, known
from tui.settings.config import Config, load
from tui.settings.keymap import TAKEN, Bindings, remapped

PROFILES = (
    Profile("proxy-eu", "twilio-proxy", "http://127.0.0.1:1"),
    Profile("goto-desk", "goto-remote-support", "http://127.0.0.1:1"),
)
THEMES = ("ansi-dark", "sessiontop-dark", "sessiontop-light")


def read(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text)
    return load(path, known(PROFILES, SPECS, THEMES))


def problems(folder: Path, text: str) -> list[str]:
    path = str(folder / "config.toml")
    return [problem.message.removeprefix(path) for problem in read(folder, text).problems]


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
theme = "ansi-dark"
view = "waiting"
cache = true
[keys]
"queue.refresh" = "f5"
table.up = ["up", "i"]
[create.proxy-eu]
mode = "voice-only"
ttl = "90m"
expires = "+2h"
participants = ["+14155551212=Desk"]
[create.goto-desk]
partner_object = 4711
""",
    )
    assert found.problems == ()
    assert (found.theme, found.view, found.cache) == ("ansi-dark", "waiting", True)
    assert found.keys == {"queue.refresh": "f5", "table.up": "up,i"}
    assert found.create == {
        "proxy-eu": {
            "mode": "voice-only",
            "ttl": "90m",
            "expires": "+2h",
            "participants": ["+14155551212=Desk"],
        },
        "goto-desk": {"partner_object": "4711"},
    }


def test_no_file_sets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "config.toml"
    assert load(path, known(PROFILES, SPECS, THEMES)) == Config()
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('cache = "yes"', ":1: cache: it must be true or false"),
        ("cahce = true", ':1: cahce: unknown key; did you mean "cache"?'),
        ('theme = "ansi-drak"', ':1: theme: unknown theme; did you mean "ansi-dark"?'),
        ("theme = 3", ":1: theme: unknown theme (there is: ansi-dark, sessiontop-dark, "),
        ('view = "wating"', ':1: view: unknown view; did you mean "waiting"?'),
        ('\nthem = "x"', ':2: them: unknown key; did you mean "theme"?'),
        ("[keyz]", ':1: keyz: unknown key; did you mean "keys"?'),
        ("keys = 1", ":1: keys: it must be a table: [keys]"),
        ("create = 1", ":1: create: it must be tables: [create.NAME]"),
        (
            '[keys]\n\n"queue.refesh" = "f5"',
            ':3: keys: queue.refesh: there is no such key to set; did you mean "queue.refresh"?',
        ),
        (
            '[keys]\n"queue.refresh" = "t"',
            ":2: keys: queue.refresh: t is the key of queue.transcript: give that another one too",
        ),
        (
            '[keys]\n"queue.refresh" = "ctrl+b"',
            ":2: keys: queue.refresh: ctrl+b never arrives: tmux or the terminal takes it",
        ),
        (
            '[keys]\n"queue.refresh" = "F55"',
            ":2: keys: queue.refresh: there is no such key: a character, f1, ctrl+r,",
        ),
        ('[keys]\n"queue.refresh" = 5', ":2: keys: queue.refresh: it must be a key in quotes"),
        ('[keys]\n"queue.refresh" = []', ":2: keys: queue.refresh: it must be a key in quotes"),
        (
            '[keys]\n"form.next" = "x"',
            ":2: keys: form.next: a character is text here: it must be another key",
        ),
        (
            "[create.proxy-e]",
            ':1: create.proxy-e: there is no such profile; did you mean "proxy-eu"?',
        ),
        ("[create]\nproxy-eu = 1", ": create.proxy-eu: it must be a table: [create.proxy-eu]"),
        (
            '[create.proxy-eu]\nmodee = "x"',
            ':2: create.proxy-eu: modee: unknown field; did you mean "mode"?',
        ),
        (
            '[create.proxy-eu]\nmode = "voice-onl"',
            ":2: create.proxy-eu: mode: is none of its choices: did you mean voice-only?",
        ),
        ("[create.proxy-eu]\nttl = 90", ":2: create.proxy-eu: ttl: is not a duration such as"),
        (
            "[create.proxy-eu]\nmode = 2026-01-01",
            ":2: create.proxy-eu: mode: it must be text, a number or true or false",
        ),
        ("theme = ", ": this is not valid TOML, at its end"),
        ('theme = "ansi-dark"\nview = "\x01"', ":2: this is not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_left_out(
    tmp_path: Path, text: str, sentence: str
) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1, found
    assert found[0].startswith(sentence)


def test_the_rest_of_the_file_holds(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'view = "wating"\ntheme = "ansi-dark"\n[keys]\n"queue.refresh" = "t"\n"queue.pause" = "f5"\n'
        '[create.proxy-eu]\nnope = 1\nmode = "voice-only"\n',
    )
    assert found.theme == "ansi-dark"
    assert found.keys == {"queue.pause": "f5"}
    assert found.create == {"proxy-eu": {"mode": "voice-only"}}
    assert len(found.problems) == 3


def test_a_value_of_a_customer_is_never_repeated(tmp_path: Path) -> None:
    text = '[create.goto-desk]\ncustomer_email = "canary-nobody"\n'
    assert "canary" not in " ".join(problems(tmp_path, text))


def test_text_that_is_no_utf8_and_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'theme = "x"\n\xff')
    assert "config.toml:2: this is not UTF-8 text" in _only(path)
    path.unlink()
    os.mkfifo(path)
    assert "is not a file" in _only(path)
    path.unlink()
    path.mkdir()
    assert "is not a file" in _only(path)
    path.rmdir()
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    assert "larger than 1 MiB" in _only(path)


def _only(path: Path) -> str:
    (problem,) = load(path, known(PROFILES, SPECS, THEMES)).problems
    return problem.message


class TestKeymap:
    BINDINGS = Bindings(
        {"a.one": ("x",), "a.two": ("y",), "b.three": ("z",), "a.inner": ("y",)},
        [frozenset({"a.one", "a.two", "a.inner"}), frozenset({"b.three"})],
        lambda key: key,
    )

    def test_keys_may_be_exchanged(self) -> None:
        assert remapped({"a.one": "z", "a.two": "x"}, self.BINDINGS) == (
            {"a.one": "z", "a.two": "x"},
            {},
        )

    def test_what_is_refused_takes_its_own_key_back(self) -> None:
        """`a.two` may have x only because `a.one` leaves it; when that is refused, both are."""
        good, faults = remapped({"a.one": "ctrl+b", "a.two": "x"}, self.BINDINGS)
        assert good == {}
        assert set(faults) == {"a.one", "a.two"}

    def test_two_new_ones_alike_are_both_refused(self) -> None:
        assert set(remapped({"a.one": "q", "a.two": "q"}, self.BINDINGS)[1]) == {"a.one", "a.two"}

    def test_elsewhere_the_same_key_is_no_clash(self) -> None:
        assert remapped({"b.three": "x"}, self.BINDINGS) == ({"b.three": "x"}, {})


def test_our_own_keys_never_clash_and_are_all_of_them_known() -> None:
    found = bindings()
    assert remapped({id: list(keys) for id, keys in found.keys.items()}, found)[1] == {}
    assert {"queue.create", "form.enter", "result.qr", "table.down", "app.quit"} <= set(found.keys)
    assert not TAKEN & {key for keys in found.keys.values() for key in keys}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("/", "slash"),
        ("slash", "slash"),
        ("?", "question_mark"),
        ("_", "underscore"),
        ("G", "G"),
        (" ", "space"),
        ("f5", "f5"),
        ("shift+ctrl+a", "ctrl+shift+a"),
        ("ctrl+R", "ctrl+r"),
        ("alt+enter", "alt+enter"),
        ("é", "é"),
        ("f99", None),
        ("hyper+x", None),
        ("", None),
        ("\x1b", None),
    ],
)
def test_names_of_keys(written: str, name: str | None) -> None:
    assert key_name(written) == name
