"""Rows for tests of files: a client with learners in lessons, and a file made of them."""

from dataclasses import dataclass
from datetime import timedelta

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.http.access import PORTAL, Actor
from portal.courses.models import LearnerGroup
from portal.disclosures.files.production import make_file
from portal.disclosures.files.services import ask_for_file
from portal.disclosures.models import Disclosure, FileFormat
from portal.learners.record.models import Learner
from portal.organisations.models import Organisation
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.signing_in import make_account


@dataclass
class Scene:
    """A client that pays for Amina and Bereket, and not for Chen; all three had one lesson."""

    client: Organisation
    group: LearnerGroup
    amina: Learner
    bereket: Learner
    chen: Learner
    office: Actor


def make_scene(mark: str = "") -> Scene:
    """Make the scene in the school in scope; nobody gave consent yet. `mark` keeps the names of two scenes apart."""
    client, other = make_organisation(f"Gemeente Utrecht{mark}"), make_organisation(f"Gemeente Zeist{mark}")
    group = make_group()
    learners = [make_learner("Amina"), make_learner("Bereket"), make_learner("Chen")]
    lesson = make_lesson(group, held_on=today() - timedelta(days=1))
    for learner, payer in zip(learners, (client, client, other), strict=True):
        make_trajectory(learner, client_id=payer.id, starts_on=today() - timedelta(days=60))
        enrol(learner, group, starts_on=today() - timedelta(days=30))
    make_mark(lesson, learners[0])
    account = make_account("Olga Smit", "administration")
    office = actor_of(account.id, account.name, frozenset({"administration"}))
    return Scene(client, group, *learners, office)


def ask(scene: Scene, template: str = "attendance_for_client", form: FileFormat = FileFormat.CSV) -> Disclosure:
    """Ask for a file about the last four weeks."""
    return ask_for_file(
        template,
        starts_on=today() - timedelta(days=28),
        ends_on=today(),
        form=form,
        client_id=scene.client.id,
        by=scene.office,
    )


def make(disclosure: Disclosure) -> Disclosure:
    """Make the file, as the worker does."""
    make_file(disclosure.id, by=PORTAL, progress=lambda _rows: None)
    return disclosure
