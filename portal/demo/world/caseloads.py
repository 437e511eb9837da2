"""Who coaches whom: each coach has about forty learners, the first those of a few groups; one stands in for another."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.demo.bulk import Row, store
from portal.demo.world.plan import World
from portal.learners.caseloads.models import Coaching, CoachSubstitute
from portal.permissions import Role
from portal.progress.appointments.models import Appointment

_EACH = 40
_AWAY = timedelta(days=14)
_LOCAL = ZoneInfo("Europe/Amsterdam")
_SUBJECTS = ("Voortgang", "Leerroute", "Aanwezigheid", "Examen kiezen")


def fill(world: World) -> None:
    """Give each coach her learners, group by group, from the first day of the groups on."""
    coaches, office = world.of(Role.COACH), world.of(Role.ADMINISTRATION)[0]
    since = min(group.starts_on for group in world.groups)
    members = [member for group in world.groups for member in group.members if not world.is_child(member)]
    signed = {
        "given_by": office.id,
        "given_by_name": office.name,
        "given_at": datetime.combine(since, time(9), UTC),
    }
    store(
        Coaching,
        [
            {"learner_id": world.ids[member], "account_id": coach.id, "starts_on": since, **signed}
            for place, coach in enumerate(coaches)
            for member in members[place * _EACH : (place + 1) * _EACH]
        ],
    )
    if world.policy.allows("appointment.starts_at"):
        store(Appointment, list(_talks(world, members[: _EACH * len(coaches)], [coach.name for coach in coaches])))
    if len(coaches) > 1:
        away = {"starts_on": world.today + timedelta(days=7), "ends_on": world.today + timedelta(days=7) + _AWAY}
        store(CoachSubstitute, [{"account_id": coaches[1].id, "coach_id": coaches[0].id, **away}])


def _talks(world: World, members: list[int], coaches: list[str]) -> Iterator[Row]:
    """A talk in the weeks that were with one in three, and one to come with one in five."""
    for place, member in enumerate(members):
        for each, days in ((3, -3 - place % 26), (5, 1 + place % 12)):
            if place % each == 0:
                day = world.today + timedelta(days=days)
                starts_at = datetime.combine(day, time(9 + place % 7, 30 * (place % 2)), _LOCAL)
                yield {
                    "learner_id": world.ids[member],
                    "starts_at": starts_at,
                    "subject": _SUBJECTS[place % len(_SUBJECTS)],
                    "with_whom": coaches[place // _EACH],
                    "place": "Kamer 1.02",
                    "since_on": min(day, world.today),
                }
