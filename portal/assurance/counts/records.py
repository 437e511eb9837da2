"""Counts of what records hold: kept by the policy, with a source, under its condition, with consent first."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, exists, func, literal, or_, select

from portal.accounts.models import Account
from portal.assurance.counts.rows import added_to, count_in_table, count_rows, day_of, is_here
from portal.assurance.figures.keys import Count
from portal.core.clock import today
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind, registry
from portal.learners.corrections.models import Correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.fields import kept_fields
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.schema import Policy
from portal.policy.schema.categories import Condition
from portal.purposes.models import Consent
from portal.purposes.privacy_notices.queries import count_told_in_time

_OWN = frozenset({"account", "activity", "dealings", "consent"})
"""Categories of the portal's own workings, which every policy has and no form of the record fills."""
_IMPORTED = "import"


def count_recorded_statements(_policy: Policy, _subject: str) -> Count:
    """Return at how many enrolments it stands which statement was shown; what an import brought in is told apart."""
    by_hand = or_(Enrolment.channel.is_(None), Enrolment.channel != _IMPORTED)
    return count_rows(Enrolment, by_hand, Enrolment.statement_version_id.is_not(None))


def count_kept_values(policy: Policy, _subject: str) -> Count:
    """Return how many values stand in a field that the policy keeps (LB-02)."""
    good = total = 0
    by_table: dict[str, list[str]] = {}
    for field in registry(Base.metadata, PersonKind.LEARNER).values():
        if field.category not in _OWN and field.table != Account.__tablename__:
            by_table.setdefault(field.table, []).append(field.column)
    for name, columns in by_table.items():
        table = Base.metadata.tables[name]
        counts = select(*(func.count(table.columns[each]) for each in columns)).where(is_here(table))
        for column, number in zip(columns, session.execute(counts).one(), strict=True):
            total += number
            good += number if policy.allows(f"{name}.{column}") else 0
    return Count(good, total)


def count_known_sources(policy: Policy, _subject: str) -> Count:
    """Return how many values of learners' own rows say from whom they came and since when (MN-02)."""
    good = total = 0
    for field in kept_fields(policy):
        is_known = exists().where(_is_origin(field.key, Learner.id, literal(OWN_RECORD)))
        value = getattr(Learner, field.column)
        part = count_rows(Learner, and_(Learner.is_in_use, value.is_not(None)), is_known)
        good, total = good + part.good, total + part.total
    return Count(good, total)


def count_met_conditions(policy: Policy, subject: str) -> Count:
    """Return how many values stand under the condition that the policy puts on them (OP-02, OP-04, MN-04, MN-05)."""
    condition = next(each for each in policy.conditions if each.key == subject)
    found = [
        count_in_table(table, table.columns[column].is_not(None), _meets(condition, key, table, learner_id))
        for key, table, column, learner_id in _columns(condition.fields)
    ]
    return Count(sum(each.good for each in found), sum(each.total for each in found))


def _meets(condition: Condition, key: str, table: Table, learner_id: Any) -> ColumnElement[bool]:
    match condition.kind:
        case "recorded_ground":
            entry = literal(OWN_RECORD) if table.name == Learner.__tablename__ else table.columns.id
            return exists().where(_is_origin(key, learner_id, entry), FieldOrigin.ground.is_not(None))
        case "reporting_trajectory":
            reporting = and_(Trajectory.reports_to_government, Trajectory.lasts_until(today()))
            same = and_(Trajectory.school_id == current_school_id(), Trajectory.learner_id == learner_id)
            return exists().where(same, reporting)
        case "client_request":
            return and_(func.trim(table.columns.requested_by) != "", table.columns.requested_on <= today())
        case "consent":
            return _consented(condition.purpose, learner_id)


def count_consents_first(policy: Policy, _subject: str) -> Count:
    """Return how many values that rest on consent have one in force (OP-01, LL-04)."""
    good = total = 0
    for key, table, column, learner_id in _columns(sorted(policy.fields)):
        purpose = policy.consent_for_field(key)
        if purpose is not None and table.name != Consent.__tablename__:
            part = count_in_table(table, table.columns[column].is_not(None), _consented(purpose, learner_id))
            good, total = good + part.good, total + part.total
    return Count(good, total)


def count_answered_corrections(policy: Policy, _subject: str) -> Count:
    """Return how many corrections were answered within the policy's term, or still can be (MN-17)."""
    due_on = added_to(day_of(Correction.proposed_at), policy.checked.answer_within)
    answered_on = case((Correction.is_waiting, today()), else_=day_of(Correction.decided_at))
    return count_rows(Correction, Correction.id.is_not(None), answered_on <= due_on)


def count_told_people(_policy: Policy, _subject: str) -> Count:
    """Return how many people whose data came from others were told by their day, or still can be (AVG art. 14)."""
    return Count(*count_told_in_time(SYSTEM))


def count_asked_consents(policy: Policy, _subject: str) -> Count:
    """Return how many consents in force answer a question that the policy asks by itself (LB-05)."""
    asked = [purpose.key for purpose in policy.consent_purposes()]
    return count_rows(Consent, Consent.is_in_force, and_(Consent.purpose.in_(asked), Consent.text_shown != ""))


def count_consents_by_parent(_policy: Policy, _subject: str) -> Count:
    """Return how many consents in force of learners under 16 a parent or guardian gave (LL-04, LL-12)."""
    child = Learner.is_child_on(func.current_date())
    same = and_(Learner.school_id == Consent.school_id, Learner.id == Consent.learner_id)
    of_child = exists().where(same, child)
    return count_rows(Consent, and_(Consent.is_in_force, of_child), Consent.is_by_representative)


def _columns(fields: Any) -> Iterator[tuple[str, Table, str, Any]]:
    """Yield of each of these fields that is a learner's: key, table, column, and the column with whose it is."""
    for key in fields:
        name, _, column = key.partition(".")
        table = Base.metadata.tables.get(name)
        if table is None or column not in table.columns:
            continue
        if name == Learner.__tablename__:
            yield key, table, column, table.columns.id
        elif "learner_id" in table.columns:
            yield key, table, column, table.columns.learner_id


def _is_origin(key: str, learner_id: Any, entry_id: Any) -> ColumnElement[bool]:
    return and_(
        FieldOrigin.school_id == current_school_id(),
        FieldOrigin.learner_id == learner_id,
        FieldOrigin.field == key,
        FieldOrigin.entry_id == entry_id,
    )


def _consented(purpose: str | None, learner_id: Any) -> ColumnElement[bool]:
    in_force = and_(Consent.is_yes, Consent.is_in_force, Consent.purpose == purpose)
    return exists().where(Consent.school_id == current_school_id(), Consent.learner_id == learner_id, in_force)
