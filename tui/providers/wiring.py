"""The client of a profile: what every provider with one key sets up in the same way."""

from __future__ import annotations

from tui.model.clock import Clock
from tui.model.profile import Profile
from tui.net.auth import Auth, Renewable
from tui.net.client import Client
from tui.net.exchange import Report
from tui.providers.base import Spec


def client_of(
    profile: Profile,
    spec: Spec,
    auth: Auth | Renewable,
    clock: Clock,
    report: Report,
    *,
    base_url: str | None = None,
) -> Client:
    """The bounded client of this profile's key: it sends the provider's declared operations and nothing else.

    Raises `ConfigProblem` for settings that cannot be used.
    """
    return Client(
        profile=profile.name,
        base_url=base_url or profile.base_url,
        operations=spec.operations,
        auth=auth,
        clock=clock,
        report=report,
        read_only=profile.read_only,
        ca_file=profile.ca_file,
    )
