"""The desk's remote-control sessions as records of history (sheet take-control 4.4, 4.6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from html import escape
from zoneinfo import ZoneInfo

from tui.simulator.chance import hex_of, mix, one_in, pick
from tui.simulator.kinds import Kind, Role, Session, State
from tui.simulator.odd import GONE, Row, nameless, patched
from tui.simulator.people import Person, clerk
from tui.simulator.take_control_wing import ControlNames, spoken
from tui.simulator.web import Stage

DEPARTMENTS = {101: "First line", 102: "Second line", 103: "Field service", 104: "Tills"}
_SYSTEMS = (
    "Windows 11 Pro 23H2", "Windows 11 Pro 23H2", "Windows 10 Enterprise LTSC", "macOS 14.6",
    "Windows Server 2022", "Ubuntu 24.04 LTS",
)  # fmt: skip
_DOMAINS = ("NORTHWIND", "NORTHWIND", "WORKGROUP", "TILLS")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BOOLEANS: dict[str, tuple[object, object]] = {
    "true": (False, True),
    "TRUE": ("FALSE", "TRUE"),
    "1": (0, 1),
}
_ODD: tuple[dict[str, object], ...] = (
    {"date_start": "03/03/2026 2:30 PM"},
    {"date_start": 1772548200, "date_end": "running"},
    {"customer_name": ["Jane", "Doe"], "tech_name": None},
    {"date_start": GONE, "tech_username": GONE, "computer_name": GONE},
    {"id": "not a number", "has_videos": "perhaps"},
    {"chat_info": "<chat><message><from>Jane</from><text>never clo", "notes": {"text": "nested"}},
    {"date_start": "0001-01-01 00:00:00", "date_end": "9999-12-31 23:59:59"},
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a create call said; None is what it did not say (sheet take-control 4.3)."""

    department: int | None = None
    technician: str | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_number: str | None = None
    problem: str | None = None


class Rows:
    """Makes records. `wishes` holds by serial what was said of sessions that the API created."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._seed = stage, stage.desk.seed
        self._names = ControlNames()
        self._nameless = nameless(stage.desk.sessions(Kind.REMOTE_CONTROL))
        self.wishes: dict[int, Wish] = {}
        self._makers: dict[str, Callable[[Session], object]] = {
            "ID": self.number,
            "COMPUTER_NAME": self.computer,
            "COMPUTER_DOMAIN": lambda one: pick(_DOMAINS, self._seed, one.serial, 60),
            "COMPUTER_OS": lambda one: pick(_SYSTEMS, self._seed, one.serial, 61),
            "TECH_USERNAME": self.technician_email,
            "TECH_NAME": self._technician_name,
            "CUSTOMER_NAME": self.customer_name,
            "CUSTOMER_EMAIL": self.customer_email,
            "CUSTOMER_NUMBER": self._customer_number,
            "PROBLEM_DESCRIPTION": self._problem,
            "NOTES": self._notes,
            "HAS_VIDEOS": lambda one: self._boolean(self.has_videos(one)),
            "DATE_START": lambda one: self._date(one.created),
            "DATE_END": self._end,
            "CHAT_INFO": self._chat,
            "VIDEO_LINKS": self._videos,
            "CUSTOM_FIELD_NAME": lambda one: "Department",
            "CUSTOM_FIELD_VALUE": lambda one: DEPARTMENTS[self._department(one)],
        }

    def record(self, session: Session, wanted: Sequence[str]) -> Row:
        """The record with these vars."""
        play = self._stage.play
        row: Row = {name.lower(): self._makers[name](session) for name in wanted}
        if play["control-id"] == "absent":
            row.pop("id", None)
        if play["control-waiting-time"] == "present":
            row["waiting_time"] = 1 if session.state is State.WAITING else 0
        if play["rows"] == "odd":
            row = patched(row, session.serial, _ODD)
            if session.serial == self._nameless:
                row.pop("id", None)
        row = {name: value for name, value in row.items() if value is not GONE}
        upper = play["control-keys"] == "upper"
        return {name.upper(): value for name, value in row.items()} if upper else row

    # Times

    @property
    def zone(self) -> tzinfo:
        """The account's time zone."""
        name = self._stage.play["control-time-zone"]
        return UTC if name == "UTC" else ZoneInfo(name)

    def local(self, at: int) -> datetime:
        """What the account's wall clock shows at a moment, in whole seconds, as if it were UTC."""
        moment = (_EPOCH + timedelta(milliseconds=at)).astimezone(self.zone)
        return moment.replace(microsecond=0, tzinfo=UTC)

    def _date(self, at: int) -> str:
        return f"{self.local(at):%Y-%m-%d %H:%M:%S}"

    def _end(self, session: Session) -> object:
        if session.ended is not None:
            return self._date(session.ended)
        how = self._stage.play["control-empty-date"]
        return GONE if how == "absent" else (None if how == "null" else "")

    # People

    def wish(self, session: Session) -> Wish:
        return self.wishes.get(session.serial, Wish())

    def customer(self, session: Session) -> Person:
        return self._stage.desk.stories.customer(session)

    def customer_name(self, session: Session) -> str:
        return self._stage.words(self.customer(session).name, session, 1)

    def customer_email(self, session: Session) -> str:
        wish = self.wishes.get(session.serial)
        return self.customer(session).email if wish is None else wish.customer_email or ""

    def technician(self, session: Session) -> Person | None:
        """Who took the session over, None while nobody did; a request names whom it wants."""
        if session.joined is None:
            return None
        wanted = self.wish(session).technician
        named = next((one for one in staff() if one.email == wanted), None)
        return named or self._stage.desk.stories.clerk(session)

    def technician_email(self, session: Session) -> str:
        person = self.technician(session)
        return "" if person is None else person.email

    def _technician_name(self, session: Session) -> str:
        person = self.technician(session)
        return "" if person is None else person.name

    def _customer_number(self, session: Session) -> str:
        if session.serial in self.wishes:
            return self.wish(session).customer_number or ""
        return f"C-{mix(self._seed, session.serial, 62) % 90_000 + 10_000}"

    def _department(self, session: Session) -> int:
        return self.wish(session).department or pick(
            tuple(DEPARTMENTS), self._seed, session.serial, 63
        )

    # What it is about

    def number(self, session: Session) -> int:
        return int(self._names.public_id(session.serial))

    def computer(self, session: Session) -> str:
        number = mix(self._seed, session.serial, 64)
        kind = ("LT", "WS", "TILL")[(number >> 20) % 3]
        return f"{kind}-{number % 9000 + 1000}"

    def _problem(self, session: Session) -> str:
        if session.serial in self.wishes:
            return self._stage.words(self.wish(session).problem or "", session, 2)
        return self._stage.words(self._stage.desk.stories.subject(session), session, 2)

    def _notes(self, session: Session) -> str:
        """The technician writes them at the end."""
        if session.state is not State.ENDED:
            return ""
        notes = "\n".join(self._stage.desk.stories.notes(session))
        return self._stage.words(notes, session, 3)[:4000]

    # What was said and filmed

    def has_videos(self, session: Session) -> bool:
        return session.state is State.ENDED and one_in(3, self._seed, session.serial, 65)

    def _boolean(self, value: bool) -> object:
        return _BOOLEANS[self._stage.play["control-booleans"]][value]

    def _chat(self, session: Session) -> object:
        """The sheet says XML and no more; the names in it are ours (4.4)."""
        customer, expert = self.customer_name(session), self._technician_name(session)
        said = [
            {
                "date": self._date(line.at),
                "from": customer if line.role is Role.CUSTOMER else expert,
                "text": self._stage.words(line.text, session, number + 5),
            }
            for number, line in enumerate(spoken(self._stage.desk.stories, session))
            if not line.seconds
        ]
        return self._formed("chat", "message", said)

    def _videos(self, session: Session) -> object:
        if not self.has_videos(session):
            return self._formed("videos", "video", [])
        name = hex_of(self._seed, f"video {session.serial}", 20)
        link = {"url": f"https://videos.example.com/{name}.mp4", "name": self.computer(session)}
        return self._formed("videos", "video", [link])

    def _formed(self, whole: str, part: str, items: list[dict[str, str]]) -> object:
        form = self._stage.play["control-chat"]
        if form == "empty":
            return ""
        if form == "xml":
            return f"<{whole}>{''.join(_xml(part, item) for item in items)}</{whole}>"
        return items if form == "list" else {part: items}


def _xml(name: str, item: dict[str, str]) -> str:
    inner = "".join(f"<{key}>{escape(text)}</{key}>" for key, text in item.items())
    return f"<{name}>{inner}</{name}>"


def staff() -> list[Person]:
    """All technicians of the account."""
    found: list[Person] = []
    while (person := clerk(len(found))) not in found:
        found.append(person)
    return found
