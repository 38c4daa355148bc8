"""What the paths of `refusals` name, as the simulator has it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.contract.refusals import signed
from tests.contract.sign_in_calls import SIGN_IN
from tests.providers.bad_input import TWILIO, Desk
from tui.simulator.web import Vendor


def server(desk: Desk, service: str) -> Any:
    """A vendor's API, or a server that it has beside that."""
    vendors: list[Vendor] = [*desk.simulator.vendors.values()]
    found = {one.id: one for vendor in vendors for one in (vendor, *vendor.beside())}
    return found[service]


async def places(http: httpx.AsyncClient, desk: Desk, service: str) -> dict[str, str]:
    """By the names that stand in paths of that service."""
    if service == SIGN_IN:
        return {"client": server(desk, SIGN_IN).tokens.client_id}
    return await _talk(http, desk) if service == TWILIO else {}


async def _talk(http: httpx.AsyncClient, desk: Desk) -> dict[str, str]:
    """A session of Twilio's where something was said, also by the application to one of its people."""
    service = desk.told(TWILIO)["service_sid"]
    base, keys = f"/{TWILIO}/v1/Services/{service}/Sessions", signed(desk, TWILIO)

    async def rows(path: str, key: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await http.get(base + path, headers=keys)).json()[key]
        return found

    for session in await rows("", "sessions"):
        said = await rows(f"/{session['sid']}/Interactions", "interactions")
        for person in await rows(f"/{session['sid']}/Participants", "participants") if said else ():
            part = f"/{session['sid']}/Participants/{person['sid']}/MessageInteractions"
            if told := await rows(part, "interactions"):
                return {
                    "service": service,
                    "session": session["sid"],
                    "interaction": said[0]["sid"],
                    "participant": person["sid"],
                    "message": told[0]["sid"],
                }
    raise AssertionError("the application said nothing to anybody")
