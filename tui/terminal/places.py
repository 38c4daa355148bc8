"""The queue's columns: how wide they are, and which of them fit where.

Standard library only, and nothing of it that costs time: the first paint asks here before anything is imported.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, Protocol

    class Sized(Protocol):
        """What is asked of a column; see `Place`."""

        @property
        def id(self) -> str: ...
        @property
        def least(self) -> int: ...
        @property
        def most(self) -> int: ...
        @property
        def weight(self) -> int: ...
        @property
        def drop(self) -> int: ...


GUTTER: Final = 2  # the cursor's mark and the user's mark stand before the first column
_NARROW: Final = 100  # below this many cells the columns stand one cell apart, else two
_WIDE: Final = 140  # from here on the profile is shown although it is not needed


class Place:
    """One column. `least` and `most` are widths in cells; spare cells are shared out by `weight`.

    When not all columns fit, the one with the highest `drop` goes first.
    """

    __slots__ = ("drop", "id", "least", "most", "right", "title", "weight")

    def __init__(
        self,
        id: str,
        title: str,
        least: int,
        drop: int,
        weight: int = 0,
        most: int = 0,
        right: bool = False,
    ) -> None:
        self.id, self.title, self.least, self.drop = id, title, least, drop
        self.weight, self.most, self.right = weight, most, right


PLACES: Final = (
    Place("wait", "WAIT", 6, 3, right=True),
    Place("status", "STATUS", len("? not-started"), 1),
    Place("provider", "PROVIDER", 8, 4),
    Place("profile", "PROFILE", 8, 7, weight=1, most=20),
    Place("customer", "CUSTOMER", 12, 2, weight=3, most=30),
    Place("subject", "SUBJECT", 12, 5, weight=5, most=200),
    Place("agent", "AGENT", 9, 8, weight=2, most=24),
    Place("age", "AGE", 6, 6, right=True),
)


def shared_out(
    columns: Sequence[Sized], width: int, *, profiles: bool
) -> list[tuple[int, int, int]]:
    """The columns that fit into `width` cells: the number of each, its own cells, and the blank ones behind it.

    `profiles` says that the profile's name is needed to tell sessions apart; otherwise it only fills a wide line.
    """
    gap = 1 if width < _NARROW else 2
    shown = [
        number
        for number, column in enumerate(columns)
        if column.id != "profile" or profiles or width >= _WIDE
    ]
    while len(shown) > 1 and _least([columns[number] for number in shown], gap) > width:
        shown.remove(max(shown, key=lambda number: columns[number].drop))
    chosen = [columns[number] for number in shown]
    sizes = _share(chosen, width - _least(chosen, gap))
    if len(shown) == 1:
        sizes = [max(1, min(sizes[0], width - GUTTER))]
    return [
        (number, size, 0 if number == shown[-1] else gap)
        for number, size in zip(shown, sizes, strict=True)
    ]


def _least(columns: Sequence[Sized], gap: int) -> int:
    return GUTTER + sum(column.least for column in columns) + gap * (len(columns) - 1)


def _share(columns: Sequence[Sized], spare: int) -> list[int]:
    """Widths: every spare cell goes to the column that has had least for its weight."""
    sizes = [column.least for column in columns]
    for _ in range(spare):
        open_ones = [
            index
            for index, column in enumerate(columns)
            if column.weight and sizes[index] < column.most
        ]
        if not open_ones:
            break
        index = min(open_ones, key=lambda i: (sizes[i] - columns[i].least) / columns[i].weight)
        sizes[index] += 1
    return sizes
