"""Meester in NT2: every column of what registration asks, brought in and posted, and read back; and in the register and
the progress pages what the statement lists, and nothing else.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import html5lib
import pytest
from sqlalchemy import select

from portal.accounts.invitations.links import make_link
from portal.accounts.models import LinkKind
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.fields import FIELDS, RecordField
from portal.learners.record.models import Learner
from portal.learners.record.values import values_of
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson, Organisation
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.progress.models import ExamPart, ExamResult, Level, Skill
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.imports import make_office, sheet_bytes, stored
from tests.factories.learners import (
    make_contact_person,
    make_enrolment,
    make_learner,
    make_organisation,
    make_trajectory,
)
from tests.page_client import PageClient, forms_in, hidden_in
from tests.signing_in import SignIn

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
# What is typed for each column that registration asks, and what must stand in the record after it.
LEARNER: dict[str, tuple[str, Any]] = {
    "given_name": ("Amina", "Amina"),
    "name_prefix": ("van der", "van der"),
    "family_name": ("Berg", "Berg"),
    "street": ("Dorpsstraat", "Dorpsstraat"),
    "house_number": ("5", "5"),
    "postcode": ("3011 AB", "3011 AB"),
    "city": ("Rotterdam", "Rotterdam"),
    "country": ("Nederland", "Nederland"),
    "phone": ("06 12345678", "+31612345678"),
    "phone_other": ("06 87654321", "+31687654321"),
    "email": ("amina@example.org", "amina@example.org"),
    "preferred_language": ("ar", "ar"),
    "birth_date": ("1-9-1990", date(1990, 9, 1)),
    "birth_country": ("Syrië", "Syrië"),
    "education_level": ("mbo", "mbo"),
    "work_experience": ("Bakker", "Bakker"),
}
TRAJECTORY: dict[str, tuple[str, Any]] = {
    "act": ("wi2021", "wi2021"),
    "route": ("b1", "b1"),
    "target_group": ("family", "family"),
    "funding": ("municipality", "municipality"),
    "reports_to_government": ("y", True),
    "starts_on": ("1-3-2026", date(2026, 3, 1)),
    "ends_on": ("1-3-2027", date(2027, 3, 1)),
    "guidance_ended_on": ("1-4-2027", date(2027, 4, 1)),
    "agreement_on": ("1-2-2026", date(2026, 2, 1)),
    "agreement": ("Drie lessen per week", "Drie lessen per week"),
    "contract_number": ("C-12", "C-12"),
    "hours_bought": ("300", 300),
    "minutes_before": ("10", 600),
    "municipality_asked_on": ("1-5-2026", date(2026, 5, 1)),
    "municipality_request": ("Brief G-7", "Brief G-7"),
    "municipality_request_ended_on": ("1-9-2026", date(2026, 9, 1)),
}
BROUGHT_IN = {
    "Nummer": "901", "Voornaam": "Amina", "Tussenvoegsel": "van der", "Achternaam": "Berg", "Straat": "Dorpsstraat",
    "Huisnummer": "5", "Postcode": "3011 AB", "Woonplaats": "Rotterdam", "Land": "Nederland", "Telefoon": "0612345678",
    "Telefoon 2": "0687654321", "E-mail": "amina@example.org", "Voorkeurstaal": "Arabisch", "Geboortedatum": "1-9-1990",
    "Geboorteland": "Syrië", "Opleidingsniveau": "mbo", "Werkervaring": "Bakker", "Wet": "Wi2021",
    "Leerroute": "B1-route", "Doelgroep": "gezin", "Wie betaalt": "gemeente", "Melden aan overheid": "ja",
    "Start traject": "1-3-2026", "Einde traject": "1-3-2027", "Datum afspraken": "1-2-2026",
    "Wat is afgesproken": "Drie lessen per week", "Contractnummer": "C-12", "Ingekochte uren": "300",
    "Opdrachtgever": "Gemeente Rotterdam", "Klantmanager": "Kim de Boer",
}  # fmt: skip


@pytest.fixture
def browser(client_at: Callable[[str], PageClient]) -> PageClient:
    """A browser at Meester in NT2."""
    return client_at(SLUG)


def asked_in(*categories: str) -> dict[str, RecordField]:
    """Return the fields of these categories that the school keeps, by column."""
    kept = [field for field in FIELDS.values() if field.category in categories and current_policy().allows(field.key)]
    return {field.column: field for field in kept if field.table in {"learner", "trajectory"}}


@pytest.mark.promise("MN-03", part="fields")
def test_every_column_of_registration_is_named_here(enter: Any) -> None:
    with enter(SLUG):
        of_learner = asked_in("name", "address", "contact", "birth", "education", "work")
        of_trajectory = asked_in("trajectory")
    assert set(of_learner) - {"number"} == set(LEARNER)
    assert set(of_trajectory) == {*TRAJECTORY, "client_id", "client_manager_id"}


@pytest.mark.promise("MN-03", part="fields")
def test_every_column_of_the_record_is_posted_and_read_back(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        learner_id = make_learner("Iets", "Anders", birth_date=None).id
        fields = asked_in("name", "address", "contact", "birth", "education", "work")
    sign_in(browser, "administration")
    for category in ("name", "address", "contact", "birth", "education", "work"):
        path = f"/cursisten/{learner_id}/wijzig/{category}"
        columns = [name for name in LEARNER if fields[name].category == category]
        typed = {name: LEARNER[name][0] for name in columns} | {"source": "learner"}
        answer = browser.post(path, hidden_in(browser.get(path), path) | typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)
    with in_school(HERE):
        learner = session.get_one(Learner, (HERE, learner_id))
        held = values_of(learner, [fields[name] for name in LEARNER])
    assert held == {f"learner.{name}": value for name, (_, value) in LEARNER.items()}


@pytest.mark.promise("MN-03", part="fields")
def test_every_column_of_a_trajectory_is_posted_and_read_back(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        learner, client = make_learner(), make_organisation("Gemeente Rotterdam")
        client_id, manager_id = client.id, make_contact_person(client).id
        path = f"/cursisten/{learner.id}/dossier/trajecten/{make_trajectory(learner).id}"
    sign_in(browser, "administration")
    typed = {name: given for name, (given, _) in TRAJECTORY.items()}
    pointed = {"client_id": str(client_id), "client_manager_id": str(manager_id), "source": "school"}

    answer = browser.post(path, hidden_in(browser.get(path), path) | typed | pointed)

    assert answer.status_code == 303, answer.get_data(as_text=True)
    with in_school(HERE):
        row = session.scalars(select(Trajectory)).one()
        assert {name: getattr(row, name) for name in TRAJECTORY} == {
            name: value for name, (_, value) in TRAJECTORY.items()
        }
        assert (row.client_id, row.client_manager_id) == (client_id, manager_id)


@pytest.mark.promise("MN-03", part="fields")
def test_every_level_and_exam_is_posted_and_read_back(browser: PageClient, sign_in: SignIn, enter: Any) -> None:
    with enter(SLUG):
        learner, group = make_learner(), make_group()
        make_enrolment(learner, group)
        learner_id, group_id = learner.id, group.id
    sign_in(browser, "coach")
    level = {f"s.{learner_id}": "A2", f"v.{learner_id}": "0."}
    for skill in ("lezen", "luisteren", "schrijven", "spreken", "gesprekken"):
        address = f"/groepen/{group_id}/niveau/invullen?wat={skill}&bron=test"
        assert browser.post(address, level).status_code == 303
    for part in ExamPart:
        result = {"part": part.value, "taken_on": today().isoformat(), "outcome": "passed", "level": "A2", "score": "8"}
        sent = {f"uitslag-{name}": value for name, value in result.items()}
        assert browser.post(f"/cursisten/{learner_id}/voortgang/uitslagen", sent).status_code == 303
    with in_school(HERE):
        kept = session.execute(select(Level.skill, Level.level, Level.found_on)).all()
        assert {row.skill for row in kept} == set(Skill)
        assert {(row.level, row.found_on) for row in kept} == {("A2", today())}
        results = session.scalars(select(ExamResult)).all()
        assert {row.part for row in results} == set(ExamPart)
        assert {(row.is_passed, row.level, row.score) for row in results} == {(True, "A2", "8")}


@pytest.mark.promise("MN-03", part="imported")
def test_every_column_of_registration_is_brought_in_and_read_back(enter: Any) -> None:
    with enter(SLUG):
        fields = asked_in("name", "address", "contact", "birth", "education", "work")
        run = stored(sheet_bytes(list(BROUGHT_IN), list(BROUGHT_IN.values())), make_office())
        assert (run.counts["added"], run.counts["refused"]) == (1, 0), run.sheets
        learner = session.scalars(select(Learner).where(Learner.number == "901")).one()
        held = values_of(learner, [fields[name] for name in LEARNER])
        assert held == {f"learner.{name}": value for name, (_, value) in LEARNER.items()}
        row = session.scalars(select(Trajectory)).one()
        later = {
            "guidance_ended_on",
            "minutes_before",
            *(name for name in TRAJECTORY if name.startswith("municipality_")),
        }
        for name in TRAJECTORY.keys() - later:
            assert getattr(row, name) == TRAJECTORY[name][1], name
        client, manager = session.scalars(select(Organisation)).one(), session.scalars(select(ContactPerson)).one()
        assert (row.client_id, row.client_manager_id) == (client.id, manager.id)
        assert (client.name, manager.name) == ("Gemeente Rotterdam", "Kim de Boer")


PROGRESS = {
    "attendance": {
        "attendance_mark.lesson_id", "attendance_mark.learner_id", "attendance_mark.status",
        "attendance_mark.late_minutes", "attendance_mark.early_minutes", "attendance_mark.is_authorised",
        "attendance_mark.minutes", "attendance_mark.source", "attendance_mark.marked_at", "mark_change.lesson_id",
        "mark_change.learner_id", "mark_change.old_status", "mark_change.new_status", "mark_change.old_late_minutes",
        "mark_change.new_late_minutes", "mark_change.old_early_minutes", "mark_change.new_early_minutes",
        "mark_change.old_is_authorised", "mark_change.new_is_authorised", "mark_change.reason",
        "mark_change.changed_at", "absence_notice.lesson_id", "absence_notice.learner_id", "absence_notice.held_on",
        "absence_notice.starts_at", "absence_notice.reason", "absence_notice.note", "absence_notice.reported_at",
        "signal.learner_id", "signal.kind", "signal.facts", "signal.raised_at", "signal.seen_at",
        "signal.ended_at", "signal.answer", "signal.quiet_until", "signal.answered_at",
    },
    "level": {
        "level.learner_id", "level.skill", "level.level", "level.source", "level.found_on", "level.replaced",
        "level.entered_at", "can_do.learner_id", "can_do.statement_id", "can_do.is_able", "can_do.source",
        "can_do.found_on", "can_do.replaced", "can_do.entered_at", "goal.learner_id", "goal.skill", "goal.level",
        "goal.by_month", "goal.set_at",
    },
    "progress": {
        "evaluation.learner_id", "evaluation.kind", "evaluation.held_on", "evaluation.body", "evaluation.written_at",
        "note.learner_id", "note.body", "note.written_at", "mark_note.lesson_id", "mark_note.learner_id",
        "mark_note.body", "mark_note.written_at", "joint_evaluation.learner_id",
        "joint_evaluation.enrolment_id", "joint_evaluation.kind", "joint_evaluation.teacher_answers",
        "joint_evaluation.learner_answers", "joint_evaluation.teacher_remark", "joint_evaluation.learner_remark",
        "joint_evaluation.started_at", "joint_evaluation.teacher_agreed_at", "joint_evaluation.learner_agreed_at",
    },
}  # fmt: skip


# On the pages: a mark with its minutes and the version that was seen; a level in a skill on a day, of one or of all; a
# result, a note, an evaluation.
REGISTER = {"s", "l", "e", "g", "v"}
LEVELS = {"s", "v", "wat", "dag", "bron", "waarde"}
RESULT = {f"uitslag-{name}" for name in ("part", "taken_on", "outcome", "source", "level", "score")}
NOTE = {"notitie-body", "notitie-readers"}
EVALUATION = {f"evaluatie-{name}" for name in ("kind", "held_on", "body")}


def category_of(policy: Policy, key: str) -> str | None:
    """Return in which category of the policy a field stands."""
    category = policy.category_of(key)
    return None if category is None else category.key


def names_on(page: Any) -> set[str]:
    """Return the names of all controls on a page but those of the layout, without the learner whom they are about."""
    found = {each.get("name") for form, inputs in forms_in(html5lib.parse(page.text)) for each in inputs}
    named = {re.sub(r"\.[0-9a-f-]{36}$", "", name) for name in found if name}
    return {name for name in named if not name.endswith("csrf_token")} - {"zoek", "terug"}


@pytest.mark.promise("MN-06")
def test_the_register_and_the_progress_pages_hold_exactly_these(
    browser: PageClient, sign_in: SignIn, enter: Any
) -> None:
    with enter(SLUG):
        learner, group = make_learner(), make_group()
        make_enrolment(learner, group)
        lesson_id = make_lesson(group, held_on=today() - timedelta(days=1)).id
        learner_id, group_id = learner.id, group.id
        policy = current_policy()
        held = {name: {key for key in policy.fields if name == category_of(policy, key)} for name in PROGRESS}
    teacher = sign_in(browser, "teacher")
    with in_school(HERE):
        make_teacher_of(session.get_one(LearnerGroup, (HERE, group_id)), teacher)
        assert session.scalars(select(Enrolment)).one()

    assert held == PROGRESS
    assert names_on(browser.get(f"/lessen/{lesson_id}/presentie")) == REGISTER
    assert names_on(browser.get(f"/groepen/{group_id}/niveau/invullen")) == LEVELS
    shown = {"statement_version"}  # which statement stood beside a form (LB-01)
    assert names_on(browser.get(f"/cursisten/{learner_id}/voortgang")) - shown == {*RESULT, *NOTE, *EVALUATION}


@pytest.mark.promise("MN-11", part="passwords")
def test_a_member_of_staff_needs_twelve_characters_here(browser: PageClient, enter: Any) -> None:
    with enter(SLUG):
        teacher, learner = (
            make_account("Noor Bakker", "teacher", password=None),
            make_account("Ali", "learner", email="ali@example.org", password=None),
        )
        of_staff, of_learner = (make_link(account, LinkKind.INVITATION) for account in (teacher, learner))

    def choose(token: str, password: str) -> int:
        browser.get(f"/uitnodiging/{token}")
        typed = {"password": password, "repeated_password": password, "language": "nl"}
        return browser.post(f"/uitnodiging/{token}", typed).status_code

    assert choose(of_staff, "wolk-7-vis8") == 422
    assert choose(of_staff, "wolk-7-vis89") == 303
    browser.post("/uitloggen")
    assert choose(of_learner, "wolk-7-") == 422
    assert choose(of_learner, "wolk-7-v") == 303
