"""The desk's dialogues, read once from plain text.

Form of a dialogue: `# topic | another topic`, then one line each: `C` customer, `A` agent,
`P seconds` a call by the customer, `Q seconds` a call by the agent, `N` a note of the agent; a
line that starts with none of these goes on with the one before it. `{you}`, `{me}`, `{ref}`,
`{order}`, `{amount}`, `{floor}`, `{room}`, `{day}`, `{pc}`, `{n}`, `{call}` are filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from tui.simulator.chance import mix, pick
from tui.simulator.kinds import Role
from tui.simulator.scripts_office import OFFICE
from tui.simulator.scripts_shop import SHOP
from tui.simulator.scripts_world import IMPATIENT, WORLD


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a script: its words, or for a call the length in seconds as words."""

    role: Role
    text: str
    call: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    topics: tuple[str, ...]
    spoken: tuple[Spoken, ...]
    notes: tuple[str, ...]

    @property
    def messages(self) -> tuple[Spoken, ...]:
        """The script without its calls, for desks that only chat."""
        return tuple(line for line in self.spoken if not line.call)


_MARKS = {"C": Role.CUSTOMER, "A": Role.AGENT, "P": Role.CUSTOMER, "Q": Role.AGENT}


def _read(block: str) -> Script:
    head, *rest = block.splitlines()
    spoken: list[Spoken] = []
    notes: list[str] = []
    for line in rest:
        mark, _, text = line.partition(" ")
        if mark == "N":
            notes.append(text)
        elif mark in _MARKS:
            spoken.append(Spoken(_MARKS[mark], text, mark in "PQ"))
        elif line:
            last = spoken.pop()
            spoken.append(Spoken(last.role, f"{last.text}\n{line}"))
    return Script(tuple(topic.strip() for topic in head.split("|")), tuple(spoken), tuple(notes))


def _parse(text: str) -> tuple[Script, ...]:
    return tuple(_read(block) for block in ("\n" + text.strip()).split("\n# ")[1:])


@cache
def scripts(language: str) -> tuple[Script, ...]:
    """All dialogues of a language; the English ones for a language that has none."""
    if language in WORLD:
        return _parse(WORLD[language])
    return office_scripts() + _parse(SHOP)


@lru_cache(maxsize=1)
def office_scripts() -> tuple[Script, ...]:
    """The dialogues about computers, for sessions in which a screen is shared."""
    return _parse(OFFICE)


def script_of(seed: int, serial: int, language: str) -> Script:
    """What session `serial` is about. Every third customer abroad writes English all the same."""
    if mix(seed, serial, 11) % 3 == 0:
        language = "en"
    return pick(scripts(language), seed, serial, 10)


def impatience(seed: int, serial: int, language: str) -> str:
    """What the customer of `serial` wrote before giving up."""
    return pick(IMPATIENT.get(language, IMPATIENT["en"]), seed, serial, 12)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@lru_cache(maxsize=4096)
def fillings(seed: int, serial: int) -> dict[str, str]:
    """The facts of one case, for the places in its script; the same in every line of it."""
    roll = mix(seed, serial, 13)
    return {
        "ref": f"SUP-{20_000 + serial}",
        "order": str(480_000 + roll % 99_999),
        "amount": f"{19 + (roll >> 8) % 380}.{(roll >> 20) % 100:02d}",
        "floor": str(1 + (roll >> 24) % 6),
        "room": str(11 + (roll >> 28) % 80),
        "day": _DAYS[(roll >> 32) % len(_DAYS)],
        "pc": f"LT-{(roll >> 36) % 9000 + 1000}",
        "n": str(2 + (roll >> 44) % 8),
        "call": str(45 + (roll >> 48) % 540),
    }
