"""A look counts by what was seen: which permission opens each view is read from the addresses that note it."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.assurance.counts.looks import count_looks_by_role, opened_by, roles_that_open
from portal.assurance.figures.keys import Count
from portal.core.audit.declarations import VIEWS
from portal.core.audit.models import AuditEvent
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.permissions import MAY, Permission, Role
from portal.schools.queries import SchoolView
from tests.assurance.counts.broken_data import add
from tests.factories.policy import shipped

ROOT = Path(__file__).resolve().parents[3]
POLICY = shipped("lest-best")
BY_HAND = {
    "imports.preview": {"IMPORT_RUN"},  # its name is handed in
}


class Place(NamedTuple):
    """A function of a module."""

    module: str
    name: str


def _asked(node: ast.FunctionDef) -> set[str]:
    """Return the permissions that are declared above a function."""
    calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    asked = [each for each in calls if getattr(each.func, "id", "") == "requires"]
    return {each.args[0].attr for each in asked if isinstance(each.args[0], ast.Attribute)}


class Code:
    """What the modules say: their functions, who calls them, and which views they note."""

    def __init__(self) -> None:
        self.functions: dict[Place, ast.FunctionDef] = {}
        imported: dict[str, dict[str, Place]] = defaultdict(dict)
        for path in sorted((ROOT / "portal").rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module:
                    imported[module].update(
                        {each.asname or each.name: Place(node.module, each.name) for each in node.names}
                    )
                elif isinstance(node, ast.FunctionDef):
                    self.functions[Place(module, node.name)] = node
        self.callers: dict[Place, set[Place]] = defaultdict(set)
        for place, function in self.functions.items():
            for node in ast.walk(function):
                called = self._named(node, place.module, imported[place.module])
                if called in self.functions:
                    self.callers[called].add(place)

    @staticmethod
    def _named(node: ast.AST, module: str, imported: dict[str, Place]) -> Place:
        if isinstance(node, ast.Name):
            return imported.get(node.id, Place(module, node.id))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            return Place(".".join(imported[node.value.id]), node.attr)
        return Place("", "")

    def permissions(self, place: Place, seen: set[Place]) -> set[str]:
        """Return by which permissions a function is reached."""
        if place in seen:
            return set()
        seen.add(place)
        found = _asked(self.functions[place])
        for caller in self.callers[place]:
            found |= self.permissions(caller, seen)
        return found


@cache
def noted() -> dict[str, set[str]]:
    """Return each view that the code notes, with the permissions of the addresses that come there."""
    code, found = Code(), defaultdict(set)
    for place, function in code.functions.items():
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {"audit.saw", "audit.saw_person", "saw"}:
                continue
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                found[str(node.args[1].value)] |= code.permissions(place, set())
    for view, permissions in BY_HAND.items():
        found[view] |= permissions
    return dict(found)


def test_each_view_opens_by_what_its_addresses_ask() -> None:
    said = {view: {each.name for each in permissions} for view, permissions in opened_by().items()}
    assert said == noted()
    assert set(said) == set(VIEWS)
    print(f"{len(said)} views, {sum(len(each) for each in said.values())} ways in")


def look(view: str, *roles: str) -> None:
    """Write down that somebody of staff in these roles looked."""
    add(
        AuditEvent(
            at=now(), event="record.viewed", actor_kind="staff", actor_id=new_id(), actor_name="Noor",
            actor_roles=list(roles), learner_ids=[], facts={"what": view}, origin=None,
        )
    )  # fmt: skip


def test_a_teacher_who_saw_a_complaint_is_red(school: SchoolView) -> None:
    look("learners.record", "teacher")
    look("requests.complaint", "privacy_officer")
    look("overview.my_data", "teacher", "learner")
    assert count_looks_by_role(POLICY, "") == Count(3, 3)
    look("requests.complaint", "teacher")
    assert count_looks_by_role(POLICY, "") == Count(3, 4)
    look("requests.complaint", "teacher", "management")
    look("overview.my_data", "teacher")
    assert count_looks_by_role(POLICY, "") == Count(4, 6)


def test_a_view_of_before_counts_by_any_role_that_sees_learners(school: SchoolView) -> None:
    look("learners.no_longer_there", "teacher")
    look("learners.no_longer_there", "client_contact")
    assert count_looks_by_role(POLICY, "") == Count(1, 2)


def test_each_view_is_red_for_a_role_that_may_not(school: SchoolView) -> None:
    good = total = 0
    for view, permissions in sorted(opened_by().items()):
        opens = roles_that_open(view)
        assert opens == {role for role in Role if MAY[role] & permissions}
        assert Permission.ACCOUNT_OWN not in permissions
        for role in Role:
            look(view, role.value)
        good, total = good + len(opens), total + len(Role)
    assert good < total / 2
    assert count_looks_by_role(POLICY, "") == Count(good, total)
