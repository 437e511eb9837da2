"""Every kind of ending in the ledger is written by the services that end such a thing, and applied again."""

import ast
from pathlib import Path

import pytest

from portal.core.crypto.ledger import Ending
from portal.core.restores.ports import APPLIED_AGAIN
from portal.core.restores.tries import TRIED

PORTAL = Path(__file__).resolve().parents[2] / "portal"


def written_kinds(source: str) -> set[str]:
    """The kinds that a module's calls of `record_ending` name."""
    return {
        call.args[0].attr
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "record_ending"
        and call.args
        and isinstance(call.args[0], ast.Attribute)
    }


WRITTEN = {path: written_kinds(path.read_text()) for path in PORTAL.rglob("*.py")}


@pytest.mark.parametrize("kind", Ending)
def test_a_kind_of_ending_is_written_by_a_service(kind: Ending) -> None:
    writers = [path for path, kinds in WRITTEN.items() if kind.name in kinds]
    assert writers, f"no service writes {kind.name} into the ledger"


def test_each_kind_of_ending_is_applied_again_once_after_a_restore() -> None:
    assert sorted(each.kind for each in APPLIED_AGAIN.all) == sorted(Ending)


def test_each_kind_of_ending_is_tried_once_in_a_drill() -> None:
    assert sorted(each.kind for each in TRIED.all) == sorted(Ending)


def test_a_kind_that_nobody_writes_would_be_found() -> None:
    assert written_kinds("record_ending(Ending.ROLE, id)\nother(Ending.CONSENT)") == {"ROLE"}
