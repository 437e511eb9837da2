"""Row-level security of restricted data (AVG art. 18): which tables hide rows of a restricted learner, and by what.

The ids stand in the setting `portal.hidden`, written by the statement that sets the school; a policy compares each row
with them once they were read for the statement. Core knows no feature: tables say by their declarations whose rows
they hold.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, MetaData, Table, Uuid, cast, func, select, text

from portal.core.db.scope import WHOLE
from portal.core.personal_data import PersonKind, category_of_rows, direct_columns

POLICY = "hides_restricted"

_HIDDEN_LEARNERS = """
create or replace function hidden_learners(category text) returns uuid[] language sql stable parallel safe as $$
    select coalesce(nullif(current_setting('portal.hidden', true), '')::jsonb ->> 'all', '{}')::uuid[]
        || coalesce(nullif(current_setting('portal.hidden', true), '')::jsonb ->> category, '{}')::uuid[]
$$
"""
_RESTRICTED_LEARNERS = """
create or replace function restricted_learners(of_school uuid, seen text) returns text language sql stable as $$
    select jsonb_object_agg(kind, ids)::text from (
        select part.kind, array_agg(distinct held.learner_id)::text as ids
        from public.restriction held
            cross join lateral unnest(
                case when held.categories = '{}' then array['all'] else held.categories::text[] end) as part (kind)
        where held.school_id = of_school and held.lifted_at is null
            and (seen = '' or (seen <> 'all' and held.learner_id <> all (seen::uuid[])))
        group by part.kind) as found
$$
"""
_BEGIN_SCHOOL = """
create or replace function begin_school(wanted text, seen text) returns text language plpgsql volatile as $$
declare restricted text;
begin
    perform public.refuse_while_restoring();
    perform set_config('portal.school', wanted, true);
    if wanted <> '' then
        if exists (
            select from public.restriction held where held.school_id = wanted::uuid and held.lifted_at is null
        ) then
            restricted := public.restricted_learners(wanted::uuid, '');
        end if;
    end if;
    perform set_config('portal.hidden', coalesce(
        case when seen = '' then restricted else public.restricted_learners(nullif(wanted, '')::uuid, seen) end, ''
    ), true);
    return restricted;
end
$$
"""
FUNCTIONS = (_HIDDEN_LEARNERS, _RESTRICTED_LEARNERS, _BEGIN_SCHOOL)
"""Of the application itself: what they read is held to the school in scope as anything else."""


def columns_that_hide(table: Table) -> list[Column[object]]:
    """Return the columns of a table by which its rows are hidden with a restricted learner; none where they aren't.

    Those are the columns that hold a learner's own id. A row that reaches her by another row only (a step of a
    withdrawal, her account with its sessions) has no policy: it says nothing without that row, or signing in needs it.
    A table whose rows are seen all the same says why (`__seen_when_restricted__`).
    """
    if not table.info.get("school_owned") or table.info.get("seen_when_restricted"):
        return []
    return direct_columns(table, PersonKind.LEARNER)


def policy_of(table: Table) -> str | None:
    """Return the condition under which a row of a table is seen; None for a table that hides nothing."""
    columns = columns_that_hide(table)
    if not columns:
        return None
    category = category_of_rows(table, PersonKind.LEARNER) or WHOLE
    return " and ".join(_is_seen(column, category) for column in columns)


def _is_seen(column: Column[object], category: str) -> str:
    name = f'"{column.name}"'
    condition = f"{name} <> all ((select hidden_learners('{category}'))::uuid[])"
    return f"({name} is null or {condition})" if column.nullable else condition


def is_hidden(learner_id: ColumnElement[Any], category: str) -> ColumnElement[bool]:
    """Say in SQL of a learner's id whether a category of hers is hidden in the transaction: columns of her own row.

    It is for where such a column narrows, sorts or counts; asked only where somebody's is hidden (`hides_anyone`).
    """
    hidden = select(func.hidden_learners(category)).scalar_subquery()
    return learner_id == func.any(cast(hidden, ARRAY(Uuid())))


def statements(metadata: MetaData, role: str) -> Iterator[str]:
    """Yield what gives every table its policy, or takes it away; for `portal migrate`."""
    yield from FUNCTIONS
    for table in metadata.sorted_tables:
        name = f'"{table.name}"'
        yield f"drop policy if exists {POLICY} on {name}"
        condition = policy_of(table)
        if condition is not None:
            yield (f"create policy {POLICY} on {name} as restrictive to {role} using ({condition}) with check (true)")


def apply(connection: Connection, metadata: MetaData, role: str) -> None:
    """Put functions and policies in place; safe to run again."""
    for statement in statements(metadata, role):
        connection.execute(text(statement.replace(":", r"\:")))
