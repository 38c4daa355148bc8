"""The last steps of `profile add` and `profile edit`: the vendor is asked, then the draft is saved, or not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace

from tui.commands import asking, profile_check
from tui.commands.narrate import say
from tui.model.clock import Clock
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem
from tui.model.text import line
from tui.profiles import editing
from tui.profiles.drafts import Draft
from tui.profiles.editing import Change
from tui.profiles.paths import profiles_path, tokens_path
from tui.profiles.profile_tables import declared
from tui.profiles.tokens import TokenFile
from tui.providers import registry
from tui.providers.base import Offer, Spec

NOT_SAVED = "nothing was saved"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check before saving came to. `code` is an exit code: 0 when everything works.

    `sign_in`: it cannot be checked yet, since somebody has to sign in first.
    """

    code: int = 0
    offers: tuple[Offer, ...] = ()
    sign_in: bool = False


def checked(name: str, draft: Draft, clock: Clock, *, may_choose: bool = False) -> Outcome:
    """Asks the vendor whether the profile would work, and tells what it said. Nothing is saved.

    With `may_choose` nothing is told yet where the vendor offers what to choose from: it will be asked again.
    """
    spec = registry.find(draft.provider)
    try:
        profile = editing.candidate(profiles_path(), name, draft, registry.SPECS, os.environ)
    except ConfigProblem as problem:
        say(f"{name} cannot be checked: {problem.message}")
        return Outcome(problem.exit_code)
    if spec.needs_sign_in(profile) and not TokenFile(tokens_path()).holds(name):
        return Outcome(sign_in=True)
    if asking.can_ask():
        asking.show(f"Asking {spec.title} ...")
    (reply,) = profile_check.check([profile], clock)
    offers = tuple(found.offer for found in reply.findings if found.offer is not None)
    open_offers = tuple(offer for offer in offers if offer.key not in profile.settings)
    if may_choose and open_offers:
        return Outcome(offers=open_offers)
    return Outcome(profile_check.report(name, reply))


def chosen(spec: Spec, draft: Draft, offers: tuple[Offer, ...]) -> Draft:
    """The draft with a value chosen for each key that the vendor offers some for."""
    for name, key in declared(spec).items():
        mine = [(offer.value, offer.words) for offer in offers if offer.key == name]
        if mine:
            first = "1" if len(mine) == 1 else ""
            options = [(line(value), words) for value, words in mine]
            value = asking.choose(f"{name}: {key.help}", options, first)
            draft = replace(draft, settings={**draft.settings, name: value})
    return draft


def wanted_all_the_same(args: argparse.Namespace, outcome: Outcome) -> bool:
    """Whether it is saved, which after a failed check somebody has to want. Says so when it is not."""
    if outcome.code == 0 or args.yes:
        return True
    if asking.can_ask():
        if asking.agreed("The check failed. Save it all the same?"):
            return True
        say(NOT_SAVED)
    else:
        ways = "--yes saves it all the same, --no-check asks no vendor"
        say(f"{NOT_SAVED}, since the check failed ({ways})")
    return False


def save(name: str, write: Callable[[], Change]) -> Change:
    """Writes, and says what became of the file. Raises `ConfigProblem`."""
    path = profiles_path()
    lost = editing.loses_comments(path)
    change = write()
    if not change.keys and change.before == change.now:
        say(f"{name} is as it was: {NOT_SAVED}")
        return change
    say(f"{change.now} is saved in {path}")
    if lost:
        say("the comments in that file are gone: a rewrite keeps every key and no comment")
    return change


def next_step(name: str, spec: Spec, outcome: Outcome) -> None:
    """What is still to be done with a saved profile, if anything."""
    if outcome.sign_in:
        say(f"{spec.title} has to be signed in to first: sessiontop profile sign-in {name}")
