"""Chats of no known schema become transcripts, hostile XML does not, and what has no chat is an honest timeline."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.take_control_samples import RECORD, session
from tui.model.text import block, line
from tui.model.transcript import Transcript
from tui.providers.take_control_talk import CUT, HOSTILE, NO_CHAT, REFUSED, transcript
from tui.providers.take_control_times import zone
from tui.providers.take_control_tree import Forbidden, addresses, tree

HELLO = ("2026-01-05 11:31:00", "Ana Lindqvist", "customer", "My printer is offline")
REPLY = ("2026-01-05 11:32:00", "Tess Technician", "agent", "Is it plugged in? <yes> & no")
_XML_REPLY = "Is it plugged in? &lt;yes&gt; &amp; no"


def talk(chat: object, *, refused: bool = False, **changes: Any) -> Transcript:
    record = {**RECORD, "chat_info": chat, **changes}
    found = session({name: value for name, value in record.items() if value is not ...})
    return transcript(found, record, UTC, refused=refused)


def lines(chat: object) -> list[tuple[str, str, str, str]]:
    return [
        (
            entry.at.strftime("%Y-%m-%d %H:%M:%S") if entry.at else "",
            str(entry.author),
            str(entry.role),
            str(entry.text),
        )
        for entry in talk(chat).entries
    ]


def _element(told: tuple[str, str, str, str], text: str) -> str:
    at, author, _, _ = told
    return f"<message><date>{at}</date><from>{author}</from><text>{text}</text></message>"


ELEMENTS = _element(HELLO, HELLO[3]) + _element(REPLY, _XML_REPLY)
JSON = [
    {"Time": at, "User_Name": author, "Message": text} for at, author, _, text in (HELLO, REPLY)
]
SAME = {
    "elements": f"<chat>{ELEMENTS}</chat>",
    "declared": f'<?xml version="1.0" encoding="iso-8859-1"?>\n<chat>{ELEMENTS}</chat>',
    "no root": ELEMENTS,
    "nested": f"<info><session id='7'><log>{ELEMENTS}</log></session></info>",
    "namespace": f'<c:chat xmlns:c="urn:x">{ELEMENTS}</c:chat>',
    "attributes": "<chat>"
    + f'<line time="{HELLO[0]}" author="{HELLO[1]}">{HELLO[3]}</line>'
    + f'<line time="{REPLY[0]}" author="{REPLY[1]}">{_XML_REPLY}</line></chat>',
    "all attributes": "<chat>"
    + f'<m at="{HELLO[0]}" nick="{HELLO[1]}" text="{HELLO[3]}"/>'
    + f'<m at="{REPLY[0]}" nick="{REPLY[1]}" text="{_XML_REPLY}"/></chat>',
    "flat": "<chat>"
    + "".join(
        f"<when>{at}</when><who>{who}</who><msg>{text}</msg>"
        for at, who, text in ((*HELLO[:2], HELLO[3]), (*REPLY[:2], _XML_REPLY))
    )
    + "</chat>",
    "date and time apart": "<chat>"
    + "".join(
        f"<m><date>{at[:10]}</date><time>{at[11:]}</time><user><name>{who}</name></user><body>{text}</body></m>"
        for at, who, text in ((*HELLO[:2], HELLO[3]), (*REPLY[:2], _XML_REPLY))
    )
    + "</chat>",
    "time of day": "<chat>"
    + f'<m time="11:31:00" from="{HELLO[1]}">{HELLO[3]}</m>'
    + f'<m time="11:32" from="{REPLY[1]}">{_XML_REPLY}</m></chat>',
    "cdata": f"<chat>{_element(HELLO, HELLO[3])}{_element(REPLY, f'<![CDATA[{REPLY[3]}]]>')}</chat>",
    "newest first": f"<chat>{_element(REPLY, _XML_REPLY)}{_element(HELLO, HELLO[3])}</chat>",
    "list": JSON,
    "object": {"session": 7301, "started": HELLO[0], "messages": JSON},
    "deep object": {"chat": {"log": {"line": JSON}}},
    "json in a string": json.dumps({"messages": JSON}),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_chat_in_every_form(name: str) -> None:
    found = talk(SAME[name])
    assert found.spoken
    assert found.complete
    assert found.note is None
    assert lines(SAME[name]) == [HELLO, REPLY]


@pytest.mark.parametrize(
    ("chat", "said"),
    [
        ("hello there", [("", "", "system", "hello there")]),
        ("<chat>hello there</chat>", [("", "", "system", "hello there")]),
        (
            "<chat><message>one</message><message>two</message></chat>",
            [("", "", "system", "one"), ("", "", "system", "two")],
        ),
        (
            "<chat><tech>hi</tech><customer>hello</customer><tech>so?</tech></chat>",
            [("", "", "agent", "hi"), ("", "", "customer", "hello"), ("", "", "agent", "so?")],
        ),
        (
            [{"role": "TECHNICIAN", "name": "X", "text": "hi"}],
            [("", "X", "agent", "hi")],
        ),
        ([{"from": "Bo", "phrase": "hi"}], [("", "Bo", "agent", "hi")]),
        (["one", "two"], [("", "", "system", "one"), ("", "", "system", "two")]),
        (
            [{"from": {"id": 5, "name": "ana@example.com"}, "text": "hi"}],
            [("", "5 ana@example.com", "agent", "hi")],
        ),
        ([{"from": "ANA@example.com", "text": "hi"}], [("", "ANA@example.com", "customer", "hi")]),
        ([{"from": "tech@example.com", "text": "hi"}], [("", "tech@example.com", "agent", "hi")]),
    ],
)
def test_thin_chats(chat: object, said: list[tuple[str, str, str, str]]) -> None:
    assert lines(chat) == said


def test_without_all_times_the_order_of_the_chat_stands() -> None:
    chat = [{"time": "2026-01-05 12:00:00", "text": "a"}, {"text": "b"}, {"time": "", "text": "c"}]
    assert [entry.text for entry in talk(chat).entries] == ["a", "b", "c"]


def test_times_are_the_profiles() -> None:
    found = transcript(session(RECORD), {"chat_info": JSON}, zone("Asia/Kolkata"), refused=False)
    assert found.entries[0].at == datetime(2026, 1, 5, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "chat", [None, "", "  ", [], {}, "<chat/>", "<chat></chat>", "<chat id='7' date='x'/>", True]
)
def test_without_a_chat_the_steps_are_told(chat: object) -> None:
    found = talk(chat, notes="replaced\nthe filter")
    assert not found.spoken
    assert found.note == NO_CHAT
    assert [entry.text for entry in found.entries] == [
        "session started",
        "session ended",
        "notes: replaced\nthe filter",
        "the session was recorded: there are videos of it",
    ]
    assert found.entries[2].author == "Tess Technician"
    assert len(talk(chat, has_videos="FALSE").entries) == 2


@pytest.mark.parametrize(
    ("links", "told"),
    [
        ("<videos><url>https://v.example/1</url></videos>", "1 video of it"),
        (["https://v.example/1", "https://v.example/2"], "2 videos of it"),
    ],
)
def test_videos_are_counted_where_their_links_are_told(links: object, told: str) -> None:
    found = talk(None, video_links=links, has_videos="FALSE")
    assert found.entries[-1].text == f"the session was recorded: {told}"


def test_a_refused_chat_is_told_as_such() -> None:
    assert talk(None, refused=True).note == REFUSED


# --- hostile XML ---------------------------------------------------------------------------------------------

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)).replace(
        "&lol0;", "&lol;"
    )
    + "]><lolz>&lol9;</lolz>"
)
HOSTILES = {
    "bomb": BOMB,
    "file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><text>&e;</text></x>',
    "url": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x><text>hi</text></x>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><x/>',
    "lower case": "<!doctype x><x><text>hi</text></x>",
    "behind a comment": "<!-- x --><!DOCTYPE x><x><text>hi</text></x>",
    "inside": "<x><!DOCTYPE y><text>hi</text></x>",
    "entity alone": '<x><!ENTITY e "hi"><text>&e;</text></x>',
}


@pytest.mark.parametrize("name", HOSTILES)
def test_a_document_type_is_not_read(name: str) -> None:
    with pytest.raises(Forbidden):
        tree(HOSTILES[name])
    found = talk(HOSTILES[name])
    assert (found.spoken, found.note) == (False, HOSTILE)
    assert addresses(HOSTILES[name]) == ()


def test_what_only_looks_like_a_document_type_is_read() -> None:
    for chat in (
        "<c><text>&lt;!DOCTYPE html&gt;</text></c>",
        "<c><text><![CDATA[<!DOCTYPE html>]]></text></c>",
    ):
        assert [entry.text for entry in talk(chat).entries] == ["<!DOCTYPE html>"]


def test_unknown_entities_are_text_and_known_ones_are_read() -> None:
    chat = "<c><text>a &nbsp; b & c &amp; d &#233; &e;</text></c>"
    assert [entry.text for entry in talk(chat).entries] == ["a &nbsp; b & c & d é &e;"]
    assert talk(chat).complete


def test_a_chat_that_breaks_off_is_told_as_far_as_it_goes() -> None:
    chat = f"<chat>{ELEMENTS}"
    found = talk(chat[: chat.rindex("<text>") + 9])
    assert [entry.text for entry in found.entries] == [HELLO[3]]
    assert (found.complete, found.note) == (False, CUT)


def test_controls_never_reach_the_screen() -> None:
    (entry,) = talk("<c><text>a\x1b[31m\x00\ud800b\u202e</text></c>").entries
    assert entry.text == block(entry.text)
    assert "\x1b" not in entry.text


FLOODS: dict[str, object] = {
    "depth": "<a>" * 200_000,
    "closed depth": "<a>" * 200_000 + "</a>" * 200_000,
    "elements": "<c>" + "<m/>" * 200_000 + "</c>",
    "messages": "<c>" + "<text>x</text>" * 200_000 + "</c>",
    "mixed": "<c>" + f"{'x' * 400}<m/>" * 19_000 + "</c>",
    "lines": "<c>" + "x\n" * 1_000_000 + "</c>",
    "attribute": f"<c a='{'x' * 1_000_000}'/>",
    "declarations": "<!" * 300_000,
    "data": "<c>" + "<![CDATA[" * 200_000,
    "ampersands": "&" * 300_000,
    "inner ampersands": "<c>" + "&" * 300_000 + "</c>",
    "list": ["x"] * 200_000,
    "objects": {"a": [{"text": "x"}] * 50_000},
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods_are_bounded(name: str) -> None:
    began = time.process_time()
    found = talk(FLOODS[name])
    addresses(FLOODS[name])
    assert len(found.entries) <= 5_000
    assert time.process_time() - began < 5


# --- links -----------------------------------------------------------------------------------------------------

ONE, TWO = "https://v.example/1?a=1&b=2", "https://v.example/2.mp4"


@pytest.mark.parametrize(
    "value",
    [
        "<v><video>https://v.example/1?a=1&amp;b=2</video><video>https://v.example/2.mp4</video></v>",
        "<v><video>https://v.example/1?a=1&b=2</video><video>https://v.example/2.mp4</video></v>",
        "<video href='https://v.example/1?a=1&amp;b=2'/><video href='https://v.example/2.mp4'/>",
        f"<v><![CDATA[{ONE}]]> {TWO} {TWO}</v>",
        f"{ONE}, {TWO}",
        [ONE, TWO],
        [{"url": ONE, "size": 12}, {"url": TWO}],
        {"video": [ONE, {"link": TWO}], "note": "javascript:alert(1) ftp://x.example"},
    ],
)
def test_addresses_in_every_form(value: object) -> None:
    assert addresses(value) == (ONE, TWO)


@pytest.mark.parametrize("value", [None, "", "none", {}, [], 7, True, "javascript:x", "<v/>"])
def test_no_addresses(value: object) -> None:
    assert addresses(value) == ()


# --- anything -----------------------------------------------------------------------------------------------------

TOKENS = (
    "<chat> </chat> <m/> <text> </text> ]> &lt; &e; <![CDATA[ ]]> <?x ?> <!-- --> hi \x00 \ud800"
)
WORDS = st.sampled_from([*TOKENS.split(), "<m a='b'>", "<!DOCTYPE x [", "https://x.example"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["text", "from", "time", "x", ""]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(ANY | st.lists(WORDS, max_size=12).map("".join).map(lambda words: "<c>" + words))
def test_no_chat_and_no_video_list_raises(value: object) -> None:
    for entry in talk(value, video_links=...).entries:
        assert entry.text == block(entry.text)
        assert entry.author == line(entry.author)
    assert all(address.startswith("http") for address in addresses(value))
