"""Profiles and providers for the tests."""

from __future__ import annotations

from collections.abc import Mapping

from tests.providers.samples import ACCOUNT, SERVICE
from tests.providers.vendor import StillClock, Vendor
from tui.model.profile import Profile, Setting
from tui.model.secret import Secret
from tui.net.exchange import Exchange
from tui.providers import goto_remote_support, twilio_proxy
from tui.providers.goto_remote_support import GotoRemoteSupport
from tui.providers.twilio_proxy import TwilioProxy


def profile(
    provider: str,
    base_url: str,
    settings: Mapping[str, Setting],
    secrets: Mapping[str, str],
    me: str | None = None,
) -> Profile:
    return Profile(
        name="desk",
        provider=provider,
        base_url=base_url,
        settings=settings,
        secrets={name: Secret(value) for name, value in secrets.items()},
        me=me,
    )


def twilio(vendor: Vendor, me: str | None = None, **settings: Setting | None) -> TwilioProxy:
    """A Twilio provider at that vendor; a setting of None is left out."""
    chosen = {"account_sid": ACCOUNT, "service_sid": SERVICE, **settings}
    given = {name: value for name, value in chosen.items() if value is not None}
    made = profile("twilio-proxy", vendor.base_url, given, {"auth_token": "sesame"}, me)
    return twilio_proxy.connect(made, StillClock(), _ignored)


def goto(vendor: Vendor, me: str | None = None, **settings: Setting) -> GotoRemoteSupport:
    """A Remote Support provider at that vendor."""
    secrets = {"access_token": "sesame"}
    made = profile("goto-remote-support", vendor.base_url, settings, secrets, me)
    return goto_remote_support.connect(made, StillClock(), _ignored)


def _ignored(exchange: Exchange) -> None:
    pass
