"""The guard without an app: what it installs, puts back and answers. The rest is in end_to_end/test_guard.py."""

from __future__ import annotations

import os
import signal
import threading
import tty
from collections.abc import Iterator

import pytest

from tui.terminal.guard import Guard
from tui.terminal.reset import RESET, get_attributes

WAIT_SECONDS = 10.0
SIGNALS = [
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTSTP,
    signal.SIGCONT,
    signal.SIGWINCH,
]


@pytest.fixture
def pty() -> Iterator[tuple[int, int]]:
    master, slave = os.openpty()
    yield master, slave
    os.close(slave)
    os.close(master)


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in SIGNALS]


def test_all_handlers_are_put_back(pty: tuple[int, int]) -> None:
    before = handlers()
    with Guard(pty[1], pty[1]):
        assert handlers()[:4] != before[:4]
        signal.signal(signal.SIGCONT, lambda *_: None)  # as Textual leaves it
    assert handlers() == before


def test_handlers_are_put_back_and_threads_end_after_an_error(pty: tuple[int, int]) -> None:
    before, threads = handlers(), threading.active_count()

    def fail() -> None:
        with Guard(pty[1], pty[1]):
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert handlers() == before
    assert threading.active_count() == threads


def test_an_ignored_signal_stays_ignored(pty: tuple[int, int]) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Guard(pty[1], pty[1]):
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_rearm_takes_a_signal_back_from_a_library(pty: tuple[int, int]) -> None:
    with Guard(pty[1], pty[1]) as guard:
        mine = signal.getsignal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        guard.rearm()
        assert signal.getsignal(signal.SIGTERM) == mine


def test_settings_and_modes_are_put_back_when_nobody_else_did(pty: tuple[int, int]) -> None:
    master, slave = pty
    before = get_attributes(slave)
    with Guard(slave, slave) as guard:
        guard.engage()
        tty.setraw(slave)
    assert get_attributes(slave) == before
    assert os.read(master, 4096) == RESET


def test_nothing_is_written_when_the_modes_were_put_back(pty: tuple[int, int]) -> None:
    master, slave = pty
    with Guard(slave, slave) as guard:
        guard.engage()
        guard.release()
    os.set_blocking(master, False)
    with pytest.raises(BlockingIOError):
        os.read(master, 4096)


def test_a_blocking_flag_changed_meanwhile_is_put_back(pty: tuple[int, int]) -> None:
    with Guard(pty[1], pty[1]):
        os.set_blocking(pty[1], False)
    assert os.get_blocking(pty[1])


def test_the_first_signal_asks_and_gives_the_exit_code(pty: tuple[int, int]) -> None:
    asked = threading.Event()
    with Guard(pty[1], pty[1]) as guard:
        guard.attach(asked.set, asked.clear)
        assert guard.exit_code(0) == 0
        signal.raise_signal(signal.SIGTERM)
        assert asked.wait(WAIT_SECONDS)
        assert guard.ending
    assert guard.exit_code(0) == 128 + signal.SIGTERM


def test_another_signal_only_wakes_the_main_thread(pty: tuple[int, int]) -> None:
    woken, asked = threading.Event(), threading.Event()
    with Guard(pty[1], pty[1]) as guard:
        guard.attach(asked.set, woken.set)
        signal.signal(signal.SIGWINCH, lambda *_: None)
        signal.raise_signal(signal.SIGWINCH)
        assert woken.wait(WAIT_SECONDS)
        assert not guard.ending
    assert not asked.is_set()


def test_a_library_that_took_the_wake_up_descriptor_cannot_hide_a_signal(
    pty: tuple[int, int],
) -> None:
    asked = threading.Event()
    with Guard(pty[1], pty[1]) as guard:
        guard.attach(asked.set, asked.clear)
        signal.set_wakeup_fd(-1)
        signal.raise_signal(signal.SIGTERM)
        assert asked.wait(WAIT_SECONDS)


def test_an_app_whose_loop_is_closed_is_asked_in_vain(pty: tuple[int, int]) -> None:
    asked = threading.Event()

    def closed() -> None:
        asked.set()
        raise RuntimeError("Event loop is closed")

    with Guard(pty[1], pty[1]) as guard:
        guard.attach(closed, closed)
        guard.hang_up()
        assert asked.wait(WAIT_SECONDS)
    assert guard.exit_code(0) == 128 + signal.SIGHUP


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1)])
def test_without_a_signal_the_app_decides(returned: int | None, code: int) -> None:
    assert Guard().exit_code(returned) == code


def test_the_watch_notices_a_hang_up(pty: tuple[int, int]) -> None:
    master, slave = os.openpty()
    asked = threading.Event()
    with Guard(slave, slave) as guard:
        guard.attach(asked.set, asked.clear)
        os.close(master)
        assert asked.wait(WAIT_SECONDS)
    assert guard.exit_code(0) == 128 + signal.SIGHUP
    os.close(slave)


def test_tell_writes_and_bears_a_terminal_that_is_gone(pty: tuple[int, int]) -> None:
    master, slave = os.openpty()
    guard = Guard(slave, slave)
    guard.tell("done\n")
    assert os.read(master, 100) == b"done\r\n"
    os.close(master)
    guard.tell("nobody hears\n")
    os.close(slave)


def test_the_stream_exists_only_inside() -> None:
    with pytest.raises(RuntimeError, match="entered"):
        _ = Guard().stream


def test_a_painted_terminal_is_put_back_as_it_was_before_the_paint(pty: tuple[int, int]) -> None:
    found = get_attributes(pty[1])
    tty.setraw(pty[1])
    guard = Guard(pty[1], pty[1], found=found, painted=(80, 24)).__enter__()
    with guard as same:  # entered once more by whoever runs the screen
        assert same is guard
        assert get_attributes(pty[1]) != found
    assert get_attributes(pty[1]) == found
    assert os.read(pty[0], 4096) == RESET


def test_for_a_sentence_the_normal_screen_is_shown_and_the_guard_stands_on(
    pty: tuple[int, int],
) -> None:
    found = get_attributes(pty[1])
    tty.setraw(pty[1])
    with Guard(pty[1], pty[1], found=found, painted=(80, 24)) as guard:
        guard.give_back()
        assert get_attributes(pty[1]) == found
        assert os.read(pty[0], 4096) == RESET
        assert guard.painted is None
        assert guard.begun("theirs") == "theirs"
        guard.give_back()
        os.write(pty[1], b"a sentence")
        assert os.read(pty[0], 4096) == b"a sentence"


def test_the_screen_puts_back_what_was_found_before_the_paint(pty: tuple[int, int]) -> None:
    found = get_attributes(pty[1])
    with Guard(pty[1], pty[1], found=found, painted=(0, 0)) as guard:
        assert guard.painted == (0, 0)
        assert guard.begun("raw") is found
        assert guard.painted is None


def test_before_the_app_a_signal_unwinds_once_and_tells_its_code(pty: tuple[int, int]) -> None:
    with Guard(pty[1], pty[1]) as guard:
        guard.unwinds = True
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGTERM)
        assert guard.exit_code(130) == 143
