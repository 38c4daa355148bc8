"""Makes the pictures in screenshots/ from the running demo with a fixed seed and a clock that stands still.

    python -m tests.shots           writes the SVG files, and the PNG files where resvg-py is installed
    python -m tests.shots --check   says which are stale and exits 1

The PNG files carry the SHA-256 of the SVG that they were drawn from, so that a test can tell a stale one without
drawing it again.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import struct
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from tui.app import SessionTop
from tui.commands.full_screen import make_desk
from tui.live.engine import Engine
from tui.live.messages import HealthState
from tui.model.clock import SystemClock
from tui.profiles.store import Loaded, load
from tui.profiles.writer import write
from tui.providers import registry
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

FOLDER = Path(__file__).resolve().parents[1] / "screenshots"
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SEED, SESSIONS = 7, 110
PATIENCE = 30.0
_KEYWORD = b"svg-sha256"


class StillClock(SystemClock):
    """The wall clock stands at NOW; waiting still takes its time, so that the engine works as ever."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the terminal's size, and the keys that lead there from the queue."""

    name: str
    columns: int
    rows: int
    keys: tuple[str, ...] = ()


# The first of the live web chats.
CHATS = ("slash", *"chat", "space", *"active", "enter", "g")
SHOTS = (
    Shot("queue-120x40", 120, 40, ("g",)),
    Shot("queue-80x24", 80, 24, ("g",)),
    Shot("detail-120x40", 120, 40, (*CHATS, "enter")),
    Shot("transcript-120x40", 120, 40, (*CHATS, "t")),
)


async def settled(pilot: Pilot[None], app: SessionTop, ready: Callable[[], bool]) -> None:
    """Lets the program work until `ready` holds and nothing more comes out of the mailbox."""
    async with asyncio.timeout(PATIENCE):
        while not ready():
            await pilot.pause(0.05)
        await pilot.pause(0.3)


def known(app: SessionTop) -> bool:
    """Every profile answered whole, and every live row has got its people."""
    desk = app.desk
    healths = [desk.board.health.get(profile.name) for profile in desk.profiles]
    if not all(health and health.state is HealthState.OK and health.complete for health in healths):
        return False
    live = [session for session in desk.board.sessions.values() if session.status.live]
    return bool(live) and all(
        session.customer or session.customer_phone or session.provider != "twilio-proxy"
        for session in live
    )


async def shoot(shot: Shot, loaded: Loaded) -> str:
    """The SVG of one picture."""
    clock = StillClock()
    engine = Engine(loaded.profiles, connect=registry.connect, clock=clock, rng=random.Random(SEED))
    engine.start()
    try:
        desk = make_desk(loaded, engine, clock, read_only=False, ascii_only=False, zone=UTC)
        app = SessionTop(desk)
        async with app.run_test(size=(shot.columns, shot.rows), notifications=True) as pilot:
            await settled(pilot, app, lambda: known(app))
            for key in shot.keys:
                await pilot.press(key)
                await pilot.pause()
            depth = 1 + (shot.name.split("-")[0] != "queue")
            await settled(pilot, app, lambda: len(app.screen_stack) == depth and arrived(app))
            return app.export_screenshot(title="sessiontop demo")
    finally:
        engine.stop()


def arrived(app: SessionTop) -> bool:
    """Whether the screen on top has what it asked the vendor for."""
    from tui.screens.detail import DetailScreen
    from tui.screens.transcript import TranscriptScreen

    screen = app.screen
    if isinstance(screen, DetailScreen | TranscriptScreen):
        return screen.complete
    return True


async def all_shots() -> dict[str, str]:
    """Name to SVG, for every picture."""
    with (
        TemporaryDirectory() as folder,
        Simulator(
            vendors=ALL, seed=SEED, sessions=SESSIONS, rate=0, clock=lambda: NOW
        ) as simulator,
    ):
        path = Path(folder) / "store" / "profiles.toml"
        write(path, lambda _old: simulator.profiles())
        loaded = load(path, registry.SPECS, {})
        return {shot.name: await shoot(shot, loaded) for shot in SHOTS}


def digest(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()


def png(svg: str) -> bytes:
    """The picture, marked with the digest of the SVG it was drawn from."""
    import resvg_py

    # The SVG names a web font; this one is on most machines and has every sign that the screens draw.
    data = bytes(resvg_py.svg_to_bytes(svg_string=svg.replace("Fira Code", "DejaVu Sans Mono")))
    text = _KEYWORD + b"\0" + digest(svg).encode()
    chunk = (
        struct.pack(">I", len(text))
        + b"tEXt"
        + text
        + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    )
    head = 8 + 25  # the signature and the IHDR chunk
    return data[:head] + chunk + data[head:]


def png_digest(data: bytes) -> str | None:
    """The digest that a picture was marked with."""
    place = data.find(_KEYWORD + b"\0")
    return None if place < 0 else data[place + len(_KEYWORD) + 1 :][:64].decode("ascii", "replace")


def main() -> int:
    made = asyncio.run(all_shots())
    if "--check" in sys.argv[1:]:
        stale = [
            name
            for name, svg in made.items()
            if not (FOLDER / f"{name}.svg").exists()
            or (FOLDER / f"{name}.svg").read_text(encoding="utf-8") != svg
        ]
        print("stale: " + ", ".join(stale) if stale else "all pictures are fresh")
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name, svg in made.items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        try:
            (FOLDER / f"{name}.png").write_bytes(png(svg))
        except ModuleNotFoundError:
            print(f"{name}.png not drawn: pip install 'sessiontop[screenshots]'")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
