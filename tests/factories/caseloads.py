"""Who coaches whom, in the school in scope."""

from datetime import timedelta
from typing import Any

from portal.accounts.models import Account
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.learners.caseloads.models import Coaching, CoachSubstitute
from portal.learners.record.models import Learner
from tests.factories.accounts import make_account


def make_coach(name: str = "Roos Willems") -> Account:
    """Make an account with the role of a coach."""
    return make_account(name, "coach", email=f"{new_id().hex[-12:]}@example.org", password=None)


def make_coaching(learner: Learner, coach: Account | Any, **values: Any) -> Coaching:
    """Let a learner have a coach, an account or an actor, since a month unless told otherwise."""
    account_id = coach.account_id if hasattr(coach, "account_id") else coach.id
    signed = {"given_by_name": "Anouk Bos", "given_at": now()}
    row = {"starts_on": today() - timedelta(days=30), **signed, **values}
    coaching = Coaching(learner_id=learner.id, account_id=account_id, **row)
    session.add(coaching)
    session.flush()
    return coaching


def make_coach_substitute(account: Account | Any, coach: Account, **values: Any) -> CoachSubstitute:
    """Let a coach stand in for another, this week unless told otherwise."""
    account_id = account.account_id if hasattr(account, "account_id") else account.id
    row = {"starts_on": today() - timedelta(days=3), "ends_on": today() + timedelta(days=3), **values}
    substitute = CoachSubstitute(account_id=account_id, coach_id=coach.id, **row)
    session.add(substitute)
    session.flush()
    return substitute
