"""Courses and groups, and who teaches a group."""

from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select

from portal.accounts.models import Account
from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.courses.clashes.queries import check_clashes, check_free, check_room
from portal.courses.groups.queries import get_course, get_teacher, list_teaching_accounts
from portal.courses.models import Course, CourseKind, GroupTeacher, LearnerGroup, Lesson
from portal.courses.scope import reaches_group
from portal.courses.timetable.services import follow_group
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify
from portal.permissions import Permission


def take_list(count: int, form: str, *, by: Actor) -> None:
    """Write down that the list of groups goes out as a file; it names teachers, and no learner."""
    by.must(Permission.TIMETABLE_VIEW)
    audit.record("courses.list_taken", facts={"count": count, "format": form}, by=by)


def save_course(course_id: UUID | None, *, name: str, kind: CourseKind, is_active: bool, by: Actor) -> Course:
    """Add a course, or change one. Raises Invalid for a name that another course has."""
    by.must(Permission.TIMETABLE_KEEP)
    taken = select(exists().where(Course.name == name, Course.id != course_id))
    if session.scalar(taken):
        raise Invalid("course.name", "name_taken")
    course = get_course(course_id) if course_id else Course()
    course.name, course.kind, course.is_active = name, kind, is_active
    session.add(course)
    session.flush()
    audit.record("courses.course_saved", subject=("course", course.id), by=by)
    return course


def save_group(
    group_id: UUID | None,
    *,
    name: str,
    course_id: UUID,
    room: str | None,
    starts_on: date,
    ends_on: date | None,
    capacity: int | None = None,
    despite: bool = False,
    by: Actor,
) -> LearnerGroup:
    """Add a group, or change one; its weekly lessons follow its days and its room.

    Raises Invalid for a name that is taken, an end before the beginning, or where its lessons come to be at the time of
    others, in a room or on days that are new, unless `despite` says that this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("learner_group.ends_on", "ends_before_start")
    if session.scalar(select(exists().where(LearnerGroup.name == name, LearnerGroup.id != group_id))):
        raise Invalid("learner_group.name", "name_taken")
    group = _group(group_id, by.scope) if group_id else LearnerGroup()
    before = (group.room, group.starts_on, group.ends_on)
    group.name, group.course_id, group.room = name, get_course(course_id).id, room
    group.starts_on, group.ends_on, group.capacity = starts_on, ends_on, capacity
    session.add(group)
    session.flush()
    gone = 0
    if group_id:
        gone = follow_group(group)
        _check_changed(group, *before, despite=despite)
    facts = {"lessons": gone, "capacity": capacity}
    audit.record("courses.group_saved", subject=("learner_group", group.id), facts=facts, by=by)
    return group


def _check_changed(
    group: LearnerGroup, room: str | None, starts_on: date, ends_on: date | None, *, despite: bool
) -> None:
    """Raise Invalid("at_once") for lessons at the time of others in a room, or on days, that the group hadn't before.

    What stood so already was meant, or was there before anybody asked: it isn't asked again.
    """
    is_new = or_(Lesson.held_on < starts_on, Lesson.held_on > (ends_on or date.max))
    check_clashes(Lesson.group_id == group.id, is_new, despite=despite)
    if group.room != room:
        check_room(Lesson.group_id == group.id, despite=despite)


def add_teacher(
    group_id: UUID,
    account_id: UUID,
    *,
    starts_on: date,
    ends_on: date | None,
    is_substitute: bool,
    despite: bool = False,
    by: Actor,
) -> GroupTeacher:
    """Let somebody teach a group from a day; a substitute until a day. From then on she reaches its learners (LB-06).

    Raises Invalid: no teacher, an end before the beginning, a substitute without an end, the same person twice, or
    somebody who gives another lesson at the time of one of this group's, unless `despite` says that this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    group = _group(group_id, by.scope)
    if account_id not in {account.id for account in list_teaching_accounts()}:
        raise Invalid("account_id", "no_teacher")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if is_substitute and ends_on is None:
        raise Invalid("ends_on", "substitute_needs_end")
    overlap = exists().where(
        GroupTeacher.group_id == group.id,
        GroupTeacher.account_id == account_id,
        GroupTeacher.starts_on <= (ends_on or date.max),
        GroupTeacher.lasts_until(starts_on),
    )
    if session.scalar(select(overlap)):
        raise Invalid("account_id", "teaches_already")
    row = GroupTeacher(
        group_id=group.id, account_id=account_id, starts_on=starts_on, ends_on=ends_on, is_substitute=is_substitute
    )
    session.add(row)
    session.flush()
    check_free(Lesson.group_id == group.id, Account.id == account_id, despite=despite)
    notify(NotificationKind.GROUP_TAUGHT, [Told(account_id, group.id)], by=by)
    facts = {"account": str(account_id), "from": starts_on.isoformat(), "until": str(ends_on or "")}
    audit.record("courses.teacher_added", subject=("learner_group", group.id), facts=facts, by=by)
    return row


def end_teacher(group_id: UUID, row_id: UUID, *, ends_on: date, by: Actor) -> None:
    """Let somebody teach a group until a day, that day included; before her first day she never did."""
    by.must(Permission.TIMETABLE_KEEP)
    row = get_teacher(group_id, row_id, by.scope)
    if ends_on < row.starts_on:
        session.delete(row)
    else:
        row.ends_on = ends_on
    session.flush()
    facts = {"account": str(row.account_id), "until": ends_on.isoformat()}
    audit.record("courses.teacher_ended", subject=("learner_group", group_id), facts=facts, by=by)


def _group(group_id: UUID, scope: Scope) -> LearnerGroup:
    group = session.scalar(select(LearnerGroup).where(LearnerGroup.id == group_id, reaches_group(scope)))
    if group is None:
        raise NotFound("group")
    return group
