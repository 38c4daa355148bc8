"""`create --input -`: JSON on standard input, as a script writes it."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command_line import TWILIO, bad
from tests.end_to_end.writing import ANA, CONTROL, IDENTITY, TUI, typed, writes
from tui.simulator.server import Simulator

pytestmark = [pytest.mark.usefixtures("home"), pytest.mark.long]

# --- --input -------------------------------------------------------------------------------------------------


def test_input_keeps_the_customer_out_of_the_argument_list(desk: Simulator) -> None:
    desk.play("fault", "twilio-proxy:stall")
    given = {"participants": [{"identifier": ANA, "friendly_name": "Ana Souza"}]}
    argv = [*TUI, "create", TWILIO, "--input", "-", "--json"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(argv, **pipes) as process:  # type: ignore[call-overload]
        try:
            process.stdin.write(json.dumps(given).encode())
            process.stdin.close()
            desk.wait_for_request(lambda seen: seen.method == "POST", 30)
            shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            assert b"--input" in shown
            assert b"Ana" not in shown
            assert ANA.encode() not in shown
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
            told = process.stderr.read().decode()
        finally:
            process.kill()
    assert "may have been done all the same" in told, "a write is on its way"
    assert told.count("\n") == 1
    assert len(writes(desk)) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"participants": [f"{ANA}=Ana"], "unique_name": None, "ttl": "90m"},
        {"participants": {"identifier": ANA, "friendly_name": "Ana"}, "expires": None},
        {
            "participants": [
                {"Identifier": ANA, "FriendlyName": "Ana", "ProxyIdentifier": None},
                None,
            ]
        },
        {"participants": f"{ANA}=Ana\n"},
    ],
)
def test_input_takes_what_a_script_writes(desk: Simulator, given: dict[str, Any]) -> None:
    result = typed(json.dumps(given), "create", TWILIO, "--input", "-", "--json")
    assert (result.returncode, result.stderr) == (0, b"")
    found = json.loads(result.stdout)
    assert found["session"]["subject"].startswith("sessiontop-"), "null is not the name null"
    assert any(told["label"] == "Ana calls" for told in found["told"])


def test_input_takes_numbers_yes_and_no_and_any_language(desk: Simulator) -> None:
    given = {"unique_name": 4711}
    result = typed(json.dumps(given), "create", TWILIO, "--input", "-", "--json")
    assert json.loads(result.stdout)["session"]["subject"] == "4711"
    result = typed('{"address": true, "country": false}', "create", IDENTITY, "--input", "-")
    assert result.returncode == 0
    accented = '\ufeff{"customer_name": "Zoë Ångström 株式会社"}'  # as editors on Windows save it
    result = typed(accented, "create", CONTROL, "--input", "-")
    assert (result.returncode, result.stderr) == (0, b"")


def test_input_is_utf8_whatever_the_locale_says(
    desk: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    given = json.dumps({"unique_name": "Zoë"}, ensure_ascii=False)
    result = typed(given, "create", TWILIO, "--input", "-", "--json")
    assert json.loads(result.stdout)["session"]["subject"] == "Zoë"


def test_set_goes_before_input(desk: Simulator) -> None:
    words = ("create", TWILIO, "--input", "-", "--set", "unique_name=typed", "--json")
    result = typed('{"unique_name": "piped", "ttl": "90m"}', *words)
    session = json.loads(result.stdout)["session"]
    assert (session["subject"], session["fields"]["ttl"]) == ("typed", 5400)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b'{"unique_name": "x"} trailing',
        b'{"unique_name": "\xff\xfe"}',
        b'{"a": ' + b"[" * 100_000,
        b'{"unique_name": ' + b"9" * 10_000 + b"}",
        b'{"unique_name": "' + b"x" * 300_000 + b'"}',
    ],
    ids=["empty", "cut", "list", "text", "null", "two", "bytes", "deep", "huge-int", "long"],
)
def test_broken_input_is_2_and_nothing_is_sent(desk: Simulator, text: bytes) -> None:
    result = typed(text, "create", TWILIO, "--input", "-")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"sessiontop: standard input must be one JSON object")
    assert result.stderr.count(b"\n") == 1
    assert writes(desk) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"unqiue_name": "x"}', "did you mean unique_name?"),
        ('{"ttl": 90}', "ttl is not a duration"),
        ('{"mode": ["voice-only", "message-only"]}', "mode is given more than once"),
        ('{"unique_name": "a\\ud800b"}', "cannot be seen"),
        ('{"participants": [{"identifier": 5}]}', "is not text"),
        ('{"ttl": 1e999}', "ttl is not a duration"),
    ],
)
def test_bad_values_in_input_are_named_and_not_repeated(
    desk: Simulator, text: str, said: str
) -> None:
    result = typed(text, "create", TWILIO, "--input", "-")
    assert (result.returncode, result.stdout) == (2, b"")
    assert said in result.stderr.decode()
    assert writes(desk) == []


def test_input_is_standard_input_only(desk: Simulator, tmp_path: Path) -> None:
    assert "--input takes -" in bad(2, "create", TWILIO, "--input", str(tmp_path / "x.json"))
