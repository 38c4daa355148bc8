"""What can be wrong with the store or at a vendor: one sentence on stderr, the right exit code, no traceback."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.command_line import (
    GOTO,
    TWILIO,
    bad,
    changed,
    good,
    rows,
    run,
    stored,
)
from tui.profiles.paths import profiles_path
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

# --- what can be wrong with the store ------------------------------------------------------------------------


def test_without_a_store_one_is_told_where_it_would_be() -> None:
    for args in (("sessions",), ("profile", "list"), ("profile", "check"), ("show", "a", "b")):
        said = bad(2, *args)
        assert f"there is no profile yet: {profiles_path()} does not exist" in said
    stored({"profiles": {}})
    assert "holds no profile yet" in bad(2, "sessions")


def test_a_store_that_others_can_read_is_refused(store: Path) -> None:
    store.chmod(0o640)
    for args in (("sessions",), ("profile", "list"), ("show", GOTO, "x"), ("links", GOTO, "d")):
        assert f"chmod 600 {store}" in bad(2, *args)


def test_a_store_that_is_no_toml_is_refused(store: Path) -> None:
    store.write_text("[profiles.one\nauth_token = 'hush'\n")
    said = bad(2, "sessions")
    assert f"{store}:1: this is not valid TOML" in said
    assert "hush" not in said


def test_an_unknown_provider_stops_its_profile_alone(simulator: Simulator) -> None:
    changed(simulator, TWILIO, provider="twilio-proxi")
    result = run("sessions", "--json")
    assert result.returncode == 2
    assert {row["profile"] for row in rows(result.stdout)} == {GOTO}
    assert f'profile "{TWILIO}": provider: unknown provider; did you mean "twilio-proxy"?' in (
        result.stderr
    )
    assert good("sessions", "--profile", GOTO)
    assert "unknown provider" in bad(2, "show", TWILIO, "x")


def test_a_missing_key_names_the_key(simulator: Simulator) -> None:
    changed(simulator, TWILIO, auth_token=None)
    assert "auth_token is missing" in bad(2, "sessions", "--profile", TWILIO)
    changed(simulator, TWILIO, auth_token={"env": "NOT_SET_ANYWHERE"})
    assert "NOT_SET_ANYWHERE is not set" in bad(2, "sessions", "--profile", TWILIO)


def test_a_profile_that_nobody_has(store: Path) -> None:
    assert f'no profile "goto-dek"; did you mean "{GOTO}"?' in bad(2, "show", "goto-dek", "x")
    assert "no profile" in bad(2, "sessions", "--profile", "zzz")
    assert "no profile" in bad(2, "profile", "check", "zzz")


# --- what can be wrong at the vendor -------------------------------------------------------------------------


def test_wrong_keys_are_1_and_the_others_rows_still_come(simulator: Simulator) -> None:
    changed(simulator, TWILIO, auth_token="wrong-and-secret")
    result = run("sessions", "--json")
    assert result.returncode == 1
    assert {row["profile"] for row in rows(result.stdout)} == {GOTO}
    assert result.stderr.startswith(f"sessiontop: {TWILIO}: ")
    assert result.stderr.count("\n") == 1
    assert "wrong-and-secret" not in result.stderr
    bad(1, "show", TWILIO, "KC" + "0" * 32)


def test_a_vendor_that_is_down_is_3(simulator: Simulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    changed(simulator, GOTO, base_url=f"http://127.0.0.1:{port}/x")
    bad(3, "sessions", "--profile", GOTO)
    bad(3, "show", GOTO, "x")
    bad(3, "links", GOTO, "d")
    result = run("sessions", "--json")
    assert result.returncode == 3
    assert {row["profile"] for row in rows(result.stdout)} == {TWILIO}
    changed(simulator, GOTO, base_url=f"http://127.0.0.1:{port}/x", access_token=None)
    assert run("sessions").returncode == 2


FAULTS = ["captive", "html-502", "refuse", "garbage", "cut-json", "empty-200", "status-503"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_vendor_out_of_order_is_3_and_one_sentence(unsteady: Simulator, fault: str) -> None:
    unsteady.play("fault", f"*:{fault}")
    stored(unsteady.profiles())
    bad(3, "sessions", "--profile", GOTO)
    bad(3, "sessions", "--profile", TWILIO)


@pytest.mark.parametrize(
    "ref", ["a/b/../c", "../admin", "..", ".", "x#y?z=1", "%2e%2e", "ä ö", "\x1b[2J"]
)
def test_a_session_id_is_one_part_of_the_path_whatever_it_holds(
    store: Path, simulator: Simulator, ref: str
) -> None:
    simulator.requests.clear()
    for profile in (TWILIO, GOTO):
        result = run("show", profile, ref)
        assert result.returncode in (1, 2), result.stderr
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        assert result.stderr.rstrip("\n").isprintable()
    for seen in simulator.requests:
        assert re.search(r"/[Ss]essions/[^/]+$", seen.path), seen.path


def test_an_id_that_is_no_text(store: Path) -> None:
    assert "the id is empty" in bad(2, "show", GOTO, "")
    result = subprocess.run(
        [sys.executable.encode(), b"-m", b"tui", b"show", GOTO.encode(), b"\xff\xfe"],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert result.stderr == b"sessiontop: the id is not UTF-8 text\n"


# --- profiles ------------------------------------------------------------------------------------------------


def test_profile_list_and_path(simulator: Simulator) -> None:
    store = changed(simulator, TWILIO, auth_token={"env": "MY_TWILIO"})
    secret = simulator.profiles()["profiles"][GOTO]["access_token"]  # type: ignore[index]
    assert good("profile", "path") == f"{store}\n"
    out = good("profile", "list", MY_TWILIO="hush")
    assert secret not in out
    assert "hush" not in out
    port = simulator.port
    assert out.splitlines()[0].split() == ["NAME", "PROVIDER", "HOST", "KEYS"]
    assert f"{TWILIO}   twilio-proxy         127.0.0.1:{port}  auth_token: env MY_TWILIO" in out
    assert f"{GOTO}  goto-remote-support  127.0.0.1:{port}  access_token: in the file" in out
    result = run("profile", "list")
    assert result.returncode == 2
    assert "not started; auth_token: env MY_TWILIO, not set" in result.stdout
    assert "MY_TWILIO is not set" in result.stderr


def test_profile_check(store: Path, simulator: Simulator) -> None:
    out = good("profile", "check")
    assert f"{TWILIO}  ✓ the keys are accepted" in out
    assert f"{GOTO}  ✓ " in out
    assert TWILIO not in good("profile", "check", GOTO)


def test_profile_check_with_wrong_keys(simulator: Simulator) -> None:
    changed(simulator, TWILIO, auth_token="wrong")
    result = run("profile", "check")
    assert result.returncode == 1
    assert f"{TWILIO}  ✗ listing the services: the keys were not accepted" in result.stdout
    assert f"{GOTO}  ✓ " in result.stdout


def test_profile_check_when_nobody_answers(unsteady: Simulator) -> None:
    unsteady.play("fault", "*:refuse")
    stored(unsteady.profiles())
    result = run("profile", "check")
    assert result.returncode == 3
    assert result.stderr.count("\n") == 2


def test_rows_without_an_id_are_counted_on_stderr(unsteady: Simulator) -> None:
    stored(unsteady.profiles())
    unsteady.play("rows", "odd")
    result = run("sessions", "--all", "--json")
    assert result.returncode == 0
    assert "set aside 1 row without an id" in result.stderr
    assert "had fields that are not as documented" in result.stderr
    assert rows(result.stdout)


def test_a_list_of_nothing_usable_is_not_told_as_an_empty_desk(unsteady: Simulator) -> None:
    stored(unsteady.profiles())
    unsteady.play("fault", f"{vendor_of(GOTO)}:nan")
    result = run("sessions", "--profile", GOTO)
    assert result.returncode == 3
    assert "not one row has an id" in result.stderr


def vendor_of(profile: str) -> str:
    return {GOTO: "goto-remote-support", TWILIO: "twilio-proxy"}[profile]
