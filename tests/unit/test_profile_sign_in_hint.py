"""A profile that works only after a sign-in: it is saved without a check, and says what comes next."""

from __future__ import annotations

import pytest

from tui import cli
from tui.commands import profile_check
from tui.profiles.editing import names
from tui.profiles.paths import profiles_path


def test_a_client_without_a_token_is_saved_and_sent_to_sign_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(*_: object) -> None:
        raise AssertionError("without a sign-in nobody is asked")

    monkeypatch.setattr(profile_check, "check", nobody)
    monkeypatch.setenv("CLIENT_SECRET", "hush-hush")
    options = ["--set", "client_id=c1", "--secret", "client_secret=env:CLIENT_SECRET"]
    options += ["--set", "redirect_uri=https://example.com/back"]
    assert cli.main(["profile", "add", "desk", "--provider", "goto-seeit", *options]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "sessiontop profile sign-in desk" in err
    assert "hush" not in err
    assert names(profiles_path()) == ("desk",)
