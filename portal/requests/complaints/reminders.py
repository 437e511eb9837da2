"""Mailing who handles complaints that one came in, and before the day of an answer passes; never whom it is about."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.core import mail
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.queries import list_due, list_handlers
from portal.requests.data_requests.queries import SOON
from portal.schools.queries import current_school

_REMINDER = "requests/complaint_reminder"
_A_DAY = timedelta(hours=20)


def tell_handlers(complaint: Complaint, *, but: Collection[UUID | None] = ()) -> None:
    """Mail who may handle a complaint now that it is there, without a word of what is in it; `but`: who knows of it."""
    for account in list_handlers(complaint):
        if account.email is not None and account.id not in but:
            mail.send(
                account.email,
                "requests/complaint_came",
                account_id=account.id,
                language=account.language,
                name=account.name,
                school=current_school().name,
                number=complaint.number,
                due_on=format_date(complaint.due_on or today(), "long", locale=account.language),
                link=address_of("/klachten"),
            )


def remind_of_complaints() -> int:
    """Mail who has a complaint whose day is near or past, else all who may handle it; return how many complaints.

    Once a day at most, however often it is asked.
    """
    if _was_done_today():
        return 0
    due = list_due(today() + SOON)
    theirs: dict[UUID, tuple[Account, list[Complaint]]] = {}
    for complaint in due:
        for account in _whom_to_remind(complaint):
            theirs.setdefault(account.id, (account, []))[1].append(complaint)
    for account, complaints in theirs.values():
        if account.email is not None:
            mail.send(
                account.email,
                _REMINDER,
                account_id=account.id,
                language=account.language,
                name=account.name,
                school=current_school().name,
                count=len(complaints),
                late=sum(each.due_on is not None and each.due_on < today() for each in complaints),
                link=address_of("/klachten"),
            )
    return len(due)


def _was_done_today() -> bool:
    mailed = (mail.Mail.school_id == current_school_id(), mail.Mail.template == _REMINDER)
    recent = select(mail.Mail.id).where(*mailed, mail.Mail.asked_at > now() - _A_DAY).limit(1)
    return session.scalar(recent) is not None


def _whom_to_remind(complaint: Complaint) -> list[Account]:
    able = list_handlers(complaint)
    return [each for each in able if each.id == complaint.handled_by] or able
