"""Which categories the audit proposes as touched: of what was shown, changed, erased or taken out, and from which rows.

An entry tells it by the fields it names, by the page or event (`shows` of its declaration), by the file it is about, or
by the row it is about. Of a page about learners staff see what their role opens. What the audit doesn't say isn't here.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from portal.core.audit import AuditEvent
from portal.core.audit.declarations import categories_of_event, categories_of_view
from portal.core.db.base import Base
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import CATEGORIES, OWN_TABLE, PersonKind, category_of_rows, find_field
from portal.disclosures.models import Disclosure
from portal.oversight.incidents.proposals import entries_between
from portal.permissions import Role, categories_seen
from portal.policy.queries import current_policy

_VIEWED, _ERASED, _LISTED, _STAFF = "record.viewed", "record.erased", "learners.list_taken", "staff"
_OF_SUBJECT = {"lesson": "attendance", "learner_group": "trajectory"}
"""What an entry tells of learners that is about what they have together."""


def propose_categories(since: datetime, until: datetime, *, actor: UUID | str | None, scope: Scope) -> tuple[str, ...]:
    """Return of which categories the audit says that something was shown, changed or taken out, in the policy's order.

    Between two moments, by everybody, or by one account or kind of actor; of people alone, none for no entry.
    """
    scope.must_reach_school("incident")
    rows = session.execute(_kinds_of_entries(since, until, actor)).all()
    found = {category for row in rows for category in _categories_of(row)}
    return tuple(each.key for each in current_policy().categories if each.key in found)


def _kinds_of_entries(since: datetime, until: datetime, actor: UUID | str | None) -> Select[Any]:
    """Build the entries, those that say the same once."""
    entry, file = AuditEvent, Disclosure
    of_file = and_(entry.subject_kind == "disclosure", file.school_id == entry.school_id, file.id == entry.subject_id)
    columns = (
        entry.event, entry.subject_kind, entry.actor_kind, entry.actor_roles, file.categories.label("in_file"),
        entry.facts["what"].astext.label("what"), entry.facts["field"].astext.label("field"),
        *(entry.facts[each].label(each) for each in ("fields", "categories", "is_whole")),
        (func.coalesce(func.cardinality(entry.learner_ids), 0) > 0).label("is_of_learners"),
    )  # fmt: skip
    return select(*columns).distinct().outerjoin(file, of_file).where(*entries_between(since, until, actor))


def _categories_of(row: Any) -> Iterable[str]:
    if row.event == _VIEWED:
        shown = categories_of_view(row.what or "")
        return shown & _seen(row.actor_roles) if row.actor_kind == _STAFF and row.is_of_learners else shown
    if row.event == _ERASED:
        return CATEGORIES if row.is_whole else row.categories or ()
    if row.event == _LISTED:
        return {"name", *(row.categories or ())}
    named = _of_fields([*(row.fields or ()), row.field or ""]) | set(row.in_file or ())
    return named | categories_of_event(row.event) or _of_rows(row.subject_kind, is_of_learners=row.is_of_learners)


def _seen(roles: Iterable[str]) -> frozenset[str]:
    known = {each.value for each in Role}
    return categories_seen(frozenset(each for each in roles if each in known))


def _of_fields(keys: Iterable[str]) -> set[str]:
    fields = (find_field(Base.metadata, key) for key in keys)
    return {each.category for each in fields if each is not None}


def _of_rows(name: str | None, *, is_of_learners: bool) -> set[str]:
    """Return of which categories a row is that an entry is about, but for what tells who signed it."""
    table = Base.metadata.tables.get(name or "")
    if name in _OF_SUBJECT and is_of_learners:
        return {_OF_SUBJECT[name]}
    if table is None or name in OWN_TABLE.values() or "people" not in table.info:
        return set()
    return {each for kind in PersonKind if (each := category_of_rows(table, kind)) is not None}
