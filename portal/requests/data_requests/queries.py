"""Reads of requests: one's own, those of the school with their dates, and how soon the school answers."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core.audit.queries import list_of_subject
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, hidden_learners, reveal, revealed
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.personal_data import CATEGORIES
from portal.disclosures.recipients.queries import ToldRecipient, list_told
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach
from portal.organisations.models import ContactPerson
from portal.permissions import Permission, roles_with
from portal.representation.models import Representative
from portal.representation.queries import taken_over
from portal.requests.data_requests.models import (
    DataRequest,
    RequestAdvice,
    RequestAnswer,
    RequestKind,
)

SOON = timedelta(days=7)
"""How long before its day a request counts as nearly due."""
_REPEATED = frozenset({RequestKind.ACCESS, RequestKind.PORTABILITY})
_YEAR = timedelta(days=365)


class Waiting(StrEnum):
    """Which requests a list shows."""

    OPEN = "open"
    SOON = "soon"
    LATE = "late"
    CLOSED = "closed"


class RequestLine(NamedTuple):
    """A request in the desk's list, with whose it is: a name, and the learner's id where it is a learner's."""

    request: DataRequest
    name: str
    learner_number: str | None


@dataclass(frozen=True)
class RequestPage(Paged[RequestLine]):
    """A page of requests."""


@dataclass(frozen=True)
class RequestCounts:
    """How many wait, are nearly due, are late; and in how many days half were answered this last year, of how many."""

    open: int
    soon: int
    late: int
    answered: int
    median_days: float | None


def _here() -> ColumnElement[bool]:
    return DataRequest.school_id == current_school_id()


def _is_own(by: Actor) -> ColumnElement[bool]:
    """Say of `data_request` that it is about the record that is open to her as her own, or about herself.

    Herself: as who works here, or as who represents somebody.
    """
    mine = _rows_of(by)
    about_herself = and_(
        DataRequest.learner_id.is_(None),
        or_(DataRequest.account_id == by.account_id, DataRequest.representative_id.in_(mine)),
    )
    return about_herself if by.scope.own_learner_id is None else or_(about_herself, _is_of_own_record(by))


def _rows_of(by: Actor) -> Select[UUID]:
    """Build a select of the ids by which she represents or represented somebody."""
    return select(Representative.id).where(
        Representative.school_id == current_school_id(), Representative.account_id == by.account_id
    )


def _is_of_own_record(by: Actor) -> ColumnElement[bool]:
    """Say of `data_request` that it is about the record that is open to her as her own.

    Who acts for a learner within some categories has those that are about no more than these: what she asked herself,
    and with what the school did among them, what others asked (LB-11).
    """
    learner_id, sees = by.scope.own_learner_id, by.scope.sees
    if not by.represents or sees.issuperset(CATEGORIES):
        return DataRequest.learner_id == learner_id
    within = and_(DataRequest.categories != [], DataRequest.categories.bool_op("<@")(sorted(sees)))
    is_hers = or_(DataRequest.filed_by == by.account_id, DataRequest.asked_by_id.in_(_rows_of(by)))
    return and_(DataRequest.learner_id == learner_id, within, true() if "dealings" in sees else is_hers)


def askable(by: Actor) -> frozenset[str]:
    """Return the categories of which she may ask something: what she may see, but for what others ask in her place.

    Under a curator, and within what an administrator or a mentor was appointed for, that person exercises a learner's
    rights (UAVG art. 5).
    """
    learner_id = by.scope.own_learner_id
    if learner_id is None:
        return frozenset(CATEGORIES)
    seen = by.scope.sees if by.represents else frozenset(CATEGORIES)
    return seen - taken_over(learner_id, by.scope)


def list_own_requests(by: Actor) -> list[DataRequest]:
    """Return her requests: those that wait first, each part with the newest first."""
    statement = select(DataRequest).where(_here(), _is_own(by))
    return list(session.scalars(statement.order_by(DataRequest.closed_at.is_not(None), DataRequest.filed_at.desc())))


def get_own_request(request_id: UUID, by: Actor, *, lock: bool = False) -> DataRequest:
    """Return a request of hers; raises NotFound for any other."""
    statement = select(DataRequest).where(_here(), _is_own(by), DataRequest.id == request_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("data_request")
    return found


def get_request(request_id: UUID, by: Actor, *, lock: bool = False) -> DataRequest:
    """Return a request about somebody within reach; raises NotFound.

    What of hers is restricted is seen to the end of this request: it is about her own (AVG art. 18(2)).
    """
    found = session.get(
        DataRequest, (current_school_id(), request_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None or not _reaches(found, by):
        raise NotFound("data_request")
    if found.learner_id is not None:
        reveal(found.learner_id)
    return found


def _reaches(request: DataRequest, by: Actor) -> bool:
    if request.learner_id is not None:
        return is_in_reach(request.learner_id, by.scope)
    by.scope.must_reach_school("data_request")
    return True


def lock_request(request_id: UUID, by: Actor) -> DataRequest:
    """Return a request within reach, which nobody else changes before the commit; raises NotFound."""
    return get_request(request_id, by, lock=True)


def find_same(request: DataRequest, purposes: tuple[str, ...]) -> DataRequest | None:
    """Return a request of the same person for the same that has no answer yet: a copy is made once at a time."""
    if request.kind not in _REPEATED and not purposes:
        return None
    known = _of_same_person(request)
    if not known:
        return None
    statement = select(DataRequest).where(
        _here(),
        *known,
        DataRequest.kind == request.kind,
        DataRequest.is_undecided,
        DataRequest.entry_ids == (request.entry_ids or []),
    )
    return session.scalars(
        statement.where(DataRequest.purposes.bool_op("@>")(list(purposes))).order_by(DataRequest.received_on).limit(1)
    ).one_or_none()


def _of_same_person(request: DataRequest) -> list[ColumnElement[bool]]:
    """Say of `data_request` that it is about whom this request is about; nothing where nobody here knows her."""
    whose = (
        (DataRequest.learner_id, request.learner_id),
        (DataRequest.contact_person_id, request.contact_person_id),
        (DataRequest.account_id, request.account_id),
        (DataRequest.representative_id, request.representative_id),
    )
    return [column == value for column, value in whose if value is not None]


def text_of(request: DataRequest, field: str) -> str | None:
    """Return a text of a request (`body`, `reply`, `proof`, `extension_reason`); None where there is none."""
    blob = getattr(request, field)
    return keys.unseal_values([(request.person_id, f"data_request.{field}", blob)])[0]


def list_answers(request: DataRequest) -> list[RequestAnswer]:
    """Return the answers to the parts of a request, in the order of their subjects."""
    statement = select(RequestAnswer).where(
        RequestAnswer.school_id == current_school_id(), RequestAnswer.request_id == request.id
    )
    return list(session.scalars(statement.order_by(RequestAnswer.subject)))


def list_told_of(request: DataRequest, by: Actor) -> list[ToldRecipient]:
    """Return which recipients hear of what a request brought about; of who was erased whole, those told before that."""
    if request.learner_id is not None:
        return list_told(request.id, by.scope)
    told = next((each for each in list_of_subject(request.id) if each.event == "requests.recipients_told"), None)
    return [ToldRecipient(told.id, key, told.at) for key in told.facts["recipients"]] if told is not None else []


class Advice(NamedTuple):
    """A written advice, with its text; None where it opens no more."""

    row: RequestAdvice
    text: str | None


def list_advice(request: DataRequest) -> list[Advice]:
    """Return what the officer advised on a request, the oldest first."""
    statement = select(RequestAdvice).where(
        RequestAdvice.school_id == current_school_id(), RequestAdvice.request_id == request.id
    )
    rows = list(session.scalars(statement.order_by(RequestAdvice.written_at)))
    texts = keys.unseal_values((request.person_id, "request_advice.body", row.body) for row in rows)
    return [Advice(row, text) for row, text in zip(rows, texts, strict=True)]


def _name() -> ColumnElement[str]:
    known = (func.nullif(Learner.full_name, ""), ContactPerson.name, Account.name, Representative.name)
    return func.coalesce(*known, DataRequest.asker_name, "")


def _with_names() -> Select[*tuple[DataRequest, str, str | None]]:
    return (
        select(DataRequest, _name(), Learner.number)
        .outerjoin(Learner, and_(Learner.school_id == DataRequest.school_id, Learner.id == DataRequest.learner_id))
        .outerjoin(
            ContactPerson,
            and_(ContactPerson.school_id == DataRequest.school_id, ContactPerson.id == DataRequest.contact_person_id),
        )
        .outerjoin(Account, and_(Account.school_id == DataRequest.school_id, Account.id == DataRequest.account_id))
        .outerjoin(
            Representative,
            and_(Representative.school_id == DataRequest.school_id, Representative.id == DataRequest.representative_id),
        )
    )


def _are(wanted: Waiting) -> ColumnElement[bool]:
    day = today()
    match wanted:
        case Waiting.OPEN:
            return DataRequest.closed_at.is_(None)
        case Waiting.SOON:
            return and_(DataRequest.is_undecided, DataRequest.due_on >= day, DataRequest.due_on <= day + SOON)
        case Waiting.LATE:
            return and_(DataRequest.is_undecided, DataRequest.due_on < day)
        case Waiting.CLOSED:
            return DataRequest.closed_at.is_not(None)


def list_requests(wanted: Waiting, by: Actor, *, text: str = "", page: int = 1) -> RequestPage:
    """Return a page of requests: those that wait by their day, those that are closed with the newest first.

    `text` is a part of a name or of a request's number.
    """
    by.scope.must_reach_school("data_request")
    found = _with_names().where(_here(), _are(wanted))
    if text:
        either = (_name(), DataRequest.number)
        found = found.where(or_(*(column.icontains(text, autoescape=True) for column in either)))
    order = (
        (DataRequest.closed_at.desc(), DataRequest.id)
        if wanted is Waiting.CLOSED
        else (DataRequest.decided_at.is_not(None), DataRequest.due_on, DataRequest.id)
    )
    with revealed(*hidden_learners()):
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
        rows = session.execute(found.order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return RequestPage([RequestLine(*row) for row in rows], page, total)


def name_of(request: DataRequest) -> str:
    """Return whose request it is."""
    row = session.execute(_with_names().where(_here(), DataRequest.id == request.id)).one()
    return row[1]


def has_adviser() -> bool:
    """Say whether anybody of the school advises on requests now, as its officer (art. 38)."""
    return session.scalar(select(select_holders(roles_with(Permission.REQUEST_ADVISE)).exists())) is True


def count_requests(by: Actor) -> RequestCounts:
    """Return how requests of the school stand, from what is stored (LB-10, OP-13)."""
    by.scope.must_reach_school("data_request")
    counts = session.execute(
        select(*(func.count().filter(_are(each)) for each in (Waiting.OPEN, Waiting.SOON, Waiting.LATE))).where(_here())
    ).one()
    answered = session.execute(
        select(DataRequest.received_on, DataRequest.decided_at).where(
            _here(), DataRequest.decided_at >= now() - _YEAR, DataRequest.decided_at.is_not(None)
        )
    ).all()
    days = [(row.decided_at.date() - row.received_on).days for row in answered]
    return RequestCounts(
        counts[0], counts[1], counts[2], answered=len(days), median_days=median(days) if days else None
    )


def count_open() -> int:
    """Return how many requests of the school wait for something."""
    return session.scalar(select(func.count()).where(_here(), DataRequest.is_open)) or 0


def count_waiting_requests() -> tuple[int, int]:
    """Return how many requests of the school wait for an answer, and how many of them are late or nearly so."""
    near = or_(_are(Waiting.SOON), _are(Waiting.LATE))
    row = session.execute(
        select(func.count().filter(DataRequest.is_undecided), func.count().filter(near)).where(_here())
    ).one()
    return row[0], row[1]


def list_to_remind(until: date) -> list[DataRequest]:
    """Return the requests without an answer whose day comes by `until`, and those that somebody must still carry out.

    None of which anybody was reminded today.
    """
    yesterday = now() - timedelta(hours=20)
    statement = select(DataRequest).where(
        _here(),
        or_(and_(DataRequest.is_undecided, DataRequest.due_on <= until), DataRequest.is_left_to_do),
        or_(DataRequest.reminded_at.is_(None), DataRequest.reminded_at < yesterday),
    )
    return list(session.scalars(statement.order_by(DataRequest.due_on, DataRequest.id)))


def list_past_their_day(kind: RequestKind, day: date) -> list[DataRequest]:
    """Return the requests of a kind whose day was before this one and that have no answer, locked until the commit."""
    statement = select(DataRequest).where(
        _here(), DataRequest.kind == kind, DataRequest.is_undecided, DataRequest.due_on < day
    )
    return list(session.scalars(statement.order_by(DataRequest.id).with_for_update()))


def list_waiting_too(request: DataRequest, by: Actor) -> list[DataRequest]:
    """Return the other requests of the same person that wait for an answer too, the earliest day first."""
    get_request(request.id, by)
    known = _of_same_person(request)
    if not known:
        return []
    statement = select(DataRequest).where(_here(), *known, DataRequest.id != request.id, DataRequest.is_undecided)
    return list(session.scalars(statement.order_by(DataRequest.due_on, DataRequest.id)))


def find_asking(request: DataRequest) -> Representative | None:
    """Return who asks for a learner off the portal, whether or not she may act now; None where nobody does."""
    if request.asked_by_id is None:
        return None
    return session.get(Representative, (current_school_id(), request.asked_by_id))


def are_alike(one: DataRequest, other: DataRequest) -> bool:
    """Say whether one answer holds for both: of one kind, for one reason, as surely hers, no refusal proposed.

    One from the public page of whom it isn't sure yet who asks is answered by itself: she would learn from the other
    that somebody is known here.
    """
    if one.is_unproven or other.is_unproven:
        return False
    return one.proposed_by is None and other.proposed_by is None and _nature(one) == _nature(other)


def _nature(request: DataRequest) -> tuple[object, ...]:
    return (
        request.kind,
        request.restriction_ground,
        request.organisation,
        bool(request.entry_ids),
        request.identity_check is not None,
        request.is_by_representative,
        request.asked_by_id,
    )
