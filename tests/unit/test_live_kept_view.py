"""A view that keeps in step with the board: it shows what `select` would, and pays for what changed alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from math import log2

import pytest

from tests.unit.test_live_mailbox import key
from tests.unit.test_live_view import NOW, session
from tui.live import board as boards
from tui.live import live_view, ordered, rows, spread, tally
from tui.live.board import Board, Change
from tui.live.live_view import LiveView
from tui.live.messages import Batch
from tui.live.ordered import Ordered
from tui.live.orders import ORDERS, in_order, place_of
from tui.live.rows import Piece, Place, Rows
from tui.live.view import Counts, ViewKind, ViewSpec, count_sessions, select
from tui.model import filter as filters
from tui.model.filter import EMPTY, Filter
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import line

MINE = {"one": "Bo", "two": "ana"}
NAMES = (None, "ana", "Ana", "Bo", "Ärne", "arne")
TYPED = ("", "a", "an", "ana", "ana w", "ana wai", "w", "b", "arne one", "nobody")


class Desk:
    """A board on which things happen by chance, and the view over it."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.board = Board()
        self.view = LiveView(self.board)
        self.spec = ViewSpec()
        self.mine: Mapping[str, str] = MINE
        self.glanced: list[tuple[Rows, list[Session]]] = []

    def anybody(self) -> Session:
        """Few ids, times and names: most are known already, and many are equal in what they are ordered by."""
        rng = self.rng
        minutes = rng.choice((None, 0, 1, 4, 5, 6, 7))
        ended = rng.choice((None, 0, 1, 2))
        return session(
            f"s{rng.randrange(60)}",
            rng.choice(list(Status)),
            minutes,
            profile=rng.choice(("one", "two")),
            provider=rng.choice(("fake", "other")),
            customer=_words(rng.choice(NAMES)),
            agent=_words(rng.choice(NAMES)),
            updated_at=None if ended is None else NOW - timedelta(minutes=ended),
            ended_at=None if ended is None else NOW - timedelta(minutes=ended),
        )

    def happens(self) -> Change:
        """Some come, change or are told again unchanged; some go; now and then a whole profile does, or returns."""
        rng = self.rng
        told = {one.key: one for one in (self.anybody() for _ in range(rng.choice((0, 1, 3, 9))))}
        known = list(self.board.sessions.values())
        for one in rng.sample(known, min(len(known), 2)):
            again = replace_profile(one, one.profile)
            told.setdefault(again.key, again)
        left = [one.key for one in rng.sample(known, min(len(known), rng.choice((0, 0, 1, 4))))]
        removed = rng.choice(("one", "two")) if rng.random() < 0.05 else None
        return self.board.apply(
            Batch(
                sessions=tuple(told.values()),
                gone=tuple(left),
                removed=() if removed is None else (removed,),
            )
        )

    def looks_elsewhere(self) -> None:
        """The operator changes one thing of the view."""
        rng = self.rng
        spec = rng.choice(
            (
                replace(self.spec, kind=rng.choice(list(ViewKind))),
                replace(self.spec, order=rng.choice(list(ORDERS))),
                replace(self.spec, reverse=not self.spec.reverse),
                replace(self.spec, filter=Filter.parse(rng.choice(TYPED))),
            )
        )
        self.spec = spec
        self.mine = rng.choice((MINE, {"one": "arne"}))

    def glances(self) -> None:
        """Somebody looks at a few rows, or for a session, and the rest is left in whatever order it is in."""
        rng = self.rng
        expected = select(self.board.sessions.values(), self.spec, NOW, self.mine)
        found = self.view.rows(self.spec, self.mine)
        assert len(found) == len(expected)
        for at in rng.sample(range(len(expected)), min(len(expected), rng.choice((0, 1, 3)))):
            assert found[at] is expected[at]
            assert found.find(expected[at].key) == found.find_object(expected[at]) == at
        assert found.find(key("nobody")) is None
        assert found.find_object(session("nobody", Status.WAITING)) is None
        self.glanced.append((found, expected))

    def check(self) -> None:
        sessions = list(self.board.sessions.values())
        expected = select(sessions, self.spec, NOW, self.mine)
        found = self.view.rows(self.spec, self.mine)
        assert list(found) == expected, self.spec
        assert all(self.board.sessions[one.key] is one for one in found), "the board's own objects"
        assert len(found) == len(expected)
        shown = {one.key for one in expected}
        assert all(self.view.shows(key) == (key in shown) for key in self.board.sessions)
        for later in (timedelta(0), timedelta(minutes=1), timedelta(minutes=-3)):
            assert self.view.counts(NOW + later) == count_sessions(sessions, NOW + later)


def _words(text: str | None) -> str | None:
    return None if text is None else line(text)


def replace_profile(one: Session, profile: str) -> Session:
    """An equal session that is another object."""
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    return Session(**fields | {"profile": profile})


@pytest.fixture(
    params=[(2, 64, 64, 64), (512, 64, 1_024, 64), (3, 2, 3, 2), (2, 2, 2, 64)],
    ids=["short pieces", "as it is", "in passes", "at once"],
)
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long the pieces are, how many changes are taken one by one, how small the parts that sessions are spread
    in, and how many changes of a piece are only noted."""
    usual, few, part, noted = request.param
    monkeypatch.setattr(ordered, "_USUAL", usual)
    monkeypatch.setattr(rows, "_MANY", 2 * usual)
    monkeypatch.setattr(rows, "_NOTED", noted)
    monkeypatch.setattr(spread, "_USUAL", part)
    monkeypatch.setattr(live_view, "_FEW", few)
    monkeypatch.setattr(live_view, "_PASSES", 16 if noted == 2 else 3)
    monkeypatch.setattr(tally, "_FEW", few)
    monkeypatch.setattr(boards, "_FEW", few)


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("seed", range(12))
def test_the_rows_are_those_of_select_whatever_happens(seed: int) -> None:
    desk = Desk(seed)
    for step in range(120):
        desk.happens()
        if step % 5 == 4:
            desk.looks_elsewhere()
        if desk.rng.random() < 0.5:  # nobody looks at every change
            desk.glances()
        if desk.rng.random() < 0.4:
            desk.check()
    for found, expected in desk.glanced:
        assert list(found) == expected, "what was handed out stays"


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("reverse", [False, True])
def test_a_place_sorts_as_the_order_does(order: str, reverse: bool) -> None:
    desk = Desk(3)
    for _ in range(40):
        desk.happens()
    sessions = list(desk.board.sessions.values())
    spec = ViewSpec(ViewKind.ALL, order, reverse)
    place = place_of(ORDERS[order], reverse=reverse)
    assert sorted(sessions, key=place) == select(sessions, spec, NOW, {})
    assert sorted(sessions, key=place) == in_order(sessions[::-1], ORDERS[order], reverse=reverse)
    assert len({place(one) for one in sessions}) == len(sessions), "no two stand alike"


def test_what_was_handed_out_stays_as_it_was() -> None:
    desk = Desk(1)
    spec = ViewSpec(ViewKind.ALL)
    for _ in range(30):
        desk.happens()
    before = desk.view.rows(spec, {})
    copy = list(before)
    for _ in range(30):
        desk.happens()
    assert list(desk.view.rows(spec, {})) != copy
    assert list(before) == copy
    assert desk.view.rows(spec, {}) is desk.view.rows(spec, {}), "made once a change"


class Counting:
    """Says where sessions stand, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._place = place_of(ORDERS["wait"])

    def __call__(self, one: Session) -> Place:
        self.asked += 1
        return self._place(one)


def many(count: int) -> list[Session]:
    return [session(f"s{number:06}", Status.WAITING, count - number) for number in range(count)]


@pytest.mark.parametrize("count", [1_000, 20_000])
def test_one_change_looks_at_few_sessions_however_many_there_are(count: int) -> None:
    counting = Counting()
    known = many(count)
    kept = Ordered(counting, known)
    few = 2 * log2(count) + 8
    for old in known[:: count // 20]:
        for new in (replace_profile(old, "one"), session(old.id, Status.ACTIVE, 3)):
            counting.asked = 0
            kept.swap(old, new)
            assert counting.asked <= few
            old = new
    assert len(kept.rows) == count


def test_news_of_one_session_puts_nothing_else_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    view = LiveView(board)
    board.apply(Batch(sessions=tuple(many(5_000))))
    spec = ViewSpec(filter=Filter.parse("s0000"))
    view.rows(spec, {})
    view.counts(NOW)
    for name in ("spread", "of_kind"):
        monkeypatch.setattr(live_view, name, lambda *_args, **_more: pytest.fail("all anew"))
    monkeypatch.setattr(Filter, "pick_among", lambda *_: pytest.fail("all anew"))
    monkeypatch.setattr(tally.Tally, "_recount", lambda _: pytest.fail("all anew"))
    change = board.apply(Batch(sessions=(session("s000007", Status.ACTIVE, 3),)))
    assert change.updated == {key("s000007")}
    found = view.rows(spec, {})
    assert found[-1].id == "s000007"
    assert len(found) == 100
    assert view.counts(NOW) == Counts(5_000, 4_994, {"one": 5_000})


def test_a_letter_typed_on_orders_nothing_and_looks_at_what_was_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board = Board()
    view = LiveView(board)
    board.apply(Batch(sessions=tuple(many(2_000))))
    view.rows(ViewSpec(), {})
    monkeypatch.setattr(live_view, "spread", lambda *_args, **_more: pytest.fail("in order"))
    looked: Counter[str] = Counter()
    pick = Filter.pick_among

    def picking(
        self: Filter, among: list[Session], words: list[str]
    ) -> tuple[list[Session], list[str]]:
        looked[typed] += len(among)
        return pick(self, among, words)

    monkeypatch.setattr(Filter, "pick_among", picking)
    for typed in ("s001", "s0012", "s0012 wait", "s001", ""):
        found = view.rows(ViewSpec(filter=Filter.parse(typed)), {})
        assert {one.id for one in found} == {one.id for one in many(2_000) if typed[:5] in one.id}
    assert looked == {"s001": 2_000 + 2_000, "s0012": 1_000, "s0012 wait": 100}


def test_what_was_learned_while_the_first_letter_was_awaited_is_not_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_view, "_SLICE", 100)
    board = Board()
    view = LiveView(board)
    board.apply(Batch(sessions=tuple(many(250))))
    view.rows(ViewSpec(), {})
    learned = 0
    spec = ViewSpec()
    view.rows(spec, {})
    for _ in view.learning():
        learned += 1
        assert len(words_of(view)) > min(250, learned * 100) - learned, (
            "each slice, but for the news"
        )
        board.apply(Batch(sessions=(session("s000007", Status.WAITING, learned),)))
        assert len(view.rows(spec, {})) == 250
    assert learned == 3
    board.apply(Batch(sessions=(session("s000008", Status.ACTIVE, 3),)))
    assert len(words_of(view)) == 250
    monkeypatch.setattr(filters, "_named_by", lambda _: pytest.fail("looked at again"))
    assert len(view.rows(ViewSpec(filter=Filter.parse("s00000")), {})) == 10


def test_another_order_under_a_filter_learns_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    view = LiveView(board)
    board.apply(Batch(sessions=tuple(many(2_000))))
    chosen = Filter.parse("s0001")
    assert len(view.rows(ViewSpec(filter=chosen), {})) == 100
    monkeypatch.setattr(filters, "_named_by", lambda _: pytest.fail("looked at again"))
    for order in ORDERS:
        assert len(view.rows(ViewSpec(order=order, filter=chosen), {})) == 100
        assert sorted(words_of(view)) == [f"one\nfake\nwaiting\ns{at:06}" for at in range(2_000)]


def words_of(view: LiveView) -> list[str]:
    """What is known of the rows, with the news taken in."""
    pieces = [piece for piece in view._whole.rows.pieces if piece.rows]
    return [words for piece in pieces for words in piece.words or ()]


@pytest.mark.parametrize(
    ("typed", "before", "within"),
    [
        ("ana", "an", True),
        ("ana b", "an", True),
        ("banana", "ana", True),
        ("an", "ana", False),
        ("ana", "ana b", False),
        ("JOSÉ", "jos", True),
        ("", "a", False),
        ("a", "", True),
    ],
)
def test_when_a_filter_can_only_leave_less(typed: str, before: str, within: bool) -> None:
    assert Filter.parse(typed).within(Filter.parse(before)) is within


@pytest.mark.parametrize("at_once", [1, 70])
def test_a_filter_that_stands_all_day_keeps_no_words_of_what_is_no_more(at_once: int) -> None:
    board = Board()
    view = LiveView(board)
    board.apply(Batch(sessions=tuple(many(2_000))))
    spec = ViewSpec(filter=Filter.parse("s"))
    view.rows(spec, {})
    for number in range(100):
        told = [session(f"s{ref:06}", Status.ACTIVE, number) for ref in range(at_once)]
        board.apply(Batch(sessions=tuple(told)))
        assert len(view.rows(spec, {})) == 2_000
    assert sorted(words_of(view)) == sorted(map(filters.searchable, board.sessions.values()))
    view.rows(ViewSpec(filter=EMPTY), {})
    assert not words_of(view), "nobody is typing"


def test_rows_are_a_sequence() -> None:
    six = many(6)
    found = Rows(map(Piece, (six[:2], six[2:3], six[3:])))
    assert list(found) == six
    assert [found[at] for at in range(-6, 6)] == six + six
    assert list(found[1:4]) == six[1:4]
    assert six[5] in found
    assert (len(found), len(Rows())) == (6, 0)
    for outside in (6, -7):
        with pytest.raises(IndexError):
            found[outside]


def test_a_session_that_is_not_there_is_not_taken() -> None:
    kept = Ordered(place_of(ORDERS["wait"]), many(10))
    with pytest.raises(LookupError):
        kept.take(session("nobody", Status.WAITING, 3))


def test_the_board_keeps_the_object_of_a_session_that_is_told_again_unchanged() -> None:
    board = Board()
    first, again = session("a", Status.WAITING, 1), session("a", Status.WAITING, 1)
    board.apply(Batch(sessions=(first,)))
    assert not board.apply(Batch(sessions=(again,)))
    assert board.sessions[Key("one", first.id)] is first


def test_gone_and_told_again_in_one_batch_is_an_update() -> None:
    board = Board()
    before, after = session("a", Status.WAITING, 1), session("a", Status.ACTIVE, 1)
    board.apply(Batch(sessions=(before,)))
    change = board.apply(Batch(gone=(before.key,), sessions=(after,)))
    assert change.updated == {before.key}
    assert not change.added | change.gone
    assert change.before == {before.key: before}
