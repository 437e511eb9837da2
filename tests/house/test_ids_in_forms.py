"""An id that travels in a form reaches no further than one in an address: another school's is refused, and so is one
beyond a person's own groups or records; the same form with an id within reach is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.database import in_school
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.models import Act, Enrolment, Learner
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.disclosures import Scene, make_scene
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn, make_account

HERE, THERE = SCHOOLS[0], SCHOOLS[1]
DAY = today().isoformat()
TIMES = {"held_on": DAY, "starts_at": "15:00", "ends_at": "16:00", "break_minutes": "0"}
PERIOD = {"starts_on": DAY, "ends_on": DAY, "form": "csv"}


@dataclass
class Place:
    """A school with a group, its teacher, a lesson and learners; another group and a child that are somebody else's."""

    scene: Scene
    teacher: Account
    lesson: Lesson
    elsewhere: LearnerGroup
    beyond: Learner
    child: Learner
    parent: Account
    another_child: Learner
    enrolment: Enrolment

    @property
    def group(self) -> str:
        return f"/groepen/{self.scene.group.id}"


@pytest.fixture
def place(database: Any) -> Place:
    with in_school(HERE.id):
        scene, teacher = make_scene(), make_account("Tess Jansen", "teacher")
        make_teacher_of(scene.group, teacher)
        elsewhere, beyond = make_group(), make_learner("Dilan", email="dilan@example.org")
        enrol(beyond, elsewhere)
        young = date(today().year - 12, 1, 1)
        child, another = make_learner("Yara", birth_date=young), make_learner("Adam", birth_date=young)
        parent = make_account("Samira Haddad", "representative")
        make_representative(child, account_id=parent.id)
        emine = enrol(make_learner("Emine", email="emine@example.org"), scene.group)
        lesson = make_lesson(scene.group)
        return Place(scene, teacher, lesson, elsewhere, beyond, child, parent, another, emine)


@dataclass(frozen=True)
class Sent:
    """A form: who sends it, where, what stands in it; an id within reach, and one of the same school that isn't."""

    role: str
    path: Callable[[Place], str]
    form: Callable[[Place, UUID], dict[str, str]]
    table: str
    own: Callable[[Place], UUID]
    beyond: Callable[[Place], UUID] | None = None


def _new_group(_: Place, course_id: UUID) -> dict[str, str]:
    return {"name": "Nieuw", "course_id": str(course_id), "starts_on": DAY}


def _mark(place: Place, learner_id: UUID) -> dict[str, str]:
    return {f"s.{learner_id}": "present", f"v.{learner_id}": "0"}


SENT: dict[str, Sent] = {
    "the course of a new group": Sent(
        "management", lambda _: "/groepen/nieuw", _new_group, "course", lambda place: place.scene.group.course_id
    ),
    "the course of a group": Sent(
        "management",
        lambda place: f"{place.group}/wijzigen",
        _new_group,
        "course",
        lambda place: place.elsewhere.course_id,
    ),
    "a teacher": Sent(
        "management",
        lambda place: f"/groepen/{place.elsewhere.id}/docenten",
        lambda _, account_id: {"account_id": str(account_id), "starts_on": DAY},
        "account",
        lambda place: place.teacher.id,
        lambda place: place.parent.id,
    ),
    "the substitute of a lesson": Sent(
        "management",
        lambda place: f"{place.group}/lessen/{place.lesson.id}",
        lambda _, account_id: {**TIMES, "substitute_id": str(account_id)},
        "account",
        lambda place: place.teacher.id,
        lambda place: place.parent.id,
    ),
    "the substitute of a new lesson": Sent(
        "management",
        lambda place: f"{place.group}/lessen/nieuw",
        lambda _, account_id: {**TIMES, "substitute_id": str(account_id)},
        "account",
        lambda place: place.teacher.id,
        lambda place: place.parent.id,
    ),
    "the group to move to": Sent(
        "coach",
        lambda place: f"{place.group}/inschrijvingen/{place.enrolment.id}/verhuizen",
        lambda _, group_id: {"to_group_id": str(group_id), "on": DAY, "statement": str(in_force())},
        "learner_group",
        lambda place: place.elsewhere.id,
    ),
    "who is invited": Sent(
        "administration",
        lambda _: "/cursisten/uitnodigen",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
        lambda place: place.child.id,
    ),
    "for whom a letter is printed": Sent(
        "administration",
        lambda _: "/cursisten/uitnodigen/brieven",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
        lambda place: place.child.id,
    ),
    "the record that stays": Sent(
        "administration",
        lambda _: "/cursisten/samenvoegen",
        lambda place, learner_id: {"houd": str(learner_id), "weg": str(place.scene.amina.id)},
        "learner",
        lambda place: place.beyond.id,
    ),
    "the record that goes": Sent(
        "administration",
        lambda _: "/cursisten/samenvoegen",
        lambda place, learner_id: {"houd": str(place.scene.amina.id), "weg": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
    ),
    "for whom a parent looks": Sent(
        "representative",
        lambda _: "/namens",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.child.id,
        lambda place: place.another_child.id,
    ),
    "the client of a trajectory": Sent(
        "coach",
        lambda place: f"/cursisten/{place.scene.amina.id}/dossier/trajecten/nieuw",
        lambda _, client_id: {"act": Act.WI2021.value, "starts_on": "1-9-2026", "client_id": str(client_id)},
        "organisation",
        lambda place: place.scene.client.id,
    ),
    "a mark in a register": Sent(
        "teacher",
        lambda place: f"/lessen/{place.lesson.id}/presentie",
        _mark,
        "learner",
        lambda place: place.scene.amina.id,
        lambda place: place.beyond.id,
    ),
    "a level of a group": Sent(
        "teacher",
        lambda place: f"{place.group}/niveau",
        lambda _, learner_id: {"found_on": DAY, "source": "test", f"reading.{learner_id}": "A1"},
        "learner",
        lambda place: place.scene.amina.id,
        lambda place: place.beyond.id,
    ),
    "the client of a file": Sent(
        "administration",
        lambda _: "/bestanden/nieuw/attendance_for_client",
        lambda _, client_id: {**PERIOD, "client_id": str(client_id)},
        "organisation",
        lambda place: place.scene.client.id,
    ),
}


@pytest.fixture
def send(app: Flask, place: Place, sign_in: SignIn) -> Callable[[Sent, UUID], int]:
    """Return what signs in as the form's sender and posts it with an id: what came of it, as a status."""

    def sent(form: Sent, key: UUID) -> int:
        client = PageClient(app, HERE.host)
        sign_in(client, form.role, account={"teacher": place.teacher, "representative": place.parent}.get(form.role))
        with in_school(HERE.id):
            path, filled = form.path(place), form.form(place, key)
        return int(client.post(path, filled).status_code)

    return sent


@pytest.mark.parametrize("what", SENT)
def test_an_id_in_a_form_reaches_no_further(place: Place, send: Callable[[Sent, UUID], int], what: str) -> None:
    form = SENT[what]
    with in_school(THERE.id):
        there = make_row(form.table)["id"]
    refused = {"there": send(form, there)}
    if form.beyond is not None:
        refused["beyond"] = send(form, form.beyond(place))
    assert {status for status in refused.values() if status not in {404, 409, 422}} == set(), refused
    assert send(form, form.own(place)) in {200, 303}
