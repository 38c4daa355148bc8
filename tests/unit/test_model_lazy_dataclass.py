"""Our `dataclass` behaves as the standard one, and compiles nothing before an instance is made."""

from __future__ import annotations

import builtins
import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest

from tui.model import lazy_dataclass

Decorator = Callable[..., Any]
OURS: Decorator = lazy_dataclass.dataclass


def point(dataclass: Decorator, **options: bool) -> Any:
    @dataclass(slots=True, **options)
    class Point:
        """A point."""

        x: int
        y: int = 2
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False)
        hidden: str = field(default="", repr=False)
        made: int = field(default=7, init=False)
        later: list[int] = field(default_factory=list, init=False)
        named: str = field(default="n", kw_only=True)

        @property
        def twice(self) -> int:
            return self.x * 2

    return Point


MANNERS: tuple[dict[str, bool], ...] = (
    {"frozen": True},
    {},
    {"eq": False},
    {"frozen": True, "eq": False},
)


@pytest.mark.parametrize("options", MANNERS, ids=str)
def test_it_is_as_the_standard_one(options: dict[str, bool]) -> None:
    theirs, ours = point(dataclasses.dataclass, **options), point(OURS, **options)
    assert [one.name for one in fields(ours)] == [one.name for one in fields(theirs)]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__slots__ == theirs.__slots__
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)
    seen = []
    for kind in (theirs, ours):
        one, same = kind(1, tags=["a"]), kind(1, 2, ["a"], "other note")
        seen.append(
            (
                repr(one),
                one == same,
                one == kind(2),
                one == 1,
                one.twice,
                [getattr(one, item.name) for item in fields(one)],
                repr(replace(one, y=5, named="m")),
                repr(copy.copy(one)),
                repr(copy.deepcopy(one)),
                one.tags is not kind(1).tags,
            )
        )
    assert seen[0] == seen[1]


def test_frozen_ones_hash_by_their_compared_fields() -> None:
    @lazy_dataclass.dataclass(frozen=True, slots=True)
    class Noted:
        x: int
        note: str = field(default="", compare=False)

    assert hash(Noted(1, "a")) == hash(Noted(1, "b"))
    assert hash(Noted(1)) != hash(Noted(2))


def test_a_frozen_one_stays_as_it_was_made() -> None:
    one = point(OURS, frozen=True)(1)
    with pytest.raises(FrozenInstanceError):
        one.x = 2
    with pytest.raises(FrozenInstanceError):
        del one.x
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        one.other = 2
    assert one.x == 1


@pytest.mark.parametrize(
    ("args", "named"), [((), {}), ((1, 2, [], "", "", 3), {}), ((1,), {"z": 1})]
)
def test_what_does_not_fit_is_told_as_by_the_standard_one(
    args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    said = []
    for dataclass in (dataclasses.dataclass, OURS):
        with pytest.raises(TypeError) as caught:
            point(dataclass)(*args, **named)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_a_class_of_a_class_and_what_its_body_says_itself() -> None:
    @lazy_dataclass.dataclass(frozen=True, slots=True)
    class Base:
        x: int

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("below 0")

        def __repr__(self) -> str:
            return "mine"

    @lazy_dataclass.dataclass(frozen=True, slots=True)
    class Child(Base):
        y: int = 1

        def __hash__(self) -> int:
            return 5

    assert repr(Base(1)) == "mine"
    assert repr(Child(1)).endswith("Child(x=1, y=1)")
    assert hash(Child(1, 2)) == 5
    assert Child(1) != Base(1)
    assert Child(3).x == 3
    with pytest.raises(ValueError, match="below 0"):
        Child(-1)
    one: Any = Child(1)
    with pytest.raises(FrozenInstanceError):
        one.x = 2


def test_one_that_says_itself_what_is_equal_is_hashed_as_the_standard_one() -> None:
    def kind(dataclass: Decorator, **options: bool) -> Any:
        @dataclass(slots=True, **options)
        class Loose:  # noqa: PLW1641 - that is what is looked at
            x: int

            def __eq__(self, other: object) -> bool:
                return True

        return Loose

    theirs, ours = kind(dataclasses.dataclass, frozen=True), kind(OURS, frozen=True)
    assert ours(1) == ours(2)
    assert hash(ours(1)) == hash(theirs(1))
    assert kind(OURS).__hash__ is kind(dataclasses.dataclass).__hash__ is None


@lazy_dataclass.dataclass(frozen=True, slots=True)
class Kept:
    x: int
    y: str = ""


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, "b"))) == Kept(1, "b")


def test_it_knows_itself_when_it_is_shown() -> None:
    one = point(OURS)(1)
    one.tags.append(one)
    assert "tags=[...]" in repr(one)


def test_nothing_is_compiled_before_an_instance_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = builtins.exec

    def watched(source: Any, *more: Any) -> None:
        compiled.append(source)
        real(source, *more)

    monkeypatch.setattr(builtins, "exec", watched)
    kind = point(OURS, frozen=True)
    assert compiled == []
    kind(1), kind(2)
    assert len(compiled) == 1
