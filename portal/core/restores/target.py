"""The place that a backup is put back into: an empty database and an empty folder, held by one restore."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.backups.manifest import Manifest
from portal.core.crypto.copies import make_database
from portal.core.db import audit_expiry, closures, cross_school, restore_state, row_security

_LOCK = 7_402_932
_TABLES = text("select count(*) from pg_tables where schemaname = 'public' and tablename <> 'restoring'")
_OWN_FUNCTIONS = text("""
select p.oid::regprocedure::text from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proowner = current_user::regrole and p.proname = any(:names)
""")


class Target:
    """Where a backup is put back: the database as its owner, and the folder of files."""

    def __init__(self, owner_url: str, files: Path) -> None:
        self.owner_url, self.files = owner_url, files
        self._engine: Engine = create_engine(owner_url, hide_parameters=True, poolclass=NullPool)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the database, made where it isn't there, so that no other restore is at work; raises BackupError."""
        try:
            make_database(make_url(self.owner_url))
            connection = self._engine.connect()
        except OperationalError:
            raise BackupError(
                "PORTAL_MIGRATE_DATABASE_URL can't be reached, or its role may make no database"
            ) from None
        with connection:
            if not connection.scalar(text("select pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
                raise BackupError("another restore is at work in this database")
            yield

    @contextmanager
    def said(self) -> Iterator[Connection]:
        """Yield a connection as the owner; what is said in the block is committed at its end."""
        with self._engine.begin() as connection:
            yield connection

    def begin(self, manifest: Manifest) -> str:
        """Let nobody be served, and return how far an earlier try came; raises BackupError where it isn't empty."""
        with self.said() as connection:
            state, tables = restore_state.get_state(connection), connection.scalar(_TABLES)
            if state is None and tables:
                raise BackupError("the database of PORTAL_MIGRATE_DATABASE_URL isn't empty")
            if state is not None and state.backup_id != manifest.backup_id:
                raise BackupError(
                    f"another backup ({state.backup_id}) is being restored here: finish that, or clear it"
                )
            if state is None and self._has_files():
                raise BackupError(f"PORTAL_FILES_DIR isn't empty: {self.files}")
            if state is None:
                restore_state.begin(connection, manifest.backup_id, manifest.made_at)
            for role in (row_security.APPLICATION, cross_school.ROLE, audit_expiry.ROLE, closures.ROLE):
                row_security.make_role(connection, role)
            return restore_state.LOADED if tables else restore_state.LOADING

    def _has_files(self) -> bool:
        with told_in_a_line("restore", self.files):
            return self.files.is_dir() and any(self.files.iterdir())

    def forget(self) -> None:
        """Let the place be empty again: nothing of the database came, and what came of the files goes."""
        for path in sorted(self.files.rglob("*"), reverse=True) if self.files.is_dir() else ():
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
        with self.said() as connection:
            restore_state.end(connection)

    def take_functions(self) -> None:
        """Let go of the functions that came with the owner's rights: `migrate` makes them anew as their own roles."""
        made = (audit_expiry.SIGNATURE, *(each.signature for each in cross_school.FUNCTIONS))
        names = [signature.partition("(")[0] for signature in made]
        with self.said() as connection:
            for signature in connection.scalars(_OWN_FUNCTIONS, {"names": names}).all():
                connection.execute(text(f"drop function {signature}"))
