"""Twelve weeks of registers: most filled in, some open, a few corrected afterwards."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.demo.bulk import Row, store
from portal.demo.world.plan import Group, World

_LOCAL = ZoneInfo("Europe/Amsterdam")
_REASONS = ("De trein had vertraging, zij kwam later binnen.", "Afgemeld per telefoon, bericht kwam later door.")


def fill(world: World) -> None:
    """Make marks for every lesson before today, where the school keeps attendance."""
    if not world.policy.feature("attendance"):
        return
    keenness = [world.random.betavariate(9, 1.5) for _ in world.people]
    marks: list[Row] = []
    changes: list[Row] = []
    for group in world.groups:
        past = [lesson for lesson in group.lessons if lesson["held_on"] < world.today]
        for at, lesson in enumerate(past):
            is_newest = at >= len(past) - 1
            if world.random.random() < (0.3 if is_newest else 0.03):
                continue
            made = [_mark(world, group, lesson, member, keenness[member]) for member in group.members]
            if is_newest and world.random.random() < 0.5:
                made = made[: len(made) // 2]
            marks.extend(made)
            changes.extend(_changes(world.random, made))
    store(AttendanceMark, marks)
    store(MarkChange, changes)


def _minutes(lesson: Row) -> int:
    start, end = (lesson[name].hour * 60 + lesson[name].minute for name in ("starts_at", "ends_at"))
    return int(end - start - lesson["break_minutes"])


def _mark(world: World, group: Group, lesson: Row, member: int, keenness: float) -> Row:
    random = world.random
    drawn = random.random()
    ended = datetime.combine(lesson["held_on"], lesson["ends_at"], _LOCAL)
    late = early = minutes = 0
    is_authorised = None
    if drawn < keenness:
        status = Status.PRESENT
        late = random.choice((5, 10, 15, 20, 30)) if random.random() < 0.08 else 0
        early = random.choice((10, 15, 30)) if random.random() < 0.03 else 0
        minutes = _minutes(lesson) - late - early
    else:
        status = Status.EXCUSED if random.random() < 0.55 else Status.ABSENT
        more = Random(drawn)  # of its own, so that the others' draws stay what they are
        if more.random() < 0.7:
            is_authorised = more.random() < (0.8 if status is Status.EXCUSED else 0.1)
    return {
        "lesson_id": lesson["id"],
        "learner_id": world.ids[member],
        "status": status,
        "late_minutes": late,
        "early_minutes": early,
        "is_authorised": is_authorised,
        "minutes": minutes,
        "marked_by": group.teacher.id,
        "marked_by_name": group.teacher.name,
        "marked_at": ended - timedelta(minutes=random.randint(1, 150)),
    }


def _changes(random: Random, marks: list[Row]) -> list[Row]:
    """What stood there before a correction: now and then one mark of a lesson was absent first."""
    found = []
    for mark in marks:
        if mark["status"] is Status.ABSENT or random.random() > 0.004:
            continue
        mark["version"] = 2
        found.append(
            {
                "lesson_id": mark["lesson_id"],
                "learner_id": mark["learner_id"],
                "old_status": Status.ABSENT,
                "new_status": mark["status"],
                "reason": random.choice(_REASONS),
                "changed_by": mark["marked_by"],
                "changed_by_name": mark["marked_by_name"],
                "changed_at": mark["marked_at"] + timedelta(hours=4),
            }
        )
    return found
