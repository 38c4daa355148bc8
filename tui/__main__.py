"""`python -m tui` and the command `sessiontop`.

Standard library only, and only what an old Python can read, until it is known that the rest can run: who starts
this on a bare machine gets a sentence and not a traceback.
"""

import os
import sys

OLDEST = (3, 11)
# As sysexits.h has it: an error in the program itself.
CRASHED = 70
INSTALL = (
    "  uv run sessiontop demo          (first: pip install uv, or pipx install uv)\n"
    "or, without uv:\n"
    "  python3 -m venv .venv && .venv/bin/pip install -e '.[demo]' && .venv/bin/sessiontop demo"
)


def main():  # type: () -> int
    """Runs the command of sys.argv and returns the exit code of the process."""
    os.umask(0o077)  # whatever this program writes is its user's alone
    if sys.version_info < OLDEST:
        _say("sessiontop needs Python 3.11 or newer; this is %d.%d" % sys.version_info[:2])  # noqa: UP031
        return 2
    try:
        return _run()
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "tui":
            return _crashed(error)
        _say(f"the package {error.name} is missing; from the project's folder:\n{INSTALL}")
        return 2
    except KeyboardInterrupt as interrupt:
        return _interrupted(interrupt)
    except BrokenPipeError:
        # Who reads our output has seen enough (`| head`): no error, and nothing more to say.
        return 0
    except Exception as error:
        return _crashed(error)


def _interrupted(interrupt):  # type: (KeyboardInterrupt) -> int
    """Ctrl-C; or the signal that a command was ended by, which its parent should see (tui.commands.ending)."""
    number = getattr(interrupt, "number", None)
    if number is None:
        return 130
    os.kill(os.getpid(), number)
    return 128 + int(number)


def _crashed(error):  # type: (Exception) -> int
    """Tells an error of our own: Python's traceback would quote vendors' data, and its 1 means "refused"."""
    try:
        from tui.terminal.crash import crash_report

        text = crash_report(error).text()
    except Exception:
        text = "sessiontop: stopped on an error of its own: " + type(error).__name__ + "\n"
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody listens any more
    return CRASHED


def _run():  # type: () -> int
    argv = sys.argv[1:]
    if (
        not argv
        or argv[0] == "watch"
        or (argv[0][:2] == "--" and argv[0] not in ("--version", "--help"))
    ):
        return _run_full_screen(argv)
    from tui import cli

    return cli.main(argv)


def _run_full_screen(argv):  # type: (list[str]) -> int
    """The full screen is seen before it is imported."""
    from tui.terminal import first_paint

    try:
        first_paint.paint(argv)
        from tui import cli

        return cli.main(argv)
    except BaseException:
        # A signal's way out of an import may end as any error.
        ending = first_paint.leave()
        if ending:
            return ending
        raise
    finally:
        first_paint.leave()


def _say(sentence):  # type: (str) -> None
    if sys.stderr is not None:
        sys.stderr.write("sessiontop: " + sentence + "\n")


if __name__ == "__main__":
    sys.exit(main())
