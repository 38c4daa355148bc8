"""`CHAT_INFO` and `VIDEO_LINKS` as a tree, whatever they are: documented as XML of an unknown schema, possibly
inside JSON, possibly as JSON (sheet take control 4.4).

The XML comes from strangers. It is read by expat piece by piece, into at most so many nodes at most so deep; a
document type, and with it every entity of somebody's own, ends the reading before anything is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Any, Final
from xml.parsers import expat

from tui.model.lazy_dataclass import dataclass
from tui.model.text import Opaque
from tui.providers.rows import loose
from tui.providers.values import link, text

_DEEPEST: Final = 64
_MOST_NODES: Final = 20_000
_MOST_LINKS: Final = 50
_ROOT: Final = "root"
_ITEM: Final = "message"
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_DOCTYPE: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")


class Forbidden(Exception):
    """The XML declares a document type: it is not read."""


@dataclass(slots=True, eq=False)
class Node:
    """An element, or a member of a JSON object; `parts` are the pieces of its own text."""

    name: str
    parts: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    whole: bool = True

    @property
    def words(self) -> str:
        """Its own text, without that of its children."""
        return "".join(self.parts)

    def texts(self) -> Iterator[str]:
        """Every text below it, attributes too, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield from (value for _, value in node.attributes)
            yield node.words
            waiting.extend(reversed(node.children))


def tree(value: object) -> Node | None:
    """The value as a tree; None when it holds nothing. `whole` of the root says whether all of it was read.

    Raises `Forbidden` for XML with a document type.
    """
    if isinstance(value, str):
        return _from_text(value)
    if value is None or isinstance(value, bool):
        return None
    built = _Json()
    root = built.node(_ROOT, value, 0)
    root.whole = built.left > 0 and not built.cut
    return root


def addresses(value: object) -> tuple[Opaque, ...]:
    """Every web address in a value, in its order, each once. Never raises; XML that is not read has none."""
    try:
        root = tree(value)
    except Forbidden:
        return ()
    found: dict[Opaque, None] = {}
    for told in root.texts() if root is not None else ():
        for word in told.split():
            if address := link(word.strip(",;\"'")):
                found[Opaque(address)] = None
        if len(found) >= _MOST_LINKS:
            break
    return tuple(found)[:_MOST_LINKS]


def _from_text(told: str) -> Node | None:
    bare = told.strip()
    if not bare:
        return None
    if bare.startswith("<"):
        return _from_xml(bare)
    if bare[0] in "[{":
        value = loose(bare.encode("utf-8", "replace"))
        if isinstance(value, dict | list):
            return tree(value)
    return Node(_ROOT, [told])


# --- XML ---------------------------------------------------------------------------------------------------


def _from_xml(told: str) -> Node:
    """The tree, as far as the text can be read: some vendors forget to close, to escape, or to have one root."""
    body = _ILLEGAL.sub("\ufffd", _DECLARATION.sub("", told, count=1))
    root = _parsed(body)
    if not root.whole and not _DOCTYPE.search(body):
        again = _parsed(_BARE_AMPERSAND.sub("&amp;", body))
        root = again if again.whole or _size(again) > _size(root) else root
    return root


def _parsed(body: str) -> Node:
    reading = _Xml()
    try:
        # Inside a root of ours there may be several, and a document type is not allowed any more.
        reading.parser.Parse(f"<{_ROOT}>{body}</{_ROOT}>", True)
    except expat.ExpatError:
        reading.root.whole = False
        if _DOCTYPE.search(body):
            raise Forbidden from None
    except _TooMuch:
        reading.root.whole = False
    return reading.root


def _size(root: Node) -> int:
    return sum(len(told) for told in root.texts())


class _TooMuch(Exception):
    """The tree has grown too large."""


class _Xml:
    """One reading of XML: builds the tree while expat goes through the text."""

    def __init__(self) -> None:
        self.root = Node(_ROOT)
        self.parser: Any = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype
        self._open: list[Node] = []
        self._nodes = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > _MOST_NODES or len(self._open) > _DEEPEST:
            raise _TooMuch
        node = Node(name, attributes=list(attributes.items()))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _words(self, words: str) -> None:
        self._open[-1].parts.append(words)

    def _doctype(self, *_: object) -> None:
        raise Forbidden


# --- JSON --------------------------------------------------------------------------------------------------


class _Json:
    """One reading of decoded JSON: a list's items take the name of the list."""

    def __init__(self) -> None:
        self.left = _MOST_NODES
        self.cut = False

    def node(self, name: str, value: object, depth: int) -> Node:
        self.left -= 1
        node = Node(name)
        if self.left <= 0 or depth > _DEEPEST:
            self.cut = True
        elif isinstance(value, dict):
            for inner, member in value.items():
                self._add(node, str(inner), member, depth)
        elif isinstance(value, list):
            self._add(node, _ITEM if name == _ROOT else name, value, depth)
        else:
            node.parts.append(text(value) or "")
        return node

    def _add(self, node: Node, name: str, value: object, depth: int) -> None:
        for one in value if isinstance(value, list) else [value]:
            if self.left <= 0:
                return
            node.children.append(self.node(name, one, depth + 1))
