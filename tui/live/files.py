"""New files for the user: transcripts and lists that are handed over as evidence."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from tui.live.commands import Save
from tui.live.mailbox import Mailbox
from tui.live.messages import Saved
from tui.live.worker import in_words
from tui.model.problem import Problem, UsageProblem
from tui.model.text import line


def save(path: str, text: str) -> None:
    """Writes a new file, readable by its owner alone. Raises `UsageProblem`: one that is there is never touched.

    What could not be written whole is taken away again. `~` is the home folder.
    """
    try:
        target = Path(path).expanduser()
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageProblem(f"nothing was written: {_why(error)} ({line(path)})") from None
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            os.fchmod(handle, 0o600)
            file.write(text)
            file.flush()
            os.fsync(handle)
    except OSError as error:
        with suppress(OSError):
            os.unlink(target)
        raise UsageProblem(f"nothing was kept: {_why(error)} ({line(path)})") from None


def _why(error: Exception) -> str:
    """What stood in the way; the path, which may be long, comes behind it."""
    if isinstance(error, FileExistsError):
        return "that file is there already, choose another name"
    if isinstance(error, FileNotFoundError):
        return "its folder does not exist"
    if isinstance(error, PermissionError):
        return "you may not write to its folder"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}"
    return "that is no name for a file"


class Files:
    """Writes each file in a thread of its own: a slow disk holds up no vendor."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._saving: list[threading.Thread] = []

    def save(self, command: Save) -> None:
        """Begins to write; `Saved` tells what came of it."""
        saving = threading.Thread(target=self._save, args=(command,), daemon=True)
        self._saving.append(saving)
        saving.start()

    def wait(self, seconds: float) -> None:
        """Waits for each file that is being written, so long at most."""
        for saving in self._saving:
            saving.join(seconds)

    def _save(self, command: Save) -> None:
        problem: Problem | None = None
        try:
            save(command.path, command.text)
        except Exception as error:
            problem = in_words(error, "nothing is known of the file")
        self._mailbox.tell_answer(Saved(command.ticket, command.path, problem))
