"""A learner says that a mark isn't right: it stands beside the mark at once, whoever keeps the register answers."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.queries import count_waiting, list_own_views, list_waiting
from portal.learners.corrections.services import pass_on_unanswered, propose_correction, withdraw_correction
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.attendance import make_mark
from tests.factories.consent import as_learner
from tests.factories.corrections import decide
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn, make_account

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
STATUS = "attendance_mark.status"
MARKS = {"attendance_mark"}


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None], app: Flask, school: SchoolView) -> object:
    clock(NOON)
    with app.app_context():
        yield


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


def make_keeper(group: LearnerGroup, role: str = "teacher") -> Actor:
    account = make_account("Sam de Vries", role)
    make_teacher_of(group, account)
    return actor_of(account.id, account.name, frozenset({role}))


@pytest.fixture
def amina(group: LearnerGroup) -> Learner:
    made = make_learner("Amina")
    enrol(made, group)
    return made


@pytest.fixture
def mark(amina: Learner, group: LearnerGroup) -> AttendanceMark:
    """She was absent yesterday, the register says."""
    lesson: Lesson = make_lesson(group, held_on=today() - timedelta(days=1))
    return make_mark(lesson, amina, Status.ABSENT)


def contest(mark: AttendanceMark, learner: Learner, value: str = "present") -> Correction:
    return propose_correction(learner.id, STATUS, value, entry_id=mark.id, remark="Ik was er.", by=as_learner(learner))


@pytest.mark.promise("MN-17", part="entries and hidden notes")
def test_what_she_says_stands_beside_the_mark_at_once(amina: Learner, mark: AttendanceMark) -> None:
    contest(mark, amina)

    [view] = list_own_views(MARKS, own_scope(amina.id))[mark.id]
    assert (view.proposed, view.remark, view.is_waiting) == ("aanwezig", "Ik was er.", True)
    assert view.answer_by == today() + timedelta(days=14)
    session.refresh(mark)
    assert mark.status is Status.ABSENT


@pytest.mark.parametrize("role", ["teacher", "administration"])
def test_who_keeps_the_register_takes_it_over_with_a_reason(
    amina: Learner, mark: AttendanceMark, group: LearnerGroup, role: str
) -> None:
    by = make_keeper(group, role)
    said = contest(mark, amina)
    [waiting] = list_waiting(by)
    assert waiting.may_decide
    assert (waiting.entry, waiting.now, waiting.view.proposed) == (
        "presentie: les 19 november 2026, 09:00", "afwezig", "aanwezig",
    )  # fmt: skip

    decide(said.id, accept=True, answer="U was er inderdaad.", by=by)

    session.refresh(mark)
    assert (mark.status, mark.minutes > 0) == (Status.PRESENT, True)
    [change] = session.scalars(select(MarkChange)).all()
    assert change.reason == "De cursist zei dat dit niet klopte."
    [view] = list_own_views(MARKS, own_scope(amina.id))[mark.id]
    assert (view.state, view.answer, view.decided_by_name) == (
        CorrectionState.ACCEPTED, "U was er inderdaad.", "Sam de Vries",
    )  # fmt: skip


def test_an_answer_that_leaves_it_so_has_its_reason_and_is_kept(
    amina: Learner, mark: AttendanceMark, group: LearnerGroup
) -> None:
    by, said = make_keeper(group), contest(mark, amina)
    with pytest.raises(Invalid, match="reason_required"):
        decide(said.id, accept=False, by=by)
    decide(said.id, accept=False, answer="U kwam na de pauze.", by=by)

    session.refresh(mark)
    assert mark.status is Status.ABSENT
    [view] = list_own_views(MARKS, own_scope(amina.id))[mark.id]
    assert (view.state, view.answer) == (CorrectionState.REFUSED, "U kwam na de pauze.")


def test_one_mark_has_one_open_view(amina: Learner, mark: AttendanceMark) -> None:
    contest(mark, amina)
    contest(mark, amina, "excused")

    [view] = list_own_views(MARKS, own_scope(amina.id))[mark.id]
    assert view.proposed == "afgemeld"


def test_it_reaches_who_teaches_the_group_and_no_other(
    amina: Learner, mark: AttendanceMark, group: LearnerGroup
) -> None:
    said = contest(mark, amina)
    stranger, coach = make_keeper(make_group("Avond")), make_keeper(group, "coach")

    assert (count_waiting(make_keeper(group)), count_waiting(stranger)) == (1, 0)
    with pytest.raises(NotFound):
        decide(said.id, accept=True, by=stranger)
    with pytest.raises(NotAllowed):
        decide(said.id, accept=True, by=coach)


def test_without_an_answer_it_waits_as_a_correction_and_is_never_refused(
    amina: Learner, mark: AttendanceMark, group: LearnerGroup, clock: Callable[[datetime], None]
) -> None:
    said = contest(mark, amina)
    clock(NOON + timedelta(days=14))
    assert pass_on_unanswered(by=PORTAL) == 0
    clock(NOON + timedelta(days=15))

    assert pass_on_unanswered(by=PORTAL) == 1
    assert pass_on_unanswered(by=PORTAL) == 0

    session.refresh(said)
    assert said.state is CorrectionState.PROPOSED
    assert said.proposed is not None
    [view] = list_own_views(MARKS, own_scope(amina.id))[mark.id]
    assert (view.is_waiting, view.answer_by, view.answer) == (True, None, None)
    decide(said.id, accept=True, by=make_keeper(group))
    events = session.scalars(select(AuditEvent.event))
    assert {"learners.finding_contested", "learners.contest_passed_on", "learners.correction_accepted"} <= set(events)


def test_she_takes_it_back(amina: Learner, mark: AttendanceMark) -> None:
    said = contest(mark, amina)

    withdraw_correction(said.id, by=as_learner(amina))

    assert not list_own_views(MARKS, own_scope(amina.id))


def test_the_mark_of_another_is_not_hers_to_contest(amina: Learner, mark: AttendanceMark) -> None:
    other = make_learner("Bereket")
    with pytest.raises(NotFound):
        contest(mark, other)
    with pytest.raises(NotAllowed):
        propose_correction(amina.id, STATUS, "present", entry_id=mark.id, by=as_learner(other))


def test_she_contests_it_on_her_page_and_reads_the_answer_there(
    client: PageClient, sign_in: SignIn, amina: Learner, mark: AttendanceMark, group: LearnerGroup
) -> None:
    path = f"/mijn/dossier/presentie/{mark.id}/wijzigen"
    sign_in(client, "learner", learner=amina)
    assert path in client.get("/mijn/aanwezigheid").get_data(as_text=True)
    asked = client.get(path).get_data(as_text=True)
    assert f"{path}?veld=status" in asked
    assert '<a class="crumb" href="/mijn/aanwezigheid"' in asked
    assert re.search(
        r'href="/mijn/aanwezigheid">\s*Laat het zo', client.get(f"{path}?veld=status").get_data(as_text=True)
    )

    assert client.post(f"{path}?veld=status", {"status": "present", "remark": "Ik was er."}).status_code == 303

    mine = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert "u zegt iets anders" in mine
    assert "Uw school antwoordt uiterlijk op 4 december 2026." in mine
    make_teacher_of(group, sign_in(client, "teacher"))
    asked = client.get("/wijzigingen").get_data(as_text=True)
    assert "Ik was er." in asked
    assert "wat volgens hen niet klopt" in asked
    assert "officieel document" not in asked
    theirs = client.get(f"/cursisten/{amina.id}/presentie").get_data(as_text=True)
    assert "betwist" in theirs
    with in_school(amina.school_id):
        decided = f"/wijzigingen/{session.scalars(select(Correction.id)).one()}"
    form = hidden_in(client.get(decided), decided)
    assert client.post(decided, {**form, "besluit": "nee", "answer": "U kwam niet."}).status_code == 303
    sign_in(client, "learner", learner=amina)
    assert "U kwam niet." in client.get("/mijn/aanwezigheid").get_data(as_text=True)


def test_it_stands_beside_the_mark_in_the_register_until_it_is_answered(
    client: PageClient, sign_in: SignIn, amina: Learner, mark: AttendanceMark, group: LearnerGroup
) -> None:
    said = contest(mark, amina)
    propose_correction(amina.id, "attendance_mark.early_minutes", 10, entry_id=mark.id, by=as_learner(amina))
    url, answer = f"/lessen/{mark.lesson_id}/presentie", f'href="/wijzigingen/{said.id}"'
    enrol(make_learner("Bereket"), group)
    school_id = amina.school_id
    teacher = sign_in(client, "teacher")
    with in_school(school_id):
        make_teacher_of(group, teacher)

    page = client.get(url).text
    assert (page.count("betwist"), page.count(answer)) == (1, 1)
    tapped = {
        "cursist": str(amina.id), f"s.{amina.id}": "absent", f"g.{amina.id}": "no",
        f"v.{amina.id}": re.search(rf'name="v\.{amina.id}" value="([^"]*)"', page)[1],
    }  # fmt: skip
    row = client.post(url, tapped, htmx=True)
    assert (row.status_code, row.text.count(answer)) == (200, 1)

    with in_school(school_id):
        for each in session.scalars(select(Correction)).all():
            withdraw_correction(each.id, by=as_learner(session.get_one(Learner, (school_id, amina.id))))
    assert "betwist" not in client.get(url).text
