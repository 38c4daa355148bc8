"""The providers that this version has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from tui.model.clock import Clock
from tui.model.problem import ConfigProblem
from tui.model.profile import Profile
from tui.net.exchange import Report
from tui.net.tokens import TokenStore
from tui.providers import (
    goto_remote_support,
    goto_seeit,
    take_control,
    trinsic_connect,
    twilio_proxy,
)
from tui.providers.base import Connect, Provider, Spec

_ConnectSigned = Callable[[Profile, Clock, Report, TokenStore | None], Provider]

# A further vendor is one line here.
_MODULES: Final = (
    twilio_proxy,
    trinsic_connect,
    goto_seeit,
    goto_remote_support,
    take_control,
)
_CONNECT: Final[Mapping[str, Connect]] = MappingProxyType(
    {module.SPEC.id: module.connect for module in _MODULES}
)
# At these a person signs in, and what comes of it is kept (`Capability.SIGN_IN`).
_SIGNS_IN: Final[Mapping[str, _ConnectSigned]] = MappingProxyType(
    {module.SPEC.id: module.connect for module in (goto_seeit, goto_remote_support)}
)
SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {module.SPEC.id: module.SPEC for module in _MODULES}
)


def find(name: str) -> Spec:
    """The spec of a provider. Raises `ConfigProblem` for an id that no provider has."""
    spec = SPECS.get(name)
    if spec is None:
        raise ConfigProblem(f"no provider is called {name}; there are {', '.join(SPECS)}")
    return spec


def connect(
    profile: Profile, clock: Clock, report: Report, tokens: TokenStore | None = None
) -> Provider:
    """The provider of a profile. Raises `ConfigProblem` when the profile cannot be used as it stands.

    `tokens` keeps those of a sign-in; without it they last as long as the provider.
    """
    find(profile.provider)
    if profile.provider in _SIGNS_IN:
        return _SIGNS_IN[profile.provider](profile, clock, report, tokens)
    return _CONNECT[profile.provider](profile, clock, report)


def connecting(tokens: TokenStore) -> Connect:
    """`connect` for an engine whose sign-ins are kept in that store."""
    return partial(connect, tokens=tokens)
