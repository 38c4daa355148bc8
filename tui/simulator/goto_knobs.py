"""What the GoTo sheet leaves open for Remote Support, or reports in more than one form."""

from tui.simulator.knobs import Knob

KNOBS: tuple[Knob, ...] = (
    Knob(
        "goto-auth-error",
        ("403", "401"),
        "status for a missing, wrong or expired token: as observed (403) or as the vendor says",
        "sheet goto 3.6",
    ),
    Knob(
        "goto-scheme",
        ("both", "bearer", "oauth_token"),
        "which Authorization schemes are accepted",
        "sheet goto 2, 3.5: UNCONFIRMED",
    ),
    Knob(
        "goto-events",
        ("object", "array", "nested-name"),
        "a transcript: {..., events:[...]}, a bare array, or the array under another name",
        "sheet goto 2.6: UNCONFIRMED",
    ),
    Knob(
        "goto-system-links",
        ("array", "object"),
        "systemLinks as a list or as one object",
        "sheet goto 2.7: UNCONFIRMED",
    ),
    Knob(
        "goto-ids",
        ("string", "number"),
        "sessionId as SS-87555 (sample) or as a number (list table)",
        "sheet goto 2.1",
    ),
    Knob(
        "goto-window",
        ("started", "overlap"),
        "fromTime/toTime select by the start, or take all that ran in the window",
        "sheet goto 2.4: UNCONFIRMED",
    ),
    Knob(
        "goto-not-started",
        ("hidden", "listed", "without-id"),
        "notStarted sessions in lists: absent, present, or present with no sessionId yet",
        "sheet goto 2.3: the id appears only after the start",
    ),
    Knob(
        "goto-status-case",
        ("camel", "lower", "upper"),
        "status words: notStarted, notstarted or NOTSTARTED",
        "sheet goto 2.1: camel case as written",
    ),
    Knob(
        "goto-type-case",
        ("lower", "upper"),
        "sessionType in answers: screen_sharing or SCREEN_SHARING",
        "sheet goto 2.1",
    ),
    Knob(
        "goto-chat-by-id",
        ("found", "404"),
        "whether GET /sessions/{id} knows web-chat sessions",
        "sheet goto 2.2: documented for screen sharing",
    ),
    Knob(
        "goto-extended",
        ("found", "404"),
        "whether /extendedsessions exists (seen in one client only)",
        "sheet goto 2.4",
    ),
    Knob(
        "goto-total",
        ("count", "sample"),
        "totalNumSessions is the count, or 500 whatever is listed (vendor's sample)",
        "sheet goto 2.4",
    ),
    Knob(
        "goto-session-token",
        ("nested", "top", "launch-url"),
        "sessionToken of a created session: beside launchUrl, at the top, or only in launchUrl",
        "sheet goto 2.3: position UNCONFIRMED",
    ),
    Knob(
        "goto-absent",
        ("absent", "null"),
        "optional fields that do not apply are left out, or null",
        "sheet goto 2.1: absent",
    ),
    Knob(
        "goto-collaborators",
        ("objects", "strings"),
        "items of collaborators",
        "sheet goto 2.1: UNCONFIRMED",
    ),
    Knob(
        "goto-retry-after",
        ("none", "seconds", "date"),
        "Retry-After with a 429",
        "sheet goto 3.7: not documented",
    ),
)
