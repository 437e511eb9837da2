"""Databases for tests on a real PostgreSQL: one template, made once for each state of the code, cloned per worker."""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, make_url, text

from portal import config
from portal.core.crypto import key_store
from portal.core.crypto.copies import prepare_copy
from portal.core.db import migrations
from portal.core.db import session as database
from portal.demo import services

ROOT = Path(__file__).resolve().parent.parent
TEST_FOLDER = Path(os.environ.get("INZAGE_TEST_FOLDER") or ROOT / "var" / "test")
OTHER_POSTGRES = os.environ.get("INZAGE_TEST_POSTGRES")
"""Where the programs of another PostgreSQL are, such as /usr/lib/postgresql/15/bin; the embedded one's otherwise."""
APPLICATION = "portal_app"
_PATIENCE_SECONDS = 60
"""On a machine that is busy with other tests a connection may take long, which is no copy of the keys that is away."""


@dataclass(frozen=True)
class TestDatabase:
    """A database with the five schools in it, and its keys: addresses for the owner and for the application."""

    __test__ = False

    owner_url: str
    application_url: str
    keys_owner_url: str
    keys_url: str
    keys_copy_url: str
    redis_url: str

    def list_filled(self) -> set[str]:
        """Return the tables that hold a row of any school."""
        engine = create_engine(make_url(self.owner_url).set(username="postgres"), poolclass=NullPool)
        with engine.connect() as connection:
            names = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
            each = (f"select '{name}' where exists (select from {name})" for name in names)
            return set(connection.scalars(text(" union all ".join(each))))


FILLED_AT_FIRST: dict[TestDatabase, set[str]] = {}
"""The database of this worker, once it is there, and which of its tables held rows then."""


def _url(base: str, *, name: str, user: str | None = None) -> str:
    url = make_url(base).set(drivername="postgresql+psycopg", database=name)
    url = url.update_query_dict({"connect_timeout": str(_PATIENCE_SECONDS)})
    if user is not None:
        url = url.set(username=user)
    return url.render_as_string(hide_password=False)


def _state_of_code() -> str:
    digest = hashlib.sha256()
    paths = [
        *sorted(ROOT.glob("migrations/versions/*.*")),
        *sorted(ROOT.glob("portal/policy/**/*.toml")),
        *sorted(ROOT.glob("portal/policy/**/*.py")),
        *sorted(ROOT.glob("portal/core/**/*.py")),
        *sorted(ROOT.glob("portal/**/models.py")),  # they say which rows a policy hides
        ROOT / "tests" / "database.py",
        ROOT / "tests" / "seed.py",
    ]
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _run(admin_url: str, *statements: str) -> None:
    engine = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def _names(admin_url: str) -> set[str]:
    engine = create_engine(admin_url)
    try:
        with engine.connect() as connection:
            return set(connection.scalars(text("select datname from pg_database")))
    finally:
        engine.dispose()


@contextmanager
def _keys_at(url: str) -> Iterator[None]:
    """Let this process keep keys there alone for a while: a template may be made in the middle of a run."""
    kept = {name: os.environ.pop(name) for name in ("PORTAL_KEYS_URL", "PORTAL_KEYS_COPY_URL") if name in os.environ}
    os.environ["PORTAL_KEYS_URL"] = url
    config.settings.cache_clear()
    key_store.forget()
    try:
        yield
    finally:
        os.environ.update(kept)
        config.settings.cache_clear()
        key_store.forget()


def _make_template(base: str, admin: str, main: str, keyring: str) -> None:
    half_main, half_keys, half_copy = f"{main}_half", f"{keyring}_half", f"{keyring}_half_copy"
    _run(
        admin,
        f"drop database if exists {half_main} with (force)",
        f"drop database if exists {half_keys} with (force)",
        f"drop database if exists {half_copy} with (force)",
        f"create database {half_main}",
        f"create database {half_keys}",
    )
    application = _url(base, name=half_main, user=APPLICATION)
    migrations.migrate(_url(base, name=half_main), application)
    for name in (half_keys, half_copy):
        prepare_copy(_url(base, name=name), _url(base, name=name, user=APPLICATION))
    from tests.seed import seed_schools

    with _keys_at(_url(base, name=half_keys, user=APPLICATION)):
        engine = create_engine(application)
        bound = database.session.get_bind() if database.is_bound() else None
        database.bind(engine)
        seed_schools()
        database.session.remove()
        database.session.configure(bind=bound)
        engine.dispose()
    _run(
        admin,
        f"alter database {half_copy} rename to {keyring}_copy",
        f"alter database {half_keys} rename to {keyring}",
        f"alter database {half_main} rename to {main}",
    )


def _drop_old(admin: str, keep: str) -> None:
    for name in _names(admin):
        if re.match(r"(template|keystemplate)_[0-9a-f]{16}(_half)?(_copy)?$", name) and keep not in name:
            _run(admin, f"drop database if exists {name} with (force)")


@contextmanager
def cloned() -> Iterator[TestDatabase]:
    """Yield a fresh clone of the template with its keys; dropped at the end."""
    addresses = services.ensure(TEST_FOLDER, binaries=Path(OTHER_POSTGRES) if OTHER_POSTGRES else None)
    base = addresses.database
    admin = _url(base, name="postgres")
    state = _state_of_code()
    main, keyring = f"template_{state}", f"keystemplate_{state}"
    token = uuid4().hex[:12]
    with (TEST_FOLDER / "template.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not {main, keyring} <= _names(admin):
            _make_template(base, admin, main, keyring)
            _drop_old(admin, state)
        _run(
            admin,
            f"create database test_{token} template {main}",
            f"create database testkeys_{token} template {keyring}",
            f"create database testkeys_{token}_copy template {keyring}_copy",
        )
    try:
        yield TestDatabase(
            owner_url=_url(base, name=f"test_{token}"),
            application_url=_url(base, name=f"test_{token}", user=APPLICATION),
            keys_owner_url=_url(base, name=f"testkeys_{token}"),
            keys_url=_url(base, name=f"testkeys_{token}", user=APPLICATION),
            keys_copy_url=_url(base, name=f"testkeys_{token}_copy", user=APPLICATION),
            redis_url=addresses.redis,
        )
    finally:
        key_store.forget()
        _run(  # as superuser: the server itself may be vacuuming in them, or one be just leaving
            _url(base, name="postgres", user="postgres"),
            f"drop database if exists test_{token} with (force)",
            f"drop database if exists testkeys_{token} with (force)",
            f"drop database if exists testkeys_{token}_copy with (force)",
        )
