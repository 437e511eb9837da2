"""Whose account serves somebody else too, so that it outlasts her erasure; and who is here through another alone."""

from collections.abc import Callable, Collection, Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Table, not_, or_, select, union_all

from portal.core.db.base import Base
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import OWN_TABLE, PersonKind, holds_own_id, paths_about
from portal.core.ports import Port

STAFF_ACCOUNTS: Port[Callable[[Collection[UUID], Scope], Collection[UUID]]] = Port("core.staff_accounts")
"""Called with accounts: returns those of who works or worked here. They outlast the erasure of what else she is."""


def who_share_accounts(kind: PersonKind, ids: Sequence[UUID]) -> list[UUID]:
    """Return of these people whose account serves somebody else too: a teacher's child's, or that of a parent of two.

    All of these go, so that one of them is no reason to keep the account of another. Who restricted her data counts.
    """
    accounts = _accounts_of(kind, ids)
    if not accounts:
        return []
    serving = _serving_others(kind, ids, set(accounts.values()))
    return [each for each in ids if accounts.get(each) in serving]


def who_go_along(kind: PersonKind, ids: Sequence[UUID]) -> Iterator[tuple[PersonKind, Sequence[UUID]]]:
    """Yield the people of other kinds who are here through these alone, as who acts for a learner is through her."""
    for other in PersonKind:
        table = Base.metadata.tables[OWN_TABLE[other]]
        through = [path.column for path in paths_about(table, kind) if holds_own_id(table, path, kind)]
        if other is kind or not through:
            continue
        of_these = or_(*(among_ids(table.columns[name], ids) for name in through))
        with revealed():
            found = session.scalars(select(table.columns["id"]).where(_here(table), of_these)).all()
        if found:
            yield other, found


def _accounts_of(kind: PersonKind, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    own = Base.metadata.tables[OWN_TABLE[kind]]
    if own.name == "account":
        return {each: each for each in ids}
    held = own.columns["account_id"]
    wanted = select(own.columns["id"], held).where(_here(own), among_ids(own.columns["id"], ids), held.is_not(None))
    return {row[0]: row[1] for row in session.execute(wanted)}


def _serving_others(kind: PersonKind, ids: Sequence[UUID], accounts: Collection[UUID]) -> set[UUID]:
    """Return which of these accounts are also of who works here, or of people whose rows aren't among `ids`."""
    rows = []
    for other, name in OWN_TABLE.items():
        own = Base.metadata.tables[name]
        if other is PersonKind.STAFF:
            continue
        held = own.columns["account_id"]
        is_another = not_(among_ids(own.columns["id"], ids)) if other is kind else held.is_not(None)
        rows.append(select(held).where(_here(own), among_ids(held, accounts), is_another))
    with revealed():
        found = set(session.scalars(union_all(*rows)))
    return found if kind is PersonKind.STAFF else found | set(STAFF_ACCOUNTS.only(accounts, SYSTEM))


def _here(table: Table) -> ColumnElement[bool]:
    return table.columns["school_id"] == current_school_id()
