"""Everything that the five clients can ask, one entry for each operation that a provider declares.

An entry makes its client send every form of that operation: each field of a form, each choice, each thing that a
listing can be asked for. Refusals are answers too and are let pass: what was sent and answered is checked afterwards.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import product
from typing import Final

from tests.contract.clients import Client, each
from tests.contract.sign_in_calls import SIGN_IN, exchange, refresh, signing
from tests.providers.bad_input import CONTROL, GOTO, SEEIT, TRINSIC, TWILIO
from tests.providers.twilio_writing import FULL
from tui.model.form import Values
from tui.model.operation import Operation
from tui.model.problem import Problem
from tui.model.text import Opaque
from tui.providers import goto_sign_in
from tui.providers.base import Ask
from tui.providers.registry import SPECS
from tui.providers.seeit_pages import QUERY as SEEIT_QUERY
from tui.providers.take_control_query import DETAILED

Calls = Callable[[Client], Awaitable[None]]


# --- Twilio Proxy ----------------------------------------------------------------------------------------------

_NAME: Final = "Order #1 für Łódź & Co"


async def _twilio_services(at: Client) -> None:
    await at.provider.check()


async def _twilio_listing(at: Client) -> None:
    await at.sessions()


async def _twilio_fetch(at: Client) -> None:
    await each(at.provider.row(one.id) for one in at.some((await at.sessions())[:5]))
    with suppress(Problem):
        await at.create({"unique_name": _NAME})
    await each((at.provider.row(Opaque(_NAME)), at.provider.row(Opaque("KC" + "0" * 32))))


async def _twilio_people(at: Client) -> None:
    await each(at.provider.people(one) for one in at.some((await at.sessions())[:5]))


async def _twilio_talk(at: Client) -> None:
    begun = [one for one in await at.sessions() if one.started_at is not None]
    await each(at.provider.transcript(one) for one in at.some(begun[:8]))


async def _twilio_messages(at: Client) -> None:
    """A transcript asks for them, of everybody in the session: some got a message, some did not."""
    await each(at.provider.transcript(one) for one in at.some((await at.sessions())[:20]))


async def _twilio_create(at: Client) -> None:
    form = SPECS[TWILIO].create
    assert form is not None
    choices = [
        {field.name: choice} for field in form.fields if field.choices for choice in field.choices
    ]
    await each((at.provider.create(FULL), at.create({})))
    await each(at.create(one) for one in at.some(choices))


async def _twilio_update(at: Client) -> None:
    with suppress(Problem):
        ref = await at.create({"ttl": "2h"})
        done: tuple[tuple[str, Values], ...] = (
            ("extend", {"by": 3600}), ("set-ttl", {"ttl": 600}), ("close", {}), ("close", {}),
            ("extend", {"by": 60}), ("reopen", {}),
        )  # fmt: skip
        await each(at.provider.act(ref, action, values) for action, values in done)


async def _twilio_delete(at: Client) -> None:
    with suppress(Problem):
        ref = await at.create({})
        await each((at.provider.act(ref, "delete", {}), at.provider.act(ref, "delete", {})))


# --- Trinsic Connect -------------------------------------------------------------------------------------------


async def _trinsic_listing(at: Client) -> None:
    orders = product(("Created", "Updated", "State"), ("Ascending", "Descending"))
    asks = [(("orderBy", by), ("orderDirection", way)) for by, way in orders]
    sizes = [(("page", page), ("pageSize", size)) for page, size in (("1", "1"), ("2", "10"))]
    await each(at.provider.page(Ask(query=query)) for query in at.some((*asks, *sizes)))
    await each((at.provider.page(Ask(query=(("page", "2147483647"),))), at.provider.check()))
    await at.sessions()


async def _trinsic_get(at: Client) -> None:
    found = await at.sessions()
    await each(at.provider.row(one.id) for one in at.some(found[:30]))
    await each((at.provider.transcript(found[0]), at.provider.row(Opaque("urn:ü & no one's"))))


async def _trinsic_create(at: Client) -> None:
    form = SPECS[TRINSIC].create
    assert form is not None
    every = dict.fromkeys((field.name for field in form.fields), "yes")
    some = [{field.name: word} for field in form.fields for word in ("yes", "no")]
    await each(at.create(typed) for typed in at.some(({}, every, *some)))


async def _trinsic_cancel(at: Client) -> None:
    with suppress(Problem):
        ref = await at.create({})
        await each((at.provider.act(ref, "cancel", {}), at.provider.act(ref, "cancel", {})))
        await each((at.provider.act(Opaque("urn:no:one"), "cancel", {}),))


# --- GoToAssist Seeit ------------------------------------------------------------------------------------------


async def _seeit_listing(at: Client) -> None:
    sort = next(field for field in SEEIT_QUERY if field.name == "sort")
    fields = sort.help.rpartition("one of ")[2].split(", ")
    asks: list[tuple[tuple[str, str], ...]] = [(("sort", one),) for one in fields]
    asks += [(("sort", f"{fields[0]},{way}"),) for way in ("asc", "desc")]
    asks += [(("startTime", "2026-01-05"), ("endTime", "1767614400000"))]
    asks += [(("page", "1"), ("size", "7")), (("page", "999999999"), ("size", "1"))]
    await each(at.provider.page(Ask(query=query)) for query in at.some(asks))
    await each((at.provider.check(), at.sessions()))


async def _seeit_create(at: Client) -> None:
    await each((at.create({}),))


async def _seeit_fetch(at: Client) -> None:
    found = await at.sessions()
    await each(at.provider.row(one.id) for one in at.some(found[:30]))
    await each(at.provider.transcript(one) for one in found[:2])
    with suppress(Problem):
        await each((at.provider.row(await at.create({})),))  # 409: it has just been made
    await each((at.provider.row(Opaque("3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10")),))
    await each((at.provider.row(Opaque("123-456-789")),))  # no uuid: it must not be sent


# --- GoToAssist Remote Support ---------------------------------------------------------------------------------


async def _goto_listing(at: Client) -> None:
    await each((at.provider.check(), at.sessions()))


async def _goto_extended(at: Client) -> None:
    assert at.profile.flag("extended_sessions")
    await at.sessions()


async def _goto_fetch(at: Client) -> None:
    await each(at.provider.row(one.id) for one in at.some((await at.sessions())[-30:]))
    with suppress(Problem):
        await each((at.provider.row(await at.create({})),))  # by its token
    await each((at.provider.row(Opaque("SS-0 / none")),))


async def _goto_chats(at: Client) -> None:
    await each(at.provider.transcript(one) for one in at.some((await at.sessions())[-40:]))


async def _goto_links(at: Client) -> None:
    domains = ("crm.example.com", "tickets.example.com", "nobody.example.com")
    await each(at.provider.system_links(one) for one in domains)


async def _goto_start(at: Client) -> None:
    every = {
        "customer_name": "Ana Lindqvist",
        "customer_email": "ana@example.com",
        "partner_object": "7559966",
        "partner_object_url": "https://crm.example.com/tickets/7559966?a=1&b=ü",
        "callback_url": "https://crm.example.com/callback",
    }
    unknown = {"machine_uuid": "3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10"}
    await each(at.create(typed) for typed in at.some(({}, every, {**every, **unknown})))


# --- N-able Take Control ---------------------------------------------------------------------------------------

_FILTERS: Final = (
    (("FILTER_ID", "7301"),),
    (("FILTER_DATE_START_INI", "2026-01-01 00:00:00"), ("FILTER_DATE_START_END", "2026-01-31"),
     ("FILTER_START_METHOD", "ALL"), ("FILTER_PROCESSED", "ALL"), ("FILTER_HAS_VIDEOS", "true")),
    (("FILTER_PROCESSED", "ANSWERED"), ("FILTER_HAS_VIDEOS", "false")),
    (("FILTER_CUSTOMER_NAME", "Ana"), ("FILTER_CUSTOMER_EMAIL", "ana@example.com")),
    (("FILTER_COMPUTER_NAME", "VM2"), ("FILTER_TECH_USERNAME", "tech@example.com")),
)  # fmt: skip


async def _control_history(at: Client) -> None:
    await at.provider.check()
    await each(at.provider.page(Ask(query=query)) for query in _FILTERS)
    await each(at.provider.page(Ask(query=(("vars", name),))) for name in at.some(DETAILED))
    await each((at.provider.page(Ask(query=(("vars", ", ".join(DETAILED)),))),))
    found = await at.sessions()
    await each(at.provider.row(one.id) for one in at.some(found[:12]))
    await each(at.provider.transcript(one) for one in at.some(found[:8]))


async def _control_create(at: Client) -> None:
    every = {
        "technician_username": "tech@example.com",
        "language": "fr",
        "customer_name": "John Doe",
        "customer_email": "john@example.com",
        "customer_number": "d4f%d$3",
        "problem_description": "Unable to access\nnetwork drive",
        "ask_customer_info": "yes",
        "show_waiting_queue": "no",
    }
    departments = [{**every, "department_id": one} for one in ("101", "id_1234")]
    await each(at.create(typed) for typed in at.some(({}, every, *departments)))


# What a client sends beside what its `Spec` declares, such as a sign-in: the row of `contracts.CONTRACTS` that tells
# of it, the operation (its path as the row's document has it), and the provider whose client sends it. Each needs
# its entry below, under the row and the operation's name.
BESIDE: tuple[tuple[str, Operation, str], ...] = tuple(
    (SIGN_IN, one, provider) for provider in (GOTO, SEEIT) for one in goto_sign_in.OPERATIONS
)
# The service that is asked, the operation, and the provider whose client asks.
OPERATIONS: tuple[tuple[str, Operation, str], ...] = (
    *((spec.id, one, spec.id) for spec in SPECS.values() for one in spec.operations),
    *BESIDE,
)

CALLS: dict[tuple[str, str], Calls] = {
    (TWILIO, "list services"): _twilio_services,
    (TWILIO, "list sessions"): _twilio_listing,
    (TWILIO, "fetch session"): _twilio_fetch,
    (TWILIO, "list participants"): _twilio_people,
    (TWILIO, "list interactions"): _twilio_talk,
    (TWILIO, "list message interactions"): _twilio_messages,
    (TWILIO, "create session"): _twilio_create,
    (TWILIO, "update session"): _twilio_update,
    (TWILIO, "delete session"): _twilio_delete,
    (TRINSIC, "create session"): _trinsic_create,
    (TRINSIC, "get session"): _trinsic_get,
    (TRINSIC, "cancel session"): _trinsic_cancel,
    (TRINSIC, "list sessions"): _trinsic_listing,
    (SEEIT, "list sessions"): _seeit_listing,
    (SEEIT, "create session"): _seeit_create,
    (SEEIT, "fetch session"): _seeit_fetch,
    (GOTO, "list sessions"): _goto_listing,
    (GOTO, "list extended sessions"): _goto_extended,
    (GOTO, "fetch session"): _goto_fetch,
    (GOTO, "list chat events"): _goto_chats,
    (GOTO, "list system links"): _goto_links,
    (GOTO, "start screen sharing"): _goto_start,
    (CONTROL, "create session"): _control_create,
    (CONTROL, "session history"): _control_history,
    (SIGN_IN, "sign in"): signing,
    (SIGN_IN, "refresh the token"): refresh,
    (SIGN_IN, "exchange the personal access token"): exchange,
}


def calls_of(provider: str, *, api: bool = True, beside: bool = True) -> Iterator[Calls]:
    """The entries of one client, of its API or `beside` it or both, in order: what is beside comes last."""
    for service, operation, whose in OPERATIONS:
        if whose == provider and (api if service == provider else beside):
            yield CALLS[service, operation.name]
