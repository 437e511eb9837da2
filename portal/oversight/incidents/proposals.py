"""Whom the audit proposes as touched: of whom entries say that somebody looked or changed something.

An entry tells it of learners by their ids, of others by what it is about: her own row, her account, or a row of hers
(a request, a message). What somebody does with her own account says nothing of others' looks, unless that account is
asked for: it may have been somebody else behind her password.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, func, literal, or_, select, true, union_all

from portal.accounts.models import Membership
from portal.core.audit import AuditEvent, Chain
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import OWN_TABLE, PersonKind, direct_columns, is_signature
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.oversight.incidents.models import HOLDERS, IncidentPerson
from portal.oversight.incidents.touched import everybody_touched, hidden_by_kind, people_named
from portal.permissions import OUTSIDE
from portal.representation.models import Representative

MOST_PROPOSED = 200
_SHOW_REPRESENTATIVES = ("learners.record", "representation.access_seen", "representation.dispute")
"""Views of a learner that show who acts for her by name."""
_WITH_ACCOUNT: Mapping[PersonKind, Any] = {
    PersonKind.LEARNER: Learner,
    PersonKind.REPRESENTATIVE: Representative,
    PersonKind.CONTACT_PERSON: ContactPerson,
}


@dataclass(frozen=True)
class Proposed:
    """Somebody of whom the audit says that somebody looked or changed or took something: how often, and who.

    `by` has the names of staff, and for others what kind of actor it was; `events` what was done.
    """

    kind: PersonKind
    id: UUID
    name: str
    is_restricted: bool
    times: int
    by: tuple[str, ...]
    events: tuple[str, ...]


@dataclass(frozen=True)
class LogQuestion:
    """Between which moments the log is asked, and of which account or kind of actor; of everybody where of none."""

    since: datetime
    until: datetime
    actor: UUID | str | None


def propose_touched(
    incident_id: UUID, since: datetime, until: datetime, *, actor: UUID | str | None, scope: Scope
) -> list[Proposed]:
    """Return whose data was looked at, changed or taken out between two moments, by the audit; who is in is left out.

    With `actor` what one account did, who may have been somebody else behind her password, or one kind of actor.
    """
    hidden = hidden_by_kind()
    with everybody_touched():
        rows = session.execute(_most_seen(_entries(since, until, actor), incident_id)).all()
        seen = {(PersonKind(row.kind), row.person_id): row for row in rows}
        people = people_named(seen, scope)
    return [
        Proposed(
            kind=key[0],
            id=key[1],
            name=people[key].name,
            is_restricted=people[key].learner_id in hidden.get(key[0], ()),
            times=row.times,
            by=tuple(sorted(row.by)),
            events=tuple(sorted(row.events)),
        )
        for key, row in seen.items()
        if key in people and people[key].name
    ]


def _entries(since: datetime, until: datetime, actor: UUID | str | None) -> CTE:
    """Build the entries between two moments, of this actor where one is given."""
    entry = AuditEvent
    is_own = and_(entry.subject_kind == OWN_TABLE[PersonKind.STAFF], entry.subject_id == entry.actor_id)
    within = select(
        entry.id,
        entry.learner_ids,
        entry.subject_kind,
        entry.subject_id,
        entry.event,
        entry.facts["what"].astext.label("what"),
        func.coalesce(entry.actor_name, entry.actor_kind).label("actor"),
        (literal(isinstance(actor, UUID)) | ~func.coalesce(or_(is_own, entry.chain == Chain.ACTIVITY), False)).label(
            "tells_of_account"
        ),
    )
    return within.where(*entries_between(since, until, actor)).cte("within")


def entries_between(since: datetime, until: datetime, actor: UUID | str | None) -> list[ColumnElement[bool]]:
    """Return the conditions of entries between two moments, of this account or kind of actor where one is given."""
    entry = AuditEvent
    which = [entry.school_id == current_school_id(), entry.at >= since, entry.at < until]
    if actor is not None:
        which.append((entry.actor_id if isinstance(actor, UUID) else entry.actor_kind) == actor)
    return which


def _most_seen(entries: CTE, incident_id: UUID) -> Select[Any]:
    """Build who stands most often in these entries, each person once by kind: those who aren't named yet."""
    seen = union_all(*_people_in(entries)).subquery()
    named = IncidentPerson.school_id == current_school_id(), IncidentPerson.incident_id == incident_id
    known = [
        and_(seen.c.kind == kind.value, seen.c.person_id.in_(select(column).where(*named, column.is_not(None))))
        for kind, column in ((kind, getattr(IncidentPerson, name)) for kind, name in HOLDERS.items())
    ]
    staff = select(Membership.account_id).where(
        Membership.school_id == current_school_id(), Membership.role.not_in(OUTSIDE)
    )
    is_person = or_(seen.c.kind != PersonKind.STAFF.value, seen.c.person_id.in_(staff))
    return (
        select(
            seen.c.kind,
            seen.c.person_id,
            func.count(seen.c.entry_id.distinct()).label("times"),
            func.array_agg(seen.c.actor.distinct()).label("by"),
            func.array_agg(seen.c.event.distinct()).label("events"),
        )
        .where(seen.c.person_id.is_not(None), is_person, ~or_(*known))
        .group_by(seen.c.kind, seen.c.person_id)
        .order_by(func.count(seen.c.entry_id.distinct()).desc(), seen.c.kind, seen.c.person_id)
        .limit(MOST_PROPOSED)
    )


def _people_in(entries: CTE) -> Iterator[Select[Any]]:
    about = func.unnest(entries.c.learner_ids).table_valued("learner_id").render_derived()
    yield _person(PersonKind.LEARNER, about.c.learner_id, entries).select_from(entries).join(about, true())
    acting = Representative.learner_id == about.c.learner_id
    yield (
        _person(PersonKind.REPRESENTATIVE, Representative.id, entries)
        .select_from(entries)
        .join(about, true())
        .join(Representative, and_(Representative.school_id == current_school_id(), acting))
        .where(entries.c.what.in_(_SHOW_REPRESENTATIVES))
    )
    for kind, name in OWN_TABLE.items():
        is_told = entries.c.tells_of_account if kind is PersonKind.STAFF else true()
        yield _person(kind, entries.c.subject_id, entries).where(entries.c.subject_kind == name, is_told)
    for kind, own in _WITH_ACCOUNT.items():
        is_hers = and_(own.school_id == current_school_id(), own.account_id == entries.c.subject_id)
        of_account = entries.c.subject_kind == OWN_TABLE[PersonKind.STAFF], entries.c.tells_of_account
        yield _person(kind, own.id, entries).select_from(entries).join(own, is_hers).where(*of_account)
    yield from _through_rows(entries)


def _through_rows(entries: CTE) -> Iterator[Select[Any]]:
    """Yield who is reached by the row that an entry is about, where that tells of no learner."""
    subjects = set(session.scalars(select(entries.c.subject_kind).distinct()))
    of_nobody_else = func.coalesce(func.cardinality(entries.c.learner_ids), 0) == 0
    for name in sorted(subjects & set(Base.metadata.tables) - set(OWN_TABLE.values())):
        table = Base.metadata.tables[name]
        for kind in PersonKind:
            for column in direct_columns(table, kind):
                if is_signature(column):
                    continue
                is_it: ColumnElement[bool] = and_(
                    table.c.school_id == current_school_id(), table.c.id == entries.c.subject_id
                )
                yield (
                    _person(kind, column, entries)
                    .select_from(entries)
                    .join(table, is_it)
                    .where(entries.c.subject_kind == name, column.is_not(None), of_nobody_else)
                )


def _person(kind: PersonKind, person_id: Any, entries: CTE) -> Select[Any]:
    named = literal(kind.value).label("kind"), person_id.label("person_id")
    return select(*named, entries.c.id.label("entry_id"), entries.c.actor, entries.c.event)
