"""Each feature's card, the docstring of its package, names exactly the tables and jobs that the folder has."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from portal.core.db.base import Base
from portal.core.jobs import KINDS

PORTAL = Path(__file__).resolve().parents[2] / "portal"
FEATURES = sorted(path.parent.name for path in PORTAL.glob("*/__init__.py"))
CARD = re.compile(r"Tables: (?P<tables>.+?)\. Jobs: (?P<jobs>.+?)\. Used by: .+\.$")


def in_feature(feature: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """The names of what modules of a feature hold, of pairs of a module and a name."""
    return sorted(name for module, name in named if f"{module}.".startswith(f"portal.{feature}."))


def listed(text: str) -> list[str]:
    return [] if text == "none" else text.split(", ")


@pytest.mark.parametrize("feature", FEATURES)
def test_a_card_names_the_tables_and_jobs_of_its_folder(feature: str) -> None:
    tree = ast.parse((PORTAL / feature / "__init__.py").read_text())
    card = CARD.search(" ".join((ast.get_docstring(tree) or "").split()))
    assert card is not None, "no tables, jobs and users"
    tables = [(mapper.class_.__module__, str(mapper.local_table.name)) for mapper in Base.registry.mappers]
    jobs = [(kind.work.__module__, kind.name) for kind in KINDS.values()]
    assert listed(card["tables"]) == in_feature(feature, tables)
    assert listed(card["jobs"]) == in_feature(feature, jobs)


@pytest.mark.parametrize("package", [".", *FEATURES])
def test_a_card_holds_no_code(package: str) -> None:
    assert len(ast.parse((PORTAL / package / "__init__.py").read_text()).body) == 1
