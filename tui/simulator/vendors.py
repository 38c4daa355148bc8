"""The registry of simulated vendors. A new one is a file with its `Vendor` class, and a line here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tui.simulator import (
    goto_knobs,
    goto_sign_in_knobs,
    seeit_knobs,
    take_control_knobs,
    trinsic_knobs,
    twilio_knobs,
)
from tui.simulator.knobs import Knob

if TYPE_CHECKING:
    from tui.simulator.web import VendorType


@dataclass(frozen=True, slots=True)
class Entry:
    """`module` is imported only when a simulator starts, so that `--help` stays cheap."""

    module: str
    knobs: tuple[Knob, ...]

    def load(self) -> VendorType:
        """The vendor's class."""
        return cast("VendorType", import_module(f"tui.simulator.{self.module}").SimulatedVendor)


VENDORS: dict[str, Entry] = {
    "twilio-proxy": Entry("twilio", twilio_knobs.KNOBS),
    "goto-remote-support": Entry(
        "goto_remote_support", (*goto_knobs.KNOBS, *goto_sign_in_knobs.KNOBS)
    ),
    "trinsic-connect": Entry("trinsic", trinsic_knobs.KNOBS),
    "goto-seeit": Entry("seeit", seeit_knobs.KNOBS),
    "take-control": Entry("take_control", take_control_knobs.KNOBS),
}

# Servers that vendors have beside their API: they have no sessions, and can fail all the same.
BESIDE: tuple[str, ...] = ("goto-sign-in",)

# Every vendor that can be chosen, and those that a simulator has when nobody chooses.
ALL: tuple[str, ...] = tuple(VENDORS)
USUAL: tuple[str, ...] = ("twilio-proxy", "goto-remote-support")


def chosen(names: Sequence[str] | None) -> dict[str, Entry]:
    """The entries of these providers, in the registry's order; None: the usual ones.

    Raises ValueError for a name that is not known, or when there is none at all.
    """
    wanted = USUAL if names is None else tuple(names)
    if not wanted or set(wanted) - set(ALL):
        raise ValueError(f"vendors {list(wanted)} are not some of {', '.join(ALL)}")
    return {name: entry for name, entry in VENDORS.items() if name in wanted}
