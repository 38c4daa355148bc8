"""The simulator in a process of its own, which starts while its owner imports what a screen needs.

It lives exactly as long as its owner holds one end of a socket pair: the kernel closes that end however the owner
goes, `kill -9` included. What the owner must know comes over it too, as one line of JSON. The web server is imported
in the new process only; whoever imports this module pays for none of it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, NoReturn

# How long the process may take to notice that its owner has let go.
_PATIENCE = 2.0
_PIECE = 65_536


class ApartError(Exception):
    """The simulator did not start. `missing` names the package for want of which it did not."""

    def __init__(self, what: str, missing: str | None = None) -> None:
        super().__init__(what)
        self.missing = missing


class Apart:
    """All vendors over one desk, elsewhere. The options are those of `Simulator`, beside `vendors`."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Starts the process and does not wait for it. OSError when there can be none.

        No other thread may run yet: only the one that calls this goes on in the new process.
        """
        self._ours, theirs = socket.socketpair()
        self._profiles: dict[str, object] | None = None
        try:
            self._pid = os.fork()
        except OSError:
            self._ours.close()
            theirs.close()
            raise
        if self._pid == 0:
            self._ours.close()
            _live(theirs, options)
        theirs.close()

    @property
    def pid(self) -> int:
        """Of the process; -1 when it is gone."""
        return self._pid

    def profiles(self) -> dict[str, object]:
        """A whole profiles.toml for these vendors; waits until they can be asked.

        OSError when they cannot listen, `ApartError` for anything else.
        """
        if self._profiles is None:
            self._profiles = self._told()
        return self._profiles

    def _told(self) -> dict[str, object]:
        line = b""
        while not line.endswith(b"\n"):
            piece = self._ours.recv(_PIECE)
            if not piece:
                raise ApartError("the simulator ended before it could be asked")
            line += piece
        said = json.loads(line)
        if "errno" in said:
            raise OSError(said["errno"], said["error"])
        if "error" in said:
            raise ApartError(said["error"], said.get("missing"))
        found: dict[str, object] = said["profiles"]
        return found

    def stop(self) -> None:
        """Ends the process and waits for its end; nothing happens when it is gone."""
        if self._pid < 0:
            return
        pid, self._pid = self._pid, -1
        with suppress(OSError):
            self._ours.shutdown(socket.SHUT_WR)
        if not self._gone():
            os.kill(pid, signal.SIGKILL)  # it is still our child, so the number is nobody else's
        self._ours.close()
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)

    def _gone(self) -> bool:
        """Whether its end of the pair is closed in time."""
        with suppress(OSError):
            while select.select([self._ours], [], [], _PATIENCE)[0]:
                if not self._ours.recv(_PIECE):
                    return True
        return False

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


# --- in the new process --------------------------------------------------------------------------------------


def _live(owner: socket.socket, options: Mapping[str, Any]) -> NoReturn:
    """Serves until the owner lets go. Nothing of the owner's is run at the end, and nothing is said."""
    try:
        _let_go_of_the_terminal()
        with suppress(OSError):  # the owner is gone already
            gc.disable()  # as long as everything is imported and made that stays
            owner.sendall(json.dumps(_started(options)).encode() + b"\n")
            gc.freeze()
            gc.enable()
            owner.recv(1)
    finally:
        os._exit(0)


def _let_go_of_the_terminal() -> None:
    """Its keys and signals, and its hanging up, are the owner's alone; so is what stands on it."""
    os.setsid()
    # It may be shared with the owner, who would take our signals for its own.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)


def _started(options: Mapping[str, Any]) -> dict[str, object]:
    """Starts the vendors; says what the owner must know."""
    try:
        from tui.simulator.server import Simulator
        from tui.simulator.vendors import ALL

        simulator = Simulator(vendors=ALL, **options)
        simulator.start()
    except ModuleNotFoundError as error:
        return {"error": str(error), "missing": error.name}
    except OSError as error:
        return {"errno": error.errno, "error": error.strerror}
    except Exception as error:
        return {"error": f"the simulator failed: {type(error).__name__}"}
    return {"profiles": simulator.profiles()}
