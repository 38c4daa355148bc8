"""What config.toml may set here: the keys of all screens by their ids, the forms of the profiles, the views."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from textual.binding import Binding, BindingType
from textual.keys import KEY_NAME_REPLACEMENTS

from tui.live.view import ViewKind
from tui.model.form import Form, FormField
from tui.model.profile import Profile
from tui.model.text import Clean
from tui.providers.base import Spec
from tui.providers.forms import examine
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk
from tui.screens.open_by_id import OpenScreen
from tui.settings.config import Config, Known, load
from tui.settings.keymap import Bindings
from tui.widgets.form_view import FormView
from tui.widgets.line_list import LineList
from tui.widgets.session_table import SessionTable
from tui.widgets.status_line import PromptInput
from tui.widgets.transcript_view import TranscriptView

_LISTED: Final[Sequence[BindingType]] = [*LineList.BINDINGS, *keys.EVERYWHERE]
# What acts at one time: a screen's own keys, those of the list in it, and those of everywhere.
_ROOMS: Final[Sequence[Sequence[BindingType]]] = (
    [*keys.QUEUE, *SessionTable.BINDINGS, *DeskScreen.BINDINGS, *keys.EVERYWHERE],
    [*keys.TRANSCRIPT, *TranscriptView.BINDINGS, *keys.EVERYWHERE],
    [*keys.DETAIL, *_LISTED],
    [*keys.LOG, *_LISTED],
    [*keys.HELP, *_LISTED],
    [*keys.RESULT, *_LISTED],
    [*keys.UNKNOWN, *_LISTED],
    [*keys.PROFILE_CHOICE, *keys.EVERYWHERE],
    [*keys.CREATE, *FormView.BINDINGS, *keys.EVERYWHERE],
    [*keys.QR, *keys.EVERYWHERE],
    [*keys.PROFILES, *keys.EVERYWHERE],
    [*keys.PICK, *keys.EVERYWHERE],
    [*keys.PROFILE_FORM, *FormView.BINDINGS, *keys.EVERYWHERE],
    [*keys.SIGN_IN, *FormView.BINDINGS, *_LISTED],
    [*keys.WELCOME, *_LISTED],
    PromptInput.BINDINGS,
    OpenScreen.BINDINGS,
)
_TYPING: Final[Sequence[BindingType]] = (
    *keys.CREATE,
    *keys.PROFILE_FORM,
    *FormView.BINDINGS,
    *PromptInput.BINDINGS,
    *OpenScreen.BINDINGS,
)
_NAMED: Final = frozenset(
    (
        *("enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end"),
        *("pageup", "pagedown", "up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 25)),
    )
)
_MODIFIED: Final = re.compile(r"((?:ctrl\+|alt\+|shift\+)*)(.+)", re.DOTALL)


def read(path: Path, desk: Desk, themes: Collection[str]) -> Config:
    """The user's own file. The desk is told what is wrong with it, and what forms begin with."""
    found = load(path, known(desk.profiles, desk.specs, themes))
    desk.mistakes = tuple(problem.message for problem in found.problems)
    desk.defaults = found.create
    return found


def known(profiles: Sequence[Profile], specs: Mapping[str, Spec], themes: Collection[str]) -> Known:
    """All that config.toml may name."""
    return Known(
        themes=themes,
        views=[kind.value for kind in ViewKind],
        bindings=bindings(),
        forms={profile.name: specs[profile.provider].create for profile in profiles},
        fault=_fault,
    )


def bindings() -> Bindings:
    """Every key of ours that has an id."""
    found: dict[str, tuple[str, ...]] = {}
    for room in _ROOMS:
        for binding in room:
            if isinstance(binding, Binding) and binding.id:
                written = tuple(key.strip() for key in binding.key.split(","))
                found[binding.id] = tuple(key_name(key) or key for key in written)
    return Bindings(found, [_ids(room) for room in _ROOMS], key_name, _ids(_TYPING))


def _ids(room: Sequence[BindingType]) -> frozenset[str]:
    return frozenset(one.id for one in room if isinstance(one, Binding) and one.id)


def key_name(written: str) -> str | None:
    """The one name of a key: `/` and `slash` are the same. None where there is no such key."""
    match = _MODIFIED.fullmatch(written.strip() or written)
    if match is None:
        return None
    modifiers, key = match.groups()
    if len(key) == 1 and key.isprintable():
        key = _sign_name(key)
    elif key not in _NAMED and _character(key) == key:
        return None
    if modifiers:
        # As a terminal reports them: in this order, and the letter in its lower case.
        ordered = [name for name in ("alt", "ctrl", "shift") if name in modifiers]
        return "+".join([*ordered, key.lower()])
    return key


def _sign_name(character: str) -> str:
    """The framework's name for a character: `slash`; letters and digits are their own."""
    if len(character) != 1 or character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _character(name: str) -> str:
    """The character of a long name such as `slash`; the name itself where it is none."""
    signs = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
    return next((sign for sign in signs if _sign_name(sign) == name), name)


def _fault(field: FormField, typed: str | list[str]) -> str | None:
    """What is wrong with a default, without the field's name."""
    found: Clean | None = examine(Form("", "", (field,)), {field.name: typed}).faults.get(
        field.name
    )
    if found is None or "counted from now" in found:
        return None  # +2h is counted from the moment at which the form is opened
    return found.removeprefix(f"{field.name} ")
