"""`sessiontop profile add`: a new account, asked for at the terminal or given by a script, checked, then saved."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui.commands import asking, profile_options, profile_saving, render
from tui.commands.interview import Interview
from tui.commands.profile_options import Given
from tui.model.clock import Clock, SystemClock
from tui.model.nearest import meant
from tui.model.problem import UsageProblem
from tui.model.profile import KeyKind
from tui.profiles import editing
from tui.profiles.drafts import Draft, faults, name_fault
from tui.profiles.paths import profiles_path
from tui.profiles.profile_tables import declared
from tui.providers import registry
from tui.providers.base import Spec

_TAKEN = 'there is a profile "{name}" already: sessiontop profile edit {name}'


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """What the check found goes to stdout. 0 when it is saved; else the check's exit code, or 2.

    Raises `UsageProblem` and `ConfigProblem` for what cannot be saved at all.
    """
    clock = clock or SystemClock()
    talks = asking.can_ask() and args.input is None
    given = profile_options.first_look(args)
    name = _name(given.name, talks)
    spec = _provider(given.provider, talks)
    draft = _draft(args, given, spec, talks)
    outcome = profile_saving.Outcome()
    if not args.no_check:
        draft, outcome = _checked(name, spec, draft, talks, clock)
        if not profile_saving.wanted_all_the_same(args, outcome):
            return outcome.code
    path = profiles_path()
    profile_saving.save(name, lambda: editing.put(path, name, draft, registry.SPECS, new=True))
    profile_saving.next_step(name, spec, outcome)
    return 0


def _name(name: str, talks: bool) -> str:
    """A good name that is not taken."""
    taken = editing.names(profiles_path())
    if name or not talks:
        if not name:
            raise UsageProblem("name the profile: sessiontop profile add NAME --provider ID")
        _require_free(name, taken)
        return name
    while True:
        name = asking.ask("name of the profile (yours to choose, such as support-eu)")
        try:
            _require_free(name, taken)
        except UsageProblem as problem:
            asking.show(f"  {problem.message}")
        else:
            return name


def _require_free(name: str, taken: Sequence[str]) -> None:
    if (fault := name_fault(name)) is not None:
        raise UsageProblem(fault)
    if name in taken:
        raise UsageProblem(_TAKEN.format(name=name))


def _provider(provider: str, talks: bool) -> Spec:
    specs = registry.SPECS
    if not provider and talks:
        provider = asking.choose("provider", [(spec.id, spec.title) for spec in specs.values()])
    if provider not in specs:
        named = (
            f'there is no provider "{provider}"'
            if provider
            else "name the provider with --provider"
        )
        raise UsageProblem(f"{named}{meant(provider, specs)}")
    return specs[provider]


def _draft(args: argparse.Namespace, given: Given, spec: Spec, talks: bool) -> Draft:
    """All that is given and, where somebody can be asked, the rest. Raises `UsageProblem` for a fault in it."""
    keys = declared(spec)
    given = profile_options.read(args, given, keys)
    folder = profiles_path().parent
    secrets = {**given.secrets, **profile_options.prompted(given, keys)}
    draft = Draft(spec.id, given.settings, secrets)
    wrong = faults(draft, registry.SPECS, folder)
    for name, sentence in wrong.items():
        if not talks or name in given.keys:
            raise UsageProblem(profile_options.with_way(name, sentence, keys))
    if not talks or (not wrong and given.keys):
        return draft
    return Interview(spec, registry.SPECS, folder).fill(draft)


def _checked(
    name: str, spec: Spec, draft: Draft, talks: bool, clock: Clock
) -> tuple[Draft, profile_saving.Outcome]:
    """Checks; where the vendor offers what to choose from, again with the choice."""
    outcome = profile_saving.checked(name, draft, clock, may_choose=talks)
    if not outcome.offers:
        return draft, outcome
    draft = profile_saving.chosen(spec, draft, outcome.offers)
    return draft, profile_saving.checked(name, draft, clock)


def more_help(argv: Sequence[str]) -> str:
    """The keys of the provider that is named in `argv`."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--provider", default="")
    provider = parser.parse_known_args(list(argv))[0].provider
    if not provider:
        known = render.pairs([(f"  {spec.id}", spec.title) for spec in registry.SPECS.values()])
        return "\n".join(["providers (--provider ID --help lists the keys of one):", *known])
    return "\n".join(key_help(_provider(provider, talks=False)))


def key_help(spec: Spec) -> list[str]:
    """Every key of a provider, with the option that takes it."""
    rows = []
    for name, key in declared(spec).items():
        option = "--secret" if key.kind is KeyKind.SECRET else "--set"
        told = [key.help, " or ".join(key.choices)]
        if name == "base_url":
            told.append(f"default {spec.default_base_url}" if spec.default_base_url else "required")
        elif key.default is not None:
            told.append(f"default {_plain(key.default)}")
        rows.append((f"  {option} {name}=", "; ".join(filter(None, told))))
    needed = ", or ".join(" and ".join(keys) for keys in spec.needs.any_of)
    return [f"keys of {spec.title} (needed: {needed}):", *render.pairs(rows)]


def _plain(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
