"""Each figure is red when its promise is broken in the data, and only then."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.assurance.counts.registry import COUNTS
from portal.assurance.figures.keys import TESTED, Figure, FigureKey
from portal.assurance.figures.promises import figures_by_promise, figures_of
from portal.core.db.scope import reveal
from portal.policy.queries import current_policy
from portal.policy.services import shipped_files
from tests.assurance.counts.broken_data import BREAKS
from tests.factories.policy import SLUGS, shipped
from tests.promises.marks import LISTED

Enter = Callable[[str], Any]
APART = {FigureKey.RECIPIENTS_AGREED, FigureKey.RECIPIENTS_IN_COUNTRY, FigureKey.TRAIL_WHOLE}
"""What no row of the application breaks: the policy does, or somebody with the owner's rights."""

SUBJECTS = {
    FigureKey.ANSWERED_IN_TIME: "access",
    FigureKey.CONDITIONS_MET: "bsn",
    FigureKey.PAST_TERM: "default",
}


def test_each_figure_is_counted_and_broken_somewhere() -> None:
    assert set(COUNTS) | TESTED == set(FigureKey)
    assert set(BREAKS) | APART | TESTED == set(FigureKey)


@pytest.mark.parametrize("key", BREAKS)
def test_a_broken_promise_turns_its_figure_red(key: FigureKey, enter: Enter) -> None:
    slug, keep, broken = BREAKS[key]
    assert any(Figure(key, SUBJECTS.get(key, "")) in figures_of(shipped(each)) for each in SLUGS)
    with enter(slug):
        reveal()
        policy = current_policy()
        subject = SUBJECTS.get(key, "")
        keep()
        before = COUNTS[key](policy, subject)
        broken()
        after = COUNTS[key](policy, subject)
        again = COUNTS[key](policy, subject)

    assert before.total - before.good < after.total - after.good, (before, after)
    assert not after.is_kept
    assert again == after


def test_every_promise_of_the_five_statements_has_a_figure() -> None:
    found = {promise for slug in SLUGS for promise in figures_by_promise(shipped(slug))}
    assert found == set(LISTED)
    for slug in SLUGS:
        assert all(figures_by_promise(shipped(slug)).values()), slug
    assert len(shipped_files()) == len(SLUGS)
