"""To whom the statement was pointed out at an intake."""

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.session import session
from portal.intakes.queries import learners_told_at_intake
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView, current_school
from tests.factories.learners import make_learner
from tests.house.rows import make_row


def test_an_intake_that_showed_a_version_counts(school: SchoolView) -> None:
    told, not_told = make_learner("Amina"), make_learner("Bereket")
    shown = {"statement_version_id": current_school().policy_version_id, "statement_shown_at": now()}
    make_row("intake", learner_id=told.id, **shown)
    make_row("intake", learner_id=not_told.id, statement_version_id=None, statement_shown_at=None)

    at_intake = learners_told_at_intake().subquery()
    found = session.scalars(select(Learner.id).where(Learner.id.in_(select(at_intake.c.learner_id)))).all()

    assert found == [told.id]
