"""The signs that the widgets draw, in two sets: one for UTF-8 terminals, one in plain ASCII.

Every sign is one cell wide in every terminal (none has an emoji form that some draw two cells wide).
"""

from __future__ import annotations

from tui.model.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs; `ascii_only` is passed on to `Status.glyph`."""

    ascii_only: bool
    ellipsis: str
    cursor: str
    mark: str
    descending: str
    ascending: str
    gone: str
    customer: str
    agent: str
    system: str
    call: str
    join: str
    leave: str
    rule: str
    chosen: str
    open: str
    pending: str


UNICODE = Glyphs(
    ascii_only=False,
    ellipsis="…",
    cursor="▸",
    mark="◆",
    descending="▾",
    ascending="▴",
    gone="–",
    customer="◇",
    agent="◆",
    system="·",
    call="♪",
    join="→",
    leave="←",
    rule="─",
    chosen="●",
    open="○",
    pending="◌",
)
ASCII = Glyphs(
    ascii_only=True,
    ellipsis="~",
    cursor=">",
    mark="+",
    descending="v",
    ascending="^",
    gone="-",
    customer="<",
    agent=">",
    system=".",
    call="#",
    join="+",
    leave="-",
    rule="-",
    chosen="*",
    open="o",
    pending=",",
)


def glyphs(*, ascii_only: bool) -> Glyphs:
    """The set to draw with."""
    return ASCII if ascii_only else UNICODE
