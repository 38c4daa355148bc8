"""Holds a call that passed on the wire against a vendor's document.

openapi-core does the checking: path, parameters, security, body (of a GET too) and answer. What it lets through is
checked here: names of the query and of a form that the document does not know, bodies where none is documented,
headers, and how the credential is dressed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from openapi_schema_validator import OAS30Validator
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.contract.contracts import BY_SERVICE, Contract, participant
from tests.contract.errors import sheet_faults
from tests.contract.tap import Call

FORM = "application/x-www-form-urlencoded"
# What any HTTP client sends; whatever else there is must be documented.
_PLAIN = frozenset(
    ("host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length")
)  # fmt: skip


@dataclass
class _Asked:
    """A request as openapi-core takes it."""

    host_url: str
    path: str
    method: str
    body: bytes | None
    content_type: str
    parameters: RequestParameters


@dataclass
class _Answered:
    """An answer as openapi-core takes it."""

    status_code: int
    content_type: str
    headers: Headers
    data: bytes | None


@cache
def checker(provider: str) -> Checker:
    """The checker of a row of `CONTRACTS`, made once. Skips where the document is not at hand."""
    return Checker(BY_SERVICE[provider])


def request_faults(calls: Iterable[Call]) -> list[str]:
    """What the documents have against these requests, each held against the one of the service that it went to."""
    return [fault for call in calls for fault in checker(_service(call)).request(call)]


def answer_faults(calls: Iterable[Call]) -> list[str]:
    """The same of their answers."""
    return [fault for call in calls for fault in checker(_service(call)).answer(call)]


def _service(call: Call) -> str:
    return call.path.split("/")[1]


class Checker:
    """Every method gives what the document has against a call, in words; nothing is good."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.document = contract.document()
        formats = {}
        if contract.at == "twilio-proxy":
            schema = OAS30Validator(participant(self.document))
            formats["participant"] = lambda text: _is_json_of(schema, text)
        config = Config(
            extra_format_validators=formats,
            response_properties_default_policy="required" if contract.whole else "optional",
            # JSON is sent as either of these too, with the same schema (sheet trinsic 2.1).
            extra_media_type_deserializers=dict.fromkeys(("text/plain", "text/json"), _loads),
        )
        # Refuses a document that is no OpenAPI.
        self._api = OpenAPI.from_dict(self.document, config=config)
        self._known: dict[str, list[str]] = {}

    def request(self, call: Call) -> list[str]:
        """What is wrong with the request."""
        headers = tuple(pair for pair in call.headers if pair[0] != "host")
        told = (call.method, call.target, headers, call.body)
        return self._once(_key(call, told), lambda: self._request(call))

    def answer(self, call: Call) -> list[str]:
        """What is wrong with the answer: by the document where it tells what such a one holds, else by the sheet."""
        kind = call.answer_header("content-type")
        told = (call.method, call.target, call.status, kind, call.answer)
        return self._once(_key(call, told), lambda: self._answer(call))

    def _once(self, key: str, look: Callable[[], list[str]]) -> list[str]:
        """The same call comes again and again while one setting after the other is played."""
        if key not in self._known:
            self._known[key] = look()
        return self._known[key]

    def _request(self, call: Call) -> list[str]:
        operation = self.operation(call)
        if operation is None:
            return [f"{call.method} {call.path}: not documented"]
        found = [*_said(self._api.iter_request_errors(self._asked(call)))]
        found += [*_unknown(call, operation), *self._dressed(call, operation)]
        found += [] if "requestBody" in operation or not call.body else ["a body is not documented"]
        return [f"{call.method} {call.path}: {one}" for one in found]

    def _answer(self, call: Call) -> list[str]:
        operation = self.operation(call)
        told = None if operation is None else self._responses(operation).get(str(call.status))
        if told is None or (call.status >= 400 and "content" not in told):
            found = sheet_faults(self.contract.at, call)
        else:
            asked, answered = self._asked(call), _answered(call)
            found = [*_said(self._api.iter_response_errors(asked, answered))]
            found += [] if "content" in told or not call.answer else ["a body is not documented"]
        return [f"{call}: {one}" for one in found]

    def operation(self, call: Call) -> dict[str, Any] | None:
        """The document's operation that a call is one of; None for another one."""
        path = urlsplit(self.contract.address(call.path)).path
        below = path.removeprefix(urlsplit(self.document["servers"][0]["url"]).path)
        by_literals = sorted(self.document["paths"].items(), key=lambda item: item[0].count("{"))
        for template, item in by_literals:
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), below):
                found: dict[str, Any] | None = item.get(call.method.lower())
                return found
        return None

    def _responses(self, operation: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return {status: self._found(one) for status, one in operation["responses"].items()}

    def _found(self, one: dict[str, Any]) -> dict[str, Any]:
        found: Any = self.document if "$ref" in one else one
        for part in one.get("$ref", "#").split("/")[1:]:
            found = found[part]
        assert isinstance(found, dict)
        return found

    def _asked(self, call: Call) -> _Asked:
        where = urlsplit(self.contract.address(call.path))
        return _Asked(
            host_url=f"{where.scheme}://{where.netloc}",
            path=where.path,
            method=call.method.lower(),
            body=call.body or None,
            content_type=call.header("content-type") or "",
            parameters=RequestParameters(
                query=ImmutableMultiDict(call.query), header=Headers(list(call.headers))
            ),
        )

    def _dressed(self, call: Call, operation: Mapping[str, Any]) -> Iterator[str]:
        """Headers: only documented ones, and credentials as the sheet shows them."""
        named = {
            one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"
        }
        # A page that a person opens asks for no key, and for no JSON.
        credentials = {} if operation.get("security") == [] else dict(self.contract.credentials)
        for name, _ in call.headers:
            if name not in _PLAIN | named | set(credentials):
                yield f"the header {name} is not documented"
        for name, pattern in credentials.items():
            value = call.header(name)
            if value is None or not re.fullmatch(pattern, value):
                yield f"the header {name} is missing or not dressed as documented"
        if credentials and call.header("accept") != "application/json":
            yield "no JSON is asked for"


# Of ids and tokens only the form is documented: the same call about another session is the same call.
_IDS = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _key(call: Call, told: object) -> str:
    """What was told of a call, without its ids, and without the port, which is another one at every tap."""
    return _IDS.sub(_blank, repr(told).replace(call.header("host") or "", "vendor.invalid"))


def _blank(found: re.Match[str]) -> str:
    return "*" * len(found[0])


def _loads(value: bytes, **parameters: str) -> Any:
    return json.loads(value)


def _answered(call: Call) -> _Answered:
    return _Answered(
        status_code=call.status,
        content_type=call.answer_header("content-type") or "",
        headers=Headers(list(call.answer_headers)),
        data=call.answer or None,
    )


def _unknown(call: Call, operation: Mapping[str, Any]) -> Iterator[str]:
    """Names that the document does not know, and single fields that come twice."""
    parameters = operation.get("parameters", ())
    query = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    yield from _names("query", call.query, query)
    body = operation.get("requestBody", {}).get("content", {}).get(FORM)
    if body is not None and call.header("content-type") == FORM:
        yield from _names("form", call.form, _fields(body["schema"]))


def _fields(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a form may have, whichever of several forms it is."""
    found: dict[str, Any] = dict(schema.get("properties", {}))
    for one in schema.get("oneOf", ()):
        found |= _fields(one)
    return found


def _names(what: str, pairs: list[tuple[str, str]], known: Mapping[str, Any]) -> Iterator[str]:
    names = [name for name, _ in pairs]
    for name in dict.fromkeys(names):
        if name not in known:
            yield f"the {what} has {name}, which is not documented"
        elif names.count(name) > 1 and known[name].get("type") != "array":
            yield f"the {what} has {name} more than once"


def _is_json_of(schema: Any, text: object) -> bool:
    try:
        return isinstance(text, str) and schema.is_valid(json.loads(text))
    except ValueError:
        return False


def _said(errors: Iterable[Exception]) -> Iterator[str]:
    """openapi-core's errors, each with what the schema had against which field."""
    for error in errors:
        cause = error.__cause__
        if isinstance(cause, InvalidSchemaValue):
            for one in cast(Any, cause.schema_errors):
                where = "".join(f"/{part}" for part in one.absolute_path)
                yield f"{where or '/'}: {_short(one)}"
        elif isinstance(error, PathError):
            yield "the address is not the document's"
        else:
            assert isinstance(error, OpenAPIError)
            yield f"{error}: {cause}" if cause else str(error)


def _short(error: Any) -> str:
    """Without the value where it is long; what a `oneOf` refused is told from within."""
    inner = "; ".join(sorted({_short(one) for one in error.context or ()}))
    message = str(error.message)
    told = message if len(message) < 200 else f"{message[:90]} ... {message[-90:]}"
    return f"{told} ({inner})" if inner else told
