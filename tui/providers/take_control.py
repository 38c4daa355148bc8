"""N-able Take Control (sheet take control, part 4): remote support sessions, from the history of an account.

Two keys, a client each: the public one creates sessions, the private one reads their history. The history is a
GET with a JSON body, knows no pages and takes a window of start times. There is no call for one session: it is
the history again, asked by number or searched for an id that we derived.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from tui.model.clock import Clock
from tui.model.form import Values
from tui.model.operation import Body, Operation
from tui.model.problem import Busy, ConfigProblem, NotFound, Refused, UsageProblem
from tui.model.profile import KeyKind, Needs, Profile, ProfileKey
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript, followed
from tui.net.auth import TokenAuth
from tui.net.client import Client
from tui.net.exchange import Report
from tui.providers import (
    take_control_check,
    take_control_create,
    take_control_query,
    take_control_rows,
)
from tui.providers import take_control_times as times
from tui.providers.base import (
    Ask,
    Asks,
    Capability,
    Created,
    Decoded,
    Finding,
    Page,
    Spec,
    SystemLink,
    Unreferenced,
    Verdict,
)
from tui.providers.take_control_history import History

CREATE_SESSION: Final = Operation(
    take_control_create.OPERATION, "POST", "/session", writes=True, body=Body.JSON
)
SESSION_HISTORY: Final = Operation(
    "session history", "GET", "/session/history", writes=False, body=Body.JSON
)

_CHECKED: Final = timedelta(hours=24)
# A clock may be this far off; a session that started later than that has another zone's time.
_AHEAD: Final = timedelta(minutes=10)
# How many ids we remember the starts of; older ones are searched for.
_REMEMBERED: Final = 20_000

SPEC: Final = Spec(
    id=take_control_rows.PROVIDER,
    title="N-able Take Control",
    short="control",
    default_base_url="",  # each account has its own, shown under Profile > APIs; it ends in /rest
    keys=(
        ProfileKey("public_key", KeyKind.SECRET, "the public integration key: creates sessions"),
        ProfileKey("private_key", KeyKind.SECRET, "the private integration key: lists sessions"),
        ProfileKey(
            "time_zone",
            KeyKind.TEXT,
            "the zone of the vendor's times, such as Europe/Lisbon; it is not documented",
            default=times.DEFAULT_ZONE,
        ),
    ),
    needs=Needs((("private_key",), ("public_key",))),
    operations=(CREATE_SESSION, SESSION_HISTORY),
    asks=Asks.WINDOW,
    # No limit is documented beyond "appropriate": one request a second at most is used.
    requests_per_second=2.0,
    capabilities=frozenset({Capability.TRANSCRIPT}),
    query=take_control_query.QUERY,
    create=take_control_create.FORM,
    create_needs=("public_key",),
)


def connect(profile: Profile, clock: Clock, report: Report) -> TakeControl:
    """The provider of a profile. Raises `ConfigProblem` without any key, or for an unknown `time_zone`."""
    public, private = profile.secrets.get("public_key"), profile.secrets.get("private_key")
    if not public and not private:
        raise ConfigProblem(f"profile {profile.name}: public_key or private_key is needed")
    try:
        zone = times.zone(profile.text("time_zone") or times.DEFAULT_ZONE)
    except ConfigProblem as problem:
        raise ConfigProblem(f"profile {profile.name}: {problem.message}") from None

    def client(key: Secret | None, *operations: Operation) -> Client | None:
        if not key:
            return None
        return Client(
            profile=profile.name,
            base_url=profile.base_url,
            operations=operations,
            auth=TokenAuth(key, prefix="", header="INTEGRATION-KEY"),
            clock=clock,
            report=report,
            read_only=profile.read_only,
            ca_file=profile.ca_file,
        )

    # The public key asks for the history only in a check: an answer shows that it is the private one.
    return TakeControl(
        profile,
        client(public, CREATE_SESSION, SESSION_HISTORY),
        client(private, SESSION_HISTORY),
        clock,
        zone,
    )


class TakeControl(Unreferenced):
    """The sessions of one account. Every method raises only `model.problem.Problem`.

    What needs a key that the profile does not have raises `ConfigProblem`, and sends nothing.
    """

    spec: Spec = SPEC

    def __init__(
        self,
        profile: Profile,
        public: Client | None,
        private: Client | None,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        self._profile = profile
        self._public = public
        self._private = private
        self._clock = clock
        self._zone = zone
        self._reader = take_control_rows.Reader(profile.name, zone, profile.me)
        self._asked: History | None = (
            History(private, SESSION_HISTORY, clock) if private is not None else None
        )
        self._starts: dict[Opaque, datetime] = {}

    # --- reading ------------------------------------------------------------------------------------------

    async def page(self, ask: Ask) -> Page:
        """Every session that started in the window, in one page; without one, the profile's history.

        Without an end the vendor is not told one: should `time_zone` be wrong, the newest sessions would be
        hidden by it. A query with an id asks for that session alone. Raises `UsageProblem` for a bad query.
        """
        history = self._history()
        asked = take_control_query.filters(ask.query)
        wanted = take_control_query.chosen(ask.query)
        if "FILTER_ID" not in asked:
            since = ask.since or self._since(ask.until)
            asked = {**times.window(since, ask.until, self._zone), **asked}
        found = await history.ask("listing the sessions", wanted, asked)
        return Page(tuple(map(take_control_rows.to_bytes, found)))

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        decoded = self._reader.decode(row, full=full)
        session = decoded.session
        if session is not None and session.id.startswith(take_control_rows.DERIVED):
            self._remember(session)
        return decoded

    async def row(self, ref: Opaque) -> bytes:
        """One session with all that is told of it. A derived id is searched for in the profile's history.

        Raises `NotFound` when the vendor, or that search, shows no such session.
        """
        return take_control_rows.to_bytes(await self._record(ref))

    def wants_people(self, session: Session) -> bool:
        """Never: a row names its people."""
        return False

    async def people(self, session: Session) -> Session:
        """The same session."""
        return session

    async def transcript(self, session: Session) -> Transcript:
        """The chat where the vendor tells it, or the session's steps with notes and videos."""
        from tui.providers import take_control_talk as talk  # not before somebody reads one

        history = self._history()
        record = await self._record(session.id, session.started_at)
        read = self._reader.decode(take_control_rows.to_bytes(record)).session
        refused = "CHAT_INFO" in history.refused
        found = talk.transcript(read or session, record, self._zone, refused=refused)
        return followed(found, talk.left(read or session, record)) if found.spoken else found

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """Raises `UsageProblem`: this vendor has no such thing."""
        raise UsageProblem(
            f"Take Control has no partner-system links (profile {self._profile.name})"
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        for client in (self._public, self._private):
            if client is not None:
                await client.aclose()

    # --- writing ------------------------------------------------------------------------------------------

    async def create(self, values: Values) -> Created:
        """Asks for a session. The vendor documents no id in its answer: usually nothing names the new one."""
        if self._public is None:
            raise ConfigProblem(
                f"profile {self._profile.name} has no public_key: no session can be created with it"
            )
        sent = take_control_create.body(values)
        reply = await self._public.send(CREATE_SESSION, json=sent)
        return take_control_create.answered(reply, self._clock)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Raises `UsageProblem`: the vendor documents nothing that can be done to a session."""
        raise UsageProblem(f"Take Control has no way to {line(action, 40)} a session")

    # --- checking -----------------------------------------------------------------------------------------

    async def check(self) -> tuple[Finding, ...]:
        """Asks for the history of a day with the private key, and says what can be said of the public one.

        Raises `Busy`, `Unreachable` or `NoAnswer` when nothing can be said about the keys.
        """
        found = await self._check_private()
        secrets = self._profile.secrets
        public = await take_control_check.public_key(
            self._public,
            SESSION_HISTORY,
            self._clock,
            private=found[0].verdict if self._asked is not None else None,
            same=secrets.get("public_key") == secrets.get("private_key"),
        )
        return (*found, public)

    async def _check_private(self) -> tuple[Finding, ...]:
        if self._asked is None:
            words = "there is no private_key: sessions cannot be listed or read, only created"
            return (Finding(Verdict.WARN, line(words)),)
        now = self._clock.now()
        try:
            page = await self.page(Ask(since=now - _CHECKED))
        except Busy:
            raise  # says nothing about the keys
        except Refused as refused:
            return (Finding(Verdict.FAIL, take_control_check.private_refused(refused)),)
        count = f"{len(page.rows)} session{'' if len(page.rows) == 1 else 's'}"
        told = f"the private key is accepted; {count} in the last day"
        return (Finding(Verdict.OK, line(told)), *self._check_rows(page, now))

    def _check_rows(self, page: Page, now: datetime) -> list[Finding]:
        found = [session for row in page.rows if (session := self.decode(row).session)]
        told = []
        if self._asked is not None and self._asked.refused:
            told.append(f"the vendor refuses to tell {', '.join(sorted(self._asked.refused))}")
        if any(session.id.startswith(take_control_rows.DERIVED) for session in found):
            told.append("sessions come without an id: theirs are derived, and shown as such")
        starts = [session.started_at for session in found if session.started_at is not None]
        if starts and max(starts) > now + _AHEAD:
            zone = self._profile.text("time_zone") or times.DEFAULT_ZONE
            told.append(f"the newest session starts in the future: time_zone {zone} is wrong")
        return [Finding(Verdict.WARN, line(words)) for words in told]

    # --- one session --------------------------------------------------------------------------------------

    def _history(self) -> History:
        if self._asked is None:
            raise ConfigProblem(
                f"profile {self._profile.name} has no private_key: sessions can be created with it, "
                "not listed or read"
            )
        return self._asked

    def _since(self, until: datetime | None) -> datetime:
        return (until or self._clock.now()) - timedelta(hours=self._profile.history_hours)

    async def _record(self, ref: Opaque, start: datetime | None = None) -> dict[str, object]:
        """The record of one session. Raises `NotFound`."""
        number = take_control_query.number(ref)
        if number is not None:
            return await self._history().by_number(number, ref)
        return await self._searched(ref, start or self._starts.get(ref))

    async def _searched(self, ref: Opaque, start: datetime | None) -> dict[str, object]:
        """First at the second of its start, if that is known; else in the whole history, then at its second."""
        if start is not None and (found := await self._at(ref, start)) is not None:
            return found
        listed = await self._within(ref, take_control_query.LISTED, self._since(None), None)
        if listed is None:
            hours = f"{self._profile.history_hours:g}"
            raise NotFound(f"no session of the last {hours} h has the id {ref}", 404)
        began = self._reader.decode(take_control_rows.to_bytes(listed)).session
        if began is None or began.started_at is None or began.started_at == start:
            return listed
        return await self._at(ref, began.started_at) or listed

    async def _at(self, ref: Opaque, start: datetime) -> dict[str, object] | None:
        return await self._within(ref, take_control_query.DETAILED, start, start)

    async def _within(
        self, ref: Opaque, wanted: tuple[str, ...], since: datetime, until: datetime | None
    ) -> dict[str, object] | None:
        """The record of that id in a window, if it is there."""
        asked: dict[str, object] = {**times.window(since, until, self._zone)}
        for record in await self._history().ask("fetching the session", wanted, asked):
            if isinstance(record, dict) and take_control_rows.known_by(record) == ref:
                return record
        return None

    def _remember(self, session: Session) -> None:
        if session.started_at is None:
            return
        self._starts[session.id] = session.started_at
        if len(self._starts) > _REMEMBERED:
            del self._starts[next(iter(self._starts))]
