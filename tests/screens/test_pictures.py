"""The pictures in the README show what the program does today."""

from __future__ import annotations

import pytest

from tests.shots import FOLDER, SHOTS, all_shots, digest, png_digest


@pytest.mark.anyio
async def test_no_picture_is_stale() -> None:
    made = await all_shots()
    for shot in SHOTS:
        kept = (FOLDER / f"{shot.name}.svg").read_text(encoding="utf-8")
        assert made[shot.name] == kept, (
            f"{shot.name} is stale: python -m tests.shots draws it again"
        )
        assert png_digest((FOLDER / f"{shot.name}.png").read_bytes()) == digest(kept)
