"""The single probes of `doctor`, each with what can be wrong where it looks."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.virtual_clock import VirtualClock
from tui.commands import probes, probes_vendors
from tui.commands.probes import Line
from tui.live.messages import Checked
from tui.model.problem import Unreachable
from tui.model.profile import Profile
from tui.model.text import line
from tui.net.exchange import Exchange
from tui.net.origin import Origin
from tui.providers.base import Finding, Verdict

OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HTTPS = Origin.parse("https://api.example.test/v1")


def program(folder: Path, body: str) -> dict[str, str]:
    """An environment in which `tmux` is that script."""
    (folder / "tmux").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "tmux").chmod(0o700)
    return {"PATH": f"{folder}:/usr/bin:/bin", "TMUX": "/tmp/x,1,0"}


@pytest.mark.parametrize(
    ("body", "verdict", "text"),
    [
        ('[ "$*" = "show-options -gv set-clipboard" ] && echo on', OK, "set-clipboard is on"),
        ("echo external", WARN, "set-clipboard is external: what is copied stops at tmux"),
        ("echo off", WARN, "set-clipboard is off"),
        ("exit 1", WARN, "set-clipboard is not known"),
        ("sleep 60", WARN, "tmux does not answer"),
    ],
)
def test_tmux(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, verdict: Verdict, text: str
) -> None:
    monkeypatch.setattr(probes, "_TMUX_SECONDS", 1.0)
    environ = program(tmp_path, body)
    monkeypatch.setenv("PATH", environ["PATH"])
    found = probes.tmux(environ)
    assert found.verdict is verdict
    assert found.text.startswith(text)
    assert found.remedy in ("", "tmux set -g set-clipboard on")


def test_colours_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    for environ, told in (
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "no colours (NO_COLOR is set)"),
        ({"COLORTERM": "truecolor"}, "16 million colours"),
        ({"TERM": "xterm-256color"}, "256 colours"),
        ({"TERM": "vt100"}, "16 colours"),
    ):
        assert probes.colours(environ) == told
    assert probes.charset({"LC_ALL": "de_DE.ISO-8859-1"}).verdict is WARN
    assert probes.charset({"LC_ALL": "de_DE.ISO-8859-1"}).remedy == "export LC_ALL=C.UTF-8"


@pytest.mark.parametrize(
    ("cells", "verdict"), [((120, 40), OK), ((60, 15), OK), ((59, 40), WARN), ((80, 14), WARN)]
)
def test_size(monkeypatch: pytest.MonkeyPatch, cells: tuple[int, int], verdict: Verdict) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda fd: os.terminal_size(cells))
    assert probes.size().verdict is verdict


FILES: list[tuple[str, Callable[[Path], object], str, Verdict, str]] = [
    ("no store", lambda folder: (folder / "profiles.toml").unlink(), "profiles.toml", WARN, "add"),
    ("open", lambda folder: (folder / "profiles.toml").chmod(0o644), "profiles.toml", FAIL, "600"),
    (
        "no TOML",
        lambda folder: (folder / "profiles.toml").write_text("[[["),
        "profiles.toml",
        FAIL,
        "not valid TOML",
    ),
    ("folder 0755", lambda folder: folder.chmod(0o755), "config folder", WARN, "chmod 700"),
    (
        "open tokens",
        lambda folder: (folder / "tokens.toml").write_text(""),
        "tokens.toml",
        FAIL,
        "chmod 600",
    ),
    (
        "linked tokens",
        lambda folder: (folder / "tokens.toml").symlink_to("/etc/passwd"),
        "tokens.toml",
        FAIL,
        "is a symbolic link",
    ),
    (
        "config for all",
        lambda folder: os.close(os.open(folder / "config.toml", os.O_CREAT, 0o666)),
        "config.toml",
        WARN,
        "written to by others",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "about", "verdict", "said"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_files(
    tmp_path: Path, spoil: Callable[[Path], object], about: str, verdict: Verdict, said: str
) -> None:
    folder = Path(os.environ["SESSIONTOP_CONFIG_DIR"])
    (folder / "profiles.toml").write_text("version = 1\n")
    (folder / "profiles.toml").chmod(0o600)
    before = {found.about: found.verdict for found in probes.files(os.environ)}
    assert set(before.values()) == {OK}
    mask = os.umask(0)
    spoil(folder)
    os.umask(mask)
    found = {each.about: each for each in probes.files(os.environ)}
    assert found[about].verdict is verdict
    assert said in f"{found[about].text} {found[about].remedy}"
    assert [each.verdict for each in found.values()].count(OK) == len(found) - 1


def test_the_cache(tmp_path: Path) -> None:
    def told() -> str:
        found = probes.cache(tmp_path / "config.toml", tmp_path)
        return f"{found.verdict.value} {found.text} {found.remedy}".replace(str(tmp_path), "")

    assert told() == "ok off: no session is kept for the next start "
    (tmp_path / "config.toml").write_text("cache = true\n")
    assert told() == "ok on: /last-rows is not there yet "
    kept = tmp_path / "last-rows"
    kept.touch(mode=0o600)
    assert told() == "ok on: /last-rows (mode 0600) "
    kept.chmod(0o640)
    assert told().startswith(
        "warn on, and not used: /last-rows is open to others (mode 0640) chmod 600"
    )


# --- vendors -------------------------------------------------------------------------------------------------


def exchange(skew: float | None = 0.2, ends: datetime | None = None) -> Exchange:
    word = line("ok")
    return Exchange(
        NOON, "one", "list", "GET", 200, 12.0, 9, word, skew=skew, certificate_ends=ends
    )


@pytest.mark.parametrize(
    ("skew", "verdict", "text"),
    [
        (0.4, OK, "its clock and this machine's agree"),
        (-30.0, OK, "its clock and this machine's agree"),
        (31.0, WARN, "its clock is 31 s ahead of this machine's"),
        (-600.0, WARN, "its clock is 600 s behind this machine's"),
        (None, OK, "it tells no time"),
    ],
)
def test_the_clocks_are_compared(skew: float | None, verdict: Verdict, text: str) -> None:
    found = probes_vendors.skewed("one", [exchange(skew)])
    assert found.verdict is verdict
    assert found.text.startswith(text)


def test_one_late_answer_is_no_skew() -> None:
    """A slow answer makes the vendor's clock look late: the best of several counts."""
    assert probes_vendors.skewed("one", [exchange(-40.0), exchange(-0.5)]).verdict is OK


@pytest.mark.parametrize(("days", "verdict"), [(200, OK), (22, OK), (20, WARN), (-1, WARN)])
def test_a_certificate_that_ends_soon(days: int, verdict: Verdict) -> None:
    clock = VirtualClock()
    ends = clock.now() + timedelta(days=days)
    found = probes_vendors.tls("one", HTTPS, "/x/ca.pem", [exchange(), exchange(ends=ends)], clock)
    assert found.verdict is verdict
    assert found.text.startswith("TLS, verified by the machine's authorities and /x/ca.pem; the ")
    assert f"{ends:%Y-%m-%d}" in found.text


def test_of_a_proxy_only_its_host_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hush-hush@proxy.example.test:3128")
    found = probes_vendors.way("one", HTTPS)
    assert found.text == "https://api.example.test, through the proxy proxy.example.test:3128"
    monkeypatch.setenv("HTTPS_PROXY", "gopher://me:hush-hush@x")
    reply = Checked(0, (), Unreachable("no way"))
    profile = Profile("one", "trinsic-connect", "https://api.example.test")
    (found,) = probes_vendors.one(profile, reply, [], VirtualClock())
    assert found.verdict is FAIL
    assert "hush" not in found.text


def test_every_finding_of_the_check_is_a_line() -> None:
    profile = Profile("one", "trinsic-connect", "https://api.example.test")
    findings = (Finding(OK, line("a")), Finding(WARN, line("b")), Finding(FAIL, line("c")))
    found = list(probes_vendors.keys(profile, Checked(0, findings, Unreachable("d"))))
    assert found == [
        Line(OK, "one", "a"),
        Line(WARN, "one", "b"),
        Line(FAIL, "one", "c", "sessiontop profile edit one"),
        Line(FAIL, "one", "d"),
    ]
