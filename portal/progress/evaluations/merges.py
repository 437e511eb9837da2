"""Two open evaluations of one kind, where the records of two learners become one: a person says which one stays."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Row, not_, select
from sqlalchemy.orm import aliased

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _, comma, written
from portal.learners.merges.settlements import Difference
from portal.progress.evaluations.models import JointEvaluation
from portal.progress.labels import WORDS


def _colliding(kept_id: UUID, other_id: UUID) -> Sequence[Row[JointEvaluation, JointEvaluation]]:
    """Return the pairs of evaluations of one kind that are both still open."""
    mine, theirs = aliased(JointEvaluation), aliased(JointEvaluation)
    return session.execute(
        select(mine, theirs)
        .join(theirs, (theirs.school_id == mine.school_id) & (theirs.kind == mine.kind))
        .where(
            mine.school_id == current_school_id(),
            mine.learner_id == kept_id,
            theirs.learner_id == other_id,
            not_(mine.is_fixed),
            not_(theirs.is_fixed),
        )
        .order_by(mine.kind)
    ).all()


def _key(row: JointEvaluation) -> str:
    return f"joint_evaluation.{row.kind.value}"


def _said(row: JointEvaluation) -> str:
    """Return when it was begun and by whom, and who filled it in; not what they said."""
    begun = _("begonnen op %(day)s door %(name)s", day=written("date", row.started_at), name=row.started_by_name)
    filled = [
        word
        for word, answers in ((_("docent"), row.teacher_answers), (_("cursist"), row.learner_answers))
        if answers is not None
    ]
    by = _("ingevuld door: %(who)s", who=comma().join(filled)) if filled else _("nog niet ingevuld")
    return f"{begun} · {by}"


def differing_evaluations(kept_id: UUID, other_id: UUID, by: Actor) -> list[Difference]:
    """Return the kinds of which both records have an open evaluation, for who sees progress."""
    if "progress" not in by.sees:
        return []
    return [
        Difference(_key(mine), str(WORDS[mine.kind]), _said(mine), _said(theirs))
        for mine, theirs in _colliding(kept_id, other_id)
    ]


def settle_evaluations(kept_id: UUID, other_id: UUID, by: Actor, taken: Collection[str]) -> None:
    """Let one of two open evaluations of a kind stay: the kept record's, unless the other's was chosen."""
    for mine, theirs in _colliding(kept_id, other_id):
        is_taken = _key(mine) in taken and "progress" in by.sees
        session.delete(mine if is_taken else theirs)
    session.flush()
