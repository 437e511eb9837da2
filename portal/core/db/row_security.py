"""Roles, grants, row-level security and the functions across schools: put in place by `portal migrate`.

Each statement can be given again, so a new table gets its policy with the next migrate, in the same transaction.
"""

from sqlalchemy import Connection, MetaData, Table, text

from portal.core.db import audit_expiry, closures, cross_school, restore_state, restrictions

APPLICATION = "portal_application"
_ROLES = (cross_school.ROLE, audit_expiry.ROLE, closures.ROLE)
"""Who may do more than the application, by their functions or as the owner; none of them can sign in."""

_CURRENT_SCHOOL = """
create or replace function current_school() returns uuid
language sql stable parallel safe as $$ select nullif(current_setting('portal.school', true), '')::uuid $$
"""


class NeedsSuperuser(Exception):
    """A role is wanted that only a superuser can make; the text says how."""


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def make_role(connection: Connection, name: str) -> None:
    """Make a role that can't sign in, unless it is there."""
    if connection.scalar(text("select 1 from pg_roles where rolname = :name"), {"name": name}) is None:
        connection.execute(
            text(
                f"do $$ begin create role {_quote(name)} nologin nosuperuser nobypassrls; "
                "exception when duplicate_object or unique_violation then null; end $$"
            )
        )


def make_application_login(connection: Connection, name: str, password: str | None) -> None:
    """Make the role with which the application signs in, and let it act as the application and nothing more."""
    if connection.scalar(text("select 1 from pg_roles where rolname = :name"), {"name": name}) is None:
        secret = ""
        if password:
            literal = connection.scalar(text("select quote_literal(:password)"), {"password": password})
            secret = f" password {literal}"
        connection.exec_driver_sql(
            f"create role {_quote(name)} login nosuperuser nobypassrls nocreatedb nocreaterole{secret}".replace(
                "%", "%%"
            )
        )
    is_member = connection.scalar(
        text(
            "select 1 from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member "
            "where r.rolname = :role and u.rolname = :name"
        ),
        {"role": APPLICATION, "name": name},
    )
    if is_member is None:
        connection.execute(text(f"grant {APPLICATION} to {_quote(name)}"))


def make_backup_login(connection: Connection, name: str, password: str | None) -> None:
    """Make the role that reads every school's rows for a backup, and let it do nothing else.

    Raises NeedsSuperuser with what one has to say, where this connection may not make such a role.
    """
    found = connection.scalar(
        text("select rolbypassrls or rolsuper from pg_roles where rolname = :name"), {"name": name}
    )
    if not found:
        may = connection.scalar(text("select rolsuper from pg_roles where rolname = current_user"))
        wanted = (
            f"create role {_quote(name)} login bypassrls" if found is None else f"alter role {_quote(name)} bypassrls"
        )
        if not may:
            raise NeedsSuperuser(f"PORTAL_BACKUP_DATABASE_URL: a superuser must first say: {wanted} password '…'")
        secret = ""
        if found is None and password:
            literal = connection.scalar(text("select quote_literal(:password)"), {"password": password})
            secret = f" password {literal}"
        connection.exec_driver_sql(f"{wanted}{secret}".replace("%", "%%"))
    for what in ("usage on schema public", "select on all tables in schema public",
                 "select on all sequences in schema public"):  # fmt: skip
        connection.execute(text(f"grant {what} to {_quote(name)}"))


def _protect(connection: Connection, table: Table, column: str) -> None:
    name = _quote(table.name)
    grants = table.info.get("grants", "select, insert, update, delete")
    statements = [
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"drop policy if exists own_school on {name}",
        f"create policy own_school on {name} to {APPLICATION} "
        f"using ({column} = current_school()) with check ({column} = current_school())",
        f"revoke all on {name} from {APPLICATION}",
        f"grant {grants} on {name} to {APPLICATION}",
    ]
    for statement in statements:
        connection.execute(text(statement))


def _allow_cross_school(connection: Connection, function: cross_school.CrossSchoolFunction) -> None:
    for table in function.reads:
        connection.execute(text(f"drop policy if exists across_reads on {_quote(table)}"))
        connection.execute(
            text(f"create policy across_reads on {_quote(table)} for select to {cross_school.ROLE} using (true)")
        )
        connection.execute(text(f"grant select on {_quote(table)} to {cross_school.ROLE}"))
    for table in function.changes:
        connection.execute(text(f"drop policy if exists across_changes on {_quote(table)}"))
        connection.execute(
            text(f"create policy across_changes on {_quote(table)} for update to {cross_school.ROLE} using (true)")
        )
        connection.execute(text(f"grant update on {_quote(table)} to {cross_school.ROLE}"))
    _make_function(connection, cross_school.ROLE, function.signature, function.sql)


def _allow_expiry(connection: Connection) -> None:
    """Let the role of the audit's expiry do what its function does, with rows of the school in scope alone."""
    for name, rights in audit_expiry.RIGHTS.items():
        table, column = _quote(name), "id" if name == "school" else "school_id"
        connection.execute(text(f"drop policy if exists audit_expiry on {table}"))
        connection.execute(
            text(f"create policy audit_expiry on {table} to {audit_expiry.ROLE} using ({column} = current_school())")
        )
        connection.execute(text(f"revoke all on {table} from {audit_expiry.ROLE}"))
        connection.execute(text(f"grant {rights} on {table} to {audit_expiry.ROLE}"))
    _make_function(connection, audit_expiry.ROLE, audit_expiry.SIGNATURE, audit_expiry.SQL)


def _make_function(connection: Connection, role: str, signature: str, sql: str) -> None:
    """Make a function that runs as this role and that the application alone may call."""
    connection.execute(text(f"set local role {role}"))
    connection.execute(text(f"drop function if exists {signature}"))
    connection.exec_driver_sql(sql.replace("%", "%%"))
    connection.execute(text(f"revoke all on function {signature} from public"))
    connection.execute(text(f"grant execute on function {signature} to {APPLICATION}"))
    connection.execute(text("reset role"))


def _may_become(connection: Connection, role: str) -> None:
    """Let the owner hand functions to a role, without inheriting what that role may."""
    is_member = connection.scalar(text("select pg_has_role(current_user, :role, 'MEMBER')"), {"role": role})
    version = int(connection.scalar(text("show server_version_num")) or 0)
    if version >= 160000:
        may_set = connection.scalar(text("select pg_has_role(current_user, :role, 'SET')"), {"role": role})
        if not may_set:
            connection.execute(text(f"grant {role} to current_user with inherit false, set true"))
    elif not is_member:
        connection.execute(text(f"grant {role} to current_user"))


def apply(connection: Connection, metadata: MetaData) -> None:
    """Put roles, policies, grants and functions in place for every school-owned table."""
    make_role(connection, APPLICATION)
    for role in _ROLES:
        make_role(connection, role)
        _may_become(connection, role)
    roles = ", ".join(_ROLES)
    connection.execute(text(f"grant usage on schema public to {APPLICATION}, {roles}"))
    connection.execute(text(f"grant create on schema public to {roles}"))
    connection.execute(text(_CURRENT_SCHOOL))
    connection.exec_driver_sql(restore_state.REFUSE)
    for table in metadata.sorted_tables:
        if table.info.get("school_owned"):
            _protect(connection, table, "school_id")
    _protect(connection, metadata.tables["school"], "id")
    restrictions.apply(connection, metadata, APPLICATION)
    for function in cross_school.FUNCTIONS:
        _allow_cross_school(connection, function)
    _allow_expiry(connection)
    for statement in closures.policies(metadata):
        connection.execute(text(statement))
    connection.execute(text(f"revoke create on schema public from {roles}"))
    connection.execute(text(f"grant select on alembic_version to {APPLICATION}"))
