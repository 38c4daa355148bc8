"""What a provider declares of its keys beside their kinds: ways that exclude each other, offers, the sign-in."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.profile_specs import BAKERY
from tui.model.profile import Needs, Profile
from tui.model.secret import Secret
from tui.providers import registry

WAYS = Needs((("account", "token"), ("key", "token"), ("client", "secret")), exclusive=True)


def test_of_several_ways_the_begun_one_is_enough() -> None:
    assert not WAYS.superfluous("key", set())
    assert WAYS.superfluous("key", {"account"})
    assert WAYS.superfluous("client", {"account"})
    assert WAYS.superfluous("account", {"client"})
    assert not WAYS.superfluous("token", {"account"})
    assert not WAYS.superfluous("account", {"token"})  # which both ways have
    assert not WAYS.superfluous("page_size", {"account"})
    assert not replace(WAYS, exclusive=False).superfluous("key", {"account"})


def test_keys_that_do_different_things_are_no_ways() -> None:
    """Take Control's two keys are both wanted; GoTo's tokens and Twilio's names are not."""
    exclusive = {name: spec.needs.exclusive for name, spec in registry.SPECS.items()}
    assert exclusive == {
        "twilio-proxy": True,
        "trinsic-connect": False,
        "goto-seeit": True,
        "goto-remote-support": True,
        "take-control": False,
    }


def test_only_what_a_vendor_lists_is_offered() -> None:
    offered = {
        (name, key.name)
        for name, spec in registry.SPECS.items()
        for key in spec.keys
        if key.offered
    }
    assert offered == {("twilio-proxy", "service_sid")}


def profile(settings: dict[str, str], *secrets: str) -> Profile:
    return Profile(
        "one",
        "bakery",
        "https://bakery.example",
        dict(settings),
        {name: Secret("x") for name in secrets},
    )


def test_a_sign_in_is_needed_where_nothing_else_opens_the_door() -> None:
    spec = replace(BAKERY, sign_in_keys=("client_id", "client_secret"))
    client = {"client_id": "c"}
    assert spec.needs_sign_in(profile(client, "client_secret"))
    assert not spec.needs_sign_in(profile(client))
    assert not spec.needs_sign_in(profile(client, "client_secret", "token"))
    assert not spec.needs_sign_in(profile({}, "token"))
    assert not BAKERY.needs_sign_in(profile(client, "client_secret"))
    assert [name for name, one in registry.SPECS.items() if one.sign_in_keys] == [
        "goto-seeit",
        "goto-remote-support",
    ]
