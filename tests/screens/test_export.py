"""`e`: what is handed over as a file, from the key to what the engine is asked to write."""

from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest

from tests.screens.acting_app import (
    ANA,
    CHIDI,
    LENA,
    ActingApp,
    keys,
    news,
    on_top,
    only,
    ready,
    said,
    settle,
    shown,
)
from tests.screens.desk_app import conversation
from tui.live.commands import Read, Save
from tui.live.messages import Opened, Saved, Spoken
from tui.model.problem import UsageProblem
from tui.model.secret import Secret
from tui.model.text import line
from tui.screens.export import ExportScreen
from tui.screens.exports import rows_text, safe_name
from tui.screens.queue import QueueScreen

pytestmark = pytest.mark.anyio


def saves(app: ActingApp) -> list[Save]:
    return [command for command in app.recorder.sent if isinstance(command, Save)]


async def named(app: ActingApp, path: str) -> None:
    """Puts that path into the field in place of the one proposed."""
    from textual.widgets import Input

    app.screen.query_one(Input).value = path


async def test_the_rows_of_the_view_go_to_a_file_that_is_agreed_to() -> None:
    app = ActingApp()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await keys(pilot, "e")
        assert on_top(app) is ExportScreen
        count = len(queue.table.rows)
        assert f"Write {count} sessions (view live) to a new file" in shown(app)
        assert "sessiontop-live-20260314-092653.jsonl" in shown(app)
        assert saves(app) == []
        await keys(pilot, "enter")
        (save,) = saves(app)
        rows = [json.loads(row) for row in save.text.splitlines()]
        assert [row["id"] for row in rows] == [str(row.id) for row in queue.table.rows]
        assert set(rows[0]) >= {"links", "fields", "estimated_wait_minutes", "expires_at"}
        app.answer(Saved(save.ticket, save.path))
        await news(pilot)
        assert f"{count} sessions written to" in said(app)


async def test_the_marked_ones_alone_as_csv() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = {CHIDI, LENA}
        await settle(pilot)
        await keys(pilot, "e")
        assert "2 sessions (marked)" in shown(app)
        await named(app, "~/evidence.CSV")
        await keys(pilot, "enter")
        (save,) = saves(app)
        assert save.path == "~/evidence.CSV"
        rows = list(csv.DictReader(io.StringIO(save.text)))
        assert {row["id"] for row in rows} == {CHIDI.id, LENA.id}
        assert {row["customer_phone"] for row in rows} == {"'+14155550123", "'+4915155501"}


async def test_a_name_with_another_ending_is_not_taken() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await keys(pilot, "e")
        await named(app, "/etc/passwd")
        await keys(pilot, "enter")
        assert "the name has to end in .jsonl, .json, .csv" in shown(app)
        assert saves(app) == []
        await keys(pilot, "escape")
        assert on_top(app) is QueueScreen


async def test_why_nothing_was_written_is_told() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await keys(pilot, "e", "enter")
        (save,) = saves(app)
        app.answer(Saved(save.ticket, save.path, UsageProblem("x.jsonl is there already")))
        await news(pilot)
        assert "x.jsonl is there already" in said(app)


async def test_a_transcript_as_it_is_shown() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "ana")
        await keys(pilot, "t")
        app.answer(Spoken(ANA, conversation()))
        await news(pilot)
        await keys(pilot, "e")
        assert "Write the transcript (5 entries)" in shown(app)
        assert "transcript-goto-desk-SS-1.md" in shown(app)
        await keys(pilot, "enter")
        (save,) = saves(app)
        assert save.text.startswith("# Session SS-1\n")
        assert "shows E-52." in save.text
        app.answer(Saved(save.ticket, save.path))
        await news(pilot)
        assert "5 entries written to" in said(app)


async def test_from_the_detail_it_is_read_first_also_when_that_was_left() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "ana")
        await keys(pilot, "enter", "e")
        await named(app, "talk.json")
        await keys(pilot, "enter", "escape")
        assert on_top(app) is QueueScreen
        (read,) = [command for command in app.recorder.sent if isinstance(command, Read)]
        assert read.transcript
        app.answer(Opened(read.ticket, app.desk.board.sessions[ANA], conversation()))
        await news(pilot)
        (save,) = saves(app)
        assert [entry["kind"] for entry in json.loads(save.text)][:2] == ["message", "join"]


async def test_a_transcript_that_cannot_be_read_is_told() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "ana")
        await keys(pilot, "enter", "e", "enter")
        (read,) = [command for command in app.recorder.sent if isinstance(command, Read)]
        known = app.desk.board.sessions[ANA]
        app.answer(Opened(read.ticket, known, None, UsageProblem("the seat may not read it")))
        await news(pilot)
        assert "the transcript could not be read: the seat may not read it" in said(app)
        assert saves(app) == []


async def test_an_empty_view_has_nothing_to_export() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "nobody like this")
        await keys(pilot, "e")
        assert on_top(app) is QueueScreen
        assert "there is no session to export" in said(app)


@pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv"])
def test_secrets_stay_masked(kind: str) -> None:
    from tests.screens.acting_app import sessions

    fields = ((line("userToken"), Secret("canary")),)
    rows = [msgspec.structs.replace(session, fields=fields) for session in sessions()]
    text = rows_text(kind, rows)
    assert "canary" not in text
    assert kind == ".csv" or "***" in text


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("transcript", "proxy-eu", "KC1"), "transcript-proxy-eu-KC1"),
        (("t", "../../etc", "a/b\x1b[2J;rm -rf"), "t-etc-a-b-2J-rm-rf"),
        (("t", "p", "x" * 300), ("t-p-" + "x" * 300)[:80]),
        (("t", "渡辺", "-.-"), "t"),
    ],
)
def test_a_proposed_name_is_harmless(parts: tuple[str, ...], name: str) -> None:
    assert safe_name(*parts) == name
