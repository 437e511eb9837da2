"""A learner's copy: gathered, looked through for names of 20,000 others, written as page, JSON and PDF, encrypted."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

from sqlalchemy import text

from portal.core import audit
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.learners.record.models import Learner
from portal.requests.copies.models import DataCopy
from portal.requests.copies.production import make_copy
from portal.requests.copies.services import prepare_copy
from tests.bench.rows import Line
from tests.bench.setting import Setting, analyse
from tests.factories.copies import make_note, privacy_staff
from tests.factories.courses import make_group
from tests.factories.learners import make_learner

SECONDS = 5.0
ROUNDS = 5
LESSONS = 4 * 40 * 4  # four years of forty weeks with four lessons
ENTRIES, NOTES = 4_000, 160
_NOTE = "Zij leest een tekst van een bladzijde en zegt waar die over gaat. Schrijven gaat langzaam. " * 3
_YEARS = (
    "insert into lesson (school_id, id, group_id, held_on, starts_at, ends_at, break_minutes)"
    " select current_school(), gen_random_uuid(), :group, :first + n * 2, '09:00', '12:00', 0"
    " from generate_series(1, :lessons) n",
    "insert into attendance_mark (school_id, id, lesson_id, learner_id, status, late_minutes, early_minutes, minutes,"
    " version, source, marked_by_name, marked_at)"
    " select current_school(), gen_random_uuid(), l.id, :learner, 'present', 0, 0, 180, 1, 'school', 'bench', now()"
    " from lesson l where l.group_id = :group",
)


def lines(setting: Setting) -> Iterator[Line]:
    """Measure the making of a copy for a learner with four years of lessons, in a school of 20,000."""
    with setting.app.app_context():
        with in_school(setting.large):
            learner, staff = _four_years(), privacy_staff()
            learner_id = learner.id
        analyse(setting.database)
        taken = [_made(setting, learner_id, staff) for _round in range(ROUNDS)]
    yield Line(
        "a learner's copy, made", median(taken), SECONDS, "s",
        note=f"{LESSONS} marks, {NOTES} notes, {ENTRIES} entries of the log, names of 20,000 others",
    )  # fmt: skip


def _four_years() -> Learner:
    learner = make_learner("Zeynep", "Onbekend")
    group = make_group("Vier jaar", starts_on=today() - timedelta(days=1461))
    given = {
        "group": group.id, "learner": learner.id, "first": today() - timedelta(days=1461), "lessons": LESSONS,
    }  # fmt: skip
    for statement in _YEARS:
        session.execute(text(statement), given)
    for _note in range(NOTES):
        make_note(learner, _NOTE)
    for _entry in range(ENTRIES):
        audit.record("learners.changed", learner_id=learner.id, changes={"learner.phone": (None, "0612345678")})
    return learner


def _made(setting: Setting, learner_id: UUID, staff: Actor) -> float:
    with in_school(setting.large):
        copy = prepare_copy(None, learner_id, kind="access", language="nl", by=staff)
        copy_id = copy.id
    with in_school(setting.large):
        begun = perf_counter()
        make_copy(copy_id, by=PORTAL)
        taken = perf_counter() - begun
        assert session.get_one(DataCopy, (setting.large, copy_id)).file_id is not None
    return taken
