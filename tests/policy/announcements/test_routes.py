"""The notice of a new version for everybody who signs in, and how it goes for who keeps the policy."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.jobs import Job
from portal.policy.announcements.models import PolicyAnnouncement, PolicyNoticeSeen
from portal.policy.announcements.services import announce_policy
from portal.policy.queries import current_policy
from portal.policy.services import publish_policy
from portal.purposes.models import Consent
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.learners import make_learner
from tests.factories.policy import changed, publish, tell, varied
from tests.jobs import do_jobs, fail_job
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

Enter = Callable[[str], AbstractContextManager[SchoolView]]

NOTICE = "/privacyverklaring/bericht"
DESK = "/privacyverklaring/aankondigingen"
HERE = school_id("lest-best")
BANNER = "De privacyverklaring van de school verandert."
VALUES = {"version": "2026", "purposes.survey.question": {"nl": "Mag het bureau u bellen?"}}


@pytest.fixture
def announced(school: SchoolView) -> PolicyAnnouncement:
    """A version of Lest Best that asks one consent anew, announced for a day ahead."""
    return announce_policy(
        varied("lest-best", VALUES), in_force_on=today() + timedelta(days=9), by=PORTAL, summary="Een bureau belt."
    )


def read(client: PageClient, address: str) -> str:
    """Return a page's text."""
    return unescape(client.get(address).get_data(as_text=True))


@pytest.mark.promise("MN-19", part="shown")
@pytest.mark.parametrize("role", ["learner", "teacher"])
def test_a_new_version_is_shown_at_the_next_sign_in_until_it_is_read(
    client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Enter, role: str
) -> None:
    browser, home = client_at("meester-in-nt2"), "/mijn/account"
    with enter("meester-in-nt2"):
        learner = make_learner("Amina")
    sign_in(browser, role, learner=learner if role == "learner" else None)
    assert BANNER not in read(browser, home)
    with enter("meester-in-nt2"):
        values = {"version": "2026", "purposes.progress.title": {"nl": "De cursus goed laten lopen"}}
        publish_policy(varied("meester-in-nt2", values), by=PORTAL)
        do_jobs("purposes.send_statement_notices")
        tell(session.scalars(select(PolicyAnnouncement.id)).one())

    assert BANNER in read(browser, home)
    page = browser.get(NOTICE)
    assert "Wat er verandert" in page.get_data(as_text=True)
    [action] = [form for form in _actions(page) if form.endswith("/gelezen")]
    for _ in range(2):
        assert browser.post(action, hidden_in(page, action)).status_code == 303

    assert BANNER not in read(browser, home)
    with enter("meester-in-nt2"):
        assert session.scalar(select(func.count()).select_from(PolicyNoticeSeen)) == 1


def _actions(page: TestResponse) -> list[str]:
    text = page.get_data(as_text=True)
    return [piece.partition('"')[0] for piece in text.split('action="')[1:]]


@pytest.mark.promise("LB-05")
@pytest.mark.promise("MN-19", part="shown")
def test_having_read_it_is_no_agreement(client: PageClient, sign_in: SignIn, announced: PolicyAnnouncement) -> None:
    learner = make_learner("Amina")
    tell(announced.id)
    sign_in(client, "learner", learner=learner)
    with in_school(HERE):
        announcement_id = announced.id
    page = client.get(NOTICE)
    text = unescape(page.get_data(as_text=True))
    assert "Wij vragen u opnieuw om toestemming" in text
    assert "Een bureau belt." in text

    action = f"{NOTICE}/{announcement_id}/gelezen"
    assert client.post(action, hidden_in(page, action)).status_code == 303

    with in_school(HERE):
        assert session.scalars(select(Consent)).all() == []


def test_a_lapsed_consent_says_why_it_is_asked_anew(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    learner = make_learner("Amina")
    agree(learner)
    publish(varied("lest-best", VALUES))
    sign_in(client, "learner", learner=learner)

    page = read(client, "/mijn/toestemmingen")

    assert "Wij vragen het u opnieuw" in page
    assert "want de vraag is veranderd" in page
    assert "Mag het bureau u bellen?" in page


def test_who_keeps_the_policy_sees_the_change_and_who_read_of_it(
    client: PageClient, sign_in: SignIn, announced: PolicyAnnouncement
) -> None:
    sign_in(client, "management")
    assert "Het bericht is nog niet overal verstuurd." in read(client, DESK)
    with in_school(HERE):
        tell(announced.id)

    page = read(client, DESK)

    assert "Het bericht is nog niet overal verstuurd." not in page
    assert "0 van 1 las het bericht" in page
    assert "Deze toestemmingen vervallen en worden opnieuw gevraagd" in page


@pytest.mark.parametrize("role", ["management", "privacy_staff"])
def test_an_announcement_is_taken_back(
    client: PageClient, sign_in: SignIn, announced: PolicyAnnouncement, role: str
) -> None:
    action = f"{DESK}/{announced.id}/intrekken"
    sign_in(client, role)

    for _ in range(2):
        assert client.post(action).status_code == 303

    assert "ingetrokken op" in read(client, DESK)
    assert "gaat gelden" not in read(client, "/privacy")


@pytest.mark.parametrize("role", ["teacher", "administration", "privacy_officer"])
def test_others_read_along_and_take_nothing_back(
    client: PageClient, sign_in: SignIn, announced: PolicyAnnouncement, role: str
) -> None:
    sign_in(client, role)

    assert "Trek de aankondiging in" not in read(client, DESK)
    assert client.post(f"{DESK}/{announced.id}/intrekken").status_code == 403


def test_a_learner_does_not_see_how_it_goes(client: PageClient, sign_in: SignIn, announced: PolicyAnnouncement) -> None:
    sign_in(client, "learner", learner=make_learner("Amina"))

    assert client.get(DESK).status_code == 403


def test_another_schools_or_no_announcement_is_not_there(
    client: PageClient, sign_in: SignIn, enter: Enter, school: SchoolView
) -> None:
    with enter("step-inburgering"):
        other = announce_policy(
            varied("step-inburgering", {"version": "2026"}), in_force_on=today() + timedelta(days=9), by=PORTAL
        ).id
    sign_in(client, "management")

    for announcement_id in (other, uuid4(), new_id()):
        assert client.post(f"{DESK}/{announcement_id}/intrekken").status_code == 404
        assert client.post(f"{NOTICE}/{announcement_id}/gelezen").status_code == 404
    assert "Er is geen bericht" in read(client, NOTICE)


@pytest.mark.promise("ST-12")
@pytest.mark.promise("LB-15")
def test_the_public_page_shows_the_announced_version_with_its_day(
    client: PageClient, announced: PolicyAnnouncement
) -> None:
    page = read(client, "/privacy")
    assert 'Deze verklaring verandert. Versie <bdi translate="no">2026</bdi> gaat gelden op' in page

    coming = read(client, "/privacy/2026")

    assert "Deze versie is aangekondigd. Zij geldt nog niet." in coming
    assert 'Wat veranderde na versie <bdi translate="no">2021-01-19</bdi>' in coming
    with in_school(HERE):
        assert current_policy().version == "2021-01-19"


def test_a_version_that_was_published_at_once_stands_there_as_before(client: PageClient, school: SchoolView) -> None:
    publish(changed("lest-best", ('version = "2021-01-19"', 'version = "2026"')))

    assert "Deze verklaring verandert." not in read(client, "/privacy")


def test_the_desk_reads_that_its_mails_could_not_leave(
    client: PageClient, sign_in: SignIn, announced: PolicyAnnouncement
) -> None:
    make_learner("Amina", email="amina@example.org")
    do_jobs("purposes.send_statement_notices")
    sign_in(client, "privacy_staff")
    assert "konden niet weg" not in read(client, DESK)
    with in_school(HERE):
        for job_id in session.scalars(select(Job.id).where(Job.kind == "mail.send")).all():
            fail_job(job_id)

    page = read(client, DESK)

    assert "De meeste e-mails konden niet weg." in page
    assert "1 kon niet weg" in page
