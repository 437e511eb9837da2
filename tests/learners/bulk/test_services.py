"""Adding and changing many records in few statements."""

from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core.audit.queries import list_of_learner
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.bulk.services import BulkRow, add_learners, change_learners, refusals_in
from portal.learners.origins.queries import list_origins
from portal.learners.record.fields import FIELDS
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.values import values_of
from portal.schools.queries import SchoolView


def _rows(count: int, **more: Any) -> list[BulkRow]:
    return [
        BulkRow(
            new_id(),
            {"learner.given_name": f"Ali{at}", "learner.family_name": "Aydin", "learner.care_duties": "Kind", **more},
        )
        for at in range(count)
    ]


def test_many_learners_come_in_with_numbers_origins_and_log(school: SchoolView, office: Actor) -> None:
    rows = _rows(5)
    add_learners(rows, source=Source.REFERRER, channel="import", by=office)
    assert session.scalars(select(Learner.number).order_by(Learner.id)).all() == [str(10001 + at) for at in range(5)]
    first = session.get_one(Learner, (school.id, rows[0].learner_id))
    assert list_origins(first)["learner.family_name"].source is Source.REFERRER
    entry = list_of_learner(rows[0].learner_id, with_changes=True)[0]
    assert entry.changes is not None
    assert tuple(entry.changes["learner.given_name"]) == (None, "Ali0")
    learner = session.get_one(Learner, (school.id, rows[3].learner_id))
    assert values_of(learner, [FIELDS["learner.care_duties"]]) == {"learner.care_duties": "Kind"}
    assert learner.sort_name == "aydin  ali3"


def test_the_number_of_statements_does_not_follow_the_number_of_learners(
    school: SchoolView, office: Actor, count_statements: Any
) -> None:
    counts = []
    for many in (1, 3, 60):  # the first reads the policy too, where no test before it did
        rows = _rows(many)
        with count_statements() as statements:
            add_learners(rows, source=Source.SCHOOL, channel="import", by=office)
            changes = [BulkRow(row.learner_id, {"learner.city": "Zeist"}) for row in rows]
            change_learners(changes, source=Source.SCHOOL, channel="import", by=office)
        counts.append(len(statements))
    assert counts[1] == counts[2]


def test_what_changed_is_given_back_so_that_it_can_be_undone(school: SchoolView, office: Actor) -> None:
    rows = _rows(2, **{"learner.city": "Utrecht"})
    add_learners(rows, source=Source.SCHOOL, channel="import", by=office)
    wanted = [
        BulkRow(rows[0].learner_id, {"learner.city": "Zeist", "learner.given_name": "Ali0"}),
        BulkRow(rows[1].learner_id, {"learner.city": None}),
    ]
    done = change_learners(wanted, source=Source.SCHOOL, channel="import", by=office)
    assert done == {
        rows[0].learner_id: {"learner.city": ("Utrecht", "Zeist")},
        rows[1].learner_id: {"learner.city": ("Utrecht", None)},
    }
    origins = select(func.count()).select_from(FieldOrigin).where(FieldOrigin.field == "learner.city")
    assert session.scalar(origins) == 1


def test_the_rules_hold_for_many_as_for_one(school: SchoolView, office: Actor) -> None:
    outside = _rows(1, **{"learner.gender": "female"})
    assert [
        refused.code
        for refused in refusals_in(outside, is_new=True, source=Source.SCHOOL, scope=SYSTEM)[outside[0].learner_id]
    ] == ["not_in_policy"]
    with pytest.raises(Invalid, match="not_in_policy"):
        add_learners(outside, source=Source.SCHOOL, channel="import", by=office)
    bsn = _rows(1, **{"learner.bsn": "999999990"})
    with pytest.raises(Invalid, match="needs_reporting_trajectory"):
        add_learners(bsn, source=Source.SCHOOL, channel="import", by=office)
    with_trajectory = BulkRow(bsn[0].learner_id, bsn[0].values, has_reporting_trajectory=True)
    add_learners([with_trajectory], source=Source.SCHOOL, channel="import", by=office)
    assert session.scalar(select(Learner.bsn_digest)) is not None
