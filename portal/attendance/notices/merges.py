"""Two notices of one lesson, where the records of two learners become one: a person says which one stays."""

from collections.abc import Collection, Sequence
from uuid import UUID

from flask_babel import format_date
from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from portal.attendance.notices.models import AbsenceNotice
from portal.attendance.notices.presenters import told_notice
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _, written
from portal.learners.merges.settlements import Difference


def _colliding(kept_id: UUID, other_id: UUID) -> Sequence[Row[AbsenceNotice, AbsenceNotice]]:
    """Return the pairs of notices that both records have of the same lesson, in the order of the lessons."""
    mine, theirs = aliased(AbsenceNotice), aliased(AbsenceNotice)
    return session.execute(
        select(mine, theirs)
        .join(theirs, (theirs.school_id == mine.school_id) & (theirs.lesson_id == mine.lesson_id))
        .where(mine.school_id == current_school_id(), mine.learner_id == kept_id, theirs.learner_id == other_id)
        .order_by(mine.held_on, mine.starts_at, mine.id)
    ).all()


def _key(notice: AbsenceNotice) -> str:
    return f"absence_notice.{notice.lesson_id}"


def _said(notice: AbsenceNotice) -> str:
    at = written("datetime", notice.reported_at)
    return f"{told_notice(notice) or _('geen reden')} ({at})"


def _label(notice: AbsenceNotice) -> str:
    return _(
        "Afmelding voor de les van %(day)s", day=f"{format_date(notice.held_on, 'long')}, {notice.starts_at:%H:%M}"
    )


def differing_notices(kept_id: UUID, other_id: UUID, by: Actor) -> list[Difference]:
    """Return the lessons of which each record says something else beforehand, for who sees attendance."""
    if "attendance" not in by.sees:
        return []
    return [
        Difference(_key(mine), _label(mine), _said(mine), _said(theirs))
        for mine, theirs in _colliding(kept_id, other_id)
        if told_notice(mine) != told_notice(theirs)
    ]


def settle_notices(kept_id: UUID, other_id: UUID, by: Actor, taken: Collection[str]) -> None:
    """Let one of two notices of a lesson stay: the kept record's, unless the other's was chosen."""
    for mine, theirs in _colliding(kept_id, other_id):
        is_taken = _key(mine) in taken and "attendance" in by.sees
        session.delete(mine if is_taken else theirs)
    session.flush()
