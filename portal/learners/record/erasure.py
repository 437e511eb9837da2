"""What the erasure of a field takes along in other tables of a record: its origins, and proposals for it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import update

from portal.core.clock import now
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.origins.services import drop_origins


def forget_traces(learner_ids: Sequence[UUID], fields: Collection[str]) -> None:
    """Clear what was noted about fields that are erased: where their values came from, and proposals for them.

    A proposal that still waits counts as withdrawn.
    """
    drop_origins(learner_ids, fields, SYSTEM)
    own = (
        Correction.school_id == current_school_id(),
        among_ids(Correction.learner_id, learner_ids),
        Correction.field.in_(list(fields)),
    )
    session.execute(
        update(Correction).where(*own, Correction.is_waiting).values(state=CorrectionState.WITHDRAWN, decided_at=now()),
        execution_options={"synchronize_session": "fetch"},
    )
    session.execute(
        update(Correction).where(*own).values(old=None, proposed=None, remark=None),
        execution_options={"synchronize_session": "fetch"},
    )
