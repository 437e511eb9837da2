"""Saying whose a request is: what it stops stops then, and what is made for it begins once it is known who asks."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, reveal
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import Actor
from portal.learners.record.services import move_last_contact
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.representation.models import Representative
from portal.requests.askers.queries import is_known_here
from portal.requests.data_requests.identity import NO_IDENTITY, lacks_representative
from portal.requests.data_requests.models import DataRequest, RequestAdvice
from portal.requests.data_requests.queries import lock_request
from portal.requests.data_requests.representatives import forget_asking
from portal.requests.data_requests.services import FILED, IDENTIFIED, log

_SEALED = ("body", "reply", "proof", "extension_reason")


@dataclass(frozen=True)
class Person:
    """A learner, who represents one, a contact person, or who works or worked at the school: exactly one of these.

    Raises NotFound for none of them, or for more than one at once.
    """

    learner_id: UUID | None = None
    contact_person_id: UUID | None = None
    account_id: UUID | None = None
    representative_id: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse nobody, and several at once."""
        named = (self.learner_id, self.contact_person_id, self.account_id, self.representative_id)
        if sum(each is not None for each in named) != 1:
            raise NotFound("person")


def may_be_named(request: DataRequest) -> bool:
    """Say whether the desk may say whose a request is: nobody's yet, or nothing has followed from what it said.

    Also where no answer came in time: what was granted is carried out then.
    """
    if not request.is_undecided:
        return request.is_left_to_do and not request.is_of_known_person
    return not request.is_of_known_person or (request.identity_check is None and request.kind not in NO_IDENTITY)


def name_person(request_id: UUID, person: Person, *, by: Actor) -> DataRequest:
    """Say whose a request is that came from somebody unknown. Who asks isn't known by that: it is still checked.

    Of who asks for somebody else it is checked anew: before it was known for whom, nobody could see what she may.
    Raises NotAllowed, NotFound, and Conflict("person_known") where it can't be changed any more.
    """
    by.must(Permission.REQUEST_KEEP)
    request = lock_request(request_id, by)
    if not may_be_named(request):
        raise Conflict("person_known" if request.is_undecided else "closed")
    must_be_there(person, by)
    forget_asking(request)
    texts = {each: getattr(request, each) for each in _SEALED}
    opened = keys.unseal_values((request.person_id, f"data_request.{name}", blob) for name, blob in texts.items())
    advice = _open_advice(request)
    request.learner_id = person.learner_id
    request.contact_person_id, request.account_id = person.contact_person_id, person.account_id
    request.representative_id = person.representative_id
    for name, text in zip(texts, opened, strict=True):
        if text is not None:
            setattr(request, name, keys.seal(request.person_id, f"data_request.{name}", text))
    for row, text in advice:
        row.learner_id = person.learner_id
        row.contact_person_id, row.account_id = person.contact_person_id, person.account_id
        row.representative_id = person.representative_id
        row.body = keys.seal(request.person_id, "request_advice.body", text or "")
    request.code_digest = None
    if lacks_representative(request):
        request.identity_check = request.identity_checked_at = None
        request.identity_checked_by = request.identity_checked_by_name = None
    session.flush()
    if person.learner_id is not None:
        move_last_contact([person.learner_id], request.received_on, by.scope)
    log("requests.person_named", request, by)
    for follow in (*FILED.all, *(IDENTIFIED.all if request.identity_check is not None else ())):
        follow(request, by)
    return request


def _open_advice(request: DataRequest) -> list[tuple[RequestAdvice, str | None]]:
    rows = session.scalars(
        select(RequestAdvice).where(
            RequestAdvice.school_id == current_school_id(), RequestAdvice.request_id == request.id
        )
    ).all()
    texts = keys.unseal_values((request.person_id, "request_advice.body", row.body) for row in rows)
    return list(zip(rows, texts, strict=True))


def must_be_there(person: Person, by: Actor) -> None:
    """Raise NotFound for a person of another school, or none; also who restricted everything is there (art. 18(2))."""
    if person.learner_id is not None:
        reveal(person.learner_id)
        get_within_reach(person.learner_id, by, lock=True)
        return
    if person.representative_id is not None:
        if session.get(Representative, (current_school_id(), person.representative_id)) is None:
            raise NotFound("representative")
        return
    if not is_known_here(person.contact_person_id, person.account_id, by):
        raise NotFound("person")
