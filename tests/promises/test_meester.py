"""What Meester in NT2 promises, at its own school: the clauses that no feature's own tests show."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.accounts.actors import actor_of
from portal.accounts.members.services import invite_members, read_people
from portal.accounts.models import Account
from portal.config import settings
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.courses.models import LearnerGroup
from portal.disclosures import queries
from portal.disclosures.files.delivery import give_file
from portal.learners.record.fields import LEARNER_FIELDS
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.services import change_learner
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.progress.models import ExamResult, Level
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.imports import make_office, sheet_bytes, stored
from tests.factories.learners import make_enrolment, make_learner, make_trajectory
from tests.factories.policy import mistakes_in, shipped, varied
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)


@pytest.fixture
def browser(client_at: Callable[[str], PageClient]) -> PageClient:
    """A browser at Meester in NT2."""
    return client_at(SLUG)


def owner(learner_id: Any) -> Learner:
    """Return a learner of the school afresh."""
    with in_school(HERE):
        return session.get_one(Learner, (HERE, learner_id))


@pytest.mark.promise("MN-02", part="fields")
def test_the_learner_sees_where_each_value_came_from_and_since_when(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    values = {
        Source.LEARNER: {"learner.city": "Rotterdam"},
        Source.SCHOOL: {"learner.education_level": "mbo 2"},
        Source.REFERRER: {"learner.work_experience": "Bakker"},
    }
    with enter(SLUG):
        learner_id = make_learner().id
        office = make_office()
        for source, given in values.items():
            change_learner(learner_id, given, source=source, by=office)
        kept = {row.field: row for row in session.scalars(select(FieldOrigin))}
        for source, given in values.items():
            [field] = given
            assert (kept[field].source, kept[field].since_on) == (source, today())
    sign_in(browser, "learner", learner=owner(learner_id))

    page = browser.get("/mijn/gegevens/alles").get_data(as_text=True)

    for name, words in {"city": "uzelf", "education_level": "uw school", "work_experience": "wie u aanmeldde"}.items():
        field = page.partition(f'id="veld-{name}"')[2].partition("</div>")[0]
        assert f"{words}, {today().day} " in field


# What the statement lists, as the school's own workbook has it, and the value that must stand in the record.
WORKBOOK = {
    "Nummer": "901", "Voornaam": "Amina", "Achternaam": "Berg", "Straat": "Dorpsstraat", "Huisnummer": "5",
    "Postcode": "3011 AB", "Woonplaats": "Rotterdam", "Telefoon": "0612345678", "E-mail": "amina@example.org",
    "Geboortedatum": "1-9-1990", "Geboorteland": "Syrië", "Opleidingsniveau": "mbo", "Werkervaring": "Bakker",
    "Lezen": "A1", "KNM": "geslaagd", "Datum examen": "1-9-2026", "Opdrachtgever": "Gemeente Rotterdam",
    "Klantmanager": "Kim de Boer", "Wet": "Wi2021", "Route": "B1-route", "Start traject": "1-3-2026",
}  # fmt: skip


@pytest.mark.promise("MN-03", part="imported")
def test_the_workbook_fills_everything_that_registration_asks(enter: Any) -> None:
    with enter(SLUG):
        run = stored(sheet_bytes(list(WORKBOOK), list(WORKBOOK.values())), make_office())
        assert (run.counts["added"], run.counts["refused"]) == (1, 0), run.sheets
        learner = session.scalars(select(Learner).where(Learner.number == "901")).one()
        assert (learner.street, learner.house_number, learner.postcode) == ("Dorpsstraat", "5", "3011 AB")
        assert (learner.city, learner.phone, learner.email) == ("Rotterdam", "+31612345678", "amina@example.org")
        assert (str(learner.birth_date), learner.birth_country) == ("1990-09-01", "Syrië")
        assert (learner.education_level, learner.work_experience) == ("mbo", "Bakker")
        trajectory = session.scalars(select(Trajectory)).one()
        assert trajectory.route is not None
        assert str(trajectory.starts_on) == "2026-03-01"
        manager = session.scalars(select(ContactPerson)).one()
        assert (manager.id, manager.name) == (trajectory.client_manager_id, "Kim de Boer")
        assert session.scalars(select(Level)).one().level.value == "A1"
        assert session.scalars(select(ExamResult)).one().is_passed is True


@pytest.mark.promise("MN-06")
def test_register_and_progress_are_held_and_the_learner_sees_both(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    with enter(SLUG):
        learner, group = make_learner(), make_group()
        make_enrolment(learner, group)
        lesson = make_lesson(group, held_on=today() - timedelta(days=1))
        make_mark(lesson, learner)
        learner_id, group_id = learner.id, group.id
    teacher = sign_in(browser, "teacher")
    with in_school(HERE):
        make_teacher_of(session.get_one(LearnerGroup, (HERE, group_id)), teacher)
    level = {f"s.{learner_id}": "A2", f"v.{learner_id}": "0."}
    assert browser.post(f"/groepen/{group_id}/niveau/invullen?wat=spreken", level).status_code == 303
    address = f"/cursisten/{learner_id}/voortgang"
    browser.get(address)
    taken_part = {"notitie-body": "doet goed mee in de les"}
    development = {
        "evaluatie-kind": "progress",
        "evaluatie-held_on": today().isoformat(),
        "evaluatie-body": "spreekt vrijer dan in maart",
    }
    assert browser.post(f"{address}/notities", taken_part).status_code == 303
    assert browser.post(f"{address}/evaluaties", development).status_code == 303
    sign_in(browser, "learner", learner=owner(learner_id))

    attendance = browser.get("/mijn/aanwezigheid").get_data(as_text=True)
    progress = browser.get("/mijn/niveau").get_data(as_text=True)

    assert "aanwezig" in attendance
    for words in ("A2", "doet goed mee in de les", "spreekt vrijer dan in maart"):
        assert words in progress


@pytest.mark.promise("MN-07")
def test_files_go_to_client_duo_and_blik_op_werk_and_nobody_else(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    stated = {"client", "duo", "blik_op_werk"}
    with enter(SLUG):
        policy = current_policy()
        assert {recipient.key for recipient in policy.recipients if not recipient.is_processor} == stated
        assert {recipient.key for recipient in policy.recipients if recipient.is_processor} == {"tracking_software"}
        assert {offer.recipient.key for offer in queries.list_offers()} <= stated
        scene = make_scene()
        with pytest.raises(NotFound):
            ask(scene, "test_registration")
    sign_in(browser, "administration")
    page = browser.get("/bestanden/ontvangers").get_data(as_text=True)
    assert page.count('action="/bestanden/ontvangers/') == len(policy.recipients)
    for recipient in policy.recipients:
        assert recipient.title.nl in page
    assert browser.get("/bestanden/nieuw/test_registration").status_code == 404
    sold = mistakes_in(varied(SLUG, {"purposes.quality_report.nature": "commercial"}))
    assert any('"commercial" is a purpose that this school never has (MN-07, MN-12)' in each for each in sold)
    other = mistakes_in(varied(SLUG, {"templates.survey_contacts.recipient": "panteia"}))
    assert any('there is no recipient "panteia"' in each for each in other)


@pytest.mark.promise("MN-10", part="survey contacts")
def test_duo_and_blik_op_werk_get_what_the_statement_lists() -> None:
    policy = shipped(SLUG)

    assert set(policy.recipient("duo").categories) == {
        "name",
        "birth",
        "bsn",
        "trajectory",
        "attendance",
        "exam",
        "finance",
    }
    assert not {"level", "exam", "progress", "bsn"} & set(policy.recipient("blik_op_werk").categories)
    assert policy.term("default").source == "school"
    assert (policy.in_force_on, policy.updated_on) == (date(2018, 5, 25), date(2019, 9, 1))


@pytest.mark.promise("MN-10", part="survey contacts")
def test_the_survey_can_not_get_bsn_nationality_or_results() -> None:
    for field in ("learner.bsn", "learner.nationality", "exam_result.is_passed", "level.level"):
        fields = ["learner.given_name", field, "trajectory.route"]
        assert mistakes_in(varied(SLUG, {"templates.survey_contacts.fields": fields})), field


@pytest.mark.promise("MN-11", part="own accounts")
@pytest.mark.usefixtures("app")
def test_two_members_never_share_an_account(enter: Any) -> None:
    with enter(SLUG):
        account = make_account("Directie", "management")
        manager = actor_of(account.id, account.name, frozenset({"management"}))
        people = read_people("Noor Bakker noor@example.org\nSam Vos sam@example.org")
        first, second = invite_members(people, frozenset({Role.TEACHER}), by=manager)
        assert (first.email, second.email) == ("noor@example.org", "sam@example.org")
        shared = insert(Account).values(id=new_id(), name="Nog iemand", email="noor@example.org")
        with pytest.raises(IntegrityError, match="uq_account_email"), session.begin_nested():
            session.execute(shared)


@pytest.mark.promise("MN-11", part="encryption")
def test_a_bsn_and_a_document_are_unreadable_on_disk(enter: Any) -> None:
    image = b"\x89PNG" + b"identiteitsbewijs " * 400
    with enter(SLUG):
        learner = make_learner()
        make_trajectory(learner, reports_to_government=True)
        change_learner(learner.id, {"learner.bsn": "999999990"}, source=Source.SCHOOL, by=make_office())
        assert learner.bsn is not None
        assert b"999999990" not in learner.bsn
        assert learner.bsn_digest is not None
        assert b"999999990" not in learner.bsn_digest
        file_id = files.store([image], about=(learner.id, "identity_document.file_id"))
        session.flush()
        on_disk = [path.read_bytes() for path in Path(settings().files_dir).rglob("*") if path.is_file()]
        assert on_disk
        assert all(b"identiteitsbewijs" not in content for content in on_disk)
        assert b"".join(files.open_file(file_id)) == image


@pytest.mark.promise("MN-13", part="statement")
def test_the_statement_says_plainly_which_cookies_there_are(browser: PageClient) -> None:
    page = browser.get("/privacy").get_data(as_text=True)

    assert ">__Host-inzage<" in page
    assert "Om in te loggen" in page
    assert "Andere cookies zijn er niet." in page
    with in_school(HERE):
        [section] = current_policy().sections_at("cookies")
        assert section.text.nl in page


@pytest.mark.promise("MN-14")
def test_a_disclosure_is_logged_whole_and_shown_to_who_is_in_it(
    browser: PageClient, sign_in: SignIn, enter: Any, app: Flask
) -> None:
    began = now()
    with enter(SLUG), app.app_context():
        scene = make_scene()
        made = make(ask(scene))
        _, content = give_file(made.id, signed_in_at=now(), by=scene.office)
        b"".join(content)
        assert (made.recipient, made.purpose) == ("client", "client_report")
        assert made.categories == ["name", "attendance"]
        assert set(queries.list_learner_ids(made)) == {scene.amina.id, scene.bereket.id}
        assert made.first_downloaded_at is not None
        assert made.first_downloaded_at >= began
        recipient = current_policy().recipient("client").title.nl
        amina_id, chen_id = scene.amina.id, scene.chen.id
        checkpoint()
    sign_in(browser, "learner", learner=owner(amina_id))
    assert recipient in browser.get("/mijn/wie-kreeg").get_data(as_text=True)
    sign_in(browser, "learner", learner=owner(chen_id))
    assert recipient not in browser.get("/mijn/wie-kreeg").get_data(as_text=True)


PROVED = {"given_name", "name_prefix", "family_name", "birth_date", "bsn"}


@pytest.mark.promise("MN-17", part="own fields")
def test_a_learner_sees_every_field_and_few_of_them_wait(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        learner = make_learner(bsn="999999990", phone="+31612345678", city="Rotterdam", birth_country="Syrië")
        make_trajectory(learner, reports_to_government=True)
        learner_id = learner.id
        policy = current_policy()
        kept = {field.column for field in LEARNER_FIELDS if policy.allows(field.key)}
        assert {key.partition(".")[2] for key in policy.checked_fields} == PROVED
        why = policy.checked.why.nl
    sign_in(browser, "learner", learner=owner(learner_id))

    page = browser.get("/mijn/gegevens/alles").get_data(as_text=True)

    for name in kept:
        assert f'id="veld-{name}"' in page
    for name in kept - {"number"}:
        form = browser.get(f"/mijn/gegevens/{name}/wijzigen").get_data(as_text=True)
        assert (why in form) == (name in PROVED), name
        assert ("Uw wijziging staat er meteen." in form) == (name not in PROVED), name
    assert browser.post("/mijn/gegevens/city/wijzigen", {"city": "Schiedam"}).status_code == 303
    assert "Schiedam" in browser.get("/mijn/gegevens/alles").get_data(as_text=True)
    assert owner(learner_id).city == "Schiedam"
