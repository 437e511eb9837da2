"""The confidentiality duty before the first record, and the page that says who may what."""

from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import holder_of
from portal.accounts.confidentiality.services import accept_duty, has_accepted
from portal.accounts.labels import PERMISSIONS, ROLES
from portal.accounts.models import ConfidentialityAcceptance
from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.permissions import CHANGES, MAY, RESERVED, Permission, Role
from portal.policy.queries import current_policy
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.factories.policy import in_force, publish, varied
from tests.page_client import PageClient, hidden_in
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0].id
DUTY = "/geheimhouding"
STAFF = [role for role in Role if role not in {Role.LEARNER, Role.REPRESENTATIVE, *RESERVED}]


@pytest.mark.promise("LB-07")
@pytest.mark.parametrize("role", ["coach", "administration", "privacy_officer"])
def test_no_record_opens_before_the_duty_is_accepted(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz")
    actor = sign_in(client, role, accepts=False)
    path = f"/cursisten/{learner.id}"
    for asked in (path, "/cursisten"):
        response = client.get(asked)
        assert (response.status_code, response.headers.get("Location")) == (303, f"/geheimhouding?terug={asked}")
    asked = client.get(response.headers["Location"])
    assert "Yilmaz" not in asked.get_data(as_text=True)
    shown = {**hidden_in(asked, DUTY), "terug": path}
    refused = client.post(DUTY, shown)
    assert refused.status_code == 422
    assert "Zet hier een vinkje" in refused.get_data(as_text=True)
    accepted = client.post(DUTY, {**shown, "accepted": "y"})
    assert (accepted.status_code, accepted.headers["Location"]) == (303, path)
    assert "Yilmaz" in client.get(path).get_data(as_text=True)
    with in_school(HERE):
        [kept] = session.scalars(select(ConfidentialityAcceptance)).all()
        assert (kept.account_id, kept.text_version) == (actor.account_id, current_policy().confidentiality.version)
        assert kept.language == "nl"
        assert kept.accepted_at is not None
        events = session.scalars(select(AuditEvent.event)).all()
        assert "accounts.confidentiality_accepted" in events


@pytest.mark.promise("LB-07")
def test_a_change_is_not_taken_before_it_either(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner()
    sign_in(client, "administration", accepts=False)
    response = client.post(f"/cursisten/{learner.id}/bsn")
    assert (response.status_code, response.headers.get("Location", "")[:14]) == (303, "/geheimhouding")


@pytest.mark.promise("LB-07")
@pytest.mark.promise("MN-11", part="instruction")
@pytest.mark.parametrize("slug", ["lest-best", "meester-in-nt2"])
def test_each_school_shows_its_own_text_and_a_new_version_is_asked_anew(
    client_at: Any, sign_in: SignIn, slug: str
) -> None:
    client = client_at(slug)
    actor = sign_in(client, "teacher", accepts=False)
    school_id = next(seed.id for seed in SCHOOLS if seed.slug == slug)
    text = client.get("/geheimhouding").get_data(as_text=True)
    with in_school(school_id):
        duty = current_policy().confidentiality
        assert duty.text.nl in text
        accept_duty(actor, statement=in_force(), language="nl")
        assert has_accepted(actor)
    assert client.get("/cursisten").status_code == 200
    with in_school(school_id):
        session.query(ConfidentialityAcceptance).update({"text_version": "0"})
        assert not has_accepted(actor)
    assert "aanvaard" not in client.get("/geheimhouding").get_data(as_text=True)
    asked = client.get("/cursisten")
    assert (asked.status_code, asked.headers.get("Location")) == (303, "/geheimhouding?terug=/cursisten")


@pytest.mark.promise("LB-07")
def test_what_is_accepted_is_the_text_that_was_read(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration", accepts=False)
    shown = hidden_in(client.get(DUTY), DUTY)
    with in_school(HERE):
        publish(varied("lest-best", {"version": "9", "confidentiality.text": {"nl": "U vertelt alles aan iedereen."}}))

    refused = client.post(DUTY, {**shown, "accepted": "y"})

    assert refused.status_code == 409
    text = unescape(refused.get_data(as_text=True))
    assert "Deze tekst is intussen veranderd" in text
    assert "U vertelt alles aan iedereen." in text
    with in_school(HERE):
        assert not session.scalars(select(ConfidentialityAcceptance)).all()
    assert client.post(DUTY, {**hidden_in(refused, DUTY), "accepted": "y"}).status_code == 303


def test_the_language_kept_is_that_of_the_text(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration", accepts=False)
    shown = hidden_in(client.get(DUTY, language="ar"), DUTY)
    client.post("/taal", {"taal": "en", "terug": "/"})

    assert client.post(DUTY, {**shown, "accepted": "y"}).status_code == 303

    with in_school(HERE):
        [kept] = session.scalars(select(ConfidentialityAcceptance)).all()
    assert kept.language == shown["language"]


@pytest.mark.usefixtures("school")
def test_accepting_twice_is_one_acceptance() -> None:
    account = make_account()
    accept_duty(holder_of(account), statement=in_force(), language="nl")
    accept_duty(holder_of(account), statement=in_force(), language="nl")
    assert len(session.scalars(select(ConfidentialityAcceptance)).all()) == 1


def test_who_may_what_is_the_table_that_is_enforced(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    text = client.get("/wie-mag-wat").get_data(as_text=True)
    for name in (words for role, words in ROLES.items() if role not in RESERVED):
        if str(name) not in {"cursist", "vertegenwoordiger"}:
            assert str(name).capitalize() in text
    for permission in MAY[Role.ADMINISTRATION]:
        assert str(PERMISSIONS[permission]) in text
    assert "uw rol" in text


def test_who_may_what_says_who_decides_on_what_learners_propose(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "privacy_officer")
    text = client.get("/wie-mag-wat").get_data(as_text=True)
    row = text.partition(str(PERMISSIONS[Permission.CORRECTION_DECIDE]))[2].partition("</tr>")[0]
    may = {role: "mag niet" not in cell for role, cell in zip(STAFF, row.split("<td>")[1:], strict=True)}
    deciding = {Role.TEACHER, Role.COACH, Role.ADMINISTRATION, Role.MANAGEMENT}
    assert {role for role in STAFF if may[role]} == deciding
    for role in deciding:
        assert CHANGES[role]
    assert CHANGES[Role.PRIVACY_OFFICER] == {"complaint"}  # which some statements send to her


def test_every_permission_and_role_has_a_name() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize("role", ["learner", "representative"])
def test_it_is_for_staff(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        learner = make_learner()
    sign_in(client, "learner", learner=learner)
    assert client.get("/wie-mag-wat").status_code == 403
