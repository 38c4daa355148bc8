"""The desk's messaging sessions in Proxy's words (sheet twilio 1.4, 1.6, 1.10)."""

from __future__ import annotations

from dataclasses import dataclass

from tui.simulator.chance import HexIds, hex_of, mix, one_in
from tui.simulator.kinds import DAY, HOUR, Kind, Line, Role, Session, State
from tui.simulator.odd import GONE, Row, nameless, patched
from tui.simulator.twilio_writes_edits import Edits
from tui.simulator.web import Stage, encoded, iso

RETENTION = 90 * DAY
_STATUS = {
    State.PLANNED: "open",
    State.WAITING: "open",
    State.TALKING: "in-progress",
    State.ENDED: "closed",
    State.ABANDONED: "closed",
    State.FAILED: "failed",
}
_REASON = {"api": "api", "empty": "", "null": None, "words": "session expired (ttl)"}
_ODD: tuple[dict[str, object], ...] = (
    {"ttl": "3600", "links": None},
    {"status": "paused"},
    {"date_created": "yesterday", "date_updated": 1438286400},
    {"unique_name": {"text": "no string"}, "mode": "video"},
    {"date_started": GONE, "date_ended": GONE, "closed_reason": GONE, "links": GONE},
    {"status": None, "ttl": None, "date_created": None},
    {"date_created": "0001-01-01T00:00:00+14:00", "account_sid": 12},
)
_ODD_PARTICIPANTS: tuple[dict[str, object], ...] = (
    {"friendly_name": None},
    {"identifier": 14155550123, "links": []},
    {"friendly_name": GONE, "proxy_identifier": GONE},
)


class SessionNames:
    """`KC` SIDs for messaging sessions."""

    def __init__(self, seed: int) -> None:
        self._ids = HexIds(seed, "KC")

    def public_id(self, serial: int) -> str:
        return "KC" + self._ids.of(serial)

    def serial(self, public_id: str) -> int | None:
        return self._ids.serial(public_id[2:]) if public_id.startswith("KC") else None


@dataclass(frozen=True, slots=True)
class Service:
    """A Proxy service of the account."""

    sid: str
    unique_name: str


@dataclass(frozen=True, slots=True)
class Account:
    """The one account, its two ways to sign in, and its services; all made from the seed."""

    sid: str
    token: str
    key: str
    secret: str
    services: tuple[Service, ...]

    @classmethod
    def of(cls, seed: int) -> Account:
        names = ("customer-care-eu", "deliveries", "sandbox")
        return cls(
            "AC" + hex_of(seed, "AC"),
            hex_of(seed, "auth token"),
            "SK" + hex_of(seed, "SK"),
            hex_of(seed, "key secret"),
            tuple(Service("KS" + hex_of(seed, name), name) for name in names),
        )

    def service(self, sid: str) -> Service | None:
        """By SID or unique name (a GET's Sid has no pattern: sheet twilio 1.2)."""
        return next((one for one in self.services if sid in (one.sid, one.unique_name)), None)


class Rows:
    """Makes the vendor's objects; `base` is everything before `/v1` in their URLs."""

    def __init__(self, stage: Stage, account: Account) -> None:
        self._stage, self._account = stage, account
        self._seed = stage.desk.seed
        self._sessions = SessionNames(self._seed)
        self._parts = {label: HexIds(self._seed, label) for label in ("KP", "KI", "in", "out")}
        self._first_day = len(stage.desk)
        self.edits = Edits()
        main = account.services[0]
        kept = stage.desk.sessions(Kind.MESSAGING)
        self._nameless = nameless(s for s in kept if self.service_of(s) is main)

    # Sessions

    def sid(self, session: Session) -> str:
        return self._sessions.public_id(session.serial)

    def serial(self, sid: str) -> int | None:
        return self._sessions.serial(sid)

    def service_of(self, session: Session) -> Service:
        """The second service has a share of the first day; all that comes goes to the first."""
        main, second, *_ = self._account.services
        edit = self.edits.fresh(session.serial)
        if edit is not None:
            return self._account.service(edit.service) or main
        old = session.serial < self._first_day
        return second if old and session.serial % 7 == 5 else main

    def unique_name(self, session: Session) -> str | None:
        """The desk's case number and subject; one session in twelve has none."""
        if (edit := self.edits.fresh(session.serial)) is not None:
            return edit.unique_name
        if one_in(12, self._seed, session.serial, 20):
            return None
        stories = self._stage.desk.stories
        name = f"{stories.reference(session)} {stories.subject(session)}"
        return self._stage.words(name, session)[:191]

    def expiry(self, session: Session) -> int | None:
        """When an unfinished session ends by itself: date_expiry, else ttl after the last word."""
        if (set_date := self.date_expiry(session)) is not None:
            return set_date
        ttl, edit = self._ttl(session), self.edits.get(session.serial)
        renewed = (edit.renewed if edit is not None else None) or 0
        since = max(session.last_line or session.created, renewed)
        return since + ttl * 1000 if ttl else None

    def expired(self, session: Session) -> bool:
        expiry = self.expiry(session) if session.ended is None else None
        return expiry is not None and expiry <= self._stage.desk.time

    def ended(self, session: Session) -> int | None:
        return self.expiry(session) if self.expired(session) else session.ended

    def updated(self, session: Session) -> int:
        """When the status last changed, or by `twilio-updated` when something was last said."""
        moment = max(session.changed, self.ended(session) or 0)
        if (edit := self.edits.get(session.serial)) is not None:
            moment = max(moment, edit.updated or 0)
        if self._stage.play["twilio-updated"] == "interaction":
            return max(moment, session.last_line or 0)
        return moment

    def session(self, session: Session, base: str) -> Row:
        service = self.service_of(session)
        url = f"{self._service_url(service, base)}/Sessions/{self.sid(session)}"
        row: Row = {
            "service_sid": service.sid,
            "status": "closed" if self.expired(session) else _STATUS[session.state],
            "unique_name": self.unique_name(session),
            "date_started": self._date(session.joined),
            "date_ended": self._date(self.ended(session)),
            "date_last_interaction": self._date(self._last(session)),
            "date_expiry": self._date(self.date_expiry(session)),
            "ttl": self._ttl(session),
            "mode": self._mode(session),
            "closed_reason": self._reason(session),
            "sid": self.sid(session),
            "date_updated": self._date(self.updated(session)),
            "date_created": self._date(session.created),
            "account_sid": self._account.sid,
            "url": url,
            "links": {"interactions": f"{url}/Interactions", "participants": f"{url}/Participants"},
        }
        if self._stage.play["rows"] == "odd":
            row = patched(row, session.serial, _ODD)
            if session.serial == self._nameless:
                del row["sid"]
        return row

    def _mode(self, session: Session) -> str:
        if (edit := self.edits.fresh(session.serial)) is not None:
            return edit.mode
        return "message-only" if one_in(4, self._seed, session.serial, 21) else "voice-and-message"

    def _ttl(self, session: Session) -> int:
        edit = self.edits.get(session.serial)
        if edit is not None and (edit.fresh or edit.ttl is not None):
            return edit.ttl or 0
        return 48 * HOUR // 1000 if one_in(9, self._seed, session.serial, 22) else 0

    def date_expiry(self, session: Session) -> int | None:
        """The set end of a session in milliseconds, or None."""
        edit = self.edits.get(session.serial)
        if edit is not None and (edit.fresh or edit.expiry is not None or edit.renewed):
            return edit.expiry
        if one_in(6, self._seed, session.serial, 23):
            return session.created + 7 * DAY
        return None

    def _last(self, session: Session) -> int | None:
        lines = session.last_line
        return None if lines is None else min(lines, self.ended(session) or lines)

    def _reason(self, session: Session) -> object:
        if self.ended(session) is None or session.state is State.FAILED:
            return None
        edit = self.edits.get(session.serial)
        if edit is not None and edit.by_api and session.ended is not None:
            return "api"
        return _REASON[self._stage.play["twilio-closed-reason"]]

    def _date(self, at: int | None) -> str | None:
        return iso(at, self._stage.play["twilio-dates"] == "milliseconds")

    def _service_url(self, service: Service, base: str) -> str:
        return f"{base}/v1/Services/{service.sid}"

    # Services

    def service(self, service: Service, base: str) -> Row:
        url = self._service_url(service, base)
        return {
            "sid": service.sid,
            "account_sid": self._account.sid,
            "chat_instance_sid": None,
            "unique_name": service.unique_name,
            "default_ttl": 0,
            "callback_url": None,
            "geo_match_level": "country",
            "number_selection_behavior": "prefer-sticky",
            "intercept_callback_url": None,
            "out_of_session_callback_url": None,
            "date_created": "2023-05-02T08:15:00Z",
            "date_updated": "2023-11-20T14:02:31Z",
            "url": url,
            "links": {"sessions": f"{url}/Sessions", "phone_numbers": f"{url}/PhoneNumbers"},
        }

    # Participants: 0 is the customer, 1 the agent

    def participants(self, session: Session) -> list[int]:
        """Who was added so far: for some waiting sessions nobody has been found yet."""
        if (edit := self.edits.fresh(session.serial)) is not None:
            return list(range(len(edit.participants)))
        alone = session.state is State.WAITING and one_in(3, self._seed, session.serial, 24)
        return [0] if alone else [0, 1]

    def participant_sid(self, session: Session, which: int) -> str:
        return "KP" + self._parts["KP"].of(session.serial, which)

    def participant(self, session: Session, which: int, base: str) -> Row:
        desk = self._stage.desk
        person = desk.stories.clerk(session) if which else desk.stories.customer(session)
        sid = self.participant_sid(session, which)
        service = self.service_of(session)
        url = f"{self._service_url(service, base)}/Sessions/{self.sid(session)}/Participants/{sid}"
        pool = 100 + mix(self._seed, session.serial, which, 25) % 100
        row: Row = {
            "sid": sid,
            "session_sid": self.sid(session),
            "service_sid": service.sid,
            "account_sid": self._account.sid,
            "identifier": person.phone,
            "proxy_identifier": f"+1628555{pool:04d}",
            "proxy_identifier_sid": "PN" + hex_of(self._seed, f"PN{pool}"),
            "friendly_name": self._stage.words(person.name, session, which + 1)[:255],
            "date_deleted": None,
            "date_updated": self._date(session.created),
            "date_created": self._date(session.created),
            "url": url,
            "links": {"message_interactions": f"{url}/MessageInteractions"},
        }
        row |= self._given(session, which)
        if self._stage.play["rows"] == "odd":
            row = patched(row, session.serial + which, _ODD_PARTICIPANTS)
        return row

    def _given(self, session: Session, which: int) -> Row:
        """What a create call said of a participant; a proxy number comes from the pool."""
        edit = self.edits.fresh(session.serial)
        if edit is None:
            return {}
        given = edit.participants[which]
        row: Row = {"identifier": given.identifier, "friendly_name": given.friendly_name}
        if given.proxy_identifier is not None:
            row["proxy_identifier"] = given.proxy_identifier
        if given.proxy_identifier_sid is not None:
            row["proxy_identifier_sid"] = given.proxy_identifier_sid
        return row

    # Interactions

    def lines(self, session: Session) -> list[Line]:
        """What was said through the proxy, until the session ended or expired."""
        ended = self.ended(session)
        lines = self._stage.desk.stories.lines(session)
        return [line for line in lines if ended is None or line.at <= ended]

    def interaction_sid(self, session: Session, number: int) -> str:
        return "KI" + self._parts["KI"].of(session.serial, number)

    def interaction(self, session: Session, number: int, line: Line, base: str) -> Row:
        service = self.service_of(session)
        sid = self.interaction_sid(session, number)
        url = f"{self._service_url(service, base)}/Sessions/{self.sid(session)}/Interactions/{sid}"
        kind = "voice" if line.seconds else "message"
        titled = self._stage.play["twilio-interaction-type"] == "title"
        speaker = 0 if line.role is Role.CUSTOMER else 1
        return {
            "service_sid": service.sid,
            "data": self._data(session, number, line),
            "date_created": self._date(line.at),
            "date_updated": self._date(line.at),
            **self._side("inbound", session, number, line, speaker),
            **self._side("outbound", session, number, line, 1 - speaker),
            "sid": sid,
            "type": kind.title() if titled else kind,
            "url": url,
            "account_sid": self._account.sid,
            "session_sid": self.sid(session),
        }

    def _side(self, side: str, session: Session, number: int, line: Line, who: int) -> Row:
        """The five fields of one side; an inbound status never changes (sheet twilio 1.6)."""
        call = bool(line.seconds)
        kind = "Call" if call else "Message"
        if self._stage.play["twilio-resource-type"] == "lower":
            kind = kind.lower()
        status = ("in-progress" if side == "inbound" else "completed") if call else "delivered"
        ids = self._parts["in" if side == "inbound" else "out"]
        return {
            f"{side}_participant_sid": self.participant_sid(session, who),
            f"{side}_resource_sid": ("CA" if call else "SM") + ids.of(session.serial, number),
            f"{side}_resource_status": status,
            f"{side}_resource_type": kind,
            f"{side}_resource_url": None,
        }

    def _data(self, session: Session, number: int, line: Line) -> object:
        form = self._stage.play["twilio-interaction-data"]
        if form == "null":
            return None
        if line.seconds:
            content = {"duration": str(line.seconds)}
        else:
            content = {"body": self._stage.words(line.text, session, number + 3)}
        return encoded(content).decode() if form == "string" else content
