"""The commands that read sessions, as a user runs them against two simulated vendors."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

import pytest

from tests.end_to_end.command_line import (
    GOTO,
    PROXIES,
    TWILIO,
    bad,
    chat,
    good,
    messaging,
    rows,
    run,
    stored,
)
from tests.end_to_end.pty_terminal import PtyTerminal
from tui.commands.render import cells
from tui.model.filter import fold
from tui.simulator.goto_remote_support import SimulatedVendor as Goto
from tui.simulator.kinds import Kind, State
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

KEYS = {
    *("profile", "provider", "id", "status", "provider_status", "kind", "subject"),
    *("customer", "customer_email", "customer_phone", "agent", "estimated_wait_minutes"),
    *("created_at", "started_at", "joined_at", "ended_at", "updated_at", "expires_at"),
    *("links", "fields"),
}
LIVE = {"waiting", "not-started", "active", "unknown"}

# --- sessions ------------------------------------------------------------------------------------------------


def test_sessions_as_json(store: Path, simulator: Simulator) -> None:
    out = good("sessions", "--json")
    assert out.isascii()
    found = rows(out)
    assert all(set(row) == KEYS for row in found)
    assert {row["status"] for row in found} <= LIVE
    assert {row["profile"] for row in found} == {TWILIO, GOTO}
    desk = simulator.desk
    living = {
        desk.public_id(one)
        for one in desk.sessions()
        if one.state in (State.WAITING, State.TALKING)
    }
    listed = {row["id"] for row in found}
    assert {ref for ref in listed if not ref.startswith("KC")} == {
        ref for ref in living if not ref.startswith("KC")
    }
    # The simulated account has more Proxy services, which the profile does not name.
    messages = {ref for ref in listed if ref.startswith("KC")}
    assert messages
    assert messages <= living
    times = [row["created_at"] for row in found if row["created_at"]]
    assert times
    assert all(re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}(\.\d+)?Z", time) for time in times)


def test_people_are_asked_for_where_a_row_names_nobody(store: Path) -> None:
    found = rows(good("sessions", "--profile", TWILIO, "--json"))
    assert found
    assert all(row["customer"] or row["customer_phone"] for row in found)


def test_sessions_of_all_states_as_csv(store: Path) -> None:
    living = good("sessions", "--csv")
    table = list(csv.reader(io.StringIO(good("sessions", "--all", "--csv"))))
    assert table[0][:4] == ["profile", "provider", "id", "status"]
    assert set(table[0]) - {f"{name}_link" for name in ("join", "start", "recording", "data")} == (
        KEYS - {"links", "fields"} | {"partner_link"}
    )
    assert len(table) > len(living.splitlines())
    assert {"ended"} <= {row[3] for row in table[1:]}
    phones = [row[table[0].index("customer_phone")] for row in table[1:]]
    assert any(phones)
    assert not any(phone.startswith("+") for phone in phones)


def test_sessions_for_people_are_aligned_and_whole_in_a_pipe(store: Path) -> None:
    lines = good("sessions").splitlines()
    assert lines[0].split() == [
        "WAIT",
        "STATUS",
        "PROFILE",
        "CUSTOMER",
        "SUBJECT",
        "AGENT",
        "AGE",
        "ID",
    ]
    start = lines[0].index("STATUS")
    assert all(line[start] in "○·●?" for line in lines[1:])
    plain = good("sessions", PYTHONIOENCODING="latin-1", LC_ALL="de_DE.ISO-8859-1").splitlines()
    assert all(line[start] in "o.*?" for line in plain[1:])


def test_filter_words_and_options_in_any_order(store: Path) -> None:
    everyone = rows(good("sessions", "--all", "--json"))
    name = next(row["customer"] for row in everyone if row["customer"] and row["profile"] == GOTO)
    words = name.split()
    found = rows(good("sessions", words[0].upper(), "--json", *words[1:], "--all"))
    assert found
    assert all(name.lower() in json.dumps(row, ensure_ascii=False).lower() for row in found)


def test_since_narrows(store: Path) -> None:
    wide = rows(good("sessions", "--profile", GOTO, "--all", "--json"))
    narrow = rows(good("sessions", "--profile", GOTO, "--all", "--json", "--since", "30m"))
    assert 0 < len(narrow) < len(wide)


def test_no_rows_say_so_on_stderr(store: Path) -> None:
    result = run("sessions", "nobody-of-that-name")
    assert (result.returncode, result.stdout) == (0, "")
    told = r"sessiontop: no live session matches the filter: \d+ do not \(--all: ended ones too\)\n"
    assert re.fullmatch(told, result.stderr)
    result = run("sessions", "nobody-of-that-name", "--json")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_query_is_checked_against_what_the_provider_takes(store: Path) -> None:
    said = bad(2, "sessions", "--profile", TWILIO, "--query", "pagesize=7")
    assert 'knows no "pagesize"; did you mean "PageSize"?' in said
    assert "does not look right" in bad(
        2, "sessions", "--profile", TWILIO, "--query", "PageSize=1001"
    )
    assert "NAME=VALUE" in bad(2, "sessions", "--query", "a")
    told = good("sessions", "--profile", TWILIO, "--help")
    assert f"--query for {TWILIO} (Twilio Proxy):\n  PageSize=" in told


def test_sort_by_a_field_of_json_over_all_profiles(store: Path) -> None:
    rising = rows(good("sessions", "--all", "--sort", "created_at", "--json"))
    times = [row["created_at"] for row in rising if row["created_at"]]
    assert times == sorted(times)
    assert len({row["profile"] for row in rising}) == 2
    falling = rows(good("sessions", "--all", "--sort", "customer,desc", "--json"))
    names = [row["customer"] for row in falling]
    known = [fold(name) for name in names if name]
    assert known == sorted(known, reverse=True)
    assert not any(names[len(known) :]), "those without a name come last"
    table = list(csv.reader(io.StringIO(good("sessions", "--all", "--sort", "id", "--csv"))))
    ids = [row[2] for row in table[1:]]
    assert ids == sorted(ids, key=fold)


def test_an_unknown_sort_field_is_named_with_the_nearest(store: Path) -> None:
    assert 'did you mean "created_at"?' in bad(2, "sessions", "--sort", "createdat")
    assert "FIELD,desc" in bad(2, "sessions", "--sort", "created_at,down")
    assert "a session has no field ''" in bad(2, "sessions", "--sort", "")
    assert "from 1 to" in bad(2, "sessions", "--page", "0")
    assert "from 1 to" in bad(2, "sessions", "--size", "many")


def test_pages_are_pieces_of_the_sorted_result(store: Path) -> None:
    whole = rows(good("sessions", "--all", "--sort", "id", "--json"))
    pages = -(-len(whole) // 7)
    found = []
    for number in range(1, pages + 1):
        args = ("--all", "--sort", "id", "--json", "--size", "7", "--page", str(number))
        result = run("sessions", *args)
        assert result.returncode == 0
        piece = rows(result.stdout)
        found += piece
        told = f"page {number} of {pages}: {len(piece)} of {len(whole)} sessions"
        assert result.stderr == f"sessiontop: {told}\n"
    assert [row["id"] for row in found] == [row["id"] for row in whole]


def test_a_page_past_the_end_is_a_sentence_and_no_error(store: Path) -> None:
    result = run("sessions", "--all", "--page", "99", "--json")
    assert (result.returncode, result.stdout) == (0, "")
    assert re.fullmatch(
        r"sessiontop: there is no page 99: \d+ sessions on \d+ pages?\n", result.stderr
    )
    assert run("sessions", "--all", "--size", "5000", "--json").stderr == "", "nothing was left out"


def test_proxies_of_the_environment_do_not_stand_before_loopback(store: Path) -> None:
    assert rows(good("sessions", "--json", **PROXIES))


def test_hostile_names_reach_no_terminal(unsteady: Simulator) -> None:
    unsteady.play("text", "hostile")
    stored(unsteady.profiles())
    for form in ("--json", "--csv", "--all"):
        out = good("sessions", form)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
    for row in rows(good("sessions", "--json")):
        shown = good("show", row["profile"], row["id"])
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


@pytest.mark.parametrize("columns", [80, 120, 60])
def test_sessions_on_a_terminal_take_one_line_each(store: Path, columns: int) -> None:
    listing = (sys.executable, "-m", "tui", "sessions")
    with PtyTerminal(listing, columns=columns, rows=60) as terminal:
        assert terminal.wait_exit() == 0
        lines = bytes(terminal.output).decode().replace("\r\n", "\n").splitlines()
    assert lines[0].split()[:4] == ["WAIT", "STATUS", "PROFILE", "CUSTOMER"]
    assert ("AGENT" in lines[0]) == (columns == 120)
    needed = 76  # the least that a line with a Twilio SID takes
    assert all(cells(line) <= max(columns, needed) for line in lines)
    assert all(re.search(r"  (KC[0-9a-f]{32}|[0-9]+|SS-[0-9]+)$", line) for line in lines[1:])


# --- one session ---------------------------------------------------------------------------------------------


def test_show_one_session_of_each_vendor(store: Path, simulator: Simulator) -> None:
    for profile, ref in ((TWILIO, messaging()), (GOTO, chat(simulator))):
        (found,) = rows(good("show", profile, ref, "--json"))
        assert set(found) == KEYS
        assert (found["profile"], found["id"], found["status"]) == (profile, ref, "active")
        assert found["fields"]
        text = good("show", profile, ref)
        assert re.search(rf"(?m)^id +{ref}$", text)
        assert re.search(r"(?m)^status +● active( \(in-progress\))?$", text)


def test_a_person_stands_in_show_too(store: Path, simulator: Simulator) -> None:
    (found,) = rows(good("show", TWILIO, messaging(), "--json"))
    assert found["customer"] or found["customer_phone"]


def test_a_session_by_its_token(store: Path, simulator: Simulator) -> None:
    vendor = simulator.vendors["goto-remote-support"]
    assert isinstance(vendor, Goto)
    ref = chat(simulator)
    (found,) = rows(good("show", GOTO, vendor.session_token(ref), "--json"))
    assert found["id"] == ref


def test_a_transcript_in_three_forms(store: Path, simulator: Simulator) -> None:
    for profile, ref in ((TWILIO, messaging()), (GOTO, chat(simulator))):
        entries = rows(good("transcript", profile, ref, "--json"))
        assert all(
            set(entry) == {"at", "author", "role", "kind", "text", "status"} for entry in entries
        )
        said = [entry["text"].split("\n")[0] for entry in entries if entry["kind"] == "message"]
        assert said
        text = good("transcript", profile, ref)
        assert good("transcript", profile, ref, "--text") == text
        assert all(words in text for words in said)
        marked = good("transcript", profile, ref, "--markdown")
        assert marked.startswith("# Session ")
        assert marked.count("\n> ") >= len(said)


def test_a_session_without_a_conversation_says_so(store: Path, simulator: Simulator) -> None:
    desk = simulator.desk
    shared = next(one for one in desk.sessions(Kind.SCREEN_SHARING) if one.state is State.TALKING)
    result = run("transcript", GOTO, desk.public_id(shared))
    assert result.returncode == 0
    assert "session started" in result.stdout
    assert (
        result.stderr == "sessiontop: no web chat was held in this session; these are its steps\n"
    )


def test_system_links(store: Path) -> None:
    (found, *_) = rows(good("links", GOTO, "crm.example.com", "--json"))
    assert set(found) == {"name", "domain", "user_email", "user_token", "callback_url"}
    assert found["user_token"] == "***"
    (shown, *_) = rows(good("links", GOTO, "crm.example.com", "--json", "--reveal"))
    assert shown["user_token"] not in ("***", None)
    assert "***" in good("links", GOTO, "crm.example.com")
    assert "no partner-system links" in bad(2, "links", TWILIO, "crm.example.com")
