"""The Textual App: it wires the screens to the engine's mailbox and does nothing else itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from tui.live.rhythm import HASTE_SECONDS, Rhythm
from tui.live.view import ViewKind
from tui.screens import keys, later
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk
from tui.screens.palette import commands_of
from tui.screens.queue import QueueScreen
from tui.screens.warm import Warm
from tui.terminal.guard import Guard
from tui.terminal.hooks import SafeApp
from tui.terminal.hooks_paint import paint_at_once
from tui.terminal.typing_order import InTypingOrder
from tui.themes import STYLES, THEMES, default_theme, theme_is_asked

# The most frames a second of news with --low-bandwidth.
CALM_FRAMES = 2.0


def _may_exist(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # what is wrong is told when it is read
    return True


class SessionTop(InTypingOrder[None], SafeApp[None]):
    """The program on the screen. It owns no session: the desk does."""

    TITLE = "sessiontop"
    BINDINGS: ClassVar[list[BindingType]] = keys.EVERYWHERE
    CSS = f"SearchIcon {{ display: none; }}{STYLES}"

    class MailboxReady(Message):
        """The engine has something to say."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, SessionTop.MailboxReady)

    def __init__(
        self,
        desk: Desk,
        *,
        view: ViewKind | None = None,
        guard: Guard | None = None,
        welcome: bool = False,
        config_file: Path | None = None,
        plain_output: bool = False,
        on_first_frame: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            guard=guard,
            plain_output=plain_output,
            frames_per_second=CALM_FRAMES if desk.low_bandwidth else None,
        )
        self.desk = desk
        self.mailbox = desk.mailbox
        self._view = view
        self.cache = False
        """Whether the user's configuration lets the queue's rows be kept for the next start."""
        self.warm: Warm | None = None
        self._welcome = welcome
        self._on_first_frame = on_first_frame
        self._calm: Timer | None = None
        self._no_colour = NoColor()
        self._pending = False
        self._rhythm = Rhythm()
        self._quitting = False
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self._dress(default_theme())
        self._configure(config_file)

    def _dress(self, name: str) -> None:
        """The first theme. Set as any other it would have all styles parsed once more, before the first frame."""
        before, now = self.current_theme, self.get_theme(name)
        if now is None or now.ansi or now.dark != before.dark:
            self.theme = name
            return
        self.set_reactive(SessionTop.theme, name)
        self.remove_class(f"-theme-{before.name}", update=False)
        self.add_class(f"-theme-{name}", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def _configure(self, path: Path | None) -> None:
        """The user's own file. What the command line or the environment says goes before it."""
        if path is None or not _may_exist(path):
            return
        from tui.screens.configured import read  # with every screen whose keys it may name

        found = read(path, self.desk, self.available_themes)
        self.cache = found.cache
        self.set_keymap(dict(found.keys))
        self._view = self._view or (ViewKind(found.view) if found.view else None)
        if found.theme and not theme_is_asked():
            self.theme = found.theme

    @property
    def start_view(self) -> ViewKind:
        """The view that the program begins with."""
        return self._view or ViewKind.LIVE

    def get_default_screen(self) -> Screen[None]:
        """The queue; without a profile the welcome lies over it, and goes with the first one."""
        return QueueScreen(self.desk, self.start_view)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """NO_COLOR with the terminal's own colours takes every colour away. The framework decides for grey shades
        before it knows the theme, and those turn such colours into black on black."""
        return [
            self._no_colour if isinstance(found, Monochrome) and self.native_ansi_color else found
            for found in super().get_line_filters()
        ]

    @property
    def settled(self) -> bool:
        """The list has its rows only after its place on the screen is known."""
        if not isinstance(self.screen, QueueScreen):
            return True
        table = self.screen.table
        return table.settled and bool(table.rows or not self.desk.board.remembered)

    def on_mount(self) -> None:
        if self._welcome:
            self.push_screen(later.WelcomeScreen(self.desk))
        if self.warm is not None:
            from tui.screens.keeping_rows import keep_rows

            keep_rows(self, self.warm)
        self.mailbox.on_ready(self._wake)
        self._take_news()
        if self._on_first_frame is not None:
            self.screen.call_after_refresh(self._on_first_frame)

    def _wake(self) -> None:
        """Called from the engine's thread: only passes the word on."""
        self.post_message(self.MailboxReady())

    def on_framed_app_plain_output(self) -> None:
        """The drawing of changed cells failed: the screen goes on, and says so."""
        if isinstance(self.screen, DeskScreen):
            self.screen.tell(
                "a fault in sessiontop's drawing: --plain-output from here on", bad=True
            )

    # --- news from the engine ---------------------------------------------------------------------------

    def on_session_top_mailbox_ready(self) -> None:
        if self._calm is not None:
            self._pending = True
        else:
            self._empty_mailbox()

    def _empty_mailbox(self) -> None:
        if all(screen.is_mounted for screen in self.screen_stack):
            self._take_news()
        else:
            # A screen that was pushed a moment ago has nothing yet that could show its answer: it waits there.
            self._pending = True
            self._calm = self.set_timer(HASTE_SECONDS, self._calmed)

    def _take_news(self) -> None:
        began = time.thread_time()
        batch = self.mailbox.drain(self._rhythm.rows)
        if not batch:
            return
        news = self.desk.receive(batch)
        if self.warm is not None:
            self.warm.hear(batch.answers)
        screens = [screen for screen in self.screen_stack if isinstance(screen, DeskScreen)]
        for screen in screens:
            screen.hear(batch.answers)
        if isinstance(self.screen, DeskScreen) and self.screen.is_mounted:
            self.screen.receive(news)
            paint_at_once(self.screen)
        for said in news.said:
            screens[-1].tell(said.text, bad=said.bad)
        self._pending = self._pending or batch.more
        pause = self._rhythm.pause(batch, time.thread_time() - began)
        self._calm = self.set_timer(pause, self._calmed)

    def _calmed(self) -> None:
        self._calm = None
        if self._pending:
            self._pending = False
            self._empty_mailbox()

    # --- keys -------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The log, the help and the profiles do not offer themselves."""
        here = {"log": "event log", "help": "help", "profiles": "profiles"}.get(action)
        return here is None or getattr(self.screen, "NAME", None) != here

    def action_help_quit(self) -> None:
        """ctrl+c ends nothing here: a habit must not close the desk."""
        if isinstance(self.screen, DeskScreen):
            self.screen.tell("q quits")

    def action_create(self) -> None:
        """A new session, from whatever screen offers it."""
        if isinstance(self.screen, DeskScreen):
            later.begin(self.screen)

    async def action_quit(self) -> None:
        """With writes on their way it takes two: what was not sent yet never will be."""
        on_their_way = self.desk.on_their_way
        warned, self._quitting = self._quitting, bool(on_their_way)
        if on_their_way and not warned and isinstance(self.screen, DeskScreen):
            many = f"{on_their_way} write{'' if on_their_way == 1 else 's'}"
            self.screen.tell(f"{many} on the way: q again leaves without the outcome", bad=True)
        else:
            self.exit()

    def action_unknown(self) -> None:
        """The writes without an answer; from the page of one of them, that one first."""
        self.push_screen(later.UnknownsScreen(self.desk, later.intent_of(self.screen)))

    def action_log(self) -> None:
        self.push_screen(later.LogScreen(self.desk))

    def action_profiles(self) -> None:
        self.push_screen(later.ProfilesScreen(self.desk))

    def action_help(self) -> None:
        self.push_screen(later.HelpScreen(self.desk, self.screen))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette offers what the keys do here, and the themes."""
        yield from commands_of(self, screen)
        yield SystemCommand("theme", "choose the colours", self.action_change_theme)
