"""TLS that fails in each way, and proxies that answer: no key reaches who is not trusted, and none is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.leaks.canaries import Detector, make
from tests.leaks.mirror import Mirror
from tests.leaks.observing import Channel, asked, leaks
from tests.leaks.people import ONE_EACH, SECRETS, WAYS
from tests.leaks.running import keep, seen
from tests.leaks.test_quoted import SignedIn
from tests.leaks.wires import HARD, NAME, REFUSING, Certificate, Passing, Rude, certificate
from tui.model.profile import Profile

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")

PASSWORD = make(40)
DETECTOR = Detector({**SECRETS, "proxy password": PASSWORD})
HERE = "DNS:api.example.test,DNS:localhost,IP:127.0.0.1"
OTHERS = ("goto-oauth", "seeit-oauth", "twilio-key", "goto-pat")
long = pytest.mark.long


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Certificate]:
    folder = tmp_path_factory.mktemp("tls")
    return {
        "good": certificate(folder / "good", HERE),
        "stranger": certificate(folder / "stranger", HERE),
        "wrong host": certificate(folder / "wrong", "DNS:elsewhere.example.test"),
        "expired": certificate(folder / "expired", HERE, ended=True),
    }


def everything(way: str, url: str, folder: Path, ca_file: str | None = None) -> Iterator[Channel]:
    """The engine with all questions, then commands, about one profile there."""
    profile: Profile = replace(WAYS[way].profile("desk", url), ca_file=ca_file)
    code = SECRETS["authorization code"]
    yield from asked([profile], folder, pasted=code, tokens=SignedIn(profile, True))
    keep({"desk": WAYS[way].table(url) | ({"ca_file": ca_file} if ca_file else {})})
    for argv in (("sessions", "--json"), ("profile", "check"), ("doctor",), ("doctor", "--json")):
        yield from seen(*argv)


def clean(channels: Iterator[Channel], *words: str) -> None:
    """Nothing in them, and the failure is what was meant: one of the words is told."""
    kept = list(channels)
    found, looked = leaks(DETECTOR, kept)
    assert looked > 30
    assert found == []
    told = "".join(str(text) for _, text in kept)
    assert not words or any(word in told for word in words), words


def marked(names: tuple[str, ...] | Mapping[str, object], quick: str) -> list[object]:
    """One in the short set, all in the long one."""
    return [one if one == quick else pytest.param(one, marks=long) for one in names]


WAYS_ALL = [*marked(ONE_EACH, "goto"), *(pytest.param(one, marks=long) for one in OTHERS)]


@pytest.mark.parametrize("way", WAYS_ALL)
@pytest.mark.parametrize("kind", marked(("stranger", "wrong host", "expired"), "stranger"))
def test_a_certificate_that_is_not_to_be_trusted(
    certificates: Mapping[str, Certificate], tmp_path: Path, way: str, kind: str
) -> None:
    trusted = certificates["good" if kind == "stranger" else kind]
    with Mirror("json-401", tls=certificates[kind].server()) as mirror:
        clean(
            everything(way, mirror.url, tmp_path / "state", str(trusted.file)),
            "certificate is not trusted",
        )
        assert mirror.sent == [], "nothing is sent to who is not trusted"


@pytest.mark.parametrize("way", WAYS_ALL)
@pytest.mark.parametrize("hard", marked(HARD, "an echo"))
def test_a_server_that_speaks_no_tls(
    certificates: Mapping[str, Certificate], tmp_path: Path, way: str, hard: str
) -> None:
    with Rude(HARD[hard]) as rude:
        clean(
            everything(way, f"https://127.0.0.1:{rude.port}", tmp_path / "state"),
            "nothing was sent",
        )
        assert rude.heard
        assert leaks(DETECTOR, (("heard", one.decode("latin-1")) for one in rude.heard))[0] == []


@pytest.mark.parametrize("way", WAYS_ALL)
@pytest.mark.parametrize(
    "play", marked(("json-401", "heads-503", "cut-json", "reset", "short-body"), "cut-json")
)
def test_a_server_that_is_trusted_and_quotes(
    certificates: Mapping[str, Certificate], tmp_path: Path, way: str, play: str
) -> None:
    good = certificates["good"]
    with Mirror(play, tls=good.server()) as mirror:
        clean(everything(way, mirror.url, tmp_path / "state", str(good.file)))
        assert any(DETECTOR.hits("", sent.raw) for sent in mirror.sent), "nothing was at stake"


@contextmanager
def through(monkeypatch: pytest.MonkeyPatch, proxy: Rude) -> Iterator[Rude]:
    with proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://clerk:{PASSWORD}@127.0.0.1:{proxy.port}")
        yield proxy


@pytest.mark.parametrize("way", WAYS_ALL)
@pytest.mark.parametrize("refusing", marked(REFUSING, "refuses with 407"))
def test_a_proxy_that_does_not_let_through(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, refusing: str
) -> None:
    with through(monkeypatch, Rude(REFUSING[refusing])) as proxy:
        clean(everything(way, f"https://{NAME}", tmp_path / "state"), "nothing was sent")
        heard = [*proxy.heard]
    kinds = {hit.kind for one in heard for hit in DETECTOR.hits("heard", one)}
    assert kinds == {"proxy password"}, "it is told who asks, and no key"


@pytest.mark.parametrize("way", WAYS_ALL)
@pytest.mark.parametrize("play", marked(("json-401", "heads-503", "cut-json"), "json-401"))
def test_a_proxy_that_leads_to_a_server_that_quotes(
    certificates: Mapping[str, Certificate],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    way: str,
    play: str,
) -> None:
    good = certificates["good"]
    with (
        Mirror(play, tls=good.server()) as mirror,
        through(monkeypatch, Passing(to=mirror.port)) as proxy,
    ):
        clean(everything(way, f"https://{NAME}", tmp_path / "state", str(good.file)))
        assert any(DETECTOR.hits("", sent.raw) for sent in mirror.sent), "nothing was at stake"
        heard = [*proxy.heard]
    kinds = {hit.kind for one in heard for hit in DETECTOR.hits("heard", one)}
    assert kinds == {"proxy password"}
    assert (
        leaks(
            Detector({"proxy password": PASSWORD}),
            [("heard", one.raw.decode("latin-1")) for one in mirror.sent],
        )[0]
        == []
    )
