"""Reads of what was counted last, by promise."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.assurance.figures.keys import ATTESTED, TESTED, Count, Figure, FigureKey
from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.promises import figures_by_promise
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.oversight.access_reviews.queries import find_last_review
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class Attestation:
    """Who signed for what can't be measured, and when; without a name where it was erased."""

    signed_by: str
    signed_at: datetime


@dataclass(frozen=True)
class Evidence:
    """A figure of a promise, with what was counted last; None where nobody counted yet.

    `attestation` is what the count went by where somebody signs for it; None where nobody had.
    """

    figure: Figure
    count: Count | None
    checked_at: datetime | None
    attestation: Attestation | None = None

    @property
    def is_tested(self) -> bool:
        """Say whether the project's own tests show it, for no row of the school does."""
        return self.figure.key in TESTED

    @property
    def is_attested(self) -> bool:
        """Say whether somebody signs for it, for nothing else shows it."""
        return self.figure.key in ATTESTED

    @property
    def is_red(self) -> bool:
        """Say whether something is not as promised, as far as was counted."""
        return self.count is not None and not self.count.is_kept


@dataclass(frozen=True)
class PromiseEvidence:
    """A promise that the school's policy cites, with its figures."""

    promise: str
    evidence: tuple[Evidence, ...]


def list_evidence() -> list[PromiseEvidence]:
    """Return each promise of the school with its figures as counted last; raises NotFound without a policy."""
    here = CheckedFigure.school_id == current_school_id()
    checked = {row.figure: row for row in session.scalars(select(CheckedFigure).where(here))}

    signed = {row.checked_at: _attested_until(row.checked_at) for row in checked.values() if row.key in ATTESTED}

    def of(figure: Figure) -> Evidence:
        row = checked.get(figure)
        if row is None:
            return Evidence(figure, None, None)
        attestation = signed[row.checked_at] if figure.key in ATTESTED else None
        return Evidence(figure, row.count, row.checked_at, attestation)

    by_promise = figures_by_promise(current_policy())
    return [PromiseEvidence(promise, tuple(map(of, figures))) for promise, figures in by_promise.items()]


def _attested_until(moment: datetime) -> Attestation | None:
    """Return what was signed last when a count was made: what is signed since, the next count goes by."""
    review = find_last_review(moment)
    return Attestation(review.signed_by_name, review.signed_at) if review is not None else None


def sums_by_key() -> dict[FigureKey, tuple[Count, datetime]]:
    """Return of each figure what was counted last over all its subjects together, and when that was begun."""
    row = CheckedFigure
    sums = select(row.key, func.sum(row.good), func.sum(row.total), func.min(row.checked_at))
    found = session.execute(sums.where(row.school_id == current_school_id()).group_by(row.key))
    return {FigureKey(key): (Count(int(good), int(total)), moment) for key, good, total, moment in found}
