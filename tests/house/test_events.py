"""Each kind of audit entry is declared once with its labels, and each that is declared is written somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import wiring
from portal.core.audit.declarations import AREAS, EVENTS, VIEWS, Area, Event, declare

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
WRITERS = {"record", "entry", "saw", "saw_person", "store", "log", "enter", "write_down"}
"""What writes an entry, or hands the name of one on to what does. A refusal names what was refused instead."""
NAME = re.compile(r"[a-z]+\.[a-z_]+")
ANYTHING = "[a-z_]+"


def _patterns_in(node: ast.expr) -> Iterator[str]:
    """Yield the names in an argument as patterns: a name as it is, an f-string with anything in its gaps."""
    if isinstance(node, ast.JoinedStr):
        pieces = (re.escape(str(each.value)) if isinstance(each, ast.Constant) else ANYTHING for each in node.values)
        yield "".join(pieces)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _patterns_in(node.body)
        yield from _patterns_in(node.orelse)


def _is_name(pattern: str) -> bool:
    plain = pattern.replace(ANYTHING, "x").replace("\\", "")
    return NAME.fullmatch(plain) is not None and plain.partition(".")[0] in AREAS


def _handed_on(node: ast.AST) -> list[ast.expr]:
    """Return the expressions of a node that may be the name of an entry."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [*node.args[:2], *(each.value for each in node.keywords if each.arg in {"event", "view"})]
        return given if called.lstrip("_") in WRITERS else []
    if isinstance(node, ast.FunctionDef) and "event" in node.name:
        return [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value is not None]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "event"]
    named = isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & {"event", "view"}
    return [node.value] if isinstance(node, ast.Assign) and named else []


def written() -> dict[str, str]:
    """Return the patterns of names that the portal writes, each with a place where it does."""
    found: dict[str, str] = {}
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for pattern in (each for handed in _handed_on(node) for each in _patterns_in(handed) if _is_name(each)):
                found.setdefault(pattern, f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    return found


def test_every_entry_that_is_written_is_declared() -> None:
    names = {*EVENTS, *VIEWS}
    found = written()
    strays = [
        f"{place}: {each}" for each, place in found.items() if not any(re.fullmatch(each, name) for name in names)
    ]
    assert len(found) > 100
    assert not strays


def test_every_declared_event_and_view_is_written() -> None:
    patterns = [re.compile(pattern) for pattern in written()]
    assert not [name for name in (*EVENTS, *VIEWS) if not any(pattern.fullmatch(name) for pattern in patterns)]


def test_each_name_is_declared_once_and_every_area_is_wired() -> None:
    names = [each.name for area in wiring.AREAS for each in (*area.events, *area.views)]
    assert sorted(names) == sorted(set(names))
    assert {path.parent.name for path in PORTAL.glob("*/events.py")} <= {area.name for area in wiring.AREAS}


def test_a_name_outside_its_area_is_refused() -> None:
    label = next(iter(EVENTS.values())).label
    with pytest.raises(RuntimeError):
        declare(Area("courses", label, events=(Event("learners.courses_changed", label),)))


def test_no_two_acts_are_told_to_a_learner_in_the_same_words(in_dutch: None) -> None:
    told: dict[str, list[str]] = {}
    for event in EVENTS.values():
        if event.learner_label is not None:
            told.setdefault(str(event.learner_label), []).append(event.name)

    assert not {words: names for words, names in told.items() if len(names) > 1}
