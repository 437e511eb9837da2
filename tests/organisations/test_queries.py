"""Reads of organisations: what names them, so that they stay."""

import pytest

from portal.organisations.queries import is_in_use, list_organisations
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.house.rows import TABLES, make_row

NAMED_BY = [
    (table.name, column.name)
    for table in TABLES.values()
    for column in table.columns
    if column.info.get("references") == "organisation" and column.info.get("ondelete") is None
]


@pytest.mark.parametrize(("table", "column"), NAMED_BY)
def test_what_outlives_an_organisation_keeps_it(school: SchoolView, table: str, column: str) -> None:
    named, other = make_organisation("Het Anker"), make_organisation("De Boei")
    make_row(table, **{column: named.id})
    assert is_in_use(named.id)
    assert not is_in_use(other.id)


def test_each_stands_in_the_list_with_its_trajectories(school: SchoolView) -> None:
    named, _other = make_organisation("Het Anker"), make_organisation("De Boei")
    for name in ("Amina", "Bereket"):
        make_trajectory(make_learner(name), client_id=named.id)
    assert [(each.name, each.trajectories) for each in list_organisations()] == [("De Boei", 0), ("Het Anker", 2)]
