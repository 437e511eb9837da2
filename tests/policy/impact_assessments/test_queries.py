"""Each school has its own day."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete

from portal.core.db.session import session
from portal.policy.impact_assessments.models import ImpactAssessment
from portal.policy.impact_assessments.queries import has_assessment, list_assessments


def test_the_day_of_one_school_is_not_that_of_another(enter: Callable[[str], Any]) -> None:
    with enter("lest-best"):
        session.execute(delete(ImpactAssessment))
        assert not has_assessment()
        assert list_assessments() == []
    with enter("meester-in-nt2"):
        assert has_assessment()
