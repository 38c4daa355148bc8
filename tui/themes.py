"""The colours: calm, dense, one accent. The ANSI themes of the framework stay available for what a terminal says.

What the dark theme writes most is of the 256 colours that all terminals number alike: `38;5;248` says it in half the
bytes of `38;2;168;168;168`, and a terminal without true colour shows the same.
"""

from __future__ import annotations

import os
from typing import Final

from textual.theme import Theme

DARK = Theme(
    name="sessiontop-dark",
    primary="#5fafd7",
    secondary="#87afaf",
    accent="#5fd7af",
    warning="#ffaf5f",
    error="#ff6b6b",
    success="#87d787",
    foreground="#d0d0d0",
    background="#14171a",
    surface="#14171a",
    panel="#22272c",
    dark=True,
    variables={
        "text-muted": "#a8a8a8",
        "text-disabled": "#767676",
        "text-warning": "#ffd787",
        "text-error": "#ff8787",
        "text-success": "#afd7af",
        "text-secondary": "#afd7d7",
        "text-accent": "#87d7af",
        "scrollbar": "#3a3a3a",
        "scrollbar-hover": "#3a3a3a",
        "scrollbar-active": "#5f5f5f",
    },
)
LIGHT = Theme(
    name="sessiontop-light",
    primary="#005f87",
    secondary="#5f8787",
    accent="#00735c",
    warning="#a85400",
    error="#b3001b",
    success="#2e7d32",
    foreground="#202428",
    background="#fbfbf8",
    surface="#fbfbf8",
    panel="#e6e8e6",
    dark=False,
    variables={
        "scrollbar": "#d0d0d0",
        "scrollbar-hover": "#d0d0d0",
        "scrollbar-active": "#a8a8a8",
    },
)
THEMES = (DARK, LIGHT)
STYLES: Final = f"""
.-theme-{DARK.name} SessionLines:focus > .session-table--cursor {{
    background: #005f87; color: #eeeeee;
}}
"""
"""What the themes of ours do not leave to variables."""


def theme_is_asked() -> bool:
    """Whether the environment says something about colours, which goes before any file."""
    return bool(os.environ.get("TEXTUAL_THEME") or os.environ.get("NO_COLOR"))


def default_theme() -> str:
    """NO_COLOR gets the terminal's own colours: the framework would only turn ours grey."""
    asked = os.environ.get("TEXTUAL_THEME")
    if asked:
        return asked
    return "ansi-dark" if os.environ.get("NO_COLOR") else DARK.name
