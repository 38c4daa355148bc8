"""Which document each vendor's calls are held against, and what has to be done to it first.

Twilio's, Trinsic's and Seeit's documents are the vendors' own. `goto_remote_support.json`, `goto_oauth.yaml` and
`take_control.yaml` were reconstructed from the vendors' pages: they prove that client, simulator and our reading of
those pages agree, and nothing about the vendor.

A further document is one more row of `CONTRACTS`; `at` is the first part of the path under which the simulator serves
it. A provider that asks two services, such as one with a sign-in, has two rows; what goes to the second is named in
`calls.BESIDE`, with its entry in `calls.CALLS`: GoTo's sign-in is such a one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.vendor_documents import document

Document = dict[str, Any]


@dataclass(frozen=True)
class Contract:
    """`origin` and `base` make the address under which the document's paths are called, `base` being the part that a
    client puts before the path of its operations. `credentials` are patterns of the headers that carry the key:
    a document tells of them in words only. `own` says that the vendor itself published the document."""

    at: str
    file: str
    origin: str
    base: str
    credentials: tuple[tuple[str, str], ...]
    own: bool
    amended: Callable[[Document], Document]
    # Whether an answer always has every field, empty ones as null (sheet twilio 1.4); the document requires none.
    whole: bool = False

    def document(self) -> Document:
        """As the checker takes it: OpenAPI 3, and closed against names that it does not know. Or a skip."""
        found = self.amended(document(self.file))
        close(found)
        return found

    def address(self, target: str) -> str:
        """Where the vendor would have been asked, for a target at the simulator."""
        prefix = f"/{self.at}/"
        assert target.startswith(prefix), target
        return f"{self.origin}/{target.removeprefix(prefix)}"


def close(value: object, *, part: bool = False) -> None:
    """Forbids, in place, every field that the document does not name. Part of an `allOf` stays open: the others
    name the rest."""
    if isinstance(value, list):
        for inner in value:
            close(inner, part=part)
    elif isinstance(value, dict):
        named = isinstance(value.get("properties"), dict) and not part
        if named and "additionalProperties" not in value:
            value["additionalProperties"] = False
        for name, inner in value.items():
            if name not in ("example", "examples"):
                close(inner, part=name == "allOf")


# --- what has to be done to a document -----------------------------------------------------------------------


def _as_it_is(found: Document) -> Document:
    return found


def _trinsic(found: Document) -> Document:
    """`allowEmptyValue` means nothing for a header (it is for a query alone), and the checker warns of it."""
    for item in found["paths"].values():
        for operation in item.values():
            for one in operation["parameters"]:
                one.pop("allowEmptyValue", None)
    return found


def _twilio(found: Document) -> Document:
    """The items of `Participants` have no schema. On the wire each is JSON in a text (sheet twilio 1.3) that says what
    a participant's own create takes: the format `participant` stands for that, see `checker`.

    Nobody's message comes in when the application itself sends one: the inbound side is null (sheet twilio 1.6, and
    the document's own sample), which the schema of one of its five fields forgets to say.
    """
    schemas = found["components"]["schemas"]
    message = schemas["proxy.v1.service.session.participant.message_interaction"]["properties"]
    status = schemas["message_interaction_enum_resource_status"]
    assert message["inbound_resource_status"]["$ref"].endswith(
        "message_interaction_enum_resource_status"
    )
    message["inbound_resource_status"] = {
        **status,
        "enum": [*status["enum"], None],
        "nullable": True,
    }
    form = "application/x-www-form-urlencoded"
    create = found["paths"]["/v1/Services/{ServiceSid}/Sessions"]["post"]["requestBody"]
    properties = create["content"][form]["schema"]["properties"]
    properties["Participants"]["items"] = {"type": "string", "format": "participant"}
    properties["Participants"]["maxItems"] = 2
    return found


def participant(found: Document) -> Document:
    """The schema of a participant's create, in Twilio's document."""
    path = "/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants"
    create = found["paths"][path]["post"]["requestBody"]["content"]
    schema: Document = create["application/x-www-form-urlencoded"]["schema"]
    return schema


def _seeit(found: Document) -> Document:
    """Swagger 2.0 as OpenAPI 3. Its definitions lack `type: object`, so that anything would pass (sheet goto 1.6); and
    OpenAPI 3 ignores a parameter named Authorization, which becomes a security scheme."""
    text = json.dumps(found).replace("#/definitions/", "#/components/schemas/")
    found = json.loads(text.replace("#/responses/", "#/components/responses/"))
    for schema in found["definitions"].values():
        schema["type"] = "object"
    for item in found["paths"].values():
        for operation in item.values():
            operation["parameters"] = [
                _parameter(one) for one in operation["parameters"] if "$ref" not in one
            ]
            operation["responses"] = {
                status: _response(one) for status, one in operation["responses"].items()
            }
    header = found["parameters"]["Authorization"]
    assert header["required"]
    return {
        "openapi": "3.0.3",
        "info": {"title": found["info"]["title"], "version": found["info"]["version"]},
        "servers": [{"url": f"{found['schemes'][0]}://{found['host']}{found['basePath']}"}],
        "security": [{"token": []}],
        "paths": found["paths"],
        "components": {
            "schemas": found["definitions"],
            "responses": found["responses"],
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": header["name"]}
            },
        },
    }


def _parameter(one: Document) -> Document:
    schema = {name: one[name] for name in ("type", "format") if name in one}
    return {"name": one["name"], "in": one["in"], "required": one["required"], "schema": schema}


def _response(one: Document) -> Document:
    if "schema" not in one:
        return one
    content = {"application/json": {"schema": one["schema"]}}
    return {"description": one["description"], "content": content}


def _take_control(found: Document) -> Document:
    """A record's keys are the lower-cased names of the vars that were asked for; the list of its fields in the document
    is two vars short of that (sheet take-control 4.4)."""
    record = found["components"]["schemas"]["HistoryRecord"]["properties"]
    asked = found["components"]["schemas"]["HistoryQuery"]["properties"]["vars"]["items"]["enum"]
    missing = {name.lower() for name in asked} - set(record)
    assert missing == {"custom_field_name", "custom_field_value"}
    record.update({name: {"type": "string"} for name in missing})
    return found


_BEARER = r"Bearer [!-~]+"
# Which of the schemes is meant is not stated (sheet goto 2, 3.5).
_GOTO = r"(?:Bearer |OAuth oauth_token=)[!-~]+"

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "twilio-proxy",
        "twilio_proxy_v1.json",
        "https://proxy.twilio.com",
        "/v1",
        (("authorization", r"Basic [A-Za-z0-9+/]+={0,2}"),),
        own=True,
        amended=_twilio,
        whole=True,
    ),
    Contract(
        "trinsic-connect",
        "trinsic_connect.json",
        "https://connect-api.trinsic.id",
        "",
        (("authorization", _BEARER), ("trinsicauthorization", _BEARER)),
        own=True,
        amended=_trinsic,
    ),
    Contract(
        "goto-seeit",
        "goto_seeit.json",
        "https://api.citrixonline.com/seeit/v1",
        "",
        (("authorization", _GOTO),),
        own=True,
        amended=_seeit,
    ),
    Contract(
        "goto-remote-support",
        "goto_remote_support.json",
        "https://api.getgo.com/G2A/rest/v1",
        "",
        (("authorization", _GOTO),),
        own=False,
        amended=_as_it_is,
    ),
    Contract(
        "take-control",
        "take_control.yaml",
        "https://api.us0.swi-rc.com",
        "/rest",
        (("integration-key", r"[!-~]+"),),
        own=False,
        amended=_take_control,
    ),
    # The sign-in in front of both GoTo products (sheet goto 3).
    Contract(
        "goto-sign-in",
        "goto_oauth.yaml",
        "https://authentication.logmeininc.com",
        "",
        (("authorization", r"Basic [A-Za-z0-9+/]+={0,2}"),),
        own=False,
        amended=_as_it_is,
    ),
)
BY_SERVICE = {one.at: one for one in CONTRACTS}
