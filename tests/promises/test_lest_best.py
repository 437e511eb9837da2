"""What Lest Best promises, at its own school: the clauses that no feature's own tests show."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.audit.queries import list_of_learner
from portal.core.clock import now
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.disclosures import queries
from portal.disclosures.files.delivery import give_file
from portal.disclosures.models import Disclosure
from portal.learners.enrolments.models import Enrolment
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.courses import make_group
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner
from tests.factories.policy import mistakes_in, varied
from tests.page_client import PageClient, hidden_in
from tests.promises.outside import check_giving, check_importing, check_storing
from tests.signing_in import SignIn

SLUG = "lest-best"


@pytest.mark.promise("LB-02", part="stored")
def test_no_field_outside_the_statement_can_be_stored(school: SchoolView) -> None:
    tried = check_storing()

    assert {"learner.gender", "learner.birth_place", "learner.iban", "learner.marital_status"} <= tried
    assert {"intake.result", "appointment.subject", "invoice_line.number", "correspondence.body"} <= tried
    assert not {"learner.nationality", "learner.care_duties", "trajectory.route", "complaint.body"} & tried


@pytest.mark.promise("LB-02", part="imported")
def test_no_field_outside_the_statement_can_be_imported(school: SchoolView) -> None:
    tried = check_importing()

    assert {"learner.gender", "learner.residence_status", "learner.iban"} <= tried
    assert not {"learner.nationality", "level.reading", "exam.knm"} & tried


@pytest.mark.promise("LB-02", part="exported")
def test_no_field_outside_the_statement_can_be_in_a_file(school: SchoolView) -> None:
    tried = check_giving(SLUG, "attendance_for_client")

    assert {"learner.gender", "learner.iban", "intake.result", "invoice_line.number"} <= tried
    assert {key for template in current_policy().templates for key in template.fields} <= current_policy().fields


PURPOSES = {"course", "duo", "survey", "client_report", "quality_report", "statutory"}


@pytest.mark.promise("LB-03")
def test_every_file_says_for_whom_and_for_what_and_no_other_is_made(
    client: PageClient, sign_in: SignIn, app: Flask, school: SchoolView
) -> None:
    scene = make_scene()
    offers = queries.list_offers()
    assert offers
    for offer in offers:
        disclosure = ask(scene, offer.template.key)
        assert (disclosure.recipient, disclosure.purpose) == (offer.recipient.key, offer.template.purpose)
        assert disclosure.purpose in PURPOSES
    with pytest.raises(NotFound):
        ask(scene, "files_for_the_press")
    policy = current_policy()
    shown = {str(disclosure.id): disclosure for disclosure in session.scalars(select(Disclosure))}
    sign_in(client, "administration")
    for key, disclosure in shown.items():
        with in_school(school.id):
            recipient, purpose = session.get_one(Disclosure, (school.id, disclosure.id)).recipient, disclosure.purpose
        page = client.get(f"/bestanden/{key}").get_data(as_text=True)
        assert policy.recipient(recipient).title.nl in page
        assert policy.purpose(purpose).title.nl.replace("'", "&#39;") in page


@pytest.mark.promise("LB-03", "LB-04")
@pytest.mark.parametrize("purpose", ["security", "accountability", "course", "advertising"])
def test_a_file_for_a_purpose_that_is_not_for_sharing_is_refused(purpose: str) -> None:
    found = mistakes_in(varied(SLUG, {"templates.attendance_for_client.purpose": purpose}))

    assert any("templates.attendance_for_client.purpose" in mistake for mistake in found), found


@pytest.mark.promise("LB-04")
def test_each_category_lists_its_purposes_and_a_file_keeps_to_them(school: SchoolView, client: PageClient) -> None:
    policy = current_policy()
    page = client.get("/privacy").get_data(as_text=True)
    for category in policy.categories:
        assert category.purposes
        assert f'id="data-{category.key}"' in page
    for category in policy.categories:
        serves = set(category.purposes)
        for template in policy.templates:
            if category.key in policy.categories_in(template):
                assert template.purpose in serves
    without = varied(SLUG, {"categories.attendance.purposes": ["course", "duo"]})
    assert any('holds fields of "attendance"' in mistake for mistake in mistakes_in(without))


@pytest.mark.promise("LB-05")
def test_enrolling_asks_no_consent_and_gives_none(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    learner, group = make_learner("Amina"), make_group()
    learner_id, group_id = learner.id, group.id
    with in_school(school.id):
        questions = [purpose.question.nl for purpose in current_policy().consent_purposes() if purpose.question]
    sign_in(client, "administration")
    url = f"/groepen/{group_id}/cursisten/{learner_id}/inschrijven"

    page = client.get(url)

    assert len(questions) == 3
    assert not [question for question in questions if question in page.get_data(as_text=True)]
    client.post(url, {**hidden_in(page), "starts_on": "2026-11-23", "client_report": "y", "survey": "y"})
    with in_school(school.id):
        assert session.scalars(select(Enrolment).where(Enrolment.learner_id == learner_id)).one()
        assert session.scalar(text("select count(*) from consent")) == 0
    with in_school(school.id):
        owner = session.get_one(type(learner), (school.id, learner_id))
    sign_in(client, "learner", learner=owner)
    own = client.get("/mijn/toestemmingen").get_data(as_text=True)
    for question in questions:
        assert question in own
    assert own.count("U koos nog niet") == 3
    assert "checked" not in own


BASES = {"contract": "afspraak met u", "legal_obligation": "de wet", "legitimate_interest": "belang van de school"}


@pytest.mark.promise("LB-05", "ST-04", "OP-01")
@pytest.mark.parametrize("slug", [SLUG, "step-inburgering", "onderwijs-pro"])
def test_each_purpose_shows_its_basis(client_at: Callable[[str], PageClient], enter: Any, slug: str) -> None:
    page = client_at(slug).get("/privacy").get_data(as_text=True)
    rows = page[page.index('id="purposes"') :].split("<tr>")
    with enter(slug):
        for purpose in current_policy().purposes:
            title = purpose.title.nl.replace("'", "&#39;")
            row = next(row for row in rows if title in row)
            assert BASES.get(purpose.basis, "toestemming") in row
            said = unescape(re.sub(r"<[^>]*>", "", row))
            assert all(law in said for law in (purpose.law or "").split("; "))


def events_of(learner_id: Any) -> dict[str, Any]:
    """Return the entries about a learner by event, the newest of each."""
    return {entry.event: entry for entry in reversed(list_of_learner(learner_id))}


@pytest.mark.promise("LB-08")
def test_a_view_a_change_and_a_disclosure_say_who_what_and_when(
    client: PageClient, sign_in: SignIn, app: Flask, school: SchoolView
) -> None:
    scene = make_scene()
    learner_id, began = scene.amina.id, now()
    agree(scene.amina, "client_report")
    olga = sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{learner_id}")
    form = client.get(f"/cursisten/{learner_id}/wijzig/address").get_data(as_text=True)
    assert 'name="city"' in form
    seen = form.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    stored = client.post(f"/cursisten/{learner_id}/wijzig/address", {"city": "Zeist", "source": "school", "seen": seen})
    assert stored.status_code == 303, stored.get_data(as_text=True)
    with in_school(school.id), app.app_context():
        made = make(ask(scene))
        _, content = give_file(made.id, signed_in_at=now(), by=olga)
        b"".join(content)
        checkpoint()
        events = events_of(learner_id)
        viewed, altered, given = (
            events["record.viewed"],
            events["learners.changed"],
            events["disclosures.file_given"],
        )
        for entry in (viewed, altered, given):
            assert (entry.actor_name, entry.actor_id) == ("Olga Smit", olga.account_id)
            assert "administration" in entry.actor_roles
            assert learner_id in entry.learner_ids
            assert began <= entry.at <= now()
        assert viewed.facts["what"]
        assert given.facts == {"recipient": "client", "purpose": "client_report"}
        with_values = list_of_learner(learner_id, with_changes=True)
        changes = next(entry.changes for entry in with_values if entry.event == "learners.changed")
        assert changes is not None
        assert tuple(changes["learner.city"]) == (None, "Zeist")


@pytest.mark.promise("LB-08", "ST-06")
@pytest.mark.parametrize("slug", [SLUG, "step-inburgering"])
@pytest.mark.parametrize("how", ["change", "delete"])
def test_nobody_changes_or_removes_an_entry(enter: Any, slug: str, how: str) -> None:
    with enter(slug):
        audit.record("learners.changed", learner_id=make_learner().id)
        session.flush()
        statement = update(AuditEvent).values(actor_name="Iemand anders") if how == "change" else delete(AuditEvent)
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(statement.execution_options(synchronize_session=False))
        kept = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.changed")).one()
        assert kept.actor_name != "Iemand anders"
