"""A profile: one named account at one provider. And how a provider declares the keys it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from enum import StrEnum

from tui.model.lazy_dataclass import dataclass
from tui.model.secret import Secret

Setting = str | int | float | bool


class KeyKind(StrEnum):
    """What a profile key holds."""

    TEXT = "text"
    SECRET = "secret"
    URL = "url"
    PATH = "path"
    YES_NO = "yes/no"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class ProfileKey:
    """One key of a profile. `pattern` is a full-match regular expression; `minimum` bounds a number from below.

    `offered`: a check of the other keys tells what there is to choose from.
    """

    name: str
    kind: KeyKind
    help: str
    default: Setting | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """One of these sets of keys must be whole: `any_of=(("a", "b"), ("c",))` reads "a and b, or c".

    `exclusive`: they are ways to the same thing, and whoever has one of them needs no other.
    """

    any_of: tuple[tuple[str, ...], ...]
    exclusive: bool = False

    def superfluous(self, key: str, given: Collection[str]) -> bool:
        """Whether a key belongs to other ways than the one that the given keys have begun."""
        ways = [way for way in self.any_of if key in way]
        others = [way for way in self.any_of if key not in way]
        shared = {name for way in ways for name in way}
        begun = any(name in given and name not in shared for way in others for name in way)
        return self.exclusive and bool(ways) and begun


# Keys that every provider takes (design: "Files the user has").
COMMON_KEYS: tuple[ProfileKey, ...] = (
    ProfileKey("base_url", KeyKind.URL, "where the vendor's API is; https, or http on loopback"),
    ProfileKey("ca_file", KeyKind.PATH, "a PEM file of authorities to trust beside the system's"),
    ProfileKey(
        "refresh_seconds",
        KeyKind.NUMBER,
        "seconds between two polls",
        default=5,
        minimum=2,
        maximum=3600,
    ),
    ProfileKey(
        "history_hours",
        KeyKind.NUMBER,
        "how far back sessions are listed",
        default=24,
        minimum=1,
        maximum=2160,
    ),
    ProfileKey("read_only", KeyKind.YES_NO, "refuse every operation that writes", default=False),
    ProfileKey("me", KeyKind.TEXT, 'your name or e-mail at this vendor, for the view "mine"'),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as read and checked: every declared key that was given or has a default is here.

    `settings` holds plain values by key, `secrets` the secret ones; `base_url` has no trailing slash.
    """

    name: str
    provider: str
    base_url: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    ca_file: str | None = None
    refresh_seconds: float = 5.0
    history_hours: float = 24.0
    read_only: bool = False
    me: str | None = None

    def text(self, key: str) -> str | None:
        """A plain text setting, or None."""
        value = self.settings.get(key)
        return value if isinstance(value, str) else None

    def flag(self, key: str) -> bool:
        """A yes/no setting; absent is no."""
        return self.settings.get(key) is True

    def same_account(self, other: Profile) -> bool:
        """Whether both list the same sessions: only keys and the way of polling may differ."""
        return (self.provider, self.base_url, dict(self.settings)) == (
            other.provider,
            other.base_url,
            dict(other.settings),
        )
