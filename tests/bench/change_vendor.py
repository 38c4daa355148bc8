"""A vendor for one account: a page of 1,000 sessions, of which one that is in sight changes from answer to answer.

`python -m tests.bench.change_vendor [--rows N]` prints its port; then, for every answer that holds a new state, the
moment before its first byte was written and the one after its last, in seconds of the machine's monotonic clock.
"""

from __future__ import annotations

import argparse
import json
import socketserver
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any, Final

CUSTOMERS: Final = ("Ana Lindqvist", "José Álvarez", "Priya Raman", "Ola Nordmann")
_AGENTS: Final = ("Mia Novak", "Tom Baker", "Sam Field", "Lena Fischer")
# Further apart than the screen lets news wait for each other, so that every change is one of its own.
_APART_SECONDS: Final = 1.0
_CHANGING: Final = 3  # the fourth from the top


def rows(number: int, now: datetime) -> list[dict[str, Any]]:
    """So many sessions as the listing of Remote Support has them, the first waiting longest."""
    return [
        {
            "sessionId": f"SS-{100_000 + at}",
            "sessionType": "screen_sharing",
            "status": "waiting",
            "partnerObject": f"Ticket {4000 + at}: printer on floor {at % 9} shows an error",
            "partnerObjectUrl": f"https://partner.example/tickets/{4000 + at}?from=goto&queue=support",
            "expertName": _AGENTS[at % len(_AGENTS)],
            "expertUserKey": str(8_000_000_000 + at % 40),
            "expertEmail": f"expert{at % 40}@support.example",
            "customerName": f"{CUSTOMERS[at % len(CUSTOMERS)]} {at:04}",
            "customerEmail": f"customer{at}@company{at % 120}.example",
            "startedAt": f"{now - timedelta(seconds=80_000 - at * 60):%Y-%m-%dT%H:%M:%SZ}",
            "customerJoinUrl": f"https://www.fastsupport.com/?Portal=SS{at}&Language=en&Key={at:032x}",
            "accountKey": "1234567890123456789",
            "notes": "The customer says that it began on Monday after the update. " * 5,
        }
        for at in range(number)
    ]


class _Listing:
    """The answers, one after another."""

    def __init__(self, number: int) -> None:
        found = [json.dumps(row).encode() for row in rows(number, datetime.now(UTC))]
        self._row = json.loads(found[_CHANGING])
        self._before = b'{"sessions":[' + b",".join(found[:_CHANGING]) + b","
        self._after = b"," + b",".join(found[_CHANGING + 1 :]) + b"]}"
        self._turns = count(1)
        self._changed_at = time.monotonic()
        self._body = self._made(0)

    def _made(self, turn: int) -> bytes:
        row = {**self._row, "expertName": f"Expert {turn:04}"}
        return self._before + json.dumps(row).encode() + self._after

    def body(self) -> tuple[bytes, bool]:
        """The answer to give now, and whether it holds a new state."""
        changes = time.monotonic() - self._changed_at >= _APART_SECONDS
        if changes:
            self._changed_at = time.monotonic()
            self._body = self._made(next(self._turns))
        return self._body, changes


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    listing: _Listing

    def do_GET(self) -> None:
        """Any address is the listing: nothing else is asked for."""
        body, changes = self.listing.body()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        began = time.monotonic()
        self.wfile.write(body)
        self.wfile.flush()
        if changes:
            print(began, time.monotonic(), flush=True)

    def log_message(self, *_: object) -> None:
        """Says nothing of requests."""


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1000)
    _Handler.listing = _Listing(parser.parse_args().rows)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
