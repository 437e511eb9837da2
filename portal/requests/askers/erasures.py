"""Before an erasure: the number of somebody by which an unknown asker said whose data it is goes as well."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.core.removal import Part
from portal.learners.record.models import Learner
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest


def forget_numbers(kind: PersonKind, ids: Sequence[UUID], part: Part | None) -> None:
    """Empty the learners' numbers in requests and complaints of nobody known: another may get the number, not those."""
    if kind is not PersonKind.LEARNER or part is not None:
        return
    numbers = select(Learner.number).where(Learner.school_id == current_school_id(), among_ids(Learner.id, ids))
    for model in (DataRequest, Complaint):
        unknown = (model.school_id == current_school_id(), model.learner_id.is_(None))
        asked = update(model).where(*unknown, model.asker_number.in_(numbers)).values(asker_number=None)
        session.execute(asked, execution_options={"synchronize_session": False})
