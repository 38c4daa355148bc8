"""Names, numbers and dialogues: complete, filled in, and nobody's."""

from __future__ import annotations

import re

import pytest

from tui.simulator import people
from tui.simulator.chance import HexIds
from tui.simulator.kinds import Kind, Role, Session, State
from tui.simulator.scripts import scripts
from tui.simulator.scripts_world import WORLD
from tui.simulator.stories import Stories

LANGUAGES = ("en", *WORLD)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dialogue_is_one(language: str) -> None:
    for script in scripts(language):
        assert all(script.topics)
        assert len(script.messages) >= 5, script.topics
        assert script.spoken[0].role is Role.CUSTOMER
        assert {line.role for line in script.spoken} == set(Role)
        assert script.notes
        assert all(len(topic) < 70 for topic in script.topics)


def test_there_are_enough_of_them() -> None:
    assert len(scripts("en")) >= 24
    assert sum(len(scripts(language)) for language in WORLD) >= 10


def test_all_places_of_all_dialogues_are_filled_in() -> None:
    stories = Stories(3)
    for serial in range(600):
        kind = tuple(Kind)[serial % 3]
        session = Session(serial, kind, State.TALKING, 1000, 2000, None, 99, 900_000)
        words = [stories.subject(session), *stories.notes(session)]
        words += [line.text for line in stories.lines(session)]
        assert not [text for text in words if "{" in text or "}" in text]
        assert all(line.text or line.seconds >= 45 for line in stories.lines(session))


def test_people_come_from_many_places_and_have_addresses_of_nobody() -> None:
    customers = [people.customer(1, serial) for serial in range(2000)]
    assert len({one.name for one in customers}) > 400
    assert any(re.search(r"[\u3040-\u9fff]", one.name) for one in customers)
    assert any(re.search(r"[\uac00-\ud7a3]", one.name) for one in customers)
    assert any(re.search(r"[À-ž]", one.name) for one in customers)
    for one in customers:
        assert re.fullmatch(r"[a-z0-9.]+@([a-z]+\.)?example\.(com|org|net)", one.email), one
        assert re.fullmatch(r"\+\d{9,13}", one.phone), one
        if one.phone.startswith("+1"):
            assert re.fullmatch(r"\+1\d{3}55501\d\d", one.phone)


def test_agents_speak_the_language_where_one_can() -> None:
    german = {people.clerk(people.clerk_index(1, n, "de")).name for n in range(50)}
    english = {people.clerk(people.clerk_index(1, n, "tr")).name for n in range(50)}
    assert german == {"Jonas Brandt"}
    assert len(english) > 4
    assert "Jonas Brandt" not in english


def test_ids_can_be_read_back_and_not_be_guessed() -> None:
    ids, others = HexIds(1, "KC"), HexIds(2, "KC")
    for serial in (0, 1, 77, 199_999, 3_000_000):
        made = ids.of(serial)
        assert re.fullmatch("[0-9a-f]{32}", made)
        assert ids.serial(made) == serial
        assert others.serial(made) is None
        assert ids.serial(made[:-1] + ("0" if made[-1] != "0" else "1")) is None
    assert ids.serial("") is None
    assert ids.serial("zz") is None
    assert len({ids.of(5, part) for part in range(100)}) == 100
