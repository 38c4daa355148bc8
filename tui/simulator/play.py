"""The settings of `--play`: named, checked, and changeable while the simulator runs.

`fault=PROVIDER:KIND` belongs here too: PROVIDER is a provider's id, a server beside its API, or `*`
for all providers; KIND is a name of `fault_kinds` or `none`. Several faults are separated by commas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.simulator.fault_kinds import FAULTS
from tui.simulator.knobs import COMMON, Knob
from tui.simulator.vendors import BESIDE, VENDORS

KNOBS: dict[str, Knob] = {
    knob.name: knob
    for knob in (*COMMON, *(knob for entry in VENDORS.values() for knob in entry.knobs))
}
FAULT = "fault"
EVERYBODY = "*"
NO_FAULT = "none"


class Play:
    """Values in force. `version` grows with every change, so that made rows can be kept."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        """Raises ValueError for an unknown name or value, naming the valid ones."""
        self._values = {name: knob.default for name, knob in KNOBS.items()}
        self._faults: dict[str, str] = {}
        self.version = 0
        for name, value in (values or {}).items():
            self.set(name, value)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def set(self, name: str, value: str) -> None:
        """Turn one knob. Raises ValueError for an unknown name or value."""
        if name == FAULT:
            self._faults |= _faults(value)
        elif name not in KNOBS:
            raise ValueError(f"unknown play {name!r}; known: {', '.join((FAULT, *KNOBS))}")
        elif value not in KNOBS[name].values:
            known = ", ".join(KNOBS[name].values)
            raise ValueError(f"unknown value {value!r} for play {name}; known: {known}")
        else:
            self._values[name] = value
        self.version += 1

    def fault(self, provider: str) -> str | None:
        """The fault in force for a provider, or None."""
        kind = self._faults.get(provider, NO_FAULT)
        return None if kind == NO_FAULT else kind


def _faults(value: str) -> dict[str, str]:
    """`{provider: kind}` of `PROVIDER:KIND,...`; `none` alone ends all faults."""
    if value == NO_FAULT:
        return dict.fromkeys((*VENDORS, *BESIDE), NO_FAULT)
    found: dict[str, str] = {}
    for item in value.split(","):
        provider, colon, kind = item.strip().partition(":")
        if not colon or provider not in (*VENDORS, *BESIDE, EVERYBODY):
            known = ", ".join((*VENDORS, *BESIDE, EVERYBODY))
            raise ValueError(f"fault {item!r} is not PROVIDER:KIND; providers: {known}")
        if kind not in (NO_FAULT, *FAULTS):
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join((NO_FAULT, *FAULTS))}")
        found |= dict.fromkeys(VENDORS if provider == EVERYBODY else (provider,), kind)
    return found


def parse_options(options: Iterable[str]) -> dict[str, str]:
    """`["twilio-order=updated", "fault=...", ...]` as a mapping for `Simulator(play=...)`.

    Repeated faults are joined. Raises ValueError for what is no NAME=VALUE, or is not known.
    """
    values: dict[str, str] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals:
            raise ValueError(f"--play takes NAME=VALUE, not {option!r}")
        values[name] = f"{values[name]},{value}" if name == FAULT and name in values else value
    Play(values)
    return values


def describe() -> list[tuple[str, str, str]]:
    """(name, values with the default first, help and source) of all that can be played."""
    rows = [
        (knob.name, "|".join(knob.values), f"{knob.help} [{knob.source}]")
        for knob in KNOBS.values()
    ]
    kinds = "; ".join(f"{name}: {fault.help}" for name, fault in FAULTS.items())
    return [*rows, (FAULT, "PROVIDER:KIND", f"a fault in front of a provider ({kinds})")]
