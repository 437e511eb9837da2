"""What who acts for a learner changes is said to be hers who acted, and the learner is told by what she has."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.mail import Mail
from portal.learners.corrections.services import correct_own_field, propose_correction
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner, Source
from portal.notifications.models import Notification, NotificationKind
from tests.factories.corrections import decide
from tests.factories.learners import make_learner, make_representative
from tests.signing_in import make_account

pytestmark = pytest.mark.usefixtures("in_dutch")


def acting_for(learner: Learner) -> Actor:
    account = make_account("Samira Yilmaz", "representative")
    make_representative(learner, account_id=account.id)
    roles = frozenset({"representative"})
    return actor_of(account.id, account.name, roles, learner_id=learner.id, represents=True)


def mails() -> list[str]:
    rows = session.scalars(select(Mail).where(Mail.template == "learners/changed_on_behalf")).all()
    return [keys.unseal_for_school(row.sealed or b"", "mail") for row in rows]


@pytest.mark.promise("LB-11", part="representative")
def test_the_learner_reads_who_changed_it_and_is_told_by_her_account(enter: Any) -> None:
    with enter("meester-in-nt2"):
        own = make_account("Amina Yilmaz", "learner")
        learner = make_learner(account_id=own.id, email="amina@example.org")
        by = acting_for(learner)

        for number in ("06 12345678", "06 12345679"):
            correct_own_field(learner.id, "learner.phone", number, by=by)

        origin = list_origins(learner)["learner.phone"]
        assert (origin.source, origin.channel) == (Source.LEARNER, "representative")
        told = session.scalars(select(Notification).where(Notification.kind == NotificationKind.RECORD_CHANGED)).all()
        assert [(each.account_id, each.learner_id) for each in told] == [(own.id, learner.id)]
        assert mails() == []


@pytest.mark.promise("LB-11", part="representative")
def test_without_an_account_she_is_mailed_at_the_address_she_had(enter: Any) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(email="amina@example.org")
        by = acting_for(learner)

        correct_own_field(learner.id, "learner.email", "samira@example.org", by=by)
        correct_own_field(learner.id, "learner.phone", "06 12345678", by=by)

        assert len(mails()) == 1
        assert "amina@example.org" in mails()[0]


@pytest.mark.promise("LB-11", part="representative")
def test_what_she_proposed_and_the_school_took_over_is_hers_too(enter: Any, office: Actor) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner()
        by_another, herself = acting_for(learner), make_account("Amina Yilmaz", "learner")

        decide(
            propose_correction(learner.id, "learner.family_name", "Yildiz", by=by_another).id, accept=True, by=office
        )
        assert list_origins(learner)["learner.family_name"].channel == "representative"

        own = actor_of(herself.id, herself.name, frozenset({"learner"}), learner_id=learner.id)
        learner.account_id = herself.id
        decide(propose_correction(learner.id, "learner.family_name", "Yilmaz", by=own).id, accept=True, by=office)
        assert list_origins(learner)["learner.family_name"].channel == "portal"


def test_what_she_does_herself_tells_nobody(enter: Any) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(email="amina@example.org")
        own = make_account("Amina Yilmaz", "learner")
        by = actor_of(own.id, own.name, frozenset({"learner"}), learner_id=learner.id)

        correct_own_field(learner.id, "learner.phone", "06 12345678", by=by)

        assert mails() == []
        assert list_origins(learner)["learner.phone"].channel == "portal"
