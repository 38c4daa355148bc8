"""What a run leaves in sight: everything that could end on a screen, in a log, a file, a report or a debugger."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import random
import threading
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.traceback import Traceback

from tests.leaks.canaries import Detector, Hit
from tui.live.commands import (
    Act,
    Check,
    Command,
    Create,
    FindLinks,
    Open,
    Query,
    Read,
    SignIn,
    StartSignIn,
)
from tui.live.engine import Engine
from tui.live.messages import Batch
from tui.model.clock import Clock, SystemClock
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.net.exchange import Report
from tui.net.tokens import MemoryTokens, TokenStore
from tui.providers import registry
from tui.providers.base import Capability, Connect, Provider

Channel = tuple[str, str | bytes]
SHOWN = frozenset({"terminal", "screen", "picture"})
"""Channels in which a word may be in pieces: coloured, broken at the end of a line, set with gaps."""
FAMILIES = {
    "repr of Task": "tasks, futures and threads",
    "repr of Future": "tasks, futures and threads",
    "repr of Thread": "tasks, futures and threads",
    "thread": "tasks, futures and threads",
    "repr": "repr of our objects",
    "traceback": "exception chains, with the locals of all frames",
    "args of": "exception chains, with the locals of all frames",
    "attributes of": "exception chains, with the locals of all frames",
    "log": "logs at DEBUG",
    "file": "files and their names",
    "terminal": "bytes of a real terminal, and its screens",
    "screen": "bytes of a real terminal, and its screens",
    "picture": "SVG pictures",
    "stdout": "what commands print",
    "stderr": "what commands print",
    "exit": "exit codes",
    "arguments": "processes: arguments, environments, open files",
    "environment": "processes: arguments, environments, open files",
    "heard": "what a server or a proxy heard that must not know",
}
"""What channels are called in the figures, by what their names hold; the first that fits."""
looked_at: dict[str, int] = {}
"""The texts that the running test has looked at so far, and the hits, by family."""
_PATIENCE = 40.0
# The walk ends here: these lead to the whole interpreter, or to what a secret is meant to be kept in.
CLOSED = (
    Secret,
    type,
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.CodeType,
)


# --- objects ----------------------------------------------------------------------------------------------------


def objects(roots: Iterable[object]) -> Iterator[Channel]:
    """The `repr` of every object of ours, of every task and of every error that can be reached."""
    seen: set[int] = set()
    waiting: list[object] = list(roots)
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, CLOSED):
            continue
        seen.add(id(found))
        kind = type(found)
        ours = kind.__module__.startswith("tui.")
        if ours or isinstance(found, (asyncio.Future, BaseException, threading.Thread)):
            yield f"repr of {kind.__qualname__}", repr(found)
        if isinstance(found, BaseException):
            yield from error(found)
        waiting.extend(gc.get_referents(found))


def error(problem: BaseException) -> Iterator[Channel]:
    """An error as crash reporters show it: the whole chain, with the locals of each frame, whatever hides it."""
    link: BaseException | None = problem
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        name = type(link).__qualname__
        yield f"args of {name}", repr(link.args)
        yield f"attributes of {name}", repr(getattr(link, "__dict__", {}))
        if link.__traceback__ is not None:
            yield f"traceback of {name}", with_locals(link)
        link = link.__cause__ or link.__context__


def with_locals(problem: BaseException) -> str:
    """The locals of all frames as rich prints them, without its source lines: the colouring takes most of a run."""
    trace = Traceback.extract(
        type(problem),
        problem,
        problem.__traceback__,
        show_locals=True,
        locals_max_string=100_000,
        locals_max_length=1_000,
    )
    return "\n".join(
        f"{frame.name} {name} = {node}"
        for stack in trace.stacks
        for frame in stack.frames
        for name, node in (frame.locals or {}).items()
    )


# --- logs -------------------------------------------------------------------------------------------------------


@contextmanager
def all_logs() -> Iterator[io.StringIO]:
    """Everything that any library logs at DEBUG, as a handler at the root gets it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


# --- files ------------------------------------------------------------------------------------------------------

STORES = frozenset({"profiles.toml", "tokens.toml"})


def files(*folders: Path) -> Iterator[Channel]:
    """What stands in files beside the two stores, whose matter secrets are; and all names."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            yield "file name", path.name
            if path.is_file() and path.name not in STORES:
                yield f"file {path.name}", path.read_bytes().decode("latin-1")


# --- the engine -------------------------------------------------------------------------------------------------


def unhurried(tokens: TokenStore) -> Connect:
    """The real providers, without the budget: these figures are about something else."""
    connect = registry.connecting(tokens)

    def made(profile: Profile, clock: Clock, report: Report) -> Provider:
        provider = connect(profile, clock, report)
        provider.spec = replace(provider.spec, requests_per_second=10_000.0)
        return provider

    return made


_REFS = {
    "twilio-proxy": "KC" + "0" * 32,
    "trinsic-connect": "0f6a8cfe-9f1b-4a77-a1f5-6a7e7b1b5f11",
}


def questions(profile: Profile) -> list[Command]:
    """Everything that can be asked of a profile; the tickets count up from 1."""
    ref = ref_of(profile.provider)
    spec, name = registry.find(profile.provider), profile.name
    found: list[Command] = [
        Query(1, name, full=True),
        Read(2, name, Opaque(ref)),
        Read(3, name, Opaque(ref), transcript=True),
        Check(4, name),
        Open(5, name, Opaque(ref)),
        Create(6, name, values(profile)),
    ]
    found += [
        Act(10 + number, name, Opaque(ref), action.id) for number, action in enumerate(spec.actions)
    ]
    if Capability.SYSTEM_LINKS in spec.capabilities:
        found.append(FindLinks(30, name, "desk.example"))
    return found


def ref_of(provider: str) -> str:
    """An id as that vendor gives them."""
    return _REFS.get(provider, "SS-1001")


def values(profile: Profile) -> dict[str, str]:
    form = registry.find(profile.provider).create
    assert form is not None
    return {} if form.field("customer_name") is None else {"customer_name": "Ana"}


def asked(
    profiles: Sequence[Profile],
    folder: Path,
    *,
    pasted: str | None = None,
    tokens: TokenStore | None = None,
) -> Iterator[Channel]:
    """Asks everything of these profiles, and yields all that can be seen of it then, and when it has ended."""
    with all_logs() as logs:
        engine = Engine(
            profiles,
            connect=unhurried(tokens or MemoryTokens()),
            clock=SystemClock(),
            rng=random.Random(3),
            state=folder,
        )
        engine.start()
        batches = []
        try:
            for profile in profiles:
                batches += answers(engine, questions(profile))
                if (
                    pasted is not None
                    and Capability.SIGN_IN in registry.find(profile.provider).capabilities
                ):
                    batches += answers(engine, [StartSignIn(50, profile.name)])
                    batches += answers(engine, [SignIn(51, profile.name, pasted)])
            yield from objects([engine, batches])
            yield from (("thread", repr(one)) for one in threading.enumerate())
        finally:
            engine.stop(5.0)
        yield from objects([engine])
    yield "log", logs.getvalue()
    yield from files(folder)


def answers(engine: Engine, commands: Sequence[Command]) -> list[Batch]:
    """All that is told until each has its answer."""
    for command in commands:
        engine.send(command)
    waiting = {getattr(command, "ticket", 0) for command in commands}
    batches = []
    while waiting:
        assert engine.mailbox.wait(_PATIENCE), f"no answer to {waiting}"
        batch = engine.mailbox.drain()
        batches.append(batch)
        waiting -= {getattr(answer, "ticket", 0) for answer in batch.answers}
    return batches


def leaks(detector: Detector, channels: Iterable[Channel]) -> tuple[list[Hit], int]:
    """What was found, and in how many places it was looked for."""
    found, looked = [], 0
    for channel, text in channels:
        looked += 1
        hits = detector.hits(channel, text, shown=channel in SHOWN)
        family = next((told for begin, told in FAMILIES.items() if begin in channel), "other")
        for name, count in ((family, 1), (f"{family} hits", len(hits))):
            looked_at[name] = looked_at.get(name, 0) + count
        found += hits
    return found, looked
