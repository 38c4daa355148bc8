"""What somebody typed into a form, checked against what the provider declares. The same for all vendors.

A sentence names its field and never repeats what was typed, which may be a customer's; only of a choice it
names the nearest one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

from tui.model.form import FieldKind, Form, FormField, Given, Value, Values
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import UsageProblem
from tui.model.secret import Secret
from tui.model.text import Clean, line

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_DURATION: Final = re.compile(
    "".join(rf"(?:(?P<{unit}>\d{{1,10}})\s*{unit}\s*)?" for unit in _UNITS), re.ASCII
)
_WHOLE: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_E164: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_PHONE_MARKS: Final = str.maketrans("", "", " -.()/\u00a0\u2011")
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\".]+(?:\.[^\s@<>,;\".]+)*")
_EMAIL_LIMIT: Final = 254
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}.*)?", re.ASCII)
_BREAKS: Final = frozenset("\n\t")
# Categories that show as nothing or change what stands around them; joiners belong to some scripts and emoji.
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
_JOINERS: Final = frozenset("\u200c\u200d")
_WORDS: Final = {"yes": True, "true": True, "on": True, "1": True, "y": True} | {
    "no": False,
    "false": False,
    "off": False,
    "0": False,
    "n": False,
}


class _Bad(Exception):
    """What is wrong with a value: the end of a sentence that begins with the field's name."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A form's values as far as they are good, and by field's name a sentence on each one that is not."""

    values: Values
    faults: Mapping[str, Clean]


def checked(form: Form, given: Given, *, now: datetime | None = None) -> Values:
    """The values of a form that is filled in right. What is left empty has its default, or is not there.

    `now` (aware) is what a moment such as `+2h` is counted from; without it such a moment is refused.
    Raises `UsageProblem` with one sentence for each bad field.
    """
    examined = examine(form, given, now=now)
    if examined.faults:
        raise UsageProblem("; ".join(examined.faults.values()))
    return examined.values


def examine(form: Form, given: Given, *, now: datetime | None = None) -> Examined:
    """As `checked`, but tells about every field by its name, for a form on screen. Never raises."""
    values: dict[str, Value] = {}
    faults: dict[str, Clean] = {}
    for name in given:
        if form.field(name) is None:
            faults[name] = _unknown(form, name)
    for field in form.fields:
        try:
            value = _value(field, given.get(field.name, ""), now)
            if value is not None:
                values[field.name] = value
        except _Bad as bad:
            faults[field.name] = line(f"{field.name} {bad}")
    return Examined(values, faults)


def duration_text(seconds: int) -> str:
    """Whole seconds as they are typed: `1h30m`."""
    parts: list[str] = []
    for unit, size in _UNITS.items():
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def rfc3339(when: datetime) -> str:
    """A moment as values hold it: whole seconds in UTC, a fraction rounded up, so that it is never too early."""
    utc = when.astimezone(UTC)
    if utc.microsecond:
        utc = utc.replace(microsecond=0) + timedelta(seconds=1)
    return utc.replace(tzinfo=None).isoformat() + "Z"


def meant(given: str, known: Sequence[str]) -> str:
    """What is to be said about a name that is none of `known`: the nearest one, else all of them."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(given.casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]}?"
    return f"there is {', '.join(known)}" if known else "there is nothing to fill in"


def _unknown(form: Form, name: str) -> Clean:
    told = meant(name, [field.name for field in form.fields])
    return line(f"{line(name, 40)} is no field of this form: {told}")


def _value(field: FormField, given: str | list[str] | Secret, now: datetime | None) -> Value | None:
    """The checked value; the default, or None, where nothing was given."""
    value: Value | None
    if isinstance(given, Secret) or field.kind is FieldKind.SECRET:
        value = _secret(field, given)
    elif field.kind is FieldKind.PARTICIPANTS:
        value = _participants(field, given) or None
    else:
        typed = _one(given)
        if field.kind is FieldKind.MOMENT:
            value = _moment(typed, now) if typed else None
        else:
            value = _READERS[field.kind](field, typed) if typed else None
    if value is None:
        value = field.default
    if value is None and field.required:
        raise _Bad("is needed")
    return value


def _secret(field: FormField, given: str | list[str] | Secret) -> Secret | None:
    """A secret is not looked into here: its pattern is a matter of whoever may open it."""
    if field.kind is not FieldKind.SECRET:
        raise _Bad("is no secret")
    secret = given if isinstance(given, Secret) else Secret(_bounded(field, _seen(_one(given))))
    return secret or None


def _one(given: str | list[str]) -> str:
    """What was typed into a field that holds one thing, without the blanks around it."""
    if isinstance(given, str):
        return given.strip()
    if len(given) > 1:
        raise _Bad("is given more than once")
    return given[0].strip() if given else ""


# --- text ------------------------------------------------------------------------------------------------


def _seen(typed: str, allowed: frozenset[str] = frozenset()) -> str:
    """Text in which every character can be seen: nothing hidden is sent, and nothing is silently changed."""
    for char in typed:
        if char in allowed or " " <= char <= "~" or char in _JOINERS:
            continue
        if unicodedata.category(char) in _UNSEEN:
            raise _Bad("holds a line break or another character that cannot be seen")
    return typed


def _bounded(field: FormField, text: str) -> str:
    if field.limit is not None and len(text) > field.limit:
        raise _Bad(f"has {len(text)} characters; at most {field.limit} are taken")
    if field.pattern is not None and not re.fullmatch(field.pattern, text):
        raise _Bad(f"does not look right ({field.help})")
    return text


def _text(field: FormField, typed: str) -> str:
    return _bounded(field, _seen(typed))


def _long_text(field: FormField, typed: str) -> str:
    return _bounded(field, _seen(typed.replace("\r\n", "\n"), _BREAKS))


def _email(field: FormField, typed: str) -> str:
    if len(typed) > _EMAIL_LIMIT or not _EMAIL.fullmatch(_seen(typed)):
        raise _Bad("is not an e-mail address such as ana@example.com")
    return _bounded(field, typed)


def _phone(field: FormField, typed: str) -> str:
    return _bounded(field, _number(typed))


def _number(typed: str) -> str:
    """An E.164 number, however it was grouped."""
    number = _seen(typed).translate(_PHONE_MARKS)
    if not _E164.fullmatch(number):
        raise _Bad("is not a phone number with its country, such as +14155551212")
    return number


def _link(field: FormField, typed: str) -> str:
    if not _is_web(_seen(typed)):
        raise _Bad("is not a web address such as https://example.com/page")
    return _bounded(field, typed)


def _is_web(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
        _ = parts.port  # raises for what is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in typed


# --- choices, numbers, times ----------------------------------------------------------------------------------


def _choice(field: FormField, typed: str) -> str:
    for choice in field.choices:
        if choice.casefold() == typed.casefold():
            return choice
    raise _Bad(f"is none of its choices: {meant(typed, field.choices)}")


def _yes_no(field: FormField, typed: str) -> bool:
    found = _WORDS.get(typed.casefold())
    if found is None:
        raise _Bad("is neither yes nor no")
    return found


def _integer(field: FormField, typed: str) -> int:
    if not _WHOLE.fullmatch(typed):
        raise _Bad("is not a whole number")
    return _within(field, int(typed), str)


def _duration(field: FormField, typed: str) -> int:
    return _within(field, _seconds(typed), duration_text)


def _seconds(typed: str) -> int:
    found = _DURATION.fullmatch(typed.lower())
    if found is None or not typed:
        # A bare number is refused: seconds to the vendors, minutes to most people.
        raise _Bad("is not a duration such as 90s, 90m, 1h30m or 2d")
    return sum(int(found[unit] or 0) * size for unit, size in _UNITS.items())


def _within(field: FormField, number: int, shown: Callable[[int], str]) -> int:
    if field.minimum is not None and number < field.minimum:
        raise _Bad(f"is too small: at least {shown(field.minimum)}")
    if field.maximum is not None and number > field.maximum:
        raise _Bad(f"is too large: at most {shown(field.maximum)}")
    return number


def _moment(typed: str, now: datetime | None) -> str:
    """RFC 3339; UTC where no zone is given, and midnight where no time is."""
    try:
        return rfc3339(_from_now(typed[1:], now) if typed.startswith("+") else _instant(typed))
    except (ValueError, OverflowError):
        raise _Bad("is not a moment such as 2026-11-23T08:00:00Z, 2026-11-23 or +2h") from None


def _from_now(typed: str, now: datetime | None) -> datetime:
    ahead = timedelta(seconds=_seconds(typed.strip()))
    if now is None:
        raise _Bad("cannot be counted from now here: write it as 2026-11-23T08:00:00Z")
    return now + ahead


def _instant(typed: str) -> datetime:
    if not _DATE.fullmatch(typed):
        raise ValueError(
            "other forms of ISO 8601, such as week dates, are nothing that people mean"
        )
    when = datetime.fromisoformat(typed.upper())
    return when if when.tzinfo else when.replace(tzinfo=UTC)


_READERS: Final[Mapping[FieldKind, Callable[[FormField, str], Value]]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.LINK: _link,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.INTEGER: _integer,
    FieldKind.DURATION: _duration,
}


# --- participants --------------------------------------------------------------------------------------------

# Twilio Proxy's alone so far (sheet twilio 1.6): the most characters of each.
_PARTICIPANT: Final = {
    "identifier": 191,
    "friendly_name": 255,
    "proxy_identifier": 255,
    "proxy_identifier_sid": 34,
}
_CHANNEL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:\S.*")
_NUMBER_SID: Final = re.compile(r"PN[0-9a-fA-F]{32}")


def _participants(field: FormField, given: str | list[str]) -> tuple[Mapping[str, str], ...]:
    """`identifier[=friendly name]` or a JSON object each; as one text, one a line, or a JSON array."""
    typed = _entries(given) if isinstance(given, str) else given
    people = tuple(_participant(one.strip()) for one in typed if one.strip())
    if field.limit is not None and len(people) > field.limit:
        raise _Bad(f"has {len(people)} entries; at most {field.limit} are taken")
    identifiers = [person["identifier"] for person in people]
    if len(set(identifiers)) < len(identifiers):
        raise _Bad("names the same identifier twice")
    return people


def _entries(given: str) -> list[str]:
    if not given.lstrip().startswith("["):
        return given.splitlines()
    found = _json(given)
    return [json.dumps(one) for one in found] if isinstance(found, list) else [given]


def _participant(typed: str) -> Mapping[str, str]:
    if typed.startswith(("{", "[", '"')):
        person = _from_json(typed)
    else:
        identifier, _, name = typed.partition("=")
        person = {"identifier": identifier.strip(), "friendly_name": name.strip()}
    if not person.get("identifier"):
        raise _Bad("has an entry without an identifier")
    person["identifier"] = _identifier(person["identifier"])
    for name, limit in _PARTICIPANT.items():
        if len(_seen(person.get(name, ""))) > limit:
            raise _Bad(f"has a {name} of more than {limit} characters")
    sid = person.get("proxy_identifier_sid")
    if sid and not _NUMBER_SID.fullmatch(sid):
        raise _Bad("has a proxy_identifier_sid that is not PN and 32 hexadecimal digits")
    return {name: value for name, value in person.items() if value}


def _identifier(typed: str) -> str:
    if _CHANNEL.fullmatch(typed):
        return typed
    try:
        return _number(typed)
    except _Bad:
        raise _Bad(
            "has an identifier that is neither a phone number with its country, such as +14155551212, "
            "nor a channel's id, such as messenger:123"
        ) from None


def _from_json(typed: str) -> dict[str, str]:
    """The names may be written as the vendor writes them (`FriendlyName`) or as we do."""
    found = _json(typed)
    if not isinstance(found, dict):
        raise _Bad("has an entry that is not a JSON object")
    ours = {name.replace("_", ""): name for name in _PARTICIPANT}
    person: dict[str, str] = {}
    for name, value in found.items():
        known = ours.get(name.replace("_", "").lower())
        if known is None:
            raise _Bad(f"has an entry with {line(name, 40)}: {meant(name, list(_PARTICIPANT))}")
        if not isinstance(value, str | None):
            raise _Bad(f"has an entry whose {known} is not text")
        person[known] = (value or "").strip()
    return person


def _json(typed: str) -> object:
    try:
        return json.loads(typed)
    except (ValueError, RecursionError):
        return None
