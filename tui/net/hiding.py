"""Takes a credential out of what a vendor says: servers, gateways and proxies quote what they do not accept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import quote, quote_plus

from tui.model.secret import MASK
from tui.net.reply import Reply

_SHORTEST_KEY: Final = 6
_BYTE = re.compile(r"%[0-9A-F]{2}")


class Hider:
    """Masks these texts wherever they stand, also as a part of an address. `credential` is what proves who asks,
    `sent` are the secrets of a form."""

    def __init__(self, credential: Iterable[str], sent: Iterable[str]) -> None:
        credential = tuple(credential)
        self._all = _in_order({*credential, *sent})
        # A server that gives tokens may give back the very one it was asked with.
        self._own = [key.encode("utf-8", "surrogatepass") for key in _in_order(credential)]

    def text(self, text: str) -> str:
        """For decoded text."""
        for key in self._all:
            text = text.replace(key, MASK)
        return text

    def reply(self, reply: Reply) -> Reply:
        """The answer without them: an error's whole body; of a good one's, what nobody needs back."""
        body = reply.body
        if reply.ok:
            for key in self._own:
                if key in body:
                    body = body.replace(key, MASK.encode())
        else:
            body = self.text(body.decode("latin-1")).encode("latin-1")
        return replace(reply, body=body, hide=self.text)


def _in_order(keys: Iterable[str]) -> list[str]:
    """The keys and how an address spells them; the longest first: one may be a part of another."""
    spelled = {form for key in keys if len(key) >= _SHORTEST_KEY for form in _spellings(key)}
    return sorted(spelled, key=len, reverse=True)


def _spellings(key: str) -> set[str]:
    encoded = {way(key, safe="", errors="surrogatepass") for way in (quote, quote_plus)}
    return {key, *encoded, *(_BYTE.sub(lambda found: found[0].lower(), one) for one in encoded)}
