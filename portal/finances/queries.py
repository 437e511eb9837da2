"""Reads of invoice lines."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.finances.models import InvoiceLine

FINANCE = "finance"
"""The category of invoice and order lines."""

_FISCAL_YEARS = 7


def count_invoices_to_keep(learner_id: UUID | None, scope: Scope) -> int:
    """Return how many invoice lines of a learner the bookkeeping must still have (AWR art. 52(4))."""
    scope.must_reach_school("invoice_line")
    first = date(today().year - _FISCAL_YEARS, 1, 1)
    kept = select(func.count()).where(
        InvoiceLine.school_id == current_school_id(),
        InvoiceLine.learner_id == learner_id,
        InvoiceLine.issued_on >= first,
    )
    return session.scalar(kept) or 0
