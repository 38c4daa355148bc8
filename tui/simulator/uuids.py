"""UUIDs for serial numbers, and the numbers back from them."""

from __future__ import annotations

from tui.simulator.chance import HexIds


class UuidIds(HexIds):
    """As `HexIds`, in the canonical form of a random (version 4) UUID."""

    def of(self, serial: int, part: int = 0) -> str:
        digits = super().of(serial, part)
        variant = "89ab"[int(digits[16], 16) % 4]
        return "-".join(
            (
                digits[:8],
                digits[8:12],
                f"4{digits[13:16]}",
                f"{variant}{digits[17:20]}",
                digits[20:],
            )
        )
