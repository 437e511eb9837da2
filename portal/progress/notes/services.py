"""Writing notes and evaluations: sealed under the learner's key, visible to her unless there is a reason why not."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.health_terms import check_health_terms
from portal.core.http.access import Actor
from portal.learners.conditions.queries import category_name
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.models import Evaluation, EvaluationKind, Note, NoteReaders
from portal.progress.queries import is_note_read_by
from portal.progress.services import check_day, enter, get_to_enter, log, signed

MOST_SIGNS = 4_000
REASON = "note.hidden_because"


def _sealed(learner_id: UUID, body: str, field: str, *, is_about_work: bool) -> bytes:
    """Return a text sealed under the learner's key; raises Invalid for an empty or a very long one.

    Also for one that tells of her health, unless it is said to be about work: "wil in een ziekenhuis werken".
    """
    if not body.strip():
        raise Invalid("body", "required")
    if len(body) > MOST_SIGNS:
        raise Invalid("body", "too_long", most=MOST_SIGNS)
    if not is_about_work:
        check_health_terms("body", body)
    return keys.seal(learner_id, field, body.strip())


def _may_be_hidden(hidden_because: str | None) -> None:
    """Raise Invalid for a reason that tells of her health, and where none is kept: there she sees all (MN-17)."""
    check_health_terms("hidden_because", hidden_because)
    if hidden_because is not None and not current_policy().allows(REASON):
        raise Invalid(REASON, "not_in_policy", category=category_name(current_policy(), REASON))


def write_note(
    learner_id: UUID,
    body: str,
    *,
    readers: NoteReaders = NoteReaders.PROGRESS,
    hidden_because: str | None = None,
    is_about_work: bool = False,
    by: Actor,
) -> Note:
    """Write a note that the learner sees, unless `hidden_because` says why she doesn't. Raises NotFound and Invalid.

    A text that tells of her health is refused, unless it `is_about_work`.

    Who writes one that `readers` other than she read still reads it herself.
    """
    learner = get_to_enter(learner_id, "notes", by)
    _may_be_hidden(hidden_because)
    note = Note(
        learner_id=learner.id,
        body=_sealed(learner.id, body, "note.body", is_about_work=is_about_work),
        readers=readers,
        is_visible=hidden_because is None,
        hidden_because=hidden_because,
        **signed("written", by),
    )
    return enter(note, "progress.note_written", facts=_facts(note), by=by)


def _facts(note: Note) -> dict[str, object]:
    return {"is_visible": note.is_visible, "readers": note.readers.value}


def change_visibility(note_id: UUID, *, hidden_because: str | None, by: Actor) -> UUID:
    """Show a note to its learner, or hide it with a reason; returns the learner's id. Raises NotFound."""
    by.must(Permission.PROGRESS_KEEP)
    note = session.scalar(
        select(Note).where(Note.school_id == current_school_id(), Note.id == note_id, is_note_read_by(by))
    )
    if note is None:
        raise NotFound("note")
    get_within_reach(note.learner_id, by)
    _may_be_hidden(hidden_because)
    note.is_visible = hidden_because is None
    note.hidden_because = hidden_because
    session.flush()
    log(note, "progress.note_visibility_changed", facts={"is_visible": note.is_visible}, by=by)
    return note.learner_id


def write_evaluation(
    learner_id: UUID, kind: EvaluationKind, body: str, *, held_on: date, is_about_work: bool = False, by: Actor
) -> Evaluation:
    """Write a progress or final evaluation, which the learner sees. Raises NotFound and Invalid, as for a note."""
    learner = get_to_enter(learner_id, "notes", by)
    check_day(held_on, "held_on")
    evaluation = Evaluation(
        learner_id=learner.id,
        kind=kind,
        held_on=held_on,
        body=_sealed(learner.id, body, "evaluation.body", is_about_work=is_about_work),
        **signed("written", by),
    )
    return enter(evaluation, "progress.evaluation_written", facts={"kind": kind.value}, by=by)
