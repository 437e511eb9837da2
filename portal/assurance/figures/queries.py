"""Reads of what was counted last, by promise."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.assurance.figures.keys import TESTED, Count, Figure, FigureKey
from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.promises import figures_by_promise
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class Evidence:
    """A figure of a promise, with what was counted last; None where nobody counted yet."""

    figure: Figure
    count: Count | None
    checked_at: datetime | None

    @property
    def is_tested(self) -> bool:
        """Say whether the project's own tests show it, for no row of the school does."""
        return self.figure.key in TESTED

    @property
    def is_red(self) -> bool:
        """Say whether something is not as promised, as far as was counted."""
        return self.count is not None and not self.count.is_kept


@dataclass(frozen=True)
class PromiseEvidence:
    """A promise that the school's policy cites, with its figures."""

    promise: str
    evidence: tuple[Evidence, ...]

    @property
    def is_red(self) -> bool:
        """Say whether one of its figures is red."""
        return any(each.is_red for each in self.evidence)


def list_evidence() -> list[PromiseEvidence]:
    """Return each promise of the school with its figures as counted last; raises NotFound without a policy."""
    here = CheckedFigure.school_id == current_school_id()
    checked = {row.figure: row for row in session.scalars(select(CheckedFigure).where(here))}

    def of(figure: Figure) -> Evidence:
        row = checked.get(figure)
        return Evidence(figure, row.count if row else None, row.checked_at if row else None)

    by_promise = figures_by_promise(current_policy())
    return [PromiseEvidence(promise, tuple(map(of, figures))) for promise, figures in by_promise.items()]


def worst_by_key() -> dict[FigureKey, tuple[Count, datetime]]:
    """Return of each figure what was counted last, over all its subjects the one of which most isn't as promised."""
    found: dict[FigureKey, tuple[Count, datetime]] = {}
    for row in session.scalars(select(CheckedFigure).where(CheckedFigure.school_id == current_school_id())):
        before = found.get(row.figure.key)
        if before is None or _is_worse(row.count, before[0]):
            found[row.figure.key] = row.count, row.checked_at
    return found


def _is_worse(count: Count, than: Count) -> bool:
    return (count.total - count.good, count.total) > (than.total - than.good, than.total)
