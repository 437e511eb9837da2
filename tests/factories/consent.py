"""Rows for tests of consents and files."""

from uuid import UUID

from portal.accounts.actors import actor_of
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Consent
from portal.purposes.queries import list_closed
from tests.factories.policy import in_force
from tests.signing_in import make_account


def as_learner(learner: Learner, *, represents: bool = False) -> Actor:
    """Return the actor who is this learner, or represents her."""
    role = "representative" if represents else "learner"
    account = make_account(learner.full_name, role)
    return actor_of(account.id, account.name, frozenset({role}), learner_id=learner.id, represents=represents)


def agree(learner: Learner, purpose: str = "survey", *, represents: bool = False) -> Consent:
    """Let a learner, or who represents her, say yes to a purpose."""
    by = as_learner(learner, represents=represents)
    return give_consent(learner.id, purpose, version=in_force(), language="nl", by=by)


def is_open(purpose: str, learner_id: UUID, scope: Scope) -> bool:
    """Say whether a learner's data may be used for a purpose now."""
    return learner_id not in list_closed(purpose, [learner_id], scope)
