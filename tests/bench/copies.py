"""A copy: gathered, looked through for names of 20,000 others, written as page, JSON and PDF, encrypted.

Of a learner with four years of lessons, and of a teacher with four years of work in the log.
"""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

from sqlalchemy import text

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.core import audit
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.learners.record.models import Learner
from portal.requests.copies.models import DataCopy
from portal.requests.copies.production import make_copy
from portal.requests.copies.services import begin_copy
from tests.bench.rows import Line
from tests.bench.setting import Setting, analyse
from tests.factories.copies import identified, make_note, privacy_staff
from tests.factories.courses import make_group
from tests.factories.learners import make_learner
from tests.signing_in import make_account

SECONDS = 5.0
ROUNDS = 5
LESSONS = 4 * 40 * 4  # four years of forty weeks with four lessons
ENTRIES, NOTES = 4_000, 160
DEEDS, SIGNED = 12_000, LESSONS
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
            account_id = _four_years_of_work().id
        analyse(setting.database)
        taken = [_made(setting, staff, learner_id=learner_id) for _round in range(ROUNDS)]
        of_work = [_made(setting, staff, account_id=account_id) for _round in range(ROUNDS)]
    yield Line(
        "a learner's copy, made", median(taken), SECONDS, "s",
        note=f"{LESSONS} marks, {NOTES} notes, {ENTRIES} entries of the log, names of 20,000 others",
    )  # fmt: skip
    yield Line(
        "a teacher's copy, made", median(of_work), SECONDS, "s",
        note=f"{DEEDS} entries of what she saw and did, {SIGNED} marks with her name, names of 20,000 others",
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


def _four_years_of_work() -> Account:
    account = make_account("Dora Docent", "teacher")
    by = actor_of(account.id, account.name, frozenset({"teacher"}))
    for _entry in range(DEEDS):
        audit.record("learners.changed", by=by)
    signed = "update attendance_mark set marked_by = :account where marked_by_name = 'bench'"
    session.execute(text(signed), {"account": account.id})
    return account


def _made(setting: Setting, staff: Actor, **whose: UUID) -> float:
    with in_school(setting.large):
        copy = begin_copy(identified(**whose), staff)
        assert copy is not None
        copy_id = copy.id
    with in_school(setting.large):
        begun = perf_counter()
        make_copy(copy_id, by=PORTAL)
        taken = perf_counter() - begun
        assert session.get_one(DataCopy, (setting.large, copy_id)).file_id is not None
    return taken
