"""Bringing a database to this version: tables by Alembic, then roles and policies, in one transaction under a lock."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, make_url, text

from portal.core.db import row_security, statistics
from portal.core.db.base import Base

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"
_LOCK = 7_402_931


def alembic_config(connection: Connection) -> "Config":
    """Return Alembic's configuration for a connection that is already open.

    Alembic is loaded when it is wanted: in a process that answers requests it would take 8 MB for nothing.
    """
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(owner_url: str, application_url: str, backup_url: str | None = None) -> None:
    """Make or bring up to date all tables, the application's role and every policy; safe to run again.

    `owner_url` signs in as the tables' owner, who may make roles; `application_url` names the role the portal uses,
    `backup_url` the one that makes backups. Raises NeedsSuperuser where the owner can't make that one.
    """
    from alembic import command

    application = make_url(application_url)
    engine = create_engine(owner_url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            command.upgrade(alembic_config(connection), "head")
            row_security.apply(connection, Base.metadata)
            statistics.apply(connection, Base.metadata)
            if application.username:
                row_security.make_application_login(connection, application.username, application.password)
            if backup_url is not None and (backup := make_url(backup_url)).username:
                row_security.make_backup_login(connection, str(backup.username), backup.password)
    finally:
        engine.dispose()


def list_revisions() -> set[str]:
    """Return the revisions of the tables that this release knows."""
    from alembic.script import ScriptDirectory

    return {each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def refuse_powerful_role(connection: Connection) -> str | None:
    """Return why this connection's role must not run the portal, or None when it is fit for it."""
    row = connection.execute(
        text(
            "select rolsuper, rolbypassrls, exists (select 1 from pg_tables where schemaname = 'public' "
            "and tableowner = current_user) as owns from pg_roles where rolname = current_user"
        )
    ).one()
    if row.rolsuper:
        return "DATABASE_URL signs in as a superuser; use the application's role"
    if row.rolbypassrls:
        return "DATABASE_URL signs in as a role with BYPASSRLS; use the application's role"
    if row.owns:
        return "DATABASE_URL signs in as the tables' owner; use the application's role"
    return None
