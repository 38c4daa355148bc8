"""Two made-up providers for the tests of the profile store: every kind of key, and both forms of needs."""

from __future__ import annotations

from pathlib import Path

from tui.model.profile import KeyKind, Needs, ProfileKey
from tui.profiles.store import Loaded, load
from tui.providers.base import Asks, Spec

BAKERY = Spec(
    id="bakery",
    title="Bakery Desk",
    short="bakery",
    default_base_url="https://bakery.example/api",
    keys=(
        ProfileKey("account", KeyKind.TEXT, "begins with AC", pattern=r"AC[0-9a-f]{4}"),
        ProfileKey("api_key", KeyKind.TEXT, "begins with SK", pattern=r"SK[0-9a-f]{4}"),
        ProfileKey("token", KeyKind.SECRET, "from the console"),
        ProfileKey("auth_url", KeyKind.URL, "where to sign in", default="https://sign.example"),
        ProfileKey("scheme", KeyKind.CHOICE, "", default="bearer", choices=("bearer", "token")),
        ProfileKey("web_chats", KeyKind.YES_NO, "", default=False),
        ProfileKey("page_size", KeyKind.NUMBER, "", default=50, minimum=1, maximum=100),
    ),
    needs=Needs((("account", "token"), ("api_key", "token"))),
    operations=(),
    asks=Asks.WHOLE,
    requests_per_second=10,
)
HARBOUR = Spec(
    id="harbour",
    title="Harbour",
    short="harbour",
    default_base_url="",
    keys=(ProfileKey("key", KeyKind.SECRET, ""),),
    needs=Needs((("key",),)),
    operations=(),
    asks=Asks.WINDOW,
    requests_per_second=1,
)
SPECS = {spec.id: spec for spec in (BAKERY, HARBOUR)}

GOOD = """\
version = 1
[profiles.one]
provider = "bakery"
account = "AC12ef"
token = "open-sesame"
"""


def put(folder: Path, text: str | bytes) -> Path:
    """A store of that text, with the modes that the program wants."""
    path = folder / "profiles.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return path


def loaded(folder: Path, text: str | bytes, **environ: str) -> Loaded:
    """What a store of that text gives."""
    return load(put(folder, text), SPECS, environ)
