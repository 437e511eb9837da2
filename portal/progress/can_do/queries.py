"""Reads of the school's statements, and of what a learner can do by her teachers and by herself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.progress.can_do.models import CanDo, CanDoSource, CanDoStatement
from portal.progress.models import Rung, Skill

_RUNGS, _SKILLS = list(Rung), list(Skill)


@dataclass(frozen=True)
class Known:
    """What is known of a learner and a statement: of a teacher whether she can and since when, and her own tick."""

    is_able: bool | None
    found_on: date | None
    is_ticked: bool


def list_statements() -> Sequence[CanDoStatement]:
    """Return the statements that the school asks, by skill and level."""
    found = session.scalars(
        select(CanDoStatement).where(
            CanDoStatement.school_id == current_school_id(), CanDoStatement.is_retired.is_(False)
        )
    )
    return sorted(found, key=lambda each: (_SKILLS.index(each.skill), _RUNGS.index(each.level), each.id))


def find_statement(statement_id: UUID) -> CanDoStatement | None:
    """Return a statement that the school asks; None for another."""
    statement = session.get(CanDoStatement, (current_school_id(), statement_id))
    return statement if statement is not None and not statement.is_retired else None


def find_known(learner_id: UUID, scope: Scope) -> dict[UUID, Known]:
    """Return by statement what is known of a learner within reach: the latest finding, and what she ticked."""
    latest = session.scalars(
        select(CanDo)
        .ext(distinct_on(CanDo.statement_id, CanDo.source))
        .where(
            CanDo.school_id == current_school_id(),
            CanDo.learner_id == learner_id,
            reaches_learner(scope, CanDo.learner_id),
        )
        .order_by(CanDo.statement_id, CanDo.source, CanDo.found_on.desc(), CanDo.entered_at.desc())
    ).all()
    found = {row.statement_id: row for row in latest if row.source is CanDoSource.TEACHER}
    own = {row.statement_id for row in latest if row.source is CanDoSource.LEARNER and row.is_able}
    return {
        statement_id: Known(
            is_able=found[statement_id].is_able if statement_id in found else None,
            found_on=found[statement_id].found_on if statement_id in found else None,
            is_ticked=statement_id in own,
        )
        for statement_id in {*found, *own}
    }


def near(statements: Sequence[CanDoStatement], latest: Mapping[Skill, Rung]) -> list[CanDoStatement]:
    """Return the statements of a learner's latest level in each skill and of the next one that has any.

    Of a skill without a level, those of the first level of language that has any.
    """
    chosen = []
    for skill in Skill:
        of_skill = [each for each in statements if each.skill is skill]
        start = _RUNGS.index(latest.get(skill, Rung.A0))
        above = sorted({_RUNGS.index(each.level) for each in of_skill if _RUNGS.index(each.level) >= start})
        chosen += [each for each in of_skill if _RUNGS.index(each.level) in above[:2]]
    return chosen
