"""What the tests of the profiles share: a desk over a real store, and what the vendors would say to a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.pilot import Pilot

from tests.screens.creating import heard, press, settle
from tests.screens.desk_app import DeskApp
from tui.live.accounts import Store
from tui.live.commands import Command, DropProfile, ListProfiles, SaveProfile, TryProfile
from tui.live.messages import HealthState, ProfileSaved, ProfilesListed, Tried
from tui.model.problem import Problem
from tui.model.text import line
from tui.net.tokens import MemoryTokens
from tui.profiles.shelf import MemoryStore, Where
from tui.profiles.store import load
from tui.providers import registry
from tui.providers.base import Finding, Verdict

URL = "https://api.example.test"
SID, TOKEN = "AC" + "0" * 32, "f" * 32
PROFILES: dict[str, dict[str, Any]] = {
    "proxy-eu": {
        "provider": "twilio-proxy",
        "account_sid": SID,
        "auth_token": TOKEN,
        "service_sid": "KS" + "1" * 32,
    },
    "identity": {"provider": "trinsic-connect", "api_key": {"env": "TRINSIC_KEY"}},
    "seeit": {"provider": "goto-seeit", "access_token": "token-of-seeit", "read_only": True},
    "goto-desk": {
        "provider": "goto-remote-support",
        "client_id": "client",
        "client_secret": {"command": ["pass", "show", "goto"]},
        "redirect_uri": "https://example.test/landed",
    },
    "control": {
        "provider": "take-control",
        "base_url": f"{URL}/rest",
        "public_key": "public-one",
        "private_key": "private-one",
    },
    "broken": {"provider": "trinsic-connect", "api_kee": "x"},
}
WORKS = (Finding(Verdict.OK, line("the keys are accepted")),)
REFUSED = (
    Finding(Verdict.OK, line("the public key can create")),
    Finding(Verdict.FAIL, line("the private key was refused (403: no such key)")),
)


class StoreApp(DeskApp):
    """Does to the store what the engine would, when the test says so: `serve`."""

    def __init__(
        self,
        profiles: Mapping[str, Any] = PROFILES,
        *,
        where: Where | None = None,
        read_only: bool = False,
        ascii_only: bool = False,
        welcome: bool = False,
    ) -> None:
        self.where = where or MemoryStore({"profiles": profiles}, MemoryTokens())
        self.environ = {"TRINSIC_KEY": "key-of-trinsic"}
        self.store = Store(self.where, registry.SPECS, self.environ, read_only)
        loaded = load(self.where, registry.SPECS, self.environ, only=[])
        super().__init__(
            loaded.profiles,
            problems=[problem.message for problem in loaded.problems],
            read_only=read_only,
            ascii_only=ascii_only,
            welcome=welcome,
        )
        self.desk.broken = {name: found.message for name, found in loaded.broken.items()}
        self.findings: Sequence[Finding] = WORKS
        self.answers: list[object] = []
        self._served = 0

    def serve(self) -> bool:
        """Answers what was asked since the last time; False when there was nothing to answer."""
        before = len(self.answers)
        asked = self.recorder.sent[self._served :]
        self._served = len(self.recorder.sent)
        for command in asked:
            answer = self._answer(command)
            if answer is not None:
                self.answers.append(answer)
                self.answer(answer)
        return len(self.answers) > before

    def _answer(self, command: Command) -> ProfilesListed | Tried | ProfileSaved | None:
        match command:
            case ListProfiles(ticket):
                return self.store.list(ticket)
            case TryProfile():
                return self._tried(command)
            case SaveProfile() | DropProfile():
                save = isinstance(command, SaveProfile)
                try:
                    return self.store.save(command) if save else self.store.drop(command)  # type: ignore[arg-type]
                except Problem as problem:
                    return ProfileSaved(command.ticket, problem=problem)
        return None

    def _tried(self, command: TryProfile) -> Tried:
        try:
            profile, sign_in = self.store.candidate(command)
        except Problem as problem:
            return Tried(command.ticket, problem=problem)
        given = frozenset({*profile.settings, *profile.secrets})
        return Tried(command.ticket, () if sign_in else tuple(self.findings), sign_in, given)

    def kept(self) -> dict[str, Any]:
        """What the store holds now."""
        assert isinstance(self.where, MemoryStore)
        return dict(self.where.read().tables["profiles"])

    def healths(self) -> None:
        for profile in self.desk.profiles:
            self.health(profile.name, HealthState.OK)


async def served(pilot: Pilot[None], app: StoreApp) -> None:
    """Until the screen asks nothing more."""
    await settle(pilot)
    while app.serve():
        await heard(pilot)


async def opened(pilot: Pilot[None], app: StoreApp, *keys: str) -> None:
    """The profiles on the screen, then these keys, with the store's answers between."""
    app.healths()
    await heard(pilot)
    for key in ("P", *keys):
        await press(pilot, key)
        await served(pilot, app)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """As a person types it."""
    named = {"-": "minus", "_": "underscore", " ": "space"}
    for character in text:
        if character in named:
            await pilot.press(named[character])
        else:
            pilot.app.simulate_key(character)
    await heard(pilot)


async def save(pilot: Pilot[None], app: StoreApp) -> None:
    """Enter to the button and once more, then what the vendor and the store say."""
    await press(pilot, "enter", "enter")
    await served(pilot, app)
