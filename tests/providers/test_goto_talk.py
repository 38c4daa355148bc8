"""Remote Support's web chats: any nesting, roles told from names, notices told from chat by their words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.samples import GOTO_CHAT, GOTO_EVENTS, GOTO_SESSION, row
from tui.model.problem import BadAnswer
from tui.model.session import Session
from tui.model.transcript import EntryKind, Role
from tui.providers.goto_rows import session
from tui.providers.goto_talk import transcript


def chat_session(**changes: Any) -> Session:
    found = session(row({**GOTO_SESSION, **changes}), "desk", None).session
    assert found is not None
    return found


def lines(answer: object, **changes: Any) -> list[tuple[str, str, str]]:
    found = transcript(answer, chat_session(**changes))
    return [(str(entry.kind), str(entry.role), entry.text) for entry in found.entries]


EXPECTED = [
    ("message", "customer", "My printer is offline"),
    ("state", "system", "John Doe has ended the session"),
]


@pytest.mark.parametrize(
    "answer",
    [
        GOTO_CHAT,
        GOTO_EVENTS,
        list(reversed(GOTO_EVENTS)),
        {"transcript": GOTO_EVENTS},
        {"sessionId": "1", "webChat": {"startTime": "x", "events": GOTO_EVENTS}},
        [{"sessionId": "1", "events": GOTO_EVENTS}],
        {"events": {"0": GOTO_EVENTS[0], "1": GOTO_EVENTS[1]}},
        [{**GOTO_CHAT, "events": None, **event} for event in GOTO_EVENTS],
        {**GOTO_CHAT, "participantName": "Jane Doe"},
    ],
)
def test_every_nesting_gives_the_same_chat(answer: object) -> None:
    assert lines(answer) == EXPECTED


def test_a_single_flat_event() -> None:
    assert lines({"sessionId": "1", **GOTO_EVENTS[0]}) == EXPECTED[:1]


@pytest.mark.parametrize(
    "answer", [[], {"events": []}, {"sessionId": "1"}, {"events": [1, "x", None]}]
)
def test_nothing_said(answer: object) -> None:
    found = transcript(answer, chat_session())
    assert found.entries == ()
    assert found.note == "the chat holds no messages"


@pytest.mark.parametrize("answer", [{}, None, {"status": "ok"}, "text", 3])
def test_what_is_no_chat_is_not_told_as_an_empty_one(answer: object) -> None:
    with pytest.raises(BadAnswer):
        transcript(answer, chat_session())


def test_nesting_without_end_does_not_raise() -> None:
    deep: object = GOTO_EVENTS
    for _ in range(200):
        deep = {"x": [deep]}
    assert lines(deep) == []


def event(name: object, content: object, at: object = "2018-05-01T09:00:05Z") -> dict[str, Any]:
    return {"timeStamp": at, "content": content, "participantName": name}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("John Doe", "John Doe has joined the session", EntryKind.JOIN),
        ("John Doe", "john doe joined.", EntryKind.JOIN),
        ("John Doe", "has joined the chat", EntryKind.JOIN),
        ("John Doe", "John Doe has left the conversation!", EntryKind.LEAVE),
        ("John Doe", "The session has been ended", EntryKind.STATE),
        ("John Doe", "The expert has ended the session.", EntryKind.STATE),
        ("John Doe", "John Doe ended the chat because it was idle", EntryKind.STATE),
        ("", "Chat closed", EntryKind.STATE),
        ("Jane Doe", "Jane Doe has left the session", EntryKind.LEAVE),
        ("Jane Doe", "I left my phone at home", EntryKind.MESSAGE),
        ("Jane Doe", "left", EntryKind.MESSAGE),
        ("Jane Doe", "The agent left a bag here", EntryKind.MESSAGE),
        ("Jane Doe", "My session ended an hour ago, why?", EntryKind.MESSAGE),
        ("Jane Doe", "John Doe has ended the session", EntryKind.MESSAGE),
        ("Jane Doe", "Is it closed?", EntryKind.MESSAGE),
    ],
)
def test_notices_and_talk(name: str, content: str, kind: EntryKind) -> None:
    (entry,) = transcript([event(name, content)], chat_session()).entries
    assert entry.kind is kind
    assert (entry.role is Role.SYSTEM) == (kind is not EntryKind.MESSAGE)
    assert entry.text == content


def roles(answer: list[dict[str, Any]], **changes: Any) -> list[str]:
    return [role for kind, role, _ in lines(answer, **changes) if kind == "message"]


TALK = [event("Jane Doe", "hello"), event("John Doe", "hi"), event("Kim Expert", "me too")]


def test_roles_by_the_sessions_names() -> None:
    assert roles(TALK) == ["customer", "agent", "agent"]
    assert roles(TALK, customerName="JANE DOE ") == ["customer", "agent", "agent"]


def test_roles_when_only_one_side_is_known() -> None:
    assert roles(TALK[:2], customerName=None) == ["customer", "agent"]
    assert roles(TALK[:2], expertName=None, expertEmail=None) == ["customer", "agent"]


def test_roles_when_nobody_is_known() -> None:
    nobody = {"expertName": None, "expertEmail": None, "customerName": None}
    ended = event("John Doe", "John Doe has ended the session", "2018-05-01T10:00:00Z")
    assert roles([*TALK[:2], ended], **nobody) == ["customer", "agent"]


def test_a_nameless_line_is_the_systems() -> None:
    assert roles([event("", "please wait"), event(None, "still")]) == ["system", "system"]


def test_hostile_events() -> None:
    odd = [event(["x"], {"a": 1}), event(7, 8, 9), event("Jane Doe", "a\x1b]0;x\x07\nb", None)]
    found = transcript(odd, chat_session()).entries
    assert [(entry.author, entry.text, entry.at) for entry in found] == [
        ("7", "8", None),
        ("Jane Doe", "a␛]0;x␇\nb", None),
    ]


def test_a_long_line_of_almost_a_notice_is_read_quickly() -> None:
    content = "John " * 40_000 + "has"
    (entry,) = transcript([event("John Doe", content)], chat_session()).entries
    assert entry.kind is EntryKind.MESSAGE
