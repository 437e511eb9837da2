"""Who acts for two stays for the other; who acts for one goes with her, and nothing of either is left for no night."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.representation.models import Representative
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.erasures.services import Why, erase_ended
from portal.retention.models import RetentionRun
from portal.retention.runs.services import carry_out_run
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner, make_representative
from tests.retention.people import LONG_AGO, gone, make_earlier_night

PAST = {"starts_on": LONG_AGO, "ends_on": LONG_AGO + timedelta(days=30)}
YEARS_BACK = {"starts_on": date(2021, 1, 1), "ends_on": today() - timedelta(days=366)}


@pytest.fixture(autouse=True)
def nobody_due(school: SchoolView) -> None:
    """Let nobody but those whom the test makes be due."""
    make_earlier_night()
    run()
    session.execute(RetentionRun.__table__.delete())
    session.execute(ErasureCertificate.__table__.delete())
    make_earlier_night()


def run() -> RetentionRun:
    reveal()
    done = carry_out_run(checkpoint=checkpoint, by=PORTAL)
    assert done is not None
    session.expire_all()
    return done


def make_parent() -> Account:
    return make_account("Samira Yilmaz", "representative", email="samira@example.org")


def certificates() -> list[tuple[PersonKind, ErasureReason, bool]]:
    rows = session.scalars(select(ErasureCertificate).order_by(ErasureCertificate.number))
    return [(row.kind, row.why, row.is_whole) for row in rows]


def is_there(account_id: UUID) -> bool:
    return session.scalar(select(Account.id).where(Account.id == account_id)) is not None


def test_a_parent_past_the_term_of_one_child_still_signs_in_for_the_other() -> None:
    account = make_parent()
    over, still = make_learner(last_contact_on=today()), make_learner(last_contact_on=today())
    make_representative(over, account_id=account.id, **PAST)
    make_representative(still, account_id=account.id)
    account_id, still_id = account.id, still.id

    assert run().erased == 1

    assert is_there(account_id)
    [left] = session.scalars(select(Representative)).all()
    assert (left.learner_id, left.account_id) == (still_id, account_id)


def test_who_acted_for_a_learner_goes_in_her_night_though_her_own_term_runs_on() -> None:
    account, learner = make_parent(), gone()
    acted = make_representative(learner, account_id=account.id, **YEARS_BACK)
    account_id, acted_id = account.id, acted.id

    assert run().erased == 1

    assert not session.scalars(select(Representative)).all()
    assert not is_there(account_id)
    assert certificates() == [
        (PersonKind.LEARNER, ErasureReason.TERM, True),
        (PersonKind.REPRESENTATIVE, ErasureReason.GROUND, True),
    ]
    about = select(AuditEvent).where(AuditEvent.event == "record.erased", AuditEvent.subject_id == acted_id)
    assert session.scalars(about).one().subject_kind == "representative"


def test_who_acts_for_a_learner_goes_with_her_where_she_asked() -> None:
    account, learner = make_parent(), make_learner()
    make_representative(learner, account_id=account.id)
    account_id, everything = account.id, [each.key for each in current_policy().categories]

    (outcome,) = erase_ended(PersonKind.LEARNER, {learner.id: everything}, why=Why.ASKED, day=today(), by=PORTAL)

    assert outcome.is_whole
    assert not is_there(account_id)
    assert certificates() == [
        (PersonKind.LEARNER, ErasureReason.ASKED, True),
        (PersonKind.REPRESENTATIVE, ErasureReason.GROUND, True),
    ]
