"""What Leren Leren promises, at its own school: the clauses that no feature's own tests show."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.accounts.sessions.services import start_session
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.http.scope import SYSTEM
from portal.disclosures import queries
from portal.learners.entries.kinds import KINDS
from portal.learners.invitations.services import invite_by_email, print_letters
from portal.learners.own_record.queries import get_own_record
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.organisations.models import ContactPerson, Organisation
from portal.policy.queries import current_policy
from portal.purposes import queries as consents
from portal.purposes.consents.services import give_consent
from portal.purposes.withdrawals.services import withdraw_consent
from portal.representation.models import RepresentativeKind
from portal.representation.services import record_representative
from tests.actors import own_scope
from tests.conftest import school_id
from tests.factories.consent import as_learner
from tests.factories.disclosures import ask, make_scene
from tests.factories.imports import make_office
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.factories.policy import in_force, mistakes_in, publish, shipped, varied
from tests.page_client import PageClient
from tests.promises.outside import check_giving, check_importing, check_storing, hands
from tests.signing_in import SignIn, make_account, put_cookie

SLUG = "leren-leren"
HERE = school_id(SLUG)
PROCESSORS = {"bookkeeping", "email_marketing", "workplace", "hosting", "customer_environment"}
NOTES = {"learner.special_notes": "Dyslexie"}


@pytest.fixture
def browser(client_at: Callable[[str], PageClient]) -> PageClient:
    """A browser at Leren Leren."""
    return client_at(SLUG)


def make_child(**values: Any) -> Learner:
    """Make a learner of twelve."""
    return make_learner("Yara", "Yilmaz", birth_date=date(today().year - 12, 3, 1), **values)


@pytest.mark.promise("LL-02", part="apart")
def test_a_contact_is_no_learner_and_a_learner_no_contact(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        make_learner("Amina", "Yilmaz")
        make_contact_person(make_organisation("Bakkerij Het Anker"), "Kim de Boer")
        assert session.scalar(select(func.count()).select_from(Learner)) == 1
        assert session.scalar(select(func.count()).select_from(ContactPerson)) == 1
        organisation_id = session.scalars(select(Organisation.id)).one()
    sign_in(browser, "administration")
    learners = browser.get("/cursisten").get_data(as_text=True)
    contacts = browser.get(f"/organisaties/{organisation_id}").get_data(as_text=True)
    assert ("Yilmaz" in learners, "Kim de Boer" in learners) == (True, False)
    assert ("Yilmaz" in contacts, "Kim de Boer" in contacts) == (False, True)


@pytest.mark.promise("LL-03", part="fields")
def test_only_the_listed_data_has_a_place(enter: Any, app: Flask) -> None:
    with enter(SLUG), app.app_context():
        shown = {field.key for category in get_own_record(own_scope(make_learner().id)) for field in category.fields}
        kinds = {kind.slug for kind in KINDS.values() if kind.is_kept(current_policy())}
        stored, brought = check_storing(), check_importing()
        given = check_giving(SLUG, "children_for_school")
    assert {"learner.company_name", "learner.kvk_number", "learner.street", "learner.iban"} <= shown
    assert kinds == {"facturen", "bestellingen", "berichten", "klachten"}
    assert {"learner.nationality", "learner.bsn", "learner.gender", "intake.held_on", "trajectory.act"} <= stored
    assert {"learner.bsn", "level.reading", "exam.knm", "trajectory.act"} <= brought
    assert {"learner.bsn", "attendance_mark.status", "level.level"} <= given


@pytest.mark.promise("LL-03", part="kvk")
def test_a_learners_kvk_number_is_checked(enter: Any) -> None:
    with enter(SLUG):
        learner, by = make_learner(), make_office()
        with pytest.raises(Invalid, match="kvk"):
            change_learner(learner.id, {"learner.kvk_number": "1234567"}, source=Source.LEARNER, by=by)
        change_learner(learner.id, {"learner.kvk_number": "6959 9084"}, source=Source.LEARNER, by=by)
        assert learner.kvk_number == "69599084"


@pytest.mark.promise("LL-04", part="consent")
@pytest.mark.promise("LL-12")
def test_only_a_parent_gives_and_withdraws_for_a_child(enter: Any) -> None:
    with enter(SLUG):
        child = make_child()
        herself, parent = as_learner(child), as_learner(child, represents=True)
        stranger = as_learner(make_child(), represents=True)
        for refused in (herself, stranger, make_office(), hands()):
            with pytest.raises(NotAllowed):
                give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=refused)
        assert not consents.has_consent(child.id, "child_guidance", SYSTEM)
        given = give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=parent)
        assert given.is_by_representative
        for refused in (herself, stranger, make_office()):
            with pytest.raises(NotAllowed):
                withdraw_consent(child.id, "child_guidance", by=refused)
        assert consents.has_consent(child.id, "child_guidance", SYSTEM)
        withdraw_consent(child.id, "child_guidance", by=parent)
        assert not consents.has_consent(child.id, "child_guidance", SYSTEM)


@pytest.mark.promise("LL-04", part="consent")
def test_from_sixteen_she_decides_herself(enter: Any) -> None:
    day = today()
    with enter(SLUG):
        older = make_learner(birth_date=date(day.year - 16, day.month, day.day))
        give_consent(older.id, "child_guidance", version=in_force(), language="nl", by=as_learner(older))
        assert consents.has_consent(older.id, "child_guidance", SYSTEM)


@pytest.mark.promise("LL-04", part="special data")
@pytest.mark.promise("LL-12")
def test_special_data_waits_for_a_parent(enter: Any) -> None:
    with enter(SLUG):
        child = make_child()
        coach = hands()
        with pytest.raises(Invalid, match="needs_consent"):
            change_learner(child.id, NOTES, source=Source.LEARNER, by=coach)
        give_consent(
            child.id, "child_guidance", version=in_force(), language="nl", by=as_learner(child, represents=True)
        )
        change_learner(child.id, NOTES, source=Source.LEARNER, by=coach)
        assert child.special_notes is not None


@pytest.mark.promise("LL-04", part="signing in")
@pytest.mark.promise("LL-12")
@pytest.mark.usefixtures("app")
def test_only_a_recorded_parent_signs_in_for_a_child(browser: PageClient, enter: Any) -> None:
    with enter(SLUG):
        account = make_account("Yara Yilmaz", "learner")
        child = make_child(account_id=account.id)
        token = start_session(account, has_second_factor=True, ip_address=None, browser=None)
    put_cookie(browser, token)
    assert browser.get("/mijn/gegevens").status_code != 200
    with in_school(HERE):
        given = {"name": "Samira Yilmaz", "email": "samira@example.org", "proof": "Geboorteakte gezien"}
        until, office = today() + timedelta(days=90), make_office()
        with pytest.raises(Invalid, match="child_needs_parent"):
            record_representative(child.id, kind=RepresentativeKind.AUTHORISED, ends_on=until, by=office, **given)
        row = record_representative(child.id, kind=RepresentativeKind.PARENT, ends_on=until, by=office, **given)
        parent = session.get_one(Account, (HERE, row.account_id))
        token = start_session(parent, has_second_factor=True, ip_address=None, browser=None)
    put_cookie(browser, token)
    page = browser.get("/mijn/gegevens")
    assert page.status_code == 200
    assert "Yara" in page.get_data(as_text=True)


@pytest.mark.promise("LL-12")
@pytest.mark.usefixtures("app")
def test_signing_a_child_up_stops_and_asks_for_the_parent(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        child = make_child(email="yara@example.org")
        child_id, office = child.id, make_office()
        for sign_up in (invite_by_email, print_letters):
            with pytest.raises(Invalid, match="nobody_by"):
                sign_up([child_id], by=office)
        assert child.account_id is None
    sign_in(browser, "administration")
    checked = browser.post("/cursisten/uitnodigen/nakijken", {"cursist": str(child_id)}).get_data(as_text=True)
    assert "leg de ouder vast als vertegenwoordiger" in checked
    assert "de ouder logt in" in browser.get("/cursisten/uitnodigen").get_data(as_text=True)


@pytest.mark.promise("LL-15")
def test_the_register_names_each_processor_with_the_date_of_its_agreement(browser: PageClient, enter: Any) -> None:
    policy = shipped(SLUG)
    unknown = browser.get("/privacy").get_data(as_text=True)
    with enter(SLUG):
        recorded = {"kind": "processing", "recorded_on": date(2026, 1, 2)}
        agreed = {f"recipients.{key}.agreement": recorded for key in PROCESSORS}
        publish(varied(SLUG, {"version": "2", "recipients.hosting.country": "IE"} | agreed))
    page = browser.get("/privacy").get_data(as_text=True)
    found = {recipient.key: recipient for recipient in policy.recipients if recipient.is_processor}
    assert set(found) == PROCESSORS
    for key, recipient in found.items():
        card = page.partition(f'id="recipient-{key}"')[2].partition("</article>")[0]
        assert recipient.agreement is not None
        assert recipient.agreement.kind == "processing"
        assert recipient.title.nl in unescape(card)
        assert "met een verwerkersovereenkomst" in card
        assert "Datum afspraken: 2 januari 2026" in card
        assert ("in welk land: nog niet vastgelegd" in card) == (key != "hosting")
        card = unknown.partition(f'id="recipient-{key}"')[2].partition("</article>")[0]
        assert "Datum afspraken: nog niet vastgelegd" in card


FILE = {
    "title": {"nl": "Bestellingen"},
    "shape": "people",
    "recipient": "bookkeeping",
    "purpose": "service",
    "fields": ["learner.given_name", "learner.family_name"],
    "kept": {"number": 30, "unit": "days"},
}


@pytest.mark.promise("LL-15")
def test_nothing_goes_to_a_processor_without_an_agreement(enter: Any) -> None:
    recorded = {"kind": "processing", "recorded_on": date(2026, 1, 2)}
    known = {"recipients.bookkeeping.country": "NL", "recipients.bookkeeping.agreement": recorded}
    with enter(SLUG):
        scene = make_scene()
        publish(varied(SLUG, {"version": "a", "templates.order_list": FILE} | known))
        assert ask(scene, "order_list").recipient == "bookkeeping"
        publish(varied(SLUG, {"version": "b", "templates.order_list": FILE}))
        assert [offer.is_usable for offer in queries.list_offers() if offer.template.key == "order_list"] == [False]
        with pytest.raises(Conflict, match="no_agreement"):
            ask(scene, "order_list")


@pytest.mark.promise("LL-16")
@pytest.mark.parametrize("country", ["US", "GB", "CH", "TR"])
def test_out_of_the_eea_needs_adequacy_or_clauses(country: str) -> None:
    abroad = {"recipients.bookkeeping.country": country}
    assert any("wants adequacy or standard_clauses" in each for each in mistakes_in(varied(SLUG, abroad)))
    for safeguard in ("adequacy", "standard_clauses"):
        assert mistakes_in(varied(SLUG, abroad | {"recipients.bookkeeping.safeguard": safeguard})) == []
    assert mistakes_in(varied(SLUG, abroad | {"recipients.bookkeeping.safeguard": "a_promise"}))
