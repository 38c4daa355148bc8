"""The providers that this version has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tui.model.clock import Clock
from tui.model.problem import ConfigProblem
from tui.model.profile import Profile
from tui.net.exchange import Report
from tui.providers import (
    goto_remote_support,
    goto_seeit,
    take_control,
    trinsic_connect,
    twilio_proxy,
)
from tui.providers.base import Connect, Provider, Spec

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
SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {module.SPEC.id: module.SPEC for module in _MODULES}
)


def find(name: str) -> Spec:
    """The spec of a provider. Raises `ConfigProblem` for an id that no provider has."""
    spec = SPECS.get(name)
    if spec is None:
        raise ConfigProblem(f"no provider is called {name}; there are {', '.join(SPECS)}")
    return spec


def connect(profile: Profile, clock: Clock, report: Report) -> Provider:
    """The provider of a profile. Raises `ConfigProblem` when the profile cannot be used as it stands."""
    find(profile.provider)
    return _CONNECT[profile.provider](profile, clock, report)
