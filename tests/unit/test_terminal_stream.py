"""The way out to the terminal, and putting it back, on a pty whose other end the test holds."""

from __future__ import annotations

import contextlib
import os
import select
import termios
import threading
import time
import tty
from collections.abc import Iterator

import pytest

from tui.terminal import stream as stream_module
from tui.terminal.reset import (
    RESET,
    get_attributes,
    own_description,
    put_attributes,
    reset_terminal,
    write_bounded,
)
from tui.terminal.stream import FLUSH_AT, TerminalStream

JOIN_SECONDS = 10.0


class Pty:
    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)

    def read(self) -> bytes:
        return os.read(self.master, 1_000_000)

    def drain(self) -> bytes:
        os.set_blocking(self.master, False)
        data = b""
        with contextlib.suppress(BlockingIOError):
            while part := self.read():
                data += part
        os.set_blocking(self.master, True)
        return data

    def hang_up(self) -> None:
        os.close(self.master)
        self.master = -1

    def fill(self) -> None:
        """Writes until it takes not one byte more, also after the kernel made a little room by itself."""
        poller = select.poll()
        poller.register(self.slave, select.POLLOUT)
        os.set_blocking(self.slave, False)
        for size in (4096, 1):
            while self._takes(size) or poller.poll(200):
                pass
        os.set_blocking(self.slave, True)

    def _takes(self, size: int) -> bool:
        try:
            os.write(self.slave, b"x" * size)
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def pty() -> Iterator[Pty]:
    pair = Pty()
    yield pair
    os.close(pair.slave)
    if pair.master >= 0:
        os.close(pair.master)


@pytest.fixture(params=["own", "shared"])
def stream(
    pty: Pty, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TerminalStream]:
    if request.param == "shared":
        monkeypatch.setattr(stream_module, "own_description", lambda fd: None)
    stream = TerminalStream(pty.slave)
    yield stream
    stream.close()


def flushing(stream: TerminalStream) -> threading.Thread:
    thread = threading.Thread(target=stream.flush, daemon=True)
    thread.start()
    return thread


def test_text_arrives_with_the_flush(stream: TerminalStream, pty: Pty) -> None:
    assert stream.write("é✓") == 2
    stream.flush()
    assert pty.read() == "é✓".encode()
    assert stream.sent == 5


def test_much_text_does_not_wait_for_the_flush(stream: TerminalStream, pty: Pty) -> None:
    thread = threading.Thread(target=stream.write, args=["x" * FLUSH_AT], daemon=True)
    thread.start()
    seen = b""
    while len(seen) < FLUSH_AT:
        seen += pty.read()
    thread.join(JOIN_SECONDS)
    assert stream.sent == FLUSH_AT


def test_what_the_encoding_lacks_is_a_question_mark(pty: Pty) -> None:
    stream = TerminalStream(pty.slave, "latin-1")
    stream.write("é✓\ud800")
    stream.flush()
    assert pty.read() == b"\xe9??"
    stream.close()


def test_a_flush_waits_for_a_terminal_that_reads_late(pty: Pty) -> None:
    stream = TerminalStream(pty.slave)
    pty.fill()
    stream.write("END")
    thread = flushing(stream)
    seen = b""
    while b"END" not in seen:
        seen += pty.read()
    thread.join(JOIN_SECONDS)
    assert not thread.is_alive()
    assert not stream.dropping
    stream.close()


@pytest.mark.parametrize("way", ["abandon", "give_up_after"])
def test_a_stuck_flush_can_be_ended(pty: Pty, way: str) -> None:
    stream = TerminalStream(pty.slave)
    pty.fill()
    stream.write("END")
    thread = flushing(stream)
    if way == "abandon":
        stream.abandon()
    else:
        stream.give_up_after(0.1)
    thread.join(JOIN_SECONDS)
    assert not thread.is_alive()
    assert stream.dropping
    assert not stream.gone
    assert b"END" not in pty.drain()
    stream.close()


def test_a_terminal_that_is_gone_is_told_once_and_raises_nothing(pty: Pty) -> None:
    told: list[str] = []
    stream = TerminalStream(pty.slave, on_gone=lambda: told.append("gone"))
    pty.hang_up()
    for _ in range(2):
        stream.write("x")
        stream.flush()
    assert stream.gone
    assert told == ["gone"]
    assert not stream.isatty()
    stream.close()


def test_the_shared_descriptor_keeps_its_flag_and_stays_open(pty: Pty) -> None:
    stream = TerminalStream(pty.slave)
    assert stream.fileno() != pty.slave
    assert os.get_blocking(pty.slave)
    stream.close()
    assert os.isatty(pty.slave)


def test_what_is_no_terminal_cannot_be_opened_again() -> None:
    reading, writing = os.pipe()
    assert own_description(writing) is None
    os.close(reading)
    os.close(writing)


# -- reset ---------------------------------------------------------------------------------------------


def test_a_bounded_write_gives_up_in_time_and_leaves_the_flag(pty: Pty) -> None:
    pty.fill()
    start = time.monotonic()
    assert not write_bounded(pty.slave, b"END", 0.1)
    assert time.monotonic() - start < 5.0
    assert os.get_blocking(pty.slave)


def test_the_reset_fits_into_a_terminal_that_does_not_read(pty: Pty) -> None:
    pty.fill()
    assert write_bounded(pty.slave, RESET, 1.0, discard=True)
    assert pty.drain().endswith(RESET)


def test_without_discarding_nothing_unread_is_lost(pty: Pty) -> None:
    assert write_bounded(pty.slave, b"a", 0.1)
    assert write_bounded(pty.slave, b"b", 0.1)
    assert pty.drain() == b"ab"


def test_a_terminal_that_is_gone_takes_neither_bytes_nor_settings(pty: Pty) -> None:
    attributes = get_attributes(pty.slave)
    assert attributes is not None
    pty.hang_up()
    assert not write_bounded(pty.slave, b"x", 0.1)
    assert get_attributes(pty.slave) is None
    assert not put_attributes(pty.slave, attributes)


def test_reset_terminal_gives_lines_and_echo_back(pty: Pty) -> None:
    reset_terminal(pty.slave)
    iflag, oflag, _, lflag = termios.tcgetattr(pty.slave)[:4]
    assert lflag & termios.ECHO
    assert lflag & termios.ICANON
    assert lflag & termios.ISIG
    assert iflag & termios.ICRNL
    assert oflag & termios.OPOST
    written = pty.drain()
    for mode in (b"1049", b"1000", b"1003", b"1006", b"2004", b"1004", b"2026"):
        assert b"\x1b[?" + mode + b"l" in written
    assert written.index(b"\x1b7") < written.index(b"\x1b[?1049l")  # the cursor stays where it is


def test_reset_terminal_needs_a_terminal() -> None:
    reading, writing = os.pipe()
    with pytest.raises(OSError, match="not a terminal"):
        reset_terminal(writing)
    os.close(reading)
    os.close(writing)
