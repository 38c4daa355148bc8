"""`python -m tui` and the command `sessiontop`.

Standard library only, and only what an old Python can read, until it is known that the rest can run: who starts
this on a bare machine gets a sentence and not a traceback.
"""

import sys

OLDEST = (3, 11)
INSTALL = (
    "  uv run sessiontop demo          (first: pip install uv, or pipx install uv)\n"
    "or, without uv:\n"
    "  python3 -m venv .venv && .venv/bin/pip install -e '.[demo]' && .venv/bin/sessiontop demo"
)


def main():  # type: () -> int
    """Runs the command of sys.argv and returns the exit code of the process."""
    if sys.version_info < OLDEST:
        _say("sessiontop needs Python 3.11 or newer; this is %d.%d" % sys.version_info[:2])  # noqa: UP031
        return 2
    try:
        return _run()
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "tui":
            raise
        _say(f"the package {error.name} is missing; from the project's folder:\n{INSTALL}")
        return 3
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Who reads our output has seen enough (`| head`): no error, and nothing more to say.
        return 0


def _run():  # type: () -> int
    from tui import cli

    return cli.main(sys.argv[1:])


def _say(sentence):  # type: (str) -> None
    if sys.stderr is not None:
        sys.stderr.write("sessiontop: " + sentence + "\n")


if __name__ == "__main__":
    sys.exit(main())
