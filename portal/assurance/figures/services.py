"""Counting every figure of a school anew."""

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects.postgresql import insert

from portal.assurance.counts.registry import COUNTS
from portal.assurance.figures.keys import TESTED, Count, Figure
from portal.assurance.figures.models import CheckedFigure
from portal.assurance.figures.promises import figures_of
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id, reveal
from portal.core.db.session import session
from portal.policy.queries import current_policy, find_policy
from portal.policy.schema import Policy


def count_figure(policy: Policy, figure: Figure) -> Count:
    """Return how many of how many are as the school promised, from what is stored now."""
    return COUNTS[figure.key](policy, figure.subject)


def check_all() -> int:
    """Count every figure that shows a promise of the school's policy, keep them, and return how many there are.

    Restricted data counts too: the figures name nobody, and a promise is kept to her as well (AVG art. 5(2)).
    What no policy cites any more goes. Safe to repeat.
    """
    if find_policy() is None:
        return 0
    reveal()
    policy = current_policy()
    figures = [each for each in figures_of(policy) if each.key not in TESTED]
    rows = [_row(figure, count_figure(policy, figure)) for figure in figures]
    here = CheckedFigure.school_id == current_school_id()
    kept = tuple_(CheckedFigure.key, CheckedFigure.subject).in_([(each.key, each.subject) for each in figures])
    session.execute(delete(CheckedFigure).where(here, ~kept))
    if rows:
        stored = insert(CheckedFigure).values(rows)
        changed = {name: stored.excluded[name] for name in ("good", "total", "checked_at")}
        session.execute(stored.on_conflict_do_update(constraint="uq_checked_figure_key", set_=changed))
    return len(rows)


def _row(figure: Figure, count: Count) -> dict[str, object]:
    return {
        "id": new_id(),
        "school_id": current_school_id(),
        "key": figure.key,
        "subject": figure.subject,
        "good": count.good,
        "total": count.total,
        "checked_at": now(),
    }
