"""A sixth vendor is a provider, a simulated vendor, and a line in each registry: nothing else has to know of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.screens.desk_app import DeskApp
from tests.sixth import provider, simulated
from tui import cli
from tui.commands import common
from tui.profiles.paths import profiles_path
from tui.profiles.writer import write
from tui.providers import registry
from tui.providers.base import Ask
from tui.screens.detail import DetailScreen
from tui.simulator import vendors
from tui.simulator.server import Simulator

ROOT = Path(__file__).resolve().parents[2]
ID = provider.SPEC.id


@pytest.fixture
def sixth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two registry lines. The modules stand where such modules would stand."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(registry, "SPECS", {**registry.SPECS, ID: provider.SPEC})
    monkeypatch.setattr(registry, "_CONNECT", {**registry._CONNECT, ID: provider.connect})
    monkeypatch.setitem(sys.modules, "tui.simulator.kestrel", simulated)
    monkeypatch.setitem(vendors.VENDORS, ID, vendors.Entry("kestrel", ()))
    monkeypatch.setattr(vendors, "ALL", (*vendors.ALL, ID))


@pytest.fixture
def desk(sixth: None) -> Iterator[Simulator]:
    """The simulated vendor, and its profile in the user's own store."""
    with Simulator(vendors=[ID]) as running:
        write(profiles_path(), lambda _: dict(running.profiles()))
        yield running


def ran(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    """What a command printed."""
    assert cli.main(args) == code, capsys.readouterr().err
    return capsys.readouterr().out


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(told) for told in out.splitlines()]


def test_the_store_takes_its_profile_and_knows_its_keys(desk: Simulator) -> None:
    (profile,) = common.load_store().profiles
    assert (profile.name, profile.provider) == ("kestrel", ID)
    assert "api_key" in profile.secrets

    def misspelt(tables: dict[str, Any]) -> dict[str, Any]:
        tables["profiles"]["kestrel"]["api_kee"] = tables["profiles"]["kestrel"].pop("api_key")
        return tables

    write(profiles_path(), misspelt)
    assert 'did you mean "api_key"?' in common.load_store().broken["kestrel"].message


def test_the_commands_work_over_it(desk: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(ran(capsys, "sessions", "--all", "--json", "--sort", "id"))
    assert [row["id"] for row in found] == [str(7000 + number) for number in range(10)]
    assert {row["status"] for row in found} == {"waiting", "active", "ended"}
    assert found[0]["fields"] == {"floor": 3}
    text = ran(capsys, "show", "kestrel", "7000")
    assert "Caller 0" in text
    assert "kept until" in text
    assert "session created" in ran(capsys, "transcript", "kestrel", "7003")
    assert "the key is accepted" in ran(capsys, "profile", "check", "kestrel")
    assert "kestrel" in ran(capsys, "profile", "list")
    assert "takes nothing" in ran(capsys, "sessions", "--profile", "kestrel", "--help")


def test_it_is_written_to_by_its_own_forms(
    desk: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "topic" in ran(capsys, "create", "kestrel", "--help")
    made = json.loads(ran(capsys, "create", "kestrel", "--set", "topic=Fan", "--json"))
    assert made["session"]["subject"] == "Fan"
    assert "close" in ran(capsys, "act", "kestrel", made["ref"], "--help")
    ran(capsys, "act", "kestrel", made["ref"], "close", "--yes")
    (row,) = rows(ran(capsys, "show", "kestrel", made["ref"], "--json"))
    assert row["status"] == "ended"
    assert cli.main(["create", "kestrel"]) == 2
    assert "topic" in capsys.readouterr().err


@pytest.mark.anyio
async def test_the_screens_show_it(desk: Simulator) -> None:
    profiles = common.load_store().profiles
    app = DeskApp(profiles)
    made = registry.connect(profiles[0], app.clock, lambda exchange: None)
    page = await made.page(Ask())
    sessions = [found for row in page.rows if (found := made.decode(row).session)]
    await made.aclose()
    assert page.next is not None
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app.healthy()
        app.sessions(sessions)
        await pilot.pause()
        picture = app.export_screenshot()
        assert "kestrel" in picture
        for session in sessions:
            told = str(session.customer).replace(" ", "&#160;")
            assert (told in picture) == session.status.live
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, DetailScreen)
        assert "Kestrel&#160;Desk" in app.export_screenshot()


@pytest.mark.anyio
async def test_who_has_no_profile_yet_is_shown_its_example(sixth: None) -> None:
    app = DeskApp((), welcome=True)
    async with app.run_test(size=(120, 50), notifications=True) as pilot:
        await pilot.pause()
        assert "kestrel-desk" in app.export_screenshot()


# --- nothing else knows a vendor ---------------------------------------------------------------------------

_NAMES = re.compile(
    r"twilio|trinsic|seeit|goto[-_ ]?assist|goto[-_](?:rs|desk|remote)|\bGoTo\b|n-able|take[-_ ]control|kestrel",
    re.IGNORECASE,
)
_WIRE = re.compile(
    r"account_sid|service_sid|\b[a-z]+_sid\b|PageToken|\bIdv[A-Z]|resultVp|supportKey|session(?:Notes|Data[A-Z])|"
    r"FILTER_[A-Z]|CHAT_INFO|INTEGRATION-KEY|TrinsicAuthorization|launchUrl|partnerObject|systemLinks"
)
_ELSEWHERE = [
    path
    for path in sorted((ROOT / "tui").rglob("*.py"))
    if path.relative_to(ROOT / "tui").parts[0] not in ("providers", "simulator")
]


@pytest.mark.parametrize("path", _ELSEWHERE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_other_room_knows_a_vendor(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    known = [*registry.SPECS, *(spec.title for spec in registry.SPECS.values())]
    assert [name for name in known if name in source] == []
    assert _NAMES.findall(source) == []
    assert _WIRE.findall(source) == []


def test_the_worked_example_is_this_one() -> None:
    """Every piece of code that CONTRIBUTING.md shows of it stands so in the files that these tests run."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = [ROOT / "tests/sixth/provider.py", ROOT / "tests/sixth/simulated.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    pieces = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(pieces) >= 4
    for piece in pieces:
        for part in piece.split("    ...\n"):
            assert part.strip("\n") in code, part
