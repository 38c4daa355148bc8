"""A profile at each vendor, one for each way of proving who asks, with secrets that are nobody's."""

from __future__ import annotations

from dataclasses import dataclass

from tests.leaks.canaries import Detector, make
from tui.model.profile import Profile, Setting
from tui.model.secret import Secret

SECRETS = {
    "Twilio auth token": make(1, 32, "0123456789abcdef"),
    "Twilio API key's secret": make(2, 32),
    "Trinsic key": f"tk_{make(3, 48, '0123456789abcdef')}",
    "GoTo access token": f"eyJ{make(4, 60)}=",
    "GoTo personal access token": f"{make(5, 32)}+/{make(6, 10)}==",
    "GoTo client secret": make(7, 40),
    "Take Control public key": make(8, 40, "0123456789abcdef"),
    "Take Control private key": make(9, 40, "0123456789abcdef"),
    "OAuth access token": f"eyJ{make(10, 80)}",
    "OAuth refresh token": f"eyJ{make(11, 80)}",
    "authorization code": f"eyJ{make(12, 50)}.aa",
    "renewed access token": f"eyJ{make(13, 80)}",
    "renewed refresh token": f"eyJ{make(14, 80)}",
}
DETECTOR = Detector(SECRETS)
_ACCOUNT = "AC" + "0" * 32


@dataclass(frozen=True)
class Way:
    """One way of proving who asks at a vendor."""

    provider: str
    settings: dict[str, Setting]
    secrets: dict[str, str]
    path: str = ""

    def profile(self, name: str, url: str) -> Profile:
        """The profile, with its API and its sign-in server at this address."""
        settings = dict(self.settings)
        if "client_id" in settings:
            settings["auth_url"] = f"{url}/auth"
        secrets = {key: Secret(SECRETS[kind]) for key, kind in self.secrets.items()}
        return Profile(name, self.provider, f"{url}{self.path}", settings, secrets)

    def table(self, url: str) -> dict[str, object]:
        """The same as it stands in profiles.toml."""
        made = self.profile("x", url)
        keys = {key: SECRETS[kind] for key, kind in self.secrets.items()}
        return {"provider": self.provider, "base_url": made.base_url, **made.settings, **keys}


_CLIENT: dict[str, Setting] = {
    "client_id": "0429b009e8519d1c",
    "redirect_uri": "https://desk.example/in",
}
_CLIENT_SECRET = {"client_secret": "GoTo client secret"}
_PAT = {**_CLIENT_SECRET, "personal_access_token": "GoTo personal access token"}
_TWILIO: dict[str, Setting] = {"account_sid": _ACCOUNT, "service_sid": "KS" + "0" * 32}

WAYS = {
    "twilio": Way("twilio-proxy", _TWILIO, {"auth_token": "Twilio auth token"}),
    "twilio-key": Way(
        "twilio-proxy",
        {"api_key_sid": "SK" + "0" * 32, "service_sid": "KS" + "0" * 32},
        {"auth_token": "Twilio API key's secret"},
    ),
    "trinsic": Way("trinsic-connect", {}, {"api_key": "Trinsic key"}),
    "goto": Way("goto-remote-support", {}, {"access_token": "GoTo access token"}),
    "goto-pat": Way("goto-remote-support", _CLIENT, _PAT),
    "goto-oauth": Way("goto-remote-support", _CLIENT, _CLIENT_SECRET),
    "seeit": Way("goto-seeit", {}, {"access_token": "GoTo access token"}),
    "seeit-oauth": Way("goto-seeit", _CLIENT, _CLIENT_SECRET),
    "control": Way(
        "take-control",
        {"time_zone": "UTC"},
        {"public_key": "Take Control public key", "private_key": "Take Control private key"},
        "/rest",
    ),
}
ONE_EACH = ("twilio", "trinsic", "goto", "seeit", "control")
