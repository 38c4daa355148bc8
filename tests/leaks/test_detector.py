"""The look for secrets finds them: planted in each channel, and in each way to write them."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from tests.end_to_end.pty_terminal import PtyTerminal
from tests.leaks import observing
from tests.leaks.canaries import Detector, as_escapes, make
from tests.leaks.mirror import QUOTING, Mirror, Sent
from tests.leaks.observing import error
from tests.leaks.people import DETECTOR, SECRETS, WAYS
from tests.leaks.processes import processes
from tests.leaks.test_terminal import written as written_by
from tui.live.messages import Checked, Health, HealthState, Saved
from tui.model.problem import Problem
from tui.net.reply import Reply
from tui.terminal.crash import crash_report

SECRET = make(99, 40)
LOOK = Detector({"planted": SECRET})


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        SECRET[5:13],
        SECRET[::-1],
        SECRET[::-1][3:11],
        SECRET.encode().hex(),
        quote(SECRET),
        "".join(f"%{ord(one):02x}" for one in SECRET),
        "".join(f"&#{ord(one)};" for one in SECRET),
        html.escape(SECRET),
        as_escapes(SECRET),
        repr({"key": SECRET}),
        base64.b64encode(f"AC1:{SECRET}".encode()).decode(),
        base64.b64encode(f"AC12:{SECRET}".encode()).decode(),
        base64.urlsafe_b64encode(f"AC123:{SECRET}".encode()).decode(),
    ],
)
def test_however_it_is_written(written: str) -> None:
    for text in (f"before {written} after", f"before {written} after".encode()):
        (hit,) = LOOK.hits("text", text)
        assert hit.kind == "planted"
        assert SECRET not in hit.place


def coloured(text: str) -> str:
    return "".join(f"\x1b[38;2;{number};9;9m{one}\x1b[0m" for number, one in enumerate(text))


def wrapped(text: str, width: int = 7) -> str:
    rows = [text[at : at + width] for at in range(0, len(text), width)]
    return "".join(f"\x1b[{row};3H│ {coloured(part)} │" for row, part in enumerate(rows, 1))


BROKEN_UP = {
    "coloured letter by letter": coloured(SECRET),
    "wrapped in a box, coloured": wrapped(SECRET),
    "with gaps": " ".join(SECRET),
    "in fours": "\x1b[1C".join(SECRET[at : at + 4] for at in range(0, 40, 4)),
    "with a link around a part": f"{SECRET[:6]}\x1b]8;;http://a\x1b\\{SECRET[6:]}\x1b]8;;\x07",
    "base64, wrapped": wrapped(base64.b64encode(f"me:{SECRET}".encode()).decode()),
    "percent signs, coloured": coloured("".join(f"%{ord(one):02X}" for one in SECRET)),
    "as JSON, coloured": coloured(as_escapes(SECRET)),
    "as an OSC 52": f"\x1b]52;c;{base64.b64encode(SECRET.encode()).decode()}\x07",
}


@pytest.mark.parametrize("how", BROKEN_UP)
def test_in_pieces_on_a_terminal(how: str) -> None:
    assert found([("terminal", BROKEN_UP[how])]) == ["terminal"]
    assert found([("terminal", BROKEN_UP[how].encode())]) == ["terminal"]


@pytest.mark.parametrize(
    "written",
    [
        quote(quote("".join(f"%{ord(one):02x}" for one in SECRET))),
        quote(as_escapes(SECRET), safe=""),
        html.escape(json.dumps({"key": f"{SECRET[:9]}/{SECRET[9:]}"}).replace("/", "\\/")),
        SECRET.encode("utf-16-le").decode("latin-1"),
        quote(base64.b64encode(f"AC12:{SECRET}".encode()).decode(), safe=""),
        "".join(f"\\x{ord(one):02x}" for one in SECRET),
    ],
)
def test_written_in_two_ways_at_once(written: str) -> None:
    assert found([("log", written)]) == ["log"]


def test_in_the_bytes_of_a_real_terminal_and_of_its_files(tmp_path: Path) -> None:
    """A program that prints it, in colours and broken at the edge of the screen, and leaves it in a file."""
    program = f"""
import pathlib
pathlib.Path("export.json").write_text('{{"key": "{as_escapes(SECRET)}"}}')
print("\\x1b[2J" + "x" * 35 + "\\x1b[31m" + {SECRET[:20]!r} + "\\x1b[32m" + {SECRET[20:]!r})
"""
    with PtyTerminal([sys.executable, "-c", program], columns=40, cwd=tmp_path) as terminal:
        assert terminal.wait_exit() == 0
    assert found(written_by(terminal, tmp_path)) == [
        "terminal",
        *["screen"] * 2,
        "file export.json",
    ]


def test_in_the_arguments_the_environment_and_the_names_of_processes(tmp_path: Path) -> None:
    """Of a program and of what it has started; a file that is open there has a name too."""
    script = 'exec 5>"$1" 6<&0; sh -c "read go <&6" sh "$1" & echo; read go'
    where = tmp_path / f"{SECRET}.txt"
    with subprocess.Popen(
        ["sh", "-c", script, "sh", where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "KEY": SECRET},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        hits = found(processes(process.pid))
        process.communicate(b"go\ngo\n")
    kinds = [hit.rpartition(" of ")[0] for hit in hits]
    assert kinds.count("arguments") == kinds.count("environment") == 2
    assert "arguments: open file" in kinds


class Showing(App[None]):
    """The secret in a box that is too small for it, and in colours."""

    CSS = "#narrow { width: 12; border: round; }"

    def compose(self) -> ComposeResult:
        yield Static(Content(SECRET), id="narrow")
        yield Static(Content.assemble((SECRET[:5], "red"), (SECRET[5:], "green")))


@pytest.mark.anyio
@pytest.mark.parametrize("hidden", ["#narrow", "Static:last-of-type"])
async def test_in_a_picture(hidden: str) -> None:
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        app.query_one(hidden).display = False
        await pilot.pause()
        assert found([("picture", app.export_screenshot())]) == ["picture"]


def test_in_what_a_crash_says_and_an_export_holds(tmp_path: Path) -> None:
    """The text that is printed when the program ends by an error of its own; and each form of a saved list."""

    def fails(key: str) -> None:
        raise RuntimeError("nothing to see")

    with pytest.raises(RuntimeError) as caught:
        fails(SECRET)
    text = crash_report(caught.value).text()
    assert found([("crash", "nothing"), ("crash", text.replace("RuntimeError", SECRET))]) == [
        "crash"
    ]
    assert "traceback of RuntimeError" in found(error(caught.value))
    for name in ("list.csv", "one.json", "talk.md"):
        (tmp_path / name).write_text(f'"a","{SECRET}"\n')
    assert found(observing.files(tmp_path)) == ["file list.csv", "file one.json", "file talk.md"]


def test_what_is_no_secret_is_none() -> None:
    others = SECRET[:7] + " " + SECRET[8:15] + make(98, 400)
    assert LOOK.hits("text", others) == []
    assert found([("terminal", coloured(others)), ("picture", "".join(QUOTING))]) == []
    digits = Detector({"digits": f"tk_{make(97, 40, '0123456789abcdef')}"})
    part = digits.secrets["digits"][10:]
    assert digits.hits("repr", f"<object at 0x7f{part[:9]}>") == []
    assert digits.hits("repr", f"<object at 0x7f{part[:10]}>") != []


def found(channels: object) -> list[str]:
    hits, looked = observing.leaks(LOOK, channels)  # type: ignore[arg-type]
    assert looked
    return [hit.channel for hit in hits]


def test_in_the_repr_of_what_the_mailbox_holds() -> None:
    health = Health("desk", "twilio-proxy", HealthState.OK, SECRET)  # type: ignore[arg-type]
    assert "repr of Health" in found(observing.objects([[{"a": (health,)}]]))


def test_in_an_error_and_what_led_to_it_and_in_the_locals_of_its_frames() -> None:
    def inner(words: str) -> None:
        raise ValueError("nothing to see")

    def outer() -> None:
        try:
            inner(SECRET)
        except ValueError:
            raise Problem("no") from None

    with pytest.raises(Problem) as caught:
        outer()
    # Alone the link that led to it has the frame; the error itself may show its causes' frames or not.
    assert "traceback of ValueError" in found(observing.objects([Checked(1, (), caught.value)]))
    assert "args of Problem" in found(observing.error(Problem(SECRET)))
    hidden = Problem("no")
    hidden.__dict__["body"] = SECRET
    assert found(observing.error(hidden)) == ["attributes of Problem"]


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "asyncio", "tui.net"])
def test_in_a_log_at_debug(name: str) -> None:
    with observing.all_logs() as logs:
        logging.getLogger(name).debug("sending %s", SECRET)
    assert found([("log", logs.getvalue())]) == ["log"]


def test_in_files_and_in_their_names(tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "one.json").write_text(f'{{"key": "{SECRET}"}}')
    (tmp_path / f"{SECRET}.txt").write_text("")
    (tmp_path / "tokens.toml").write_text(SECRET)
    assert found(observing.files(tmp_path)) == ["file name", "file one.json"]


def test_in_the_names_of_tasks_and_threads() -> None:
    async def run() -> list[str]:
        task = asyncio.create_task(asyncio.sleep(0), name=SECRET)
        channels = list(observing.objects([[task]]))
        await task
        return found(channels)

    assert "repr of Task" in asyncio.run(run())
    thread = threading.Thread(name=SECRET)
    assert "repr of Thread" in found(observing.objects([thread]))


def test_nothing_is_looked_for_inside_a_secret_and_everything_around_it() -> None:
    profile = WAYS["twilio"].profile("desk", "http://127.0.0.1:1")
    assert observing.leaks(DETECTOR, observing.objects([profile]))[0] == []
    told = Saved(1, SECRETS["Twilio auth token"])
    hits, _ = observing.leaks(DETECTOR, observing.objects([profile, told]))
    assert [hit.kind for hit in hits] == ["Twilio auth token"]


@pytest.mark.parametrize("play", QUOTING)
def test_each_answer_of_the_mirror_holds_the_key(play: str) -> None:
    key = SECRETS["Trinsic key"]
    sent = Sent("GET / HTTP/1.1", {"authorization": f"Bearer {key}"}, b"", b"")
    said = QUOTING[play](sent, "http://elsewhere.invalid")
    assert not said or DETECTOR.hits("answer", said), play


def test_without_the_masking_the_engine_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unmasked(hider: object, reply: Reply) -> Reply:
        return reply

    monkeypatch.setattr("tui.net.hiding.Hider.reply", unmasked)
    with Mirror("json-401") as mirror:
        profile = WAYS["trinsic"].profile("desk", mirror.url)
        hits, _ = observing.leaks(DETECTOR, observing.asked([profile], tmp_path / "state"))
    assert {"repr of Listed", "repr of Checked"} <= {hit.channel for hit in hits}
