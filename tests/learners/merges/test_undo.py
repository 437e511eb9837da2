"""Taking a merging back: both records are what they were, and what came after isn't lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_fields, erase_person
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.jobs import ask
from portal.core.personal_data import PersonKind
from portal.learners.corrections.models import Correction
from portal.learners.corrections.sealed_texts import open_proposed
from portal.learners.corrections.services import propose_correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.history.queries import list_history
from portal.learners.merges.models import RecordMerge
from portal.learners.merges.queries import find_merge
from portal.learners.merges.services import merge_learners
from portal.learners.merges.undo import plan_undo, undo_merge
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.learners.search.queries import Search, find_learners
from portal.learners.trajectories.models import Trajectory
from portal.progress.models import Note
from portal.progress.notes.services import write_note
from portal.purposes.withdrawals.services import withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.consent import agree, as_learner
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_enrolment, make_learner, make_representative, make_trajectory
from tests.jobs import do_jobs
from tests.signing_in import make_account

pytestmark = pytest.mark.usefixtures("in_dutch")

DAY = timedelta(days=1)


class Pair:
    """Two records of whom the second is part of the first."""

    def __init__(self, office: Actor, kept: Learner, other: Learner, take: tuple[str, ...] = ()) -> None:
        self.kept_id, self.other_id, self.office = kept.id, other.id, office
        merge_learners(kept.id, other.id, take=take, by=office)

    @property
    def merge_id(self) -> UUID:
        found = find_merge(self.kept_id, self.office.scope)
        assert found is not None
        return found.id

    def undo(self) -> bool:
        return undo_merge(self.kept_id, self.merge_id, by=self.office)

    @property
    def kept(self) -> Learner:
        return fresh(self.kept_id)

    @property
    def other(self) -> Learner:
        return fresh(self.other_id)


def fresh(learner_id: UUID) -> Learner:
    return session.scalars(
        select(Learner).where(Learner.id == learner_id).execution_options(populate_existing=True)
    ).one()


def test_both_are_found_and_read_as_before(school: SchoolView, office: Actor) -> None:
    kept = make_learner("Amina", "Berg", street="Kade", city="Utrecht", care_duties="Een kind")
    other = make_learner("Emine", "Yilmaz", street="Plein", phone="+31612345678", care_duties="Twee kinderen")
    versions = kept.version, other.version
    pair = Pair(office, kept, other, ("learner.given_name", "learner.street", "learner.care_duties"))
    assert (pair.kept.full_name, pair.kept.street, pair.kept.phone) == ("Emine Yilmaz", "Plein", "+31612345678")

    assert pair.undo()

    assert (pair.kept.full_name, pair.kept.street, pair.kept.city, pair.kept.phone) == (
        "Amina Berg",
        "Kade",
        "Utrecht",
        None,
    )
    assert (pair.other.full_name, pair.other.street, pair.other.phone) == ("Emine Yilmaz", "Plein", "+31612345678")
    assert keys.unseal(other.id, "learner.care_duties", pair.other.care_duties or b"") == "Twee kinderen"
    assert pair.other.is_in_use
    for name, learner_id in (("Amina", kept.id), ("Emine", other.id)):
        assert [each.id for each in find_learners(Search(text=name), office).learners] == [learner_id]
    assert pair.kept.version > versions[0]  # a page that was opened meanwhile is out of date
    assert pair.other.version > versions[1]


def test_what_was_changed_since_stays_and_the_rest_goes_back(school: SchoolView, office: Actor) -> None:
    kept = make_learner(street="Kade", house_number="1", city="Utrecht", nationality="Syrische")
    other = make_learner("Emine", street="Plein", house_number="2", city="Zeist", nationality="Turkse")
    pair = Pair(office, kept, other, ("learner.street", "learner.nationality"))
    change_learner(kept.id, {"learner.house_number": "3"}, source=Source.LEARNER, by=office)

    plan = plan_undo(kept.id, pair.merge_id, office)
    assert not pair.undo()

    assert plan.staying == {"street", "house_number", "city"}
    assert (pair.kept.street, pair.kept.house_number, pair.kept.city) == ("Plein", "3", "Zeist")
    assert (pair.kept.nationality, pair.other.nationality) == ("Syrische", "Turkse")
    assert (pair.other.street, pair.other.house_number) == ("Plein", "2")
    assert list_origins(pair.kept)["learner.house_number"].source is Source.LEARNER


def test_a_name_changed_since_is_found_as_it_stands(school: SchoolView, office: Actor) -> None:
    pair = Pair(office, make_learner("Amina"), make_learner("Emine"), ("learner.given_name",))
    change_learner(pair.kept_id, {"learner.email": "a@example.org"}, source=Source.SCHOOL, by=office)
    pair.undo()
    assert (pair.kept.given_name, pair.kept.email) == ("Amina", "a@example.org")
    assert "amina" in pair.kept.search_text
    assert "a@example.org" in pair.kept.search_text


def test_what_was_made_since_stays_with_the_kept_record(school: SchoolView, office: Actor, coach: Actor) -> None:
    pair = Pair(office, make_learner(), make_learner("Emine"))
    note = write_note(pair.kept_id, "Goed bezig", by=coach)

    plan = plan_undo(pair.kept_id, pair.merge_id, office)
    pair.undo()

    assert plan.since == {"note": 1}
    assert session.scalars(select(Note.learner_id)).all() == [pair.kept_id]
    assert keys.unseal(pair.kept_id, "note.body", note.body) == "Goed bezig"


def test_what_hangs_on_a_row_goes_along_with_it(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(), make_learner("Emine")
    trajectory, group, lesson = make_trajectory(other), make_group(), make_lesson()
    mark = make_mark(lesson, other, Status.PRESENT)
    pair = Pair(office, kept, other)
    make_enrolment(kept, group, trajectory_id=trajectory.id)
    by = as_learner(kept)
    propose_correction(kept.id, "attendance_mark.status", "absent", entry_id=mark.id, by=by)
    change = {"old_status": Status.PRESENT, "new_status": Status.ABSENT, "changed_by_name": "Tess", "changed_at": now()}
    session.add(MarkChange(lesson_id=lesson.id, learner_id=kept.id, **change))
    session.execute(update(AttendanceMark).values(status=Status.ABSENT, minutes=0))

    plan = plan_undo(kept.id, pair.merge_id, office)
    assert pair.undo()

    assert plan.since == {}
    for table in (Trajectory, Enrolment, AttendanceMark, MarkChange, Correction):
        assert session.scalars(select(table.learner_id)).all() == [other.id], table
    assert session.scalars(select(AttendanceMark.status)).all() == [Status.ABSENT]
    assert open_proposed(session.scalars(select(Correction)).one()) == "absent"


def test_what_was_dropped_and_taken_anew_stays_as_it_is_now(school: SchoolView, office: Actor) -> None:
    kept, other, lesson = make_learner(), make_learner("Emine"), make_lesson()
    make_mark(lesson, kept, Status.PRESENT)
    make_mark(lesson, other, Status.ABSENT)
    pair = Pair(office, kept, other)
    session.execute(update(AttendanceMark).values(is_authorised=None, status=Status.EXCUSED, minutes=0))
    pair.undo()
    marks = session.execute(select(AttendanceMark.learner_id, AttendanceMark.status)).all()
    assert {tuple(row) for row in marks} == {(kept.id, Status.EXCUSED), (other.id, Status.ABSENT)}


def test_an_account_whose_address_is_taken_stays_ended(school: SchoolView, office: Actor) -> None:
    first, second = make_account("Amina", "learner"), make_account("Emine", "learner")
    pair = Pair(office, make_learner(account_id=first.id), make_learner("Emine", account_id=second.id))
    session.add(Account(id=new_id(), name="Een ander", email=second.email))
    session.flush()

    assert not pair.undo()

    session.refresh(second)
    assert pair.other.account_id == second.id
    assert second.ended_at is not None
    assert pair.other.is_in_use


def test_the_last_merging_is_taken_back_first(school: SchoolView, office: Actor) -> None:
    kept, other, third = make_learner(), make_learner("Emine"), make_learner("Aylin")
    pair = Pair(office, kept, other)
    first = pair.merge_id
    merge_learners(kept.id, third.id, take=(), by=office)
    with pytest.raises(Conflict, match="merged_again"):
        undo_merge(kept.id, first, by=office)
    pair.undo()
    assert fresh(third.id).is_in_use
    assert undo_merge(kept.id, first, by=office)
    assert pair.other.is_in_use


def test_a_record_that_is_part_of_another_comes_first(school: SchoolView, office: Actor) -> None:
    pair, above = Pair(office, make_learner(), make_learner("Emine")), make_learner("Aylin")
    first = pair.merge_id
    merge_learners(above.id, pair.kept_id, take=(), by=office)
    with pytest.raises(NotFound):
        undo_merge(pair.kept_id, first, by=office)


ERASURES: dict[str, Callable[[Pair], object]] = {
    "a field": lambda pair: erase_fields(PersonKind.LEARNER, [pair.kept_id], ["learner.phone"], why="test"),
    "a category": lambda pair: erase_category(PersonKind.LEARNER, [pair.kept_id], "contact", why="test"),
    "who is kept": lambda pair: erase_person(PersonKind.LEARNER, pair.kept_id, why="test"),
    "who is part of her": lambda pair: erase_person(PersonKind.LEARNER, pair.other_id, why="test"),
}


@pytest.mark.parametrize("what", ERASURES)
def test_an_erasure_reaches_what_is_kept(school: SchoolView, office: Actor, what: str) -> None:
    pair = Pair(office, make_learner(), make_learner("Emine", phone="+31612345678"))
    merge_id = pair.merge_id
    ERASURES[what](pair)
    assert session.scalars(select(RecordMerge)).all() == []
    if "who" not in what:
        with pytest.raises(Conflict, match="erased_since"):
            undo_merge(pair.kept_id, merge_id, by=office)


@pytest.mark.parametrize("kind", [PersonKind.STAFF, PersonKind.REPRESENTATIVE])
def test_the_erasure_of_somebody_else_who_stands_in_it_reaches_it(
    school: SchoolView, office: Actor, kind: PersonKind
) -> None:
    kept, other, lesson = make_learner(), make_learner("Emine"), make_lesson()
    account = make_account("Sam", "teacher" if kind is PersonKind.STAFF else "representative")
    person_id = account.id
    if kind is PersonKind.REPRESENTATIVE:
        person_id = make_representative(kept, account_id=account.id).id
    for learner in (kept, other):
        make_mark(lesson, learner, marked_by=account.id)
    Pair(office, kept, other)
    erase_person(kind, person_id, why="test")
    assert session.scalars(select(RecordMerge)).all() == []


def test_after_a_day_it_is_over_and_what_was_kept_goes(
    school: SchoolView, office: Actor, clock: Callable[[datetime], None]
) -> None:
    pair = Pair(office, make_learner(), make_learner("Emine"))
    merge_id, made_at = pair.merge_id, now()
    ask("learners.clear_merges", {})
    do_jobs("learners.clear_merges")
    assert pair.merge_id == merge_id
    clock(made_at + DAY)
    with pytest.raises(Conflict, match="undo_over"):
        undo_merge(pair.kept_id, merge_id, by=office)
    ask("learners.clear_merges", {})
    do_jobs("learners.clear_merges")
    assert session.scalars(select(RecordMerge)).all() == []


def test_once_is_enough(school: SchoolView, office: Actor) -> None:
    pair = Pair(office, make_learner(), make_learner("Emine"))
    merge_id = pair.merge_id
    pair.undo()
    with pytest.raises(Conflict, match="undone_already"):
        undo_merge(pair.kept_id, merge_id, by=office)
    with pytest.raises(Conflict, match="undo_over"):
        undo_merge(pair.kept_id, new_id(), by=office)


def test_only_who_may_merge_takes_it_back(school: SchoolView, office: Actor, coach: Actor) -> None:
    pair = Pair(office, make_learner(), make_learner("Emine"))
    with pytest.raises(NotAllowed):
        undo_merge(pair.kept_id, pair.merge_id, by=coach)


def test_a_merging_that_ends_a_consent_has_no_way_back(school: SchoolView, office: Actor) -> None:
    kept, other = make_learner(), make_learner("Emine")
    agree(kept, "survey")
    agree(other, "survey")
    withdraw_consent(other.id, "survey", by=as_learner(other))
    merge_learners(kept.id, other.id, take=(), by=office)
    assert session.scalars(select(RecordMerge)).all() == []


def test_what_is_kept_is_sealed(school: SchoolView, office: Actor) -> None:
    pair = Pair(office, make_learner("Amina", bsn="999999990"), make_learner("Emine", birth_date=date(1990, 5, 4)))
    row = session.scalars(select(RecordMerge)).one()
    assert b"Emine" not in row.contents
    assert row.expires_at - now() <= DAY
    text = keys.unseal(pair.kept_id, "record_merge.contents", row.contents)
    assert "Emine" in text
    assert "999999990" not in text


def test_what_was_taken_over_shows_in_no_history_of_hers_any_more(school: SchoolView, office: Actor) -> None:
    pair = Pair(office, make_learner(city="Utrecht"), make_learner("Emine", city="Zeist"), ("learner.street",))

    def told() -> list[str]:
        return [change.new for line in list_history(pair.kept, office) for change in line.changes]

    assert "Zeist" in told()
    pair.undo()
    assert "Zeist" not in told()
    said = [line.what for line in list_history(pair.other, office)]
    assert "Cursisten: samenvoegen van dossiers ongedaan gemaakt" in said
