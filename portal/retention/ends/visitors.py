"""Rows of people who are no learners that end by a term of their own: handled questions, and sign-ups for an intake."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.expression import CompoundSelect

from portal.contacts.messages.models import ContactMessage
from portal.contacts.models import CorrespondenceKind
from portal.core.db.scope import current_school_id
from portal.intakes.applications.models import IntakeApplication
from portal.organisations.models import ContactPerson
from portal.policy.queries import current_policy
from portal.retention.ends.kinds import VISITOR_USES
from portal.retention.ends.terms import InSql, keep_until_in_sql

_IS_ARCHIVED = and_(ContactMessage.is_archived)
IS_HANDLED = and_(ContactMessage.kind == CorrespondenceKind.QUESTION, ContactMessage.handled_on.is_not(None))
DAYS_OF_QUESTION: InSql = {
    "archived": case((_IS_ARCHIVED, ContactMessage.handled_on)),
    "handled": case((not_(_IS_ARCHIVED), ContactMessage.handled_on)),
}
"""The days from which the term of a handled question counts."""
DAYS_OF_APPLICATION: InSql = {"received": cast(IntakeApplication.received_on, Date)}
"""The day from which the term of a sign-up counts."""
_ROWS: Mapping[str, tuple[type[Any], ColumnElement[bool], InSql]] = {
    "question": (ContactMessage, IS_HANDLED, DAYS_OF_QUESTION),
    "enquiry": (IntakeApplication, IntakeApplication.id.is_not(None), DAYS_OF_APPLICATION),
}


def has_rows() -> ColumnElement[bool]:
    """Say of a contact's own row whether she has a handled question or a sign-up."""
    return or_(*(_of_contact(model, which) for model, which, _days in _ROWS.values()))


def has_rows_with_end() -> ColumnElement[bool]:
    """Say of a contact's own row whether something of hers ends by a term of its own, or may yet."""
    return or_(
        _of_contact(ContactMessage, and_(ContactMessage.is_open)),
        *(_of_contact(_ROWS[use][0], _ROWS[use][1], _ends_on(use).is_not(None)) for use in VISITOR_USES),
    )


def first_end(use: str) -> ColumnElement[Any]:
    """Return of a contact's own row the earliest last day of what is held of her for a reason."""
    rows = _rows(use).subquery()
    hers = select(func.min(rows.c.ends_on)).where(rows.c.person_id == ContactPerson.id)
    return hers.correlate(ContactPerson).scalar_subquery()


def select_ends() -> CompoundSelect[Any]:
    """Build every such row of the school: whose it is, its last day, and of which of `VISITOR_USES` it is."""
    return union_all(*(_rows(use) for use in VISITOR_USES))


def _rows(use: str) -> Select[Any]:
    model, which, _days = _ROWS[use]
    ends_on, number = _ends_on(use).label("ends_on"), literal(use).label("use")
    rows = select(model.contact_person_id.label("person_id"), ends_on, number)
    return rows.where(model.school_id == current_school_id(), which)


def _ends_on(use: str) -> ColumnElement[Any]:
    policy = current_policy()
    held = policy.contact_use(use)
    return keep_until_in_sql(policy.term(held.term).stages if held is not None else (), _ROWS[use][2])


def _of_contact(table: type[Any], *which: ColumnElement[bool]) -> ColumnElement[bool]:
    hers = table.school_id == ContactPerson.school_id, table.contact_person_id == ContactPerson.id
    return exists().where(*hers, *which).correlate(ContactPerson)
