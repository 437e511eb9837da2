"""Reads of complaints: one's own, and those that somebody may handle."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from portal.accounts.models import Account
from portal.accounts.queries import STAFF_ROLES, select_holders
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, hidden_learners, reveal, revealed
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.search.plain_text import fold
from portal.organisations.models import ContactPerson
from portal.permissions import Permission, Role, roles_with
from portal.policy.queries import current_policy
from portal.requests.complaints.models import Complaint

_CONCERNED = (Complaint.about_id, Complaint.account_id)
"""The account of whom a complaint is about, and of the member of staff who complains: neither handles it."""


class ListedComplaint(NamedTuple):
    """A complaint in the list, with whose it is."""

    complaint: Complaint
    name: str


@dataclass(frozen=True)
class ComplaintPage(Paged[ListedComplaint]):
    """A page of complaints, how many there are in all, and how many of them are open."""

    open: int


def is_kept() -> bool:
    """Say whether the school's policy keeps complaints."""
    return current_policy().category("complaint") is not None


def _here() -> ColumnElement[bool]:
    return Complaint.school_id == current_school_id()


def _may_handle(account_id: UUID | None) -> ColumnElement[bool]:
    """Say of `complaint` that whoever has this account may handle it (LB-14).

    The role that the policy names does. Where nobody of that role is left whom it doesn't concern, others who may
    handle complaints do; and whom it is about, or who complains, only where there is nobody else at all.
    """
    named, others = _handlers()
    is_free = and_(*(column.is_distinct_from(account_id) for column in _CONCERNED))
    is_turn = true() if account_id in named else _concerns_all(named)
    return or_(and_(is_free, is_turn), _concerns_all(named | others))


def _concerns_all(accounts: Collection[UUID]) -> ColumnElement[bool]:
    """Say of `complaint` that it concerns each of these accounts: true of none, never of more than two."""
    if len(accounts) > len(_CONCERNED):
        return false()
    return and_(true(), *(or_(*(column == each for column in _CONCERNED)) for each in sorted(accounts)))


def _handlers() -> tuple[set[UUID], set[UUID]]:
    """Return who has the role to which complaints go by the policy, and who else may handle them."""
    role = Role(current_policy().complaints.role)
    named = {each.id for each in session.scalars(select_holders([role]))}
    able = {each.id for each in session.scalars(select_holders(roles_with(Permission.COMPLAINT_KEEP)))}
    return named, able - named


def list_handlers(complaint: Complaint) -> list[Account]:
    """Return who handles a complaint, by the same rule as `_may_handle`, by name."""
    named, others = _handlers()
    concerned = {complaint.about_id, complaint.account_id}
    able = named - concerned or others - concerned or named | others
    return list(
        session.scalars(
            select(Account)
            .where(Account.school_id == current_school_id(), Account.id.in_(able))
            .order_by(Account.name, Account.id)
        )
    )


def list_due(until: date) -> list[Complaint]:
    """Return the complaints without an answer whose day comes by `until`, the earliest first."""
    statement = select(Complaint).where(_here(), Complaint.closed_on.is_(None), Complaint.due_on <= until)
    return list(session.scalars(statement.order_by(Complaint.due_on, Complaint.id)))


def _is_own(by: Actor) -> ColumnElement[bool]:
    """Say of `complaint` that it is of the record that is open to her as her own, else of her account.

    Who acts for a learner within some categories has those that she filed herself.
    """
    learner_id = by.scope.own_learner_id
    if learner_id is None:
        return and_(Complaint.account_id == by.account_id, Complaint.learner_id.is_(None))
    is_filed_by_her = true() if "complaint" in by.scope.sees else Complaint.filed_by == by.account_id
    return and_(Complaint.learner_id == learner_id, is_filed_by_her)


def list_own_complaints(by: Actor) -> list[Complaint]:
    """Return her complaints, open ones first, each part with the newest first."""
    if not is_kept():
        return []
    order = (Complaint.closed_on.is_not(None), Complaint.filed_on.desc(), Complaint.id.desc())
    return list(session.scalars(select(Complaint).where(_here(), _is_own(by)).order_by(*order)))


def get_own_complaint(complaint_id: UUID, by: Actor) -> Complaint:
    """Return a complaint of hers; raises NotFound for any other."""
    statement = select(Complaint).where(_here(), _is_own(by), Complaint.id == complaint_id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("complaint")
    return found


def get_handled_complaint(complaint_id: UUID, by: Actor, *, lock: bool = False) -> Complaint:
    """Return a complaint that this person may handle; raises NotFound for one about herself, too.

    What of her who complains is restricted is seen to the end of this request: it is her own (AVG art. 18(2)).
    """
    by.scope.must_reach_school("complaint")
    statement = select(Complaint).where(_here(), Complaint.id == complaint_id, _is_seen(), _may_handle(by.account_id))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("complaint")
    if found.learner_id is not None:
        reveal(found.learner_id)
    return found


def list_withheld(by: Actor) -> list[tuple[UUID, UUID | None]]:
    """Return the complaints that this person may not handle, each with its learner: nothing tells her whose they are.

    Those of who restricted her data, too: what was restricted is no more to be known than the rest.
    """
    wanted = select(Complaint.id, Complaint.learner_id).where(_here(), _may_handle(by.account_id).is_not(true()))
    with revealed():
        return [(row.id, row.learner_id) for row in session.execute(wanted)]


def list_about(scope: Scope) -> frozenset[UUID]:
    """Return the complaints about who asks that others handle: she reads them nowhere (LB-14)."""
    about_her = (_here(), Complaint.about_id == scope.account_id)
    with revealed():
        if scope.account_id is None or session.scalar(select(Complaint.id).where(*about_her).limit(1)) is None:
            return frozenset()
        others = select(Complaint.id).where(*about_her, _may_handle(scope.account_id).is_not(true()))
        return frozenset(session.scalars(others))


def list_of_person(ids: Collection[UUID], person_id: UUID, scope: Scope) -> frozenset[UUID]:
    """Return which of these complaints are of a learner, a contact person or a member of staff."""
    scope.must_reach_school("complaint")
    whose = (Complaint.learner_id, Complaint.contact_person_id, Complaint.account_id)
    wanted = select(Complaint.id).where(_here(), Complaint.id.in_(ids), or_(*(each == person_id for each in whose)))
    with revealed():
        return frozenset(session.scalars(wanted))


def _is_seen() -> ColumnElement[bool]:
    """Say of `complaint` that it waits for an answer, or that its learner didn't restrict what is over (art. 18)."""
    hidden = hidden_learners("complaint")
    if not hidden:
        return true()
    is_hers = Complaint.learner_id.is_(None) | Complaint.learner_id.not_in(hidden)
    return Complaint.closed_on.is_(None) | is_hers


def texts_of(complaint: Complaint) -> tuple[str | None, str | None]:
    """Return what was complained of, and what the school did; None where it opens no more, or isn't there."""
    blobs = {"body": complaint.body, "handling": complaint.handling}
    texts = keys.unseal_values((complaint.person_id, f"complaint.{name}", blob) for name, blob in blobs.items())
    return texts[0], texts[1]


def list_staff() -> list[tuple[UUID, str]]:
    """Return who works at the school, by name: whom a complaint can be about."""
    return [(each.id, each.name) for each in session.scalars(select_holders(STAFF_ROLES).order_by(Account.name))]


def find_named(text: str | None) -> UUID | None:
    """Return who of the school is meant by a name that somebody typed; None where nobody is.

    Of several whose names hold all of its words it is who handles complaints: she is the one who must not have it.
    """
    wanted = set(fold(text or "").split())
    meant = [each for each, name in list_staff() if wanted and wanted <= set(fold(name).split())]
    if len(meant) > 1:
        named, others = _handlers()
        meant = [*(each for each in meant if each in named), *(each for each in meant if each in others)]
    return meant[0] if meant else None


def reaches_nobody_else(complaint: Complaint) -> bool:
    """Say whether a complaint concerns everybody who handles complaints."""
    named, others = _handlers()
    return named | others <= {complaint.about_id, complaint.account_id} and complaint.about_id is not None


def name_of(complaint: Complaint) -> str:
    """Return who complains; nothing where nobody knows."""
    return session.execute(select(_name()).select_from(_WITH_PEOPLE).where(Complaint.id == complaint.id)).scalar_one()


def _name() -> ColumnElement[str]:
    known = (func.nullif(Learner.full_name, ""), ContactPerson.name, Account.name, Complaint.asker_name)
    return func.coalesce(*known, "")


_WITH_PEOPLE = (
    Complaint.__table__.outerjoin(
        Learner, and_(Learner.school_id == Complaint.school_id, Learner.id == Complaint.learner_id)
    )
    .outerjoin(
        ContactPerson,
        and_(ContactPerson.school_id == Complaint.school_id, ContactPerson.id == Complaint.contact_person_id),
    )
    .outerjoin(Account, and_(Account.school_id == Complaint.school_id, Account.id == Complaint.account_id))
)


def _answers_to(text: str) -> ColumnElement[bool]:
    columns = (_name(), Complaint.number)
    return or_(*(column.icontains(text, autoescape=True) for column in columns)) if text else true()


def list_complaints(by: Actor, *, text: str = "", page: int = 1) -> ComplaintPage:
    """Return a page of the complaints that this person may handle: the open ones first, the oldest on top (LB-14).

    The closed ones follow from the newest on. `text` is a part of a name or of a number.
    """
    by.scope.must_reach_school("complaint")
    statement = (
        select(
            func.count().over().label("total"),
            func.count().filter(Complaint.closed_on.is_(None)).over().label("open"),
            _name().label("name"),
            Complaint,
        )
        .select_from(_WITH_PEOPLE)
        .where(_here(), _is_seen(), _may_handle(by.account_id), _answers_to(text))
        .order_by(Complaint.closed_on.desc().nulls_first(), Complaint.filed_on, Complaint.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    with revealed(*hidden_learners()):
        rows = session.execute(statement).all()
    listed = [ListedComplaint(row.Complaint, row.name) for row in rows]
    return ComplaintPage(listed, page, rows[0].total if rows else 0, rows[0].open if rows else 0)


def count_open() -> int:
    """Return how many complaints of the school aren't answered."""
    return session.scalar(select(func.count()).where(_here(), Complaint.closed_on.is_(None))) or 0
