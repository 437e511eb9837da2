"""Courses, groups of sixteen, who teaches them, and their lessons: twelve weeks that were and four to come."""

from dataclasses import replace
from datetime import date, time, timedelta
from operator import itemgetter
from typing import Any

from portal.core.clock import local, now
from portal.core.db.base import new_id
from portal.courses.models import (
    USUAL_KINDS,
    Course,
    CourseKind,
    GroupTeacher,
    Holiday,
    LearnerGroup,
    Lesson,
    TimetableSlot,
)
from portal.courses.terms.models import Term
from portal.demo.bulk import Row, store
from portal.demo.world.plan import WEEKS_AHEAD, WEEKS_BACK, Group, World
from portal.permissions import Role

_SIZE = 16
_COURSES = (
    ("Inburgering A2", CourseKind.INTEGRATION),
    ("Inburgering B1", CourseKind.INTEGRATION),
    ("Alfabetisering", CourseKind.LITERACY),
    ("NT2 Staatsexamen I", CourseKind.NT2),
    ("Kennis van de Nederlandse maatschappij", CourseKind.KNM),
    ("Oriëntatie op de arbeidsmarkt", CourseKind.ONA),
)
_PARTS = (
    ("ochtend", time(9), time(12), 15),
    ("middag", time(13), time(16), 15),
    ("avond", time(18, 30), time(21), 10),
)
_DAYS = ((0, 2, 4), (1, 3), (0, 3), (1, 4), (2, 4))


def fill(world: World) -> None:
    """Make the timetable and remember each group with its lessons."""
    courses = [{"id": new_id(), "name": name, "kind": kind} for name, kind in _COURSES]
    starts_on = world.today - timedelta(days=world.today.weekday(), weeks=WEEKS_BACK)
    study_day = starts_on + timedelta(weeks=WEEKS_BACK - 5)
    store(Course, courses)
    store(Holiday, [{"name": "Studiedag", "starts_on": study_day, "ends_on": study_day}])
    store(Term, _terms(starts_on))
    rows: dict[type[Any], list[Row]] = {LearnerGroup: [], GroupTeacher: [], TimetableSlot: [], Lesson: []}
    teachers = world.of(Role.TEACHER)
    places = list(range(len(world.people)))
    world.random.shuffle(places)
    for number, first in enumerate(range(0, len(places), _SIZE)):
        group = Group(new_id(), teachers[number % len(teachers)], starts_on, tuple(places[first : first + _SIZE]), ())
        world.groups.append(_with_lessons(world, rows, group, number, courses[number % len(courses)]))
    _differ(world)
    rows[Lesson] = [lesson for group in world.groups for lesson in group.lessons]
    for model, made in rows.items():
        store(model, made)


def _terms(starts_on: date) -> list[Row]:
    """The term in which the groups began, and the next."""
    next_on = starts_on + timedelta(weeks=20)
    return [
        {"name": "Deze periode", "starts_on": starts_on, "ends_on": next_on - timedelta(days=3)},
        {"name": "Volgende periode", "starts_on": next_on, "ends_on": next_on + timedelta(weeks=20, days=-3)},
    ]


def _differ(world: World) -> None:
    """Let two teachers each take over a coming lesson of the other, let one be cancelled, and one begin later."""
    one, other = world.of(Role.TEACHER)[:2]
    for teacher, substitute in ((one, other), (other, one)):
        groups = (group for group in world.groups if group.teacher == teacher)
        coming = [lesson for lesson in next(groups).lessons if lesson["held_on"] > world.today]
        coming[0]["substitute_id"] = substitute.id
        coming[1].update(cancelled_at=now(), cancelled_because="Het gebouw is die dag dicht.")
    first = next(group for group in world.groups if 0 in group.members)
    ahead = [lesson for lesson in first.lessons if lesson["held_on"] > world.today and not lesson.get("cancelled_at")]
    begins = ahead[1]["starts_at"]
    ahead[1].update(starts_at=begins.replace(minute=(begins.minute + 30) % 60), changed_at=now())


def _with_lessons(world: World, rows: dict[type[Any], list[Row]], group: Group, number: int, course: Row) -> Group:
    """Add the rows of a group; returns it with its lessons."""
    part, starts_at, ends_at, pause = _PARTS[number % len(_PARTS)]
    room = f"{1 + number % 4}.{1 + number % 9:02d}"
    name = f"{course['name']} {part} {1 + number // len(_COURSES)}"
    of_group = {"course_id": course["id"], "name": name, "room": room, "starts_on": group.starts_on}
    rows[LearnerGroup].append({"id": group.id, **of_group})
    rows[GroupTeacher].append({"group_id": group.id, "account_id": group.teacher.id, "starts_on": group.starts_on})
    moment = {
        "group_id": group.id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "break_minutes": pause,
        "kind": USUAL_KINDS[course["kind"]],
        "room": room,
    }
    days = _DAYS[number % len(_DAYS)]
    slots = [{"id": new_id(), "weekday": day, "from_on": group.starts_on, **moment} for day in days]
    rows[TimetableSlot].extend(slots)
    lessons = [lesson for slot in slots for lesson in _lessons(slot, group.starts_on)]
    is_shown = group.teacher == world.of(Role.TEACHER)[0]
    clock = local(now()).time()
    if is_shown and not any(each["held_on"] == world.today and each["starts_at"] <= clock for each in lessons):
        begun = min(max(clock.hour - 1, 0), 21)
        times = {"starts_at": time(begun), "ends_at": time(begun + 2)}
        lessons.append({"id": new_id(), "held_on": world.today, **moment, **times})
    return replace(group, lessons=tuple(sorted(lessons, key=itemgetter("held_on"))))


def _lessons(slot: Row, starts_on: date) -> list[Row]:
    """The lessons of a weekly slot, none on the study day."""
    copied = {name: slot[name] for name in ("group_id", "starts_at", "ends_at", "break_minutes", "kind", "room")}
    first = starts_on + timedelta(days=slot["weekday"])
    days = (first + timedelta(weeks=week) for week in range(WEEKS_BACK + WEEKS_AHEAD + 1))
    study_day = starts_on + timedelta(weeks=WEEKS_BACK - 5)
    held = [day for day in days if day != study_day]
    return [{"id": new_id(), "slot_id": slot["id"], "slot_on": day, "held_on": day, **copied} for day in held]
