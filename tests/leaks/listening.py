"""What the servers of these tests have in common: a thread that listens on loopback, and one for each connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Listening(ABC):
    """Listens while the `with` block lasts. Subclasses say what happens on a connection; it is closed afterwards."""

    port: int
    patience = 20.0
    """Seconds that a connection may be silent."""

    @abstractmethod
    def serve(self, connection: socket.socket) -> None:
        """One connection. An error of the network ends it."""

    def take(self, connection: socket.socket) -> None:
        """Called in the thread that listens: what is done here has been done when the block ends."""
        threading.Thread(target=self.served, args=(connection,), daemon=True).start()

    def served(self, connection: socket.socket) -> None:
        """Serves it to its end."""
        with connection, contextlib.suppress(OSError):
            connection.settimeout(self.patience)
            self.serve(connection)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.take(connection)
