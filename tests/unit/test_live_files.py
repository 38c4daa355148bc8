"""New files for the user: private, whole, and never over one that is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.live.commands import Save
from tui.live.engine import Engine
from tui.live.files import save
from tui.live.messages import Answer, Saved
from tui.model.clock import SystemClock
from tui.model.problem import UsageProblem
from tui.providers import registry


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save(str(tmp_path / "a.md"), "José 渡辺\n")
    finally:
        os.umask(before)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "José 渡辺\n"
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o600


def test_the_home_folder_may_be_written_as_a_tilde(tmp_path: Path) -> None:
    save("~/b.csv", "x")  # conftest made the home folder this test's own
    assert (tmp_path / "b.csv").read_text() == "x"


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    target = tmp_path / "c.json"
    target.write_text("mine")
    (tmp_path / "link.json").symlink_to(target)
    (tmp_path / "dangling.json").symlink_to(tmp_path / "nowhere")
    for name in ("c.json", "link.json", "dangling.json"):
        with pytest.raises(UsageProblem, match="is there already, choose another name"):
            save(str(tmp_path / name), "yours")
    assert target.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("missing/d.md", "its folder does not exist"),
        ("", "is there already"),
        ("a\x00b.md", "is no name for a file"),
        ("~nobody-like-this/x.md", "is no name for a file"),
        ("x" * 300 + ".md", "File name too long"),
    ],
)
def test_why_it_could_not_be_written(tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(UsageProblem, match=why) as caught:
        save(path if path.startswith("~") else str(tmp_path / path), "x")
    assert caught.value.message.isprintable()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_what_is_not_whole_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageProblem, match="No space left on device"):
        save(str(tmp_path / "e.md"), "x" * 100_000)
    assert list(tmp_path.glob("*.md")) == []


def test_the_engine_writes_in_a_thread_of_its_own_and_answers(tmp_path: Path) -> None:
    path = tmp_path / "f.md"
    engine = Engine((), connect=registry.connect, clock=SystemClock())
    engine.start()
    try:
        answers: list[Answer] = []
        for ticket in (1, 2):
            engine.send(Save(ticket, str(path), "told"))
            while len(answers) < ticket:
                assert engine.mailbox.wait(10)
                answers += engine.mailbox.drain().answers
    finally:
        assert engine.stop()
    first, second = answers
    assert first == Saved(1, str(path))
    assert isinstance(second, Saved)
    assert second.problem is not None
    assert "is there already" in second.problem.message
    assert path.read_text() == "told"
