"""How big a file or a function may grow, and what things may be called."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("portal", "tests", "migrations", ".ci")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
FEATURES = sorted(path.parent for path in (ROOT / "portal").glob("*/__init__.py") if path.parent.name != "core")
NEVER = {"utils", "helpers", "common", "misc", "manager", "managers", "util", "helper"}
FILE, TEST_FILE, CONFTEST, TEMPLATE, TEMPLATE_LINE, ROUTE = 400, 500, 200, 150, 160, 25


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions_in(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_route(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = [each.func for each in function.decorator_list if isinstance(each, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in {"get", "post", "route"} for call in calls)


def limit_of(path: Path) -> int:
    if path.suffix != ".py":
        return TEMPLATE
    return CONFTEST if path.name == "conftest.py" else TEST_FILE if "tests" in path.parts else FILE


def test_a_file_stays_readable() -> None:
    templates = sorted((ROOT / "templates").rglob("*.*"))
    sizes = {path: lines_of(path) for path in (*SOURCES, *templates)}
    long = [f"{named(path)}: {size}" for path, size in sizes.items() if size > limit_of(path)]
    assert len(templates) > 100
    assert not long


def test_a_line_of_a_template_stays_readable() -> None:
    wide = [
        f"{named(path)}:{number}: {len(line)}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > TEMPLATE_LINE
    ]
    assert not wide


def test_a_route_hands_over_at_once() -> None:
    long = [
        f"{named(path)}: {function.name}"
        for path in SOURCES
        if "routes" in path.stem or "routes" in path.parts
        for function in functions_in(path)
        if is_route(function) and (function.end_lineno or 0) - function.lineno + 1 > ROUTE
    ]
    assert not long


def test_no_function_is_too_long_or_too_tangled() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "C901,PLR0915", "--output-format", "concise", *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_nothing_is_silenced_for_a_whole_file() -> None:
    silenced = [named(path) for path in SOURCES if path != Path(__file__) and "ruff: noqa" in path.read_text()]
    assert not silenced


def test_nothing_is_called_a_drawer_for_everything() -> None:
    drawers = [named(path) for path in SOURCES if path.stem in NEVER or NEVER & set(path.relative_to(ROOT).parts)]
    assert not drawers


def test_every_module_says_what_lives_in_it() -> None:
    modules = {path: path.read_text() for path in SOURCES}
    silent = [named(path) for path, text in modules.items() if text and not ast.get_docstring(ast.parse(text))]
    assert not silent


@pytest.mark.parametrize("feature", FEATURES, ids=named)
def test_the_card_of_a_feature_holds_no_code(feature: Path) -> None:
    body = ast.parse((feature / "__init__.py").read_text()).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


def test_no_comment_puts_work_off() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "X" * 3)
    late = [
        f"{named(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if any(f"# {word}" in line for word in words)
    ]
    assert not late
