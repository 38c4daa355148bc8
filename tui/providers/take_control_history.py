"""Asking Take Control's history, and remembering which vars it refuses (sheet take control 4.2, 4.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tui.model.clock import Clock
from tui.model.operation import Operation
from tui.model.problem import BadAnswer, NotFound, Refused
from tui.model.text import Opaque
from tui.net.client import Client
from tui.providers.take_control_answers import opened, records
from tui.providers.take_control_query import DETAILED, DOCUMENTED, EVERYTHING
from tui.providers.take_control_rows import EQUAL, known_by, numbered

# What a refused var may come back as: 400, or an error in an answer whose status says success.
_REFUSALS: Final = (200, 400)


class History:
    """One profile's history. `refused` are the vars that the vendor does not take, by what it answered."""

    def __init__(self, client: Client, operation: Operation, clock: Clock) -> None:
        self._client = client
        self._operation = operation
        self._clock = clock
        self._accepted: set[str] = set(DOCUMENTED)
        self.refused: set[str] = set()

    async def ask(
        self, what: str, wanted: Sequence[str], filters: Mapping[str, object]
    ) -> list[object]:
        """The numbered records of one question. Raises a `Problem`.

        Vars that are documented for another interface only may be refused. The question is then asked once
        more without those that no earlier answer has shown to be taken; if that is answered, they are
        remembered as refused, and every row says so.
        """
        asked = [name for name in wanted if name not in self.refused]
        doubtful = [name for name in asked if name not in self._accepted]
        try:
            found = await self._send(what, asked, filters)
        except Refused as refused:
            if refused.status not in _REFUSALS or not doubtful:
                raise
            sure = [name for name in asked if name not in doubtful]
            found = await self._send(what, sure, filters)
            self.refused.update(doubtful)
        else:
            self._accepted.update(asked)
        return numbered(found, [name for name in wanted if name in self.refused])

    async def by_number(self, number: int, ref: Opaque) -> dict[str, object]:
        """The record of the session with that number, with all that is told of it.

        Raises `NotFound` for an empty answer, `BadAnswer` when it holds other sessions.
        """
        what = "fetching the session"
        found = await self.ask(what, DETAILED, {"FILTER_ID": number})
        sessions = [record for record in found if isinstance(record, dict)]
        for record in sessions:
            if known_by(record) == ref:
                return record
        if not sessions:
            raise NotFound(f"{what}: Take Control knows no session {ref}", 404)
        if len(sessions) == 1 and EQUAL in sessions[0]:
            # The number was not told back, but it was asked for: it is the better name.
            return {**sessions[0], "id": number}
        raise BadAnswer(f"{what}: the answer holds other sessions than {ref}")

    async def _send(
        self, what: str, wanted: Sequence[str], filters: Mapping[str, object]
    ) -> list[object]:
        body = {"vars": list(wanted), "filters": {**EVERYTHING, **filters}}
        reply = await self._client.send(self._operation, json=body)
        return records(opened(reply, what, self._clock), what)
