"""Stores that nobody wrote by hand: thousands of mistakes, huge numbers, an editor's byte order mark."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.unit.profile_specs import GOOD, SPECS, loaded, put
from tui.model.problem import ConfigProblem
from tui.profiles.store import overview
from tui.profiles.writer import write

MANY = 3000
HUGE = "0x" + "f" * 20_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = tmp_path / "store"
    made.mkdir(mode=0o700)
    return made


@pytest.mark.parametrize(
    ("head", "each", "last"),
    [
        ("", '[profiles.p{}]\nprovider = "bakery"\naccount = "no"\n', f":{3 * MANY}: "),
        ("[profiles]\n", 'p{} = {{ provider = "no" }}\n', ": "),
        ("", "q{} = 1\n", f":{MANY}: "),
    ],
    ids=["tables", "inline", "strangers"],
)
def test_thousands_of_mistakes_are_told_in_seconds(
    folder: Path, head: str, each: str, last: str
) -> None:
    text = head + "".join(each.format(number) for number in range(MANY))
    start = time.process_time()
    found = loaded(folder, text)
    overview(found.path, SPECS, {})
    assert time.process_time() - start < 5.0, "the text is looked through once, not once a mistake"
    assert len(found.problems) == MANY
    assert found.problems[-1].message.startswith(f"{found.path}{last}")


@pytest.mark.parametrize(
    "number", [HUGE, "1" + "0" * 400, "1000000"], ids=["hexadecimal", "decimal", "a million"]
)
def test_a_huge_version_is_no_newer_program(folder: Path, number: str) -> None:
    text = GOOD.replace("version = 1", f"version = {number}")
    with pytest.raises(ConfigProblem, match=":1: version: it must be a whole number"):
        loaded(folder, text)
    with pytest.raises(ConfigProblem, match=":1: version: it must be a whole number"):
        write(folder / "profiles.toml", dict)


@pytest.mark.parametrize("key", ["refresh_seconds", "history_hours", "page_size"])
def test_a_huge_number_is_a_mistake_of_one_profile(folder: Path, key: str) -> None:
    for number in (HUGE, "-" + "9" * 400, "1e999"):
        (problem,) = loaded(folder, GOOD + f"{key} = {number}\n").problems
        assert f"{key}: it must be " in problem.message
        assert len(problem.message) < 300


def test_an_editors_byte_order_mark_is_no_mistake(folder: Path) -> None:
    found = loaded(folder, b"\xef\xbb\xbf" + GOOD.encode())
    assert [profile.name for profile in found.profiles] == ["one"]
    path = put(folder, b"\xef\xbb\xbfversion = 0\n")
    with pytest.raises(ConfigProblem, match=":1: version"):
        overview(path, SPECS, {})
