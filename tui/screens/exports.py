"""What is handed over as a file: made here, written by the engine, and told when it is there. No screen owns it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

from tui.live.commands import Command, Read, Save
from tui.live.messages import Answer, Opened, Saved
from tui.model.markdown import markdown
from tui.model.session import Key, Session
from tui.model.shapes import CSV_HEADERS, csv_lines, csv_row, dumps, entry_shape, session_shape
from tui.model.text import line
from tui.model.transcript import Transcript
from tui.screens.writes import Said

TRANSCRIPT_KINDS = {
    ".md": "Markdown",
    ".jsonl": "JSON, one entry a line",
    ".json": "one JSON array",
}
ROWS_KINDS = {".jsonl": "JSON, one session a line", ".json": "one JSON array", ".csv": "CSV"}
_LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def kind_of(path: str, kinds: Iterable[str]) -> str | None:
    """The ending that says how the file is written; None for another one."""
    suffix = PurePath(path).suffix.lower()
    return suffix if suffix in kinds else None


def safe_name(*parts: str) -> str:
    """A file's name made of these: nothing in it that a shell or a terminal could take for something else."""
    name = "-".join(_UNSAFE.sub("-", part).strip("-.") for part in parts)
    return re.sub("-{2,}", "-", name)[:_LONGEST_NAME].strip("-.")


def transcript_text(kind: str, session: Session, transcript: Transcript) -> str:
    """A transcript as that kind of file holds it."""
    if kind == ".md":
        return "\n".join(markdown(session, transcript)) + "\n"
    return _json(kind, (dumps(entry_shape(entry)) for entry in transcript.entries))


def rows_text(kind: str, sessions: Iterable[Session]) -> str:
    """Sessions as that kind of file holds them. Secret fields stay `***`."""
    if kind == ".csv":
        return csv_lines(CSV_HEADERS, map(csv_row, sessions)) + "\n"
    return _json(kind, (dumps(session_shape(session)) for session in sessions))


def _json(kind: str, rows: Iterable[str]) -> str:
    if kind == ".jsonl":
        return "".join(f"{row}\n" for row in rows)
    whole = "[" + ",\n ".join(rows) + "]\n"
    json.loads(whole)  # what is handed over is what it is called
    return whole


class Exports:
    """The files on their way."""

    def __init__(self, send: Callable[[Command], None], ticket: Callable[[], int]) -> None:
        self._send = send
        self._ticket = ticket
        self._saving: dict[int, str] = {}
        self._reading: dict[int, str] = {}

    def save(self, path: str, text: str, what: str) -> None:
        """Has a text written; `what` is told when it is there."""
        ticket = self._ticket()
        self._saving[ticket] = what
        self._send(Save(ticket, path, text))

    def read(self, path: str, key: Key) -> None:
        """Reads a session's transcript first, then has it written."""
        ticket = self._ticket()
        self._reading[ticket] = path
        self._send(Read(ticket, key.profile, key.id, transcript=True))

    def hear(self, answers: Sequence[Answer]) -> list[Said]:
        """What has become of them."""
        said: list[Said] = []
        for answer in answers:
            if isinstance(answer, Saved) and answer.ticket in self._saving:
                said.append(_saved(answer, self._saving.pop(answer.ticket)))
            elif isinstance(answer, Opened) and answer.ticket in self._reading:
                said += self._read(answer, self._reading.pop(answer.ticket))
        return said

    def _read(self, answer: Opened, path: str) -> list[Said]:
        session, transcript = answer.session, answer.transcript
        kind = kind_of(path, TRANSCRIPT_KINDS)
        if session is None or transcript is None or kind is None:
            why = answer.problem.message if answer.problem is not None else "it has none"
            return [Said(line(f"the transcript could not be read: {why}", 400), bad=True)]
        self.save(path, transcript_text(kind, session, transcript), entries(transcript))
        return []


def entries(transcript: Transcript) -> str:
    """How much there is of it, in words."""
    count = len(transcript.entries)
    cut = "" if transcript.complete else ", cut short"
    return f"{count} entr{'y' if count == 1 else 'ies'}{cut}"


def _saved(answer: Saved, what: str) -> Said:
    if answer.problem is not None:
        return Said(answer.problem.message, bad=True)
    path = PurePath(answer.path)
    return Said(line(f"{what} written to {path.name} in {path.parent}", 400))
