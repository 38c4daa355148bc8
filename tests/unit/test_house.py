"""The rules that hold the house up, read off the syntax trees of the whole package."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tui"
FILES = sorted(PACKAGE.rglob("*.py"))
# Where a secret may be opened: the wire, the store, the detail's key, a fresh result and the command line's --reveal.
MAY_REVEAL = (
    "net/auth.py",
    "profiles/",
    "screens/facts.py",
    "screens/telling.py",
    "commands/json_shapes.py",
    "model/secret.py",
)


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in FILES:
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            func = node.func
            name = (
                func.attr
                if isinstance(func, ast.Attribute)
                else func.id
                if isinstance(func, ast.Name)
                else ""
            )
            yield name, node


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def markup_breaches(source: str) -> list[str]:
    """Every way that a text could meet a markup parser."""
    tree = ast.parse(source)
    found = []
    for name, call in calls(tree):
        markup = keyword(call, "markup")
        if markup is not None and not (isinstance(markup, ast.Constant) and markup.value is False):
            found.append(f"{name}(markup=...) line {call.lineno}")
        if name in ("from_markup", "escape") and not ast.unparse(call.func).startswith("re."):
            found.append(f"{name}( line {call.lineno}")
        if name in ("Static", "Label") and markup is None and _has_plain_text(call):
            found.append(f"{name} without markup=False line {call.lineno}")
        if name == "notify" and markup is None:
            found.append(f"notify without markup=False line {call.lineno}")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("rich.markup", "textual.markup"):
            found.append(f"imports {node.module}")
    return found


def _has_plain_text(call: ast.Call) -> bool:
    """Whether the widget is given anything but a `Content`, which is never parsed."""
    if not call.args:
        return False
    first = call.args[0]
    return not (
        isinstance(first, ast.Call)
        and isinstance(first.func, ast.Name)
        and first.func.id == "Content"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_text_meets_a_markup_parser(path: Path) -> None:
    breaches = markup_breaches(path.read_text(encoding="utf-8"))
    if path.is_relative_to(PACKAGE / "simulator"):  # it writes XML, and nothing to a screen
        breaches = [breach for breach in breaches if not breach.startswith("escape(")]
    assert breaches == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(name)",
        "Static('x', markup=True)",
        "app.notify(text)",
        "Content.from_markup(name)",
        "from rich.markup import escape",
        "textual.markup.escape(x)",
        "Label(f'{x}')",
    ],
)
def test_the_markup_test_sees_a_breach(source: str) -> None:
    assert markup_breaches(source)


def test_secrets_are_opened_only_where_the_design_says() -> None:
    breaches = [
        f"{name}:{call.lineno}"
        for name, tree in trees()
        if not name.startswith(MAY_REVEAL)
        for called, call in calls(tree)
        if called == "reveal"
    ]
    assert breaches == []


def test_clean_text_is_made_only_behind_its_door() -> None:
    breaches = [
        f"{name}:{call.lineno}"
        for name, tree in trees()
        if name != "model/text.py"
        for called, call in calls(tree)
        if called == "Clean" and isinstance(call.func, ast.Name)
    ]
    assert breaches == []


def test_nobody_sleeps_or_reads_the_clock_by_himself() -> None:
    """Time is passed in: outside the clock, the guard, the simulator and the store's lock nobody asks the system."""
    forbidden = re.compile(r"\bdatetime\.(now|utcnow|today)\(|\btime\.(time|sleep)\(")
    allowed = ("model/clock.py", "simulator/", "terminal/", "profiles/writer.py")
    breaches = [
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if not path.relative_to(PACKAGE).as_posix().startswith(allowed)
        and forbidden.search(path.read_text(encoding="utf-8"))
    ]
    assert breaches == []


def test_framework_private_names_stay_in_the_hooks() -> None:
    """Only terminal/hooks.py and its fellows may import a private module of Textual or Rich."""
    breaches = [
        f"{name}: {node.module}"
        for name, tree in trees()
        if not name.startswith("terminal/hooks")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.split(".")[0] in ("textual", "rich")
        and any(part.startswith("_") for part in node.module.split("."))
    ]
    assert breaches == []


def test_files_and_functions_stay_small() -> None:
    too_long = []
    for path in FILES:
        name = path.relative_to(PACKAGE).as_posix()
        source = path.read_text(encoding="utf-8")
        limit = 250 if name == "app.py" else 400
        if source.count("\n") > limit:
            too_long.append(f"{name}: {source.count(chr(10))} lines")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > 40:
                    too_long.append(f"{name}:{node.lineno} {node.name}: {size} lines")
    assert too_long == []


def test_packaging_names_every_top_level_import() -> None:
    """What the package imports is what it declares (and what those bring by contract)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        re.split(r"[<>=\[;]", item)[0].strip().replace("-", "_") for item in project["dependencies"]
    }
    declared |= {"starlette", "uvicorn", "segno"}  # extras demo and qr
    brought = {"rich", "httpcore"}  # part of what textual and httpx promise
    imported = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    import sys

    foreign = imported - set(sys.stdlib_module_names) - {"tui"}
    assert foreign <= declared | brought
