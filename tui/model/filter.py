"""What is typed behind `/`: parsed once, matched many times.

Text becomes tokens, tokens become terms, and a session matches when every term holds. Today a term is a word:
it is looked for in everything that names a session, whatever its case or accents. A richer language needs a new
kind of term and a tokenizer that knows it; callers keep `Filter.parse` and `Filter.matches`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
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


class _Memo:
    """The folded words of sessions while somebody types: folding costs more than looking for a word.

    Kept by identity, with the session itself so that no other can take its identity; emptied when the filter
    is, and when it holds more than any board should.
    """

    LIMIT = 400_000

    def __init__(self) -> None:
        self._known: dict[int, tuple[Session, str]] = {}

    def words(self, sessions: Sequence[Session]) -> list[str]:
        """The words of each: those that are not known yet are learned in one go."""
        known = self._known
        try:  # with every letter but the first all of them are known
            return [known[id(session)][1] for session in sessions]
        except KeyError:
            new = [session for session in sessions if id(session) not in known]
        if len(known) + len(new) > self.LIMIT:
            known.clear()
            new = list(sessions)
        known.update([(id(session), (session, searchable(session))) for session in new])
        return [known[id(session)][1] for session in sessions]

    def forget(self, session: Session) -> None:
        self._known.pop(id(session), None)

    def clear(self) -> None:
        self._known.clear()


_memo = _Memo()


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. `text` is what was typed; the empty filter matches everything."""

    text: str = ""
    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Filter:
        """Never fails: whatever is typed is at least a row of words."""
        terms = tuple(_term(token) for token in _tokens(text))
        if not terms:
            _memo.clear()
        return cls(text, terms)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self, session: Session) -> bool:
        """Whether every term holds."""
        if not self.terms:
            return True
        words = _memo.words((session,))[0]
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
        picked = list(sessions)
        for term in self.terms:
            each = zip(picked, _memo.words(picked), strict=True)
            if isinstance(term, Word):
                needle = term.needle
                picked = [session for session, words in each if needle in words]
            else:
                holds = term.holds
                picked = [session for session, words in each if holds(session, words)]
        return picked

    def forget(self, session: Session) -> None:
        """This session is no more, or is another object now: nothing is kept for matching it again."""
        _memo.forget(session)


def learn(sessions: Sequence[Session]) -> None:
    """Looks at sessions before a filter is typed: the first letter then costs as little as the others."""
    _memo.words(sessions)


EMPTY = Filter()

_MAY_COMBINE = re.compile("[^\x00-\u02ff]")  # of what is left out the set is made at once


def fold(text: str) -> str:
    """Text without case and accents: `José` and `JOSE` fold to the same."""
    if text.isascii():
        return text.lower()
    # Taken apart first: only then has every letter, however it was written, a lower case.
    return _MAY_COMBINE.sub(_bare, unicodedata.normalize("NFKD", text).casefold())


def _bare(found: re.Match[str]) -> str:
    char = found[0]
    return "" if unicodedata.combining(char) else char


def searchable(session: Session) -> str:
    """Everything a word is looked for in, folded, one field a line: a word never spans two fields."""
    return fold("\n".join([text for text in _named_by(session) if text]))


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
