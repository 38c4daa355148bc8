"""What the API wrote into sessions of Proxy: it stands in front of what is made from the seed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """A participant as a create call gave it (sheet twilio 1.3, 1.6)."""

    identifier: str
    friendly_name: str | None = None
    proxy_identifier: str | None = None
    proxy_identifier_sid: str | None = None


@dataclass(slots=True)
class Edit:
    """What was written into one session; None is what nobody wrote. Times in milliseconds.

    `fresh`: the session was created by the API, so nothing of it is made up. `updated` is when it
    was last written to, `renewed` when it was opened again, `by_api` that the API closed it.
    """

    service: str = ""
    fresh: bool = False
    unique_name: str | None = None
    mode: str = "voice-and-message"
    participants: tuple[Given, ...] = ()
    ttl: int | None = None
    expiry: int | None = None
    updated: int | None = None
    renewed: int | None = None
    by_api: bool = False

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Identifier and proxy number of those participants whose number the call chose."""
        return {
            (one.identifier, one.proxy_identifier)
            for one in self.participants
            if one.proxy_identifier is not None
        }


class Edits:
    """The edits by session number, and who was given which unique name."""

    def __init__(self) -> None:
        self._by_serial: dict[int, Edit] = {}
        self._names: dict[tuple[str, str], int] = {}

    def get(self, serial: int) -> Edit | None:
        return self._by_serial.get(serial)

    def fresh(self, serial: int) -> Edit | None:
        """The edit of a session that the API created, None of any other."""
        edit = self._by_serial.get(serial)
        return edit if edit is not None and edit.fresh else None

    def edit(self, serial: int) -> Edit:
        """The edit of a session, an empty one when nothing was written so far."""
        return self._by_serial.setdefault(serial, Edit())

    def all(self) -> list[tuple[int, Edit]]:
        """Every edited session's number and edit."""
        return list(self._by_serial.items())

    def created(self, serial: int, edit: Edit) -> None:
        self._by_serial[serial] = edit
        if edit.unique_name is not None:
            self._names[edit.service, edit.unique_name] = serial

    def deleted(self, serial: int) -> None:
        """Forget a session; its unique name is free again."""
        edit = self._by_serial.pop(serial, None)
        if edit is not None and edit.unique_name is not None:
            self._names.pop((edit.service, edit.unique_name), None)

    def named(self, service: str, name: str) -> int | None:
        """The number of the session that was created with this unique name in a service."""
        return self._names.get((service, name))
