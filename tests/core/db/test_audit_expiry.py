"""The role by which entries of the audit go may do that and nothing else, and the application can't do it by itself."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.audit.seals import seal_entries
from portal.core.db.audit_expiry import RIGHTS, ROLE
from portal.core.db.session import session

pytestmark = pytest.mark.usefixtures("school")


def rows(statement: str, **values: object) -> list[Any]:
    return list(session.execute(text(statement), values).all())


def test_the_role_cannot_sign_in_and_may_delete_from_the_audit_alone() -> None:
    role = rows("select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = :name", name=ROLE)
    assert [tuple(row) for row in role] == [(False, False, False)]
    held = rows(
        "select relname, privilege_type from pg_class cross join lateral aclexplode(relacl) a"
        " join pg_roles r on r.oid = a.grantee where r.rolname = :name",
        name=ROLE,
    )
    wanted = {(table, right.upper()) for table, rights in RIGHTS.items() for right in rights.split(", ")}
    assert {(row.relname, row.privilege_type) for row in held} == wanted


def test_its_policies_hold_it_to_the_school_in_scope() -> None:
    held = rows("select tablename, qual from pg_policies where :role = any(roles)", role=ROLE)
    assert {row.tablename for row in held} == set(RIGHTS)
    assert {row.qual for row in held} == {"(school_id = current_school())", "(id = current_school())"}


@pytest.mark.parametrize("table", ["audit_event", "audit_learner", "audit_seal", "audit_expiry"])
def test_the_application_deletes_nothing_of_the_audit(table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(f"delete from {table}"))


@pytest.mark.parametrize("chain", ["main", "activity", "another"])
def test_without_a_line_nothing_goes(chain: str) -> None:
    audit.record("tests.done")
    seal_entries()
    before = session.scalars(select(AuditEvent.id)).all()
    with pytest.raises(DBAPIError, match="no line names"), session.begin_nested():
        session.execute(text("select expire_audit(:chain)"), {"chain": chain})
    assert session.scalars(select(AuditEvent.id)).all() == before
