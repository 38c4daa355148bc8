"""The desk's screen-sharing and web-chat sessions in Remote Support's words (sheet goto 2)."""

from __future__ import annotations

from collections.abc import Iterator

from tui.simulator.chance import HexIds, hex_of, mix, one_in
from tui.simulator.desk import Naming
from tui.simulator.goto_writes_edits import Wish
from tui.simulator.kinds import Kind, Session, State
from tui.simulator.odd import GONE, Row, nameless, patched
from tui.simulator.people import clerk, clerk_key
from tui.simulator.web import Stage, iso

_STATUS = {
    State.PLANNED: "notStarted",
    State.WAITING: "waiting",
    State.TALKING: "active",
    State.ENDED: "complete",
    State.ABANDONED: "abandoned",
    State.FAILED: "abandoned",
}
_TYPE = {Kind.SCREEN_SHARING: "screen_sharing", Kind.WEB_CHAT: "web_chat"}
_ODD: tuple[dict[str, object], ...] = (
    {"status": "onHold"},
    {"startedAt": 1619762400, "customerJoinedAt": "soon"},
    {"customerName": ["Jane", "Doe"], "expertEmail": None},
    {"status": GONE, "customerJoinUrl": GONE, "expertName": GONE},
    {"accountKey": "741599", "partnerObject": "INC-1", "sessionStartToken": "8555444"},
    {"customerJoinUrl": "javascript:alert(1)", "sessionType": 7},
    {"startedAt": "2021-04-30T06:00:00.1234567+02:00", "endedAt": ""},
)
_OPTIONAL = (
    "sessionStartToken", "customerJoinUrl", "partnerObject", "partnerObjectUrl", "startedAt",
    "customerJoinedAt", "endedAt", "expertName", "expertEmail", "expertUserKey", "customerName",
    "customerEmail", "sessionRecordingUrl",
)  # fmt: skip
_SCREEN_BASE = 87_000
_CHAT_BASE = 50_000_000


class ScreenNames:
    """`SS-87555`, as in the vendor's one sample (sheet goto 2.1)."""

    def public_id(self, serial: int) -> str:
        return f"SS-{_SCREEN_BASE + serial}"

    def serial(self, public_id: str) -> int | None:
        return _number(public_id.removeprefix("SS-"), _SCREEN_BASE, _CHAT_BASE)


class ChatNames:
    """Digits only, as in the sheet's transcript sample (2.6)."""

    def public_id(self, serial: int) -> str:
        return str(_CHAT_BASE + serial)

    def serial(self, public_id: str) -> int | None:
        return _number(public_id, _CHAT_BASE, 1_000_000_000)


def _number(digits: str, base: int, end: int) -> int | None:
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 12):
        return None
    return int(digits) - base if base <= int(digits) < end else None


NAMES: dict[Kind, Naming] = {Kind.SCREEN_SHARING: ScreenNames(), Kind.WEB_CHAT: ChatNames()}


class Rows:
    """Makes the vendor's objects. Fields that do not apply are absent (sheet goto 2.1)."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seed = stage.desk.seed
        self._tokens = HexIds(self._seed, "session token")
        self._nameless = nameless(stage.desk.sessions(Kind.SCREEN_SHARING))
        self.wishes: dict[int, Wish] = {}

    # Ids

    def token(self, session: Session) -> str:
        """The sessionToken that creating the session returned."""
        return "e0-" + self._tokens.of(session.serial)

    def serial_of_token(self, token: str) -> int | None:
        return self._tokens.serial(token[3:]) if token.startswith("e0-") else None

    def identity(self, session: Session) -> str | int:
        name = NAMES[session.kind].public_id(session.serial)
        number = self._stage.play["goto-ids"] == "number"
        return int(name.removeprefix("SS-")) if number else name

    def status(self, session: Session) -> str:
        word = _STATUS[session.state]
        case = self._stage.play["goto-status-case"]
        return word if case == "camel" else (word.lower() if case == "lower" else word.upper())

    # Sessions

    def listed(self, session: Session) -> Row:
        """A row of a list."""
        row = self._common(session)
        row["sessionStartToken"] = 8_555_444 + 13 * session.serial
        return self._finish(row, session, _OPTIONAL)

    def single(self, session: Session) -> Row:
        """One session fetched by id or token: more, but no sessionStartToken (sheet goto 2.1)."""
        row = self._common(session)
        if session.unattended:
            machine = self._machine(session)
            row |= {
                "accountName": "Northwind Helpdesk",
                "unattendedMachineName": f"WS-{machine % 9000 + 1000}",
                "unattendedMachineUuid": self._machine_uuid(machine),
            }
        if notes := self._notes(session):
            row["notes"] = self._stage.words(notes, session, 4)
        if session.joined is not None and one_in(6, self._seed, session.serial, 40):
            row["collaborators"] = self._collaborators(session)
        return self._finish(row, session, (*_OPTIONAL[1:], "notes", "collaborators"))

    def _common(self, session: Session) -> Row:
        kind = _TYPE[session.kind]
        upper = self._stage.play["goto-type-case"] == "upper"
        row: Row = {"sessionType": kind.upper() if upper else kind, "status": self.status(session)}
        if self._has_id(session):
            row = {"sessionId": self.identity(session)} | row
        row["accountKey"] = 741_599
        return row | self._links(session) | self._times(session) | self._people(session)

    def _has_id(self, session: Session) -> bool:
        """No sessionId exists until the session is started (sheet goto 0, trap 4)."""
        return (
            session.state is not State.PLANNED or self._stage.play["goto-not-started"] == "listed"
        )

    def _links(self, session: Session) -> Row:
        row: Row = {}
        if session.kind is Kind.SCREEN_SHARING and not session.unattended:
            key = mix(self._seed, session.serial, 41) % 900_000_000 + 100_000_000
            row["customerJoinUrl"] = f"https://fastsupport.example.com/?supportKey={key}"
        if (wish := self.wishes.get(session.serial)) is not None:
            partner = {"partnerObject": wish.partner_object, "partnerObjectUrl": wish.partner_url}
            row |= {name: value for name, value in partner.items() if value is not None}
        elif mix(self._seed, session.serial, 42) % 3:
            ticket = 20_000 + session.serial
            row["partnerObject"] = ticket
            row["partnerObjectUrl"] = f"https://tickets.example.com/agent/tickets/{ticket}"
        if session.state is State.ENDED and one_in(3, self._seed, session.serial, 43):
            page = hex_of(self._seed, f"recording {session.serial}", 16)
            row["sessionRecordingUrl"] = f"https://desktop.example.com/recordings/{page}"
        return row

    def _times(self, session: Session) -> Row:
        if session.state is State.PLANNED:
            return {}
        row: Row = {"startedAt": iso(self.began(session))}
        if session.joined is not None and not session.unattended:
            row["customerJoinedAt"] = iso(session.joined)
        if session.ended is not None:
            row["endedAt"] = iso(session.ended)
        return row

    def _people(self, session: Session) -> Row:
        stories, row = self._stage.desk.stories, Row()
        if session.kind is Kind.SCREEN_SHARING or session.joined is not None:
            expert = stories.clerk(session)
            row["expertName"] = expert.name
            row["expertEmail"] = expert.email
            row["expertUserKey"] = clerk_key(stories.clerk_index(session))
        if (wish := self.wishes.get(session.serial)) is not None:
            return row | self._wished(session, wish)
        if not session.unattended:
            row["customerName"] = self.customer_name(session)
            if mix(self._seed, session.serial, 44) % 4:
                row["customerEmail"] = stories.customer(session).email
        return row

    def _wished(self, session: Session, wish: Wish) -> Row:
        """The customer of a created session: as given; a name at the latest when they join."""
        named = wish.customer_name is not None or session.joined is not None
        row: Row = {}
        if named and not session.unattended:
            row["customerName"] = self.customer_name(session)
        return row | ({"customerEmail": wish.customer_email} if wish.customer_email else {})

    def began(self, session: Session) -> int:
        """When a session was started, or while it was not, created."""
        return session.created if session.started is None else session.started

    # Machines: each belongs to the session it was first seen in

    def machines(self) -> dict[str, int]:
        """The account's machines: for each its UUID and its number."""
        found = self._stage.desk.sessions(Kind.SCREEN_SHARING)
        numbers = {self._machine(session) for session in found if session.unattended}
        return {self._machine_uuid(number): number for number in sorted(numbers)}

    def _machine(self, session: Session) -> int:
        wish = self.wishes.get(session.serial)
        return session.serial if wish is None or wish.machine is None else wish.machine

    def _machine_uuid(self, number: int) -> str:
        return hex_of(self._seed, f"machine {number}")

    def customer_name(self, session: Session) -> str:
        return self._stage.words(self._stage.desk.stories.customer(session).name, session, 1)

    def _notes(self, session: Session) -> str:
        """Of a shared screen what was noted so far, of a chat what is noted at its end."""
        stories = self._stage.desk.stories
        if session.kind is Kind.SCREEN_SHARING:
            return "\n".join(line.text for line in stories.lines(session))
        return "\n".join(stories.notes(session)) if session.state is State.ENDED else ""

    def _collaborators(self, session: Session) -> list[object]:
        helper = clerk(self._stage.desk.stories.clerk_index(session) + 1)
        if self._stage.play["goto-collaborators"] == "strings":
            return [helper.name]
        return [{"name": helper.name, "email": helper.email}]

    def _finish(self, row: Row, session: Session, optional: tuple[str, ...]) -> Row:
        play = self._stage.play
        if play["goto-absent"] == "null":
            row = dict.fromkeys(optional) | row
        if play["rows"] == "odd":
            row = patched(row, session.serial, _ODD)
            if session.serial == self._nameless:
                row.pop("sessionId", None)
        return row

    # Transcripts

    def transcript(self, session: Session) -> object:
        """The answer of /events, in the nesting that is played (sheet goto 2.6)."""
        form = self._stage.play["goto-events"]
        events = sorted(self._events(session), key=lambda event: str(event["timeStamp"]))
        if form == "array":
            return events
        answer: Row = {"sessionId": str(self.identity(session)), "startTime": iso(session.created)}
        if session.ended is not None:
            answer["endTime"] = iso(session.ended)
        return answer | {"events" if form == "object" else "chatHistory": events}

    def _events(self, session: Session) -> Iterator[dict[str, str | None]]:
        """Lines, and the coming and going of the expert, who else is never named as a role."""
        stories = self._stage.desk.stories
        expert, customer = stories.clerk(session).name, self.customer_name(session)
        if session.joined is not None:
            yield _event(session.joined, f"{expert} has joined the session", expert)
        for number, line in enumerate(stories.lines(session)):
            text = self._stage.words(line.text, session, number + 5)
            yield _event(line.at, text, customer if line.role == "customer" else expert)
        if session.ended is not None and session.joined is not None:
            yield _event(session.ended, f"{expert} has ended the session", expert)


def _event(at: int, content: str, name: str) -> dict[str, str | None]:
    return {"timeStamp": iso(at), "content": content, "participantName": name}
