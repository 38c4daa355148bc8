"""What a vendor answered: a status, a few headers and a bounded body."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer
from tui.model.text import Clean, line

# The only headers that anybody here reads; everything else is dropped at the door.
KEPT_HEADERS: Final = ("content-type", "retry-after", "date", "x-amzn-errortype")
_BOM: Final = b"\xef\xbb\xbf"
_BLANK: Final = b" \t\r\n"
_HEAD: Final = 16 * 1024
# Whole or not at all: what is cut before the masking may begin with half a key.
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,16000})<", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """Any HTTP status but a redirect. `headers` has lower-case names, those of `KEPT_HEADERS` only.

    `source` is the host, for messages. The body of an error (status from 400) is cut at 64 kB.
    """

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    source: str = "the vendor"
    hide: Callable[[str], str] = field(default=str, repr=False, compare=False)
    """Takes the credential out of decoded text: vendors and proxies quote what they do not accept."""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> object:
        """The body as JSON. Raises `BadAnswer` when it is none: HTML, empty, cut short, NaN, too deep."""
        text = self.json_bytes()
        try:
            return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        except RecursionError:
            raise self._bad("answered JSON that is nested too deeply") from None
        except ValueError:
            raise self._bad("answered JSON that cannot be read") from None

    def json_bytes(self) -> bytes:
        """The body, after a look at its first byte: an object or a list. Raises `BadAnswer` otherwise."""
        text = self.body.removeprefix(_BOM).lstrip(_BLANK)
        if text[:1] in (b"{", b"["):
            return text
        if not text:
            raise self._bad("answered nothing where JSON was due")
        if self.is_html:
            title = self.title
            named = f": '{title}'" if title else ""
            raise self._bad(f"answered HTML instead of JSON (a captive portal or a proxy?){named}")
        raise self._bad("answered something that is not JSON")

    @property
    def is_html(self) -> bool:
        """Whether the body is a page for people."""
        kind = self.headers.get("content-type", "").lower()
        head = self.body[:_HEAD].lstrip(_BLANK).lower()
        return head.startswith(b"<") and ("html" in kind or b"<html" in head or b"<!doc" in head)

    @property
    def title(self) -> Clean | None:
        """The title of such a page, cleaned."""
        from html import unescape  # its tables are large, and hardly ever needed

        found = _TITLE.search(self.body[:_HEAD].decode("utf-8", "replace"))
        title = line(self.hide(" ".join(unescape(found[1]).split())), 80) if found else None
        return title or None

    def _bad(self, what: str) -> BadAnswer:
        return BadAnswer(f"{self.source} {what} (status {self.status})")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number
