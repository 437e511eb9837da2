"""What is true of one proposal, in Python and in a statement alike."""

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.learners.corrections.models import Correction, CorrectionState
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner


def test_only_what_the_school_has_not_answered_waits(school: SchoolView) -> None:
    learner = make_learner()
    made = [
        Correction(learner_id=learner.id, field="level.level", entry_id=new_id(), state=state, proposed_at=now())
        for state in CorrectionState
    ]
    session.add_all(made)
    session.flush()
    waiting = {each.id for each in made if each.is_waiting}
    assert waiting == set(session.scalars(select(Correction.id).where(Correction.is_waiting)))
    assert {each.state for each in made if each.is_waiting} == {CorrectionState.CONTESTED, CorrectionState.PROPOSED}
