"""Which tests are marked with which promise, read from their source: nothing is imported or collected for it."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

TESTS = Path(__file__).resolve().parents[1]
LISTED: dict[str, dict[str, Any]] = tomllib.loads((TESTS / "promises.toml").read_text())


class Mark(NamedTuple):
    """A test that shows a promise, or a part of it: `test` is `tests/…/test_….py::name`."""

    test: str
    part: str | None


def _marks_on(function: ast.FunctionDef) -> Iterator[tuple[str, str | None]]:
    for each in function.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.promise":
            part = next((ast.literal_eval(given.value) for given in each.keywords if given.arg == "part"), None)
            yield from ((ast.literal_eval(promise), part) for promise in each.args)


@lru_cache(maxsize=1)
def marks() -> dict[str, list[Mark]]:
    """Return the marked tests by promise, in the order of their paths."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text()
        if "mark.promise" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                test = f"{path.relative_to(TESTS.parent)}::{node.name}"
                for promise, part in _marks_on(node):
                    found[promise].append(Mark(test, part))
    return dict(found)


def missing_parts(promise: str, shown: set[str | None]) -> list[str]:
    """Return the parts of a promise that aren't among those shown, those that wait for what isn't there yet last."""
    listed = LISTED[promise]
    return [part for part in listed.get("parts", []) if part not in shown] + [*listed.get("waits", {})]


def kept() -> list[str]:
    """Return the promises that are kept as long as every test that is marked with one passes."""
    found = marks()
    return [each for each in LISTED if each in found and not missing_parts(each, {mark.part for mark in found[each]})]
