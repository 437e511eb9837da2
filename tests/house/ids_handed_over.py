"""Forms in which somebody hands over what she has, as `ids_sent` has the others."""

from uuid import UUID

from sqlalchemy import select

from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.courses.models import GroupTeacher
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_learner
from tests.house.ids_sent import DAY, Place, Sent
from tests.signing_in import make_account

DAYS = {"starts_on": DAY, "ends_on": DAY}


def _row_of(place: Place) -> UUID:
    row_id = session.scalar(select(GroupTeacher.id).where(GroupTeacher.account_id == place.teacher.id))
    assert row_id is not None
    return row_id


def _who_takes_over_a_lesson(_: Place) -> str:
    teacher = make_account(f"Lena {new_id().hex[-6:]}", "teacher")
    make_lesson(make_group(), substitute_id=teacher.id)
    return f"/overdragen/{teacher.id}"


def _who_coaches(_: Place) -> str:
    coach = make_coach(f"Roos {new_id().hex[-6:]}")
    make_coaching(make_learner(), coach)
    return f"/overdragen/{coach.id}"


def _away(account_id: UUID, group_id: UUID) -> dict[str, str]:
    return {**DAYS, "substitute_id": str(account_id), "groups": str(group_id), "despite": "y"}


HANDED_OVER: dict[str, Sent] = {
    "the place of a teacher that goes to another": Sent(
        "administration",
        lambda place: f"/overdragen/{place.teacher.id}",
        lambda _, row_id: {"starts_on": DAY, f"groep-{row_id}-to": "niemand"},
        "group_teacher",
        _row_of,
    ),
    "who takes over single lessons": Sent(
        "administration",
        _who_takes_over_a_lesson,
        lambda _, account_id: {"starts_on": DAY, "lessen-to": str(account_id), "despite": "y"},
        "account",
        lambda place: place.teacher.id,
        lambda place: place.parent.id,
    ),
    "who takes over learners": Sent(
        "administration",
        _who_coaches,
        lambda _, account_id: {"starts_on": DAY, "cursisten-to": str(account_id)},
        "account",
        lambda place: place.other_coach.id,
        lambda place: place.teacher.id,
    ),
    "who gives the lessons of a teacher who is away": Sent(
        "administration",
        lambda place: f"/docenten/{place.teacher.id}/vervangen",
        lambda place, account_id: _away(account_id, place.scene.group.id),
        "account",
        lambda _: make_account(f"Lena {new_id().hex[-6:]}", "teacher").id,
        lambda place: place.parent.id,
    ),
    "a group of a teacher who is away": Sent(
        "administration",
        lambda place: f"/docenten/{place.teacher.id}/vervangen",
        lambda _, group_id: _away(make_account(f"Lena {new_id().hex[-6:]}", "teacher").id, group_id),
        "learner_group",
        lambda place: place.scene.group.id,
        lambda place: place.elsewhere.id,
    ),
}
