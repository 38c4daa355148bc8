"""Every command as a user runs it: a process of its own, a real store, real sockets, simulated vendors."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal
from tui.commands.render import cells
from tui.profiles.paths import profiles_path
from tui.profiles.writer import write
from tui.simulator.goto_remote_support import SimulatedVendor as Goto
from tui.simulator.kinds import Kind, State
from tui.simulator.server import Simulator

TWILIO, GOTO = "proxy-eu", "goto-desk"
KEYS = {
    *("profile", "provider", "id", "status", "provider_status", "kind", "subject"),
    *("customer", "customer_email", "customer_phone", "agent", "estimated_wait_minutes"),
    *("created_at", "started_at", "joined_at", "ended_at", "updated_at", "expires_at"),
    *("links", "fields"),
}
LIVE = {"waiting", "not-started", "active", "unknown"}
PROXIES = {"HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "socks5h://127.0.0.1:9"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at parents ends here: what the checkout's own folders allow others is no matter of the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """Vendors that nobody disturbs: a test that turns a knob takes `unsteady`."""
    with Simulator(seed=7, sessions=40, rate=0.0) as running:
        yield running


@pytest.fixture
def unsteady() -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=10, rate=0.0) as running:
        yield running


@pytest.fixture
def store(simulator: Simulator) -> Path:
    """The user's own store, with a profile at each vendor."""
    return stored(simulator.profiles())


def stored(profiles: Mapping[str, Any]) -> Path:
    write(profiles_path(), lambda _: dict(profiles))
    return profiles_path()


def changed(simulator: Simulator, name: str, **keys: object) -> Path:
    """The store with other keys in one profile; a key given as None is left out."""
    tables: dict[str, Any] = json.loads(json.dumps(simulator.profiles()))
    table = tables["profiles"][name] | keys
    tables["profiles"][name] = {key: value for key, value in table.items() if value is not None}
    return stored(tables)


def run(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *args],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding=environ.get("PYTHONIOENCODING", "utf-8"),
        timeout=60,
        env={**os.environ, **environ},
    )


def good(*args: str, **environ: str) -> str:
    """The stdout of a command that does its work and says nothing beside it."""
    result = run(*args, **environ)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def bad(code: int, *args: str, **environ: str) -> str:
    """The one sentence of a command that fails, with nothing on stdout."""
    result = run(*args, **environ)
    assert result.stdout == ""
    assert result.returncode == code, result.stderr
    assert result.stderr.startswith("sessiontop: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.rstrip("\n").isprintable()
    return result.stderr


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def chat(simulator: Simulator) -> str:
    """The id of a web chat in which both have spoken."""
    desk = simulator.desk
    found = next(one for one in desk.sessions(Kind.WEB_CHAT) if one.state is State.TALKING)
    return desk.public_id(found)


def messaging() -> str:
    """The id of a messaging session in which both have spoken, in the one service that the profile names."""
    found = rows(good("sessions", "--profile", TWILIO, "--json"))
    return str(next(row["id"] for row in found if row["status"] == "active"))


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
    assert result.stderr == "sessiontop: no live sessions (--all: ended ones too)\n"
    result = run("sessions", "nobody-of-that-name", "--json")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_query_is_checked_against_what_the_provider_takes(store: Path) -> None:
    assert "takes nothing" in bad(2, "sessions", "--profile", TWILIO, "--query", "a=b")
    assert "NAME=VALUE" in bad(2, "sessions", "--query", "a")
    told = good("sessions", "--profile", TWILIO, "--help")
    assert f"--query for {TWILIO}: the list of Twilio Proxy takes nothing" in told


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
    assert f"{GOTO}  goto-remote-support  127.0.0.1:{port}  access_token: set" in out
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


# --- the simulator -------------------------------------------------------------------------------------------


@contextmanager
def start(*args: str) -> Iterator[subprocess.Popen[str]]:
    """`sessiontop simulate ARGS`; a test that fails in the middle leaves nothing running."""
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "simulate", *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_simulate_serves_until_a_signal(ending: signal.Signals) -> None:
    out = profiles_path()
    with start(
        "--seed", "3", "--sessions", "5", "--rate", "0", "--profiles-out", str(out)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = json.loads(process.stdout.readline())
        assert set(told) == {"base_urls"}
        assert set(told["base_urls"]) == {"twilio-proxy", "goto-remote-support"}
        assert out.stat().st_mode & 0o777 == 0o600
        written = tomllib.loads(out.read_text())["profiles"]
        assert {table["base_url"] for table in written.values()} == set(told["base_urls"].values())
        assert rows(good("sessions", "--json"))
        process.send_signal(ending)
        assert process.wait(timeout=20) == 128 + ending
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


def test_simulate_replaces_its_own_store_and_no_other(tmp_path: Path) -> None:
    out = profiles_path()
    for _ in range(2):
        with start("--profiles-out", str(out)) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
    before = out.read_text()
    real = {"provider": "twilio-proxy", "auth_token": "hush"}
    write(out, lambda tables: {**tables, "profiles": {**tables["profiles"], "mine": real}})
    said = bad(2, "simulate", "--profiles-out", str(out))
    assert 'holds a profile that is no simulator\'s ("mine"): it is left as it is' in said
    assert tomllib.loads(out.read_text())["profiles"]["mine"] == real
    assert (
        tomllib.loads(before)["profiles"].keys() < tomllib.loads(out.read_text())["profiles"].keys()
    )


def test_simulate_on_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = bad(2, "simulate", "--port", str(port), "--profiles-out", str(tmp_path / "p.toml"))
    assert f"port {port} cannot be used" in said


def test_simulate_plays_what_it_is_told(tmp_path: Path) -> None:
    out = profiles_path()
    with start("--play", "fault=twilio-proxy:html-502", "--profiles-out", str(out)) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        assert run("sessions").returncode == 3
        assert good("sessions", "--profile", GOTO, "--json")


# --- how commands behave as processes ------------------------------------------------------------------------


def test_no_command_without_a_screen_imports_textual_or_rich(
    store: Path, simulator: Simulator
) -> None:
    code = """
import sys
sys.modules["click"] = None  # httpx imports its own command line, and Rich with it, wherever click is installed
from tui.__main__ import main
code = main()
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"textual", "rich", "starlette", "uvicorn"})
print(code, heavy, file=sys.stderr)
"""
    commands = [
        ["sessions", "--all"],
        ["show", GOTO, chat(simulator)],
        ["transcript", TWILIO, messaging(), "--markdown"],
        ["links", GOTO, "crm.example.com"],
        ["profile", "list"],
        ["profile", "check"],
        ["profile", "path"],
        ["reset-terminal"],
    ]
    for args in commands:
        result = subprocess.run(
            [sys.executable, "-c", code, *args],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,
        )
        code_told = "2" if args == ["reset-terminal"] else "0"
        assert result.stderr.splitlines()[-1] == f"{code_told} []", (args, result.stderr)


def test_interrupting_a_command_is_130_without_a_traceback(unsteady: Simulator) -> None:
    unsteady.play("fault", "*:stall")
    stored(unsteady.profiles())
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "sessions"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            unsteady.wait_for_request(lambda seen: seen.provider == "twilio-proxy", timeout=30)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
            assert process.stdout is not None
            assert process.stderr is not None
            assert (process.stdout.read(), process.stderr.read()) == (b"", b"")
        finally:
            process.kill()


def test_reset_terminal_without_a_terminal() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tui", "reset-terminal"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("sessiontop: the terminal could not be reset: ")


# --- the demo's footprints -------------------------------------------------------------------------------------


def test_the_demo_leaves_nothing_behind_even_when_killed(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir(mode=0o700)
    config = profiles_path().parent
    demo = (sys.executable, "-m", "tui", "demo", "--rate", "0", "--sessions", "5")
    environ = {"TMPDIR": str(temporary), **PROXIES}
    with PtyTerminal(demo, environ=environ) as terminal:
        terminal.wait_for(f"● {TWILIO}")
        assert list(temporary.iterdir()) == []
        assert list(config.iterdir()) == []
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait_until(lambda: terminal.exit_status is not None, "the end")
    assert list(temporary.iterdir()) == []
    assert list(config.iterdir()) == []
