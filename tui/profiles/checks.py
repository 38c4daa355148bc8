"""The value of one profile key, checked against what the provider declares. No message repeats a value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

from tui.model.problem import ConfigProblem
from tui.model.profile import KeyKind, ProfileKey, Setting
from tui.net.origin import Origin

_TEXT_LIMIT = 1024


class BadValue(ValueError):
    """What is wrong with a value, without the value."""


def plain(key: ProfileKey, value: object, folder: Path) -> Setting:
    """A checked value of any kind but a secret. A path is made absolute from `folder`. Raises `BadValue`."""
    if isinstance(value, dict):
        raise BadValue("it must be written plainly here; only secrets may be references")
    if key.kind is KeyKind.PATH:
        return _file(_text(key, value), folder)
    return _CHECKS[key.kind](key, value)


def check_pattern(key: ProfileKey, value: str) -> None:
    """Raises `BadValue` when the declared pattern does not match the whole value."""
    if key.pattern is not None and not re.fullmatch(key.pattern, value):
        raise BadValue(f"it does not look right ({key.help})")


def _text(key: ProfileKey, value: object) -> str:
    if not isinstance(value, str):
        raise BadValue(f"it must be text, in quotes, not {_word(value)}")
    if not value.strip():
        raise BadValue("it is empty")
    if len(value) > _TEXT_LIMIT or not value.isprintable():
        raise BadValue("it holds a line break or another control character, or is too long")
    check_pattern(key, value)
    return value


def _url(key: ProfileKey, value: object) -> str:
    text = _text(key, value)
    try:
        Origin.parse(text)
    except ConfigProblem as problem:
        # Its sentences are about a base URL; which key it is stands before them here.
        raise BadValue(f"it {problem.message.removeprefix('base_url ')}") from None
    return text  # a redirect_uri goes back as it stands, slash and all


def _yes_no(key: ProfileKey, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadValue("it must be true or false, without quotes")
    return value


def _number(key: ProfileKey, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue(f"it must be a number, without quotes, not {_word(value)}")
    low = -math.inf if key.minimum is None else key.minimum
    high = math.inf if key.maximum is None else key.maximum
    if not low <= value <= high or not _finite(value):
        raise BadValue(f"it must be {_span(key)}")
    return value


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False


def _choice(key: ProfileKey, value: object) -> str:
    if not isinstance(value, str) or value not in key.choices:
        quoted = ", ".join(f'"{choice}"' for choice in key.choices)
        raise BadValue(f"it must be one of {quoted}")
    return value


_CHECKS: dict[KeyKind, Callable[[ProfileKey, object], Setting]] = {
    KeyKind.TEXT: _text,
    KeyKind.URL: _url,
    KeyKind.YES_NO: _yes_no,
    KeyKind.NUMBER: _number,
    KeyKind.CHOICE: _choice,
}


def _file(text: str, folder: Path) -> str:
    try:
        path = folder / Path(text).expanduser()
    except RuntimeError:  # ~nobody-of-that-name
        raise BadValue("its home folder is not known") from None
    if not path.is_file():
        raise BadValue("there is no such file")
    return str(path)


def _span(key: ProfileKey) -> str:
    if key.minimum is not None and key.maximum is not None:
        return f"between {key.minimum:g} and {key.maximum:g}"
    if key.minimum is not None:
        return f"{key.minimum:g} or more"
    return f"{key.maximum:g} or less" if key.maximum is not None else "a finite number"


def _word(value: object) -> str:
    for kind, word in ((bool, "true or false"), (int, "a number"), (float, "a number")):
        if isinstance(value, kind):
            return word
    if isinstance(value, list):
        return "a list"
    return "text" if isinstance(value, str) else "a date or time"
