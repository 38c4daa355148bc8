"""Commands in this process, as `sessiontop` runs them: what they print, log, raise and leave on the disk."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from tests.leaks.observing import Channel, all_logs, error, files
from tui import __main__
from tui.commands.narrate import say
from tui.profiles.paths import profiles_path
from tui.profiles.writer import write
from tui.terminal import crash


def keep(tables: Mapping[str, Mapping[str, object]]) -> Path:
    """These profiles as the user's store."""
    write(profiles_path(), lambda _: {"version": 1, "profiles": dict(tables)})
    return profiles_path()


def seen(*argv: str, typed: object = "") -> Iterator[Channel]:
    """Runs a command. `typed` is what comes from its standard input; what is no text is sent as JSON."""
    out, err = _Stream(), _Stream()
    given = typed if isinstance(typed, str) else json.dumps(typed)
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    errors: list[BaseException] = []
    refused: list[BaseException] = []
    report = crash.crash_report

    def reported(problem: BaseException, **more: object) -> crash.CrashReport:
        errors.append(problem)
        return report(problem)

    def said(sentence: str) -> None:
        problem = sys.exc_info()[1]
        if problem is not None:
            refused.append(problem)
        say(sentence)

    mask = os.umask(0o077)
    try:
        with (
            all_logs() as logs,
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "stdin", stdin),
            patch.object(sys, "argv", ["sessiontop", *argv]),
            patch("tui.terminal.crash.crash_report", reported),
            patch("tui.cli.say", said),
        ):
            code = _code()
    finally:
        os.umask(mask)
    name = argv[0] if argv else "watch"
    yield f"exit of {name}", str(code)
    yield f"stdout of {name}", out.getvalue()
    yield f"stderr of {name}", err.getvalue()
    yield f"log of {name}", logs.getvalue()
    for problem in refused:
        yield from error(problem)
    yield from files(profiles_path().parent, Path(os.environ["SESSIONTOP_STATE_DIR"]))
    assert not errors or code == __main__.CRASHED


def _code() -> object:
    try:
        return __main__.main()
    except SystemExit as ended:  # argparse
        return ended.code


class _Stream(io.StringIO):
    encoding = "utf-8"
    errors = "strict"


__all__ = ["Channel", "error", "keep", "seen"]
