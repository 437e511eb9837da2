"""What a parent reads before a withdrawal: what goes, or that it waits for the other parent who gave the consent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.consents.services import give_consent
from portal.purposes.withdrawals.queries import waits_for_other_parent
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force
from tests.page_client import PageClient
from tests.signing_in import SignIn

PURPOSE = "child_guidance"
PAGE = f"/mijn/toestemmingen/{PURPOSE}/intrekken"


def actor_for(parent: Actor, child: Learner) -> Actor:
    """Return a parent as she acts for a child."""
    return actor_of(parent.account_id, parent.name, frozenset({"representative"}), learner_id=child.id, represents=True)


def test_the_other_parent_reads_that_nothing_goes_yet(
    client_at: Callable[[str], PageClient],
    sign_in: SignIn,
    enter: Callable[[str], AbstractContextManager[SchoolView]],
) -> None:
    mother, father = client_at("leren-leren"), client_at("leren-leren")
    with enter("leren-leren"):
        child = make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 3, 1))
    parents = [sign_in(each, "representative", name=name) for each, name in ((mother, "Samira"), (father, "Karim"))]
    with enter("leren-leren"):
        for each in parents:
            make_representative(child, account_id=each.account_id, name=each.name)
        hers = actor_for(parents[0], child)
        give_consent(child.id, PURPOSE, version=in_force(), language="nl", by=hers)
        purpose = current_policy().purpose(PURPOSE)
        assert not waits_for_other_parent(child.id, purpose, hers)
        assert waits_for_other_parent(child.id, purpose, actor_for(parents[1], child))

    own, other = (each.get(PAGE).get_data(as_text=True) for each in (mother, father))

    assert "Dit wissen wij:" in own
    assert "Wij wissen nog niets." not in own
    assert "Wij wissen nog niets." in other
    assert "Dit wissen wij:" not in other
