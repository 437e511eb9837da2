"""Erasing people from jobs that wait or run: what ended keeps no arguments."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text, update

from portal.core.db.bulk import as_array
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.jobs.models import RUNNING, Job

_NAMING = text("""
with gone as materialized (select unnest(cast(:ids as text[])) as id)
select j.id, j.state, j.arguments, j.unique_key from job j
where j.school_id = current_school() and j.state in ('waiting', 'handed', 'running') and (
    j.unique_key in (select id from gone) or exists (
        select 1 from jsonb_path_query(j.arguments, 'strict $.**') as v where v #>> '{}' in (select id from gone)))
order by j.id for update of j
""")


def forget_people(ids: Iterable[UUID]) -> None:
    """Take people out of the jobs that wait or run: one about them alone goes, one about others too goes on.

    Called when their rows have gone. One that runs already ends by itself, and does nothing for them if tried again.
    """
    gone = {str(each) for each in ids}
    for row in session.execute(_NAMING, {"ids": as_array(gone)}).all():
        this = Job.school_id == current_school_id(), Job.id == row.id
        left, key = _without(row.arguments, gone), None if row.unique_key in gone else row.unique_key
        if row.state == RUNNING or any(isinstance(value, list) and value for value in left.values()):
            session.execute(update(Job).where(*this).values(arguments=left, unique_key=key))
        else:
            session.execute(delete(Job).where(*this))


def _without(arguments: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """Return arguments without these ids: a list is shorter, what was one by itself is None."""
    left: dict[str, Any] = {}
    for name, value in arguments.items():
        if isinstance(value, list):
            left[name] = [each for each in value if not (isinstance(each, str) and each in gone)]
        else:
            left[name] = None if isinstance(value, str) and value in gone else value
    return left
