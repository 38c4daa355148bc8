"""The form of a profile, made from what its provider declares: every provider, every place for a secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tui.model.form import FieldKind
from tui.model.secret import Secret
from tui.net.tokens import MemoryTokens
from tui.profiles import editing
from tui.profiles.references import FromCommand, FromEnv, FromFile, Here, Way
from tui.profiles.shelf import MemoryStore
from tui.providers import registry
from tui.screens.profile_fields import NAME, Kit
from tui.widgets.form_state import FormState

FIRST: dict[str, dict[str, str]] = {
    "twilio-proxy": {"account_sid": "AC" + "0" * 32, "auth_token": "f" * 32},
    "trinsic-connect": {"api_key": "canary-key"},
    "goto-seeit": {"access_token": "canary-token"},
    "goto-remote-support": {
        "client_id": "client",
        "client_secret": "canary-secret",
        "redirect_uri": "https://example.test/landed",
    },
    "take-control": {"base_url": "https://example.test/rest", "private_key": "canary-private"},
}
PROVIDERS = sorted(FIRST)


def kit_of(provider: str, held: editing.Stored | None = None, taken: tuple[str, ...] = ()) -> Kit:
    return Kit(registry.find(provider), registry.SPECS, Path("/nowhere"), held, taken)


def form_of(kit: Kit) -> FormState:
    return FormState(kit.fields(), kit.examine, kit.start())


def fill(kit: Kit, form: FormState, values: Mapping[str, str]) -> None:
    """As typed: into the field, and what a choice changes with it."""
    for name, text in values.items():
        form.go_to(name)
        form.press("ctrl+u")
        if " is kept" in name:
            choose(form, text)
        else:
            form.insert(text)
        for field in kit.moved(form.given()):
            form.put(field)


def choose(form: FormState, word: str) -> None:
    for _ in range(6):
        if form.given()[form.current.field.name] == word:  # type: ignore[union-attr]
            return
        form.press("right")
    raise AssertionError(word)


def stored(profile: dict[str, Any], environ: Mapping[str, str] | None = None) -> editing.Stored:
    store = MemoryStore({"profiles": {"mine": profile}}, MemoryTokens())
    return editing.stored(store, "mine", registry.SPECS, environ or {})


@pytest.mark.parametrize("provider", PROVIDERS)
class TestEveryProvider:
    def test_a_first_profile_needs_few_keys_and_every_declared_one_has_a_field(
        self, provider: str
    ) -> None:
        kit = kit_of(provider)
        form = form_of(kit)
        names = {field.field.name for field in form.fields}
        assert names >= {key.name for key in kit.spec.keys} | {"me", "refresh_seconds", NAME}
        assert form.faults
        fill(kit, form, {NAME: "mine", **FIRST[provider]})
        assert form.faults == {}
        draft, wrong = kit.draft(form.given())
        assert not wrong
        assert {*draft.settings, *draft.secrets} == set(FIRST[provider]), "and nothing by default"

    def test_what_is_typed_as_a_secret_is_one(self, provider: str) -> None:
        kit = kit_of(provider)
        form = form_of(kit)
        fill(kit, form, {NAME: "mine", **FIRST[provider]})
        for field in form.fields:
            if field.secret:
                assert isinstance(field.given(), Secret)
        draft, _wrong = kit.draft(form.given())
        assert all(isinstance(found, Here) for found in draft.secrets.values())
        told = f"{draft!r} {kit!r} {form!r} {form.given()!r}"
        assert "canary" not in told
        assert "f" * 32 not in told

    def test_an_edit_keeps_the_secrets_without_retyping_them(self, provider: str) -> None:
        kit = kit_of(provider, stored({"provider": provider, **FIRST[provider]}))
        form = form_of(kit)
        assert form.faults == {}
        assert "canary" not in str(kit.start())
        draft, _wrong = kit.draft(form.given())
        assert (draft.settings, draft.secrets, draft.dropped) == ({}, {}, frozenset())
        fill(kit, form, {"me": "Priya", "refresh_seconds": "9"})
        draft, wrong = kit.draft(form.given())
        assert not wrong
        assert (dict(draft.settings), dict(draft.secrets)) == (
            {"me": "Priya", "refresh_seconds": "9"},
            {},
        )

    def test_limits_are_told_as_they_are_typed(self, provider: str) -> None:
        kit = kit_of(provider, taken=("theirs",))
        form = form_of(kit)
        fill(kit, form, {NAME: "mine", **FIRST[provider]})
        for name, text, part in (
            ("refresh_seconds", "1", "2"),
            ("base_url", "http://vendor.example", "https"),
            ("ca_file", "no-such.pem", "no such file"),
            (NAME, "two words", "letters"),
            (NAME, "theirs", "already"),
        ):
            fill(kit, form, {name: text})
            assert part in form.faults[name], (name, form.faults)


class TestWhereASecretLives:
    @pytest.mark.parametrize(
        ("way", "typed", "reference"),
        [
            ("here", "canary-key", Here(Secret("canary-key"))),
            ("variable", "TRINSIC_KEY", FromEnv("TRINSIC_KEY")),
            ("command", "pass show 'my key'", FromCommand(("pass", "show", "my key"))),
            ("file", "~/keys/trinsic", FromFile("~/keys/trinsic")),
        ],
    )
    def test_each_place(self, way: str, typed: str, reference: object) -> None:
        kit = kit_of("trinsic-connect")
        form = form_of(kit)
        fill(kit, form, {NAME: "mine", "api_key is kept": way, "api_key": typed})
        draft, wrong = kit.draft(form.given())
        assert not wrong
        assert draft.secrets == {"api_key": reference}
        kind = next(one.field.kind for one in form.fields if one.field.name == "api_key")
        assert kind is (FieldKind.SECRET if way == "here" else FieldKind.TEXT)

    def test_a_typed_secret_is_gone_when_its_place_changes(self) -> None:
        kit = kit_of("trinsic-connect")
        form = form_of(kit)
        fill(kit, form, {"api_key": "canary-key", "api_key is kept": "variable"})
        assert form.given()["api_key"] == "", "it would be shown now"

    @pytest.mark.parametrize(
        ("way", "typed", "sentence"),
        [
            ("here", "two words", "holds a space"),
            ("variable", "NOT A NAME", "environment variable"),
            ("variable", "", "type the name of the environment variable"),
            ("command", "pass 'open", "quotation mark"),
            ("file", "folder/", "path of a file"),
        ],
    )
    def test_what_cannot_be_is_told_without_repeating_it(
        self, way: str, typed: str, sentence: str
    ) -> None:
        kit = kit_of("trinsic-connect")
        form = form_of(kit)
        fill(kit, form, {NAME: "mine", "api_key is kept": way, "api_key": typed})
        assert sentence in form.faults["api_key"]
        assert not typed or typed not in form.faults["api_key"]

    def test_a_stored_one_moves_to_a_variable_and_can_be_taken_out(self) -> None:
        held = stored({"provider": "take-control", "private_key": "x1", "public_key": "x2"})
        kit = kit_of("take-control", held)
        form = form_of(kit)
        assert kit.ways == {"public_key": Way.HERE, "private_key": Way.HERE}
        fill(kit, form, {"base_url": "https://example.test/rest"})
        fill(kit, form, {"private_key is kept": "variable", "private_key": "KEY"})
        fill(kit, form, {"public_key is kept": "nowhere"})
        draft, wrong = kit.draft(form.given())
        assert not wrong
        assert draft.secrets == {"private_key": FromEnv("KEY")}
        assert draft.dropped == {"public_key"}


def test_an_unknown_key_is_taken_out_or_stays_and_says_that_nothing_starts() -> None:
    held = stored({"provider": "trinsic-connect", "api_kee": "canary"})
    kit = kit_of("trinsic-connect", held)
    form = form_of(kit)
    assert "not started" in form.faults["api_kee is unknown"]
    fill(kit, form, {"api_key": "good"})
    form.go_to("api_kee is unknown")
    choose(form, "take it out")
    draft, wrong = kit.draft(form.given())
    assert not wrong
    assert draft.dropped == {"api_kee"}
