"""What Onderwijs.pro promises, at its own school: the clauses that no feature's own tests show."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.accounts.models import AccountSession
from portal.accounts.sessions.expiry import clear_old
from portal.accounts.sessions.services import start_session
from portal.attendance.models import Status
from portal.attendance.registers.queries import list_register
from portal.attendance.registers.services import mark_everyone_present, record_attendance
from portal.core import jobs
from portal.core.audit.queries import list_of_learner
from portal.core.clock import local, now, start_of, today
from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.jobs.registry import EVERY
from portal.courses.lessons.queries import get_lesson
from portal.disclosures import queries
from portal.imports.models import Listing
from portal.imports.queries import get_rows
from portal.learners.corrections.services import correct_own_field
from portal.learners.enrolments.models import Enrolment
from portal.learners.enrolments.services import leave_group
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import add_learner, change_learner
from portal.policy.queries import current_policy
from portal.progress.exams.services import record_result
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import ExamPart, LevelSource, Rung, Skill
from portal.progress.notes.services import write_note
from portal.purposes.models import Consent
from tests.conftest import school_id
from tests.factories.consent import agree, as_learner
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.disclosures import ask, make_scene
from tests.factories.imports import chosen, handed_in, make_office, sheet_bytes
from tests.factories.learners import make_enrolment, make_learner
from tests.factories.policy import mistakes_in, publish, varied
from tests.jobs import do_jobs
from tests.page_client import PageClient, hidden_in
from tests.promises.outside import check_giving, check_importing, check_storing, hands
from tests.signing_in import SignIn, make_account

SLUG = "onderwijs-pro"
HERE = school_id(SLUG)
SECOND_PHONE = "learner.phone_other"


@pytest.fixture
def browser(client_at: Callable[[str], PageClient]) -> PageClient:
    """A browser at Onderwijs.pro."""
    return client_at(SLUG)


def owner(learner_id: Any) -> Learner:
    """Return a learner of the school afresh."""
    with in_school(HERE):
        return session.get_one(Learner, (HERE, learner_id))


@pytest.mark.promise("OP-01")
def test_nothing_that_needs_consent_is_stored_by_any_way_before_it(enter: Any) -> None:
    with enter(SLUG):
        learner, office = make_learner(), make_office()
        learner_id = learner.id
        ways: list[Callable[[], Any]] = [
            lambda: change_learner(learner.id, {SECOND_PHONE: "+31612345678"}, source=Source.SCHOOL, by=office),
            lambda: add_learner(
                {"learner.given_name": "Ali", "learner.family_name": "Aydin", SECOND_PHONE: "+31687654321"},
                source=Source.SCHOOL,
                by=office,
            ),
            lambda: correct_own_field(learner.id, SECOND_PHONE, "+31612345678", by=as_learner(learner)),
        ]
        for way in ways:
            with pytest.raises(Invalid, match="needs_consent"):
                way()
        data = sheet_bytes(["Nummer", "Voornaam", "Achternaam", "Telefoon 2"], ["501", "Amina", "Berg", "0612345678"])
        run = chosen(handed_in(data, office), office)
        assert get_rows(run, Listing.REFUSED, 1).rows[0]["problems"][0][1] == "needs_consent"
        assert session.scalar(select(func.count()).select_from(Learner).where(Learner.phone_other.is_not(None))) == 0
        assert session.scalar(select(func.count()).select_from(Consent)) == 0
        agree(learner, "more_about_you")
        assert (
            change_learner(learner_id, {SECOND_PHONE: "+31612345678"}, source=Source.SCHOOL, by=office).phone_other
            == "+31612345678"
        )


@pytest.mark.promise("OP-01")
def test_each_consent_is_asked_apart_and_is_off(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        learner_id, group_id = make_learner().id, make_group().id
        questions = [each.question.nl for each in current_policy().consent_purposes() if each.question is not None]
    assert len(questions) == 2
    sign_in(browser, "administration")
    form = unescape(browser.get(f"/groepen/{group_id}/cursisten/{learner_id}/inschrijven").get_data(as_text=True))
    assert not [question for question in questions if question in form]
    sign_in(browser, "learner", learner=owner(learner_id))
    page = unescape(browser.get("/mijn/toestemmingen").get_data(as_text=True))
    for question in questions:
        assert page.count(question) == 1
    assert page.count("Ja, dat mag") == page.count("U koos nog niet") == len(questions)


@pytest.mark.promise("OP-02", part="reason")
@pytest.mark.promise("OP-02", part="consent")
def test_an_optional_field_says_why_and_asks_consent_on_the_learners_page(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    with enter(SLUG):
        learner_id = make_learner().id
        [condition] = [each for each in current_policy().conditions if each.kind == "consent"]
        why = condition.why.nl
    sign_in(browser, "learner", learner=owner(learner_id))
    row = (
        browser.get("/mijn/gegevens/alles")
        .get_data(as_text=True)
        .partition('id="veld-phone_other"')[2]
        .partition("</div>")[0]
    )
    assert why in unescape(row)
    form = browser.get("/mijn/gegevens/phone_other/wijzigen").get_data(as_text=True)
    assert why in unescape(form)
    assert 'href="/mijn/toestemmingen"' in form

    refused = browser.post("/mijn/gegevens/phone_other/wijzigen", {"phone_other": "+31612345678"})
    assert refused.status_code == 422
    assert owner(learner_id).phone_other is None
    yes = "/mijn/toestemmingen/more_about_you/geven"
    assert browser.post(yes, hidden_in(browser.get("/mijn/toestemmingen"), yes)).status_code == 303
    assert browser.post("/mijn/gegevens/phone_other/wijzigen", {"phone_other": "+31612345678"}).status_code == 303
    assert owner(learner_id).phone_other == "+31612345678"


@pytest.mark.promise("OP-03", part="fields")
def test_nothing_else_is_stored_imported_or_given(enter: Any) -> None:
    with enter(SLUG):
        stored, brought = check_storing(), check_importing()
        given = check_giving(SLUG, "test_registration")
    assert {"learner.residence_status", "learner.competences", "intake.held_on"} <= stored
    assert not {"learner.birth_place", "learner.iban", "learner.education_level", "correspondence.body"} & stored
    assert {"level.reading", "exam.knm", "trajectory.act"} <= brought
    assert {"attendance_mark.status", "level.level", "learner.kvk_number"} <= given


@pytest.mark.promise("OP-03", part="iban")
def test_an_iban_is_checked(enter: Any) -> None:
    with enter(SLUG):
        learner, by = make_learner(), make_office()
        with pytest.raises(Invalid, match="iban"):
            change_learner(learner.id, {"learner.iban": "NL92ABNA0417164300"}, source=Source.LEARNER, by=by)
        change_learner(learner.id, {"learner.iban": "NL91 ABNA 0417 1643 00"}, source=Source.LEARNER, by=by)
        assert learner.iban is not None


@pytest.mark.promise("OP-03", part="own terms")
def test_internet_addresses_and_activity_go_within_their_own_term(enter: Any, clock: Any) -> None:
    with enter(SLUG):
        policy = current_policy()
        own = policy.term_for("activity")
        assert own.key not in {policy.term_for("name").key, policy.term_for("contact").key}
        [stage] = own.stages
        began = now()
        ended = make_account("Noor", "teacher")
        start_session(ended, has_second_factor=True, ip_address="192.0.2.7", browser="test")
        session.flush()
        last = stage.added_to(local(began).date())
        assert session.scalars(select(AccountSession.ip_address)).one() == "192.0.2.7"
        assert clear_old() == 0
        clock(start_of(last) + timedelta(hours=23))
        assert clear_old() == 0
        clock(start_of(last) + timedelta(hours=25))
        assert clear_old() == 1
        assert session.scalars(select(AccountSession.ip_address)).all() == []
    assert {EVERY.get(name) for name in ("accounts.clear_old", "policy.expire_audit")} == {24 * 3600}


@pytest.mark.promise("OP-04")
@pytest.mark.parametrize("field", ["learner.marital_status", "learner.bsn", "learner.nationality", "learner.employer"])
def test_a_learner_gets_no_way_round_the_ground(enter: Any, field: str) -> None:
    value = {"learner.bsn": "999999990", "learner.marital_status": "married"}.get(field, "Iets")
    with enter(SLUG):
        learner = make_learner()
        assert current_policy().needs_ground(field)
        with pytest.raises((Invalid, NotAllowed, NotFound)):
            correct_own_field(learner.id, field, value, by=as_learner(learner))
        assert getattr(learner, field.partition(".")[2]) is None


@pytest.mark.promise("OP-05")
@pytest.mark.promise("OP-08")
def test_every_file_names_its_purpose_and_one_of_these_recipients(enter: Any) -> None:
    with enter(SLUG):
        policy = current_policy()
        assert {recipient.key for recipient in policy.recipients} == {"ideal", "test_bureau"}
        scene = make_scene()
        for offer in queries.list_offers():
            made = ask(scene, offer.template.key)
            assert (made.recipient, made.purpose) == (offer.recipient.key, offer.template.purpose)
            assert made.purpose in policy.recipient(made.recipient).purposes
        with pytest.raises(NotFound):
            ask(scene, "attendance_for_client")
    for purpose in ("newsletter", "payment", "advertising"):
        found = mistakes_in(varied(SLUG, {"templates.test_registration.purpose": purpose}))
        assert any("templates.test_registration.purpose" in mistake for mistake in found), found


@pytest.mark.promise("OP-08")
def test_a_recipient_without_an_agreement_can_not_be_used(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        scene = make_scene()
        assert ask(scene, "test_registration").recipient == "test_bureau"
        assert date(2019, 8, 1) == current_policy().recipient("test_bureau").agreement.recorded_on  # type: ignore[union-attr]
        publish(varied(SLUG, {"version": "later", "recipients.test_bureau.agreement": None}))
        with pytest.raises(Conflict, match="no_agreement"):
            ask(scene, "test_registration")
    sign_in(browser, "administration")
    page = browser.get("/bestanden/nieuw/test_registration").get_data(as_text=True)
    assert "Er mag niets naartoe." in page
    assert "Kijk wie erin staat" not in page


SERVES = {SLUG: "course", "leren-leren": "service"}  # what attendance would be for, where the school kept it
STANDING = [Base.metadata.tables[name] for name in ("learner", "enrolment", "trajectory")]


@pytest.mark.promise("OP-06", "LL-13")
@pytest.mark.parametrize("slug", [SLUG, "leren-leren"])
def test_low_attendance_ends_nothing_and_whoever_ends_something_is_named(enter: Any, slug: str) -> None:
    with enter(slug):
        keeps = {"version": "later", "categories.attendance": {"purposes": [SERVES[slug]]}}
        publish(varied(slug, keeps))
        learner, group = make_learner(), make_group()
        make_enrolment(learner, group, starts_on=today() - timedelta(days=30))
        account = make_account("Tess Jansen", "teacher")
        make_teacher_of(group, account)
        teacher = actor_of(account.id, account.name, frozenset({"teacher"}))
        enrolment_id, group_id, learner_id = session.scalars(select(Enrolment.id)).one(), group.id, learner.id
        before = standing()
        for days in range(1, 15):
            lesson = get_lesson(make_lesson(group, held_on=today() - timedelta(days=days)).id, teacher)
            marks = [replace(row.mark, status=Status.ABSENT) for row in list_register(lesson)]
            assert len(record_attendance(lesson, marks, by=teacher).rows) == 1
        assert EVERY
        for kind in sorted(EVERY):
            jobs.ask(kind, {})
        assert set(do_jobs()) >= set(EVERY)
        assert standing() == before
        office = make_office("Ans de Wit")
        leave_group(group_id, enrolment_id, ends_on=today(), by=office)
        assert standing() != before
        entry = next(each for each in list_of_learner(learner_id) if each.event == "learners.left_group")
        assert (entry.actor_name, entry.actor_kind) == ("Ans de Wit", "staff")


def standing() -> list[Any]:
    """Return what a learner's standing is made of: her record, enrolments and trajectories."""
    session.expire_all()
    return [session.execute(select(table).order_by(table.c.id)).all() for table in STANDING]


@pytest.mark.promise("OP-03", part="fields")
@pytest.mark.promise("LL-03", part="fields")
@pytest.mark.parametrize("slug", [SLUG, "leren-leren"])
def test_attendance_and_progress_have_no_place_either(enter: Any, slug: str) -> None:
    with enter(slug):
        learner, by = make_learner(), hands()
        lesson = get_lesson(make_lesson(make_group()).id, by)
        with pytest.raises(Invalid, match="not_in_policy") as refused:
            mark_everyone_present(lesson, by=by)
        assert refused.value.facts["category"] == "attendance"
        new = [NewLevel(learner.id, Skill.READING, Rung.A1)]
        with pytest.raises(NotFound, match="feature_off"):
            record_levels(new, found_on=today(), source=LevelSource.TEST, by=by)
        with pytest.raises(NotFound, match="feature_off"):
            record_result(learner.id, ExamPart.KNM, taken_on=today(), is_passed=True, by=by)
        with pytest.raises(NotFound, match="feature_off"):
            write_note(learner.id, "Iets", by=by)
