"""Reads of complaints: those that are open, and those that are closed."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, select, true

from portal.accounts.models import Account
from portal.accounts.queries import STAFF_ROLES, select_holders
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.permissions import Permission, Role, roles_with
from portal.policy.queries import current_policy
from portal.requests.complaints.models import Complaint


class ListedComplaint(NamedTuple):
    """A complaint in the list: whose it is, and the days on which it was filed and closed."""

    id: UUID
    learner_id: UUID
    number: str
    full_name: str
    filed_on: date
    closed_on: date | None


@dataclass(frozen=True)
class ComplaintPage(Paged[ListedComplaint]):
    """A page of complaints, how many there are in all, and how many of them are open."""

    open: int


def _may_handle(by: Actor) -> ColumnElement[bool]:
    """Say of `complaint` that whoever looks may handle it (LB-14).

    The role that the policy names does. Where nobody of that role is left who isn't the one complained about, others
    who may handle complaints do; and whom it is about only where there is nobody else at all.
    """
    named, others = _handlers()
    rest = (named | others) - {by.account_id}
    if not rest:
        return true()
    about_another = Complaint.about_id.is_distinct_from(by.account_id)
    if by.account_id in named or not named:
        return about_another
    return and_(about_another, Complaint.about_id == next(iter(named))) if len(named) == 1 else false()


def _handlers() -> tuple[set[UUID], set[UUID]]:
    """Return who has the role to which complaints go by the policy, and who else may handle them."""
    role = Role(current_policy().complaints.role)
    named = {each.id for each in session.scalars(select_holders([role]))}
    able = {each.id for each in session.scalars(select_holders(roles_with(Permission.COMPLAINT_KEEP)))}
    return named, able - named


def list_own_complaints(learner_id: UUID, scope: Scope) -> list[Complaint]:
    """Return the complaints of a learner within reach, open ones first, each part with the newest first."""
    if "complaint" not in scope.sees or current_policy().category("complaint") is None:
        return []
    statement = select(Complaint).where(
        Complaint.school_id == current_school_id(),
        Complaint.learner_id == learner_id,
        reaches_learner(scope, Complaint.learner_id),
    )
    order = (Complaint.closed_on.is_not(None), Complaint.filed_on.desc(), Complaint.id.desc())
    return list(session.scalars(statement.order_by(*order)))


def get_own_complaint(complaint_id: UUID, scope: Scope) -> Complaint:
    """Return a complaint of the learner whose own record this scope opens; raises NotFound."""
    scope.must_see("complaint")
    found = session.get(Complaint, (current_school_id(), complaint_id))
    if found is None or found.learner_id != scope.own_learner_id:
        raise NotFound("complaint")
    return found


def get_handled_complaint(learner_id: UUID, complaint_id: UUID, by: Actor) -> Complaint:
    """Return a complaint that this person may handle; raises NotFound for one about herself, too."""
    found = session.scalars(
        select(Complaint).where(
            Complaint.school_id == current_school_id(),
            Complaint.id == complaint_id,
            Complaint.learner_id == learner_id,
            reaches_learner(by.scope, Complaint.learner_id),
            _may_handle(by),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("complaint")
    return found


def list_staff() -> list[tuple[UUID, str]]:
    """Return who works at the school, by name: whom a complaint can be about."""
    return [(each.id, each.name) for each in session.scalars(select_holders(STAFF_ROLES).order_by(Account.name))]


def reaches_nobody_else(complaint: Complaint) -> bool:
    """Say whether a complaint is about the only one who handles complaints."""
    named, others = _handlers()
    return complaint.about_id is not None and named | others == {complaint.about_id}


def list_complaints(by: Actor, *, page: int = 1) -> ComplaintPage:
    """Return a page of the complaints of learners within reach: the open ones first, the oldest on top (LB-14).

    The closed ones follow from the newest on.
    """
    rows = session.execute(
        select(
            func.count().over().label("total"),
            func.count().filter(Complaint.closed_on.is_(None)).over().label("open"),
            Complaint.id,
            Learner.id.label("learner_id"),
            Learner.number,
            Learner.full_name.label("full_name"),
            Complaint.filed_on,
            Complaint.closed_on,
        )
        .join(Learner, (Learner.school_id == Complaint.school_id) & (Learner.id == Complaint.learner_id))
        .where(
            Complaint.school_id == current_school_id(), Learner.is_in_use, reaches_learner(by.scope), _may_handle(by)
        )
        .order_by(Complaint.closed_on.desc().nulls_first(), Complaint.filed_on, Complaint.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    listed = [
        ListedComplaint(row.id, row.learner_id, row.number, row.full_name, row.filed_on, row.closed_on) for row in rows
    ]
    return ComplaintPage(listed, page, rows[0].total if rows else 0, rows[0].open if rows else 0)
