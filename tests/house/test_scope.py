"""Whoever reads or writes what is about a person says within which scope: no id of hers is taken on trust.

A function of a feature's queries or services that takes an id also takes the actor or her scope, and applies it or
hands it on; or it takes a row that was opened within one: an instance of a class that such a function returns.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import portal.wiring  # noqa: F401  (every table is known)
from portal.core.db.base import Base
from portal.core.personal_data import people_of
from portal.courses.models import LearnerGroup, Lesson

PORTAL = Path(__file__).resolve().parents[2] / "portal"
SCOPED = frozenset({"Actor", "Scope"})
# Over these a scope has a condition of its own: whoever reaches one meets the people in it.
GATHERINGS = frozenset({LearnerGroup.__tablename__, Lesson.__tablename__})
TABLES = Base.metadata.tables
OF_PEOPLE = GATHERINGS | {name for name, table in TABLES.items() if any(people_of(table).paths.values())}
ROOMS = frozenset(
    Path(str(mapper.class_.__module__).replace(".", "/")).parts[1]
    for mapper in Base.registry.mappers
    if mapper.local_table is not None and mapper.class_.__tablename__ in OF_PEOPLE
) - {"core"}  # machinery, which knows no feature: rooms above hand it what they opened


@dataclass(frozen=True)
class Function:
    """A public function of a room: where it stands, the parameters that hold ids, the names in its annotations."""

    place: str
    ids: frozenset[str]
    takes: frozenset[str]
    gives: frozenset[str]
    is_applied: bool


def names_in(annotation: ast.expr | None) -> frozenset[str]:
    if annotation is None:
        return frozenset()
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    return frozenset(node.id for node in ast.walk(annotation) if isinstance(node, ast.Name))


def functions() -> Iterator[Function]:
    """Yield every public function of the queries and services of the rooms that hold people's data."""
    for path in sorted(PORTAL.rglob("*.py")):
        inside = path.relative_to(PORTAL)
        if inside.parts[0] not in ROOMS or path.stem not in {"queries", "services"}:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield function_of(node, str(inside))


def function_of(node: ast.FunctionDef, place: str) -> Function:
    parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    found = {each.arg: names_in(each.annotation) for each in parameters}
    return Function(
        place=f"{place}:{node.lineno} {node.name}",
        ids=frozenset(name for name, names in found.items() if is_id(name, names)),
        takes=frozenset().union(*found.values()),
        gives=names_in(node.returns),
        is_applied=applies(node, frozenset(name for name, names in found.items() if names & SCOPED)),
    )


def applies(node: ast.FunctionDef, scoped: frozenset[str]) -> bool:
    """Say whether a function does more with the actor than ask her permission and name her in the audit."""
    aside: set[ast.AST] = set()
    for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
        called = ast.unparse(call.func)
        if called.startswith("audit.") or called.endswith(".must"):
            aside.update(ast.walk(call))
    used = (each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in scoped)
    return any(each not in aside for each in used)


def is_id(parameter: str, names: frozenset[str]) -> bool:
    """Say whether a parameter holds ids of what is about a person; a statement that selects some holds none yet.

    By its name a parameter says of which table: one that reaches nobody, such as a course, is anybody's to see. What
    names no table is taken for a person's.
    """
    if "UUID" not in names or "Select" in names:
        return False
    return not (tables := tables_called(parameter)) or not tables.isdisjoint(OF_PEOPLE)


def tables_called(parameter: str) -> frozenset[str]:
    """Return the tables to whose rows an id of this name points: by the columns of that name, or by its own."""
    name = parameter.removesuffix("s")
    noun = name.removesuffix("_id")
    columns = [table.columns[name] for table in TABLES.values() if name in table.columns]
    return frozenset(str(column.info["references"]) for column in columns if "references" in column.info) | {
        table for table in TABLES if table == noun or table.endswith(f"_{noun}")
    }


def opened(walked: list[Function]) -> frozenset[str]:
    """Return the classes whose instances a function within a scope returns: who holds one came by it."""
    own = {each.class_.__name__ for each in Base.registry.mappers if each.class_.__tablename__ in OF_PEOPLE}
    views = {
        node.name
        for path in PORTAL.rglob("queries.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    }
    return frozenset().union(*(each.gives for each in walked if each.takes & SCOPED)) & (own | views)


def test_no_id_of_a_person_is_taken_without_a_scope() -> None:
    walked = list(functions())
    proof = SCOPED | opened(walked)
    bare = [
        f"{each.place}({', '.join(sorted(each.ids))})"
        for each in walked
        if each.ids and not (each.is_applied or each.takes & proof - SCOPED)
    ]
    with_ids = sum(1 for each in walked if each.ids)
    print(f"{len(walked)} functions in {len(ROOMS)} rooms, {with_ids} of which take ids of people")

    assert not bare, "\n".join(bare)
    files = [path for room in ROOMS for name in ("queries", "services") for path in (PORTAL / room).rglob(f"{name}.py")]
    there = sum(len([line for line in path.read_text().splitlines() if is_public(line)]) for path in files)
    assert len(walked) == there > 0
    assert with_ids > 0


def is_public(line: str) -> bool:
    return line.startswith("def ") and not line.startswith("def _")


def test_the_rule_knows_what_is_a_persons() -> None:
    taken = frozenset({"UUID"})
    of_people = ("learner_id", "learner_ids", "lesson_id", "group_id", "trajectory_id", "account_id", "run_id", "only")
    assert all(is_id(name, taken) for name in of_people)
    assert not any(is_id(name, taken) for name in ("course_id", "holiday_id", "slot_id", "client_id"))
    assert not is_id("learners", taken | {"Select"})
    assert not is_id("name", frozenset({"str"}))


def test_the_rule_sees_who_takes_an_id_on_trust() -> None:
    def read(text: str) -> Function:
        [node] = ast.parse(text).body
        assert isinstance(node, ast.FunctionDef)
        return function_of(node, "somewhere")

    bare = read("def list_levels(learner_id: UUID) -> list[Level]:\n    return read(learner_id)")
    asked = read("def end(learner_id: UUID, *, by: Actor) -> None:\n    by.must(KEEP)\n    audit.record('x', by=by)")
    applied = read("def list_levels(learner_id: UUID, scope: Scope) -> list[Level]:\n    return read(reaches(scope))")
    handed = read("def end(learner_id: UUID, *, by: Actor) -> None:\n    by.must(KEEP)\n    get(learner_id, by)")

    assert [each.is_applied for each in (bare, asked, applied, handed)] == [False, False, True, True]
    assert all(each.ids == {"learner_id"} for each in (bare, asked, applied, handed))
