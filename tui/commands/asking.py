"""Questions to a person at a terminal. The answers come from stdin, the questions go to stderr."""

from __future__ import annotations

import getpass
import os
import sys
import textwrap
import warnings
from collections.abc import Sequence
from typing import Final

from tui.model.problem import UsageProblem

_USUAL: Final = 80
# A terminal hands over at most 4,095 bytes of a line, and drops the rest without a word.
_LONGEST_LINE: Final = 4094


def can_ask() -> bool:
    """Whether somebody sits there to answer."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def show(text: str) -> None:
    """A line between the questions, broken between words where the terminal is narrower; clean text."""
    sys.stderr.write(f"{_broken(text)}\n")
    sys.stderr.flush()


def _broken(text: str) -> str:
    try:
        width = os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL
    except (OSError, ValueError):
        width = _USUAL
    if len(text) < width:
        return text
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    return textwrap.fill(text, max(width - 1, 20), subsequent_indent=indent, break_on_hyphens=False)


def ask(question: str, default: str = "") -> str:
    """One line, without the blanks around it; `default` for an empty one. Raises `UsageProblem` at the end of input."""
    sys.stderr.write(f"{_broken(question)}\n  {f'[{default}] ' if default else ''}> ")
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except UnicodeDecodeError:
        show("")
        show("  that is not UTF-8 text")
        return ask(question, default)
    if not answer.endswith("\n"):  # Ctrl-D leaves the cursor behind the question
        show("")
        raise UsageProblem("the input ended before the last question: nothing was changed")
    return answer.strip() or default


def ask_hidden(question: str) -> str:
    """One line that the terminal does not show. Raises `UsageProblem` where it would be shown, and as `ask`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            answer = getpass.getpass(f"{_broken(question)}\n  (not shown) > ")
    except getpass.GetPassWarning:
        raise UsageProblem(
            "this terminal would show the secret: use env:NAME, file:PATH or command:ARGV with --secret"
        ) from None
    except EOFError:
        show("")
        raise UsageProblem(
            "the input ended before the last question: nothing was changed"
        ) from None
    except UnicodeDecodeError:
        answer = "\ufffd"  # which no key holds: the check says so
    if len(answer.encode("utf-8", "replace")) >= _LONGEST_LINE:
        raise UsageProblem(
            "a terminal takes no line that long: put the secret into a file (0600) and use file:PATH"
        )
    return answer


def agreed(question: str, word: str = "yes") -> bool:
    """Whether `word` was typed; anything else is a no."""
    try:
        return ask(f"{question} Type {word} to do it.") == word
    except UsageProblem:
        return False


def choose(question: str, options: Sequence[tuple[str, str]], default: str = "") -> str:
    """One of the options (value and what it is), by number or by value. Asks until it is one of them.

    Raises as `ask`.
    """
    show(question)
    width = max(len(value) for value, _ in options)
    for number, (value, words) in enumerate(options, 1):
        show(f"  {number:>2}  {value:<{width}}  {words}".rstrip())
    values = [value for value, _ in options]
    while True:
        answer = ask("  its number", default)
        if answer in values:
            return answer
        if answer.isascii() and answer.isdigit() and 0 < int(answer[:9]) <= len(values):
            return values[int(answer) - 1]
        show(f"  type a number from 1 to {len(values)}")
