"""Reminding who decides on requests, by mail, before the day of an answer passes (OP-13)."""

from collections.abc import Sequence

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core import mail
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.permissions import Permission, roles_with
from portal.requests.data_requests.queries import SOON, list_to_remind
from portal.schools.queries import current_school


def remind() -> int:
    """Mail who has a request that is nearly due or late, else everybody who decides; return how many requests.

    So is one that was granted by itself, until somebody carried it out.
    """
    due = list_to_remind(today() + SOON)
    if not due:
        return 0
    deciding = session.scalars(select_holders(roles_with(Permission.REQUEST_KEEP)).order_by(Account.id)).all()
    for account in deciding:
        hers = [each for each in due if each.handled_by in (None, account.id) or _is_gone(each.handled_by, deciding)]
        if hers and account.email is not None:
            mail.send(
                account.email,
                "requests/reminder",
                account_id=account.id,
                language=account.language,
                name=account.name,
                school=current_school().name,
                count=sum(each.is_undecided for each in hers),
                late=sum(each.is_undecided and each.due_on < today() for each in hers),
                to_do=sum(each.is_left_to_do for each in hers),
                link=address_of("/verzoeken"),
            )
    for each in due:
        each.reminded_at = now()
    session.flush()
    return len(due)


def _is_gone(account_id: object, deciding: Sequence[Account]) -> bool:
    return account_id not in {each.id for each in deciding}
