"""The desk's identity checks in Trinsic Connect's words (sheet trinsic 2.3)."""

from __future__ import annotations

import json
from datetime import date, timedelta

from tui.simulator.chance import hex_of, mix, pick
from tui.simulator.identity import FACTS, Check, Reason, Step
from tui.simulator.odd import GONE, Row, nameless, patched
from tui.simulator.people import Person
from tui.simulator.uuids import UuidIds
from tui.simulator.web import Stage, iso

_PREFIX = "urn:trinsic:idvsession:"
STATES = {
    Step.ORDERED: "IdvCreated",
    Step.OPENED: "IdvInitiated",
    Step.SIGNING_IN: "IdvAuthenticating",
    Step.SHOWING: "IdvInProgress",
    Step.PASSED: "IdvSuccess",
    Step.FAILED: "IdvFailed",
}
_FAIL_CODES = {
    None: "None",
    Reason.INTERNAL: "Internal",
    Reason.INAUTHENTIC: "VerificationFailed",
    Reason.UNSUPPORTED: "VerificationFailed",
    Reason.SIGN_IN: "Authentication",
    Reason.EXPIRED: "Expired",
    Reason.CUSTOMER: "UserCanceled",
}
_DOCUMENT_CODES = {
    Reason.INTERNAL: "VerificationFailInternal",
    Reason.INAUTHENTIC: "VerificationFailInauthentic",
    Reason.UNSUPPORTED: "VerificationFailUnsupportedDocument",
}
_ODD: tuple[dict[str, object], ...] = (
    {"state": "IdvPaused"},
    {"created": "soon", "updated": 1718271291.5},
    {"verifications": [{"id": 7, "type": "Passport"}]},
    {"state": GONE, "failCode": 7},
    {"verifications": None, "clientToken": GONE, "updated": 0},
    {"resultVp": {"not": "text"}, "created": 10**25},
    {"state": "IdvFailed", "failCode": "SessionFailOther", "created": -1},
)
# Names of the facts inside a presentation, where they differ (sheet trinsic 2.3, samples).
_SUBJECT = {"idNumber": "number", "expirationDate": "expiryDate", "address": "streetAddress"}
_COUNTRIES = {
    "en": "GBR", "de": "DEU", "fr": "FRA", "es": "ESP", "sv": "SWE", "pl": "POL", "cs": "CZE",
    "tr": "TUR", "pt": "BRA", "ja": "JPN", "zh": "CHN", "ko": "KOR", "el": "GRC", "uk": "UKR",
    "vi": "VNM", "he": "ISR", "ar": "EGY",
}  # fmt: skip
_STREETS = ("Example Road", "Sample Street", "Test Avenue", "Placeholder Lane", "Nowhere Square")
_YEAR = 365


class SessionNames:
    """`urn:trinsic:idvsession:` and a UUID (sheet trinsic 2.3)."""

    def __init__(self, seed: int) -> None:
        self._ids = UuidIds(seed, "trinsic session")

    def public_id(self, serial: int) -> str:
        return _PREFIX + self._ids.of(serial)

    def serial(self, public_id: str) -> int | None:
        head, digits = public_id[: len(_PREFIX)], public_id[len(_PREFIX) :]
        return self._ids.serial(digits) if head == _PREFIX else None


class Rows:
    """Makes the vendor's objects."""

    def __init__(self, stage: Stage, names: SessionNames) -> None:
        self._stage, self._names = stage, names
        self._seed = stage.desk.seed
        self._verifications = UuidIds(self._seed, "trinsic verification")
        self._nameless = nameless(stage.desk.sessions(Check.ordered(0, None).kind))

    def session(self, check: Check, bare: bool = False) -> Row:
        """A Session; `bare` without what only one session's own answer may hold."""
        row: Row = {
            "id": self._names.public_id(check.serial),
            "clientToken": None if bare else self._words(self._client_token(check), check, 1),
            "state": STATES[check.step],
            "verifications": self._verification_map(check, bare),
        }
        if check.step is Step.FAILED or self._stage.play["trinsic-fail-code"] == "none":
            row["failCode"] = self._fail_code(check)
        row["resultVp"] = self._presentation(check) if not bare and _passed(check) else None
        row |= {"created": check.created // 1000, "updated": check.moved // 1000}
        if self._stage.play["rows"] == "odd":
            row = patched(row, check.serial, _ODD)
            if check.serial == self._nameless:
                del row["id"]
        return row

    def _words(self, text: str, check: Check, slot: int) -> str:
        return self._stage.words(text, check, slot)

    def _client_token(self, check: Check) -> str:
        return "ct_" + hex_of(self._seed, f"client token {check.serial}", 48)

    def _fail_code(self, check: Check) -> str:
        if check.reason is Reason.DESK:
            return "SessionFail" + self._stage.play["trinsic-cancel-code"]
        return "SessionFail" + _FAIL_CODES[check.reason]

    # Verifications

    def _verification_map(self, check: Check, bare: bool) -> Row:
        name = self._words(self._verifications.of(check.serial), check, 2)
        return {name: self._verification(check, name, bare)}

    def _verification(self, check: Check, name: str, bare: bool) -> Row:
        state, code = "VerificationPending", "VerificationFailNone"
        if _passed(check):
            state = "VerificationSuccess"
        elif check.reason in _DOCUMENT_CODES:
            state, code = "VerificationFailed", _DOCUMENT_CODES[check.reason]
        elif check.blurred:
            code = "VerificationFailInvalidImage"
        row: Row = {
            "id": name,
            "type": "GovernmentId",
            "state": state,
            "failCode": code,
            "reused": _passed(check) and mix(self._seed, check.serial, 61) % 7 == 0,
            "updated": (check.begun or 0) // 1000,
        }
        if check.wanted is not None:
            row["governmentIdOptions"] = {name: name in check.wanted for name in FACTS}
        if _passed(check) and not bare:
            row["normalizedGovernmentIdData"] = dict.fromkeys(FACTS) | self._facts(check)
        return row

    # What a passed check tells

    def _facts(self, check: Check) -> dict[str, str]:
        """The wanted facts of the document, all of them where nobody chose."""
        known = self._document(check, self._stage.desk.stories.customer(check))
        return {name: known[name] for name in FACTS if check.wanted is None or name in check.wanted}

    def _document(self, check: Check, person: Person) -> dict[str, str]:
        roll = mix(self._seed, check.serial, 62)
        today = date.fromisoformat((iso(check.created) or "")[:10])
        issued = today - timedelta(days=30 + roll % (8 * _YEAR))
        expires = issued + timedelta(days=10 * _YEAR)
        born = today - timedelta(days=19 * _YEAR + (roll >> 16) % (60 * _YEAR))
        given, _, family = person.name.partition(" ")
        country = _COUNTRIES.get(person.language, "GBR")
        street = f"{1 + (roll >> 32) % 180} {pick(_STREETS, self._seed, check.serial, 63)}"
        return {
            "idNumber": f"{country[:2]}{(roll >> 24) % 10**8:08d}",
            "givenName": self._words(given, check, 3),
            "familyName": self._words(family or given, check, 4),
            "address": self._words(f"{street}, {country}", check, 5),
            "dateOfBirth": born.isoformat(),
            "country": country,
            "issueDate": issued.isoformat(),
            "expirationDate": expires.isoformat(),
        }

    def _presentation(self, check: Check) -> str:
        """A Verifiable Presentation as JSON text; signed by nobody."""
        subject = {
            _SUBJECT.get(name, name): f"{value}T00:00:00"
            if name.endswith(("Date", "Birth"))
            else value
            for name, value in self._facts(check).items()
            if name != "country"
        }
        credential = {
            "type": ["IdentityDocument_v0", "VerifiableCredential"],
            "credentialSubject": subject,
            "issuanceDate": iso(check.ended),
            "issuer": "did:web:issuer.example.com",
            "proof": {
                "type": "BbsBlsSignatureProof2020",
                "nonce": hex_of(self._seed, f"nonce {check.serial}"),
                "proofValue": hex_of(self._seed, f"proof {check.serial}", 64),
            },
        }
        return json.dumps(
            {
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": [credential],
                "id": f"urn:uuid:{self._verifications.of(check.serial, 1)}",
            }
        )


def _passed(check: Check) -> bool:
    return check.step is Step.PASSED
