"""What the Twilio sheet leaves open or reports in more than one form."""

from tui.simulator.knobs import Knob

KNOBS: tuple[Knob, ...] = (
    Knob(
        "twilio-order",
        ("created", "updated", "shuffled"),
        "order of lists: newest created first, newest updated first, or none that makes sense",
        "sheet twilio 1.5: ordering UNCONFIRMED",
    ),
    Knob(
        "twilio-paging",
        ("anchored", "shifting"),
        "a next page begins after the last row seen, or at a row number (rows then repeat or slip)",
        "sheet twilio 1.5: token format UNCONFIRMED",
    ),
    Knob(
        "twilio-page-size",
        ("echo", "clamped"),
        "meta.page_size repeats the request or says the 100 really used",
        "sheet twilio 1.5: UNCONFIRMED",
    ),
    Knob(
        "twilio-interaction-data",
        ("string", "object", "null"),
        "data of an interaction: JSON in a string, a bare object (2019 samples), or nothing",
        "sheet twilio 1.6",
    ),
    Knob(
        "twilio-app-messages",
        ("apart", "listed", "none"),
        "what the application sent to a participant: in MessageInteractions only, in Interactions too, or nothing",
        "sheet twilio 1.6: whether Interactions holds them is UNCONFIRMED",
    ),
    Knob(
        "twilio-resource-type",
        ("title", "lower"),
        "inbound/outbound_resource_type: Message (REST) or message (webhooks)",
        "sheet twilio 1.6",
    ),
    Knob(
        "twilio-interaction-type",
        ("lower", "title"),
        "type of an interaction: message (REST) or Message (webhooks)",
        "sheet twilio 1.6",
    ),
    Knob(
        "twilio-dates",
        ("seconds", "milliseconds"),
        "2015-07-30T20:00:00Z (REST samples) or with .818 (webhooks)",
        "sheet twilio 1.4",
    ),
    Knob(
        "twilio-updated",
        ("state", "interaction"),
        "date_updated moves when the status changes, or with every interaction too",
        "sheet twilio 1.4: not stated",
    ),
    Knob(
        "twilio-closed-reason",
        ("api", "empty", "null", "words"),
        "closed_reason of a closed session",
        "sheet twilio 1.4: other values UNCONFIRMED",
    ),
    Knob(
        "twilio-past-expiry",
        ("refused", "taken"),
        "an update with a DateExpiry in the past (which ends the session); create refuses always",
        "sheet twilio 1.3: stated for create only",
    ),
    Knob(
        "twilio-unique-name",
        ("accepted", "refused"),
        "whether a session can be fetched by its UniqueName",
        "sheet twilio 1.2: INFERRED",
    ),
    Knob(
        "twilio-errors",
        ("classic", "rfc9457", "html"),
        "error bodies: {code,message,more_info,status}, problem details, or a gateway's page",
        "sheet twilio 1.7",
    ),
    Knob(
        "twilio-rate-code",
        ("20429", "80621"),
        "the code of a 429",
        "sheet twilio 1.7",
    ),
    Knob(
        "twilio-retry-after",
        ("none", "seconds", "date"),
        "Retry-After with a 429",
        "sheet twilio 1.8: UNCONFIRMED",
    ),
)
