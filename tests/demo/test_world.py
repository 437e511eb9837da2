"""The demo's schools hold what their policies allow and nothing else, and the same people each time."""

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select
from stdnum.nl import bsn

from portal.accounts.actors import actor_of
from portal.app import create_app
from portal.attendance.models import AttendanceMark
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.base import Base, new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.core.mail import send
from portal.core.personal_data import PersonKind, fields_of
from portal.core.values import parse_bsn, parse_email, parse_iban, parse_phone, parse_postcode
from portal.courses.models import Lesson
from portal.demo import mails
from portal.demo.description import write
from portal.demo.people import draw_people, iban_of
from portal.demo.world.plan import PLANS, STAFF_ROLES, SchoolPlan
from portal.demo.world.school import fill_school
from portal.disclosures.recipients.queries import count_open_notices
from portal.learners.completeness.queries import list_incomplete
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.trajectories.models import Trajectory
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.purposes.models import Consent
from portal.purposes.queries import list_purposes, list_withdrawals
from portal.representation.models import Representative
from portal.schools.queries import current_school
from tests.conftest import school_id
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.signing_in import SignIn

TODAY = date(2026, 11, 20)
# What the portal itself must know of everybody, whatever the statement lists.
NEEDED = {"dealings", "account", "activity", "consent"}
# What an account holds of staff alone.
OF_STAFF = {"account.helps_with", "account.help_phone"}


def small(plan: SchoolPlan) -> SchoolPlan:
    return SchoolPlan(plan.slug, plan.name, plan.hue, plan.chroma, 70, min(plan.children, 2), plan.second_factor)


def filled(plan: SchoolPlan) -> None:
    version = current_school().policy_version_id
    assert version is not None
    fill_school(small(plan), version)


def test_the_same_people_are_drawn_each_time() -> None:
    assert draw_people(Random(1), 50, TODAY) == draw_people(Random(1), 50, TODAY)


def test_made_up_people_pass_the_checks_of_real_ones_and_cannot_be_real() -> None:
    people = draw_people(Random(2), 5_000, TODAY, children=3)
    assert len({person.bsn for person in people}) == len({person.email for person in people}) == 5_000
    for person in people[:200]:
        assert bsn.is_valid(parse_bsn(person.bsn))
        assert person.bsn.startswith("9999")
        assert parse_email(person.email).endswith(".example")
        assert parse_phone(person.phone) == person.phone
        assert parse_postcode(person.postcode) == person.postcode
    assert parse_iban(iban_of(7)) == iban_of(7)
    assert [person.birth_date.year > 2010 for person in people[-4:]] == [False, True, True, True]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
@pytest.mark.usefixtures("database")
def test_a_school_holds_only_what_its_policy_allows(plan: SchoolPlan) -> None:
    with in_school(school_id(plan.slug)):
        filled(plan)
        policy = current_policy()
        strays = []
        for table in Base.metadata.sorted_tables:
            for field in fields_of(table, PersonKind.LEARNER):
                column = table.c[field.column]
                if not policy.allows(field.key) and field.category not in NEEDED and field.key not in OF_STAFF:
                    held = session.scalar(select(func.count()).where(column.is_not(None)).select_from(table))
                    strays += [field.key] if held else []
        assert not strays


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
@pytest.mark.usefixtures("database")
def test_a_mark_and_a_finding_are_contested(plan: SchoolPlan) -> None:
    with in_school(school_id(plan.slug)):
        filled(plan)
        policy = current_policy()
        marks = ["attendance_mark.status"] * policy.feature("attendance")
        findings = ["level.level"] * policy.feature("levels") or ["note.body"] * policy.feature("notes")
        contested = select(Correction.field).where(Correction.state == CorrectionState.CONTESTED)
        assert sorted(session.scalars(contested)) == marks + findings


@pytest.mark.usefixtures("database")
def test_a_citizen_number_comes_with_a_trajectory_that_reports() -> None:
    plan = PLANS[1]
    with in_school(school_id(plan.slug)):
        filled(plan)
        reporting = select(Trajectory.learner_id).where(Trajectory.reports_to_government)
        with_number = set(session.scalars(select(Learner.id).where(Learner.bsn.is_not(None))))
        assert with_number
        assert with_number <= set(session.scalars(reporting))
        learner = session.scalars(select(Learner).where(Learner.bsn.is_not(None)).limit(1)).one()
        assert bsn.is_valid(keys.unseal(learner.id, "learner.bsn", learner.bsn or b""))


@pytest.mark.usefixtures("database")
def test_there_is_something_to_do() -> None:
    with in_school(school_id("lest-best")):
        filled(PLANS[0])
        held = select(func.count()).select_from(Lesson)
        assert session.scalar(held.where(Lesson.held_on == today()))
        marked = select(AttendanceMark.lesson_id)
        assert session.scalar(held.where(Lesson.held_on < today(), Lesson.id.not_in(marked)))
        assert session.scalar(select(func.count()).select_from(Correction))
        office = actor_of(new_id(), "Olga Smit", frozenset({Role.ADMINISTRATION.value}))
        lacking = {one.name for each in list_incomplete(office).rows for one in each.missing}
        assert lacking == {"learner_birth_date", "learner_bsn", "trajectory_contract_number"}


@pytest.mark.parametrize("slug", ["lest-best", "step-inburgering"])
def test_withdrawals_wait_for_the_office_once_the_worker_is_done(
    slug: str, client_at: Any, sign_in: SignIn, database: Any
) -> None:
    plan = next(plan for plan in PLANS if plan.slug == slug)
    client = client_at(slug)
    with in_school(school_id(slug)):
        filled(plan)
        do_jobs("purposes.carry_out_withdrawal")
        do_jobs("disclosures.answer_withdrawal")
        waiting = count_open_notices()
        assert waiting >= 2
        assert any(line.to_tell for line in list_withdrawals())
        first = session.scalars(select(Learner).where(Learner.number == "26000")).one()
        hers = [view.purpose.key for view in list_purposes(first.id, "nl", SYSTEM) if view.is_to_be_told]
    assert hers == (["client_report"] if slug == "lest-best" else ["library"])
    sign_in(client, "administration")
    today = client.get("/vandaag").get_data(as_text=True)
    assert "Intrekkingen die u nog vertelt aan een ontvanger" in today
    assert f'<span class="big">{waiting}</span>' in today


@pytest.mark.usefixtures("database")
def test_a_yes_is_from_whom_it_concerns() -> None:
    with in_school(school_id("leren-leren")):
        filled(next(plan for plan in PLANS if plan.slug == "leren-leren"))
        said = session.execute(select(Consent, Learner).join(Learner, Learner.id == Consent.learner_id)).all()
        about_a_child = {each.key for each in current_policy().consent_purposes() if each.concerns == "child"}
        parents = {
            row.learner_id: row.name for row in session.execute(select(Representative.learner_id, Representative.name))
        }
    of_children = [consent for consent, learner in said if learner.is_child_on(TODAY)]
    assert {consent.purpose for consent, learner in said if not learner.is_child_on(TODAY)}.isdisjoint(about_a_child)
    assert about_a_child & {consent.purpose for consent in of_children}
    assert all(consent.is_by_representative for consent in of_children)
    assert all(consent.given_by_name == parents[consent.learner_id] for consent in of_children)


@pytest.mark.usefixtures("database")
def test_the_school_gave_out_its_own_numbers() -> None:
    with in_school(school_id("lest-best")):
        filled(PLANS[0])
        numbers = select(FieldOrigin.source).where(FieldOrigin.field == "learner.number").distinct()
        assert session.scalars(numbers).all() == [Source.SCHOOL]


def test_every_sign_in_is_described(tmp_path: Path) -> None:
    names = (
        "DATABASE_URL",
        "PORTAL_MIGRATE_DATABASE_URL",
        "PORTAL_KEYS_URL",
        "PORTAL_KEYS_COPY_URL",
        "REDIS_URL",
        "PORTAL_MAIL_DIR",
    )
    path = tmp_path / "demo.json"
    write(path, 8000, dict.fromkeys(names, "there"))
    text = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert text.count('"email"') == len(PLANS) * (len(STAFF_ROLES) + 2)
    assert text.count('"totp_secret"') == len(STAFF_ROLES)
    assert f'"{Role.REPRESENTATIVE.value}"' in text


@pytest.fixture
def written_mail(database: Any) -> UUID:
    """A mail of Lest Best that the worker wrote, by id."""
    with in_school(school_id("lest-best")):
        mail_id = send(
            "an@voorbeeld.example",
            "accounts/invitation",
            name="An",
            school="Lest Best",
            link="https://lest-best.localhost/uitnodiging/abc",
            days=7,
        )
        do_jobs("mail.send")
    return mail_id


def test_mails_show_in_a_demo_alone(client: PageClient, written_mail: UUID) -> None:
    assert client.get("/post").status_code == 404


def test_a_school_sees_its_own_mails_with_their_links(
    database: Any, app: Flask, written_mail: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails.settings(), "demo", True)
    demo = create_app(mails.settings())
    shown = PageClient(demo, "lest-best.localhost").get("/post").text
    assert "Uitnodiging" in shown
    assert 'href="https://lest-best.localhost/uitnodiging/abc"' in shown
    assert "Uitnodiging" not in PageClient(demo, "meester-in-nt2.localhost").get("/post").text


@pytest.mark.parametrize("role", [*STAFF_ROLES, Role.LEARNER, Role.REPRESENTATIVE])
def test_everyone_described_can_sign_in(client_at: Any, database: Any, tmp_path: Path, role: Role) -> None:
    plan = PLANS[4]
    with in_school(school_id(plan.slug)):
        filled(plan)
    names = (
        "DATABASE_URL",
        "PORTAL_MIGRATE_DATABASE_URL",
        "PORTAL_KEYS_URL",
        "PORTAL_KEYS_COPY_URL",
        "REDIS_URL",
        "PORTAL_MAIL_DIR",
    )
    write(tmp_path / "demo.json", 8000, dict.fromkeys(names, "there"))
    sign_in = json.loads((tmp_path / "demo.json").read_text())["schools"][plan.slug]["sign_ins"][role.value]
    client = client_at(plan.slug)
    answer = client.post("/aanmelden", {"name": sign_in["email"], "password": sign_in["password"]})
    if "totp_secret" in sign_in:
        client.get("/aanmelden/tweede-stap")
        code = pyotp.TOTP(sign_in["totp_secret"]).now()
        answer = client.post("/aanmelden/tweede-stap", {"code": code})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
