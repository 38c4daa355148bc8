"""`tokens.toml`: the tokens of profiles that sign in, beside `profiles.toml` and guarded like it.

The one place where tokens stand as plain text. Implements `net.tokens.TokenStore`; all work on files is done in
a thread. What a table holds that is no token counts as nothing: whoever signs in replaces it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tui.model.secret import Secret
from tui.model.toml_text import Table
from tui.net.auth import sendable
from tui.net.tokens import Tokens, Turn
from tui.profiles.document import read, read_in
from tui.profiles.frames import without_frames
from tui.profiles.locks import open_lock, try_lock
from tui.profiles.place import Place
from tui.profiles.writer import check_version, failed, own_folder, write


class TokenFile:
    """The store at `path`, which need not exist. Any number of programs may use it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turns: set[_Turn] = set()
        self._closed = False

    @property
    def renewing(self) -> bool:
        """Whether somebody in this program has a turn, to renew tokens and to keep them. From any thread."""
        return bool(self._turns)

    def last_turns(self) -> bool:
        """Nobody in this program gets a turn any more; whether somebody still has one. From any thread."""
        self._closed = True
        return bool(self._turns)

    async def read(self, profile: str) -> Tokens | None:
        """The tokens of a profile, None without usable ones. Raises `ConfigProblem` for the whole file."""
        return await asyncio.to_thread(self._read, profile)

    async def save(self, profile: str, tokens: Tokens) -> None:
        """Puts them in the place of older ones; the other profiles' stay. Raises `ConfigProblem`."""
        await asyncio.to_thread(self._save, profile, tokens)

    async def try_turn(self, profile: str) -> Turn | None:
        """The lock of this profile, None while another has it.

        Raises `ConfigProblem` where tokens could not be kept: what can be renewed only once must not be then.
        """
        return await asyncio.to_thread(self._try_turn, profile)

    @without_frames
    def forget(self, profile: str) -> None:
        """Takes a profile's tokens out, for a profile that was removed. Blocks. Raises `ConfigProblem`."""

        def change(tables: Table) -> Table:
            kept = {name: table for name, table in self._tables(tables).items() if name != profile}
            return {**tables, "profiles": kept}

        if self._path.exists():
            write(self._path, change)

    @without_frames
    def rename(self, old: str, new: str) -> None:
        """A profile's tokens under its new name. Blocks. Raises `ConfigProblem`."""

        def change(tables: Table) -> Table:
            kept = dict(self._tables(tables))
            if old in kept and old != new:
                kept[new] = kept.pop(old)
            return {**tables, "profiles": kept}

        if self._path.exists():
            write(self._path, change)

    def holds(self, profile: str) -> bool:
        """Whether somebody has signed in at that profile. Blocks. Raises `ConfigProblem` for the whole file."""
        return self._read(profile) is not None

    # --- in a thread ----------------------------------------------------------------------------------------

    @without_frames
    def _read(self, profile: str) -> Tokens | None:
        return _tokens(self._tables(read(self._path).tables).get(profile))

    @without_frames
    def _save(self, profile: str, tokens: Tokens) -> None:
        def change(tables: Table) -> Table:
            return {**tables, "profiles": {**self._tables(tables), profile: _table(tokens)}}

        write(self._path, change)

    @without_frames
    def _try_turn(self, profile: str) -> Turn | None:
        try:
            folder = own_folder(self._path.parent)
            try:
                check_version(read_in(folder, self._path))
                fd = open_lock(folder, f".{self._path.name}.{quote(profile, safe='')}.lock")
            finally:
                os.close(folder)
        except OSError as error:
            raise failed(self._path, error) from None
        if try_lock(fd):
            turn = _Turn(fd, self._turns.discard)
            self._turns.add(turn)
            if (
                not self._closed
            ):  # looked at after the turn can be seen: `last_turns` counts it, or it is none
                return turn
            turn.end()
            return None
        os.close(fd)
        return None

    def _tables(self, tables: Mapping[str, Any]) -> Mapping[str, Any]:
        found = tables.get("profiles", {})
        if not isinstance(found, dict):
            place = Place(self._path, read(self._path).outline, key="profiles")
            raise place.problem("it must hold tables: [profiles.NAME]")
        return found


class _Turn:
    """A lock that is held; it goes with the process."""

    def __init__(self, fd: int, on_end: Callable[[_Turn], None]) -> None:
        self._fd = fd
        self._on_end = on_end

    def end(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
        self._on_end(self)


def _table(tokens: Tokens) -> Table:
    table: Table = {
        "account": tokens.account,
        "access_token": tokens.access.reveal(),
        "obtained_at": tokens.obtained_at,
    }
    if tokens.refresh is not None:
        table["refresh_token"] = tokens.refresh.reveal()
    if tokens.expires_at is not None:
        table["expires_at"] = tokens.expires_at
    return table


def _tokens(table: object) -> Tokens | None:
    if not isinstance(table, dict):
        return None
    account, access = table.get("account"), _secret(table.get("access_token"))
    obtained_at = _time(table.get("obtained_at"))
    if not isinstance(account, str) or access is None or obtained_at is None:
        return None
    if not sendable(access):
        return None
    refresh, expires_at = _secret(table.get("refresh_token")), _time(table.get("expires_at"))
    return Tokens(account, access, obtained_at, refresh, expires_at)


def _secret(value: object) -> Secret | None:
    return Secret(value) if isinstance(value, str) and value else None


def _time(value: object) -> datetime | None:
    """A time with a zone, as UTC; whatever else stands there is none."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None
