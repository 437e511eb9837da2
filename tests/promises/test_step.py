"""What STEP-Inburgering promises, at its own school: the clauses that no feature's own tests show."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from portal.core.audit.queries import list_of_learner
from portal.core.clock import now
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.disclosures import queries
from portal.disclosures.files.delivery import give_file
from portal.disclosures.models import FileFormat
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.policy.queries import current_policy
from portal.policy.services import publish_policy
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.courses import make_group
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.imports import make_office
from tests.factories.learners import make_enrolment, make_learner
from tests.factories.policy import mistakes_in, shipped, varied
from tests.page_client import PageClient
from tests.signing_in import SignIn

SLUG = "step-inburgering"
HERE = school_id(SLUG)
# the eleven of §5, in its order, by the keys under which the policy has them
STATED = (
    "contact", "service", "administration", "paperwork", "guidance", "trajectories", "improvement", "complaints",
    "duo", "invoicing", "collection",
)  # fmt: skip
PURPOSES = {*STATED, "library"}  # the library's is the school's own, with a question
RECIPIENTS = {"panteia", "bureau_ice", "duo", "library"}


@pytest.fixture
def browser(client_at: Callable[[str], PageClient]) -> PageClient:
    """A browser at STEP-Inburgering."""
    return client_at(SLUG)


def text_of(html: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.promise("ST-03")
def test_the_policy_has_the_eleven_purposes_of_the_statement() -> None:
    stated = [purpose.key for purpose in shipped(SLUG).purposes if "ST-03" in purpose.promises]

    assert sorted(stated) == sorted(STATED)
    assert shipped(SLUG).purpose("library").source == "school"


@pytest.mark.promise("ST-03")
def test_every_file_names_a_stated_purpose_and_its_recipient(enter: Any, browser: PageClient, sign_in: SignIn) -> None:
    with enter(SLUG):
        policy, scene = current_policy(), make_scene()
        made = [ask(scene, offer.template.key) for offer in queries.list_offers()]
        assert made
        assert {each.purpose for each in made} <= PURPOSES
        assert {each.recipient for each in made} <= RECIPIENTS
        with pytest.raises(NotFound):
            ask(scene, "attendance_for_client")
        named = [
            (each.id, policy.recipient(each.recipient).title.nl, policy.purpose(each.purpose).title.nl) for each in made
        ]
    sign_in(browser, "administration")
    for key, recipient, purpose in named:
        page = text_of(browser.get(f"/bestanden/{key}").get_data(as_text=True))
        assert recipient in page
        assert purpose in page


@pytest.mark.promise("ST-03")
@pytest.mark.parametrize("purpose", ["invoicing", "security", "accountability", "research"])
def test_a_file_for_any_other_purpose_is_refused(purpose: str) -> None:
    found = mistakes_in(varied(SLUG, {"templates.survey_contacts.purpose": purpose}))

    assert any("templates.survey_contacts.purpose" in mistake for mistake in found), found


@pytest.mark.promise("ST-04")
def test_consent_is_one_question_of_its_own_apart_from_enrolling(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    with enter(SLUG):
        learner, group = make_learner(), make_group()
        learner_id, group_id = learner.id, group.id
        [purpose] = current_policy().consent_purposes()
        assert purpose.question is not None
        question = purpose.question.nl
    sign_in(browser, "administration")
    form = browser.get(f"/groepen/{group_id}/cursisten/{learner_id}/inschrijven").get_data(as_text=True)
    assert question not in unescape(form)
    with in_school(HERE):
        owner = session.get_one(Learner, (HERE, learner_id))
    sign_in(browser, "learner", learner=owner)

    page = browser.get("/mijn/toestemmingen").get_data(as_text=True)

    assert unescape(page).count(question) == 1
    assert "U koos nog niet" in page
    assert page.count("Ja, dat mag") == 1
    assert "checked" not in page
    assert "Nodig voor uw cursus" in page
    assert "De wet vraagt dit" in page


@pytest.mark.promise("ST-04")
def test_without_that_yes_nobody_is_in_the_file_that_rests_on_it(enter: Any, app: Flask) -> None:
    with enter(SLUG), app.app_context():
        scene = make_scene()
        agree(scene.amina, "library")
        made = make(ask(scene, "library_readers", FileFormat.CSV))
        assert queries.list_learner_ids(made) == [scene.amina.id]
        assert made.left_out == {"no_consent": 2}


@pytest.mark.promise("ST-05")
def test_the_export_list_holds_four_recipients_with_purpose_categories_and_undertaking(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    with enter(SLUG):
        policy = current_policy()
        assert {recipient.key for recipient in policy.recipients} == RECIPIENTS
        assert {offer.recipient.key for offer in queries.list_offers()} <= RECIPIENTS
    sign_in(browser, "administration")
    cards = browser.get("/bestanden/ontvangers").get_data(as_text=True).split("<form class")
    cards = [text_of(card) for card in cards if "/bestanden/ontvangers/" in card]
    assert len(cards) == len(RECIPIENTS)
    for recipient, card in zip(policy.recipients, cards, strict=True):
        assert recipient.title.nl in card
        assert recipient.agreement is not None
        assert recipient.agreement.kind == ("law" if recipient.key == "duo" else "undertaking")
        assert "Datum afspraken 10 september 2018" in card
        for key in recipient.purposes:
            assert policy.purpose(key).title.nl in card
        for category in recipient.categories:
            found = policy.category(category)
            assert found is not None
            assert found.title.nl in card


@pytest.mark.promise("ST-05")
def test_without_its_undertaking_a_recipient_gets_nothing(enter: Any) -> None:
    with enter(SLUG):
        without = varied(SLUG, {"version": "later", "recipients.panteia.agreement": None})
        publish_policy(without, by=make_office())
        with pytest.raises(Conflict, match="no_agreement"):
            ask(make_scene(), "survey_contacts")


@pytest.mark.promise("ST-05")
@pytest.mark.parametrize("nature", ["commercial", "charity"])
def test_nothing_goes_out_for_commerce_or_charity(nature: str) -> None:
    found = mistakes_in(varied(SLUG, {"purposes.improvement.nature": nature}))

    assert any(f'"{nature}" is a purpose that this school never has (ST-05)' in mistake for mistake in found), found


@pytest.mark.promise("ST-06")
@pytest.mark.parametrize("safeguard", [None, "standard_clauses", "adequacy"])
@pytest.mark.parametrize("kind", ["survey", "processor"])
def test_nobody_out_of_the_eea_can_be_added(kind: str, safeguard: str | None) -> None:
    panteia = {"recipients.panteia.kind": kind, "recipients.panteia.country": "US"}
    abroad = varied(SLUG, panteia | ({"recipients.panteia.safeguard": safeguard} if safeguard else {}))
    refused = 'recipients.panteia.country: "US" is outside the EEA, where this school sends nothing (ST-05, ST-06)'

    assert mistakes_in(abroad) == [f"school.toml: {refused}"]
    assert mistakes_in(varied(SLUG, panteia | {"recipients.panteia.country": "BE"})) == []


@pytest.mark.promise("ST-06")
def test_a_recipient_without_a_country_is_refused(browser: PageClient) -> None:
    found = mistakes_in(varied(SLUG, {"recipients.panteia.country": None}))

    assert any("panteia" in mistake and "country" in mistake for mistake in found), found
    page = browser.get("/privacy").get_data(as_text=True)
    assert page.count("in de Europese Economische Ruimte") == len(RECIPIENTS)


@pytest.mark.promise("ST-06")
def test_views_changes_and_disclosures_are_logged_here_too(
    browser: PageClient, sign_in: SignIn, enter: Any, app: Flask
) -> None:
    began = now()
    with enter(SLUG):
        scene = make_scene()
        make_enrolment(make_learner(), scene.group)
        learner_id = scene.amina.id
    olga = sign_in(browser, "administration", name="Olga Smit")
    browser.get(f"/cursisten/{learner_id}")
    with in_school(HERE), app.app_context():
        change_learner(learner_id, {"learner.city": "Nijmegen"}, source=Source.SCHOOL, by=olga)
        made = make(ask(scene, "survey_contacts"))
        _, content = give_file(made.id, signed_in_at=now(), by=olga)
        b"".join(content)
        checkpoint()
        entries = {entry.event: entry for entry in list_of_learner(learner_id)}
    for event in ("record.viewed", "learners.changed", "disclosures.file_given"):
        entry = entries[event]
        assert (entry.actor_name, entry.actor_id, learner_id in entry.learner_ids) == (
            "Olga Smit",
            olga.account_id,
            True,
        )
        assert began <= entry.at <= now()


@pytest.mark.promise("ST-01", part="source and channel")
def test_a_value_says_by_which_way_it_came(enter: Any) -> None:
    with enter(SLUG):
        learner, by = make_learner(), make_office()
        for channel in ("website", "e-mail", "phone", "app"):
            change_learner(learner.id, {"learner.city": channel}, source=Source.LEARNER, channel=channel, by=by)
            assert list_origins(learner)["learner.city"].channel == channel
        with pytest.raises(Invalid):
            change_learner(learner.id, {"learner.iban": "NL91ABNA0417164300"}, source=Source.LEARNER, by=by)
