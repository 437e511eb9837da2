"""Who comes to a lesson hears by mail that it was moved, cancelled or put back: once, and only if it still is so."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.core.audit import AuditEvent
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.courses.lessons.services import cancel_lesson, delete_lesson, restore_lesson, save_lesson
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.group_changes.queries import TickedLearner, plan_mail
from portal.learners.record.models import Learner
from portal.notifications.models import Notification, NotificationKind
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.accounts.invitations.test_routes import mails
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.jobs import do_jobs
from tests.signing_in import make_account

MONDAY = date(2026, 10, 19)
OFFICE = Actor(None, "Kantoor", permissions=frozenset({Permission.TIMETABLE_KEEP.value}), scope=SYSTEM)
WHY = "Els heeft vandaag een examen."


@pytest.fixture(autouse=True)
def on_monday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 10, 19, 7, 0, tzinfo=UTC))


@pytest.fixture
def group(app: Flask, school: SchoolView) -> LearnerGroup:
    return make_group("A2 ochtend", starts_on=MONDAY - timedelta(days=30))


@pytest.fixture
def lesson(group: LearnerGroup) -> Lesson:
    """A lesson on the next day, to which Amina and Bereket come; she reads English."""
    for name, language in (("Amina", "en"), ("Bereket", None)):
        learner = make_learner(name, "Haile", email=address(name, group.id), preferred_language=language)
        enrol(learner, group)
    enrol(make_learner("Chen", "Wu", email=None), group)
    return make_lesson(group, held_on=MONDAY + timedelta(days=1), starts_at=time(9), ends_at=time(12), room="4")


def address(name: str, group_id: UUID) -> str:
    return f"{name.lower()}.{group_id.hex}@example.org"


def change(lesson: Lesson, **values: Any) -> None:
    names = ("held_on", "starts_at", "ends_at", "break_minutes", "kind", "place", "room", "substitute_id")
    facts = {name: getattr(lesson, name) for name in names}
    save_lesson(lesson.group_id, lesson.id, **{**facts, **values}, by=OFFICE)


def settle() -> None:
    """Do what waits, as if ten minutes went by."""
    session.execute(update(Job).values(run_after=datetime(2026, 1, 1, tzinfo=UTC)))
    do_jobs()


def told(mail_dir: Path, lesson: Lesson, name: str = "Bereket") -> list[Any]:
    return mails(mail_dir, address(name, lesson.group_id))


def body(mail_dir: Path, lesson: Lesson, name: str = "Bereket") -> str:
    [mail] = told(mail_dir, lesson, name)
    return f"{mail['Subject']}\n{mail.get_content()}"


def test_a_cancelled_lesson_is_told_without_the_reason(mail_dir: Path, lesson: Lesson) -> None:
    cancel_lesson(lesson.group_id, lesson.id, because=WHY, by=OFFICE)
    settle()

    text = body(mail_dir, lesson)
    assert "De les van dinsdag 20 oktober, 09:00 gaat niet door" in text
    assert "A2 ochtend" in text
    assert "/mijn/lessen" in text
    assert WHY not in text
    assert "Al uw lessen staan op uw eigen pagina:" in text.splitlines()
    assert "Tuesday 20 October" in body(mail_dir, lesson, "Amina")
    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.told_of_lesson")).one()
    assert len(entry.learner_ids) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"held_on": MONDAY + timedelta(days=3)}, "Nu: donderdag 22 oktober, 09:00."),
        ({"starts_at": time(10)}, "Nu: dinsdag 20 oktober, 10:00."),
        ({"room": "12"}, "Lokaal: 12."),
    ],
)
def test_a_moved_lesson_is_told_with_what_it_was(
    mail_dir: Path, lesson: Lesson, values: dict[str, Any], words: str
) -> None:
    change(lesson, **values)
    settle()

    text = body(mail_dir, lesson)
    assert "De les van dinsdag 20 oktober, 09:00 is verplaatst" in text
    assert words in text.splitlines()


def test_what_was_taken_back_in_time_is_told_to_nobody(mail_dir: Path, lesson: Lesson) -> None:
    cancel_lesson(lesson.group_id, lesson.id, because=WHY, by=OFFICE)
    restore_lesson(lesson.group_id, lesson.id, by=OFFICE)
    settle()
    assert told(mail_dir, lesson) == []


def test_several_changes_at_once_are_one_mail(mail_dir: Path, lesson: Lesson) -> None:
    change(lesson, starts_at=time(10))
    change(lesson, held_on=MONDAY + timedelta(days=3))
    settle()
    assert "Nu: donderdag 22 oktober, 10:00." in body(mail_dir, lesson)


def test_a_lesson_that_is_put_back_is_told(mail_dir: Path, lesson: Lesson) -> None:
    lesson.cancelled_at, lesson.cancelled_because = datetime(2026, 10, 18, tzinfo=UTC), WHY
    session.flush()
    restore_lesson(lesson.group_id, lesson.id, by=OFFICE)
    settle()
    assert "gaat wel door" in body(mail_dir, lesson)


@pytest.mark.parametrize("values", [{"break_minutes": 20}, {}])
def test_what_changes_nothing_for_who_comes_is_told_to_nobody(
    mail_dir: Path, lesson: Lesson, values: dict[str, Any]
) -> None:
    change(lesson, **values)
    settle()
    assert told(mail_dir, lesson) == []


def test_a_lesson_that_is_over_or_deleted_is_told_to_nobody(
    mail_dir: Path, group: LearnerGroup, lesson: Lesson
) -> None:
    past = make_lesson(group, held_on=MONDAY - timedelta(days=1))
    cancel_lesson(group.id, past.id, because=WHY, by=OFFICE)
    change(lesson, starts_at=time(10))
    group_id = group.id
    delete_lesson(group_id, lesson.id, by=OFFICE)
    settle()
    assert mails(mail_dir, address("Bereket", group_id)) == []


def test_it_stands_at_the_bell_too_and_who_had_a_mail_gets_no_second_one(lesson: Lesson) -> None:
    accounts = {}
    for learner in session.scalars(select(Learner)).all():
        accounts[learner.given_name] = learner.account_id = make_account(learner.given_name, "learner").id
    cancel_lesson(lesson.group_id, lesson.id, because=WHY, by=OFFICE)
    settle()

    told = session.scalars(select(Notification).where(Notification.kind == NotificationKind.LESSON_CHANGED)).all()
    mailed = {each.account_id: each.has_own_mail for each in told if each.target_id == lesson.id}
    assert mailed == {accounts["Amina"]: True, accounts["Bereket"]: True, accounts["Chen"]: False}


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("categories", [(), ("contact",)])
def test_who_restricted_how_she_is_reached_is_not_mailed(
    mail_dir: Path, lesson: Lesson, categories: tuple[str, ...]
) -> None:
    hers = session.scalars(select(Learner).where(Learner.given_name == "Bereket")).one()
    hold(hers.id, *categories)
    checkpoint()
    cancel_lesson(lesson.group_id, lesson.id, because=WHY, by=OFFICE)
    settle()

    assert told(mail_dir, lesson) == []
    assert len(told(mail_dir, lesson, "Amina")) == 1


@pytest.mark.parametrize(("born", "why"), [(date(2016, 5, 4), ["restricted"]), (date(1990, 5, 4), [])])
def test_why_no_mail_goes_tells_nothing_of_a_restricted_birth_date(
    app: Flask, school: SchoolView, born: date, why: list[str]
) -> None:
    hers = make_learner("Amina", birth_date=born, email="amina@example.org")
    hold(hers.id, "birth")
    checkpoint()

    plan, _readers = plan_mail([TickedLearner(hers.id, "Amina")], current_policy().purpose_of_messages(), SYSTEM)
    assert [code for _line, code in plan.left_out] == why
