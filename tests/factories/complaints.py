"""Complaints, for tests."""

from ipaddress import IPv4Address
from secrets import randbits
from typing import Any
from uuid import uuid4

from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.requests.askers.services import Person
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.public_services import file_public_complaint
from portal.requests.complaints.services import ComplaintReceipt, Grievance, enter_complaint
from portal.requests.data_requests.models import RequestChannel
from portal.requests.public_requests.services import Asker
from tests.factories.requests import as_staff

BODY = "De les begint steeds te laat."


def complain_from_outside(body: str = BODY, *, about_name: str | None = None, **given: Any) -> Complaint:
    """Let somebody without a sign-in complain on the public page."""
    asker = {
        "name": "Noor Visser", "contact": f"{uuid4().hex[:12]}@example.org",
        **{name.removeprefix("asker_"): value for name, value in given.items()},
    }  # fmt: skip
    address = str(IPv4Address(randbits(32)))
    return file_public_complaint(body, Asker(**asker), about_name=about_name, language="nl", address=address)


def enter_complaint_of(person: Person | None = None, *, by: Actor | None = None, **given: Any) -> Complaint:
    """Let the desk write a complaint down: of this person, or of somebody whom nobody here knows."""
    grievance = Grievance(given.pop("body", BODY), about_id=given.pop("about_id", None))
    receipt = {"channel": RequestChannel.PHONE, "received_on": today(), "person": person, **given}
    if person is None:
        receipt.setdefault("asker_name", "Noor Visser")
    return enter_complaint(grievance, ComplaintReceipt(**receipt), language="nl", by=by or as_staff())


def answer(row: Complaint, handling: str = "De docent begint nu op tijd.") -> Complaint:
    """Give a complaint its answer."""
    row.handling = keys.seal(row.person_id, "complaint.handling", handling)
    row.closed_on = today()
    session.flush()
    return row
