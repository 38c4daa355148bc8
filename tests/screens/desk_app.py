"""The program on a desk of cards: real screens, real mailbox, no engine; the test says what the engine would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tui.app import SessionTop
from tui.live.commands import Command
from tui.live.mailbox import Mailbox
from tui.live.messages import Answer, Health, HealthState
from tui.live.view import ViewKind
from tui.model.profile import Profile
from tui.model.session import Links, Session
from tui.model.status import Status
from tui.model.text import Opaque, block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript
from tui.providers import registry
from tui.screens.desk import Desk

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
PROFILES = (
    Profile("proxy-eu", "twilio-proxy", "http://127.0.0.1:1/twilio"),
    Profile("goto-desk", "goto-remote-support", "http://127.0.0.1:1/goto"),
)


@dataclass
class FixedClock:
    """A clock that stands still until the test moves it."""

    at: datetime = NOW
    elapsed: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing on a screen sleeps")

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.elapsed += seconds


@dataclass
class Recorder:
    """Stands where the engine stands: keeps what it was sent."""

    mailbox: Mailbox = field(default_factory=Mailbox)
    sent: list[Command] = field(default_factory=list)

    def send(self, command: Command) -> None:
        self.sent.append(command)


class DeskApp(SessionTop):
    """`tell` speaks as the engine; `engine.sent` is what the screens asked for."""

    def __init__(
        self,
        profiles: Sequence[Profile] = PROFILES,
        *,
        view: ViewKind = ViewKind.LIVE,
        problems: Sequence[str] = (),
        welcome: bool = False,
        ascii_only: bool = False,
        read_only: bool = False,
        low_bandwidth: bool = False,
    ) -> None:
        self.clock = FixedClock()
        self.recorder = Recorder()
        desk = Desk(
            engine=self.recorder,
            profiles=tuple(profiles),
            specs=registry.SPECS,
            clock=self.clock,
            problems=tuple(line(problem) for problem in problems),
            profiles_file=line("~/.config/sessiontop/profiles.toml"),
            zone=UTC,
            ascii_only=ascii_only,
            read_only=read_only,
            low_bandwidth=low_bandwidth,
        )
        super().__init__(desk, view=view, welcome=welcome)

    def healthy(self) -> None:
        """Every profile is well."""
        for profile in self.desk.profiles:
            self.health(profile.name, HealthState.OK)

    def health(
        self, name: str, state: HealthState, reason: str = "", retry_in: float | None = None
    ) -> None:
        profile = next(known for known in self.desk.profiles if known.name == name)
        self.mailbox.tell_health(
            Health(
                profile.name,
                profile.provider,
                state,
                reason=line(reason),
                last_success=NOW - timedelta(seconds=95),
                retry_at=None
                if retry_in is None
                else self.clock.now() + timedelta(seconds=retry_in),
                complete=True,
            )
        )

    def sessions(self, sessions: Sequence[Session]) -> None:
        self.mailbox.tell_sessions(sessions)

    def answer(self, answer: Answer) -> None:
        self.mailbox.tell_answer(answer)


def at(minutes: float) -> datetime:
    """So many minutes before now."""
    return NOW - timedelta(minutes=minutes)


def session(
    id: str,
    status: Status,
    *,
    minutes: float = 3.0,
    customer: str | None = None,
    subject: str | None = None,
    agent: str | None = None,
    profile: str = "goto-desk",
    word: str | None = None,
    kind: str = "screen-sharing",
    phone: str | None = None,
) -> Session:
    provider = next(known.provider for known in PROFILES if known.name == profile)
    over = not status.live
    return Session(
        profile=profile,
        provider=provider,
        id=Opaque(id),
        status=status,
        provider_status=line(word or status.value),
        kind=line(kind),
        customer=line(customer) if customer else None,
        customer_phone=line(phone) if phone else None,
        customer_email=line("ana@example.com") if customer == "Ana Lindqvist" else None,
        subject=line(subject) if subject else None,
        agent=line(agent) if agent else None,
        created_at=at(minutes),
        joined_at=at(minutes / 2) if status is Status.ACTIVE else None,
        ended_at=at(minutes / 4) if over else None,
        links=Links(join=Opaque(f"https://join.example/{id}"))
        if profile == "goto-desk"
        else Links(),
    )


def board() -> list[Session]:
    """A morning's worth of sessions."""
    W, A, E = Status.WAITING, Status.ACTIVE, Status.ENDED
    return [
        session("SS-1", W, minutes=6.2, customer="Ana Lindqvist", subject="Printer on floor 3"),
        session(
            "SS-2",
            A,
            minutes=24,
            customer="José Álvarez",
            subject="VPN drops every hour",
            agent="Mia Novak",
        ),
        session(
            "SS-3",
            A,
            minutes=11,
            customer="渡辺 恵子",
            subject="Laptop will not wake",
            agent="Tom Baker",
        ),
        session("SS-4", Status.NOT_STARTED, minutes=1.5, customer="Priya Raman"),
        session(
            "SS-5",
            E,
            minutes=65,
            customer="Ola Nordmann",
            subject="Invoice 4711",
            agent="Mia Novak",
        ),
        session("SS-6", Status.ABANDONED, minutes=90, customer="Fritz Müller"),
        session("SS-7", Status.UNKNOWN, minutes=2, customer="Zoë Brontë", word="paused"),
        session(
            "KC" + "a" * 32,
            W,
            minutes=0.7,
            customer="Chidi Okafor",
            subject="Order #1234",
            profile="proxy-eu",
            kind="voice-and-message",
            phone="+14155550123",
        ),
        session(
            "KC" + "b" * 32,
            A,
            minutes=47,
            customer="Lena Fischer",
            subject="Order #1207",
            agent="Courier 12",
            profile="proxy-eu",
            kind="message-only",
            phone="+4915155501",
        ),
        session(
            "KC" + "c" * 32, Status.FAILED, minutes=200, subject="Order #1100", profile="proxy-eu"
        ),
    ]


def conversation(extra: int = 0) -> Transcript:
    """A short chat, with `extra` lines more at its end."""
    said = [
        (
            "Ana Lindqvist",
            Role.CUSTOMER,
            EntryKind.MESSAGE,
            "Hello, the printer on floor 3 shows E-52.",
        ),
        ("Mia Novak", Role.AGENT, EntryKind.JOIN, "Mia Novak has joined"),
        (
            "Mia Novak",
            Role.AGENT,
            EntryKind.MESSAGE,
            "Good morning! Is the tray on the left closed all the way?",
        ),
        (
            "Ana Lindqvist",
            Role.CUSTOMER,
            EntryKind.MESSAGE,
            "It looks closed, but I will open it and push it in again.\nYes, now it clicked. It is warming up.",
        ),
        (
            "Mia Novak",
            Role.AGENT,
            EntryKind.MESSAGE,
            "That was it. I stay on until the page is out.",
        ),
    ]
    said += [
        ("Ana Lindqvist", Role.CUSTOMER, EntryKind.MESSAGE, f"line {number}")
        for number in range(extra)
    ]
    entries = tuple(
        Entry(at(6 - index * 0.4), line(author), role, kind, block(text))
        for index, (author, role, kind, text) in enumerate(said)
    )
    return Transcript(entries)
