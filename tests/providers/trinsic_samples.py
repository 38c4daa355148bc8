"""Trinsic Connect's payloads (sheet trinsic 2.3), a provider for them, and a check against the vendor's OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.providers.making import profile
from tests.providers.samples import row
from tests.providers.vendor import Seen, StillClock, Vendor
from tui.model.text import Opaque
from tui.providers import trinsic_connect
from tui.providers.trinsic_connect import TrinsicConnect

URN = Opaque("urn:trinsic:idvsession:678c1ff6-2178-49e7-81d2-548afb6f85ec")
BEGAN = 1_718_271_291  # 2024-06-13T09:34:51Z
TOKEN = "tok/en+=& 1"
LINK = "https://connect.trinsic.id/connect/verify?clientToken=tok%2Fen%2B%3D%26%201"

VERIFICATION: dict[str, Any] = {
    "id": "v-1",
    "type": "GovernmentId",
    "state": "VerificationPending",
    "failCode": "VerificationFailNone",
    "reused": False,
    "updated": 0,
}
SESSION: dict[str, Any] = {
    "id": URN,
    "clientToken": TOKEN,
    "state": "IdvCreated",
    "verifications": {"v-1": VERIFICATION},
    "failCode": "SessionFailNone",
    "resultVp": None,
    "created": BEGAN,
    "updated": BEGAN,
}
IDENTITY: dict[str, Any] = {
    "idNumber": "AB123987",
    "givenName": "JANE",
    "familyName": "SMITH",
    "address": "15 N FAKESTREET",
    "dateOfBirth": "2000-07-23",
    "country": None,
    "issueDate": "2022-07-23",
    "expirationDate": "2026-07-23",
}
DONE: dict[str, Any] = {
    **SESSION,
    "state": "IdvSuccess",
    "updated": BEGAN + 120,
    "resultVp": '{"type":["VerifiablePresentation"],"familyName":"SMITH"}',
    "verifications": {
        "v-1": {
            **VERIFICATION,
            "state": "VerificationSuccess",
            "updated": BEGAN + 110,
            "governmentIdOptions": {"givenName": True, "address": False},
            "normalizedGovernmentIdData": IDENTITY,
        }
    },
}


def failed(code: str | None) -> dict[str, Any]:
    """The session as it is when it failed with that code."""
    return {**SESSION, "state": "IdvFailed", "failCode": code, "updated": BEGAN + 60}


def listing(*sessions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"total": len(sessions), "more": False, "sessions": list(sessions), **more}


def trinsic(vendor: Vendor, **changes: Any) -> TrinsicConnect:
    """A provider at that vendor."""
    made = profile("trinsic-connect", vendor.base_url, {}, {"api_key": "sesame"})
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return trinsic_connect.connect(made, StillClock(), lambda exchange: None)


def raw(**changes: Any) -> bytes:
    return row({**SESSION, **changes})


# --- the vendor's document ---------------------------------------------------------------------------------


def request_faults(spec: dict[str, Any], seen: Seen, body: object) -> list[str]:
    """What the document has against a request: its headers, its query and its body."""
    operation = spec["paths"].get(seen.path, {}).get(seen.method.lower())
    if operation is None:
        return [f"{seen.method} {seen.path} is not documented"]
    told: list[str] = []
    parameters = {(one["in"], one["name"]): one for one in operation["parameters"]}
    for (where, name), one in parameters.items():
        if where == "header" and one.get("required") and name.lower() not in seen.headers:
            told.append(f"the header {name} is missing")
    for name, value in seen.query:
        known = parameters.get(("query", name))
        if known is None:
            told.append(f"the query {name} is not documented")
        else:
            told += schema_faults(spec, known["schema"], value, name)
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        kind = seen.headers.get("content-type", "")
        told += schema_faults(spec, content[kind]["schema"], body, "body")
    elif seen.body or "content-type" in seen.headers:
        told.append("a body is not documented")
    return told


def schema_faults(
    spec: dict[str, Any], schema: dict[str, Any], value: object, at: str
) -> list[str]:
    """What a schema of this document has against a value: the parts of OpenAPI that this vendor uses."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return schema_faults(spec, spec["components"]["schemas"][name], value, at)
    if value is None:
        return [] if schema.get("nullable") else [f"{at} is null"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} is not one of {schema['enum']}"]
    match schema["type"], value:
        case "object", dict():
            return _object_faults(spec, schema, value, at)
        case "array", list():
            many = enumerate(value)
            return [
                f for n, one in many for f in schema_faults(spec, schema["items"], one, f"{at}.{n}")
            ]
        case "string", str():
            low, high = schema.get("minLength", 0), schema.get("maxLength", len(value))
            return [] if low <= len(value) <= high else [f"{at} is too short or too long"]
        case "boolean", bool():
            return []
        case "integer", int() if not isinstance(value, bool):
            low, high = schema.get("minimum", value), schema.get("maximum", value)
            return [] if low <= value <= high else [f"{at} is out of bounds"]
    return [f"{at} is no {schema['type']}"]


def _object_faults(
    spec: dict[str, Any], schema: dict[str, Any], value: dict[str, Any], at: str
) -> list[str]:
    told = [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    for name, one in value.items():
        if name in known:
            told += schema_faults(spec, known[name], one, f"{at}.{name}")
        elif isinstance(more, dict):
            told += schema_faults(spec, more, one, f"{at}.{name}")
        else:
            told.append(f"{at}.{name} is not documented")
    return told
