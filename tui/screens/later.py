"""The screens that nobody sees at the start: `later.DetailScreen` is imported when it is first asked for.

What is imported before the first rows is what they wait for. When they are there, `warm_up` imports the rest piece
by piece, so that no key waits for it either.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tui.screens.action_form import ActionForm as ActionForm
    from tui.screens.actions import ActionsScreen as ActionsScreen
    from tui.screens.detail import DetailScreen as DetailScreen
    from tui.screens.export import export_rows as export_rows
    from tui.screens.flight import intent_of as intent_of
    from tui.screens.help import HelpScreen as HelpScreen
    from tui.screens.log import LogScreen as LogScreen
    from tui.screens.new_session import begin as begin
    from tui.screens.open_by_id import OpenScreen as OpenScreen
    from tui.screens.outcomes import OutcomesScreen as OutcomesScreen
    from tui.screens.profiles import ProfilesScreen as ProfilesScreen
    from tui.screens.question import QuestionScreen as QuestionScreen
    from tui.screens.transcript import TranscriptScreen as TranscriptScreen
    from tui.screens.unknowns import UnknownsScreen as UnknownsScreen
    from tui.screens.welcome import WelcomeScreen as WelcomeScreen

# In the order in which they are likely to be wanted.
_WHERE: Final = {
    "DetailScreen": "detail",
    "TranscriptScreen": "transcript",
    "HelpScreen": "help",
    "LogScreen": "log",
    "ActionsScreen": "actions",
    "QuestionScreen": "question",
    "ActionForm": "action_form",
    "OutcomesScreen": "outcomes",
    "OpenScreen": "open_by_id",
    "begin": "new_session",
    "ProfilesScreen": "profiles",
    "export_rows": "export",
    "UnknownsScreen": "unknowns",
    "intent_of": "flight",
    "WelcomeScreen": "welcome",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"tui.screens.{_WHERE[name]}"), name)
    return found


def warm_up() -> Iterator[None]:
    """Imports one of them a step."""
    for name in _WHERE:
        if name not in globals():
            __getattr__(name)
            yield
