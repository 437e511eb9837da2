"""The planner knows that an id says which school it is of."""

from sqlalchemy import text

import portal.wiring  # noqa: F401  (every table)
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.db.statistics import key_pairs, statistics_name


def test_every_composite_key_has_statistics(app: object) -> None:
    with in_school(None):
        rows = session.execute(
            text(
                "select s.stxname, c.relname, s.stxkind::text[] as kinds, (select array_agg(a.attname::text)"
                " from unnest(s.stxkeys::int2[]) k join pg_attribute a"
                " on a.attrelid = c.oid and a.attnum = k) as columns"
                " from pg_statistic_ext s join pg_class c on c.oid = s.stxrelid"
            )
        ).all()
    found = {row.stxname: (row.relname, set(row.columns), set(row.kinds)) for row in rows}
    pairs = list(key_pairs(Base.metadata))
    assert len(pairs) > 40
    for table, column in pairs:
        assert found[statistics_name(table, column)] == (table.name, {"school_id", column}, {"d", "f"})


def test_names_of_statistics_are_told_apart() -> None:
    names = [statistics_name(table, column) for table, column in key_pairs(Base.metadata)]
    assert len(names) == len(set(names))
