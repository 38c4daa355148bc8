"""Reading an answer's body without ever holding more of it than allowed: no bomb, no flood, one layer of gzip."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Sequence
from contextlib import suppress
from typing import Final

# zlib's own way to say "a gzip header and nothing else".
_GZIP_ONLY: Final = 16 + zlib.MAX_WBITS


class Refusal(Exception):
    """The body is not taken; the text says why, in our own words. Never leaves this room."""


class Unwrapped:
    """Takes raw bytes, keeps at most `cap` decoded ones. `encodings` are all values of Content-Encoding."""

    def __init__(self, encodings: Sequence[str], cap: int) -> None:
        layers = [part.strip().lower() for value in encodings for part in value.split(",")]
        layers = [layer for layer in layers if layer not in ("", "identity")]
        if layers not in ([], ["gzip"], ["x-gzip"]):
            raise Refusal("in an encoding that was not asked for")
        self._unzip = zlib.decompressobj(_GZIP_ONLY) if layers else None
        self._cap = cap
        self._raw = 0
        self.data = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Raises `Refusal` once there is too much of it, or when it is not gzip as announced."""
        self._raw += len(chunk)
        if self._unzip is None:
            self.data += chunk
        else:
            self._inflate(self._unzip, chunk)
        # The raw size counts too: gzip can also be made of nothing, for ever.
        if max(len(self.data), self._raw) > self._cap:
            raise Refusal(f"of more than {self._cap} bytes")

    def _inflate(self, unzip: zlib._Decompress, chunk: bytes) -> None:
        if unzip.eof:
            raise Refusal("with something behind the end of its gzip")
        try:
            # One byte more than fits tells "full" from "too large", and bounds the work of a bomb.
            self.data += unzip.decompress(chunk, self._cap - len(self.data) + 1)
        except zlib.error:
            raise Refusal("in gzip that is broken") from None
        if unzip.unused_data:
            raise Refusal("with something behind the end of its gzip")

    def end(self) -> bytes:
        """The whole body. Raises `Refusal` when the gzip was cut short."""
        if self._unzip is not None and self._raw and not self._unzip.eof:
            raise Refusal("in gzip that was cut short")
        return bytes(self.data)


async def read_whole(
    chunks: AsyncIterable[bytes], encodings: Sequence[str], length: int | None, cap: int
) -> bytes:
    """The decoded body. Raises `Refusal`, for an announced length before the first byte is read."""
    taken = Unwrapped(encodings, cap)
    if length is not None and length > cap:
        raise Refusal(f"of {length} bytes, more than the {cap} that are taken")
    async for chunk in chunks:
        taken.feed(chunk)
    return taken.end()


async def read_words(chunks: AsyncIterable[bytes], encodings: Sequence[str], cap: int) -> bytes:
    """As much of an error's body as can be had: its status counts, the body only holds the vendor's words."""
    try:
        taken = Unwrapped(encodings, cap)
    except Refusal:
        return b""
    # A broken end does not make the status unknown.
    with suppress(Exception):
        async for chunk in chunks:
            taken.feed(chunk)
    return bytes(taken.data[:cap])
