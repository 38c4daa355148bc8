"""Writes whose outcome is not known yet: what every command that lists or writes says of them first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from shlex import quote
from typing import Any, Final

from tui.commands.narrate import say
from tui.live.intents import IntentFolder
from tui.model.clock import Clock
from tui.model.intent import CREATE, Intent
from tui.model.problem import MESSAGE_LIMIT, UnknownOutcome
from tui.model.profile import Profile
from tui.model.text import Clean, line, shown
from tui.model.zone import LocalZone
from tui.profiles.paths import state_dir

_NAMED: Final = 3


def mention(profiles: Sequence[Profile], clock: Clock) -> None:
    """One sentence on stderr for each of these profiles that has such writes."""
    contents = IntentFolder(state_dir()).read()
    for trouble in contents.troubles:
        say(trouble)
    for profile in profiles:
        known = (profile.name, profile.provider)
        intents = [kept.intent for kept in contents.kept]
        open_ = [one for one in intents if (one.profile, one.provider) == known]
        if open_:
            say(sentence(profile.name, sorted(open_, key=lambda one: one.at), clock.now()))


def sentence(profile: str, intents: Sequence[Intent], now: datetime) -> Clean:
    """What is not known of these writes, the oldest first."""
    count = len(intents)
    many = "1 write" if count == 1 else f"{count} writes"
    has = "has" if count == 1 else "have"
    named = "; ".join(_words(intent) for intent in intents[:_NAMED])
    more = f"; and {count - _NAMED} more" if count > _NAMED else ""
    return line(
        f"{many} at {profile} {has} an unknown outcome since {since(intents[0].at, now)}: {named}{more}:"
        " look at the list before trying again; sessiontop watch looks for what came of it",
        MESSAGE_LIMIT,
    )


def _words(intent: Intent) -> str:
    looked = f", not found in {intent.looked} looks" if intent.looked else ""
    if intent.what != CREATE:
        of = "" if intent.ref is None else f" of {shown(intent.ref, 60)}"
        return f"{intent.what}{of}{looked}"
    by = "" if intent.reference is None else f" ({shown(intent.reference, 60)})"
    return f"create{by}{looked}"


def since(at: datetime, now: datetime) -> str:
    """The operator's own time; the date too, unless it is today's."""
    zone = LocalZone()
    then, today = at.astimezone(zone), now.astimezone(zone)
    return then.strftime("%H:%M" if then.date() == today.date() else "%Y-%m-%d %H:%M")


def kept(problem: UnknownOutcome, profile: Profile) -> UnknownOutcome:
    """The same problem, with how to see it again where its intent is on the disk."""
    if problem.intent is None:
        return problem
    hint = f"; sessiontop sessions --profile {quote(profile.name)} tells of it again"
    return UnknownOutcome(
        f"{line(problem.message, MESSAGE_LIMIT - len(hint))}{hint}", problem.intent
    )


def intent_shape(problem: UnknownOutcome) -> dict[str, Any]:
    """For JSON: the intent's id, and the reference by which the session can be found."""
    intent = problem.intent
    return {
        "intent": None if intent is None else intent.id,
        "reference": None if intent is None else intent.reference,
    }
