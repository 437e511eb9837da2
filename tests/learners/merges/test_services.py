"""Making one record of two of the same person."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Status
from portal.contacts.models import Correspondence
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.enrolments.models import Enrolment
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.services import add_entry
from portal.learners.merges.queries import count_rows, preview_merge, tables_of_learners
from portal.learners.merges.services import merge_learners
from portal.learners.origins.queries import list_origins
from portal.learners.record.fields import FIELDS
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.learners.record.values import values_of
from portal.learners.trajectories.models import Trajectory
from portal.progress.evaluations.models import JointEvaluation
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_lesson
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.learners import make_enrolment, make_learner, make_representative, make_trajectory
from tests.signing_in import make_account

pytestmark = pytest.mark.usefixtures("in_dutch")


def _mark(lesson: Any, learner: Learner, status: Status) -> None:
    session.add(
        AttendanceMark(
            lesson_id=lesson.id, learner_id=learner.id, status=status, minutes=0, marked_by_name="Sam", marked_at=now()
        )
    )
    session.flush()


def test_everything_moves_and_the_other_points_to_the_kept_one(school: SchoolView, office: Actor) -> None:
    kept = make_learner("Amina", "Yilmaz", city="Utrecht")
    other = make_learner("Amina", "Yılmaz", city="Zeist", phone="+31612345678", care_duties="Twee kinderen")
    make_trajectory(other)
    make_representative(other)
    lesson, second = make_lesson(), make_lesson(starts_at=time(13), ends_at=time(15))
    _mark(lesson, kept, Status.PRESENT)
    _mark(lesson, other, Status.ABSENT)
    _mark(second, other, Status.PRESENT)
    merge_learners(kept.id, other.id, take={"learner.city"}, by=office)
    kept, other = (session.get_one(Learner, (school.id, each.id), populate_existing=True) for each in (kept, other))
    assert other.merged_into_id == kept.id
    assert count_rows(other) == {}
    assert session.scalars(select(Trajectory.learner_id)).all() == [kept.id]
    marks = session.execute(select(AttendanceMark.lesson_id, AttendanceMark.status, AttendanceMark.learner_id)).all()
    assert {(row.lesson_id, row.status) for row in marks} == {(lesson.id, "present"), (second.id, "present")}
    assert (kept.city, kept.phone, kept.family_name) == ("Zeist", "+31612345678", "Yilmaz")
    assert values_of(kept, [FIELDS["learner.care_duties"]]) == {"learner.care_duties": "Twee kinderen"}
    assert "learner.phone" in list_origins(kept)
    assert list_origins(other) == {}


def test_the_other_record_is_left_empty(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(), make_learner("Emine", phone="+31612345678", nationality="Turkse", care_duties="x")
    number = other.number
    merge_learners(kept.id, other.id, take=(), by=office)
    row = session.get_one(Learner, (school.id, other.id), populate_existing=True)
    left = {key: value for key, value in values_of(row, FIELDS_OF_LEARNER).items() if value}
    assert left == {"learner.number": number}
    assert (row.search_text, row.sort_name) == ("", "")


FIELDS_OF_LEARNER = [field for field in FIELDS.values() if field.table == "learner"]


def test_sealed_texts_open_under_the_kept_records_key(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro") as school:
        kept, other = make_learner(), make_learner("Emine")
        values = {
            "correspondence.received_on": "1-9-2026",
            "correspondence.kind": "question",
            "correspondence.body": "Wanneer is mijn examen?",
        }
        row = session.get_one(Correspondence, (school.id, _as_writer(office, KINDS["berichten"], other, values)))
        merge_learners(kept.id, other.id, take=(), by=office)
        row = session.get_one(Correspondence, (school.id, row.id), populate_existing=True)
        assert row.learner_id == kept.id
        assert keys.unseal(kept.id, "correspondence.body", row.body) == "Wanneer is mijn examen?"


def _as_writer(office: Actor, kind: Any, learner: Learner, values: Any) -> Any:
    return add_entry(kind, learner.id, values, by=office)


def test_two_enrolments_in_one_group_become_one(school: SchoolView, office: Actor) -> None:
    kept, other, group, elsewhere = make_learner(), make_learner("Emine"), make_group(), make_group()
    make_enrolment(kept, group, starts_on=date(2026, 2, 1), ends_on=date(2026, 5, 1))
    make_enrolment(other, group, starts_on=date(2026, 4, 1), ends_on=None)
    make_enrolment(other, elsewhere, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 1))
    merge_learners(kept.id, other.id, take=(), by=office)
    rows = session.execute(
        select(Enrolment.group_id, Enrolment.starts_on, Enrolment.ends_on, Enrolment.learner_id).order_by(
            Enrolment.starts_on
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        (group.id, date(2026, 2, 1), None, kept.id),
        (elsewhere.id, date(2026, 4, 1), date(2026, 6, 1), kept.id),
    ]


def test_she_keeps_the_account_that_she_has(school: SchoolView, office: Actor) -> None:
    account = make_account("Amina", "learner")
    kept, other = make_learner(), make_learner("Emine", account_id=account.id)
    assert merge_learners(kept.id, other.id, take=(), by=office).account_id == account.id


def test_of_two_accounts_one_ends(school: SchoolView, office: Actor) -> None:
    first, second = make_account("Amina", "learner"), make_account("Amina 2", "learner")
    kept, other = make_learner(account_id=first.id), make_learner("Emine", account_id=second.id)
    assert preview_merge(kept, other, office).has_two_accounts
    assert merge_learners(kept.id, other.id, take=(), by=office).account_id == first.id
    session.refresh(second)
    assert second.ended_at is not None


def test_the_preview_says_what_differs_and_how_much_moves(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(city="Utrecht"), make_learner("Emine", city="Zeist", phone="+31612345678")
    make_trajectory(other)
    preview = preview_merge(kept, other, office)
    differing = {pair.field.key for pair in preview.fields if pair.differs}
    assert differing == {"learner.number", "learner.given_name", "learner.city"}
    assert [pair.field.key for pair in preview.fields if pair.is_only_in_other] == ["learner.phone"]
    assert preview.moving == {"trajectory": 1}


def test_two_bsns_are_two_people(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(bsn="999999990"), make_learner("Emine", bsn="123456782")
    with pytest.raises(Conflict, match="different_bsn"):
        merge_learners(kept.id, other.id, take=(), by=office)
    with pytest.raises(Conflict, match="same_record"):
        merge_learners(kept.id, kept.id, take=(), by=office)


def test_a_merged_record_is_no_longer_changed(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(), make_learner("Emine")
    merge_learners(kept.id, other.id, take=(), by=office)
    with pytest.raises(NotFound):
        change_learner(other.id, {"learner.city": "Zeist"}, source=Source.SCHOOL, by=office)


def test_only_who_may_merges_and_it_is_logged(school: SchoolView, office: Actor, coach: Actor) -> None:
    kept, other = make_learner(), make_learner("Emine")
    with pytest.raises(NotAllowed):
        merge_learners(kept.id, other.id, take=(), by=coach)
    merge_learners(kept.id, other.id, take=(), by=office)
    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.merged")).one()
    assert set(entry.learner_ids) == {kept.id, other.id}


def test_every_table_that_points_to_a_learner_is_reached(school: SchoolView) -> None:
    from portal.core.db.base import Base

    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("references") == "learner" and column.name != "merged_into_id"
    }
    reached = {table.name for table, _ in tables_of_learners()}
    assert pointing - reached == {"field_origin", "record_merge"}


def test_a_set_is_taken_whole_or_not_at_all(school: SchoolView, office: Actor) -> None:
    kept = make_learner("Amina", "Berg", name_prefix="van den", street="Kade", house_number="1", city="Utrecht")
    other = make_learner("Emine", "Berg", street="Plein", city="Zeist", postcode="3701AA")
    preview = preview_merge(kept, other, office)
    shown = {each.key: (each.kept, each.other) for each in preview.choices}
    assert shown == {
        "learner.given_name": ("Amina van den Berg", "Emine Berg"),
        "learner.street": ("Kade, 1, Utrecht", "Plein, 3701AA, Zeist"),
    }

    merge_learners(kept.id, other.id, take={"learner.street"}, by=office)

    row = session.get_one(Learner, (school.id, kept.id), populate_existing=True)
    assert (row.given_name, row.name_prefix, row.family_name) == ("Amina", "van den", "Berg")
    assert (row.street, row.house_number, row.postcode, row.city) == ("Plein", None, "3701AA", "Zeist")
    assert "learner.house_number" not in list_origins(row)


def test_what_she_does_not_see_is_named_and_stays(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(nationality="Turkse"), make_learner("Emine", nationality="Syrische")
    teacher = Actor(account_id=None, name="Tess", roles=frozenset({"teacher"}))

    preview = preview_merge(kept, other, teacher)

    assert set(preview.unseen) == {"Voornaam", "Nationaliteit"}
    assert "Syrische" not in str(preview.choices)
    assert preview_merge(kept, other, office).unseen == []


def test_what_she_does_not_see_stays_whatever_is_asked(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(nationality="Syrische"), make_learner(nationality="Turkse", city="Zeist")
    blind = replace(office, scope=replace(office.scope, sees=office.sees - {FIELDS["learner.nationality"].category}))
    merge_learners(kept.id, other.id, take={"learner.nationality", "learner.city"}, by=blind)
    kept = session.get_one(Learner, (school.id, kept.id), populate_existing=True)
    values = values_of(kept, [FIELDS["learner.nationality"], FIELDS["learner.city"]])
    assert values == {"learner.nationality": "Syrische", "learner.city": "Zeist"}


def test_what_others_hold_stays_whatever_both_records_have(school: SchoolView, office: Actor) -> None:
    kept, other, stranger = (make_learner(name) for name in ("Amina", "Aminah", "Bereket"))
    evaluations = [make_joint_evaluation(learner) for learner in (kept, other, stranger)]
    both_agreed = make_joint_evaluation(make_learner("Chen"))
    both_agreed.teacher_agreed_at = both_agreed.learner_agreed_at = now()
    session.flush()

    merge_learners(kept.id, other.id, take=set(), by=office)

    session.expire_all()
    left = set(session.scalars(select(JointEvaluation.id)))
    assert left == {evaluations[0].id, evaluations[2].id, both_agreed.id}
