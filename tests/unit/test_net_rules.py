"""The pure parts of the net room: origins, retry rules, refusals; and what importing it loads."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.net_chaos import NOW, FixedClock
from tui.model.problem import Busy, ConfigProblem, KeysRejected, NotFound, Refused
from tui.net.answers import refusal
from tui.net.body import Refusal, Unwrapped
from tui.net.client import Reply
from tui.net.origin import Origin, host_of
from tui.net.retry import Breaker, BreakerState, backoff, http_date, retry_after, skew

# --- origins -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://api.example.com", ("https", "api.example.com", 443, "")),
        ("https://API.example.com/v1/", ("https", "api.example.com", 443, "/v1")),
        ("HTTPS://api.example.com:8443/a/b", ("https", "api.example.com", 8443, "/a/b")),
        ("http://127.0.0.1:8000", ("http", "127.0.0.1", 8000, "")),
        ("http://127.9.9.9/x", ("http", "127.9.9.9", 80, "/x")),
        ("http://[::1]:80/x", ("http", "::1", 80, "/x")),
        ("http://localhost/x", ("http", "localhost", 80, "/x")),
        ("https://my_host", ("https", "my_host", 443, "")),
        ("https://10.0.0.7/api", ("https", "10.0.0.7", 443, "/api")),
    ],
)
def test_a_base_url(url: str, wanted: tuple[str, str, int, str]) -> None:
    origin = Origin.parse(url)
    assert (origin.scheme, origin.host, origin.port, origin.prefix) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example.com",
        "/v1",
        "http://api.example.com",
        "http://localhost.example.com",
        "http://localhost.",
        "http://128.0.0.1",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://0.0.0.0",
        "file:///etc/passwd",
        "ftp://api.example.com",
        "https://user:hunter2@api.example.com",
        "https://user@api.example.com",
        "https://api.example.com.",
        "https://api..example.com",
        "https://.example.com",
        "https://api.example.com%2eevil.com",
        "https://evil.com\\@good.com/",
        "https://good.com\\.evil.com/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://127.1/",
        "https://1.2.3.4.5/",
        "https://[::1",
        "https://[::1%25eth0]/",
        "https://[fe80::zz]/",
        "https://münchen.example",
        "https://ａpi.example.com",
        "https:// api.example.com",
        "https://api.example.com/\n",
        "https://api.exa\tmple.com",
        "https://api.example.com:0",
        "https://api.example.com:65536",
        "https://api.example.com:8a",
        "https://api.example.com/v1?x=1",
        "https://api.example.com/v1#x",
        "https://api.example.com/v1?",
        "https://api.example.com/v1/../admin",
        "https://api.example.com/%2e%2e/admin",
        "https://",
        "https:///v1",
    ],
)
def test_a_base_url_that_could_be_misread_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(ConfigProblem, match="base_url") as caught:
        Origin.parse(url)
    assert "hunter2" not in caught.value.message


def test_addresses_are_put_together_encoded() -> None:
    origin = Origin.parse("http://[::1]:8080/base")
    assert origin.root == "http://[::1]:8080"
    assert origin.url("/x%2Fy", [("a b", "ü&="), ("c", "")]) == (
        "http://[::1]:8080/base/x%2Fy?a%20b=%C3%BC%26%3D&c="
    )
    assert Origin.parse("https://h").url("") == "https://h/"
    assert Origin.parse("https://h:443").root == "https://h"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_link_leads_out(link: str) -> None:
    origin = Origin.parse("https://api.example.com/v1")
    for prefix in ("", "https://api.example.com", "https://api.example.com/v1/", "//", "/v1/"):
        target = origin.target_of(prefix + link)
        if target is not None:
            path = target.split("?")[0]
            assert path == "/v1" or path.startswith("/v1/")
            assert ".." not in path.split("/")
            assert target.isascii()
            assert target.isprintable()
            assert " " not in target


def test_the_host_of_a_link() -> None:
    assert host_of("https://a.example:1/x") == "a.example"
    assert host_of("//b.example") == "b.example"
    assert host_of("x") == host_of("http://[") == "?"


# --- when to ask again -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("000007", 7.0),
        ("899", 899.0),
        ("999999", 900.0),
        ("1000000", None),
        ("-5", None),
        ("1.5", None),
        ("1e3", None),
        ("1_0", None),
        ("٣", None),
        ("soon", None),
        ("nan", None),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 20:00:00 GMT", 900.0),
        ("Sun, 01 Mar 2026 12:00:60 GMT", 59.0),
        ("Sun, 31 Feb 2026 12:00:00 GMT", None),
        ("Sun, 01 Mar 2026 12:01:00 -0000", None),
        ("Sunday, 01-Mar-26 12:01:00 GMT", None),
        ("Sun Mar  1 12:01:00 2026", None),
        ("Sun, 01 Mar 0000 12:01:00 GMT", None),
        ("Sun, 01 Mar 2026 24:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@settings(deadline=None)
@given(st.text(max_size=40))
def test_retry_after_takes_anything(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= 900


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_every_date_comes_back(when: datetime) -> None:
    when = when.replace(microsecond=0)
    assert http_date(format_datetime(when, usegmt=True)) == when


def test_backoff_is_full_jitter_within_bounds() -> None:
    rng = random.Random(1)
    assert backoff(0, rng, base=1.0, cap=60.0) == 0.0
    for failures, highest in ((1, 1.0), (3, 4.0), (7, 60.0), (10_000, 60.0)):
        waits = [backoff(failures, rng, base=1.0, cap=60.0) for _ in range(500)]
        assert all(0.5 <= wait <= highest for wait in waits)
        assert len(set(waits)) > 100
        assert max(waits) > 0.9 * highest
    assert min(backoff(1, rng, base=5.0, cap=60.0) for _ in range(100)) >= 2.5


def test_the_breaker_opens_probes_and_closes() -> None:
    breaker = Breaker()
    now = 100.0
    for count in range(1, 5):
        breaker.failed(now, 2.0)
        assert (breaker.failures, breaker.state) == (count, BreakerState.CLOSED)
        assert not breaker.allows(now + 1.9)
        now += 2.0
        assert breaker.allows(now)
        assert breaker.allows(now)
    breaker.failed(now, 30.0)
    assert state_of(breaker) is BreakerState.OPEN
    assert not breaker.allows(now + 29)
    now += 30
    assert breaker.allows(now)  # the probe
    assert state_of(breaker) is BreakerState.HALF_OPEN
    assert not breaker.allows(now + 59)
    breaker.failed(now + 1, 10.0)
    assert (state_of(breaker), breaker.until) == (BreakerState.OPEN, now + 11)
    now += 11
    assert breaker.allows(now)
    breaker.succeeded(now)
    assert state_of(breaker) is BreakerState.CLOSED
    assert breaker.allows(now)


def test_a_probe_that_never_came_back_does_not_keep_it_shut() -> None:
    breaker = Breaker(threshold=1)
    breaker.failed(0.0, 5.0)
    assert breaker.allows(5.0)
    assert not breaker.allows(64.9)
    assert breaker.allows(65.0)
    assert not breaker.allows(65.1)


def state_of(breaker: Breaker) -> BreakerState:
    return breaker.state


def test_the_breaker_forgets_only_after_two_good_minutes() -> None:
    breaker = Breaker()
    for _ in range(5):
        breaker.failed(0.0, 1.0)
    breaker.succeeded(10.0)
    breaker.succeeded(129.0)
    assert breaker.failures == 5
    breaker.failed(129.5, 1.0)  # still tired: open again at once
    assert (breaker.failures, breaker.state) == (6, BreakerState.OPEN)
    breaker.succeeded(140.0)
    breaker.succeeded(260.0)
    assert breaker.failures == 0
    breaker.failed(261.0, 1.0)
    assert (breaker.failures, breaker.state) == (1, BreakerState.CLOSED)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Mon, 05 Jan 2026 12:00:31 GMT", 31.0),
        ("Mon, 05 Jan 2026 11:50:00 GMT", -600.0),
        ("Monday, 05-Jan-26 12:00:31 GMT", None),
        ("soon", None),
        (None, None),
    ],
)
def test_how_far_a_vendors_clock_is_ahead(header: str | None, seconds: float | None) -> None:
    assert skew(header, datetime(2026, 1, 5, 12, tzinfo=UTC)) == seconds


def test_an_earlier_longer_wait_is_kept() -> None:
    breaker = Breaker()
    breaker.failed(0.0, 900.0)
    breaker.failed(1.0, 1.0)
    assert breaker.until == 900.0


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, Refused, "api said no (400 21: no\N{SYMBOL FOR ESCAPE}w)"),
        (401, KeysRejected, "keys were not accepted"),
        (403, KeysRejected, "may not do this"),
        (404, NotFound, "no such thing"),
        (409, Refused, "said no"),
        (429, Busy, "too many requests"),
        (500, Busy, "has a fault"),
        (599, Busy, "has a fault"),
    ],
)
def test_a_refusal_is_the_problem_that_its_status_says(
    status: int, kind: type[Refused], words: str
) -> None:
    reply = Reply(status, b"{}", {"retry-after": "30"}, "api")
    problem = refusal(reply, "end thing 7", code="21", message="no\x1bw", clock=FixedClock())
    assert type(problem) is kind
    assert isinstance(problem, Refused)
    assert (problem.status, problem.code) == (status, "21")
    assert problem.message.startswith("end thing 7: ")
    assert words in problem.message
    if isinstance(problem, Busy):
        assert problem.retry_after == 30.0
        assert problem.message.endswith("try again in 30 s")


def test_a_refusal_without_words_and_as_a_page() -> None:
    bare = refusal(Reply(503, b""), "list", code=None, message=None, clock=FixedClock())
    assert isinstance(bare, Busy)
    assert (bare.retry_after, bare.code) == (None, None)
    assert bare.message == "list: the vendor has a fault (503); try again later"
    late = (NOW + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    dated = refusal(
        Reply(429, b"", {"retry-after": late}), "list", code=None, message=None, clock=FixedClock()
    )
    assert isinstance(dated, Busy)
    assert dated.retry_after == 90.0
    page = Reply(403, b"<html><title>Access \x1b denied</title>", {"content-type": "text/html"})
    shown = refusal(page, "list", code=None, message=None, clock=FixedClock())
    assert "(403: Access \N{SYMBOL FOR ESCAPE} denied)" in shown.message


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("502", "(502)"),
        ("502 Bad Gateway", "(502: Bad Gateway)"),
        ("5021 pages", "(502: 5021 pages)"),
    ],
)
def test_a_status_is_not_told_twice(title: str, told: str) -> None:
    page = Reply(502, f"<html><title>{title}</title>".encode(), {"content-type": "text/html"})
    assert told in refusal(page, "list", code=None, message=None, clock=FixedClock()).message
    coded = refusal(Reply(502, b""), "list", code="502", message=None, clock=FixedClock())
    assert "(502)" in coded.message


# --- bodies, and what is loaded when -----------------------------------------------------------------------


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(1, 64))
def test_an_unwrapped_body_never_exceeds_its_cap(raw: bytes, cap: int) -> None:
    for encodings in ([], ["gzip"], ["identity"], ["X-GZIP"]):
        taken = Unwrapped(encodings, cap)
        try:
            for at in range(0, len(raw), 7):
                taken.feed(raw[at : at + 7])
            assert len(taken.end()) <= cap
        except Refusal:
            assert len(taken.data) <= cap + 7


def test_a_reply_does_not_show_its_body() -> None:
    assert "secret" not in repr(Reply(200, b'{"customer": "secret"}'))


def test_httpx_is_loaded_by_the_first_request_only() -> None:
    code = (
        "import sys, tui.net.client, tui.net.answers, tui.net.retry, tui.net.proxy, tui.net.tls\n"
        "print(sorted({'httpx', 'httpcore', 'truststore', 'h11', 'anyio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
