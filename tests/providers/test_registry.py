"""The registry, and what every provider's declaration must hold."""

from __future__ import annotations

import re

import pytest

from tests.providers.making import profile
from tests.providers.samples import ACCOUNT
from tests.providers.vendor import StillClock
from tui.model.problem import ConfigProblem
from tui.model.profile import COMMON_KEYS
from tui.net.exchange import Exchange
from tui.providers.base import Spec
from tui.providers.registry import SPECS, connect, find

ALL = list(SPECS.values())


def report(exchange: Exchange) -> None:
    pass


def test_the_ids_are_the_designs() -> None:
    assert set(SPECS) == {
        "twilio-proxy",
        "trinsic-connect",
        "goto-seeit",
        "goto-remote-support",
        "take-control",
    }
    assert all(SPECS[name].id == name for name in SPECS)
    assert find("twilio-proxy") is SPECS["twilio-proxy"]


def test_an_unknown_provider_is_a_config_problem() -> None:
    with pytest.raises(ConfigProblem, match="twilio-proxy, trinsic-connect"):
        find("twilio")
    with pytest.raises(ConfigProblem):
        connect(profile("twilio", "http://127.0.0.1:1", {}, {}), StillClock(), report)


def test_without_keys_nothing_is_connected() -> None:
    settings = {"account_sid": ACCOUNT}
    for given in ({}, settings):
        made = profile("twilio-proxy", "http://127.0.0.1:1", given, {})
        with pytest.raises(ConfigProblem, match="auth_token"):
            connect(made, StillClock(), report)


@pytest.mark.anyio
async def test_a_profile_is_connected_to_its_provider() -> None:
    made = profile(
        "twilio-proxy", "http://127.0.0.1:1", {"account_sid": ACCOUNT}, {"auth_token": "x"}
    )
    provider = connect(made, StillClock(), report)
    assert provider.spec is SPECS["twilio-proxy"]
    await provider.aclose()


@pytest.mark.parametrize("spec", ALL, ids=[spec.id for spec in ALL])
def test_every_declaration_is_whole(spec: Spec) -> None:
    assert 0 < len(spec.short) <= 8
    # Take Control's is per account: the store then demands it.
    assert spec.default_base_url.startswith("https://") or spec.id == "take-control"
    assert not spec.default_base_url.endswith("/")
    names = [key.name for key in spec.keys]
    assert len(set(names)) == len(names)
    assert not set(names) & {key.name for key in COMMON_KEYS}
    assert {name for needed in spec.needs.any_of for name in needed} <= set(names)
    for key in spec.keys:
        assert key.help
        assert key.default is None or not key.choices or key.default in key.choices
        re.compile(key.pattern or "")


@pytest.mark.parametrize("spec", ALL, ids=[spec.id for spec in ALL])
def test_every_operation_says_whether_it_writes(spec: Spec) -> None:
    assert len({operation.name for operation in spec.operations}) == len(spec.operations)
    reading_posts = {("trinsic-connect", "POST", "/v1/sessions/list")}
    for operation in spec.operations:
        reads = operation.method == "GET" or any(
            (spec.id, operation.method) == known[:2] and known[2].endswith(operation.path)
            for known in reading_posts
        )
        assert operation.writes == (not reads), operation.name
        assert operation.path.startswith("/")


@pytest.mark.parametrize("spec", ALL, ids=[spec.id for spec in ALL])
def test_what_a_form_or_an_action_sends_is_a_declared_write(spec: Spec) -> None:
    writes = {operation.name for operation in spec.operations if operation.writes}
    forms = [spec.create, *(action.form for action in spec.actions)]
    assert {form.operation for form in forms if form is not None} <= writes
    assert {action.operation for action in spec.actions} <= writes
    assert sum(action.ends for action in spec.actions) <= 1


def test_the_twilio_patterns_are_sids() -> None:
    patterns = {key.name: key.pattern for key in SPECS["twilio-proxy"].keys if key.pattern}
    assert set(patterns) == {"account_sid", "api_key_sid", "service_sid"}
    assert re.fullmatch(patterns["account_sid"], ACCOUNT)
    for bad in (ACCOUNT[:-1], ACCOUNT + "a", "SK" + ACCOUNT[2:], ACCOUNT[:-1] + "g"):
        assert not re.fullmatch(patterns["account_sid"], bad)
