"""Beside a form that takes personal data stand the statement and the reasons; the version it showed is kept (LB-01)."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.invitations.links import make_link
from portal.accounts.models import LinkKind
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.policy.privacy_notices.models import NoticeWay, PrivacyNotice
from portal.purposes.privacy_notices.queries import list_untold
from portal.schools.queries import SchoolView
from portal.schools.services import change_visitor_forms
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import shipped
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

_MANAGEMENT = actor_of(new_id(), "Bas de Boer", frozenset({"management"}))
PHONE = "/mijn/gegevens/phone/wijzigen"


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner of Lest Best."""
    return make_learner("Amina")


def kept(school_of: Learner) -> list[tuple[str, NoticeWay, bool]]:
    with in_school(school_of.school_id):
        rows = session.scalars(select(PrivacyNotice).order_by(PrivacyNotice.id))
        return [(row.form, row.way, row.account_id is not None) for row in rows]


@pytest.mark.promise("LB-01", part="forms")
def test_a_form_shows_version_and_reason_and_what_it_showed_is_kept_once(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)

    shown = client.get(PHONE)
    page = shown.get_data(as_text=True)
    assert "/privacy/2021-01-19" in page
    assert shipped("lest-best").category("contact").why.nl in unescape(page)
    form = hidden_in(shown, PHONE)
    for number in ("06 12345678", "06 87654321"):
        assert client.post(PHONE, {**form, "phone": number}).status_code == 303

    assert kept(amina) == [("learners.store_own_field", NoticeWay.FORM, True)]
    with in_school(amina.school_id):
        assert list_untold(SYSTEM).rows == []


def test_a_refused_form_keeps_nothing_nor_does_one_that_showed_no_version_of_the_school(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    form = hidden_in(client.get(PHONE), PHONE)

    assert client.post(PHONE, {**form, "phone": "geen"}).status_code == 422
    assert client.post(PHONE, {"phone": "06 12345678", "statement_version": "1999"}).status_code == 303
    assert client.post(PHONE, {"phone": "06 87654321"}).status_code == 303

    assert kept(amina) == []


def test_who_told_her_data_herself_was_pointed_to_it_and_who_did_not_still_waits(
    client: PageClient, sign_in: SignIn, amina: Learner, app: Flask
) -> None:
    sign_in(client, "administration")
    form = hidden_in(client.get("/cursisten/nieuw"), "/cursisten/nieuw")
    typed = {"given_name": "Bereket", "family_name": "Tesfay", "channel": ""}

    assert client.post("/cursisten/nieuw", {**form, **typed, "source": "learner"}).status_code == 303
    assert (
        client.post("/cursisten/nieuw", {**form, **typed, "given_name": "Chen", "source": "referrer"}).status_code
        == 303
    )

    assert kept(amina) == [("learners.store", NoticeWay.FORM, False)]
    with in_school(amina.school_id):
        assert [each.name for each in list_untold(SYSTEM).rows] == ["Amina Yilmaz", "Chen Tesfay"]


def test_the_right_to_object_stands_apart_where_somebody_signs_in_first(client: PageClient, amina: Learner) -> None:
    page = client.get("/eerste-keer").get_data(as_text=True)

    assert "U mag bezwaar maken" in page
    assert page.index("</form>") < page.index('id="objection"')


def test_who_accepts_an_invitation_was_shown_the_version_then_in_force(client: PageClient, amina: Learner) -> None:
    with in_school(amina.school_id):
        account = make_account("Samira Haddad", "representative", email="samira@example.org")
        account.password_hash = None
        make_representative(amina, account_id=account.id)
        path = f"/uitnodiging/{make_link(account, LinkKind.INVITATION)}"
    form = hidden_in(client.get(path), path)
    password = "koffie-fiets-regenboog-41"

    accepted = client.post(path, {**form, "language": "nl", "password": password, "repeated_password": password})

    assert accepted.status_code == 303
    assert kept(amina) == [("accounts.accept_invited", NoticeWay.FORM, True)]
    with in_school(amina.school_id):
        assert [each.name for each in list_untold(SYSTEM).rows] == ["Amina Yilmaz"]


def test_a_form_sent_to_an_address_with_double_slashes_breaks_nothing(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)

    answer = client.post("/uitnodiging//geen", {"x": "1"})

    assert answer.status_code == 308
    assert kept(amina) == []


@pytest.mark.parametrize(
    ("slug", "path", "use"),
    [
        ("leren-leren", "/vraag", "Zo kunnen wij u antwoorden."),
        ("step-inburgering", "/privacy/verzoek/klacht", "Klachten en ruzies oplossen"),
    ],
)
def test_the_right_to_object_stands_apart_beside_what_a_visitor_fills_in(
    client_at: Callable[[str], PageClient], slug: str, path: str, use: str
) -> None:
    with in_school(school_id(slug)):
        change_visitor_forms(takes={"takes_questions": True}, by=_MANAGEMENT)

    page = client_at(slug).get(path).get_data(as_text=True)
    apart = page.partition('id="objection"')[2].partition("</section>")[0]

    assert page.index("</form>") < page.index('id="objection"')
    assert use in apart
    assert apart.count("<li") == 1, "what this form feeds, and no more"
    assert 'href="/privacy/verzoek"' in apart


@pytest.mark.parametrize("path", ["/nieuwsbrief", "/aanmelden-voor-les", "/privacy/verzoek/zien"])
def test_where_a_form_feeds_no_interest_of_the_school_nothing_is_said_of_objecting(
    client_at: Callable[[str], PageClient], path: str
) -> None:
    with in_school(school_id("leren-leren")):
        change_visitor_forms(takes={"takes_enquiries": True, "takes_subscribers": True}, by=_MANAGEMENT)

    shown = client_at("leren-leren").get(path)

    assert shown.status_code == 200
    assert 'id="objection"' not in shown.get_data(as_text=True)
