"""The look for secrets finds them: planted in each channel, and in each way to write them."""

from __future__ import annotations

import asyncio
import base64
import html
import logging
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.leaks import observing
from tests.leaks.canaries import Detector, as_escapes, make
from tests.leaks.mirror import QUOTING, Mirror, Sent
from tests.leaks.people import DETECTOR, SECRETS, WAYS
from tui.live.messages import Checked, Health, HealthState, Saved
from tui.model.problem import Problem
from tui.net.reply import Reply

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


def test_what_is_no_secret_is_none() -> None:
    assert LOOK.hits("text", SECRET[:7] + " " + SECRET[8:15] + make(98, 400)) == []


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
