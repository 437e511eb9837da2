"""Erasing fields of a learner's own row, with where they came from and what was proposed for them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update

from portal.core import audit
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.origins.services import drop_origins
from portal.learners.record.fields import FIELDS
from portal.learners.record.models import Learner


def clear_fields(learner_ids: Sequence[UUID], fields: Sequence[str], *, why: str, by: Actor | None = None) -> None:
    """Erase these fields of these learners, with their origins and what was proposed for them; `why` is a code."""
    if not learner_ids:
        return
    columns: dict[str, Any] = {FIELDS[key].column: None for key in fields}
    if "learner.bsn" in fields:
        columns["bsn_digest"] = None
    session.execute(
        update(Learner)
        .where(Learner.school_id == current_school_id(), Learner.id.in_(learner_ids))
        .values(**columns, version=Learner.version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    drop_origins(learner_ids, fields)
    forget_proposals(learner_ids, fields)
    audit.record("learners.cleared", learner_ids=learner_ids, facts={"fields": sorted(fields), "why": why}, by=by)


def forget_proposals(learner_ids: Sequence[UUID], fields: Iterable[str]) -> None:
    """Empty the values of proposals for these fields; one that still waits counts as withdrawn."""
    own = (
        Correction.school_id == current_school_id(),
        Correction.learner_id.in_(learner_ids),
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
