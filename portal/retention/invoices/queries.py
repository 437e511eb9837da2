"""Reads of invoices that may not go yet: their term here is over, and nobody said that the bookkeeping has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from portal.core.clock import today
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.finances.models import InvoiceLine
from portal.finances.queries import FINANCE, must_be_kept, waits_for_bookkeeping
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.policy.queries import current_policy
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.terms import has_ended_in_sql, terms_of_kind


@dataclass(frozen=True)
class WaitingInvoices:
    """A learner whose invoices wait for the bookkeeping, with their numbers."""

    learner_id: UUID
    name: str
    numbers: tuple[str, ...]


def list_waiting_ids(learner_ids: Sequence[UUID], day: date, scope: Scope) -> set[UUID]:
    """Return those of these learners of whom no invoice may go on this day before the bookkeeping has it."""
    scope.must_reach_school("invoice_line")
    wanted = select(Learner.id).where(
        Learner.school_id == current_school_id(),
        among_ids(Learner.id, learner_ids),
        waits_for_bookkeeping(Learner.id, day),
    )
    return set(session.scalars(wanted))


def list_past_term(scope: Scope) -> set[UUID]:
    """Return the learners whose invoices are past their term here and wait for the bookkeeping."""
    return set(session.scalars(select(Learner.id).where(_waits(), reaches_learner(scope, Learner.id))))


def count_past_term(scope: Scope) -> int:
    """Return how many learners `list_past_term` has."""
    wanted = select(func.count()).select_from(Learner).where(_waits(), reaches_learner(scope, Learner.id))
    return session.scalar(wanted) or 0


def list_invoices(scope: Scope, *, page: int = 1) -> Paged[WaitingInvoices]:
    """Return a page of the learners whose invoices wait, by name."""
    waiting = (_waits(), reaches_learner(scope, Learner.id))
    rows = session.scalars(
        select(Learner).where(*waiting).order_by(Learner.sort_name, Learner.id).limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()  # fmt: skip
    numbers = _numbers_of([each.id for each in rows])
    return Paged(
        [WaitingInvoices(each.id, each.full_name, tuple(numbers.get(each.id, ()))) for each in rows],
        page,
        count_past_term(scope),
    )


def _numbers_of(learner_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    wanted = (
        select(InvoiceLine.learner_id, InvoiceLine.number)
        .where(
            InvoiceLine.school_id == current_school_id(), among_ids(InvoiceLine.learner_id, learner_ids), must_be_kept()
        )
        .order_by(InvoiceLine.number)
        .distinct()
    )
    found: dict[UUID, list[str]] = {}
    for row in session.execute(wanted):
        found.setdefault(row.learner_id, []).append(row.number)
    return found


def _waits() -> ColumnElement[bool]:
    """Say of a learner's row whether her invoices are past their term and the bookkeeping isn't known to have them."""
    recorded, day = recorded_of(PersonKind.LEARNER), today()
    terms = (each for each in terms_of_kind(current_policy(), PersonKind.LEARNER) if FINANCE in each.categories)
    over = or_(false(), *(has_ended_in_sql(each.stages, recorded.anchors, day) for each in terms))
    here = (Learner.school_id == current_school_id(), recorded.is_one, ~recorded.is_running(day))
    return and_(*here, over, waits_for_bookkeeping(Learner.id))
