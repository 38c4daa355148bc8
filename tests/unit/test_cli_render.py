"""Text for people and for programs: cells, tables, CSV, JSON, times, Markdown. Hostile names stay names."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.commands.json_shapes import link_shape, session_shape, words
from tui.commands.render import cells, fit, pairs, table
from tui.commands.show import describe
from tui.commands.times import parse_when
from tui.commands.transcript import text
from tui.model.markdown import escaped, markdown
from tui.model.problem import UsageProblem
from tui.model.secret import Secret
from tui.model.session import Links, Session
from tui.model.shapes import csv_lines, dumps, entry_shape, rfc3339
from tui.model.status import Status
from tui.model.text import Clean, Opaque, block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript
from tui.providers.base import SystemLink

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

WIDTHS = [
    ("", 0),
    ("abc", 3),
    ("Ä", 1),
    ("日本", 4),
    ("e\u0301", 1),
    ("नमस्ते", 4),
    ("👍", 2),
    ("👍🏽", 2),
    ("👩\u200d👩\u200d👧", 2),
    ("❤\ufe0f", 2),
    ("🇩🇪", 2),
    ("한", 2),
    ("\u1112\u1161\u11ab", 2),
    ("○ waiting", 9),
]


@pytest.mark.parametrize(("shown", "width"), WIDTHS)
def test_cells(shown: str, width: int) -> None:
    assert cells(shown) == width


def test_the_same_widths_as_the_full_screen() -> None:
    from rich.cells import cell_len

    for shown, width in WIDTHS:
        if "\u200d" not in shown and "ते" not in shown and "🏽" not in shown:
            assert cell_len(shown) == width, shown


@given(st.text(max_size=30), st.integers(1, 40))
def test_fit_gives_exactly_that_many_cells(raw: str, width: int) -> None:
    assert cells(fit(line(raw), width)) == width


def test_fit_cuts_between_wide_characters() -> None:
    assert fit("日本語", 4) == "日… "
    assert fit("abcdef", 4) == "abc…"


def test_a_table_is_aligned_by_cells_and_gives_way_where_it_may() -> None:
    rows = [("日本", "x" * 30, "id-1"), ("a", "short", "id-2")]
    assert table(("A", "B", "C"), rows, width=None) == [
        f"A     B{' ' * 31}C",
        f"日本  {'x' * 30}  id-1",
        f"a     short{' ' * 27}id-2",
    ]
    narrow = table(("A", "B", "C"), rows, width=24, flexible=(1,))
    assert narrow[1] == f"日本  {'x' * 11}…  id-1"
    assert max(map(cells, narrow)) == 24
    narrowest = table(("A", "B", "C"), rows, width=1, flexible=(1,))
    assert narrowest[1] == "日本  xxxxxxx…  id-1"
    fewer = table(("A", "B", "C"), rows, width=14, flexible=(1,), expendable=(0, 2))
    assert fewer == ["B         C", "xxxxxxx…  id-1", "short     id-2"]
    fewest = table(("A", "B", "C"), rows, width=9, flexible=(1,), expendable=(0, 2))
    assert fewest == ["B", "xxxxxxxx…", "short"]


def test_a_table_without_rows_is_its_header() -> None:
    assert table(("A", "B"), [], width=10) == ["A  B"]


def test_pairs() -> None:
    assert pairs([("a", "1"), ("long", "2"), ("x", "")]) == ["a     1", "long  2", "x"]
    assert pairs([]) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_csv_begins_no_formula(start: str) -> None:
    out = csv_lines(["a", "b"], [[f"{start}1+1", 'say "hi",\nthere']])
    assert list(csv.reader(io.StringIO(out))) == [
        ["a", "b"],
        [f"'{start}1+1", 'say "hi",\nthere'],
    ]


def session(**more: object) -> Session:
    values: dict[str, object] = {
        "profile": "one",
        "provider": "bakery",
        "id": Opaque("a/b c\x1b\u202e"),
        "status": Status.WAITING,
        "created_at": NOW - timedelta(minutes=6),
        **more,
    }
    return Session(**values)  # type: ignore[arg-type]


KEYS = [
    "profile",
    "provider",
    "id",
    "status",
    "provider_status",
    "kind",
    "subject",
    "customer",
    "customer_email",
    "customer_phone",
    "agent",
    "estimated_wait_minutes",
    "created_at",
    "started_at",
    "joined_at",
    "ended_at",
    "updated_at",
    "expires_at",
    "links",
    "fields",
]


def test_a_session_as_json_has_all_keys_always() -> None:
    shape = session_shape(session())
    assert list(shape) == KEYS
    assert shape["id"] == "a/b c\x1b\u202e"
    assert shape["status"] == "waiting"
    assert shape["created_at"] == "2026-11-23T07:54:00Z"
    assert shape["links"] == dict.fromkeys(("join", "start", "recording", "data", "partner"))
    assert shape["fields"] == {}
    assert {shape[name] for name in KEYS[6:12]} == {None}


def test_json_is_printable_ascii_and_reads_back_as_it_was() -> None:
    hostile = "\x1b]52;c;x\x07\x7f\x9b\u202e日\ud800"
    shape = session_shape(session(id=Opaque(hostile)))
    out = dumps(shape)
    assert out.isascii()
    assert out.isprintable()
    assert json.loads(out)["id"] == hostile


def test_secrets_are_masked_unless_asked_for() -> None:
    given = session(
        fields=(
            (Clean("userToken"), Secret("hush")),
            (Clean("size"), 3),
            (Clean("far"), float("inf")),
            (Clean("on"), True),
            (Clean("none"), None),
        ),
        estimated_wait_minutes=float("inf"),
    )
    shape = session_shape(given)
    assert shape["fields"] == {"userToken": "***", "size": 3, "far": None, "on": True, "none": None}
    assert shape["estimated_wait_minutes"] is None
    dumps(shape)
    assert session_shape(given, reveal=True)["fields"]["userToken"] == "hush"
    assert "hush" not in "\n".join(describe(given, NOW, reveal=False))
    assert "hush" in "\n".join(describe(given, NOW, reveal=True))


def test_a_system_link_as_json() -> None:
    link = SystemLink(Clean("n"), Clean("d"), Clean("u@x"), Secret("hush"), Opaque("https://x/?a"))
    assert link_shape(link) == {
        "name": "n",
        "domain": "d",
        "user_email": "u@x",
        "user_token": "***",
        "callback_url": "https://x/?a",
    }
    assert link_shape(link, reveal=True)["user_token"] == "hush"


def test_show_leaves_out_what_is_not_known_and_warns_of_altered_links() -> None:
    links = Links(join=Opaque("https://x/" + "j" * 400), data=Opaque("https://x/\u202ey"))
    lines = describe(
        session(customer=Clean("Ana"), kind=Clean("chat"), links=links), NOW, reveal=False
    )
    assert lines == [
        "id         a/b c␛",
        "profile    one",
        "status     ○ waiting",
        "kind       chat",
        "customer   Ana",
        "created    2026-11-23T07:54:00Z",
        "waiting    6m",
        "age        6m",
        f"join link  https://x/{'j' * 400}",
        "data link  https://x/y (altered to be shown: do not use it)",
    ]


def test_values_of_fields_in_words() -> None:
    said = [words(value, reveal=False) for value in (None, True, False, 1.5, Clean("x"))]
    assert said == ["-", "yes", "no", "1.5", "x"]


TIMES = [
    ("90m", NOW - timedelta(minutes=90)),
    ("45s", NOW - timedelta(seconds=45)),
    ("2d", NOW - timedelta(days=2)),
    ("1w", NOW - timedelta(weeks=1)),
    ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
    ("2026-11-22T10:30", datetime(2026, 11, 22, 10, 30, tzinfo=UTC)),
    ("2026-11-22T10:30:00Z", datetime(2026, 11, 22, 10, 30, tzinfo=UTC)),
    ("2026-11-22T10:30:00+05:30", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("given", "when"), TIMES, ids=[given for given, _ in TIMES])
def test_times_that_are_understood(given: str, when: datetime) -> None:
    assert parse_when(given, NOW, "--since") == when


@pytest.mark.parametrize(
    "given", ["", "yesterday", "5", "-5m", "٣m", "999999w", "2026-13-01", "0001-01-01T00:00+23:00"]
)
def test_times_that_are_not(given: str) -> None:
    with pytest.raises(UsageProblem, match="--until takes an age such as 90m"):
        parse_when(given, NOW, "--until")


def test_times_as_told() -> None:
    east = timezone(timedelta(hours=2))
    assert rfc3339(None) is None
    assert rfc3339(datetime(2026, 1, 2, 3, 4, 5, tzinfo=east)) == "2026-01-02T01:04:05Z"
    assert rfc3339(datetime(2026, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC)) == "2026-01-02T03:04:05.120Z"
    assert rfc3339(datetime(2026, 1, 2, 3, 4, 5, 7, tzinfo=UTC)) == "2026-01-02T03:04:05.000007Z"


def entry(said: str, kind: EntryKind = EntryKind.MESSAGE, **more: object) -> Entry:
    values: dict[str, object] = {
        "at": NOW,
        "author": Clean("Ana"),
        "role": Role.CUSTOMER,
        "kind": kind,
        "text": block(said),
        **more,
    }
    return Entry(**values)  # type: ignore[arg-type]


def test_a_transcript_as_text_keeps_further_lines_below_the_first() -> None:
    spoken = Transcript(
        (
            entry("one\ntwo"),
            entry("gone", EntryKind.STATE, at=None, author=Clean(""), role=Role.SYSTEM),
            entry("hi", status=Clean("sent")),
        )
    )
    assert text(spoken) == [
        "2026-11-23T08:00:00Z  Ana     message  one",
        "                                       two",
        "-                     system  state    gone",
        "2026-11-23T08:00:00Z  Ana     message  hi (sent)",
    ]


def test_a_transcript_as_json() -> None:
    assert entry_shape(entry("x\ny", at=None, status=Clean("read"))) == {
        "at": None,
        "author": "Ana",
        "role": "customer",
        "kind": "message",
        "text": "x\ny",
        "status": "read",
    }


MARKDOWN = [
    ("plain words, 3.5 of them", "plain words, 3.5 of them"),
    ("![x](http://evil)", r"\!\[x\](http://evil)"),
    ("<img src=x>", r"\<img src=x\>"),
    ("&lt;b&gt;", r"\&lt;b\&gt;"),
    ("# head", r"\# head"),
    ("> deeper", r"\> deeper"),
    ("- item", r"\- item"),
    ("  + item", r"  \+ item"),
    ("12. item", r"12\. item"),
    ("3) item", r"3\) item"),
    ("===", r"\==="),
    ("`code` *b* _i_ ~s~ a|b \\", r"\`code\` \*b\* \_i\_ \~s\~ a\|b \\"),
]


@pytest.mark.parametrize(("said", "told"), MARKDOWN, ids=[said for said, _ in MARKDOWN])
def test_markdown_shows_what_was_written(said: str, told: str) -> None:
    assert escaped(said) == told


def test_a_transcript_as_markdown() -> None:
    spoken = Transcript(
        (entry("*one*\n\n# two"), entry("joined", EntryKind.JOIN, author=Clean("")))
    )
    assert markdown(session(id=Opaque("a_b")), spoken) == [
        r"# Session a\_b",
        "",
        "**Ana** (2026-11-23T08:00:00Z)",
        "",
        r"> \*one\*",
        ">",
        r"> \# two",
        "",
        "- *join* (2026-11-23T08:00:00Z) joined",
    ]
