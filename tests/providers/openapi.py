"""A small check of a request against a vendor's OpenAPI document: path, query and how the credential travels."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.providers.vendor import Seen

_SPECS = Path(__file__).resolve().parents[2].parent / "shared" / "vendors" / "specs"


def document(name: str) -> dict[str, Any]:
    """The vendor's document, or a skip: it is kept beside the repository and not in it."""
    path = _SPECS / name
    if not path.is_file():
        pytest.skip(f"the vendor's OpenAPI document {name} is not beside this checkout")
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found


def faults(spec: dict[str, Any], seen: Seen, path: str) -> list[str]:
    """What the document has against the request; `path` is the request's path as the document spells it."""
    found = _operation(spec, seen.method, path)
    if found is None:
        return [f"{seen.method} {path} is not documented"]
    operation, in_path = found
    parameters = {(one["in"], one["name"]): one for one in operation.get("parameters", [])}
    query = seen.query
    told = [
        f"{name} is required"
        for (where, name), one in parameters.items()
        if where == "query" and one.get("required") and name not in dict(query)
    ]
    for where, pairs in (("path", list(in_path.items())), ("query", query)):
        for name, value in pairs:
            one = parameters.get((where, name))
            told += [f"{name} is not documented"] if one is None else _odd(one, value)
    if seen.body and "requestBody" not in operation:
        told.append("a body is not documented")
    return told


def _operation(
    spec: dict[str, Any], method: str, path: str
) -> tuple[dict[str, Any], dict[str, str]] | None:
    by_literals = sorted(spec["paths"].items(), key=lambda item: item[0].count("{"))
    for template, item in by_literals:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        match = re.fullmatch(pattern, path)
        if match and method.lower() in item:
            return item[method.lower()], match.groupdict()
    return None


def _odd(parameter: dict[str, Any], value: str) -> list[str]:
    schema, name = parameter["schema"], parameter["name"]
    told: list[str] = []
    if schema.get("type") == "integer":
        number = int(value)
        low, high = schema.get("minimum", number), schema.get("maximum", number)
        told += [] if low <= number <= high else [f"{name} is out of bounds: {value}"]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        told.append(f"{name} does not match {schema['pattern']}: {value}")
    if "enum" in schema and value not in schema["enum"]:
        told.append(f"{name} is not one of {schema['enum']}: {value}")
    return told
