"""Who hears of an incident: also who restricted her data, and for a child who acts for her (AVG art. 18 and 34)."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.core import audit
from portal.core.clock import local, now, today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.scope import in_school, revealed
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.oversight.incidents.models import IncidentPerson
from portal.oversight.incidents.proposals import propose_touched
from portal.oversight.incidents.services import add_touched, decide_telling
from portal.oversight.incidents.touched import list_touched
from portal.purposes.restrictions.models import RestrictionUse
from portal.representation.models import RepresentativeKind
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.factories.oversight import make_incident, make_manager
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
PATH = "/incidenten"
RESTRICTED = "Cursist met een afscherming"
YEAR = timedelta(days=366)


@pytest.fixture
def keeper(client: PageClient, sign_in: SignIn) -> Actor:
    return sign_in(client, "privacy_staff", name="Pien Smit")


def touched(*learners: Learner, categories: Sequence[str] = ()) -> UUID:
    """An incident that touched these learners, of which the school tells."""
    incident, by = make_incident(categories=tuple(categories)).id, make_manager()
    add_touched(incident, {PersonKind.LEARNER: [each.id for each in learners]}, by=by)
    decide_telling(incident, is_told=True, reason="Er is een hoog risico.", by=by)
    return incident


def mails() -> list[dict[str, Any]]:
    with in_school(HERE), revealed():
        rows = session.scalars(select(Mail).order_by(Mail.asked_at)).all()
        return [json.loads(keys.unseal_for_school(each.sealed or b"", "mail")) for each in rows]


def uses() -> list[RestrictionUse]:
    with in_school(HERE):
        return list(session.scalars(select(RestrictionUse)))


def plain(page: str) -> str:
    return " ".join(page.split())


@pytest.mark.parametrize("categories", [(), ("dealings",), ("contact", "dealings")])
def test_who_restricted_her_data_counts_and_is_mailed(
    client: PageClient, keeper: Actor, categories: tuple[str, ...]
) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Haddad", email="amina@example.org")
        incident = touched(amina)
        hold(amina.id, *categories)
    page = client.get(f"{PATH}/{incident}").text
    assert "1 cursist." in plain(page)
    assert ("Amina Haddad" in page, RESTRICTED in page) == (bool(categories), not categories)
    assert client.post(f"{PATH}/{incident}/bestand").json["aantal_cursisten"] == 1
    client.post(f"{PATH}/{incident}/mailen")
    client.post(f"{PATH}/{incident}/mailen")
    [sent] = mails()
    assert (sent["to"], sent["context"]["name"], sent["context"]["about"]) == ("amina@example.org", "Amina Haddad", "")
    assert "per e-mail" in client.get(f"{PATH}/{incident}").text
    assert uses() == []


def test_her_letter_needs_a_recorded_ground_first(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        amina, bereket = make_learner("Amina", "Haddad"), make_learner("Bereket", "Tesfay")
        incident = touched(amina, bereket)
        hold(amina.id)
    path = f"{PATH}/{incident}/brieven"
    page = client.get(path).text
    assert ("Bereket Tesfay" in page, "Amina" in page) == (True, False)
    assert "1 brief is voor iemand met een afscherming." in page
    client.post(path)
    with in_school(HERE):
        assert {each.name: each.way for each in list_touched(incident, SYSTEM)}["Amina Haddad"] is None

    assert client.post(f"{path}/afgeschermd").status_code == 303
    assert client.post(f"{path}/afgeschermd").status_code == 303
    [use] = uses()
    assert (use.learner_id, use.article, use.used_by_name) == (amina.id, "AVG art. 34", "Pien Smit")
    assert "Amina Haddad" in client.get(path).text
    client.post(path)
    assert plain(client.get(f"{PATH}/{incident}").text).count("per brief") == 2


def test_who_restricted_her_data_before_is_proposed_and_found_by_her_number(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        chen, incident = make_learner("Chen", "Li"), make_incident().id
        number = chen.number
        audit.record("learners.corrected", learner_id=chen.id, by=Actor(new_id(), "Olga", roles=frozenset({"teacher"})))
        hold(chen.id)
    since = local(now() - timedelta(hours=1))
    for asked in (f"zoek={number}", f"van={since.date()}&van_tijd={since:%H:%M}"):
        page = client.get(f"{PATH}/{incident}/mensen?{asked}").text
        assert RESTRICTED in page
        assert f'value="{chen.id}"' in page
        assert "Chen" not in page
    for _ in range(2):
        assert client.post(f"{PATH}/{incident}/mensen", {"cursist": str(chen.id)}).status_code == 303
    assert "1 cursist." in plain(client.get(f"{PATH}/{incident}").text)
    client.post(f"{PATH}/{incident}/mensen/weg", {"cursist": str(chen.id)})
    with in_school(HERE):
        assert list_touched(incident, SYSTEM) == []
        assert session.scalar(select(func.count()).select_from(IncidentPerson)) == 0


def test_of_a_child_who_acts_for_her_is_told_and_never_she(client: PageClient, keeper: Actor) -> None:
    with in_school(HERE):
        account = make_account("Fatma Yilmaz", "representative")
        account.email, account.language = "fatma@example.org", "en"
        child = make_learner("Noor", "Yilmaz", email="noor@example.org", birth_date=today() - 12 * YEAR)
        make_representative(child, name="Fatma Yilmaz", account_id=account.id)
        make_representative(child, name="Samira Yilmaz", email="samira@example.org")
        make_representative(child, name="Oud Yilmaz", email="oud@example.org", ends_on=today() - timedelta(days=1))
        incident = touched(child)
    assert "aan Fatma Yilmaz, Samira Yilmaz" in plain(client.get(f"{PATH}/{incident}").get_data(as_text=True)).replace(
        '<bdi translate="no">', ""
    )
    client.post(f"{PATH}/{incident}/mailen")
    sent = mails()
    assert [each["to"] for each in sent] == ["fatma@example.org", "samira@example.org"]
    assert {each["context"]["about"] for each in sent} == {"Noor"}
    with in_school(HERE):
        assert session.scalars(select(Mail.language).order_by(Mail.asked_at)).all() == ["en", "nl"]


@pytest.mark.parametrize("is_known", [True, False])
def test_her_parents_get_the_letter(client: PageClient, keeper: Actor, is_known: bool) -> None:
    with in_school(HERE):
        child = make_learner("Noor", "Yilmaz", email="noor@example.org", birth_date=today() - 12 * YEAR)
        if is_known:
            make_representative(child, name="Samira Yilmaz")
        incident = touched(child)
    client.post(f"{PATH}/{incident}/mailen")
    assert mails() == []
    page = client.get(f"{PATH}/{incident}/brieven").text.replace('<bdi translate="no">', "").replace("</bdi>", "")
    assert "Er ging iets mis met de gegevens van Noor" in page
    assert ("Dag Samira Yilmaz," if is_known else "Aan de ouder of voogd van Noor Yilmaz,") in page


@pytest.mark.parametrize(
    ("kind", "categories", "told"),
    [
        (RepresentativeKind.AUTHORISED, (), False),
        (RepresentativeKind.CURATOR, ("attendance",), True),
        (RepresentativeKind.ADMINISTRATOR, ("attendance",), False),
        (RepresentativeKind.ADMINISTRATOR, (), True),
        (RepresentativeKind.MENTOR, (), True),
    ],
)
def test_of_an_adult_she_is_told_and_who_a_court_appointed_over_that(
    client: PageClient, keeper: Actor, kind: RepresentativeKind, categories: tuple[str, ...], told: bool
) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Haddad", email="amina@example.org", birth_date=today() - 40 * YEAR)
        make_representative(amina, kind=kind, email="curator@example.org")
        incident = touched(amina, categories=categories)
    client.post(f"{PATH}/{incident}/mailen")
    assert [each["to"] for each in mails()] == ["amina@example.org", *(["curator@example.org"] if told else [])]


@pytest.mark.parametrize("role", ["learner", "representative", "teacher"])
def test_whatever_account_was_stolen_the_log_proposes_whom_it_saw(client: PageClient, keeper: Actor, role: str) -> None:
    with in_school(HERE):
        amina, incident = make_learner("Amina", "Haddad"), make_incident().id
        thief = make_account("Wie Dan Ook", role)
        name = thief.email
        by = Actor(thief.id, thief.name, roles=frozenset({role}), represents=role == "representative")
        audit.record("record.viewed", learner_id=amina.id, facts={"what": "learners.record"}, by=by)
        since, until = now() - timedelta(hours=1), now() + timedelta(hours=1)
        for actor in (None, thief.id, "staff" if role == "teacher" else role):
            found = propose_touched(incident, since, until, actor=actor, scope=SYSTEM)
            assert [each.id for each in found if each.kind is PersonKind.LEARNER] == [amina.id]
        by_portal = propose_touched(incident, since, until, actor="portal", scope=SYSTEM)
        assert amina.id not in {each.id for each in by_portal}
    asked = f"van={local(since).date()}&van_tijd={local(since):%H:%M}"
    assert "Amina Haddad" in client.get(f"{PATH}/{incident}/mensen?{asked}&account={name}").text
    assert "Amina Haddad" in client.get(f"{PATH}/{incident}/mensen?{asked}&wie={thief.id}").text
    refused = client.get(f"{PATH}/{incident}/mensen?{asked}&account=niemand@example.org")
    assert refused.status_code == 422
    assert "Met dit adres of nummer logt niemand in." in refused.text
