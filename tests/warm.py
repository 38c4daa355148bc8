"""A folder with profiles and the rows of a last run, as a warm start finds them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.model.last_known import LastKnown, Row, pack, terminal_of
from tui.settings import last_rows

PROFILE = '[profiles.{name}]\nprovider = "trinsic-connect"\napi_key = "k"\nbase_url = "http://127.0.0.1:1"\n'
NAMES = ("identity", "second")
ENVIRON = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
PEOPLE = ("Ana Lindqvist", "José Álvarez", "渡辺 恵子", "Priya Raman", "Käthe Grünwald")
SIGNS = {"waiting": "○o", "active": "●*", "ended": "✓v"}


def row(
    number: int, profile: str = NAMES[0], *, now: float | None = None, **changes: object
) -> Row:
    """One row; `changes` are attributes of it."""
    now = time.time() if now is None else now
    found = Row()
    found.profile, found.provider, found.short = profile, "trinsic-connect", "trinsic"
    found.id, found.status, found.word = f"id-{number}", "waiting", "IdvInitiated"
    found.customer, found.subject = PEOPLE[number % len(PEOPLE)], f"Printer {number} is on fire"
    found.agent, found.estimate, found.signs = "Mia Novak", "-", SIGNS["waiting"]
    found.created = found.updated = now - 60.0 * (40 - number)
    found.started = found.ended = None
    found.until = now + 3600.0
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def known(
    rows: Sequence[Row], stamp: str, environ: Mapping[str, str] = ENVIRON, *, ago: float = 180.0
) -> LastKnown:
    """What is kept of these rows, last heard of `ago` seconds ago."""
    found = LastKnown()
    found.stamp, found.view, found.terminal = stamp, "live", terminal_of(environ)
    found.looks = {"stale": "38;2;109;111;113;48;2;20;23;26", "ground": "48;2;20;23;26"}
    found.seen = {one.profile: time.time() - ago for one in rows}
    found.rows = list(rows)
    return found


def made(
    folder: Path,
    rows: Sequence[Row] = (),
    *,
    names: Sequence[str] = NAMES,
    config: str = "cache = true\n",
) -> dict[str, str]:
    """Profiles, configuration and rows in `folder`; gives the variables that lead there."""
    folder.chmod(0o700)
    store = folder / "profiles.toml"
    store.write_text("version = 1\n" + "".join(PROFILE.format(name=name) for name in names))
    store.chmod(0o600)
    (folder / "config.toml").write_text(config)
    if rows:
        assert last_rows.write(str(folder), pack(known(rows, last_rows.stamp_of(str(store)))))
    return {"SESSIONTOP_CONFIG_DIR": str(folder), "SESSIONTOP_STATE_DIR": str(folder)}
