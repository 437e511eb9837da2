"""What jobs are asked with, read from the code: of each kind the names of its arguments, and which of them hold people.

A new name stands in one of the two lists: an id of a person leaves it when she is erased.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

PORTAL = Path(__file__).resolve().parents[2] / "portal"

PEOPLE = frozenset({"learner_ids", "ids", "asked_by"})
OTHERS = frozenset(
    {
        "announcement_id",
        "asked",
        "consent_id",
        "copy_id",
        "disclosure_id",
        "lesson_id",
        "mail_id",
        "mailing_id",
        "month",
        "name",
        "objection_id",
        "restriction_id",
        "run_id",
        "tries_again",
        "withdrawal_id",
    }
)
"""Ids of rows that go with the person, of what is nobody's, a day, a yes; `name` is sealed, and of whom isn't known."""

OF_A_LESSON = frozenset({"learners.tell_of_lesson", "signals.look_at_lesson"})
"""Kinds whose arguments are put together elsewhere: a lesson, and how it stood."""


def texts_by_name() -> dict[str, str]:
    """Return the texts that modules give a name, such as MAKE."""
    return {
        target.id: node.value.value
        for path in PORTAL.rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def asked_with() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Yield where a job is asked for, its kind and the names of its arguments; None where they aren't written there."""
    named = texts_by_name()
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            function, kind, given = node.func, node.args[0], node.args[1]
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            name = kind.value if isinstance(kind, ast.Constant) else named.get(getattr(kind, "id", ""), "")
            if called not in {"ask", "ask_later"} or "." not in str(name):
                continue
            yield f"{path.relative_to(PORTAL)}:{node.lineno}", str(name), _keys_of(given)


def _keys_of(given: ast.expr) -> frozenset[str] | None:
    if not isinstance(given, ast.Dict):
        return None
    return frozenset(str(key.value) if isinstance(key, ast.Constant) else "?" for key in given.keys)


def kinds_about_people() -> dict[str, frozenset[str]]:
    """Return the kinds whose arguments name people, each with the names of those arguments."""
    found: dict[str, frozenset[str]] = {}
    for _, kind, keys in asked_with():
        if held := PEOPLE & (keys or frozenset()):
            found[kind] = found.get(kind, frozenset()) | held
    return found
