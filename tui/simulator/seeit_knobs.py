"""What the Seeit sheet leaves open. Tokens and refusals for their number: see `goto_knobs`."""

from tui.simulator.knobs import Knob

KNOBS: tuple[Knob, ...] = (
    Knob(
        "seeit-absent",
        ("absent", "null"),
        "optional fields that do not apply are left out, or null",
        "sheet seeit 1.3: not stated",
    ),
    Knob(
        "seeit-errors",
        ("int_err_code", "errorCode", "empty", "html"),
        "error bodies: {int_err_code,msg}, {errorCode,description,incident}, nothing, or a page",
        "sheet seeit 1.1: no schema; goto 3.6",
    ),
    Knob(
        "seeit-host",
        ("own", "vendor"),
        "links lead to where the client asked, or to the host in the vendor's sample",
        "sheet seeit 1, 1.4",
    ),
    Knob(
        "seeit-bounds",
        ("inclusive", "exclusive"),
        "whether startTime and endTime themselves are in",
        "sheet seeit 1.1: UNCONFIRMED",
    ),
    Knob(
        "seeit-settle",
        ("2s", "30s", "none"),
        "for how long after its creation a session answers 409 and is in no list",
        "sheet seeit 1.1: a short time",
    ),
    Knob(
        "seeit-max-size",
        ("none", "100"),
        "largest page, whatever size says",
        "sheet seeit 1.1: not stated",
    ),
    Knob(
        "seeit-download",
        ("72h", "1h"),
        "how long after the end the download URL is good: as long as there is data, or less",
        "sheet seeit 1.3, 1.4",
    ),
)
