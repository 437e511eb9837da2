"""Mails about a complaint: at each step, with its number and where to read more, and with nothing of what is in it."""

from typing import Literal

from babel.dates import format_date

from portal.accounts.invitations.links import address_of
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import RequestChannel
from portal.requests.data_requests.notices import Reader, as_she_said, mail_step, reader_of, sign_id

FOLLOW_COMPLAINT = "follow complaint"
"""For what the link is good that is given to who complains on the public page."""

Step = Literal["received", "taken", "answered"]


def _reader(complaint: Complaint) -> Reader | None:
    """Return who hears of a complaint: on the public page the address that was typed, whoever it is thought to be."""
    if complaint.channel == RequestChannel.WEBSITE:
        return as_she_said(complaint)
    return reader_of(complaint)


def can_be_mailed(complaint: Complaint) -> bool:
    """Say whether who complains can be mailed; else she is called, or gets a letter."""
    return _reader(complaint) is not None


def token_of(complaint: Complaint) -> str:
    """Return what stands in the address at which who complained on the public page follows it."""
    return sign_id(complaint.id, FOLLOW_COMPLAINT)


def tell(complaint: Complaint, step: Step) -> None:
    """Mail that a complaint came a step further, where there is an address."""
    reader = _reader(complaint)
    if reader is None:
        return
    account_id = reader[2]
    is_followed = complaint.channel == RequestChannel.WEBSITE
    path = f"/privacy/verzoek/klacht/volgen/{token_of(complaint)}" if is_followed else "/privacy"
    due_on = complaint.due_on or complaint.filed_on
    mail_step(
        "requests/complaint",
        complaint,
        reader,
        step=step,
        received_on=format_date(complaint.filed_on, "long", locale=complaint.language),
        due_on=format_date(due_on, "long", locale=complaint.language),
        has_account=account_id is not None,
        is_followed=is_followed,
        link=address_of(f"/mijn/rechten/klacht/{complaint.id}" if account_id is not None else path),
    )
