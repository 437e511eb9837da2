"""Ids of who is erased leave the arguments of jobs: of those that wait or run, and what ended has none (MN-15)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import String, cast, select, text, update

import tests.core.kinds_for_tests  # noqa: F401
from portal.core.db.scope import checkpoint, current_school_id, in_school
from portal.core.db.session import session
from portal.core.erasure import erase_people, erase_person
from portal.core.jobs import KINDS, Job, ask, cancel, find_job, get_job, perform
from portal.core.jobs.sweep import sweep
from portal.core.personal_data import PersonKind
from portal.core.redis import redis
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner
from tests.house.job_arguments import PEOPLE, kinds_about_people
from tests.signing_in import make_account

LEARNER = PersonKind.LEARNER
KIND = "learners.send_invitations"


def asked(kind: str, ids: list[UUID], *, unique: str | None = None) -> UUID:
    """Ask for a job of this kind about these people, as the code asks it, by nobody who is known."""
    names = kinds_about_people()[kind]
    lists = {name: [str(each) for each in ids] for name in names if name != "asked_by"}
    return ask(kind, lists | dict.fromkeys(names - set(lists)), unique=unique).id


def named_in_jobs(person_id: UUID) -> list[str]:
    """Return the kinds of jobs, done or not, in whose rows an id stands."""
    whole = cast(text("job"), String).label("said")
    rows = session.execute(select(Job.kind, whole).select_from(Job)).all()
    return [row.kind for row in rows if str(person_id) in row.said]


def in_redis(person_id: UUID) -> list[bytes]:
    """Return the keys in Redis in whose name or value an id stands."""
    found, wanted = [], str(person_id).encode()
    for key in redis().scan_iter():
        held = redis().dump(key) or b""
        if wanted in key or wanted in held:
            found.append(key)
    return found


def test_there_are_kinds_that_name_people() -> None:
    assert set(kinds_about_people()) >= {KIND, "purposes.send_privacy_notices"}
    assert set(kinds_about_people()) <= set(KINDS)


@pytest.mark.promise("MN-15")
@pytest.mark.sample(1 / 3)
@pytest.mark.parametrize("kind", sorted(kinds_about_people()))
@pytest.mark.parametrize("state", ["waiting", "handed", "running"])
def test_one_for_many_goes_on_without_her_and_one_for_her_alone_goes(school: SchoolView, kind: str, state: str) -> None:
    amina, bereket = make_learner("Amina"), make_learner("Bereket")
    of_both, of_her = asked(kind, [amina.id, bereket.id]), asked(kind, [amina.id], unique=str(amina.id))
    of_other = asked(kind, [bereket.id], unique=str(bereket.id))
    session.execute(update(Job).values(state=state, lease=uuid4() if state == "running" else None))
    amina_id = amina.id

    erase_person(LEARNER, amina_id, why="asked")
    checkpoint()

    assert named_in_jobs(amina_id) == []
    assert in_redis(amina_id) == []
    assert str(bereket.id) in str(get_job(of_both).arguments)
    assert (find_job(of_her) is None) is (state != "running")
    assert get_job(of_other).unique_key == str(bereket.id)


def test_who_asked_it_leaves_it_and_it_goes_on(school: SchoolView) -> None:
    teller, amina = make_account("Olga Smit", "administration"), make_learner("Amina")
    job = ask("purposes.send_privacy_notices", {"ids": [str(amina.id)], "asked_by": str(teller.id)})
    teller_id, job_id = teller.id, job.id

    erase_people(PersonKind.STAFF, [teller_id], why="term")

    assert named_in_jobs(teller_id) == []
    assert get_job(job_id).arguments == {"ids": [str(amina.id)], "asked_by": None}


def test_what_else_a_job_is_told_does_not_keep_it(school: SchoolView) -> None:
    amina = make_learner("Amina")
    job_id = ask(KIND, {"learner_ids": [str(amina.id)], "mark": "x"}).id

    erase_person(LEARNER, amina.id, why="asked")

    assert find_job(job_id) is None


def _lose(job_id: UUID) -> None:
    cancel(job_id)
    session.execute(text("update job set lease_until = clock_timestamp() - interval '1 minute'"))
    checkpoint()
    sweep()


ENDS: dict[str, Any] = {
    "done": lambda job_id: perform(current_school_id(), job_id),
    "failed": lambda job_id: perform(current_school_id(), job_id),
    "cancelled": cancel,
    "lost": _lose,
}


@pytest.mark.parametrize("way", ENDS)
def test_what_ended_keeps_neither_arguments_nor_key(school: SchoolView, way: str) -> None:
    kind = "tests.refused" if way == "failed" else "tests.quick"
    job_id = ask(kind, {"mark": "x", "learner_ids": []}, unique="x").id
    session.execute(text("update job set state = 'handed', handed_at = clock_timestamp()"))
    if way == "lost":
        session.execute(text("update job set state = 'running', lease = gen_random_uuid()"))
    checkpoint()
    school_id = current_school_id()

    ENDS[way](job_id)

    with in_school(school_id):
        job = find_job(job_id)
        assert job is not None
        assert job.state == ("cancelled" if way == "lost" else way)
        assert job.ended_at is not None
        assert (job.arguments, job.unique_key) == ({}, None)


def test_the_names_of_arguments_about_people_are_all_tried() -> None:
    assert frozenset().union(*kinds_about_people().values()) == PEOPLE
