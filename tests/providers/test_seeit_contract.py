"""Seeit against the vendor's own Swagger document: the requests, the samples, and what is declared."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.providers import openapi
from tests.providers.samples import row
from tests.providers.seeit_samples import (
    BARE,
    BASE,
    CREATED,
    LISTING,
    SESSION,
    UUID,
    listing,
    seeit,
)
from tests.providers.vendor import NOON, Answer, Seen, Vendor
from tui.providers.base import Ask
from tui.providers.goto_seeit import SPEC
from tui.providers.seeit_pages import QUERY

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def swagger() -> dict[str, Any]:
    """The vendor's document; its definitions lack `type: object` (sheet goto 1.6)."""
    found = copy.deepcopy(openapi.document("goto_seeit.json"))
    for definition in found["definitions"].values():
        definition.setdefault("type", "object")
    return found


def as_openapi(spec: dict[str, Any]) -> dict[str, Any]:
    """Swagger 2.0 as far as a request is concerned: parameters found behind their references, with schemas."""
    paths: dict[str, Any] = {}
    for template, item in spec["paths"].items():
        paths[template] = {
            method: {"parameters": [_parameter(spec, one) for one in operation["parameters"]]}
            for method, operation in item.items()
        }
    return {"paths": paths}


def _parameter(spec: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    found = resolved(spec, one)
    return {**found, "schema": {key: found[key] for key in ("type", "format") if key in found}}


def resolved(spec: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in one:
        return one
    found: Any = spec
    for part in one["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found


def faults(spec: dict[str, Any], schema: dict[str, Any], value: object, at: str = "") -> list[str]:
    """What a schema of the document has against a value."""
    schema = resolved(spec, schema)
    kind = schema["type"]
    if not isinstance(value, _KINDS[kind]) or (kind == "integer" and isinstance(value, bool)):
        return [f"{at}: not of type {kind}"]
    told = [] if value in schema.get("enum", [value]) else [f"{at}: {value} is not in the enum"]
    if isinstance(value, list):
        for index, inner in enumerate(value):
            told += faults(spec, schema["items"], inner, f"{at}[{index}]")
    if isinstance(value, dict):
        told += [f"{at}.{name} is required" for name in schema["required"] if name not in value]
        for name, inner in value.items():
            one = schema["properties"].get(name)
            told += faults(spec, one, inner, f"{at}.{name}") if one else [f"{at}.{name} is unknown"]
    return told


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("SessionDetails", SESSION),
        ("SessionDetails", BARE),
        ("PagedSessionDetails", LISTING),
        ("PagedSessionDetails", listing(1, 3)),
        ("Session", CREATED),
    ],
)
def test_the_samples_are_what_the_vendor_documents(definition: str, value: object) -> None:
    spec = swagger()
    assert faults(spec, spec["definitions"][definition], value) == []


def test_the_check_itself_finds_faults() -> None:
    spec = swagger()
    details = spec["definitions"]["SessionDetails"]
    bent: tuple[object, ...] = (
        [],
        {},
        {**BARE, "uuid": 7},
        {**BARE, "sessionCreateTime": "1450000000000"},
        {**BARE, "sessionCreateTime": True},
        {**BARE, "sessionStatus": "PAUSED"},
        {**BARE, "customer": "x"},
    )
    for bad in bent:
        assert faults(spec, details, bad)
    broken = {**LISTING, "links": {"self": "x"}}
    assert faults(spec, spec["definitions"]["PagedSessionDetails"], broken)


def test_the_declared_operations_are_all_there_are() -> None:
    documented = {
        (method.upper(), path) for path, item in swagger()["paths"].items() for method in item
    }
    assert {(one.method, one.path) for one in SPEC.operations} == documented


def test_the_base_url_is_the_documents() -> None:
    spec = swagger()
    assert SPEC.default_base_url == f"{spec['schemes'][0]}://{spec['host']}{spec['basePath']}"


def test_the_query_is_all_that_the_list_takes_and_sorts_by_every_field() -> None:
    spec = swagger()
    parameters = as_openapi(spec)["paths"]["/sessions"]["get"]["parameters"]
    assert {one["name"] for one in parameters if one["in"] == "query"} == {
        field.name for field in QUERY
    }
    by_name = {field.name: field for field in QUERY}
    fields = spec["definitions"]["SessionDetails"]["properties"]
    listed = by_name["sort"].help.rpartition("one of ")[2].split(", ")
    assert sorted(listed) == sorted(fields)


@pytest.mark.anyio
async def test_every_request_passes_the_document() -> None:
    def by_method(seen: Seen) -> Answer:
        return Answer(201, CREATED) if seen.method == "POST" else Answer(body=LISTING)

    spec = as_openapi(swagger())
    async with Vendor(BASE) as vendor:
        vendor.paths["/sessions"] = by_method
        vendor.paths[f"/sessions/{UUID}"] = Answer(body=SESSION)
        provider = seeit(vendor)
        await provider.page(Ask(since=NOON, until=NOON))
        pairs = (("startTime", "2026-01-05"), ("page", "0"), ("size", "7"), ("sort", "uuid,asc"))
        await provider.page(Ask(query=pairs))
        await provider.row(UUID)
        listed = provider.decode(row(SESSION)).session
        assert listed is not None
        await provider.transcript(listed)
        await provider.check()
        await provider.create({})
        await provider.aclose()
        seen = vendor.seen
    paths = [(one.method, one.path.removeprefix(BASE)) for one in seen]
    assert set(paths) == {
        ("GET", "/sessions"),
        ("POST", "/sessions"),
        ("GET", f"/sessions/{UUID}"),
    }
    assert [openapi.faults(spec, one, one.path.removeprefix(BASE)) for one in seen] == [[]] * 6
    assert all(one.headers["authorization"] for one in seen)
