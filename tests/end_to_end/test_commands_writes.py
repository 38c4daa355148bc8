"""`create` as a user or a script runs it, at all five simulated vendors, and its output."""

from __future__ import annotations

import json
import re

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, bad, good, run
from tests.end_to_end.writing import (
    ANA,
    CONTROL,
    IDENTITY,
    PROVIDERS,
    SEEIT,
    made,
    status_of,
    writes,
)
from tui.commands.json_shapes import made_shape
from tui.live.messages import Made
from tui.model.secret import Secret
from tui.model.text import Opaque, line
from tui.providers.base import Created, Told
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

# --- create --------------------------------------------------------------------------------------------------

TELLS = {
    TWILIO: r"session +KC[0-9a-f]{32}\nunique name +sessiontop-[0-9a-f]{20}\n",
    GOTO: r"technician's launch link +https://\S+\ncustomer's join link +comes once .*\n",
    IDENTITY: r"verify link +https://\S+clientToken=\S+\nsession +urn:trinsic:\S+\nexpires .*\n",
    SEEIT: r"support key\S* .* \d{3}-\d{3}-\d{3}\nstart URL.* https://\S+\n",
    CONTROL: r"session +created; .*look for it in the list\n(.+\n)*",
}


@pytest.mark.parametrize("profile", PROVIDERS)
def test_create_tells_what_the_customer_needs(desk: Simulator, profile: str) -> None:
    out = good("create", profile)
    assert re.fullmatch(TELLS[profile], out), out
    assert all(text.isprintable() for text in out.splitlines())
    (write,) = writes(desk)
    assert (write.provider, write.method) == (PROVIDERS[profile], "POST")


@pytest.mark.parametrize("profile", PROVIDERS)
def test_create_as_json(desk: Simulator, profile: str) -> None:
    out = good("create", profile, "--json")
    assert out.isascii()
    assert out.count("\n") == 1
    found = json.loads(out)
    assert set(found) == {"session", "ref", "told"}
    assert found["told"]
    assert all(set(told) == {"label", "text"} for told in found["told"])
    if profile in (TWILIO, IDENTITY):
        assert found["session"]["profile"] == profile
        assert found["session"]["id"] == found["ref"]
        assert status_of(found["ref"], profile) in ("waiting", "not-started")
    else:
        assert found["session"] is None
        assert (found["ref"] is None) == (profile == CONTROL)


def test_secrets_in_json_need_reveal(desk: Simulator) -> None:
    hidden = made(IDENTITY)["session"]["fields"]
    assert (hidden["clientToken"], hidden["verifyUrl"]) == ("***", "***")
    shown = made(IDENTITY, "--reveal")["session"]["fields"]
    assert shown["clientToken"].startswith("ct_")
    assert shown["clientToken"] in shown["verifyUrl"]


def test_a_token_that_starts_the_session_is_a_secret_wherever_it_stands() -> None:
    token = "e0-6f8ddb4a626685dc"
    created = Created((Told(line("session token"), Secret(token)),), ref=Opaque(token))
    hidden = made_shape(Made(1, created))
    assert token not in json.dumps(hidden)
    assert hidden["ref"] == "***"
    assert made_shape(Made(1, created), reveal=True)["ref"] == token
    plain = Created((Told(line("session"), Opaque("KC1")),), ref=Opaque("KC1"))
    assert made_shape(Made(1, plain))["ref"] == "KC1"


def test_create_fills_the_form_in(desk: Simulator) -> None:
    people = [
        "--set",
        f"participants={ANA}=Ana Souza",
        "--set",
        "participants=+14155550177=Desk",
    ]
    found = made(TWILIO, *people, "--set", "unique_name=order-1", "--set", "ttl=1h30m")
    assert found["session"]["subject"] == "order-1"
    assert found["session"]["fields"]["ttl"] == 5400
    assert {told["label"] for told in found["told"]} >= {"Ana Souza calls", "Desk calls"}
    assert status_of("order-1") == "waiting"


@pytest.mark.parametrize(
    ("profile", "options", "said"),
    [
        (
            TWILIO,
            ["uniqe_name=x"],
            "uniqe_name is no field of this form: did you mean unique_name?",
        ),
        (TWILIO, ["unique_name=" + "x" * 192], "has 192 characters; at most 191 are taken"),
        (TWILIO, ["participants=+14155550123"] * 3, "has 3 entries; at most 2 are"),
        (TWILIO, ["unique_name=a", "unique_name=b"], "unique_name is given more than once"),
        (TWILIO, ["ttl=90"], "is not a duration"),
        (TWILIO, ["expires=2001-01-01"], "expires must be in the future"),
        (TWILIO, ["mode=voice"], "did you mean voice-only?"),
        (TWILIO, ["unique_name"], "--set takes FIELD=VALUE"),
        (TWILIO, ["=x"], "--set takes FIELD=VALUE"),
        (GOTO, ["customer_email=ana"], "is not an e-mail address"),
        (IDENTITY, ["address=perhaps"], "is neither yes nor no"),
        (SEEIT, ["customer=Ana"], "there is nothing to fill in"),
        (CONTROL, ["problem_description=" + "x" * 1025], "at most 1024"),
    ],
)
def test_what_cannot_be_sent_is_2_and_nothing_is(
    desk: Simulator, profile: str, options: list[str], said: str
) -> None:
    pairs = [word for option in options for word in ("--set", option)]
    assert said in bad(2, "create", profile, *pairs)
    assert writes(desk) == []


def test_all_that_is_wrong_is_told_at_once(desk: Simulator) -> None:
    said = bad(2, "create", TWILIO, "--set", "ttl=x", "--set", "mode=y", "--set", "nope=z")
    assert all(name in said for name in ("ttl", "mode", "nope"))
    assert "is no field" in bad(2, "create", TWILIO, "--set", "\x1b]0;x\x07=1")


# --- hostile vendors, help -----------------------------------------------------------------------------------


def test_output_is_clean_text(desk: Simulator) -> None:
    desk.play("text", "hostile")
    try:
        name = f"participants={ANA}=[bold]Ana[/]"
        plain = good("create", TWILIO, "--set", name)
        assert "[bold]Ana[/] calls" in plain
        outs = [plain, *(good("create", profile) for profile in (GOTO, SEEIT, CONTROL))]
    finally:
        desk.play("text", "plain")
    assert all(text.isprintable() for out in outs for text in out.splitlines())


def test_help_lists_the_fields_wherever_the_profile_stands(desk: Simulator) -> None:
    plain = good("create", TWILIO, "--help")
    assert "at most 191 characters" in plain
    assert good("create", "--set", "a=b", TWILIO, "--input", "-", "--help") == plain
    assert "create PROFILE --help" in good("create", "--set", "a=b", "--help")
    help_of_act = good("act", "--set", "by=1h", TWILIO, "KC1", "extend", "--help")
    assert "extend: it gets a fixed end" in help_of_act
    assert "  by=" in help_of_act
    assert "no action" in good("act", CONTROL, "--help")
    assert desk.requests.all() == []


def test_the_plain_run_needs_no_terminal(desk: Simulator) -> None:
    result = run("create", SEEIT)
    assert (result.returncode, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
