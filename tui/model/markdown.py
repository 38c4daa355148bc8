"""A transcript as Markdown, for a ticket: what people wrote stays text, whatever it looks like."""

from __future__ import annotations

import re

from tui.model.session import Session
from tui.model.shapes import cell, rfc3339
from tui.model.text import line
from tui.model.transcript import Entry, Transcript

_MARKDOWN = re.compile(r"([\\`*_\[\]<>&#|~!])")
_LIST_LIKE = re.compile(r"^(\s*)(\d*)([-+=.)])")


def said(entry: Entry) -> str:
    """What an entry says, with what became of it."""
    return f"{entry.text} ({entry.status})" if entry.status else entry.text


def markdown(session: Session, transcript: Transcript) -> list[str]:
    """For a ticket: what people wrote stays text, whatever it looks like."""
    lines = [f"# Session {escaped(cell(session.id))}", ""]
    for entry in transcript.entries:
        when = f" ({rfc3339(entry.at)})" if entry.at else ""
        author = escaped(entry.author or entry.role.value)
        if entry.kind.value == "message":
            lines += [f"**{author}**{when}", ""]
            lines += [f"> {escaped(part)}".rstrip() for part in said(entry).split("\n")]
        else:
            who = f"{author}: " if entry.author else ""
            lines.append(f"- *{entry.kind.value}*{when} {who}{escaped(line(said(entry), 4096))}")
        lines.append("")
    return lines[:-1]


def escaped(words: str) -> str:
    """One line of Markdown that shows exactly these words: no link, no image, no heading, no list."""
    return _LIST_LIKE.sub(r"\1\2\\\3", _MARKDOWN.sub(r"\\\1", words))
