"""Released migrations stay as they were, and a filled database of each release comes up to what the code is now."""

from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, make_url, select, text
from sqlalchemy.orm import Session

from portal.core.db.base import Base
from portal.core.db.migrations import migrate
from tests.database import TestDatabase, cloned
from tests.seed import SCHOOLS
from tests.upgrades import FOLDER, VERSIONS, bring_back, counts_of, digest_of, frozen
from tests.upgrades.databases import as_superuser, at_revision

RELEASES = sorted(frozen())


def _revision_of(release: str) -> str:
    """Return the newest migration that a release has."""
    until = RELEASES[: RELEASES.index(release) + 1]
    return max(name[:4] for each in until for name in frozen()[each])


def test_every_release_is_kept() -> None:
    assert RELEASES
    assert {path.stem for path in FOLDER.glob("*.zip")} == set(RELEASES)


def test_released_migrations_never_change() -> None:
    kept = {name: digest for files in frozen().values() for name, digest in files.items()}
    assert kept
    assert {name: digest_of(VERSIONS / name) for name in kept if (VERSIONS / name).exists()} == kept


@pytest.mark.parametrize("release", RELEASES)
def test_a_filled_database_of_a_release_comes_up_to_now(release: str, worker_database: TestDatabase) -> None:
    with at_revision(worker_database, _revision_of(release)) as owner:
        url = make_url(owner)
        superuser = make_url(as_superuser(worker_database)).set(database=url.database).render_as_string(False)
        before = bring_back(superuser, FOLDER / f"{release}.zip")
        assert sum(1 for count in before.values() if count) > 50

        migrate(owner, url.set(username="portal_app").render_as_string(hide_password=False))

        after = counts_of(superuser)
        assert {name: count for name, count in before.items() if name in after and after[name] < count} == {}
        _read_all(make_url(superuser).set(drivername="postgresql+psycopg").render_as_string(False))


_JOB = text("""
insert into job (school_id, id, kind, arguments, unique_key, is_slow, state, attempts_most, run_after, lease)
values (:school, gen_random_uuid(), 'purposes.send_privacy_notices', cast(:arguments as jsonb), 'x', false, :state, 5,
    now(), :lease)
""")
_ACCOUNT = "00000000-0000-4000-8000-000000000001"
_CLEARED = (VERSIONS / "0059_clear_ended_jobs.sql").read_text()
_TOLD = {'["' + _ACCOUNT + '", "Kim"]': _ACCOUNT, '[null, "Kim"]': None, '["Kim"]': None}


_OVER, _OPEN = ("done", "failed", "cancelled"), ("waiting", "handed", "running")


def test_jobs_of_before_lose_what_they_need_no_more() -> None:
    with cloned() as made:
        url = make_url(as_superuser(made)).set(drivername="postgresql+psycopg")
        engine = create_engine(url, poolclass=NullPool)
        for state, (told_by, asked_by) in product((*_OVER, *_OPEN), _TOLD.items()):
            lease = uuid4() if state == "running" else None
            values = {"school": SCHOOLS[0].id, "state": state, "lease": lease}
            arguments = f'{{"ids": ["{_ACCOUNT}"], "told_by": {told_by}}}'
            with engine.begin() as connection:
                connection.execute(_JOB, {**values, "arguments": arguments})
                connection.exec_driver_sql(_CLEARED, execution_options={"no_parameters": True})
                [(found, key)] = connection.execute(text("delete from job returning arguments, unique_key")).all()
            assert found == ({} if state in _OVER else {"ids": [_ACCOUNT], "asked_by": asked_by}), state
            assert (key is None) is (state in _OVER), state
        engine.dispose()


def _read_all(url: str) -> None:
    """Read every row of every table through its model."""
    engine = create_engine(url)
    with Session(engine) as session:
        for mapper in Base.registry.mappers:
            rows = session.scalars(select(mapper.class_)).all()
            assert all(row is not None for row in rows)
    engine.dispose()
