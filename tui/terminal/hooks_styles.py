"""What a widget looked like goes with it. It belongs to hooks.py.

The framework caches two looks of a background in a cached method, which so keeps what belongs to it: everything that
the last thousand widgets have drawn, long after their screens were closed.
"""

from __future__ import annotations

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


@lru_cache(256)
def _inner_outer(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)


def _of_any(_cache: StylesCache, base: Color, background: Color) -> tuple[Style, Style]:
    return _inner_outer(base, background)


# The same for whoever asks: the answer depends on the two colours alone.
StylesCache.get_inner_outer = _of_any  # type: ignore[method-assign, assignment]
