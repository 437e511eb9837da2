"""What a learner said beforehand, in a line: beside her row of a register, and in the summary that opens her record."""

from uuid import UUID

from flask import url_for

from portal.attendance.notices.labels import REASONS
from portal.attendance.notices.models import AbsenceNotice
from portal.attendance.notices.queries import Notice, are_kept, list_notices
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.languages import _, comma, written
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission


def told_notice(notice: Notice | AbsenceNotice) -> str:
    """Return why she can't come and what she wrote, as far as she said so: "werk · Ik begin om negen uur"."""
    reason = str(REASONS[notice.reason]) if notice.reason is not None else ""
    return " · ".join(part for part in (reason, notice.note) if part)


def absences_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return which lessons to come a learner said she misses; None where there is none, or who asks doesn't see it."""
    if not are_kept() or "attendance" not in by.sees or not by.may(Permission.FIGURES_VIEW):
        return None
    found = list(list_notices(learner_id, by.scope, first=today()).values())
    if not found:
        return None
    return SummaryFact(
        label=_("Afgemeld voor"),
        text=comma().join(written("shortday", notice.held_on) for notice in found),
        about=told_notice(found[0]) if len(found) == 1 else "",
        url=url_for("hours.learner_attendance", learner_id=learner_id),
    )
