"""What some learners say beforehand of the lessons of the coming week."""

from datetime import timedelta
from random import Random

from portal.attendance.notices.models import AbsenceNotice, AbsenceReason
from portal.core.clock import now
from portal.demo.bulk import Row, store
from portal.demo.world.plan import World

_NOTES = (
    (AbsenceReason.WORK, "Ik moet die dag eerder beginnen."),
    (AbsenceReason.CARE, None),
    (AbsenceReason.APPOINTMENT, "Ik ben er om elf uur wel."),
    (AbsenceReason.OTHER, None),
    (None, None),
)


def fill(world: World) -> None:
    """Let one in forty say so of each lesson of a week, and the first learner of one, where the policy allows it."""
    if not world.policy.allows("absence_notice.reason"):
        return
    random = Random(world.today.toordinal())  # of its own, so that the others' draws stay what they are
    until, notices = world.today + timedelta(days=7), list[Row]()
    for group in world.groups:
        for lesson in group.lessons:
            if world.today <= lesson["held_on"] <= until:
                missing = [member for member in group.members if random.random() < 0.025]
                notices += [_notice(world, lesson, member, random) for member in missing if member != 0]
    theirs = [lesson for group in world.groups if 0 in group.members for lesson in group.lessons]
    ahead = [lesson for lesson in theirs if world.today < lesson["held_on"] <= until + timedelta(days=7)]
    notices += [_notice(world, lesson, 0, random) for lesson in ahead[2:3]]
    store(AbsenceNotice, notices)


def _notice(world: World, lesson: Row, member: int, random: Random) -> Row:
    reason, note = random.choice(_NOTES)
    return {
        "lesson_id": lesson["id"],
        "learner_id": world.ids[member],
        "held_on": lesson["held_on"],
        "starts_at": lesson["starts_at"],
        "reason": reason,
        "note": note,
        "reported_at": now() - timedelta(minutes=random.randint(20, 2_400)),
    }
