"""Both copies of the key store, for tests that harm one behind the portal's back or let it be away."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, make_url, text

from portal.config import settings
from portal.core.crypto import key_store, keys
from portal.core.crypto.store_tables import STORE
from portal.core.db.scope import in_school, restart
from portal.core.db.session import session
from portal.schools.models import School

FIRST, SECOND = 0, 1


@contextmanager
def _as_superuser(place: int, database: str | None = None) -> Iterator[Connection]:
    url = make_url(settings().key_stores[place][1])
    owner = url.set(username="postgres", database=database or url.database)
    engine = create_engine(owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def harm(place: int, statement: str, **values: object) -> int:
    """Change one copy, as its disk or somebody with its password would; returns how many rows that met."""
    with _as_superuser(place) as connection:
        return connection.execute(text(statement), values).rowcount


@contextmanager
def away(place: int) -> Iterator[None]:
    """Let one copy be away for a while: it takes no connections and those that there were are cut."""
    name = make_url(settings().key_stores[place][1]).database
    key_store.forget()
    try:
        with _as_superuser(place, "postgres") as connection:
            connection.execute(text(f'alter database "{name}" with allow_connections false'))
            connection.execute(
                text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"), {"name": name}
            )
        yield
    finally:
        with _as_superuser(place, "postgres") as connection:
            connection.execute(text(f'alter database "{name}" with allow_connections true'))
        key_store.forget()


@contextmanager
def school_of_its_own() -> Iterator[UUID]:
    """A school with keys that no other test uses, in scope; its rows are cleared away from both copies afterwards."""
    school = uuid4()
    keys.add_school(school)
    try:
        with in_school(school):
            session.add(School(id=school, slug=str(school), name="Keys", hue=1))
            session.flush()
            yield school
            restart()
    finally:
        for place in (FIRST, SECOND):
            for table in STORE.tables:
                harm(place, f"delete from {table} where school_id = :school", school=school)
        key_store.forget()
