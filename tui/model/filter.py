"""What is typed behind `/`: parsed once, matched many times.

Text becomes tokens, tokens become terms, and a session matches when every term holds. Today a term is a word:
it is looked for in everything that names a session, whatever its case or accents. A richer language needs a new
kind of term and a tokenizer that knows it; callers keep `Filter.parse` and `Filter.matches`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import compress
from operator import attrgetter
from typing import Protocol

from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session


class Term(Protocol):
    """One condition. `words` is everything that names the session, folded, one field a line."""

    def holds(self, session: Session, words: str) -> bool:
        """Whether the session meets it."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A folded piece of text that has to occur in one of the fields."""

    needle: str

    def holds(self, session: Session, words: str) -> bool:
        return self.needle in words


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. `text` is what was typed; the empty filter matches everything."""

    text: str = ""
    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Filter:
        """Never fails: whatever is typed is at least a row of words."""
        return cls(text, tuple(_term(token) for token in _tokens(text)))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self, session: Session) -> bool:
        """Whether every term holds."""
        if not self.terms:
            return True
        words = searchable(session)
        return all(term.holds(session, words) for term in self.terms)

    def within(self, wider: Filter) -> bool:
        """Whether all that matches is known to match the other filter too: it was typed on."""
        words = [term.needle for term in self.terms if isinstance(term, Word)]
        return all(
            isinstance(term, Word) and any(term.needle in word for word in words)
            for term in wider.terms
        )

    def pick(self, sessions: Iterable[Session]) -> list[Session]:
        """Those that match, in their order: `matches` for many, in few steps each."""
        among = list(sessions)
        return self.pick_among(among, searchable_all(among))[0] if self.terms else among

    def pick_among(
        self, sessions: list[Session], words: list[str]
    ) -> tuple[list[Session], list[str]]:
        """`pick` where the words of each (`searchable`) are known: those that match, and their words."""
        for term in self.terms:
            if isinstance(term, Word):
                needle = term.needle
                holds = [needle in each for each in words]
            else:
                held = map(term.holds, sessions, words)
                holds = list(held)
            if not all(holds):
                sessions, words = list(compress(sessions, holds)), list(compress(words, holds))
        return sessions, words


EMPTY = Filter()

_MAY_COMBINE = re.compile("[^\x00-\u02ff]+")  # of what is left out the set is made at once


def fold(text: str) -> str:
    """Text without case and accents: `José` and `JOSE` fold to the same."""
    if text.isascii():
        return text.lower()
    # Taken apart first: only then has every letter, however it was written, a lower case.
    text = unicodedata.normalize("NFKD", text).casefold()
    for mark in set("".join(_MAY_COMBINE.findall(text))):
        if unicodedata.combining(mark):
            text = text.replace(mark, "")
    return text


def fold_all(texts: Sequence[str]) -> list[str]:
    """Each of them folded. Every letter folds for itself, so all of them are folded as one text."""
    plain = "".join(texts).isascii()
    if not plain:
        kinds = [text.isascii() for text in texts]
        ascii_ones = iter(_fold_joined(list(compress(texts, kinds))))
        others = iter(_fold_joined([text for text in texts if not text.isascii()]))
        return [next(ascii_ones if kind else others) for kind in kinds]
    return _fold_joined(texts)


def _fold_joined(texts: Sequence[str]) -> list[str]:
    folded = fold(_BETWEEN.join(texts)).split(_BETWEEN)
    return folded if len(folded) == len(texts) else list(map(fold, texts))


# Between texts that are folded together: in no text that was cleaned, and folded to itself.
_BETWEEN = "\0"


def searchable(session: Session) -> str:
    """Everything a word is looked for in, folded, one field a line: a word never spans two fields."""
    return fold("\n".join([text for text in _named_by(session) if text]))


def searchable_all(sessions: Sequence[Session]) -> list[str]:
    """`searchable` of each, in fewer steps."""
    return fold_all(["\n".join(filter(None, named)) for named in map(_named_by, sessions)])


_named_by = attrgetter(
    "customer",
    "subject",
    "agent",
    "customer_email",
    "customer_phone",
    "profile",
    "provider",
    "status",
    "provider_status",
    "kind",
    "id",
)


def _tokens(text: str) -> list[str]:
    return text.split()


def _term(token: str) -> Term:
    return Word(fold(token))
