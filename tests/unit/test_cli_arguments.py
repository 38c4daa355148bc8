"""The command line itself: help, mistakes, what is imported for it, and how the process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui import cli
from tui.commands.arguments import COMMANDS, VIEWS
from tui.commands.common import worst
from tui.commands.parsing import Parser
from tui.live.view import ViewKind


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at parents ends here: what the checkout's own folders allow others is no matter of the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))


def run(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`python -m tui ARGS` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *args],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environ},
    )


def python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


MISTAKES = [
    (("sesions",), "there is no command 'sesions'; did you mean 'sessions'?"),
    (("\x1b[2J",), r"there is no command '\x1b[2J'"),
    (("sessions", "--jso"), "unrecognized arguments: --jso"),
    (("sessions", "--json", "--csv"), "not allowed with argument"),
    (("--profile",), "argument --profile: expected one argument"),
    (("--view", "everything"), "argument --view: invalid choice: 'everything'"),
    (("show", "one"), "the following arguments are required: ID"),
    (("show", "one", ""), "there is no profile yet"),
    (("profile",), "profile needs a word more: list, add, edit, remove, sign-in, check, path"),
    (("profile", "destroy"), "profile knows no 'destroy': choose from list, add,"),
    (("profile", "path", "one"), "unrecognized arguments: one"),
    (("simulate",), "the following arguments are required: --profiles-out"),
    (("demo", "--sessions", "-1"), "argument --sessions: "),
    (("demo", "--sessions", "9e9"), "it must be a whole number from 0 to 5000"),
    (("demo", "--rate", "nan"), "it must be a number from 0 to 60000"),
    (("demo", "--rate", "often"), "it must be a number from 0 to 60000"),
    (("demo", "--seed", "x"), "argument --seed: invalid int value: 'x'"),
    (("demo", "--play", "text"), "--play takes NAME=VALUE, not 'text'"),
    (("demo", "--play", "sky=blue"), "unknown play 'sky'; known: "),
    (("simulate", "--profiles-out", "x", "--port", "70000"), "a whole number from 0 to 65535"),
    (("sessions", "--since", "yesterday"), "--since takes an age such as 90m"),
    (("sessions", "--since", "1h", "--until", "2h"), "--since must be before --until"),
]


@pytest.mark.parametrize(("args", "said"), MISTAKES, ids=[" ".join(args) for args, _ in MISTAKES])
def test_a_mistake_is_one_sentence_and_exit_code_2(
    args: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("sessiontop: ")
    assert said in err
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"usage: sessiontop {name}")
    assert COMMANDS[name].help in " ".join(out.split())
    assert err == ""


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert max(map(len, out.splitlines())) <= 110


@pytest.mark.parametrize("name", ["demo", "simulate"])
def test_help_lists_the_plays(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from tui.simulator.play import describe

    assert cli.main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {play}={values}\n" in out for play, values, _ in describe())


def test_the_views_are_those_of_the_program() -> None:
    assert tuple(kind.value for kind in ViewKind) == VIEWS


def test_the_code_of_a_mixed_outcome_is_what_waiting_heals_least() -> None:
    assert worst([0, 3, 1]) == 1
    assert worst([3, 2, 1]) == 2
    assert worst([0, 3]) == 3
    assert worst([]) == 0


# --- what is imported ------------------------------------------------------------------------------------------

IMPORTS = """
import sys
from tui.__main__ import main
sys.argv[1:] = sys.argv[1:]
code = main()
heavy = [name for name in ("textual", "rich", "httpx", "uvicorn", "starlette") if name in sys.modules]
print(code, *heavy, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "args",
    [
        ("--help",),
        ("--version",),
        ("watch", "--help"),
        ("demo", "--help"),
        ("simulate", "--help"),
        ("sessions", "--help"),
        ("profile", "path"),
        ("sesions",),
        ("sessions", "--jso"),
        ("watch",),
        ("demo",),
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported_for_an_answer_that_needs_none_of_it(
    args: tuple[str, ...],
) -> None:
    result = python(IMPORTS, *args)
    (told,) = result.stderr.splitlines()[-1:]
    assert told in ("0", "2"), result.stderr


def test_a_missing_package_is_a_sentence_that_says_how_to_install() -> None:
    code = (
        "import sys; sys.modules['msgspec'] = None; from tui.__main__ import main; sys.exit(main())"
    )
    result = python(code, "sessions")
    assert result.returncode == 2, "3 would have a script try for ever"
    assert result.stderr.startswith(
        "sessiontop: the package msgspec is missing; from the project's"
    )
    assert ".venv/bin/pip install -e" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_missing_extra_is_named() -> None:
    code = """
import sys, importlib.util
real = importlib.util.find_spec
def find_spec(name, *more):
    return None if name == "uvicorn" else real(name, *more)
importlib.util.find_spec = find_spec
from tui.__main__ import main
sys.exit(main())
"""
    for args in (("demo",), ("simulate", "--profiles-out", "x")):
        result = python(code, *args)
        assert result.returncode == 2
        assert "needs uvicorn: pip install 'sessiontop[demo]'" in result.stderr
        assert result.stderr.count("\n") == 1


def test_an_old_python_is_told_so() -> None:
    code = """
import sys
sys.version_info = (3, 9, 2)
from tui.__main__ import main
sys.exit(main())
"""
    result = python(code)
    assert result.returncode == 2
    assert result.stderr == "sessiontop: sessiontop needs Python 3.11 or newer; this is 3.9\n"


def test_the_start_is_readable_for_an_old_python() -> None:
    import ast

    source = Path(cli.__file__).with_name("__main__.py").read_text()
    ast.parse(source, feature_version=(3, 7))
    assert "from __future__" not in source


# --- how the process ends --------------------------------------------------------------------------------------


def test_no_terminal_no_full_screen() -> None:
    for args in ((), ("watch",), ("demo",)):
        result = run(*args)
        assert result.returncode == 2
        assert "standard input is not a terminal" in result.stderr
        assert result.stderr.count("\n") == 1


def test_interrupted_is_130() -> None:
    code = """
import sys
from tui import cli
def interrupted(argv):
    raise KeyboardInterrupt
cli.main = interrupted
from tui.__main__ import main
sys.exit(main())
"""
    result = python(code)
    assert (result.returncode, result.stderr) == (130, "")


CRASH = """
import sys
from tui import cli
def broken(argv):
    {}
cli.main = broken
from tui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("crash", "kind"),
    [
        ("raise KeyError('\\x1b[2Jhush-4711')", "KeyError"),
        ("raise ModuleNotFoundError('hush-4711', name='tui.gone')", "ModuleNotFoundError"),
        ("raise ExceptionGroup('hush-4711', [ValueError('hush-4711')])", "ExceptionGroup"),
        ("broken(argv)", "RecursionError"),
    ],
)
def test_a_crash_is_told_without_a_traceback_and_without_anybodys_words(
    crash: str, kind: str
) -> None:
    result = python(CRASH.format(crash))
    assert result.returncode == 70, "not 1, 3 or 4: those are about the vendor"
    assert result.stdout == ""
    assert result.stderr.startswith(f"sessiontop stopped on an error of its own: {kind}")
    assert "  at " in result.stderr
    assert "Traceback" not in result.stderr
    assert "4711" not in result.stderr
    assert "\x1b" not in result.stderr


def test_a_crash_without_an_open_stderr_keeps_its_code() -> None:
    code = "import sys; sys.stderr = None\n" + CRASH.format("raise KeyError(1)")
    result = python(code)
    assert (result.returncode, result.stderr) == (70, "")
    closed = "import sys; sys.stderr.close()\n" + CRASH.format("raise KeyError(1)")
    assert python(closed).returncode == 70


def test_a_crash_that_cannot_even_be_told_in_full_is_still_named() -> None:
    code = "import sys; sys.modules['tui.terminal.crash'] = None\n" + CRASH.format(
        "raise KeyError('hush-4711')"
    )
    result = python(code)
    assert result.returncode == 70
    assert result.stderr == "sessiontop: stopped on an error of its own: KeyError\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_full_disk_is_a_sentence() -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "tui", "--help"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert result.returncode == 2
    assert result.stderr == "sessiontop: the output could not be written: No space left on device\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_bring_no_traceback(closed: str) -> None:
    result = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m tui sesions {closed}', sys.executable],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_names_that_the_terminal_cannot_show_are_escaped() -> None:
    result = run("profile", "list", SESSIONTOP_CONFIG_DIR="/nowhere/é", PYTHONIOENCODING="ascii")
    assert result.returncode == 2
    assert r"/nowhere/\xe9/profiles.toml does not exist" in result.stderr


@pytest.mark.parametrize("command", ["watch", "demo"])
def test_the_screens_options_for_thin_lines(command: str) -> None:
    parser = Parser(command, "")
    COMMANDS[command].declare(parser)
    args = parser.parse_args(["--low-bandwidth", "--plain-output"])
    assert args.low_bandwidth
    assert args.plain_output
    args = parser.parse_args([])
    assert not args.low_bandwidth
    assert not args.plain_output
