"""Storing a complaint of who has no sign-in. Nothing here looks for whose it is: so every answer is the same."""

from portal.accounts.sign_in.attempts import take_mail_turn, take_visitors_turn
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import PORTAL
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.notices import FOLLOW_COMPLAINT
from portal.requests.complaints.queries import find_named
from portal.requests.complaints.services import Grievance, add_complaint
from portal.requests.data_requests.models import RequestChannel
from portal.requests.data_requests.notices import signed_id
from portal.requests.public_requests.services import MAILED, VISITOR, Asker, check_contact


def file_public_complaint(
    body: str, asker: Asker, *, about_name: str | None, language: str, address: str | None
) -> Complaint:
    """Store what somebody complains of from this network address, and mail her that it came, where she gave a mail.

    Raises Invalid, and Conflict("too_many", minutes=…) after too much from there within an hour.
    """
    contact = check_contact(asker.contact)
    take_visitors_turn(VISITOR, address)
    row = Complaint(
        asker_name=asker.name,
        asker_contact=contact,
        asker_number=asker.number,
        asker_birth_date=asker.birth_date,
        asked_for=asker.asked_for,
        channel=RequestChannel.WEBSITE.value,
        filed_on=today(),
        filed_by_name=asker.name,
        language=language,
    )
    about_name = (about_name or "").strip() or None
    grievance = Grievance(body, about_id=find_named(about_name), about_name=about_name)
    add_complaint(row, grievance, is_told=take_mail_turn(MAILED, contact), by=PORTAL)
    return row


def get_followed_complaint(token: str) -> Complaint:
    """Return the complaint that this link follows; raises NotFound for any other, and for a link that isn't ours."""
    complaint_id = signed_id(token, FOLLOW_COMPLAINT)
    found = session.get(Complaint, (current_school_id(), complaint_id)) if complaint_id is not None else None
    if found is None or found.channel != RequestChannel.WEBSITE:
        raise NotFound("complaint")
    return found
