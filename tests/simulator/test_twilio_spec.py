"""An empty list against the example in the vendor's own OpenAPI file. The other answers: see `tests/contract`."""

from __future__ import annotations

import json

from tests.simulator.conftest import World
from tests.vendor_documents import document


def test_an_empty_list_is_the_vendors_sample(world: World) -> None:
    paths = document("twilio_proxy_v1.json")["paths"]
    empty = world.twilio.get("/v1/Services").json()["services"]
    url = next(one["links"]["sessions"] for one in empty if one["unique_name"] == "sandbox")
    answer = world.twilio.get(url).json()
    get = paths["/v1/Services/{ServiceSid}/Sessions"]["get"]
    examples = get["responses"]["200"]["content"]["application/json"]["examples"]
    sample = json.loads(
        json.dumps(examples["readEmpty"]["value"])
        .replace("https://proxy.twilio.com", world.proxy["base_url"])
        .replace("KS" + "a" * 32, url.split("/")[-2])
    )
    assert answer == sample
