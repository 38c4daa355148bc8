"""What Seeit's provider declares, against the vendor's own Swagger document. The calls: see `tests/contract`."""

from __future__ import annotations

from tests.contract.checker import checker
from tests.providers.bad_input import SEEIT
from tui.providers.goto_seeit import SPEC
from tui.providers.seeit_pages import QUERY


def test_the_declared_operations_are_all_there_are() -> None:
    paths = checker(SEEIT).document["paths"]
    documented = {(method.upper(), path) for path, item in paths.items() for method in item}
    assert {(one.method, one.path) for one in SPEC.operations} == documented


def test_the_query_is_all_that_the_list_takes_and_sorts_by_every_field() -> None:
    document = checker(SEEIT).document
    parameters = document["paths"]["/sessions"]["get"]["parameters"]
    assert {one["name"] for one in parameters} == {field.name for field in QUERY}
    by_name = {field.name: field for field in QUERY}
    fields = document["components"]["schemas"]["SessionDetails"]["properties"]
    listed = by_name["sort"].help.rpartition("one of ")[2].split(", ")
    assert sorted(listed) == sorted(fields)
