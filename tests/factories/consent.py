"""Rows for tests of consents and files."""

from portal.consent import services
from portal.consent.models import Consent
from portal.core.access import Actor
from portal.learners.models import Learner
from portal.learners.queries.signed_in import actor_of
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
    return services.give_consent(learner.id, purpose, version=in_force(), language="nl", by=by)
