"""Rows of courses, groups, teachers, lessons and who is in a group, in the school in scope."""

from datetime import date, time
from itertools import count
from typing import Any

from portal.accounts.models import Account
from portal.core.clock import local, now, today
from portal.core.db.session import session
from portal.courses.models import Course, CourseKind, GroupTeacher, Holiday, LearnerGroup, Lesson, TimetableSlot
from portal.courses.terms.models import Term
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner

_numbers = count(1)
BEGINNING = date(2026, 1, 5)


def make_course(name: str | None = None, **values: Any) -> Course:
    """Make a course; its name is new unless given."""
    course = Course(name=name or f"Cursus {next(_numbers)}", kind=values.pop("kind", CourseKind.INTEGRATION), **values)
    session.add(course)
    session.flush()
    return course


def make_group(name: str | None = None, *, course: Course | None = None, **values: Any) -> LearnerGroup:
    """Make a group that began on 5 January 2026, unless told otherwise."""
    course = course or make_course()
    values.setdefault("starts_on", BEGINNING)
    group = LearnerGroup(name=name or f"Groep {next(_numbers)}", course_id=course.id, **values)
    session.add(group)
    session.flush()
    return group


def make_teacher_of(group: LearnerGroup, account: Account | Any, **values: Any) -> GroupTeacher:
    """Let an account (or an actor) teach a group, from the group's first day on unless told otherwise."""
    account_id = account.account_id if hasattr(account, "account_id") else account.id
    values.setdefault("starts_on", group.starts_on)
    row = GroupTeacher(group_id=group.id, account_id=account_id, **values)
    session.add(row)
    session.flush()
    return row


def make_lesson(group: LearnerGroup | None = None, **values: Any) -> Lesson:
    """Make a lesson: today from nine to twelve with a break of a quarter, unless told otherwise.

    Before nine it is from midnight to three, so that it has begun whenever the tests run.
    """
    group = group or make_group()
    first = 9 if local(now()).hour >= 9 else 0
    facts = {"held_on": today(), "starts_at": time(first), "ends_at": time(first + 3), "break_minutes": 15, **values}
    lesson = Lesson(group_id=group.id, **facts)
    session.add(lesson)
    session.flush()
    return lesson


def make_slot(group: LearnerGroup, weekday: int = 0, **values: Any) -> TimetableSlot:
    """Make a weekly lesson from the group's first day on: Mondays from nine to twelve, unless told otherwise."""
    facts = {"starts_at": time(9), "ends_at": time(12), "break_minutes": 15, "from_on": group.starts_on, **values}
    slot = TimetableSlot(group_id=group.id, weekday=weekday, **facts)
    session.add(slot)
    session.flush()
    return slot


def make_holiday(starts_on: date, ends_on: date | None = None, name: str = "Vakantie") -> Holiday:
    """Make days without lessons; one day where no end is given."""
    holiday = Holiday(name=name, starts_on=starts_on, ends_on=ends_on or starts_on)
    session.add(holiday)
    session.flush()
    return holiday


def make_term(name: str, starts_on: date, ends_on: date) -> Term:
    """Make a term."""
    term = Term(name=name, starts_on=starts_on, ends_on=ends_on)
    session.add(term)
    session.flush()
    return term


def make_person(given_name: str = "Amina", family_name: str = "Yusuf", **values: Any) -> Learner:
    """Make a learner's record with no more than a name and a number."""
    number = values.pop("number", None) or f"C{next(_numbers):06d}"
    facts = {
        "sort_name": f"{family_name} {given_name}".lower(),
        "search_text": f"{given_name} {family_name} {number}".lower(),
        "last_contact_on": today(),
        **values,
    }
    learner = Learner(number=number, given_name=given_name, family_name=family_name, **facts)
    session.add(learner)
    session.flush()
    return learner


def make_enrolled_learner(
    group: LearnerGroup, given_name: str = "Amina", family_name: str = "Yusuf", **values: Any
) -> Learner:
    """Make a learner who is in a group from its first day on; `starts_on` and `ends_on` are of the enrolment."""
    starts_on = values.pop("starts_on", group.starts_on)
    ends_on = values.pop("ends_on", None)
    learner = make_person(given_name, family_name, **values)
    enrol(learner, group, starts_on=starts_on, ends_on=ends_on)
    return learner


def enrol(learner: Learner, group: LearnerGroup, **values: Any) -> Enrolment:
    """Put a learner in a group from its first day on, unless told otherwise."""
    values.setdefault("starts_on", group.starts_on)
    row = Enrolment(learner_id=learner.id, group_id=group.id, **values)
    session.add(row)
    session.flush()
    return row


def fill_group(group: LearnerGroup, size: int) -> list[Learner]:
    """Put so many learners in a group, with names in alphabetical order."""
    return [make_enrolled_learner(group, "Cursist", f"{at:03d}") for at in range(size)]
