"""Storing what is found of a group: a row as it is tapped, a plain form, a whole column; and taking it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.core.clock import local, today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.permissions import Permission
from portal.progress.assessments.queries import AssessmentRow, list_rows
from portal.progress.assessments.storage import Recorded, store
from portal.progress.assessments.subjects import Assessment, Table, offered_values
from portal.progress.can_do.models import CanDo
from portal.progress.models import ExamResult, Level
from portal.progress.services import check_day, must_be_kept

_NOUN: Mapping[Table, str] = {Level: "levels", ExamResult: "results", CanDo: "can_do"}


@dataclass(frozen=True)
class Finding:
    """What is found of a learner, and what whoever enters it saw in her row (`AssessmentRow.seen`)."""

    learner_id: UUID
    value: str
    seen: str


def record_findings(group_id: UUID, assessment: Assessment, findings: Sequence[Finding], *, by: Actor) -> Recorded:
    """Store findings about learners of a group, all or none; rows that say so already are left as they are.

    Raises Conflict ("stale" with `learner_ids`, where another stored meanwhile) and Invalid ("not_in_group", also where
    the group isn't hers; for the day; for a value that the subject doesn't have).
    """
    _check(assessment, by)
    if any(finding.value not in assessment.subject.values for finding in findings):
        raise Invalid("value", "no_choice")
    only = findings[0].learner_id if len(findings) == 1 else None
    rows = {row.learner_id: row for row in list_rows(group_id, assessment, by, only=only, lock=True)}
    if unknown := [each.learner_id for each in findings if each.learner_id not in rows]:
        raise Invalid("learner_id", "not_in_group", learner_ids=unknown)
    changed = [each for each in findings if each.value != rows[each.learner_id].value]
    if any(each.value not in offered_values(assessment.subject) for each in changed):
        raise Invalid("value", "no_choice")
    if stale := [each.learner_id for each in changed if each.seen != rows[each.learner_id].seen]:
        raise Conflict("stale", learner_ids=stale)
    stored = store(
        assessment,
        [(rows[each.learner_id], each.value) for each in changed],
        event=_event(assessment, "entered"),
        by=by,
    )
    stand = rows | {row.learner_id: row for row in stored.rows}
    return Recorded(step=stored.step, rows=[stand[each.learner_id] for each in findings])


def fill_column(
    group_id: UUID, assessment: Assessment, value: str, *, by: Actor, but: Collection[UUID] = ()
) -> Recorded:
    """Store one value for everyone of whom nothing was found that day, and nobody else; returns their rows.

    `but` are learners for whom a choice is on its way. Raises Invalid for the day and for what is no value.
    """
    _check(assessment, by)
    if value not in offered_values(assessment.subject):
        raise Invalid("value", "no_choice")
    rows = list_rows(group_id, assessment, by, lock=True)
    open_rows = [row for row in rows if not row.is_filled and row.learner_id not in but]
    return store(assessment, [(row, value) for row in open_rows], event=_event(assessment, "entered"), by=by)


def undo_step(group_id: UUID, assessment: Assessment, step: str, *, by: Actor, only: UUID | None = None) -> Recorded:
    """Put each row that this step stored, or `only` that of one learner, back to what it was.

    What was changed since is left as it is. Only whoever took the step can take it back, and on the same day. Raises
    Conflict ("nothing_to_undo" when nothing is left of it).
    """
    _check(assessment, by)
    rows = [
        row
        for row in list_rows(group_id, assessment, by, only=only, lock=True)
        if row.entered_at is not None and row.step == step and _is_own_of_today(row, by)
    ]
    if not rows:
        raise Conflict("nothing_to_undo")
    changes = [(row, row.replaced) for row in rows]
    return store(assessment, changes, event=_event(assessment, "undone"), by=by, keep=False)


def _is_own_of_today(row: AssessmentRow, by: Actor) -> bool:
    return row.entered_at is not None and row.entered_by == by.account_id and local(row.entered_at).date() == today()


def _check(assessment: Assessment, by: Actor) -> None:
    must_be_kept(assessment.subject.feature)
    by.must(Permission.PROGRESS_KEEP)
    check_day(assessment.found_on, "dag")


def _event(assessment: Assessment, verb: str) -> str:
    return f"progress.{_NOUN[assessment.subject.table]}_{verb}"
