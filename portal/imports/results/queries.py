"""Who started an import of results, as she acts in a job, and who is in the group that a list is of."""

from uuid import UUID

from sqlalchemy import and_, select

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.accounts.queries import roles_on
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotAllowed
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.courses.scope import not_over
from portal.imports.models import ImportRun, RunState
from portal.learners.enrolments.models import Enrolment
from portal.learners.scope.queries import reaches_learner
from portal.permissions import Permission


def get_actor_of(run: ImportRun) -> Actor:
    """Return who brought results in, or takes them back, with the roles and the reach that she has now.

    In a job, which acts as the portal otherwise. Raises NotAllowed for who no longer brings results in.
    """
    account_id = run.undone_by if run.state is RunState.UNDOING else run.started_by
    wanted = select(Account.id, Account.name, roles_on(today()).label("roles")).where(
        Account.school_id == current_school_id(), Account.id == account_id, Account.is_in_force
    )
    row = read(wanted).one_or_none()
    if row is None:
        raise NotAllowed("account_ended")
    by = actor_of(row.id, row.name, frozenset(str(role) for role in row.roles or ()))
    by.must(Permission.RESULT_IMPORT)
    return by


def list_member_ids(group_id: UUID, scope: Scope) -> frozenset[UUID]:
    """Return who is in a group, or was until a week ago, of whom this scope reaches."""
    day = today()
    wanted = select(Enrolment.learner_id).where(
        and_(Enrolment.school_id == current_school_id(), Enrolment.group_id == group_id),
        Enrolment.starts_on <= day,
        not_over(day, Enrolment.ends_on),
        reaches_learner(scope, Enrolment.learner_id),
    )
    return frozenset(session.scalars(wanted))
