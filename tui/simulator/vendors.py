"""The registry of simulated vendors. A new one is a file with its `Vendor` class, and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tui.simulator import goto_knobs, twilio_knobs
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
    "goto-remote-support": Entry("goto_remote_support", goto_knobs.KNOBS),
}
