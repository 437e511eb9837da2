"""Storing what somebody asks without a sign-in. Nothing here looks for whom it is about: that is the desk's, later.

So every answer is the same, and takes as long, whether or not anything is held (AVG art. 12(6), 32).
"""

from dataclasses import dataclass
from datetime import date

from portal.accounts.sign_in.attempts import take_mail_turn, take_visitors_turn
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import PORTAL
from portal.core.personal_data import CATEGORIES
from portal.core.values import Unusable, parse_email
from portal.requests.data_requests.models import DataRequest, RequestChannel
from portal.requests.data_requests.services import Wish, add_request, take_code
from portal.requests.public_requests.queries import get_followed_request

VISITOR, MAILED = "public_request", "public_request_mail"
"""What is counted: what comes from one network, and the mails to one address. More is served, and not mailed."""


@dataclass(frozen=True)
class Asker:
    """Who asks, as she says herself, how she is reached, and whom it is about where that is somebody else."""

    name: str
    contact: str
    number: str | None = None
    birth_date: date | None = None
    asked_for: str | None = None


def file_public_request(wish: Wish, asker: Asker, *, language: str, address: str | None) -> DataRequest:
    """Store what somebody asks from this network address, and mail her that it came, where she gave a mail address.

    Raises Invalid, and Conflict("too_many", minutes=…) after too many requests from there within an hour.
    """
    contact = check_contact(asker.contact)
    take_visitors_turn(VISITOR, address)
    request = DataRequest(
        asker_name=asker.name,
        asker_contact=contact,
        asker_number=asker.number,
        asker_birth_date=asker.birth_date,
        asked_for=asker.asked_for,
        channel=RequestChannel.WEBSITE,
        received_on=today(),
        filed_by_name=asker.name,
        language=language,
    )
    add_request(request, wish, within=frozenset(CATEGORIES), is_told=take_mail_turn(MAILED, contact), by=PORTAL)
    return request


def accept_public_code(token: str, code: str) -> None:
    """Take the code of who follows her request by a link for the proof of who she is.

    Raises NotFound, and Invalid("code", "code_refused"): the same where the code is wrong, too old, or none was sent.
    """
    request = get_followed_request(token, lock=True)
    try:
        take_code(request, code, PORTAL)
    except (Conflict, Invalid):
        raise Invalid("code", "code_refused") from None


def check_contact(contact: str) -> str:
    """Return how somebody is reached, a mail address in small letters; raises Invalid for one that can't be one."""
    if "@" not in contact:
        return contact
    try:
        return parse_email(contact)
    except Unusable as refusal:
        raise Invalid("asker_contact", refusal.code) from None
