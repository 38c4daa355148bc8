"""What belongs to one Proxy session: participants, interactions, and what the application sent (sheet twilio 1.6)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.kinds import Line, Session
from tui.simulator.odd import Row
from tui.simulator.twilio_messages import Messages, Sent
from tui.simulator.twilio_paging import Key
from tui.simulator.twilio_rows import Rows
from tui.simulator.web import Vendor, own_url

T = TypeVar("T")
# An interaction of the list: a line of the talk with its number, or what the application sent.
Told = tuple[int, Line] | Sent


class PartsVendor(Vendor):
    """The part of the vendor that reads one session's parts."""

    rows: Rows
    messages: Messages

    @abstractmethod
    def session_of(self, request: Request, exact: bool = False) -> Session | None:
        """The session that the path names."""

    @abstractmethod
    def list_of(
        self,
        request: Request,
        name: str,
        rising: Sequence[T],
        key: Callable[[T], Key],
        row: Callable[[T], Row],
    ) -> Response:
        """A short list; `rising` by key."""

    @abstractmethod
    def send(self, value: Row | bytes, status: int = 200) -> Response: ...

    def part_routes(self, session: str) -> tuple[Route, ...]:
        """The routes below the path of one session."""
        messages = session + "/Participants/{person}/MessageInteractions"
        return (
            self.route(session + "/Participants", GET=self._list_participants),
            self.route(session + "/Participants/{part}", GET=self._get_participant),
            self.route(messages, GET=self._list_messages),
            self.route(messages + "/{part}", GET=self._get_message),
            self.route(session + "/Interactions", GET=self._list_interactions),
            self.route(session + "/Interactions/{part}", GET=self._get_interaction),
        )

    # Participants

    async def _list_participants(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self.session_of(request, exact=True)
            if session is None:
                return self.not_found(request)
            who = self.rows.participants(session)

            def row(which: int) -> Row:
                return self.rows.participant(session, which, own_url(request))

            return self.list_of(request, "participants", who, by_number, row)

    async def _get_participant(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self.session_of(request, exact=True)
            which = self._participant(session, _part(request))
            if session is None or which is None:
                return self.not_found(request)
            return self.send(self.rows.participant(session, which, own_url(request)))

    def _participant(self, session: Session | None, sid: str) -> int | None:
        """Which participant of a session has that SID."""
        for which in [] if session is None else self.rows.participants(session):
            if session and self.rows.participant_sid(session, which) == sid:
                return which
        return None

    # Interactions

    async def _list_interactions(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self.session_of(request, exact=True)
            if session is None:
                return self.not_found(request)
            told = self._told(session)

            def row(one: Told) -> Row:
                return self._interaction(session, one, own_url(request))

            return self.list_of(request, "interactions", told, _by_time, row)

    async def _get_interaction(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self.session_of(request, exact=True)
            for one in [] if session is None else self._told(session):
                if session is not None:
                    row = self._interaction(session, one, own_url(request))
                    if row["sid"] == _part(request):
                        return self.send(row)
        return self.not_found(request)

    def _told(self, session: Session) -> list[Told]:
        lines = enumerate(self.rows.lines(session))
        return sorted([*lines, *self.messages.listed(session)], key=_by_time)

    def _interaction(self, session: Session, one: Told, base: str) -> Row:
        if isinstance(one, Sent):
            return self.messages.row(session, one, base, apart=False)
        return self.rows.interaction(session, *one, base)

    # Message interactions

    async def _list_messages(self, request: Request) -> Response:
        """Their list is called `interactions` too (sheet twilio 1.5)."""
        with self.stage.desk.lock:
            session = self.session_of(request, exact=True)
            which = self._participant(session, str(request.path_params["person"]))
            if session is None or which is None:
                return self.not_found(request)

            def row(sent: Sent) -> Row:
                return self.messages.row(session, sent, own_url(request))

            sent = self.messages.to(session, which)
            return self.list_of(request, "interactions", sent, _by_time, row)

    async def _get_message(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self.session_of(request, exact=True)
            which = self._participant(session, str(request.path_params["person"]))
            if session is not None and which is not None:
                for sent in self.messages.to(session, which):
                    row = self.messages.row(session, sent, own_url(request))
                    if row["sid"] == _part(request):
                        return self.send(row)
        return self.not_found(request)


def _part(request: Request) -> str:
    return str(request.path_params["part"])


def by_number(place: int) -> Key:
    """The order of a list that goes by number."""
    return (place, 0)


def _by_time(one: Told) -> Key:
    return (one.at, one.number) if isinstance(one, Sent) else (one[1].at, one[0])
