"""The rows of an assessment: who is in the group, with what was found on the day and what was found last."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Date,
    Select,
    String,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from portal.core.clock import today
from portal.core.db.session import read
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.models import LearnerGroup
from portal.courses.scope import not_over, parameters_of, reaches_group
from portal.learners.corrections.models import Correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.progress.assessments.subjects import Assessment, Table
from portal.progress.can_do.models import Answer, CanDo
from portal.progress.models import Level, Outcome

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Earlier(NamedTuple):
    """What was found last beside this assessment: the value, the day and the source."""

    value: str
    found_on: date
    source: str


@dataclass(frozen=True, kw_only=True)
class AssessmentRow:
    """A learner's row: what was found of her that day from the source (empty: nothing), by whom, and what it replaced.

    `apart_by` is her number where another of the group has her name. `is_filled`: something was found that day,
    whatever the source. `contest_id` is what she says against what was found last and waits for an answer.
    """

    learner_id: UUID
    name: str
    apart_by: str | None
    until: date | None
    entry_id: UUID | None = None
    value: str = ""
    replaced: str | None = None
    entered_at: datetime | None = None
    entered_by: UUID | None = None
    entered_by_name: str = ""
    earlier: Earlier | None = None
    is_filled: bool = False
    contest_id: UUID | None = None

    @property
    def step(self) -> str:
        """What names the moment at which it was stored, by which that is taken back; empty where nothing is."""
        return "" if self.entered_at is None else step_of(self.entered_at)

    @property
    def seen(self) -> str:
        """What the form sends back as what was seen: the moment and the value."""
        return f"{self.step or 0}.{self.value}"


def step_of(moment: datetime) -> str:
    """Return what names a moment, to the microsecond."""
    return str((moment - _EPOCH) // timedelta(microseconds=1))


class _Columns(NamedTuple):
    what: Any
    value: Any
    found_on: Any
    replaced: Any


def _columns(table: Any, kind: Table) -> _Columns:
    """Return the columns of a row of this table that each kind has under names of its own."""
    if kind is CanDo:
        answer = case((table.is_able, Answer.YES.value), else_=Answer.NOT_YET.value)
        return _Columns(cast(table.statement_id, Text), answer, table.found_on, table.replaced)
    if kind is Level:
        return _Columns(table.skill, cast(table.level, Text), table.found_on, table.replaced)
    outcome = case(
        (table.is_passed.is_(True), Outcome.PASSED.value),
        (table.is_passed.is_(False), Outcome.FAILED.value),
        else_=Outcome.UNKNOWN.value,
    )
    return _Columns(table.part, outcome, table.taken_on, table.replaced)


_DAY, _TODAY = bindparam("day", type_=Date()), bindparam("today", type_=Date())
_WHAT, _SOURCE = bindparam("what", type_=String()), bindparam("source", type_=String())


@lru_cache(maxsize=len(Reach) * 8)
def _statement(reach: Reach, kind: Table, narrow: bool, lock: bool) -> Select[Any]:
    """A group's rows within reach; `narrow`: that of :learner alone; `lock` holds the learners until the commit."""
    own, other, any_that_day = aliased(kind), aliased(kind), aliased(kind)
    of_own, of_other, of_any = (_columns(each, kind) for each in (own, other, any_that_day))

    def about(row: Any, columns: _Columns) -> Any:
        return and_(row.school_id == Learner.school_id, row.learner_id == Learner.id, cast(columns.what, Text) == _WHAT)

    is_own = and_(of_other.found_on == _DAY, cast(other.source, Text) == _SOURCE)
    found = (
        select(
            own.id, of_own.value.label("value"), cast(of_own.replaced, Text).label("replaced"),
            own.entered_at, own.entered_by, own.entered_by_name,
        )
        .where(about(own, of_own), of_own.found_on == _DAY, cast(own.source, Text) == _SOURCE)
        .order_by(own.entered_at.desc(), own.id.desc()).limit(1).correlate(Learner).lateral("found")
    )  # fmt: skip
    earlier = (
        select(
            other.id, of_other.value.label("value"), of_other.found_on.label("found_on"),
            cast(other.source, Text).label("source"),
        )
        .where(about(other, of_other), not_(is_own))
        .order_by(of_other.found_on.desc(), other.entered_at.desc()).limit(1).correlate(Learner).lateral("earlier")
    )  # fmt: skip
    filled = exists().where(about(any_that_day, of_any), of_any.found_on == _DAY).correlate(Learner)
    statement = (
        select(
            Learner.id, Learner.full_name.label("name"), Learner.number, Enrolment.ends_on,
            found, earlier.c.value, earlier.c.found_on, earlier.c.source, filled,
            _contest(kind, func.coalesce(found.c.id, earlier.c.id)),
            _has_namesake() if narrow else null(),
        )
        .select_from(LearnerGroup)
        .join(Enrolment, and_(Enrolment.school_id == LearnerGroup.school_id, Enrolment.group_id == LearnerGroup.id))
        .join(Learner, and_(Learner.school_id == Enrolment.school_id, Learner.id == Enrolment.learner_id))
        .outerjoin(found, true())
        .outerjoin(earlier, true())
        .where(
            LearnerGroup.id == bindparam("group", type_=Uuid()),
            reaches_group(Scope(reach)),
            reaches_learner(Scope(reach)),
            Learner.is_in_use,
            *_in_group(Enrolment),
        )
        .order_by(Learner.sort_name, Learner.id, Enrolment.ends_on)
    )  # fmt: skip
    if narrow:
        statement = statement.where(Learner.id == bindparam("learner", type_=Uuid()))
    return statement.with_for_update(of=Learner, key_share=True) if lock else statement


def _in_group(enrolment: Any) -> tuple[Any, ...]:
    return enrolment.starts_on <= _TODAY, not_over(_TODAY, enrolment.ends_on)


def _contest(kind: Table, entry_id: Any) -> Any:
    """Return what a learner says against an entry and the school hasn't answered, the first of it."""
    return (
        select(Correction.id)
        .where(
            Correction.school_id == Learner.school_id,
            Correction.learner_id == Learner.id,
            Correction.entry_id == entry_id,
            Correction.field.startswith(f"{kind.__tablename__}."),
            Correction.is_waiting,
        )
        .order_by(Correction.proposed_at, Correction.id)
        .limit(1)
        .scalar_subquery()
    )


def _has_namesake() -> Any:
    """Say of one learner whether another of the group has her name; a whole group is looked through instead."""
    other, joined = aliased(Learner), aliased(Enrolment)
    return exists(
        select(joined.id)
        .join(other, and_(other.school_id == joined.school_id, other.id == joined.learner_id))
        .where(
            joined.school_id == LearnerGroup.school_id,
            joined.group_id == LearnerGroup.id,
            *_in_group(joined),
            other.sort_name == Learner.sort_name,
            or_(other.id < Learner.id, other.id > Learner.id),
        )
        .correlate(LearnerGroup, Learner)
    )


def list_rows(
    group_id: UUID, assessment: Assessment, actor: Actor, *, only: UUID | None = None, lock: bool = False
) -> list[AssessmentRow]:
    """Return the rows of a group that she reaches, by name, or one learner's; one statement.

    Empty where the group isn't reached, too. `lock` keeps anybody else from storing about these learners until the
    commit.
    """
    statement = _statement(actor.scope.reach, assessment.subject.table, only is not None, lock)
    found = read(statement, {**_values(group_id, assessment), "learner": only, **parameters_of(actor.scope)}).all()
    rows = {row[0]: row for row in found}  # of who was in the group twice the last time counts
    names = Counter(row[1] for row in rows.values())
    return [_row(row, has_namesake=bool(row[15]) or names[row[1]] > 1) for row in rows.values()]


def _values(group_id: UUID, assessment: Assessment) -> dict[str, Any]:
    return {
        "group": group_id,
        "day": assessment.found_on,
        "today": today(),
        "what": assessment.subject.code,
        "source": assessment.source.value,
    }


def _row(row: Any, *, has_namesake: bool) -> AssessmentRow:
    return AssessmentRow(
        learner_id=row[0],
        name=row[1],
        apart_by=row[2] if has_namesake else None,
        until=row[3],
        entry_id=row[4],
        value=row[5] or "",
        replaced=row[6],
        entered_at=row[7],
        entered_by=row[8],
        entered_by_name=row[9] or "",
        earlier=Earlier(*row[10:13]) if row[10] else None,
        is_filled=row[13],
        contest_id=row[14],
    )
