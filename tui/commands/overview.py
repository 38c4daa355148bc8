"""What `sessiontop --help` prints. It is told at once, so nothing is imported here: not even `typing`."""

from __future__ import annotations

ABOUT = "Live customer sessions of several vendors in one terminal."
CODES = (
    "Exit codes: 0 done; 1 the vendor refused; 2 usage or configuration; 3 try again later;\n"
    "4 a write whose outcome is unknown; 70 an error in sessiontop itself; 130 interrupted.\n"
    "Where several profiles fail, the code is that of the failure that waiting cannot heal: 2 before 1 before 3."
)
WORDS = {
    "watch": "the full screen",
    "demo": "the full screen over simulated vendors; your own profiles are not touched",
    "simulate": "the simulated vendors alone, until interrupted",
    "sessions": "list sessions",
    "show": "everything known of one session",
    "transcript": "what was said in one session",
    "create": "start a new session",
    "act": "close, reopen, extend, cancel or delete a session",
    "unknown": "list the writes of unknown outcome, or take one out of the list",
    "links": "a partner system's links, at a vendor that has them",
    "profile": "list, add, edit, remove, check, sign in or find the profiles",
    "doctor": "what may be wrong with this terminal, the files, the network and the keys, and what to do",
    "reset-terminal": "give line input and echo back to a terminal that a killed program left unusable",
}


def overview() -> str:
    """The commands, in a few words each, and what the exit codes mean."""
    usage = "usage: sessiontop [COMMAND] [OPTION]...        (no command: watch)"
    rows = rows_of(WORDS)
    return "\n".join([usage, "", ABOUT, "", *rows, "", "  COMMAND --help says more.", "", CODES])


def rows_of(words: dict[str, str]) -> list[str]:
    """One line a command."""
    width = max(map(len, words))
    return [f"  {name:<{width}}  {help}" for name, help in words.items()]
