"""What the GoTo sheet documents of signing in in several generations, or leaves open."""

from tui.simulator.knobs import Knob

KNOBS: tuple[Knob, ...] = (
    Knob(
        "goto-profiles",
        ("token", "sign-in", "pat"),
        "how the profiles of both GoTo products prove who asks: by a token that is good, by a sign-in "
        "that is still to be made, or by a personal access token",
        "sheet goto 3.2",
    ),
    Knob(
        "goto-refresh",
        ("omit", "same", "rotate"),
        "refresh_token in the answer to a refresh: none, the same one, or a new one each time; with "
        "rotate one is good once, ends the access token before it, and revokes everything when it "
        "comes again",
        "sheet goto 3.4: three generations",
    ),
    Knob(
        "goto-token-type",
        ("documented", "absent", "always"),
        "token_type: missing where no refresh_token comes along, never there, or always",
        "sheet goto 3.3, 3.4",
    ),
    Knob(
        "goto-expires-in",
        ("number", "string"),
        "expires_in as 3600 or as the text of it",
        "sheet goto 3.3",
    ),
    Knob(
        "goto-consent",
        ("granted", "denied"),
        "whether the user allows the access on the sign-in page",
        "sheet goto 3.1",
    ),
    Knob(
        "goto-pat",
        ("on", "off"),
        "whether the personal_access_token grant is enabled for the client",
        "sheet goto 3.2",
    ),
    Knob(
        "goto-pat-refresh",
        ("absent", "given"),
        "whether the exchange of a personal access token answers a refresh token too",
        "sheet goto 8.4: UNCONFIRMED",
    ),
    Knob(
        "goto-sign-in",
        ("current", "gone-404", "gone-200"),
        "the sign-in server as it is, or as the legacy host that says it is no longer valid",
        "sheet goto 3.1: status not recorded",
    ),
)
