"""What rows were before two records became one is put back to the last byte, whatever the records hold."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, Table, UniqueConstraint, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.merges.models import RecordMerge
from portal.learners.merges.queries import preview_merge, tables_of_learners
from portal.learners.merges.services import merge_learners
from portal.learners.merges.undo import undo_merge
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner
from tests.house.rows import TABLES, make_row
from tests.signing_in import make_account

pytestmark = pytest.mark.usefixtures("in_dutch")

MOVING = [table for table, _column in tables_of_learners()]
# What tells of acts, and what is kept of a merging itself.
_ASIDE = {
    "audit_event",
    "audit_learner",
    "audit_unsealed",
    "audit_seal",
    "key_outbox",
    "job",
    "submission",
    "record_merge",
}
# What never goes back: a page that was opened meanwhile is out of date, and who was signed out stays so.
_COUNTS_ON = {("learner", "version"), ("account_session", "ended_at")}
KEPT = [name for name, table in TABLES.items() if table.info.get("school_owned") and name not in _ASIDE]
_WORDS = {
    "given_name": ("Amina", "Emine"),
    "family_name": ("Yilmaz", "de Vries"),
    "street": (None, "Kade", "Plein"),
    "house_number": (None, "1", "2"),
    "city": (None, "Utrecht", "Zeist"),
    "phone": (None, "+31612345678", "+31687654321"),
    "nationality": (None, "Turkse", "Syrische"),
    "iban": (None, "NL91ABNA0417164300", "NL02ABNA0123456789"),
    "care_duties": (None, "Twee kinderen", "Een kind"),
    "bsn": (None, "999999990"),
}


def stored() -> dict[str, dict[str, Any]]:
    """Every row of every table of the school, as the database writes it, but for what tells of acts."""
    session.flush()
    found: dict[str, dict[str, Any]] = {name: {} for name in KEPT}
    for name, row in session.execute(union_all(*(_rows(TABLES[name]) for name in KEPT))):
        key = str([row[each.name] for each in TABLES[name].primary_key])
        found[name][key] = {column: value for column, value in row.items() if (name, column) not in _COUNTS_ON}
    return found


def _rows(table: Table) -> Select[Any]:
    here = select(table).where(table.c.school_id == current_school_id()).subquery("whole_row")
    return select(literal(table.name), func.to_jsonb(here.table_valued(), type_=JSONB))


def key_of(table: Table) -> set[str]:
    """The columns of the keys that a learner's column is in: with the same in both, two rows collide."""
    uniques = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    keys = [set(each.columns.keys()) for each in (*uniques, *(index for index in table.indexes if index.unique))]
    return set().union(*(key for key in keys if "learner_id" in key)) - {"school_id", "learner_id", "id"}


def put(table: Table, learner: Learner, **given_: Any) -> dict[str, Any] | None:
    """A row for a learner, unless she has one with that key."""
    try:
        with session.begin_nested():
            return make_row(table.name, learner_id=learner.id, **given_)
    except IntegrityError:
        return None


def fill(table: Table, kept: Learner, other: Learner, counts: tuple[int, int], *, collides: bool) -> None:
    """Give both so many rows; with `collides` the last of each for the same lesson, file or field."""
    made = [put(table, kept) for _ in range(counts[0])]
    for _ in range(counts[1]):
        put(table, other)
    last = made[-1] if made else None
    if collides and last is not None and key_of(table):
        put(table, other, **{name: last[name] for name in key_of(table) if name in last})


def pointing_to(learner_id: UUID) -> Iterator[str]:
    """The tables with a row that points to a learner, but for her own and what may point to a record that is gone."""
    ways = [
        (f"{name}.{column.name}", table.c.school_id, column)
        for name, table in TABLES.items()
        for column in table.columns
        if (column.info.get("references") == "learner" or column.name == "learner_id")
        and name not in {*_ASIDE, "stored_file"}
    ]
    wanted = [select(literal(name)).where(here == current_school_id(), way == learner_id) for name, here, way in ways]
    yield from session.scalars(union_all(*wanted))


@st.composite
def values(draw: Any) -> dict[str, str | None]:
    return {name: draw(st.sampled_from(words)) for name, words in _WORDS.items()}


def merge_of(kept: Learner) -> UUID:
    merge_id = session.scalar(select(RecordMerge.id).where(RecordMerge.kept_id == kept.id))
    assert merge_id is not None
    return merge_id


COUNTS = st.tuples(st.integers(0, 2), st.integers(0, 2))


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # making a failing pair smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.tuples(*(st.tuples(values(), st.booleans()) for _ in range(2))),
    rows=st.lists(
        st.tuples(st.sampled_from(MOVING), COUNTS, st.booleans()), max_size=12, unique_by=lambda each: each[0].name
    ),
    choices=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_undoing_gives_back_every_row_as_it_was(
    school: SchoolView, office: Actor, people: Any, rows: Any, choices: Sequence[bool]
) -> None:
    kept, other = (
        make_learner(**given_, account_id=make_account("Amina", "learner").id if has_account else None)
        for given_, has_account in people
    )
    for table, counts, collides in rows:
        fill(table, kept, other, counts, collides=collides)
    before = stored()
    differing = [each.key for each in preview_merge(kept, other, office).choices]

    merge_learners(
        kept.id, other.id, take={key for key, yes in zip(differing, choices, strict=False) if yes}, by=office
    )

    assert list(pointing_to(other.id)) == []
    assert undo_merge(kept.id, merge_of(kept), by=office)
    there = stored()
    for name, expected in before.items():
        assert there[name] == expected, name
    assert session.scalars(select(RecordMerge)).all() == []
