"""The school's statements, and what a learner ticks herself. What teachers find goes by an assessment of a group."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.permissions import Permission
from portal.progress.can_do.defaults import DEFAULTS
from portal.progress.can_do.models import CanDo, CanDoSource, CanDoStatement
from portal.progress.can_do.queries import find_statement, list_statements
from portal.progress.models import Rung, Skill
from portal.progress.services import must_be_kept


def _must_keep(by: Actor) -> None:
    must_be_kept("levels")
    by.must(Permission.STATEMENT_KEEP)


def take_defaults(*, by: Actor) -> int:
    """Begin with the statements that the portal offers; returns how many. Raises Conflict where there are any."""
    _must_keep(by)
    if list_statements():
        raise Conflict("statements_there")
    for skill, level, text in DEFAULTS:
        session.add(CanDoStatement(skill=skill, level=level, text=text))
    session.flush()
    audit.record("progress.statements_taken", facts={"statements": len(DEFAULTS)}, by=by)
    return len(DEFAULTS)


def add_statement(skill: Skill, level: Rung, text: str, *, by: Actor) -> CanDoStatement:
    """Add a statement; raises Invalid for a level between levels, which has none of its own."""
    _must_keep(by)
    if level.is_sublevel:
        raise Invalid("level", "no_sublevels")
    statement = CanDoStatement(skill=skill, level=level, text=text)
    session.add(statement)
    session.flush()
    return _log("progress.statement_added", statement, by)


def change_statement(statement_id: UUID, text: str, *, by: Actor) -> CanDoStatement:
    """Say a statement in other words; what was found by it stays. Raises NotFound."""
    _must_keep(by)
    statement = _get(statement_id)
    if statement.text == text:
        return statement
    statement.text = text
    session.flush()
    return _log("progress.statement_changed", statement, by)


def retire_statement(statement_id: UUID, *, by: Actor) -> CanDoStatement:
    """Ask a statement no more; what was found by it stays. Raises NotFound."""
    _must_keep(by)
    statement = _get(statement_id)
    statement.is_retired = True
    session.flush()
    return _log("progress.statement_retired", statement, by)


def _get(statement_id: UUID) -> CanDoStatement:
    statement = find_statement(statement_id)
    if statement is None:
        raise NotFound("can_do_statement")
    return statement


def _log(event: str, statement: CanDoStatement, by: Actor) -> CanDoStatement:
    facts = {"skill": statement.skill.value, "level": statement.level.value}
    audit.record(event, subject=("can_do_statement", statement.id), facts=facts, by=by)
    return statement


def tick_own(ticked: Collection[UUID], offered: Collection[UUID], *, by: Actor) -> None:
    """Store which of the statements that were offered to her she says she can do; the others' ticks go.

    Raises NotFound for what is no statement of the school, and NotAllowed for who may not see levels and for who
    represents her: nobody else can say it for her.
    """
    must_be_kept("levels")
    by.must(Permission.RECORD_OWN)
    if by.represents:
        raise NotAllowed("only_herself")
    by.scope.must_see("level")
    learner_id = by.scope.get_own_learner_id()
    if not {*ticked, *offered} <= {each.id for each in list_statements()}:
        raise NotFound("can_do_statement")
    own = (
        CanDo.school_id == current_school_id(),
        CanDo.learner_id == learner_id,
        CanDo.source == CanDoSource.LEARNER,
    )
    session.execute(
        select(Learner.id)
        .where(Learner.school_id == current_school_id(), Learner.id == learner_id)
        .with_for_update(key_share=True)
    )
    there = set(session.scalars(select(CanDo.statement_id).where(*own)))
    added, gone = set(ticked) - there, (set(offered) & there) - set(ticked)
    if not added and not gone:
        return
    session.execute(delete(CanDo).where(*own, CanDo.statement_id.in_(gone)))
    for statement_id in sorted(added):
        session.add(
            CanDo(
                learner_id=learner_id,
                statement_id=statement_id,
                is_able=True,
                source=CanDoSource.LEARNER,
                found_on=today(),
                entered_at=now(),
            )
        )
    session.flush()
    facts = {"added": len(added), "removed": len(gone)}
    audit.record("progress.can_do_ticked", learner_id=learner_id, facts=facts, by=by)
