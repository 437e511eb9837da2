"""Writing notes and evaluations: sealed under the learner's key, visible to her unless there is a reason why not."""

from datetime import date
from uuid import UUID

from portal.core import audit, keys
from portal.core.access import Actor
from portal.core.clock import now
from portal.core.database import current_school_id, session
from portal.core.errors import Invalid, NotFound
from portal.learners.services.reach import get_within_reach
from portal.permissions import Permission
from portal.progress.models import Evaluation, EvaluationKind, Note
from portal.progress.services.levels import check_day, must_be_kept

MOST_SIGNS = 4_000


def _check_text(body: str) -> None:
    if not body.strip():
        raise Invalid("body", "required")
    if len(body) > MOST_SIGNS:
        raise Invalid("body", "too_long", most=MOST_SIGNS)


def write_note(learner_id: UUID, body: str, *, by: Actor, hidden_because: str | None = None) -> Note:
    """Write a note that the learner sees, unless `hidden_because` says why she doesn't. Raises NotFound and Invalid."""
    must_be_kept("notes")
    by.must(Permission.PROGRESS_KEEP)
    learner = get_within_reach(learner_id, by, lock=True)
    _check_text(body)
    note = Note(
        learner_id=learner.id,
        body=keys.seal(learner.id, body.strip(), "note.body"),
        is_visible=hidden_because is None,
        hidden_because=hidden_because,
        written_by=by.account_id,
        written_by_name=by.name,
        written_at=now(),
    )
    session.add(note)
    session.flush()
    audit.record(
        "progress.note_written",
        learner_id=learner.id,
        subject=("note", note.id),
        facts={"is_visible": note.is_visible},
        by=by,
    )
    return note


def change_visibility(note_id: UUID, *, hidden_because: str | None, by: Actor) -> UUID:
    """Show a note to its learner, or hide it with a reason; returns the learner's id. Raises NotFound."""
    by.must(Permission.PROGRESS_KEEP)
    note = session.get(Note, (current_school_id(), note_id))
    if note is None:
        raise NotFound("note")
    get_within_reach(note.learner_id, by)
    note.is_visible = hidden_because is None
    note.hidden_because = hidden_because
    session.flush()
    audit.record(
        "progress.note_visibility_changed",
        learner_id=note.learner_id,
        subject=("note", note.id),
        facts={"is_visible": note.is_visible},
        by=by,
    )
    return note.learner_id


def write_evaluation(learner_id: UUID, kind: EvaluationKind, body: str, *, held_on: date, by: Actor) -> Evaluation:
    """Write a progress or final evaluation, which the learner sees. Raises NotFound and Invalid."""
    must_be_kept("notes")
    by.must(Permission.PROGRESS_KEEP)
    learner = get_within_reach(learner_id, by, lock=True)
    check_day(held_on, "held_on")
    _check_text(body)
    evaluation = Evaluation(
        learner_id=learner.id,
        kind=kind,
        held_on=held_on,
        body=keys.seal(learner.id, body.strip(), "evaluation.body"),
        written_by=by.account_id,
        written_by_name=by.name,
        written_at=now(),
    )
    session.add(evaluation)
    session.flush()
    audit.record(
        "progress.evaluation_written",
        learner_id=learner.id,
        subject=("evaluation", evaluation.id),
        facts={"kind": kind.value},
        by=by,
    )
    return evaluation
