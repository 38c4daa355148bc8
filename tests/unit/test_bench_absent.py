"""What a bench does where a program it would measure is broken or not there: it says so, and goes on."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from tests.bench import peers, ssh
from tests.bench.ssh_link import NoServer


def test_a_peer_that_ends_at_once_is_told_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "harlequin"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(peers, "DID_NOT_START", [])

    assert peers.harlequin_start(1) == {}
    assert peers.DID_NOT_START == ["harlequin"]
    assert "harlequin did not start" in capsys.readouterr().err


def test_where_no_sshd_can_be_had_there_are_no_rows_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere() -> NoReturn:
        raise NoServer("not on this machine: sshd")

    monkeypatch.setattr(ssh, "server", nowhere)

    assert ssh.figures(1) == []
    assert "not on this machine: sshd" in capsys.readouterr().err
