"""Where the user's files are. Two environment variables override what platformdirs gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

CONFIG_VARIABLE = "SESSIONTOP_CONFIG_DIR"
STATE_VARIABLE = "SESSIONTOP_STATE_DIR"
_APP = "sessiontop"


def config_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of `profiles.toml` and `config.toml`; it need not exist."""
    given = environ.get(CONFIG_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    from platformdirs import user_config_path

    return user_config_path(_APP, appauthor=False)


def state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of what the program remembers by itself; it need not exist."""
    given = environ.get(STATE_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    from platformdirs import user_state_path

    return user_state_path(_APP, appauthor=False)


def profiles_path(environ: Mapping[str, str] = os.environ) -> Path:
    """The profile store; it need not exist."""
    return config_dir(environ) / "profiles.toml"


def tokens_path(profiles: Path | None = None) -> Path:
    """Where the tokens of the profiles in that store are kept, or of the user's own; it need not exist."""
    return (profiles or profiles_path()).with_name("tokens.toml")
