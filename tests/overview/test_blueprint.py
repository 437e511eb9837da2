"""The own record is opened by the scope at the door: whose it is, until when and within which categories."""

from datetime import timedelta

import pytest

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.representation.models import Representative
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn, make_account

HERE = SCHOOLS[0].id
OF_CATEGORY = {
    "attendance": ("/mijn/lessen", "/mijn/aanwezigheid"),
    "consent": ("/mijn/toestemmingen",),
    "dealings": ("/mijn/wie-keek", "/mijn/wie-kreeg"),
}


def represent(client: PageClient, sign_in: SignIn, *categories: str) -> Account:
    """Sign in who acts for Amina within these categories, who has a phone number and a lesson."""
    with in_school(HERE):
        account = make_account("Samira Yilmaz", "representative")
        amina = make_learner("Amina", phone="+31612345678")
        make_representative(amina, account_id=account.id, categories=list(categories))
        group = make_group("Groep Zuid")
        enrol(amina, group)
        make_lesson(group, held_on=today() + timedelta(days=1))
    sign_in(client, "representative", account=account)
    return account


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.parametrize("category", OF_CATEGORY)
def test_an_authorisation_within_a_category_opens_its_pages_and_no_other(
    client: PageClient, sign_in: SignIn, category: str
) -> None:
    represent(client, sign_in, category)

    for each, addresses in OF_CATEGORY.items():
        for address in addresses:
            assert client.get(address).status_code == (200 if each == category else 403), address
    text = client.get("/mijn/gegevens").get_data(as_text=True)
    assert "06 12345678" not in text
    assert ('href="/mijn/lessen"' in text) is (category == "attendance")
    assert ("keek de laatste 30 dagen" in text) is (category == "dealings")
    leads_to = "/mijn/lessen" if category == "attendance" else "/mijn/gegevens"
    assert client.get("/").headers["Location"] == leads_to


@pytest.mark.promise("LB-11", part="representative")
def test_within_a_category_of_the_record_she_corrects_that_alone(client: PageClient, sign_in: SignIn) -> None:
    represent(client, sign_in, "contact")

    text = client.get("/mijn/gegevens/alles").get_data(as_text=True)
    assert "06 12345678" in text
    assert "Hoe lang" in text
    assert "Wie kreeg dit" not in text  # that nobody got it isn't known to who doesn't see it
    assert client.get("/mijn/gegevens/phone/wijzigen").status_code == 200
    assert client.get("/mijn/gegevens/city/wijzigen").status_code == 404
    assert client.get("/mijn/gegevens/given_name/wijzigen").status_code == 404


def test_an_authorisation_without_categories_opens_all(client: PageClient, sign_in: SignIn) -> None:
    represent(client, sign_in)

    for addresses in OF_CATEGORY.values():
        assert all(client.get(address).status_code == 200 for address in addresses)


@pytest.mark.promise("LB-11", part="representative")
def test_one_that_is_over_opens_nothing_though_she_has_a_role_at_work(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        account = make_account("Samira Yilmaz", "representative", "teacher")
        amina = make_learner("Amina")
        row = make_representative(amina, account_id=account.id)
        make_teacher_of(make_group(), account)
    sign_in(client, "representative", "teacher", account=account)
    assert client.get("/mijn/gegevens").status_code == 200

    with in_school(HERE):
        session.get_one(Representative, (HERE, row.id)).ends_on = today() - timedelta(days=1)
        session.flush()
    assert client.get("/mijn/gegevens").status_code in {403, 404}
    assert client.get(f"/cursisten/{amina.id}").status_code == 404
