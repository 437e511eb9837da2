"""Forms about the waiting list that carry an id, as `ids_sent` has the others."""

from uuid import UUID

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from tests.factories.policy import in_force
from tests.factories.waiting_list import make_waiting
from tests.house.ids_sent import DAY, Place, Sent


def _course_of(place: Place) -> str:
    """The course of the group elsewhere."""
    return str(session.get_one(LearnerGroup, (current_school_id(), place.elsewhere.id)).course_id)


def _placing(place: Place) -> str:
    """Where somebody who waits is placed: a child, for whom no more than one client pays."""
    return f"/wachtlijst/{make_waiting(place.child).id}/plaatsen"


WAITING: dict[str, Sent] = {
    "the course that somebody waits for": Sent(
        "coach",
        lambda place: f"/cursisten/{place.child.id}/wachtlijst",
        lambda _, course_id: {"course_id": str(course_id), "since_on": DAY},
        "course",
        lambda place: place.scene.group.course_id,
    ),
    "the group that somebody waits for": Sent(
        "coach",
        lambda place: f"/cursisten/{place.child.id}/wachtlijst",
        lambda place, group_id: {"course_id": _course_of(place), "group_id": str(group_id), "since_on": DAY},
        "learner_group",
        lambda place: place.elsewhere.id,
    ),
    "the group in which somebody is placed": Sent(
        "coach",
        _placing,
        lambda _, group_id: {"group_id": str(group_id), "starts_on": DAY, "statement": str(in_force())},
        "learner_group",
        lambda place: place.elsewhere.id,
    ),
    "who pays for the lessons of who is placed": Sent(
        "coach",
        lambda place: f"/wachtlijst/{make_waiting(place.beyond).id}/plaatsen",
        lambda place, trajectory_id: {
            "group_id": str(place.scene.group.id),
            "starts_on": DAY,
            "trajectory_id": str(trajectory_id),
            "statement": in_force(),
        },
        "trajectory",
        lambda place: place.paid_twice.id,
        lambda place: place.paid.id,
    ),
    "the statement shown to who is placed": Sent(
        "coach",
        _placing,
        lambda place, version_id: {
            "group_id": str(place.elsewhere.id),
            "starts_on": DAY,
            "statement": str(version_id),
        },
        "policy_version",
        lambda _: UUID(in_force()),
    ),
}
