"""What the Trinsic sheet leaves open, or knows in more than one form."""

from tui.simulator.knobs import Knob

KNOBS: tuple[Knob, ...] = (
    Knob(
        "trinsic-unknown-id",
        ("400", "404"),
        "status for a session id that is not known",
        "sheet trinsic 2.2: UNCONFIRMED",
    ),
    Knob(
        "trinsic-cancel-refused",
        ("400", "409"),
        "status for a cancel of a session that is over",
        "sheet trinsic 2.2: UNCONFIRMED",
    ),
    Knob(
        "trinsic-cancel-code",
        ("RpcCanceled", "RpCanceled"),
        "failCode of a canceled session: SessionFail... in this generation's spelling or a later one",
        "sheet trinsic 2.3",
    ),
    Knob(
        "trinsic-total",
        ("present", "missing"),
        "total and more of a list, or neither as in the first versions",
        "sheet trinsic 2.3",
    ),
    Knob(
        "trinsic-fail-code",
        ("none", "absent"),
        "failCode of what did not fail: SessionFailNone, or not there",
        "sheet trinsic 2.3",
    ),
    Knob(
        "trinsic-content-type",
        ("application/json", "text/plain", "text/json"),
        "the type that JSON is sent as",
        "sheet trinsic 2.1",
    ),
    Knob(
        "trinsic-past-end",
        ("empty", "last", "400"),
        "a page past the end: no sessions, the last page again, or a refusal",
        "sheet trinsic 2.3: UNCONFIRMED",
    ),
    Knob(
        "trinsic-second-header",
        ("present", "same", "ignored"),
        "TrinsicAuthorization must be there, or hold the key too, or is not looked at",
        "sheet trinsic 2.1: UNCONFIRMED",
    ),
    Knob(
        "trinsic-list-data",
        ("full", "bare"),
        "whether list gives clientToken, resultVp and identity data, or null for them",
        "sheet trinsic 2.3: UNCONFIRMED",
    ),
    Knob(
        "trinsic-member-names",
        ("pascal", "camel"),
        "names in memberNames of a 400: PageSize or pageSize",
        "sheet trinsic 2.2: UNCONFIRMED",
    ),
    Knob(
        "trinsic-ties",
        ("created", "shuffled"),
        "order of sessions whose order key is the same",
        "sheet trinsic 2.3: UNCONFIRMED",
    ),
)
