"""The profile that was last created with, from one run to the next."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from tui.screens.desk import Desk
from tui.settings import remembered


def remember_in(desk: Desk, folder: Path) -> None:
    """The profile that was last created with is known again in the next run."""

    def keep(name: str) -> None:
        # Beside the screen: a folder on a server that hangs must not hold up a key.
        Thread(target=remembered.remember_profile, args=(folder, name), daemon=True).start()

    desk.last_profile = remembered.last_profile(folder)
    desk.remember = keep
