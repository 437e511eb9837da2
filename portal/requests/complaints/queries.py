"""Reads of complaints: those that are open, and those that are closed."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
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


def list_complaints(scope: Scope, *, page: int = 1) -> ComplaintPage:
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
        .where(Complaint.school_id == current_school_id(), Learner.is_in_use, reaches_learner(scope))
        .order_by(Complaint.closed_on.desc().nulls_first(), Complaint.filed_on, Complaint.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    listed = [
        ListedComplaint(row.id, row.learner_id, row.number, row.full_name, row.filed_on, row.closed_on) for row in rows
    ]
    return ComplaintPage(listed, page, rows[0].total if rows else 0, rows[0].open if rows else 0)
