"""The vendors' own API documents, where a developer has them: in a folder `shared` beside the checkout or above it.

They are not part of the project. Whatever needs one is skipped, with the reason, where it is not there.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

_PLACE = Path("shared", "vendors", "specs")


@cache
def folder() -> Path | None:
    """The nearest such folder, upwards from here; None where there is none."""
    above = Path(__file__).resolve().parents
    return next((one / _PLACE for one in above if (one / _PLACE).is_dir()), None)


def document(name: str) -> dict[str, Any]:
    """One document, JSON or YAML, for the caller to change as it likes; or a skip."""
    place = folder()
    if place is None or not (place / name).is_file():
        pytest.skip(f"the vendor's document {name} is not in a folder {_PLACE} above this checkout")
    return copy.deepcopy(_read(place / name))


@cache
def _read(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    # YAML takes JSON too, but ten times slower.
    found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    assert isinstance(found, dict)
    return found
