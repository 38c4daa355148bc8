"""Crash reports: where, never what."""

from __future__ import annotations

from pathlib import Path

from tui.model.problem import NoAnswer
from tui.terminal.crash import LIMIT_BYTES, CrashReport, crash_report

HERE = Path(__file__).resolve().parent
CANARY = "canary-91c2"


def caught(error: BaseException, cause: BaseException | None = None) -> BaseException:
    local = CANARY
    try:
        assert local
        raise error from cause
    except BaseException as raised:
        return raised


def deep(depth: int) -> None:
    if depth == 0:
        int(CANARY)
    deep(depth - 1)


def test_our_frames_and_the_kind_without_the_message() -> None:
    report = crash_report(caught(ValueError(CANARY)), package=HERE)
    assert report.kinds == ("ValueError",)
    assert report.message is None
    assert len(report.frames) == 1
    assert report.frames[0].startswith("unit/test_terminal_crash.py:")
    assert report.frames[0].endswith(" caught")
    assert CANARY not in report.text()


def test_the_message_of_a_problem_is_kept_clean() -> None:
    report = crash_report(caught(NoAnswer("no \x1b[31m answer")))
    assert report.message == "no ␛[31m answer"


def test_which_messages_may_be_quoted_is_the_callers_choice() -> None:
    assert crash_report(ValueError("fine"), may_quote=lambda error: True).message == "fine"


def test_causes_are_named_and_the_deepest_tells_the_place() -> None:
    cause = caught(KeyError(CANARY))
    report = crash_report(caught(RuntimeError("x"), cause), package=HERE)
    assert report.kinds == ("RuntimeError", "KeyError")
    assert len(report.frames) == 1


def test_a_group_is_followed_to_its_first() -> None:
    group = BaseExceptionGroup(CANARY, [caught(OSError(CANARY))])
    assert crash_report(group).kinds == ("ExceptionGroup", "OSError")


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert crash_report(first).kinds == ("ValueError", "KeyError")


def test_foreign_files_are_named_without_their_folders() -> None:
    report = crash_report(caught(ValueError()), package=HERE / "elsewhere")
    assert report.frames[0].startswith("test_terminal_crash.py:")


def test_only_the_innermost_frames_of_a_deep_stack_are_kept() -> None:
    try:
        deep(200)
    except ValueError as error:
        report = crash_report(error, package=HERE)
    assert 0 < len(report.frames) <= 8
    assert len(report.text().encode()) <= LIMIT_BYTES
    assert CANARY not in report.text()


def test_the_text_never_grows_beyond_its_limit() -> None:
    report = CrashReport(("É" * 100,) * 4, ("é" * 100,) * 8, None)
    assert len(report.text().encode()) <= LIMIT_BYTES
    assert report.text().endswith("\n")
