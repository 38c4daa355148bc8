"""The desk's camera sessions in Seeit's words (sheet seeit 1.2, 1.3)."""

from __future__ import annotations

from tui.simulator.camera import Look
from tui.simulator.camera_notes import PROTOCOL, cases
from tui.simulator.chance import hex_of, mix, one_in, pick
from tui.simulator.kinds import DAY, HOUR, Kind, State
from tui.simulator.odd import GONE, Row, nameless, patched
from tui.simulator.people import customer
from tui.simulator.scripts import fillings
from tui.simulator.uuids import UuidIds
from tui.simulator.web import Stage

# Details are kept for 90 days, session data for 72 hours after the end (sheet seeit 1).
RETENTION = 90 * DAY
DATA_KEPT = 72 * HOUR
_PACKING = 90_000
_NOTES = 1000
# Support keys that are in use in turn: they come again for other sessions.
_KEYS = 97
_STATUS = {
    State.PLANNED: "CREATED",
    State.WAITING: "STARTED",
    State.TALKING: "JOINED",
    State.ENDED: "FINISHED",
    State.ABANDONED: "FINISHED",
    State.FAILED: "FINISHED",
}
OPTIONAL = (
    "startUrl", "sessionStartTime", "sessionJoinTime", "sessionEndTime", "technicianEmail",
    "sessionRecorded", "sessionNotes", "sessionDataStatus", "sessionDataDownloadUrl",
    "sessionDataDownloadUrlExpiration", "sessionDataSize", "sessionDataPhotoCount",
    "sessionDataPhotoNotesCount",
)  # fmt: skip
FIELDS = ("uuid", "supportKey", "sessionStatus", "sessionCreateTime", *OPTIONAL)
_ODD: tuple[dict[str, object], ...] = (
    {"sessionStatus": "PAUSED"},
    {"sessionCreateTime": "soon", "sessionDataSize": "482133"},
    {"sessionNotes": ["replaced", "filter"], "technicianEmail": None},
    {"sessionStatus": GONE, "supportKey": GONE, "sessionCreateTime": GONE},
    {"sessionRecorded": "true", "sessionDataPhotoCount": -3, "sessionCreateTime": 10**25},
    {"startUrl": "javascript:alert(1)", "supportKey": 123456789},
    {"sessionCreateTime": 1450000000, "sessionEndTime": 0, "sessionDataStatus": "LOST"},
)


class SessionNames:
    """UUIDs in canonical form (sheet seeit 1.2)."""

    def __init__(self, seed: int) -> None:
        self._ids = UuidIds(seed, "seeit session")

    def public_id(self, serial: int) -> str:
        return self._ids.of(serial)

    def serial(self, public_id: str) -> int | None:
        return self._ids.serial(public_id)


class Rows:
    """Makes the vendor's objects."""

    def __init__(self, stage: Stage, names: SessionNames) -> None:
        self._stage, self._names = stage, names
        self._seed = stage.desk.seed
        self._nameless = nameless(stage.desk.sessions(Kind.CAMERA))

    def created(self, look: Look) -> Row:
        """A Session, the answer to a creation."""
        return {
            "uuid": self._names.public_id(look.serial),
            "supportKey": self._words(self._support_key(look), look, 1),
            "startUrl": self._words(self._start_url(look), look, 2),
        }

    def details(self, look: Look) -> Row:
        """A SessionDetails; what does not apply is absent or null."""
        row: Row = {
            "uuid": self._names.public_id(look.serial),
            "supportKey": self._words(self._support_key(look), look, 1),
            "sessionStatus": _STATUS[look.state],
            "sessionCreateTime": look.created,
        }
        if look.ended is None:
            row["startUrl"] = self._words(self._start_url(look), look, 2)
        row |= self._times(look) | self._work(look) | self._data(look)
        play = self._stage.play
        if play["seeit-absent"] == "null":
            row = dict.fromkeys(FIELDS) | row
        if play["rows"] == "odd":
            row = patched(row, look.serial, _ODD)
            if look.serial == self._nameless:
                row.pop("uuid", None)
        return row

    def age(self, look: Look) -> int:
        """How far a finished session's data is: a number that changes when its row does."""
        if look.ended is None:
            return 0
        since = self._stage.desk.time - look.ended
        return 1 + (since >= _PACKING) + (since >= DATA_KEPT) + (since >= RETENTION)

    def gone(self, look: Look) -> bool:
        """Whether nothing is known of it any more; one that never ended goes by its beginning."""
        last = look.created if look.ended is None else look.ended
        return self._stage.desk.time - last >= RETENTION

    def _words(self, text: str, look: Look, slot: int) -> str:
        return self._stage.words(text, look, slot)

    def _support_key(self, look: Look) -> str:
        number = mix(self._seed, look.serial % _KEYS, 71) % 10**9
        digits = f"{number:09d}"
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"

    def _start_url(self, look: Look) -> str:
        return f"https://seeit.example.com/start/{hex_of(self._seed, f'start {look.serial}')}"

    def _times(self, look: Look) -> Row:
        times = {
            "sessionStartTime": look.started,
            "sessionJoinTime": look.joined,
            "sessionEndTime": look.ended,
        }
        return {name: at for name, at in times.items() if at is not None}

    def _work(self, look: Look) -> Row:
        """Who looked, and what was noted."""
        if look.started is None:
            return {}
        email = self._stage.desk.stories.clerk(look).email
        row: Row = {
            "technicianEmail": self._words(email, look, 3),
            "sessionRecorded": look.recorded,
        }
        if notes := self._notes(look):
            row["sessionNotes"] = self._words(notes, look, 4)[:_NOTES]
        return row

    def _notes(self, look: Look) -> str:
        """A long protocol for some, and whatever a scenario added."""
        if look.joined is None:
            return ""
        language = customer(self._seed, look.serial).language
        lines = pick(cases(language), self._seed, look.serial, 72)
        if one_in(9, self._seed, look.serial, 73):
            lines += PROTOCOL
        facts = fillings(self._seed, look.serial)
        noted = [line.format_map(facts) for line in lines[: look.noted]]
        return "\n".join(noted + [line.text for line in look.said or ()])

    def _data(self, look: Look) -> Row:
        """sessionData*: counts while it runs, a ZIP once packed, nothing after 72 hours."""
        if look.started is None or self.age(look) >= 3:
            return {}
        row: Row = {
            "sessionDataStatus": "NO_DATA",
            "sessionDataSize": 0,
            "sessionDataPhotoCount": look.photos,
            "sessionDataPhotoNotesCount": look.photo_notes,
        }
        if look.ended is None or not (look.photos or look.recorded or self._notes(look)):
            return row
        if self.age(look) == 1:
            return row | {"sessionDataStatus": "PROCESSING"}
        return row | self._zip(look, look.ended)

    def _zip(self, look: Look, ended: int) -> Row:
        talked = ended - (look.joined or ended)
        size = 2_048 + look.photos * 161_000 + (talked * 90 if look.recorded else 0)
        good_for = HOUR if self._stage.play["seeit-download"] == "1h" else DATA_KEPT
        name = hex_of(self._seed, f"zip {look.serial}")
        return {
            "sessionDataStatus": "AVAILABLE",
            "sessionDataSize": size + mix(self._seed, look.serial, 74) % 9_000,
            "sessionDataDownloadUrl": f"https://seeit-data.example.com/d/{name}.zip",
            "sessionDataDownloadUrlExpiration": ended + good_for,
        }
