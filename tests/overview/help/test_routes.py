"""The page *Hulp*: the school for everybody, its people for who is signed in, and the way to it from each page."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.conftest import school_id
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")


@pytest.fixture
def helper(database: object) -> Account:
    with in_school(LEST_BEST):
        account = make_account("Anouk Bos", "administration")
        account.helps_with, account.help_phone = "vragen over <b>betalen</b>", "+31301234567"
        return account


def text_of(client: PageClient, path: str = "/hulp") -> str:
    return client.get(path).get_data(as_text=True)


def test_who_is_not_signed_in_reads_how_to_reach_the_school_and_no_names(client: PageClient, helper: Account) -> None:
    text = text_of(client)

    assert 'href="tel:0308883791"' in text
    assert 'href="mailto:info@lestbest.nl"' in text
    assert "Newtonlaan 215" in text
    assert "Anouk Bos" not in text


def test_a_learner_reads_who_helps_with_what_and_who_teaches_her(
    client: PageClient, sign_in: SignIn, helper: Account
) -> None:
    with in_school(LEST_BEST):
        own = make_learner()
        group, ended = make_group(), make_account("Weg Gegaan", "administration")
        make_teacher_of(group, make_account("Tess Jansen", "teacher"))
        enrol(own, group)
        ended.helps_with, ended.ended_at = "van alles", now()
    sign_in(client, "learner", learner=own)

    text = text_of(client)

    assert "Tess Jansen" in text
    assert "vragen over &lt;b&gt;betalen&lt;/b&gt;" in text
    assert 'href="tel:+31301234567"' in text
    assert "Weg Gegaan" not in text


def test_who_works_there_and_learns_there_reads_it_too(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        own = make_learner()
    sign_in(client, "teacher", "learner", learner=own)

    assert client.get("/hulp").status_code == 200


def test_who_acts_within_another_category_reads_no_names_of_teachers(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        learner, group = make_learner(), make_group()
        enrol(learner, group)
        make_teacher_of(group, make_account("Tess Jansen", "teacher"))
        parent = make_account("Samira Haddad", "representative")
        make_representative(learner, account_id=parent.id, categories=["contact"])
    sign_in(client, "representative", account=parent)

    assert client.get("/hulp").status_code == 200
    assert "Tess Jansen" not in text_of(client)


def test_every_page_leads_to_it(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        own = make_learner()
    assert 'href="/hulp"' in text_of(client, "/aanmelden")
    assert 'href="/hulp"' in text_of(client, "/privacy")
    assert 'href="/hulp"' in text_of(client, "/bestaat-niet")
    for role, path in (("learner", "/mijn/gegevens"), ("teacher", "/vandaag")):
        sign_in(client, role, learner=own if role == "learner" else None)
        assert 'href="/hulp"' in text_of(client, path)


def test_management_says_when_the_school_is_open_and_who_helps(
    client: PageClient, sign_in: SignIn, helper: Account
) -> None:
    sign_in(client, "management")
    client.post("/instellingen/hulp", {"opening_hours": "maandag 9 tot 16 uur\nvrijdag dicht"})
    refused = client.post(f"/medewerkers/{helper.id}/hulp", {"helps_with": "betalen", "help_phone": "geen"})
    assert "vragen over &lt;b&gt;" in text_of(client)
    stored = client.post(f"/medewerkers/{helper.id}/hulp", {"helps_with": "betalen", "help_phone": "030 123 45 67"})
    text = text_of(client)

    assert refused.status_code == 422
    assert 'value="geen"' in refused.get_data(as_text=True)
    assert "Dit is geen telefoonnummer" in refused.get_data(as_text=True)
    assert stored.status_code == 303
    assert "maandag 9 tot 16 uur\nvrijdag dicht" in text
    assert "betalen" in text
    with in_school(LEST_BEST):
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "accounts.help_offered")).all()
    assert len(events) == 1

    client.post(f"/medewerkers/{helper.id}/hulp", {"helps_with": "", "help_phone": "030 123 45 67"})
    assert "Anouk Bos" not in text_of(client)
