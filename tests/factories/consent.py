"""Rows for tests of consents and files."""

from portal.accounts.actors import actor_of
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Consent
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
