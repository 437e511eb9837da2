"""When a school last had contact with a learner, from which her retention counts (LB-12)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import update

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.record.models import Learner


def note_contact(learner_ids: Sequence[UUID], on: date) -> None:
    """Note that the school had contact with these learners on a day; an earlier day changes nothing."""
    session.execute(
        update(Learner)
        .where(Learner.school_id == current_school_id(), Learner.id.in_(learner_ids), Learner.last_contact_on < on)
        .values(last_contact_on=on),
        execution_options={"synchronize_session": "fetch"},
    )
