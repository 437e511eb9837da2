"""Reads of invoice lines."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.finances.models import InvoiceLine
from portal.schools.queries import get_school

FINANCE = "finance"
"""The category of invoice and order lines."""

_FISCAL_YEARS = 7


def count_invoices_to_keep(learner_id: UUID | None, scope: Scope) -> int:
    """Return how many invoice lines of a learner the bookkeeping must still get before they go here."""
    scope.must_reach_school("invoice_line")
    kept = select(func.count()).where(
        InvoiceLine.school_id == current_school_id(), InvoiceLine.learner_id == learner_id, must_be_kept()
    )
    return session.scalar(kept) or 0


def must_be_kept(day: date | None = None) -> ColumnElement[bool]:
    """Say of an invoice line that a law asks to keep it, and that nobody said the bookkeeping has it (AWR art. 52(4)).

    It does so to the end of the seventh year after that in which it was issued; as on this day, or today.
    """
    asked = InvoiceLine.issued_on >= date((day or today()).year - _FISCAL_YEARS, 1, 1)
    until = get_school().invoices_handed_until
    return and_(asked, InvoiceLine.issued_on > until) if until is not None else asked


def waits_for_bookkeeping(learner_id: Any, day: date | None = None) -> ColumnElement[bool]:
    """Say of a learner, by the column with her id, whether an invoice of hers must go to the bookkeeping first."""
    return exists().where(
        InvoiceLine.school_id == current_school_id(), InvoiceLine.learner_id == learner_id, must_be_kept(day)
    )
