"""The store's figures: kills at random moments and a crowd of writers. Short here; `-m long` runs the whole of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

# One process forks a writer for each trial, which writes until it is killed and confirms each write that returned.
KILLS = """
import json, os, random, signal, sys, time, tomllib
from pathlib import Path
from tui.profiles.writer import write

path, trials = Path(sys.argv[1]), int(sys.argv[2])
rng = random.Random(trials)
PAD = "p" * 8000
told = {"kills": 0, "writes": 0, "lost": 0, "corrupt": 0, "stuck": 0, "left": 0}

def put(number):
    def change(tables):
        return {**tables, "profiles": {"one": {"number": number, "pad": PAD}}}
    write(path, change)

def found():
    table = tomllib.loads(path.read_text())["profiles"]["one"]
    assert table["pad"] == PAD
    return table["number"]

put(0)
before = 0
for _ in range(trials):
    confirmed, confirm = os.pipe()
    pid = os.fork()
    if pid == 0:
        number = before
        while True:
            number += 1
            put(number)
            os.write(confirm, b".")
    time.sleep(rng.uniform(0.0, 0.04))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(confirm)
    done = len(os.read(confirmed, 65536))
    os.close(confirmed)
    told["kills"] += 1
    told["writes"] += done
    told["left"] += (path.parent / f".{path.name}.new").exists()
    try:
        now = found()
    except Exception:
        told["corrupt"] += 1
        put(before)
        continue
    told["lost"] += not before + done <= now <= before + done + 1
    before = now
    try:
        write(path, lambda tables: tables, lock_wait=0.0)
    except Exception:
        told["stuck"] += 1
print(json.dumps(told))
"""

CROWDED = """
import sys
from pathlib import Path
from tui.profiles.writer import write
def change(tables):
    tables.setdefault("counts", {})
    tables["counts"][sys.argv[2]] = tables["counts"].get(sys.argv[2], 0) + 1
    return tables
for _ in range(int(sys.argv[3])):
    write(Path(sys.argv[1]), change)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    return folder / "profiles.toml"


@pytest.mark.parametrize("trials", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_kills_at_random_moments_lose_nothing(path: Path, trials: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLS, str(path), str(trials)],
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    told = json.loads(done.stdout)
    print(told)
    assert told["kills"] == trials
    # They did fall among writes: after some a new file was left, others came after whole ones.
    assert told["writes"] + told["left"] > trials / 4
    assert (told["lost"], told["corrupt"], told["stuck"]) == (0, 0, 0)


@pytest.mark.parametrize("each", [10, pytest.param(50, marks=pytest.mark.long)])
def test_eight_writers_lose_no_update(path: Path, each: int) -> None:
    crowd = [
        subprocess.Popen([sys.executable, "-c", CROWDED, str(path), f"w{number}", str(each)])
        for number in range(8)
    ]
    assert [process.wait(timeout=300) for process in crowd] == [0] * 8
    counts = tomllib.loads(path.read_text())["counts"]
    print(f"{sum(counts.values())} of {8 * each}")
    assert counts == {f"w{number}": each for number in range(8)}
