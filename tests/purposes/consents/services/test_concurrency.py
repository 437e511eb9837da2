"""Decisions on one purpose that are made at the same moment, in transactions that really race."""

from functools import partial

from flask import Flask
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Consent
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner
from tests.factories.policy import in_force
from tests.page_client import PageClient, hidden_in
from tests.racing import Race
from tests.signing_in import SignIn, make_account


def counted(race: Race) -> tuple[int, int]:
    """How many consents there are, and how often one was written down as given."""
    with in_school(race.school_id):
        given = select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "purposes.consent_given")
        return session.scalar(select(func.count()).select_from(Consent)) or 0, session.scalar(given) or 0


def test_two_clicks_on_yes_are_one_yes(race: Race) -> None:
    with in_school(race.school_id):
        learner = make_learner()
        by = as_learner(learner)

    with race.held(learner.id):
        clicks = [
            race.start(lambda: give_consent(learner.id, "survey", version=in_force(), language="nl", by=by).id)
            for _ in range(2)
        ]
        assert race.stand_still(2)

    first, second = [click.result(timeout=10) for click in clicks]
    assert first == second
    assert counted(race) == (1, 1)


def test_two_clicks_on_the_page_both_lead_back_to_the_page(app: Flask, race: Race) -> None:
    with in_school(race.school_id):
        learner, account = make_learner(), make_account("Amina Yilmaz", "learner")
    browsers = [PageClient(app, "lest-best.localhost") for _ in range(2)]
    url = "/mijn/toestemmingen/survey/geven"
    for browser in browsers:
        SignIn()(browser, "learner", learner=learner, account=account)
        shown = hidden_in(browser.get("/mijn/toestemmingen"), url)

    with race.held(learner.id):
        clicks = [race.start(partial(each.post, url, shown)) for each in browsers]
        assert race.stand_still(2)

    assert [click.result(timeout=10).status_code for click in clicks] == [303, 303]
    assert counted(race) == (1, 1)
