"""How figures are read: by their key, in sums, and who is in several groups."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Executable, create_engine, delete, insert, text

from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import NOTHING, SYSTEM
from portal.hours.figures import queries
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.months import months_on
from portal.hours.figures.queries import Figures, MonthOfFigures, list_figures, list_shared, total_of
from portal.schools.queries import SchoolView
from tests.database import TestDatabase
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner
from tests.house.rows import make_row


def months_before(last: date, count: int) -> Iterator[date]:
    return (months_on(last, -at) for at in range(count))


def figure(month: date) -> dict[str, Any]:
    counts = dict.fromkeys(COUNTS - {"subject"}, 0)
    return {"id": new_id(), "kind": "group", "subject": str(new_id()), "month": month, "counted_at": now(), **counts}


COUNTS = {
    column.name for column in SchoolFigure.__table__.columns if column.default is not None and column.default.is_scalar
}
FIRST, LAST = date(2026, 7, 1), date(2026, 11, 1)


def test_figures_are_found_by_their_key(school: SchoolView, engine: Engine, stored_figures: None) -> None:
    values = {"school": school.id, "kinds": ["school"], "first": FIRST, "last": LAST}
    compiled = queries._figures().params(**values).compile(engine)
    session.execute(text("set local enable_seqscan = off"))
    explained = session.connection().exec_driver_sql(f"explain {compiled.string}", compiled.params)
    plan = "\n".join(row[0] for row in explained)
    assert "uq_school_figure_subject" in plan


@pytest.fixture
def stored_figures(school: SchoolView, engine: Engine, worker_database: TestDatabase) -> Iterator[None]:
    """Two thousand figures that PostgreSQL has looked at: what it plans doesn't hang on what it looked at last."""
    table = SchoolFigure.metadata.tables["school_figure"]
    rows = [{"school_id": school.id, **figure(month)} for month in months_before(LAST, 2_000)]
    change_figures(engine, worker_database, school, insert(table), rows)
    try:
        yield
    finally:
        change_figures(engine, worker_database, school, delete(table))


def change_figures(
    engine: Engine,
    own: TestDatabase,
    school: SchoolView,
    statement: Executable,
    rows: list[dict[str, Any]] | None = None,
) -> None:
    """Run a statement of the school and keep what it did, then let PostgreSQL look."""
    with engine.begin() as connection:
        connection.execute(text("select set_config('portal.school', :school, true)"), {"school": str(school.id)})
        connection.execute(statement, rows)
    owner = create_engine(own.owner_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("analyze school_figure"))
    owner.dispose()


def test_only_the_months_and_kinds_that_are_asked_are_read(school: SchoolView) -> None:
    for month in (date(2026, 6, 1), FIRST, LAST, date(2026, 12, 1)):
        make_row("school_figure", kind=FigureKind.SCHOOL, month=month, subject="", present=3)
    make_row("school_figure", kind=FigureKind.ROUTE, month=FIRST, subject="b1")
    rows = list_figures([FigureKind.SCHOOL], FIRST, LAST, SYSTEM)
    assert sorted(row.month for row in rows) == [FIRST, LAST]
    assert total_of(rows).present == 6


@pytest.mark.usefixtures("school")
def test_who_does_not_reach_the_whole_school_reads_none() -> None:
    with pytest.raises(NotFound):
        list_figures([FigureKind.SCHOOL], FIRST, LAST, NOTHING)
    with pytest.raises(NotFound):
        list_shared([], FIRST, LAST, NOTHING)


def test_who_is_in_several_groups_is_told_by_the_groups_alone(school: SchoolView) -> None:
    one, two, three = (make_group() for _ in range(3))
    amina, bilal = make_learner("Amina"), make_learner("Bilal")
    for group in (one, two):
        enrol(amina, group)
    enrol(bilal, one)
    enrol(bilal, three, starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 30))
    groups: list[UUID] = [group.id for group in (one, two, three)]
    assert list_shared(groups, FIRST, LAST, SYSTEM) == [frozenset({str(one.id), str(two.id)})]


def test_figures_add_up() -> None:
    month = MonthOfFigures(
        FigureKind.SCHOOL, "", FIRST, 8, 8, now(),
        Figures(present=6, absent=2, excused=1, minutes_attended=300, minutes_offered=400),
    )  # fmt: skip
    total = total_of([month, month])
    assert (total.present, total.marks, total.percent) == (12, 18, 75)
    assert (total_of([]).percent, total_of([]).marks) == (None, 0)
