"""Services name a job and an audit entry as text; here is the proof that each name means something."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portal.core.jobs import EVERY, KINDS
from tests.house.job_arguments import OF_A_LESSON, OTHERS, PEOPLE, asked_with, texts_by_name

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
AREAS = {path.parent.name for path in PORTAL.glob("*/__init__.py")} | {
    "jobs",
    "files",
    "audit",
    "keys",
    "mail",
    "record",
}


def first_texts(called: str) -> Iterator[tuple[str, str]]:
    """Where this function is called with a text first, or with the name of one: the place and the text."""
    named = texts_by_name()
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function, first = node.func, node.args[0]
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            word = first.value if isinstance(first, ast.Constant) else named.get(getattr(first, "id", ""))
            if name == called and isinstance(word, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", word


def own_kinds() -> set[str]:
    """The kinds of job of the portal itself; the tests of the core declare some of their own."""
    return {name for name, kind in KINDS.items() if kind.work.__module__.startswith("portal.")}


def test_every_job_that_is_asked_for_exists() -> None:
    asked = [(place, name) for place, name in first_texts("ask") if "." in name]
    assert asked
    assert not [f"{place}: {name}" for place, name in asked if name not in own_kinds()]


def test_every_job_is_asked_for_or_comes_round() -> None:
    kinds = own_kinds()
    asked = {name for _, name in first_texts("ask")}
    code = "\n".join(path.read_text() for path in PORTAL.rglob("*.py"))
    by_the_sweep = {name for name in kinds if code.count(f'"{name}"') + code.count(f"'{name}'") > 1}
    assert not sorted(kinds - asked - set(EVERY) - by_the_sweep)


def test_each_argument_of_a_job_says_whether_it_names_people() -> None:
    found = list(asked_with())
    unread = {kind for _, kind, keys in found if keys is None}
    named = frozenset().union(*(keys for _, _, keys in found if keys))
    assert unread == OF_A_LESSON
    assert named == PEOPLE | OTHERS
    assert PEOPLE.isdisjoint(OTHERS)


def test_a_job_is_called_by_its_feature_and_what_it_does() -> None:
    assert not [name for name in own_kinds() if not re.fullmatch(rf"({'|'.join(sorted(AREAS))})\.[a-z_]+", name)]


def test_an_audit_entry_is_called_by_its_feature_and_what_happened() -> None:
    events = [(place, name) for place, name in first_texts("record") if "audit" not in place]
    assert events
    odd = [f"{place}: {name}" for place, name in events if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)]
    assert not odd
    known = {*AREAS, "access"}  # the core writes down who got in, and what was put back
    assert not [f"{place}: {name}" for place, name in events if name.partition(".")[0] not in known]
