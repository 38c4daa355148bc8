"""Reading the profile store: strict, one profile at a time, in sentences that name the place and no secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.profile_specs import GOOD, SPECS, loaded, put
from tui.model.problem import ConfigProblem
from tui.profiles.store import load, overview
from tui.profiles.writer import write


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at parents ends here: what the checkout's own folders allow others is no matter of the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    made.mkdir(mode=0o700)
    return made


def test_a_store_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    for path in (tmp_path / "profiles.toml", tmp_path / "no" / "such" / "profiles.toml"):
        found = load(path, SPECS, {})
        assert (found.exists, found.profiles, found.problems) == (False, (), ())


def test_a_good_profile_has_its_keys_and_the_defaults(folder: Path) -> None:
    found = loaded(folder, GOOD)
    (profile,) = found.profiles
    assert found.problems == ()
    assert (profile.name, profile.provider) == ("one", "bakery")
    assert profile.base_url == "https://bakery.example/api"
    assert profile.text("account") == "AC12ef"
    assert profile.secrets["token"].reveal() == "open-sesame"
    assert profile.text("auth_url") == "https://sign.example"
    assert profile.settings["page_size"] == 50
    assert (profile.refresh_seconds, profile.history_hours, profile.read_only) == (5.0, 24.0, False)
    assert profile.me is None
    assert "open-sesame" not in repr(found)


def test_every_key_can_be_given(folder: Path) -> None:
    (folder / "ca.pem").write_text("x")
    more = """\
base_url = "http://127.0.0.1:8080/x/"
ca_file = "ca.pem"
refresh_seconds = 2.5
history_hours = 1
read_only = true
me = "Ana Lindqvist"
scheme = "token"
web_chats = true
page_size = 7
auth_url = "https://other.example/"
"""
    (profile,) = loaded(folder, GOOD + more).profiles
    assert profile.base_url == "http://127.0.0.1:8080/x"
    assert profile.ca_file == str(folder / "ca.pem")
    assert (profile.refresh_seconds, profile.history_hours) == (2.5, 1.0)
    assert profile.read_only
    assert profile.flag("web_chats")
    assert (profile.me, profile.text("scheme")) == ("Ana Lindqvist", "token")
    assert profile.settings["page_size"] == 7
    assert profile.text("auth_url") == "https://other.example/"
    assert "base_url" not in profile.settings


def test_a_secret_may_be_in_the_environment(folder: Path) -> None:
    text = GOOD.replace('"open-sesame"', '{ env = "BAKERY_TOKEN" }')
    (profile,) = loaded(folder, text, BAKERY_TOKEN="from-outside\n").profiles
    assert profile.secrets["token"].reveal() == "from-outside"


BAD_LINES = [
    ('tokn = "x"', 'tokn: unknown key; did you mean "token"?'),
    ('Scheme = "token"', 'Scheme: unknown key; did you mean "scheme"?'),
    ("zzzzzz = 1", "zzzzzz: unknown key (there is: account, api_key, "),
    ("account = 5", "account: it must be text, in quotes, not a number"),
    ('account = "XX1234"', "account: it does not look right (begins with AC)"),
    ('account = "AC12345"', "account: it does not look right"),
    ('account = { env = "A" }', "account: it must be written plainly here"),
    ('me = "a\\u001b[2Jb"', "me: it holds a line break or another control character"),
    ('me = "  "', "me: it is empty"),
    ('scheme = "basic"', 'scheme: it must be one of "bearer", "token"'),
    ("web_chats = 1", "web_chats: it must be true or false"),
    ('read_only = "yes"', "read_only: it must be true or false"),
    ("page_size = 0", "page_size: it must be between 1 and 100"),
    ("page_size = 100.5", "page_size: it must be between 1 and 100"),
    ("page_size = true", "page_size: it must be a number, without quotes, not true or false"),
    ('page_size = "9"', "page_size: it must be a number, without quotes, not text"),
    ("page_size = [1]", "not a list"),
    ("page_size = 2020-01-01", "not a date or time"),
    ("refresh_seconds = 1", "refresh_seconds: it must be between 2 and 3600"),
    ("refresh_seconds = nan", "refresh_seconds: it must be between 2 and 3600"),
    ("history_hours = inf", "history_hours: it must be between 1 and 2160"),
    ('ca_file = "nowhere.pem"', "ca_file: there is no such file"),
    ('base_url = "http://bakery.example"', "base_url: it must be https"),
    ('base_url = "ftp://bakery.example"', "base_url: it must begin with https"),
    ('base_url = "https://u:p@bakery.example"', "base_url: it must not hold a user"),
    ('auth_url = "http://sign.example"', "auth_url: it must be https"),
]


@pytest.mark.parametrize(("line", "said"), BAD_LINES, ids=[line for line, _ in BAD_LINES])
def test_a_wrong_line_stops_its_profile_alone(folder: Path, line: str, said: str) -> None:
    lines = GOOD.splitlines()
    key = line.split(" ", 1)[0]
    lines = [kept for kept in lines if not kept.startswith(key)] + [line]
    good = '[profiles.two]\nprovider = "bakery"\napi_key = "SK00ff"\ntoken = "t"\n'
    found = loaded(folder, "\n".join([*lines, good]))
    assert [profile.name for profile in found.profiles] == ["two"]
    (problem,) = found.problems
    assert problem.message.startswith(f'{found.path}:{len(lines)}: profile "one": ')
    assert said in problem.message
    assert problem.exit_code == 2


BAD_SECRETS = [
    ("7", 'token: it must be a plain string, { env = "NAME" }, { file = "path" } or {'),
    ("{ }", "token: it must be a plain string"),
    ('{ env = "A", x = 1 }', "token: it must be a plain string"),
    ('{ env = "UNSET" }', "token: the environment variable UNSET is not set"),
    ('{ env = "EMPTY" }', "token: the environment variable EMPTY is empty"),
    ('{ env = "SPACED" }', "token: the environment variable SPACED holds a space"),
    ('{ env = "not a name" }', "token: { env = ... } needs the name of an environment variable"),
    ("{ env = 3 }", "token: { env = ... } needs the name"),
    ('{ envv = "A" }', 'token: "envv" is not a way to keep a secret; did you mean "env"?'),
    ("{ file = 3 }", "token: { file = ... } needs the path of a file"),
    ('{ file = "" }', "token: { file = ... } needs the path of a file"),
    ('{ file = "a\\u001b[2J" }', "token: { file = ... } needs the path of a file"),
    ('{ file = "keys/" }', "token: { file = ... } needs the path of a file"),
    ('{ file = "nowhere.key" }', "token: nowhere.key: there is no such file"),
    ('{ file = "~nobody-of-that-name/x" }', "token: the home folder in its path is not known"),
    ('{ command = "pass show hush" }', "token: { command = ... } needs a list, since no shell"),
    ("{ command = [] }", "token: { command = ... } needs a list of texts"),
    ('{ command = ["pass", 3] }', "token: { command = ... } needs a list of texts"),
    ('{ command = ["pass", "hush\\u0000"] }', "token: { command = ... } needs a list of texts"),
    ('{ command = ["", "x"] }', "token: { command = ... } needs the name of a program"),
    ('""', "token: it is empty"),
    ('"\\n"', "token: it is empty"),
    ('"hush hush"', "token: it holds a space"),
    ('"hush\\n\\n"', "token: it holds a space"),
    ('"hush\\r\\n\\n"', "token: it holds a space"),
    ('"hush\\r"', "token: it holds a space"),
    ('"hushé"', "token: it holds a space"),
    ('"hush\\u007f"', "token: it holds a space"),
    (f'"{"h" * 8193}"', "token: it holds a space, a line break or a letter that no key has, or"),
]


@pytest.mark.parametrize(
    ("value", "said"), BAD_SECRETS, ids=[value[:30] for value, _ in BAD_SECRETS]
)
def test_a_bad_secret_is_refused_without_a_word_of_it(folder: Path, value: str, said: str) -> None:
    found = loaded(folder, GOOD.replace('"open-sesame"', value), EMPTY="", SPACED="hush hush")
    (problem,) = found.problems
    assert found.profiles == ()
    assert said in problem.message
    assert "hush" not in problem.message
    assert problem.__cause__ is None
    assert problem.__suppress_context__


def test_the_longest_secret_and_one_line_end_are_taken(folder: Path) -> None:
    text = GOOD.replace('"open-sesame"', f'"{"h" * 8192}\\n"')
    (profile,) = loaded(folder, text).profiles
    assert profile.secrets["token"].reveal() == "h" * 8192
    (profile,) = loaded(folder, GOOD.replace("sesame", "sesame\\r\\n")).profiles
    assert profile.secrets["token"].reveal() == "open-sesame"


TABLES = [
    ('[profiles.one]\nprovider = "baker"', 'provider: unknown provider; did you mean "bakery"?'),
    ("[profiles.one]\nprovider = 3", "provider: unknown provider"),
    ('[profiles.one]\naccount = "AC12ef"', "the key provider is missing"),
    ('[profiles.one]\nprovider = "bakery"', "missing (needed: account and token, or api_key and"),
    ('[profiles.one]\nprovider = "bakery"\ntoken = "x"', "account is missing (needed:"),
    ('[profiles.one]\nprovider = "bakery"\napi_key = "SK00ff"', "token is missing"),
    ('[profiles.one]\nprovider = "harbour"', "key is missing"),
    ('[profiles.one]\nprovider = "harbour"\nkey = "k"', "base_url is missing"),
    ("[profiles]\none = 5", "it must be a table"),
    ('[profiles."a/b"]\nprovider = "bakery"', "a name has at most 32 letters"),
    ('[profiles."-x"]\nprovider = "bakery"', "a name has at most 32 letters"),
    (f'[profiles.{"x" * 33}]\nprovider = "bakery"', "a name has at most 32 letters"),
    ('[profiles."\\u001b[2J"]\nprovider = "bakery"', "a name has at most 32 letters"),
]


@pytest.mark.parametrize(("text", "said"), TABLES, ids=[said for _, said in TABLES])
def test_a_wrong_table_says_what_is_wrong(folder: Path, text: str, said: str) -> None:
    found = loaded(folder, text)
    (problem,) = found.problems
    assert found.profiles == ()
    assert said in problem.message
    assert "\x1b" not in problem.message


WHOLE = [
    (b"version = 'one'", r":1: version: it must be a whole number"),
    (b"\nversion = 0", r":2: version: it must be a whole number"),
    (b"version = true", r":1: version: it must be"),
    (b"version = 1\n[profiles.one\n", r":2: this is not valid TOML, column \d+"),
    (b'a = 1\nb = "hush-hush', r"this is not valid TOML"),
    (b"a = 1\nb = '\xff'", r":2: this is not UTF-8 text"),
    (b"a = " + b"[" * 5000, r": this is not valid TOML"),
    (b"a = " + b"9" * 5000, r": this is not valid TOML"),
    (b"profiles = 3", r":1: profiles: it must hold tables"),
    (b"#" * (1024 * 1024 + 1), r"is larger than 1 MiB"),
]


@pytest.mark.parametrize(("data", "said"), WHOLE, ids=[said for _, said in WHOLE])
def test_a_file_that_cannot_be_used_at_all(folder: Path, data: bytes, said: str) -> None:
    with pytest.raises(ConfigProblem) as caught:
        loaded(folder, data)
    assert re.search(said, caught.value.message), caught.value.message
    assert "hush" not in caught.value.message


def test_a_stranger_beside_the_profiles_is_named_and_stops_nobody(folder: Path) -> None:
    found = loaded(folder, GOOD + '[profile.two]\nprovider = "bakery"\n')
    assert [profile.name for profile in found.profiles] == ["one"]
    (problem,) = found.problems
    assert problem.message == f'{found.path}:6: profile: unknown key; did you mean "profiles"?'


def test_a_newer_store_is_read(folder: Path) -> None:
    found = loaded(folder, GOOD.replace("version = 1", "version = 2\nfuture = 1"))
    assert found.newer
    assert [profile.name for profile in found.profiles] == ["one"]
    assert found.problems == ()


def test_the_overview_tells_how_keys_are_kept_and_never_what_they_are(folder: Path) -> None:
    text = (
        GOOD
        + """\
[profiles.two]
provider = "bakery"
account = "AC12ef"
token = { env = "NOWHERE" }
[profiles.three]
provider = "harbour"
base_url = "https://h.example"
key = { env = "HERE" }
[profiles.four]
provider = "unheard-of"
token = "hush-hush"
"""
    )
    listed = overview(put(folder, text), SPECS, {"HERE": "hush-hush"})
    told = [[(key.key, key.words, key.good) for key in profile.keys] for profile in listed]
    assert told == [
        [("token", "in the file", True)],
        [("token", "env NOWHERE, not set", False)],
        [("key", "env HERE", True)],
        [],
    ]
    assert [profile.problem is None for profile in listed] == [True, False, True, False]
    assert "hush" not in repr(listed)
    assert "open-sesame" not in repr(listed)


KEYS = st.dictionaries(
    st.sampled_from(
        ["provider", "account", "token", "page_size", "me", "base_url", "odd key", "é"]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ).filter(lambda value: value is not None),
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tables=st.dictionaries(st.text(max_size=40), KEYS, max_size=3))
def test_no_store_brings_down_the_reader(
    tmp_path: Path, tables: dict[str, dict[str, object]]
) -> None:
    folder = tmp_path / "any"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "profiles.toml"
    try:
        write(path, lambda _: {"profiles": tables})
    except (TypeError, UnicodeEncodeError):  # None or a lone surrogate: TOML has neither
        return
    found = load(path, SPECS, {})
    assert len(found.profiles) + len(found.broken) == len(tables)
    assert all(problem.message.isprintable() for problem in found.problems)
