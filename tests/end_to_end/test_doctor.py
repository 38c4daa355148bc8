"""`sessiontop doctor` as a user runs it: works in every state, shows no secret, bounded, and says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command_line import changed, run
from tests.end_to_end.writing import IDENTITY, PROVIDERS
from tui.profiles.paths import profiles_path
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")
SECRETS = ("auth_token", "access_token", "api_key", "public_key", "private_key")


def doctor(code: int, **environ: str) -> list[dict[str, Any]]:
    result = run("doctor", "--json", **environ)
    assert (result.returncode, result.stderr) == (code, "")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert all(set(line) == {"verdict", "about", "text", "remedy"} for line in found)
    assert any(line["verdict"] == "fail" for line in found) == (code == 2)
    return found


def about(found: list[dict[str, Any]], name: str) -> str:
    return "\n".join(f"{line['verdict']} {line['text']}" for line in found if line["about"] == name)


def test_without_a_profile_it_says_how_to_begin() -> None:
    found = doctor(0)
    told = next(line for line in found if line["about"] == "profiles.toml")
    assert (told["verdict"], told["remedy"]) == ("warn", "sessiontop profile add")
    assert "python 3." in about(found, "versions")
    assert "textual " in about(found, "versions")
    assert about(found, "program").endswith("/tui")


def test_five_good_profiles(desk: Simulator) -> None:
    found = doctor(0)
    for name in PROVIDERS:
        told = about(found, name)
        assert "without a proxy" in told
        assert "127.0.0.1 answers (" in told
        assert "no TLS, which on loopback nobody can listen to" in told
        assert "its clock and this machine's agree" in told
        assert " accepted" in told
    text = run("doctor").stdout
    assert f"\nok    {IDENTITY} " in text
    tables: dict[str, Any] = json.loads(json.dumps(desk.profiles()))["profiles"]
    for secret in (table[key] for table in tables.values() for key in SECRETS if key in table):
        assert secret not in text
        assert secret not in json.dumps(found)


def test_a_refused_key_and_a_vendor_that_is_away_fail(desk: Simulator) -> None:
    changed(desk, IDENTITY, api_key="tk_hush")
    found = doctor(2)
    assert "check api_key" in about(found, IDENTITY)
    assert "hush" not in json.dumps(found)
    bad = [line for line in found if line["verdict"] == "fail"]
    assert [line["remedy"] for line in bad] == [f"sessiontop profile edit {IDENTITY}"]
    changed(desk, IDENTITY, base_url="http://127.0.0.1:1")
    assert "connection refused" in about(doctor(2), IDENTITY)


def test_a_broken_store_is_told_and_nobody_is_asked(desk: Simulator) -> None:
    path = profiles_path()
    path.write_text("[profiles.one\napi_key = 'hush'\n")
    found = doctor(2)
    assert f"{path}:1: this is not valid TOML" in about(found, "profiles.toml")
    assert "hush" not in json.dumps(found)
    path.chmod(0o644)
    assert f"chmod 600 {path}" in about(doctor(2), "profiles.toml")
    path.parent.chmod(0o777)
    assert "chmod 700" in about(doctor(2), "profiles.toml")
    assert len(desk.requests) == 0


def test_a_broken_profile_fails_and_the_others_are_asked(desk: Simulator) -> None:
    changed(desk, IDENTITY, api_key={"command": ["false"]})
    found = doctor(2)
    assert "the command false ended with exit code 1" in about(found, "profiles")
    assert "accepted" in about(found, "seeit")


def test_a_folder_that_is_none_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = doctor(2, SESSIONTOP_CONFIG_DIR=str(tmp_path / "file"))
    assert "is not a folder" in about(found, "config folder")
    assert "cannot be opened as a folder" in about(found, "profiles.toml")


def test_vendors_that_swallow_everything_cost_one_timeout(desk: Simulator) -> None:
    """All five accept and never answer: one read timeout of 10 s, not five of them."""
    desk.play("fault", "*:stall")
    began = time.monotonic()
    found = doctor(2)
    assert time.monotonic() - began < 25
    for name in PROVIDERS:
        assert "did not answer in time" in about(found, name)


def test_it_imports_no_textual(desk: Simulator) -> None:
    code = (
        "import sys; from tui import cli; cli.main(['doctor']); "
        "print(*(name for name in sys.modules if name.split('.')[0] == 'textual'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == ""
