"""`profile add|edit|remove` as a script runs them: no secret in argv or output, nothing saved that was not meant."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, bad, changed, good, run, stored
from tests.end_to_end.writing import CONTROL, IDENTITY, PROVIDERS, SEEIT, typed
from tui.profiles.paths import profiles_path
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")


def table(desk: Simulator, name: str) -> dict[str, Any]:
    """What the simulator's own store holds for a profile."""
    found: dict[str, Any] = json.loads(json.dumps(desk.profiles()))["profiles"][name]
    return found


def store() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(profiles_path().read_text())["profiles"]
    return found


def secrets_of(desk: Simulator) -> list[str]:
    tables = [table(desk, name) for name in PROVIDERS]
    names = ("auth_token", "access_token", "api_key", "public_key", "private_key")
    return [one[name] for one in tables for name in names if name in one]


def silent(done: subprocess.CompletedProcess[bytes], desk: Simulator) -> str:
    """All that a command said, in which no secret stands."""
    said = (done.stdout + done.stderr).decode()
    assert all(secret not in said for secret in secrets_of(desk))
    assert all(line.isprintable() for line in said.splitlines())
    return said


@pytest.fixture
def empty(desk: Simulator) -> Simulator:
    """All five vendors, and a store without a profile."""
    profiles_path().unlink()
    return desk


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_profile_from_json_is_checked_and_saved(empty: Simulator, name: str) -> None:
    keys = {key: value for key, value in table(empty, name).items() if key != "provider"}
    asked = {"name": name, "provider": PROVIDERS[name], **keys}
    done = typed(json.dumps(asked), "profile", "add", "--input", "-")
    said = silent(done, empty)
    assert done.returncode == 0, said
    assert f"{name}  ✓ " in said
    assert f"{name} is saved in {profiles_path()}" in said
    assert store() == {name: table(empty, name)}
    assert good("sessions", "--profile", name, "--json")


def test_a_profile_from_options(empty: Simulator, tmp_path: Path) -> None:
    """The four ways a secret can be given by a script; none of them puts it into the arguments."""
    keys = table(empty, CONTROL)
    base = ("profile", "add", "--provider", "take-control", "--set", f"base_url={keys['base_url']}")
    (tmp_path / "key").write_text(keys["private_key"] + "\n")
    (tmp_path / "key").chmod(0o600)
    for name, way in (
        ("by-env", "env:CONTROL_KEY"),
        ("by-file", f"file:{tmp_path}/key"),
        ("by-command", f"command:cat '{tmp_path}/key'"),
    ):
        result = run(*base, name, "--secret", f"private_key={way}", CONTROL_KEY=keys["private_key"])
        assert result.returncode == 0, result.stderr
        assert "the private key is accepted" in result.stdout
    done = typed(keys["private_key"] + "\r\n", *base, "by-stdin", "--secret", "private_key=stdin")
    assert done.returncode == 0, silent(done, empty)
    assert [store()[name]["private_key"] for name in store()] == [
        {"env": "CONTROL_KEY"},
        {"file": f"{tmp_path}/key"},
        {"command": ["cat", f"{tmp_path}/key"]},
        keys["private_key"],
    ]
    listed = run("profile", "list").stdout
    assert "private_key: env CONTROL_KEY, not set" in listed
    assert "private_key: command cat, not run" in listed
    assert f"private_key: file {tmp_path}/key" in listed
    assert keys["private_key"] not in listed


MISTAKES = [
    ([], "name the profile: sessiontop profile add NAME --provider ID"),
    (["x"], "name the provider with --provider (there is: goto-remote-support, "),
    (["x", "--provider", "twilio"], 'there is no provider "twilio"; did you mean "twilio-proxy"?'),
    (["x y", "--provider", "trinsic-connect"], "a name has at most 32 letters"),
    (["x", "--provider", "trinsic-connect"], "api_key: it is missing; say where it is with"),
    (["x", "--provider", "trinsic-connect", "--set", "api_key=hush"], "api_key is a secret, and"),
    (["x", "--provider", "trinsic-connect", "--set", "api_kee=1"], "api_kee: unknown key; did you"),
    (["x", "--provider", "trinsic-connect", "--set", "me"], "--set takes KEY=VALUE"),
    (["x", "--provider", "trinsic-connect", "--secret", "api_key=hush"], "never the secret itself"),
    (["x", "--provider", "trinsic-connect", "--secret", "me=env:A"], "me is no secret: --set me="),
    (["x", "--provider", "trinsic-connect", "--secret", "ap_key=env:A"], 'did you mean "api_key"?'),
    (["x", "--provider", "trinsic-connect", "--secret", "api_key=prompt"], "nobody can be asked"),
    (["x", "--provider", "trinsic-connect", "--secret", "api_key=env:a b"], "needs the name of an"),
    (
        ["x", "--provider", "trinsic-connect", "--secret", "api_key=stdin"],
        "standard input is empty",
    ),
    (
        ["x", "--provider", "take-control", "--secret", "private_key=env:A"],
        "base_url: it is missing",
    ),
    ([TWILIO, "--provider", "twilio-proxy"], f"sessiontop profile edit {TWILIO}"),
]


@pytest.mark.parametrize(("options", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_one_sentence_and_nothing_is_saved(
    desk: Simulator, options: list[str], said: str
) -> None:
    before = profiles_path().read_bytes()
    found = bad(2, "profile", "add", *options)
    assert said in found
    assert "hush" not in found
    assert profiles_path().read_bytes() == before
    assert len(desk.requests) == 0


@pytest.mark.parametrize("text", ["[]", "{", '{"name": 3}', '{"name": "x", "provider": []}', ""])
def test_input_that_is_no_object_of_keys_is_refused(empty: Simulator, text: str) -> None:
    done = typed(text, "profile", "add", "--input", "-")
    assert done.returncode == 2
    assert done.stderr.startswith(b"sessiontop: ")


WRONG = {
    TWILIO: ("auth_token", "ff" * 16, "check account_sid or api_key_sid, and auth_token"),
    IDENTITY: ("api_key", "tk_wrong", "check api_key"),
    SEEIT: ("access_token", "wrong", "the access token is wrong or has expired"),
    GOTO: ("access_token", "wrong", "the access token is wrong or has expired"),
    CONTROL: ("private_key", "wrong", "the private key was refused (403"),
}


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_refused_key_is_named_and_not_saved_unless_it_is_wanted(
    desk: Simulator, name: str
) -> None:
    before = profiles_path().read_bytes()
    key, value, words = WRONG[name]
    edit = ("profile", "edit", name, "--secret", f"{key}=stdin")
    done = typed(value, *edit)
    said = silent(done, desk)
    assert done.returncode == 1
    assert f"{name}  ✗ " in said
    assert words in said
    assert said.count("nothing was saved, since the check failed (--yes saves it") == 1
    assert profiles_path().read_bytes() == before
    done = typed(value, *edit, "--yes")
    assert done.returncode == 0
    assert store()[name] == table(desk, name) | {key: value}
    assert typed(table(desk, name)[key], *edit).returncode == 0
    assert store()[name] == table(desk, name)


def test_no_check_asks_nobody(empty: Simulator) -> None:
    options = ("--provider", "trinsic-connect", "--secret", "api_key=env:NOWHERE", "--no-check")
    result = run("profile", "add", "later", *options)
    assert (result.returncode, result.stdout) == (0, "")
    assert store()["later"] == {"provider": "trinsic-connect", "api_key": {"env": "NOWHERE"}}
    assert len(empty.requests) == 0


def test_a_secret_that_cannot_be_read_now_is_a_failed_check(empty: Simulator) -> None:
    options = ("--provider", "trinsic-connect", "--secret", "api_key=env:NOWHERE")
    result = run("profile", "add", "later", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert "later cannot be checked: api_key: the environment variable NOWHERE is not set" in (
        result.stderr
    )
    assert not profiles_path().exists()
    assert run("profile", "add", "later", *options, "--yes").returncode == 0


def test_a_vendor_that_is_not_there_is_3(desk: Simulator) -> None:
    result = run("profile", "edit", IDENTITY, "--set", "base_url=http://127.0.0.1:1")
    assert result.returncode == 3
    assert "could not connect to 127.0.0.1: connection refused" in result.stderr
    assert store()[IDENTITY] == table(desk, IDENTITY)


def test_without_a_service_the_services_are_listed(desk: Simulator) -> None:
    changed(desk, TWILIO, service_sid=None)
    result = run("profile", "check", TWILIO)
    assert result.returncode == 1
    services = re.findall(r"✓ the account has the service (KS[0-9a-f]{32}) \((.+)\)", result.stdout)
    assert len(services) == 3
    assert "✗ service_sid is not set: set it to one of the services above" in result.stdout
    assert run("profile", "edit", TWILIO, "--set", f"service_sid={services[1][0]}").returncode == 0
    assert store()[TWILIO]["service_sid"] == services[1][0]


# --- edit, rename, remove ------------------------------------------------------------------------------------


def test_an_edit_keeps_what_it_does_not_name(desk: Simulator) -> None:
    path = profiles_path()
    path.write_text(path.read_text() + 'odd = "mine"\n[later]\nx = 1\n')
    result = run("profile", "edit", IDENTITY, "--set", "me=Ana", "--set", "read_only=yes")
    assert result.returncode == 0
    assert store()[IDENTITY] == table(desk, IDENTITY) | {"me": "Ana", "read_only": True}
    whole = tomllib.loads(path.read_text())
    assert whole["later"] == {"x": 1}
    assert "mine" in str(whole)


def test_an_edit_without_a_change_is_told_apart(desk: Simulator) -> None:
    said = bad(2, "profile", "edit", IDENTITY)
    assert "say what to change: --set, --secret, --unset or --rename" in said
    same = run(
        "profile", "edit", IDENTITY, "--set", f"base_url={table(desk, IDENTITY)['base_url']}"
    )
    assert f"{IDENTITY} is as it was: nothing was saved" in same.stderr
    assert "did you mean" in bad(2, "profile", "edit", "identitty", "--set", "me=x")


def test_keys_can_be_taken_out(desk: Simulator) -> None:
    assert run("profile", "edit", CONTROL, "--unset", "public_key").returncode == 0
    assert "public_key" not in store()[CONTROL]
    said = bad(2, "profile", "edit", CONTROL, "--unset", "private_key")
    assert "it is missing (needed: private_key, or public_key)" in said
    assert "has no key public_key" in bad(2, "profile", "edit", CONTROL, "--unset", "public_key")


def test_a_profile_can_be_renamed(desk: Simulator) -> None:
    order = list(store())
    result = run("profile", "edit", IDENTITY, "--rename", "ident")
    assert (result.returncode, result.stdout) == (0, "")
    assert list(store()) == ["ident" if name == IDENTITY else name for name in order]
    assert "take another name" in bad(2, "profile", "edit", "ident", "--rename", TWILIO)
    assert "a name has at most" in bad(2, "profile", "edit", "ident", "--rename", "a b")


def test_remove_wants_a_yes(desk: Simulator) -> None:
    assert "say --yes to remove it without a question" in bad(2, "profile", "remove", SEEIT)
    assert 'no profile "seit"' in bad(2, "profile", "remove", "seit", "--yes")
    assert SEEIT in store()
    result = run("profile", "remove", SEEIT, "--yes")
    assert (result.returncode, result.stdout) == (0, "")
    assert SEEIT not in store()
    assert len(store()) == 4


def test_lost_comments_are_told(desk: Simulator) -> None:
    path = profiles_path()
    path.write_text(path.read_text() + "# mine\n")
    result = run("profile", "edit", IDENTITY, "--set", "me=Ana", "--no-check")
    assert "the comments in that file are gone" in result.stderr
    result = run("profile", "edit", IDENTITY, "--set", "me=Bo", "--no-check")
    assert "the comments" not in result.stderr


def test_a_store_of_a_newer_version_is_not_written(desk: Simulator) -> None:
    path = profiles_path()
    path.write_text(path.read_text().replace("version = 1", "version = 2"))
    before = path.read_bytes()
    for args in (
        ("edit", IDENTITY, "--set", "me=x", "--no-check"),
        ("remove", IDENTITY, "--yes"),
        ("add", "x", "--provider", "trinsic-connect", "--secret", "api_key=env:A", "--no-check"),
    ):
        assert "newer sessiontop (version 2)" in bad(2, "profile", *args)
    assert path.read_bytes() == before


def test_the_help_lists_the_keys_of_a_provider(desk: Simulator) -> None:
    assert "take-control" in good("profile", "add", "--help")
    told = good("profile", "add", "--provider", "take-control", "--help")
    assert "needed: private_key, or public_key" in told
    assert re.search(r"--secret private_key= +the private integration key", told)
    assert re.search(r"--set base_url= .*required", told)
    assert "--secret api_key=" in good("profile", "edit", IDENTITY, "--help")


def test_commands_are_run_for_the_profiles_that_are_meant(empty: Simulator, tmp_path: Path) -> None:
    tables = {name: table(empty, name) for name in (IDENTITY, SEEIT)}
    for name, key in ((IDENTITY, "api_key"), (SEEIT, "access_token")):
        program = tmp_path / f"tell-{name}"
        program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran-{name}\necho {tables[name][key]}\n")
        program.chmod(0o700)
        tables[name][key] = {"command": [str(program)]}
    stored({"version": 1, "profiles": tables})
    assert f"command tell-{SEEIT}, not run" in good("profile", "list")
    assert not list(tmp_path.glob("ran-*"))
    good("sessions", "--profile", SEEIT, "--json")
    assert [path.name for path in tmp_path.glob("ran-*")] == [f"ran-{SEEIT}"]
    good("sessions", "--json")
    assert len(list(tmp_path.glob("ran-*"))) == 2
