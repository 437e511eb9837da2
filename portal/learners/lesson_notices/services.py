"""Mails to those who come to a lesson that is another now: ten minutes later, so that a slip costs nobody a mail."""

from dataclasses import asdict
from datetime import date, time, timedelta
from typing import Any

from babel.dates import format_date, format_time
from sqlalchemy import and_, select

from portal.accounts.invitations.links import address_of
from portal.core import audit, mail
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.core.http.scope import SYSTEM
from portal.core.jobs import ask_later
from portal.courses.lessons.followers import LessonBefore, before
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.group_changes.queries import TickedLearner, plan_mail
from portal.learners.notifications.services import notify_learners
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

_SETTLES = timedelta(minutes=10)


def tell_later(was: LessonBefore) -> None:
    """Ask that a lesson's learners are told what it is now; of several changes at once they hear the outcome."""
    if was.held_on >= today():
        facts = {name: _as_json(value) for name, value in asdict(was).items()}
        ask_later("learners.tell_of_lesson", facts, unique=str(was.id), run_after=now() + _SETTLES)


def _as_json(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)


def tell_of_lesson(was: LessonBefore, *, by: Actor) -> int:
    """Mail whoever comes to a lesson, and can be written to at an address of her own; return how many.

    Nobody hears of a lesson that is as it was, that is over, or that was deleted. No mail holds why: that may be about
    a person, and stands on her own page.
    """
    lesson = session.get(Lesson, (current_school_id(), was.id))
    if lesson is None or max(lesson.held_on, was.held_on) < today():
        return 0
    what = _difference(was, before(lesson))
    if what is None:
        return 0
    group = session.get_one(LearnerGroup, (current_school_id(), lesson.group_id))
    comers = _learners_of(lesson)
    purpose = current_policy().purpose_of_messages()
    plan, readers = plan_mail(comers, purpose, SYSTEM)
    for line in plan.reached:
        reader = readers[line.learner_id]
        language = reader.language if reader.language in LANGUAGES else DEFAULT
        mail.send(
            reader.email,
            "learners/lesson_changed",
            language=language,
            learner_id=line.learner_id,
            purpose=purpose,
            what=what,
            name=line.name,
            group=group.name,
            was=_moment(was.held_on, was.starts_at, language),
            now=_moment(lesson.held_on, lesson.starts_at, language),
            room=lesson.room or "",
            school=current_school().name,
            link=address_of("/mijn/lessen"),
        )
    told = [line.learner_id for line in plan.reached]
    targets = dict.fromkeys([each.learner_id for each in comers], lesson.id)
    notify_learners(NotificationKind.LESSON_CHANGED, targets, category="attendance", mailed=told, by=by)
    if told:
        subject, facts = ("lesson", lesson.id), {"what": what}
        audit.record("learners.told_of_lesson", learner_ids=told, subject=subject, facts=facts, by=by)
    return len(told)


def _difference(was: LessonBefore, is_now: LessonBefore) -> str | None:
    """Return what those who come must know: cancelled, put back or moved; None where nothing is another."""
    if is_now.is_cancelled:
        return None if was.is_cancelled else "cancelled"
    if was.is_cancelled:
        return "restored"
    return None if is_now == was else "moved"


def _learners_of(lesson: Lesson) -> list[TickedLearner]:
    rows = session.execute(
        select(Learner.id, Learner.full_name.label("name"))
        .distinct()
        .join(Enrolment, and_(Enrolment.school_id == Learner.school_id, Enrolment.learner_id == Learner.id))
        .where(
            Learner.school_id == current_school_id(),
            Learner.is_in_use,
            Enrolment.group_id == lesson.group_id,
            Enrolment.holds_on(lesson.held_on),
        )
        .order_by(Learner.id)
    )
    return [TickedLearner(row.id, row.name) for row in rows]


def _moment(day: date, at: time, language: str) -> str:
    """Write a lesson's day and time in the reader's language."""
    return f"{format_date(day, 'EEEE d MMMM', locale=language)}, {format_time(at, 'HH:mm', locale=language)}"
