"""Who teaches a learner now, for the head of her lessons."""

from sqlalchemy import and_, select

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.courses.models import GroupTeacher
from portal.learners.enrolments.models import Enrolment


def list_teachers(scope: Scope) -> list[str]:
    """Return who teaches the learner of this scope today, by name."""
    day = today()
    statement = (
        select(Account.name)
        .distinct()
        .join(GroupTeacher, and_(GroupTeacher.school_id == Account.school_id, GroupTeacher.account_id == Account.id))
        .join(Enrolment, and_(Enrolment.school_id == Account.school_id, Enrolment.group_id == GroupTeacher.group_id))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.learner_id == scope.get_own_learner_id(),
            Enrolment.holds_on(day),
            GroupTeacher.holds_on(day),
        )
        .order_by(Account.name)
    )
    return list(session.scalars(statement))
