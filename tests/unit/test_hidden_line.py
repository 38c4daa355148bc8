"""The hidden line while signals come: to whatever thread, and at whatever moment."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from tui.commands.hidden_line import _read, _woken

_LONG = 5.0


def asleep(thread: int) -> None:
    """Waits until that thread waits for a key: it sleeps, however often it could have had the interpreter."""
    state, seen = Path(f"/proc/self/task/{thread}/stat"), 0
    while seen < 50:
        seen = seen + 1 if state.read_text().rpartition(")")[2].split()[0] == "S" else 0


def test_a_signal_that_another_thread_got_is_answered_before_the_next_key() -> None:
    keys, keyboard = os.pipe()
    answered = threading.Event()
    in_time: list[bool] = []

    def other() -> None:
        asleep(main)
        signal.pthread_kill(threading.get_ident(), signal.SIGCONT)
        in_time.append(answered.wait(_LONG))
        os.write(keyboard, b"typed\n")

    main = threading.get_native_id()
    before = signal.signal(signal.SIGCONT, lambda *_: answered.set())
    thread = threading.Thread(target=other)
    try:
        with _woken() as woken:
            thread.start()
            assert _read(keys, woken) == b"typed"
    finally:
        thread.join(_LONG)
        signal.signal(signal.SIGCONT, before)
        os.close(keys)
        os.close(keyboard)
    assert in_time == [True]
