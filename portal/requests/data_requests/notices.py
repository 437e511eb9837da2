"""Mails about a request: at each step, with its number and where to read more, and with nothing of what is in it."""

import hmac
from typing import Any, Literal
from uuid import UUID

from babel.dates import format_date

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.core import mail
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.core.values import find_email
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.representation.models import Representative
from portal.representation.queries import find_acting, has_stopped_acting
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.identity import lacks_representative
from portal.requests.data_requests.known_addresses import is_known_account, is_known_record, was_recorded_since
from portal.requests.data_requests.models import DataRequest, RequestChannel, RequestKind
from portal.schools.queries import current_school

Step = Literal[
    "received",
    "taken",
    "identity_asked",
    "identity_known",
    "extended",
    "joined",
    "withdrawn",
    "decided",
    "document_not_right",
]
Reader = tuple[str, str, UUID | None]
"""A mail address, the name of whose it is, and her account where she has one."""
_KEY_SIGNS = 32
FOLLOW = "follow request"
"""For what the link is good that is given to who asked on the public page."""


def _reader(request: DataRequest, *, known: bool) -> Reader | None:
    """Return address, name and account of who hears of a request; `known`: only at an address that was hers before."""
    if request.is_unproven and not known:
        return as_she_said(request)
    return reader_of(request, known=known)


def reader_of(request: DataRequest | Complaint, *, known: bool = False) -> Reader | None:
    """Return who hears of a request or a complaint; `known`: only at an address that was hers before."""
    reader = held_reader_of(request, known=known)
    if reader is not None or known or request.contact_person_id is not None:
        return reader
    address = find_email(request.asker_contact)
    return (address, request.asker_name or "", None) if address else None


def held_reader_of(request: DataRequest | Complaint, *, known: bool = False) -> Reader | None:
    """Return whose request or complaint it is, at the address that the school has of her, not the one she gave."""
    person = _person(request)
    account = _account(request, person)
    if known and isinstance(request, DataRequest):
        account = account if account is not None and is_known_account(account, request) else None
        person = None if isinstance(person, Learner) and not is_known_record(person) else person
        if lacks_representative(request) or was_recorded_since(person, request):
            account = person = None
    if account is not None and account.email is not None:
        return account.email, account.name, account.id
    if person is not None and person.email is not None:
        return person.email, person.full_name if isinstance(person, Learner) else person.name, None
    return None


def _person(request: DataRequest | Complaint) -> Learner | ContactPerson | Representative | None:
    """Return whose request it is; None for who has an account alone, or isn't known here."""
    school_id = current_school_id()
    acting = find_asking_now(request) if isinstance(request, DataRequest) else None
    if acting is not None:
        return acting
    if request.learner_id is not None:
        return session.get(Learner, (school_id, request.learner_id))
    if request.contact_person_id is not None:
        return session.get(ContactPerson, (school_id, request.contact_person_id))
    if request.representative_id is not None:
        return session.get(Representative, (school_id, request.representative_id))
    return None


def find_asking_now(request: DataRequest) -> Representative | None:
    """Return who asks for a learner off the portal and may act for her now: the answer is hers, not the learner's."""
    if request.learner_id is None or request.asked_by_id is None:
        return None
    return find_acting(request.learner_id, request.asked_by_id, SYSTEM)


def _account(
    request: DataRequest | Complaint, person: Learner | ContactPerson | Representative | None
) -> Account | None:
    account_id = request.filed_by if request.channel == RequestChannel.PORTAL else request.account_id
    if isinstance(person, Learner) and has_stopped_acting(person.id, account_id, SYSTEM):
        account_id = None  # the answer is hers, and not of who acted for her
    if account_id is None and isinstance(person, Learner | Representative):
        account_id = person.account_id
    return session.get(Account, (current_school_id(), account_id)) if account_id is not None else None


def as_she_said(request: DataRequest | Complaint) -> Reader | None:
    """Return the address that somebody gave on the public page, whoever the desk thinks she is.

    So a mail doesn't tell whether anything is held of her. It doesn't have the name that was typed: anybody types one.
    """
    address = find_email(request.asker_contact)
    return (address, "", None) if address else None


def find_reader(request: DataRequest) -> Reader | None:
    """Return address, name and account of who hears of a request; None for who has no address."""
    return _reader(request, known=False)


def token_of(request: DataRequest) -> str:
    """Return what stands in the address at which who asked on the public page follows her request."""
    return sign_id(request.id, FOLLOW)


def sign_id(row_id: UUID, use: str) -> str:
    """Return an id with what proves that the portal gave it out for this use."""
    return f"{row_id.hex}{keys.digest(str(row_id), use).hex()[:_KEY_SIGNS]}"


def signed_id(token: str, use: str) -> UUID | None:
    """Return the id in what `sign_id` made for this use; None for anything else."""
    try:
        row_id = UUID(token[:_KEY_SIGNS])
    except ValueError:
        return None
    return row_id if hmac.compare_digest(sign_id(row_id, use).encode(), token.encode()) else None


def _learner(request: DataRequest | Complaint) -> Learner | None:
    if request.learner_id is None:
        return None
    return session.get(Learner, (current_school_id(), request.learner_id))


def can_be_mailed(request: DataRequest, *, known: bool = False) -> bool:
    """Say whether somebody can be mailed about a request; `known`: at an address that was hers before she asked."""
    return _reader(request, known=known) is not None


def tell(request: DataRequest, step: Step) -> None:
    """Mail that a request came a step further, where there is an address; who has none gets a letter or is called."""
    reader = _reader(request, known=False)
    if reader is None:
        return
    account_id = reader[2]
    is_followed = request.channel is RequestChannel.WEBSITE and account_id is None
    path = f"/privacy/verzoek/volgen/{token_of(request)}" if is_followed else "/privacy"
    mail_step(
        "requests/step",
        request,
        reader,
        step=step,
        received_on=format_date(request.received_on, "long", locale=request.language),
        due_on=format_date(request.due_on, "long", locale=request.language),
        has_account=account_id is not None,
        is_objection=request.kind == RequestKind.OBJECTION,
        is_followed=is_followed,
        link=address_of(f"/mijn/rechten/{request.id}" if account_id is not None else path),
    )


def mail_code(request: DataRequest, code: str) -> None:
    """Mail a code to an address that was hers before she asked; nothing where there is none."""
    reader = _reader(request, known=True)
    if reader is not None:
        mail_step("requests/code", request, reader, code=code)


def mail_certificate(request: DataRequest, reader: Reader, path: str, account: str | None) -> None:
    """Mail who was erased the link to the certificate, and what became of her account, where she had one.

    It goes by an address that nothing else here knows any more, unless the account stays.
    """
    address, _, _ = reader
    mail_step(
        "requests/erased",
        request,
        (address, "", None),
        account=account,
        is_for_another=request.is_by_representative,
        link=address_of(path),
    )


def mail_step(template: str, request: DataRequest | Complaint, reader: Reader, **facts: Any) -> None:
    """Mail a reader about a request or a complaint, in the language of who asked."""
    address, name, account_id = reader
    is_known = bool(name) or account_id is not None
    mail.send(
        address,
        template,
        language=request.language,
        account_id=account_id,
        learner_id=request.learner_id if is_known else None,
        name=name,
        school=current_school().name,
        number=request.number,
        **facts,
    )
