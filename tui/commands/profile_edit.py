"""`sessiontop profile edit`: changes to one account; what is not named, secrets above all, stays as it is."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from tui.commands import asking, profile_add, profile_options, profile_saving
from tui.commands.interview import Interview
from tui.model.clock import Clock, SystemClock
from tui.model.nearest import meant
from tui.model.problem import UsageProblem
from tui.profiles import editing
from tui.profiles.drafts import Draft, faults, name_fault
from tui.profiles.editing import Change, Stored
from tui.profiles.paths import profiles_path
from tui.profiles.profile_tables import declared
from tui.providers import registry


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """As `profile add`; without a single change given, the keys are asked for at the terminal."""
    path = profiles_path()
    held = editing.stored(path, args.name, registry.SPECS, os.environ)
    draft = _draft(args, held)
    new = args.rename or args.name
    _require_name(args.name, new)
    empty = not (draft.settings or draft.secrets or draft.dropped)
    outcome = profile_saving.Outcome()
    if not args.no_check and not (empty and draft.provider == held.provider):
        outcome = profile_saving.checked(args.name, draft, clock or SystemClock())
        if not profile_saving.wanted_all_the_same(args, outcome):
            return outcome.code
    profile_saving.save(args.name, lambda: _write(args.name, new, draft))
    profile_saving.next_step(new, registry.find(draft.provider), outcome)
    return 0


def _write(name: str, new: str, draft: Draft) -> Change:
    """The keys first: should the rename fail, what was typed is not lost."""
    path = profiles_path()
    change = editing.put(path, name, draft, registry.SPECS, new=False)
    if new == name:
        return change
    renamed = editing.rename(path, name, new)
    return Change(renamed.before, renamed.now, change.keys)


def _require_name(name: str, new: str) -> None:
    if new == name:
        return
    if (fault := name_fault(new)) is not None:
        raise UsageProblem(fault)
    if new in editing.names(profiles_path()):
        raise UsageProblem(f'there is a profile "{new}" already: take another name')


def _draft(args: argparse.Namespace, held: Stored) -> Draft:
    """What is to change. Raises `UsageProblem` for a fault in it."""
    given = profile_options.first_look(args)
    provider = args.provider or given.provider or held.provider
    if provider not in registry.SPECS:
        raise UsageProblem(
            f"{args.name}: unknown provider{meant(provider, registry.SPECS)}: name it with --provider"
        )
    spec = registry.find(provider)
    keys = declared(spec)
    given = profile_options.read(args, given, keys)
    secrets = {**given.secrets, **profile_options.prompted(given, keys)}
    dropped = _dropped(args.unset, held)
    draft = Draft(provider, given.settings, secrets, dropped)
    folder = profiles_path().parent
    wrong = faults(draft, registry.SPECS, folder, held.keys)
    unasked = given.keys or dropped or args.rename or args.input is not None
    if unasked or not asking.can_ask():
        for name, sentence in wrong.items():
            raise UsageProblem(profile_options.with_way(name, sentence, keys))
        if not unasked and provider == held.provider:
            raise UsageProblem("say what to change: --set, --secret, --unset or --rename")
        return draft
    return Interview(spec, registry.SPECS, folder, held).fill(draft)


def _dropped(names: Sequence[str], held: Stored) -> frozenset[str]:
    known = {*held.keys, *held.unknown}
    for name in names:
        if name not in known:
            raise UsageProblem(f"{held.name} has no key {name}{meant(name, known)}")
    return frozenset(names)


def more_help(argv: Sequence[str]) -> str:
    """The keys of the provider of the profile that is named in `argv`."""
    named = [word for word in argv if not word.startswith("-")]
    if not named:
        return "For the keys: sessiontop profile edit NAME --help"
    held = editing.stored(profiles_path(), named[0], registry.SPECS, os.environ)
    return "\n".join(profile_add.key_help(registry.find(held.provider)))
