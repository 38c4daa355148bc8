"""What the Take Control sheet leaves open, or shows in more than one form."""

from tui.simulator.knobs import Knob

TIME_ZONES = ("UTC", "Europe/Lisbon", "America/New_York", "Asia/Kolkata")

KNOBS: tuple[Knob, ...] = (
    Knob(
        "control-details",
        ("nested-list", "flat-list", "object"),
        "history: details is [{nrequests, requests}] (sample), the records, or {nrequests,...}",
        "sheet take-control 4.6",
    ),
    Knob(
        "control-nrequests",
        ("count", "sample"),
        "nrequests is the number of records, or 22 whatever is listed (vendor's sample)",
        "sheet take-control 4.6",
    ),
    Knob(
        "control-chat",
        ("xml", "object", "list", "empty"),
        "CHAT_INFO and VIDEO_LINKS: XML in a string, nested JSON, a bare list, or an empty string",
        "sheet take-control 4.4: UNCONFIRMED",
    ),
    Knob(
        "control-id",
        ("present", "absent"),
        "whether the var ID is answered (seen in one client, not in the table)",
        "sheet take-control 4.4",
    ),
    Knob(
        "control-booleans",
        ("true", "TRUE", "1"),
        "HAS_VIDEOS as a JSON boolean, a word, or a number",
        "sheet take-control 4.6",
    ),
    Knob(
        "control-empty-date",
        ("empty", "null", "absent"),
        "DATE_END of a running session",
        "sheet take-control 4.6",
    ),
    Knob(
        "control-keys",
        ("lower", "upper"),
        "keys of a record: computer_name (sample) or COMPUTER_NAME (vars)",
        "sheet take-control 4.6",
    ),
    Knob(
        "control-waiting",
        ("listed", "hidden"),
        "whether FILTER_PROCESSED=ALL lists requests that nobody answered",
        "sheet take-control 4.5: UNCONFIRMED",
    ),
    Knob(
        "control-waiting-time",
        ("absent", "present"),
        "waiting_time in a record of history, which is no var (vendor's sample)",
        "sheet take-control 4.6",
    ),
    Knob(
        "control-order",
        ("oldest", "newest", "shuffled"),
        "order of the records: first started first, last started first, or none",
        "sheet take-control 4.5: no sort documented",
    ),
    Knob(
        "control-match",
        ("exact", "substring"),
        "how FILTER_CUSTOMER_NAME and the like compare (neither minds upper or lower case)",
        "sheet take-control 4.5: UNCONFIRMED",
    ),
    Knob(
        "control-vars",
        ("accepted", "refused"),
        "vars and filters that only the legacy API documents",
        "sheet take-control 4.4: UNCONFIRMED",
    ),
    Knob(
        "control-time-zone",
        TIME_ZONES,
        "the account's time zone, in which all dates are given and taken",
        "sheet take-control 4.5: UNCONFIRMED",
    ),
    Knob(
        "control-success",
        ("absent", "null", "object"),
        "errorDetails of a success: absent, null, or an object of nulls",
        "sheet take-control 4.7",
    ),
    Knob(
        "control-error-status",
        ("http", "200"),
        "an ERROR comes with its HTTP status, or with 200",
        "sheet take-control 4.7: UNCONFIRMED",
    ),
    Knob(
        "control-create",
        ("sample", "session-id", "id", "empty"),
        "details of a created session: {nrequests, requests}, a guessed id, or {}",
        "sheet take-control 4.3",
    ),
    Knob(
        "control-strangers",
        ("accepted", "refused"),
        "a technician or department that the account does not have",
        "sheet take-control 4.3: UNCONFIRMED",
    ),
    Knob(
        "control-throttle",
        ("off", "on"),
        "on: every request is one too many (429)",
        "sheet take-control 4.7: limit UNCONFIRMED",
    ),
    Knob(
        "control-retry-after",
        ("none", "seconds", "date"),
        "Retry-After with a 429",
        "sheet take-control 4.7: UNCONFIRMED",
    ),
)
