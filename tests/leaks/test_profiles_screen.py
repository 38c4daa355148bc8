"""`P`: accounts added and edited with keys that are refused, checks, sign-ins, and secrets that cannot be had."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.end_to_end.pty_terminal import PtyTerminal
from tests.end_to_end.test_profiles_screen import Keyboard, select
from tests.leaks.mirror import Mirror
from tests.leaks.observing import Channel, all_logs, files, leaks, objects, unhurried
from tests.leaks.people import DETECTOR, SECRETS, WAYS, Way
from tests.leaks.running import keep
from tests.leaks.test_references import BAD, Hidden, table
from tests.leaks.test_terminal import WATCH, folders, written
from tui.app import SessionTop
from tui.commands.full_screen import make_desk
from tui.live.accounts import Store
from tui.live.engine import Engine
from tui.model.clock import SystemClock
from tui.profiles.paths import profiles_path, tokens_path
from tui.profiles.store import load
from tui.profiles.tokens import TokenFile
from tui.providers import registry
from tui.screens.pick import PickScreen
from tui.screens.profile_form import ProfileFormScreen
from tui.screens.profile_question import AllTheSameScreen, RemoveScreen
from tui.screens.profile_sign_in import SignInScreen
from tui.screens.profiles import ProfilesScreen
from tui.widgets.form_view import FormView

long = pytest.mark.long
ORDER = list(registry.SPECS)


@contextmanager
def app_over_store() -> Iterator[SessionTop]:
    """The screens and the engine as `watch` puts them together, with the user's own store."""
    path, environ = profiles_path(), dict(os.environ)
    loaded, clock, tokens = (
        load(path, registry.SPECS, environ),
        SystemClock(),
        TokenFile(tokens_path()),
    )
    engine = Engine(
        loaded.profiles,
        connect=unhurried(tokens),
        clock=clock,
        store=Store(path, registry.SPECS, environ),
        renewing=lambda: tokens.renewing,
        poll=False,
    )
    engine.start()
    try:
        yield SessionTop(make_desk(loaded, engine, clock))
    finally:
        engine.stop(3.0)


class Sitting:
    """Somebody at the screen; a picture is taken after each thing done."""

    def __init__(self, app: SessionTop, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.channels: list[Channel] = []

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(2_000):
            if holds():
                break
            await self.pilot.pause(0.02)
        else:
            raise AssertionError(f"still on {self.app.screen}")
        await self.pilot.pause()
        self.look()

    def look(self) -> None:
        """A picture of the screen: it takes longer than all that leads to it."""
        self.channels.append(("picture", self.app.export_screenshot()))

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    def on(self, *kinds: type[object]) -> bool:
        return isinstance(self.app.screen, kinds)

    async def paste(self, values: Mapping[str, str]) -> None:
        for name, text in values.items():
            screen = self.app.screen
            assert isinstance(screen, ProfileFormScreen | SignInScreen)
            screen.state.go_to(name)
            screen.query_one(FormView).post_message(events.Paste(text))
            await self.pilot.pause()
        self.look()

    async def send(self) -> None:
        """To the button and once more, until the vendor has answered; it is kept all the same, the second time."""
        screen = self.app.screen
        assert isinstance(screen, ProfileFormScreen)
        for agreed in (False, True):
            screen.state.go_to_end(True)
            await self.press("enter")
            await self.until(lambda: not screen.state.locked or self.app.screen is not screen)
            if not self.on(AllTheSameScreen):
                return
            await self.press("y" if agreed else "escape")
            if agreed:
                await self.until(lambda: self.app.screen is not screen)

    async def home(self) -> None:
        while not self.on(ProfilesScreen):
            await self.press("escape")


def typed(way: Way, url: str) -> dict[str, str]:
    made = way.profile("desk", url)
    settings = {key: str(value) for key, value in made.settings.items()}
    secrets = {key: SECRETS[kind] for key, kind in way.secrets.items()}
    return {"base_url": made.base_url, **settings, **secrets}


async def adding(at: Sitting, way: Way, url: str) -> None:
    """A new account, from the list of providers to what the vendor says."""
    await at.press("n")
    await at.until(lambda: at.on(PickScreen))
    await at.press(*["down"] * ORDER.index(way.provider), "enter")
    await at.until(lambda: at.on(ProfileFormScreen))
    screen = at.app.screen
    assert isinstance(screen, ProfileFormScreen)
    there = {field.field.name for field in screen.state.fields}
    values = {name: text for name, text in typed(way, url).items() if name in there}
    await at.paste({"name": "new", **values})
    await at.send()
    await at.home()


async def refused_code(at: Sitting) -> None:
    """Until it is sent: an Enter on the heels of a paste is held up."""
    screen = at.app.screen
    assert isinstance(screen, SignInScreen)
    while screen._problem is None:
        if not screen.state.locked:
            screen.state.go_to_end(True)
            await at.pilot.press("enter")
        await at.pilot.pause(0.05)
    await at.until(lambda: not screen.state.locked)


async def sitting(at: Sitting, way: Way, url: str, keys: bool) -> None:
    """Everything that `P` offers for the account `desk`, whose keys are refused. `keys`: they are typed again; else
    they live elsewhere, and the form asks for the place, which is shown."""
    await at.press("P")
    await at.until(lambda: at.on(ProfilesScreen) and bool(at.app.screen.accounts))  # type: ignore[attr-defined]
    await at.press("c")
    await at.press("enter")
    await at.until(lambda: at.on(ProfileFormScreen))
    if keys:
        await at.paste({key: SECRETS[kind] for key, kind in way.secrets.items()})
    await at.send()
    await at.home()
    if way.provider.startswith("goto") and "client_id" in way.settings:
        await at.press("i")
        if at.on(SignInScreen):
            await at.until(lambda: at.app.screen.url is not None)  # type: ignore[attr-defined]
            await at.paste({"answer": SECRETS["authorization code"]})
            await refused_code(at)
            await at.home()
    await adding(at, way, url)
    await at.press("x")
    if at.on(RemoveScreen):
        at.look()
        await at.press("escape")
    await at.press("escape", "L")
    at.look()


async def seen_at(way: Way, url: str, *, keys: bool = True) -> list[Channel]:
    with all_logs() as logs, app_over_store() as app:
        async with app.run_test(size=(160, 45), notifications=True) as pilot:
            at = Sitting(app, pilot)
            await sitting(at, way, url, keys)
            at.channels += objects([app, app.desk.engine])
            app.desk.engine.stop(3.0)  # type: ignore[attr-defined]
            await pilot.pause(0.3)
    return [*at.channels, ("log", logs.getvalue()), *files(profiles_path().parent)]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "way", [one if one == "control" else pytest.param(one, marks=long) for one in WAYS]
)
@pytest.mark.parametrize(
    "play",
    [
        "json-401",
        *(pytest.param(one, marks=long) for one in ("heads-503", "html-200", "nested-400")),
    ],
)
async def test_keys_that_are_refused(way: str, play: str) -> None:
    with Mirror(play) as mirror:
        keep({"desk": WAYS[way].table(mirror.url)})
        found, looked = leaks(DETECTOR, await seen_at(WAYS[way], mirror.url))
        assert any(DETECTOR.hits("", sent.raw) for sent in mirror.sent), "nothing was at stake"
    assert looked > 100
    assert found == []


@pytest.mark.anyio
@pytest.mark.parametrize("bad", [pytest.param(one, marks=long) for one in BAD])
async def test_secrets_that_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    at = Hidden(tmp_path / "kept", monkeypatch)
    way = WAYS["control"]
    with Mirror("json-401") as mirror:
        keep({"desk": table(way, mirror.url, BAD[bad], at)})
        found, looked = leaks(DETECTOR, await seen_at(way, mirror.url, keys=False))
    assert looked > 50
    assert found == []


@long
@pytest.mark.parametrize("play", ["json-401", "heads-503", "percent-401"])
def test_every_byte_of_a_real_terminal(tmp_path: Path, play: str) -> None:
    way = WAYS["control"]
    with Mirror(play) as mirror:
        keep({"control": way.table(mirror.url)})
        with PtyTerminal(WATCH, columns=100, rows=40, cwd=tmp_path) as terminal:
            terminal.wait_for("view:")
            keyboard = Keyboard(terminal)
            keyboard.press("P")
            terminal.wait_for("▸ ")
            select(keyboard, "control")
            keyboard.press("\r")
            terminal.wait_for("Check and save")
            for key, kind in way.secrets.items():
                keyboard.go_to(key)
                keyboard.paste(SECRETS[kind])
            keyboard.button()
            terminal.wait_for("Save it all the same?")
            terminal.quiet_for(0.5)
            keyboard.press("y")
            terminal.wait_for("▸ control")
            terminal.quiet_for(0.5)
            keyboard.press("q")
            terminal.wait_exit()
        found, _ = leaks(DETECTOR, written(terminal, tmp_path, *folders()))
    assert found == []
