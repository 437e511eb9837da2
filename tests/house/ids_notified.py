"""Forms that carry the id of a notification, or of who is to get one."""

from datetime import timedelta
from uuid import UUID

from portal.accounts.council.models import CouncilAnswer
from portal.accounts.models import Account
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.notifications.models import Notification
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.house.ids_sent import Sent
from tests.house.rows import make_row
from tests.signing_in import make_account


def _told(account: Account) -> UUID:
    """A notification of hers, in the school in scope."""
    made = make_row("notification", account_id=account.id)["id"]
    assert session.get(Notification, (account.school_id, made)) is not None
    return UUID(str(made))


def _with_open_register() -> UUID:
    """A teacher who gave a lesson yesterday that nobody filled in, in the school in scope, which may remind her."""
    yesterday = today() - timedelta(days=1)
    teacher, group = make_account("Vera Smit", "teacher"), make_group()
    make_teacher_of(group, teacher)
    make_enrolled_learner(group, starts_on=yesterday)
    make_lesson(group, held_on=yesterday)
    make_row("council_decision", answer=CouncilAnswer.NO_COUNCIL, recorded_at=now())
    return UUID(str(teacher.id))


NOTIFIED: dict[str, Sent] = {
    "a notification that was seen": Sent(
        "teacher",
        lambda _: "/meldingen/gezien",
        lambda _, notification_id: {"melding": str(notification_id)},
        "notification",
        lambda place: _told(place.teacher),
        lambda place: _told(place.parent),
    ),
    "a notification that is followed": Sent(
        "teacher",
        lambda _: "/meldingen/openen",
        lambda _, notification_id: {"naar": str(notification_id)},
        "notification",
        lambda place: _told(place.teacher),
        lambda place: _told(place.parent),
    ),
    "a teacher who is reminded": Sent(
        "administration",
        lambda _: "/presentie/herinneren",
        lambda _, account_id: {"docent": str(account_id)},
        "account",
        lambda _: _with_open_register(),
        lambda place: place.parent.id,
    ),
}
