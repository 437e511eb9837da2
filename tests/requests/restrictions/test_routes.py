"""The desk's pages of restrictions: telling, lifting after that, and using what is hidden on a ground of art. 18(2)."""

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.db.scope import in_school, is_restricted, reveal
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import Restriction, RestrictionUse
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import RequestKind
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")
LIST = "/verzoeken/afschermingen"
TYPED = {"ground": "claim", "used_for": "Een rechtszaak", "why": "De rechter vraagt het."}


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        account = make_account("Amina Yilmaz", "learner")
        values = {"email": "amina@example.org", "phone": "0612345678", "account_id": account.id}
        return make_learner("Amina", "Yilmaz", **values)


@pytest.fixture
def held(amina: Learner) -> str:
    """Where the desk finds the restriction that was granted to her."""
    with in_school(HERE):
        asked = ask(amina, RequestKind.RESTRICTION, restriction_ground="claim")
        decide_request(asked.id, {}, reply="Goed.", by=as_staff())
        return f"{LIST}/{session.scalars(select(Restriction.id)).one()}"


def text_at(client: PageClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("role", ["privacy_staff", "management"])
def test_the_desk_tells_her_and_lifts_it_after_that(
    client: PageClient, sign_in: SignIn, amina: Learner, held: str, role: str
) -> None:
    sign_in(client, role)
    assert "Yilmaz" in text_at(client, LIST)
    assert held in text_at(client, LIST)
    assert "Hef de afscherming op" not in text_at(client, held)
    client.post(f"{held}/opheffen", {})
    assert "Vertel eerst" in text_at(client, held)
    client.post(f"{held}/vertellen", {})
    with in_school(HERE):
        assert is_restricted(amina.id)
        reveal(amina.id)
        mailed = select(func.count()).where(Mail.template == "purposes/restriction_lifting")
        assert session.scalar(mailed) == 1
    assert "Hef de afscherming op" in text_at(client, held)
    client.post(f"{held}/opheffen", {})
    assert held not in text_at(client, LIST)
    assert "Opgeheven" in text_at(client, held)
    with in_school(HERE):
        assert not is_restricted(amina.id)


def test_the_request_leads_to_what_it_hides(client: PageClient, sign_in: SignIn, amina: Learner, held: str) -> None:
    sign_in(client, "privacy_staff")
    page = text_at(client, held)
    request = page.partition('href="/verzoeken/')[2]
    with in_school(HERE):
        asked = session.scalars(select(Restriction.data_request_id)).one()
    assert request
    assert held in text_at(client, f"/verzoeken/{asked}")


def test_the_list_says_of_what_the_reason_is_gone(client: PageClient, sign_in: SignIn, held: str) -> None:
    sign_in(client, "privacy_staff")
    assert "de reden is er niet meer" not in text_at(client, LIST)
    with in_school(HERE):
        omar = make_learner("Omar", "Haddad", email=None)
        asked = ask(omar, RequestKind.RECTIFICATION, body="Mis.", is_restricted_meanwhile=True)
        decide_request(asked.id, {}, reply="Goed.", is_done_by_hand=True, by=as_staff())
    assert text_at(client, LIST).count("de reden is er niet meer") == 1


def test_who_has_no_address_is_told_by_letter(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        at = f"{LIST}/{hold(make_learner('Omar', 'Haddad', email=None).id, 'level').id}"
    sign_in(client, "privacy_staff")
    assert "Ik heb het verteld" in text_at(client, at)
    assert "Haddad" in text_at(client, f"{at}/brief")
    client.post(f"{at}/vertellen", {})
    assert "Hef de afscherming op" in text_at(client, at)


@pytest.mark.promise("ST-08", part="shielded")
def test_a_use_on_a_ground_is_written_down_and_read_by_her(
    client: PageClient, sign_in: SignIn, amina: Learner, held: str
) -> None:
    sign_in(client, "privacy_staff", name="Petra Prins")
    assert "0612345678" not in text_at(client, held)
    answer = client.post(f"{held}/gebruiken", {"ground": "claim", "used_for": "Een rechtszaak"})
    assert answer.status_code == 422
    assert "Een rechtszaak" in answer.get_data(as_text=True)
    no_article = client.post(f"{held}/gebruiken", {**TYPED, "ground": "public_interest"})
    assert no_article.status_code == 422
    assert client.post(f"{held}/gebruiken", TYPED).status_code == 303
    page = text_at(client, held)
    assert "0612345678" in page.replace(" ", "").replace("-", "")
    assert "De rechter vraagt het." in page
    sign_in(client, "management", name="Mia Baas")
    assert "0612345678" not in text_at(client, held).replace(" ", "").replace("-", "")
    with in_school(HERE):
        assert session.scalars(select(RestrictionUse.used_by_name)).all() == ["Petra Prins"]
        hers = session.get_one(Account, (HERE, amina.account_id))
    sign_in(client, "learner", account=hers)
    mine = text_at(client, "/mijn/gegevens")
    assert "Toch gebruikt op" in mine
    assert "De rechter vraagt het." in mine


def test_a_part_that_is_used_is_that_part_alone(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        at = f"{LIST}/{hold(amina.id, 'address').id}"
    sign_in(client, "privacy_staff")
    client.post(f"{at}/gebruiken", TYPED)
    page = text_at(client, at)
    assert "De afgeschermde gegevens" in page
    assert "0612345678" not in page.replace(" ", "").replace("-", "")


def test_the_officer_reads_and_decides_nothing(client: PageClient, sign_in: SignIn, held: str) -> None:
    sign_in(client, "privacy_officer")
    assert "Gebruik op een grond" not in text_at(client, held)
    for act in ("vertellen", "opheffen", "gebruiken"):
        assert client.post(f"{held}/{act}", TYPED).status_code == 403


@pytest.mark.parametrize("role", ["teacher", "coach", "administration"])
def test_nobody_else_opens_them(client: PageClient, sign_in: SignIn, held: str, role: str) -> None:
    sign_in(client, role)
    assert client.get(LIST).status_code == 403
    assert client.get(held).status_code in {403, 404}


def test_another_schools_is_not_there(client: PageClient, sign_in: SignIn) -> None:
    with in_school(THERE):
        at = f"{LIST}/{hold(make_learner().id, 'level').id}"
    sign_in(client, "privacy_staff")
    for address in (at, f"{at}/brief"):
        assert client.get(address).status_code == 404
    for act in ("vertellen", "opheffen", "gebruiken"):
        assert client.post(f"{at}/{act}", TYPED).status_code == 404
