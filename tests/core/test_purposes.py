"""A mail for a purpose that she may say no to is asked about when it is asked for and once more when it leaves."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import mail
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.core.purposes import closed_to, closed_to_mail
from portal.purposes.objections.services import make_objections
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner, make_representative
from tests.factories.restrictions import hold
from tests.jobs import do_jobs
from tests.signing_in import make_account

Enter = Callable[[str], AbstractContextManager[SchoolView]]


def waiting() -> int:
    return session.scalar(select(func.count()).select_from(Mail).where(Mail.sealed.is_not(None))) or 0


def sent() -> int:
    return session.scalar(select(func.count()).select_from(Mail).where(Mail.sent_at.is_not(None))) or 0


def hello(**whom: object) -> None:
    mail.send("a@example.org", "learners/message", lines=[], name="A", school="S", subject="O", **whom)


@pytest.mark.promise("ST-09", part="objection")
def test_a_mail_that_waits_does_not_leave_once_she_says_no(app: Flask, school: SchoolView) -> None:
    amina, bilal = make_learner("Amina"), make_learner("Bilal")
    for learner in (amina, bilal):
        hello(learner_id=learner.id, purpose="efficiency")
    make_objections(amina.id, ["efficiency"], data_request_id=None, by=as_learner(amina))
    do_jobs("mail.send")
    assert (sent(), waiting()) == (1, 0)


def test_a_mail_to_her_account_does_not_leave_either(app: Flask, school: SchoolView) -> None:
    account = make_account("Amina", "learner")
    amina = make_learner("Amina", account_id=account.id)
    hello(account_id=account.id, purpose="efficiency")
    make_objections(amina.id, ["efficiency"], data_request_id=None, by=as_learner(amina))
    do_jobs("mail.send")
    assert (sent(), waiting()) == (0, 0)


def test_without_a_yes_or_after_the_policy_dropped_the_purpose_nothing_leaves(school: SchoolView) -> None:
    amina, bilal = make_learner("Amina"), make_learner("Bilal")
    agree(amina, "survey")
    assert closed_to("survey", [amina.id, bilal.id]) == {bilal.id}
    assert closed_to("of_a_version_before", [amina.id]) == {amina.id}
    assert closed_to("course", [amina.id, bilal.id]) == frozenset()
    assert closed_to(None, [amina.id]) == frozenset()


@pytest.mark.promise("LL-07")
def test_marketing_stops_at_once_and_for_good(enter: Enter) -> None:
    with enter("leren-leren"):
        amina = make_learner("Amina")
        assert closed_to("newsletter", [amina.id]) == {amina.id}  # nobody said yes
        assert closed_to("service_news", [amina.id]) == frozenset()
        [made] = make_objections(amina.id, ["service_news"], data_request_id=None, by=as_learner(amina))
        assert made.settled_at is not None
        assert closed_to("service_news", [amina.id]) == {amina.id}


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("categories", [(), ("contact",)])
def test_no_mail_for_a_purpose_goes_to_an_address_that_she_restricted(
    app: Flask, school: SchoolView, categories: tuple[str, ...]
) -> None:
    account = make_account("Amina", "learner")
    amina = make_learner("Amina", account_id=account.id)
    for whom in ({"learner_id": amina.id}, {"account_id": account.id}):
        hello(**whom, purpose="efficiency")
        hello(**whom)
    hold(amina.id, *categories)
    checkpoint()
    do_jobs("mail.send")
    assert (sent(), waiting()) == (2, 0)

    assert closed_to_mail("efficiency", [amina.id]) == {amina.id}
    assert closed_to_mail(None, [amina.id]) == frozenset()
    assert closed_to("efficiency", [amina.id]) == (frozenset() if categories else {amina.id})
    assert not closed_to_mail("efficiency", [make_learner("Bilal").id])


def test_who_acts_for_her_is_written_to_at_an_address_of_her_own(app: Flask, school: SchoolView) -> None:
    amina, parent = make_learner("Amina"), make_account("Fatma", "representative")
    make_representative(amina, account_id=parent.id)
    hello(learner_id=amina.id, account_id=parent.id, purpose="efficiency")
    hold(amina.id, "contact")
    checkpoint()
    do_jobs("mail.send")
    assert (sent(), waiting()) == (1, 0)
