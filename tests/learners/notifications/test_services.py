"""Whoever a learner's matter concerns is told: herself, or who acts for her in its category today."""

from datetime import timedelta

import pytest

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.http.access import PORTAL
from portal.learners.notifications.services import notify_learners
from portal.notifications.models import NotificationKind
from portal.representation.models import RepresentativeKind
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative
from tests.factories.notifications import told_of
from tests.signing_in import make_account

KIND = NotificationKind.LESSON_CHANGED
DAY = timedelta(days=1)


@pytest.fixture
def helper(school: SchoolView) -> Account:
    return make_account("Samira Haddad", "representative")


def test_she_herself_and_who_acts_for_her(helper: Account) -> None:
    account, target = make_account("Amina Yilmaz", "learner"), new_id()
    amina = make_learner(account_id=account.id)
    make_representative(amina, account_id=helper.id)

    notify_learners(KIND, {amina.id: target}, category="attendance", by=PORTAL)

    assert told_of(account.id) == told_of(helper.id) == [(KIND, target, amina.id)]


def test_of_a_child_the_parent_alone(helper: Account) -> None:
    account = make_account("Yara Haddad", "learner")
    yara = make_learner("Yara", birth_date=today() - 3000 * DAY, account_id=account.id)
    make_representative(yara, account_id=helper.id)

    notify_learners(KIND, {yara.id: new_id()}, category="attendance", by=PORTAL)

    assert (len(told_of(account.id)), len(told_of(helper.id))) == (0, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"ends_on": today() - DAY, "starts_on": today() - 2 * DAY},
        {"categories": ["level"]},
        {"kind": RepresentativeKind.PARENT},
    ],
)
def test_not_whose_authority_is_over_or_narrower(helper: Account, values: dict[str, object]) -> None:
    amina = make_learner()
    make_representative(amina, account_id=helper.id, **values)

    notify_learners(KIND, {amina.id: new_id()}, category="attendance", by=PORTAL)

    assert told_of(helper.id) == []
