"""What is true of a row in general is said once, on its model: no query, service or route says it again."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
# By column: how its truth is called. A column that stands in several tables is called alike in each.
BY_NULL = {
    "ends_on": "lasts_until, holds_on, is_open_ended",
    "until_on": "lasts_until",
    "ended_at": "is_in_force",
    "cancelled_at": "is_cancelled, counts_by",
    "merged_into_id": "is_in_use",
}
BY_MOMENT = {"expires_at": "has_expired, is_live, is_usable"}
IN_TEXT = ("ends_on is null", "cancelled_at is null", "ended_at is null", "merged_into_id is null")
# Where the truths themselves stand, and where no model is: statements of `core` on a file's own row.
SAID_HERE = frozenset({"core/db/periods.py", "core/crypto/files.py"})


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PORTAL.rglob("*.py")):
        name = path.relative_to(PORTAL).as_posix()
        if path.name != "models.py" and name not in SAID_HERE:
            yield name, ast.parse(path.read_text())


def said_again(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each place that says in a statement what a model says, with the name to say it by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"is_", "is_not"}:
            of = node.func.value
            if isinstance(of, ast.Attribute) and of.attr in BY_NULL and _is_none(node.args[0]):
                yield node.lineno, BY_NULL[of.attr]
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr in BY_MOMENT:
            yield node.lineno, BY_MOMENT[node.left.attr]
        if isinstance(node, ast.Call) and _joins_names(node):
            yield node.lineno, "full_name, full_name_of"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((node.lineno, "a truth of the model") for words in IN_TEXT if words in node.value.lower())


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _joins_names(node: ast.Call) -> bool:
    """Say whether this is a join of text with a given name, a tussenvoegsel and a family name in it."""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr == "join"):
        return False
    names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return {"given_name", "name_prefix", "family_name"} <= names


def test_no_statement_says_again_what_is_true_of_a_row() -> None:
    found = [f"{name}:{line}: {by}" for name, tree in sources() for line, by in said_again(tree)]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "select(Enrolment).where(Enrolment.ends_on.is_(None))",
        "query.where(account.ended_at.is_not(None))",
        "live = row.expires_at > now()",
        "' '.join(part for part in (row.given_name, row.name_prefix, row.family_name) if part)",
        "statement = text('select 1 from enrolment where ends_on IS NULL')",
    ],
)
def test_each_way_to_say_it_again_is_seen(text: str) -> None:
    assert list(said_again(ast.parse(text)))


def test_what_a_model_says_may_be_used() -> None:
    tree = ast.parse("select(Enrolment).where(Enrolment.lasts_until(day), Lesson.counts_by(day), row.ends_on >= day)")

    assert not list(said_again(tree))


def test_enough_was_looked_at() -> None:
    assert sum(1 for _ in sources()) > 250
