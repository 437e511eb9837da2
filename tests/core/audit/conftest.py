"""A school with an audit of its own, really committed, and somebody who changes the database behind its back."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from portal.core import audit
from portal.core.audit.seals import seal_entries
from portal.core.crypto import keys
from portal.core.db.scope import checkpoint, in_school, restart
from portal.core.db.session import session
from portal.schools.models import School
from tests.database import TestDatabase

Tamper = Callable[..., None]
_TABLES = ("audit_event", "audit_learner", "audit_seal", "audit_unsealed", "audit_expiry", "key_outbox")


class Owner:
    """Somebody who may do everything with the database: row-level security and grants don't hold her."""

    def __init__(self, made: TestDatabase) -> None:
        self._engine = create_engine(make_url(made.owner_url).set(username="postgres"), isolation_level="AUTOCOMMIT")

    def __enter__(self) -> Connection:
        self._connection = self._engine.connect()
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
        self._engine.dispose()


@pytest.fixture
def audited_school(engine: Engine, worker_database: TestDatabase) -> Iterator[UUID]:
    """A school without a policy, in scope; cleared away by the tables' owner."""
    school = uuid4()
    keys.add_school(school)
    session.remove()
    session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
    with in_school(school):
        session.add(School(id=school, slug=str(school), name="Chain", hue=1))
        session.flush()
        checkpoint()
        yield school
        restart()
    with Owner(worker_database) as connection:
        for table in _TABLES:
            connection.execute(text(f"delete from {table} where school_id = :school"), {"school": school})
        connection.execute(text("update school set policy_version_id = null where id = :school"), {"school": school})
        connection.execute(text("delete from policy_version where school_id = :school"), {"school": school})
        connection.execute(text("delete from school where id = :school"), {"school": school})


@pytest.fixture
def chain(audited_school: UUID) -> list[UUID]:
    """Nine entries in three seals."""
    made = []
    for _ in range(3):
        made += [
            audit.record("tests.done", learner_id=uuid4(), changes={"learner.phone": ("1", "2")}) for _ in range(3)
        ]
        assert seal_entries() == 3
        checkpoint()
    return made


@pytest.fixture
def tamper(worker_database: TestDatabase) -> Tamper:
    """Change the database behind the portal's back."""

    def do(statement: str, **values: object) -> None:
        restart()
        with Owner(worker_database) as connection:
            assert connection.execute(text(statement), values).rowcount > 0

    return do
