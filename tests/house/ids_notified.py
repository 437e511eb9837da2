"""Forms that carry the id of a notification."""

from uuid import UUID

from portal.accounts.models import Account
from portal.core.db.session import session
from portal.notifications.models import Notification
from tests.house.ids_sent import Sent
from tests.house.rows import make_row


def _told(account: Account) -> UUID:
    """A notification of hers, in the school in scope."""
    made = make_row("notification", account_id=account.id)["id"]
    assert session.get(Notification, (account.school_id, made)) is not None
    return UUID(str(made))


NOTIFIED: dict[str, Sent] = {
    "a notification that was seen": Sent(
        "teacher",
        lambda _: "/meldingen/gezien",
        lambda _, notification_id: {"melding": str(notification_id)},
        "notification",
        lambda place: _told(place.teacher),
        lambda place: _told(place.parent),
    ),
}
