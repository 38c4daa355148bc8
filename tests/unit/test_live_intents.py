"""Intents on the disk: killed at every step, crowded, out of space, beside strangers; never a lost or a false one."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.virtual_clock import START, VirtualClock
from tui.live.intent_file import Kept
from tui.live.intents import IntentFolder
from tui.live.ledger import KILLED, LAST_MOMENT, Ledger, Sending
from tui.live.mailbox import Mailbox
from tui.model.form import Values
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.problem import ConfigProblem, UnknownOutcome, UsageProblem
from tui.model.profile import Profile
from tui.model.text import Opaque

ID = "0123456789abcdef" * 2
PROFILE = Profile("one", "fake", "http://127.0.0.1")
BEFORE = ["folder made", "created", "mode set", "half written", "half written", "synced", "locked"]
AFTER = ["renamed", "folder synced"]

KILLED_WRITE = """
import os, signal, sys
from pathlib import Path
from tests.unit.test_live_intents import kept
from tui.live.intents import IntentFolder
from tui.live.intent_file import unknown
left = int(sys.argv[2])
def step(name):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
folder = IntentFolder(Path(sys.argv[1]), step)
if sys.argv[3] == "add":
    folder.add(kept())
elif sys.argv[3] == "key":
    folder.key()
elif sys.argv[3] == "put":
    folder.put(unknown(kept(), "lost"))
else:
    folder.remove(kept().intent.id)
"""

HOLDS = """
import sys
from pathlib import Path
from tests.unit.test_live_intents import kept
from tui.live.intents import IntentFolder
held = IntentFolder(Path(sys.argv[1])).add(kept())
print("held", flush=True)
sys.stdin.read()
"""

NO_ROOM = """
import resource, sys
from pathlib import Path
from tests.unit.test_live_intents import kept
from tui.live.intents import IntentFolder
from tui.model.problem import ConfigProblem
folder = IntentFolder(Path(sys.argv[1]))
folder.key()
resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))
try:
    folder.add(kept())
except ConfigProblem as problem:
    print(problem.message)
"""


def kept(id: str = ID, **more: object) -> Kept:
    intent = Intent(id, "one", "fake", CREATE, START, reference=Opaque("ours-1"))
    return Kept(replace(intent, **more), "digest")  # type: ignore[arg-type]


def run(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def ledger(state: Path, clock: VirtualClock | None = None) -> Ledger:
    made = Ledger(clock or VirtualClock(), Mailbox(), IntentFolder(state))
    made.first_load()
    return made


def names(state: Path) -> list[str]:
    folder = state / "intents"
    return sorted(path.name for path in folder.iterdir() if path.name != "key")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folder_are_private_whatever_the_umask(tmp_path: Path) -> None:
    state = tmp_path / "new"
    before = os.umask(0)
    try:
        folder = IntentFolder(state)
        folder.key()
        held = folder.add(kept())
    finally:
        os.umask(before)
    assert (mode(state), mode(folder.path)) == (0o700, 0o700)
    assert {mode(path) for path in folder.path.iterdir()} == {0o600}
    held.release()


# --- killed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(BEFORE)), ids=lambda n: f"{n}-{BEFORE[n]}")
def test_killed_before_the_file_has_its_name_nothing_was_sent_and_nothing_is_told(
    tmp_path: Path, number: int
) -> None:
    assert run(KILLED_WRITE, str(tmp_path), str(number), "add").returncode == -signal.SIGKILL
    assert not [name for name in names(tmp_path) if name[0] != "."]
    book = ledger(tmp_path)
    assert book.unknown(PROFILE) == []
    assert book.troubles == ()


@pytest.mark.parametrize("number", range(len(AFTER)), ids=AFTER)
def test_killed_from_then_on_the_write_is_unknown_at_the_next_start(
    tmp_path: Path, number: int
) -> None:
    place = str(len(BEFORE) + number)
    assert run(KILLED_WRITE, str(tmp_path), place, "add").returncode == -signal.SIGKILL
    assert json.loads((tmp_path / "intents" / f"{ID}.json").read_text())["state"] == "sending"
    (found,) = ledger(tmp_path).unknown(PROFILE)
    assert (found.intent.id, found.intent.reason) == (ID, KILLED)
    assert json.loads((tmp_path / "intents" / f"{ID}.json").read_text())["state"] == "unknown"
    (again,) = ledger(tmp_path).unknown(PROFILE)
    assert again.intent.reference == "ours-1"


def test_the_steps_are_all_there_are(tmp_path: Path) -> None:
    seen: list[str] = []
    folder = IntentFolder(tmp_path, seen.append)
    held = folder.add(kept())
    assert seen == BEFORE + AFTER
    folder.remove(ID, held)
    assert seen[len(BEFORE + AFTER) :] == ["removed"]
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", range(9))
def test_killed_while_it_is_rewritten_the_old_or_the_new_one_is_there(
    tmp_path: Path, number: int
) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    ended = run(KILLED_WRITE, str(tmp_path), str(number), "put").returncode
    assert ended == (-signal.SIGKILL if number < 7 else 0)
    (found,) = ledger(tmp_path).unknown(PROFILE)
    assert found.intent.id == ID


@pytest.mark.parametrize("number", [0, 1])
def test_killed_while_it_is_removed(tmp_path: Path, number: int) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    run(KILLED_WRITE, str(tmp_path), str(number), "remove")
    assert names(tmp_path) == []


# --- two programs on one folder ------------------------------------------------------------------------------


def test_a_write_that_another_program_waits_for_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        book = ledger(tmp_path)
        assert book.unknown(PROFILE) == []
        assert json.loads((tmp_path / "intents" / f"{ID}.json").read_text())["state"] == "sending"
        other.kill()
        other.wait()
        book.load()
        assert [one.intent.reason for one in book.unknown(PROFILE)] == [KILLED]


def test_what_one_program_settles_leaves_the_others_list_and_never_comes_back(
    tmp_path: Path,
) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    one, two = ledger(tmp_path), ledger(tmp_path)
    one.decide(ID, None)
    two.looked(ID, complete=True)
    assert names(tmp_path) == []
    two.load()
    assert two.unknown(PROFILE) == []


def test_both_programs_count_looks_and_the_file_stays_whole(tmp_path: Path) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    one, two = ledger(tmp_path), ledger(tmp_path)
    for book in (one, two, one):
        book.looked(ID, complete=True)
    (found,) = ledger(tmp_path).unknown(PROFILE)
    assert found.intent.looked == 2
    assert names(tmp_path) == [f"{ID}.json"]


def test_both_have_the_same_key_and_a_broken_one_is_made_anew(tmp_path: Path) -> None:
    first = IntentFolder(tmp_path).key()
    assert IntentFolder(tmp_path).key() == first
    (tmp_path / "intents" / "key").write_bytes(b"short")
    second = IntentFolder(tmp_path).key()
    assert len(second) == 32
    assert IntentFolder(tmp_path).key() == second != first
    assert [path.name for path in (tmp_path / "intents").iterdir()] == ["key"]


@pytest.mark.parametrize("number", range(8))
def test_killed_while_the_key_is_made_the_next_start_makes_one(tmp_path: Path, number: int) -> None:
    run(KILLED_WRITE, str(tmp_path), str(number), "key")
    assert IntentFolder(tmp_path).key() == IntentFolder(tmp_path).key()


# --- what else may lie there ---------------------------------------------------------------------------------

STRANGE = {
    "notes.txt": b"hello",
    f"{'a' * 32}.json": b"",
    f"{'b' * 32}.json": b"\xff\xfe{",
    f"{'c' * 32}.json": b'{"version": 1}',
    f"{'d' * 32}.json": b"[" * 100_000,
    f"{'e' * 32}.json": b'{"version": 1, "at": "yesterday"}',
    f"{'f' * 32}.json": b"x" * (2 << 20),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_is_skipped_with_a_sentence(tmp_path: Path, name: str) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    path = tmp_path / "intents" / name
    path.write_bytes(STRANGE[name])
    path.chmod(0o600)
    book = ledger(tmp_path)
    assert [one.intent.id for one in book.unknown(PROFILE)] == [ID], "the good one is there"
    (trouble,) = book.troubles
    assert name in trouble
    assert trouble.isprintable()
    assert path.exists(), "nothing of somebody else's is removed"


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    path = tmp_path / "intents" / f"{ID}.json"
    path.write_text(json.dumps({"version": 2, "state": "dreaming"}))
    (trouble,) = ledger(tmp_path).troubles
    assert "newer sessiontop" in trouble
    assert "remove" not in trouble


@pytest.mark.parametrize("kind", ["link", "open", "folder", "pipe", "renamed"])
def test_a_file_that_cannot_be_trusted_is_skipped(tmp_path: Path, kind: str) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    path = tmp_path / "intents" / f"{ID}.json"
    other = path.with_name(f"{'9' * 32}.json")
    if kind == "open":
        path.chmod(0o644)
    elif kind == "renamed":
        path.rename(other)
    else:
        path.unlink()
        if kind == "link":
            path.symlink_to("/etc/passwd")
        elif kind == "folder":
            path.mkdir()
        else:
            os.mkfifo(path)
    book = ledger(tmp_path)
    assert book.unknown(PROFILE) == []
    assert len(book.troubles) == 1


def test_a_folder_that_others_may_write_to_sends_nothing(tmp_path: Path) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    (tmp_path / "intents").chmod(0o777)
    book = ledger(tmp_path)
    assert "chmod 700" in book.troubles[0]
    with book.flight(PROFILE, CREATE, None, {}) as flight:
        with pytest.raises(ConfigProblem, match=r"nothing was sent: .*chmod 700"):
            flight.departs(Sending())
        assert not flight.sent


def test_a_full_disk_sends_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    told = run(NO_ROOM, str(tmp_path))
    assert "could not be written: File too large" in told.stdout, told.stderr
    assert names(tmp_path) == []


# --- what is written down ------------------------------------------------------------------------------------


def test_no_value_of_the_customers_is_in_the_file(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    values = {"customer_name": "Ana Lindqvist", "phone": "+14155550123"}
    with book.flight(PROFILE, CREATE, None, values) as flight:
        flight.departs(Sending(Opaque("ours-1")))
        flight.lost(UnknownOutcome("the vendor said Ana Lindqvist"))
    text = "".join(path.read_text("latin-1") for path in (tmp_path / "intents").glob("*.json"))
    assert "ours-1" in text
    assert "Ana" not in text
    assert "4155550123" not in text


def test_a_digest_is_the_same_for_the_same_question_only(tmp_path: Path) -> None:
    one, two = ledger(tmp_path), ledger(tmp_path)
    values: Values = {"a": "1", "b": ({"x": "1", "y": "2"},)}
    turned: Values = {"b": ({"y": "2", "x": "1"},), "a": "1"}
    assert one.digest(PROFILE, CREATE, None, values) == two.digest(PROFILE, CREATE, None, turned)
    others = {
        one.digest(PROFILE, CREATE, None, {"a": "1"}),
        one.digest(PROFILE, "close", Opaque("1"), {}),
        one.digest(replace(PROFILE, name="two"), CREATE, None, values),
        one.digest(PROFILE, CREATE, None, values),
    }
    assert len(others) == 4
    elsewhere = ledger(tmp_path / "elsewhere")
    assert elsewhere.digest(PROFILE, CREATE, None, values) not in others


# --- time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_was_set_never_makes_a_deadline_longer(tmp_path: Path, hours: int) -> None:
    IntentFolder(tmp_path).add(kept()).release()
    clock = VirtualClock(START + timedelta(hours=hours))
    book = ledger(tmp_path, clock)
    left = book.deadline(ID) - clock.monotonic()
    assert left == (0 if hours > 0 else LAST_MOMENT.total_seconds())


# --- one at a time -------------------------------------------------------------------------------------------


def test_the_same_is_not_sent_while_it_is_on_its_way() -> None:
    book = Ledger(VirtualClock(), Mailbox())
    with book.flight(PROFILE, CREATE, None, {"a": "1"}):
        with (
            pytest.raises(UsageProblem, match="on its way already"),
            book.flight(PROFILE, CREATE, None, {"a": "1"}),
        ):
            pass
        for other in ({"a": "2"}, {}):
            with book.flight(PROFILE, CREATE, None, other):
                pass
        with book.flight(replace(PROFILE, name="two"), CREATE, None, {"a": "1"}):
            pass
    with book.flight(PROFILE, CREATE, None, {"a": "1"}):
        """Afterwards it may."""
    with book.flight(PROFILE, "extend", Opaque("a"), {"by": 1}):
        with (
            pytest.raises(UsageProblem, match="extend of this session"),
            book.flight(PROFILE, "extend", Opaque("a"), {"by": 2}),
        ):
            pass
        with book.flight(PROFILE, "close", Opaque("a"), {}):
            pass


def test_settled_intents_stay_until_they_are_dropped_and_never_without_end() -> None:
    box = Mailbox()
    book = Ledger(VirtualClock(), box)
    for number in range(60):
        with book.flight(PROFILE, CREATE, None, {"n": number}) as flight:
            flight.departs(Sending())
            lost = flight.lost(UnknownOutcome("lost"))
            assert lost is not None
            book.settle(lost.id, IntentState.DONE, None, "found")
    told = box.drain().intents
    assert told is not None
    assert {one.state for one in told} == {IntentState.DONE}
    assert len(told) == 50
    for one in told:
        book.decide(one.id, None)
    assert box.drain().intents == ()
