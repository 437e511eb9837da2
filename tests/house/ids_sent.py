"""Every form that carries an id: who sends it, where, and an id within her reach and one beyond it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Trajectory
from portal.organisations.models import ContactPerson
from portal.policy.queries import current_policy
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coach
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.disclosures import Scene, make_scene
from tests.factories.imports import bring_so_far, sheet_bytes
from tests.factories.learners import (
    make_contact_person,
    make_learner,
    make_organisation,
    make_representative,
    make_trajectory,
)
from tests.factories.policy import in_force
from tests.house.rows import make_row
from tests.signing_in import make_account

DAY = today().isoformat()
TIMES = {
    "held_on": DAY,
    "starts_at": "15:00",
    "ends_at": "16:00",
    "break_minutes": "0",
    "kind": "nt2",
    "place": "school",
}
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
    paid: Trajectory
    paid_twice: Trajectory
    coach: Account
    other_coach: Account
    manager: ContactPerson
    another_manager: ContactPerson
    step_id: UUID
    another_step_id: UUID
    run_id: UUID

    @property
    def group(self) -> str:
        return f"/groepen/{self.scene.group.id}"

    @property
    def trajectories(self) -> str:
        return f"/cursisten/{self.scene.amina.id}/dossier/trajecten"


def make_place() -> Place:
    """Make it in the school in scope."""
    scene, teacher = make_scene(), make_account("Tess Jansen", "teacher")
    make_teacher_of(scene.group, teacher)
    elsewhere, beyond = make_group(), make_learner("Dilan", email="dilan@example.org")
    enrol(beyond, elsewhere)
    young = date(today().year - 12, 1, 1)
    child, another = make_learner("Yara", birth_date=young), make_learner("Adam", birth_date=young)
    parent = make_account("Samira Haddad", "representative")
    make_representative(child, account_id=parent.id)
    emine = enrol(make_learner("Emine", email="emine@example.org"), scene.group)
    lesson, other = make_lesson(scene.group), make_organisation("Gemeente Houten")
    payers = [make_trajectory(beyond, client_id=client.id) for client in (scene.client, other)]
    steps = new_id(), new_id()
    for learner, step, by in ((scene.bereket, steps[0], teacher.id), (scene.chen, steps[1], scene.office.account_id)):
        make_mark(lesson, learner, step_id=step, marked_by=by)
    sheet = sheet_bytes(["Voornaam", "Achternaam", "Geboortedatum"], ["Amina", scene.amina.family_name, "4-5-1990"])
    return Place(
        scene,
        teacher,
        lesson,
        elsewhere,
        beyond,
        child,
        parent,
        another,
        emine,
        make_trajectory(scene.amina, client_id=scene.client.id),
        payers[0],
        make_coach(),
        make_coach("Daan Smit"),
        make_contact_person(scene.client),
        make_contact_person(other),
        *steps,
        bring_so_far(sheet, 2, scene.office),
    )


@dataclass(frozen=True)
class Sent:
    """A form: who sends it, where, what stands in it; an id within reach, and one of the same school that isn't."""

    role: str
    path: Callable[[Place], str]
    form: Callable[[Place, UUID], dict[str, str]]
    table: str
    own: Callable[[Place], UUID]
    beyond: Callable[[Place], UUID] | None = None
    column: str = "id"
    is_part: bool = False

    def elsewhere(self) -> UUID:
        """Such an id of the school in scope, in which nobody of this place works."""
        given = {self.column: new_id()} if self.column != "id" else {}
        return UUID(str(make_row(self.table, **given)[self.column]))


def _new_group(_: Place, course_id: UUID) -> dict[str, str]:
    return {"name": "Nieuw", "course_id": str(course_id), "starts_on": DAY}


def _managed(place: Place, manager_id: UUID) -> dict[str, str]:
    client = {"client_id": str(place.scene.client.id), "client_manager_id": str(manager_id)}
    return {"act": Act.WI2021.value, "starts_on": "1-9-2026", **client}


def _statement(_: Place) -> UUID:
    return UUID(in_force())


def _purpose() -> str:
    return next(each.key for each in current_policy().purposes if each.basis == "consent")


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
    "a group to copy": Sent(
        "management",
        lambda _: "/groepen/kopieren",
        lambda _, group_id: {"starts_on": DAY, "groep": str(group_id), f"naam.{group_id}": "Kopie", "despite": "y"},
        "learner_group",
        lambda place: place.elsewhere.id,
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
    "who pays for her lessons in a group": Sent(
        "coach",
        lambda place: f"{place.group}/cursisten/{place.beyond.id}/inschrijven",
        lambda _, trajectory_id: {"starts_on": DAY, "trajectory_id": str(trajectory_id), "statement": in_force()},
        "trajectory",
        lambda place: place.paid_twice.id,
        lambda place: place.paid.id,
    ),
    "the statement shown to who joins a group": Sent(
        "coach",
        lambda place: f"{place.group}/cursisten/{place.child.id}/inschrijven",
        lambda _, version_id: {"starts_on": DAY, "statement": str(version_id)},
        "policy_version",
        _statement,
    ),
    "who joins a group together with others": Sent(
        "coach",
        lambda place: f"{place.group}/cursisten",
        lambda _, learner_id: {"starts_on": DAY, "cursist": str(learner_id), "statement": str(in_force())},
        "learner",
        lambda place: place.child.id,
    ),
    "the statement shown to who join a group together": Sent(
        "coach",
        lambda place: f"{place.group}/cursisten",
        lambda place, version_id: {
            "starts_on": DAY,
            "cursist": str(place.another_child.id),
            "statement": str(version_id),
        },
        "policy_version",
        _statement,
    ),
    "the statement shown to who moves": Sent(
        "coach",
        lambda place: f"{place.group}/inschrijvingen/{place.enrolment.id}/verhuizen",
        lambda place, version_id: {"to_group_id": str(place.elsewhere.id), "on": DAY, "statement": str(version_id)},
        "policy_version",
        _statement,
    ),
    "the statement shown at an intake": Sent(
        "coach",
        lambda place: f"/cursisten/{place.scene.amina.id}/dossier/intakes/nieuw",
        lambda _, version_id: {"held_on": "1-9-2026", "statement_shown": str(version_id)},
        "policy_version",
        _statement,
    ),
    "the statement that a consent was given to": Sent(
        "learner",
        lambda _: f"/mijn/toestemmingen/{_purpose()}/geven",
        lambda _, version_id: {"version": str(version_id), "language": "nl"},
        "policy_version",
        _statement,
    ),
    "the statement with the duty that is accepted": Sent(
        "teacher",
        lambda _: "/geheimhouding",
        lambda _, version_id: {"accepted": "y", "statement": str(version_id), "language": "nl"},
        "policy_version",
        _statement,
    ),
    "who moves to another group together": Sent(
        "administration",
        lambda place: f"{place.group}/samen/verplaatsen",
        lambda _, enrolment_id: {"inschrijving": str(enrolment_id)},
        "enrolment",
        lambda place: place.enrolment.id,
    ),
    "whose time in a group ends together": Sent(
        "administration",
        lambda place: f"{place.group}/samen/uitschrijven",
        lambda _, enrolment_id: {"inschrijving": str(enrolment_id)},
        "enrolment",
        lambda place: place.enrolment.id,
    ),
    "who of a group is written to": Sent(
        "administration",
        lambda place: f"{place.group}/samen/mailen",
        lambda _, enrolment_id: {"inschrijving": str(enrolment_id)},
        "enrolment",
        lambda place: place.enrolment.id,
    ),
    "who of those found is enrolled": Sent(
        "administration",
        lambda _: "/cursisten/samen/inschrijven",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
    ),
    "the group in which those found are enrolled": Sent(
        "administration",
        lambda _: "/cursisten/samen/inschrijven",
        lambda place, group_id: {
            "cursist": str(place.scene.amina.id),
            "group_id": str(group_id),
            "starts_on": DAY,
            "nakijken": "1",
        },
        "learner_group",
        lambda place: place.elsewhere.id,
    ),
    "who of those found moves": Sent(
        "administration",
        lambda _: "/cursisten/samen/verplaatsen",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
    ),
    "who of those found gets a coach": Sent(
        "administration",
        lambda _: "/cursisten/samen/begeleider",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
    ),
    "the coach of those found": Sent(
        "administration",
        lambda _: "/cursisten/samen/begeleider/doen",
        lambda place, account_id: {
            "cursist": str(place.beyond.id),
            "account_id": str(account_id),
            "starts_on": DAY,
            "nakijken": "1",
        },
        "account",
        lambda place: place.coach.id,
        lambda place: place.parent.id,
    ),
    "the coach of a learner": Sent(
        "administration",
        lambda place: f"/cursisten/{place.scene.bereket.id}/begeleider",
        lambda _, account_id: {"account_id": str(account_id), "starts_on": DAY},
        "account",
        lambda place: place.coach.id,
        lambda place: place.parent.id,
    ),
    "who stands in for a coach": Sent(
        "administration",
        lambda place: f"/begeleiders/{place.coach.id}/vervanger",
        lambda _, account_id: {"account_id": str(account_id), "starts_on": DAY, "ends_on": DAY},
        "account",
        lambda place: place.other_coach.id,
        lambda place: place.parent.id,
    ),
    "who of those found is written to": Sent(
        "administration",
        lambda _: "/cursisten/samen/mailen",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
    ),
    "who is invited": Sent(
        "administration",
        lambda _: "/cursisten/uitnodigen",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.beyond.id,
        lambda place: place.child.id,
    ),
    "to whom an invitation would go": Sent(
        "administration",
        lambda _: "/cursisten/uitnodigen/nakijken",
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
    "the client of a changed trajectory": Sent(
        "coach",
        lambda place: f"{place.trajectories}/{place.paid.id}",
        lambda _, client_id: {"act": Act.WI2021.value, "starts_on": "1-9-2026", "client_id": str(client_id)},
        "organisation",
        lambda place: place.scene.client.id,
    ),
    "the client's manager of a trajectory": Sent(
        "coach",
        lambda place: f"{place.trajectories}/nieuw",
        _managed,
        "contact_person",
        lambda place: place.manager.id,
        lambda place: place.another_manager.id,
    ),
    "the client's manager of a changed trajectory": Sent(
        "coach",
        lambda place: f"{place.trajectories}/{place.paid.id}",
        _managed,
        "contact_person",
        lambda place: place.manager.id,
        lambda place: place.another_manager.id,
    ),
    "one row of a register": Sent(
        "teacher",
        lambda place: f"/lessen/{place.lesson.id}/presentie",
        lambda place, learner_id: {"cursist": str(learner_id), **_mark(place, learner_id)},
        "learner",
        lambda place: place.scene.amina.id,
        lambda place: place.beyond.id,
        is_part=True,
    ),
    "the step that is taken back": Sent(
        "teacher",
        lambda place: f"/lessen/{place.lesson.id}/presentie/ongedaan",
        lambda _, step_id: {"stap": str(step_id)},
        "attendance_mark",
        lambda place: place.step_id,
        lambda place: place.another_step_id,
        column="step_id",
    ),
    "whose row is taken back": Sent(
        "teacher",
        lambda place: f"/lessen/{place.lesson.id}/presentie/ongedaan",
        lambda place, learner_id: {"stap": str(place.step_id), "cursist": str(learner_id)},
        "learner",
        lambda place: place.scene.bereket.id,
        lambda place: place.beyond.id,
        is_part=True,
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
        lambda place: f"{place.group}/niveau/invullen",
        lambda _, learner_id: {f"s.{learner_id}": "A1", f"v.{learner_id}": "0."},
        "learner",
        lambda place: place.scene.amina.id,
        lambda place: place.beyond.id,
    ),
    "one row of the levels of a group": Sent(
        "teacher",
        lambda place: f"{place.group}/niveau/invullen",
        lambda _, learner_id: {"cursist": str(learner_id), f"s.{learner_id}": "A1", f"v.{learner_id}": "0."},
        "learner",
        lambda place: place.scene.amina.id,
        lambda place: place.beyond.id,
        is_part=True,
    ),
    "the client of a file": Sent(
        "administration",
        lambda _: "/bestanden/nieuw/attendance_for_client",
        lambda _, client_id: {**PERIOD, "client_id": str(client_id)},
        "organisation",
        lambda place: place.scene.client.id,
    ),
}
