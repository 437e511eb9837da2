"""What is measured: real servers on one database, with a school of 5,000 learners and one of 20,000."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine

from portal.accounts.sessions.services import start_session
from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import now, today
from portal.core.db import session as database
from portal.core.db.base import new_id
from portal.core.db.engine import make_engine
from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.courses.models import Course, CourseKind, GroupTeacher, LearnerGroup, Lesson
from portal.demo.bulk import store
from portal.hours.figures.services import count_all
from portal.learners.caseloads.models import Coaching
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.search.keys import found_by
from portal.learners.trajectories.models import Act, Trajectory
from portal.progress.models import Level, LevelSource, Rung, Skill
from tests.conftest import school_id, use
from tests.database import TestDatabase, cloned
from tests.signing_in import accept_duty, make_account

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ("Amina", "Bereket", "Oleh", "Fatma", "Khaled", "Maria", "Lan", "Sefora", "Yusuf", "Daria")
READER = 60
FAMILY = ("Yilmaz", "Tesfay", "Kovalenko", "al-Hassan", "Berg", "Nguyen", "Haile", "Demir", "Mohamed", "Silva")


@dataclass
class Setting:
    """Where the servers are and what they hold; `cookies` by role."""

    database: TestDatabase
    app: Flask
    engine: Engine
    ports: dict[str, int] = field(default_factory=dict)
    school: UUID = field(default_factory=partial(school_id, "lest-best"))
    large: UUID = field(default_factory=partial(school_id, "step-inburgering"))
    lesson: UUID | None = None
    bare_lesson: UUID | None = None
    group: UUID | None = None
    coach: UUID | None = None
    learners: list[UUID] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def reader(self) -> UUID:
        """Who reads what is held on her: not one of those whose register is measured, so seen by thousands."""
        return self.learners[READER]


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _learners(count: int) -> list[dict[str, Any]]:
    rows = []
    for at in range(count):
        row: dict[str, Any] = {
            "id": new_id(),
            "number": f"{at:06d}",
            "given_name": GIVEN[at % 10] + ("" if at < 100 else f" {chr(97 + at % 26)}{chr(97 + at // 26 % 26)}"),
            "name_prefix": "van der" if at % 7 == 0 else None,
            "family_name": f"{FAMILY[at // 10 % 10]}{chr(97 + at // 100 % 26)}{chr(97 + at // 2600 % 26)}",
            "email": f"p{at}@example.org",
            "birth_date": date(1980, 1, 1) + timedelta(days=at % 9000),
            "last_contact_on": today(),
        }
        row |= found_by(row)
        rows.append(row)
    return rows


def store_learners(count: int) -> list[UUID]:
    rows = _learners(count)
    store(Learner, rows)
    return [row["id"] for row in rows]


def store_groups(learners: list[UUID], teacher: UUID, *, count: int = 40, weeks: int = 12) -> tuple[UUID, UUID, UUID]:
    """Store groups of 25 with three lessons a week and their marks; return a group, and two groups' lesson of today."""
    course = new_id()
    store(Course, [{"id": course, "name": "NT2", "kind": CourseKind.NT2}])
    groups = [new_id() for _ in range(count)]
    start = today() - timedelta(weeks=weeks)
    store(
        LearnerGroup,
        [
            {"id": key, "course_id": course, "name": f"Groep {at:02d}", "starts_on": start}
            for at, key in enumerate(groups)
        ],
    )
    store(GroupTeacher, [{"group_id": groups[0], "account_id": teacher, "starts_on": start}])
    members = {key: learners[at * 25 : at * 25 + 25] for at, key in enumerate(groups)}
    store(
        Enrolment,
        [
            {"learner_id": person, "group_id": key, "starts_on": start}
            for key, people in members.items()
            for person in people
        ],
    )
    lessons = [
        {
            "id": new_id(),
            "group_id": key,
            "held_on": start + timedelta(days=7 * (number // 3) + number % 3),
            "starts_at": clock_time(9),
            "ends_at": clock_time(12),
        }
        for number in range(3 * weeks)
        for key in groups
    ]
    of_today = [
        {
            "id": new_id(),
            "group_id": key,
            "held_on": today(),
            "starts_at": clock_time(0, 1),
            "ends_at": clock_time(3),
        }
        for key in groups[:2]
    ]
    store(Lesson, [*lessons, *of_today])
    store(
        AttendanceMark,
        [
            {
                "lesson_id": lesson["id"],
                "learner_id": person,
                "status": Status.PRESENT,
                "minutes": 180,
                "marked_by_name": "bench",
                "marked_at": now(),
            }
            for lesson in lessons
            for person in members[lesson["group_id"]]
        ],
    )
    return groups[0], of_today[0]["id"], of_today[1]["id"]


def store_caseload(coach: UUID, learners: list[UUID]) -> None:
    """Give a coach learners, each with a trajectory, and two levels in each skill."""
    since, signed = today() - timedelta(weeks=12), {"entered_by_name": "bench", "entered_at": now()}
    given = {"account_id": coach, "starts_on": since, "given_by_name": "bench", "given_at": now()}
    store(Coaching, [{"learner_id": person, **given} for person in learners])
    bought = {"act": Act.WI2021, "starts_on": since, "hours_bought": 400}
    store(Trajectory, [{"learner_id": person, **bought} for person in learners])
    found = [(rung, since + timedelta(weeks=weeks)) for rung, weeks in ((Rung.A1, 0), (Rung.A2, 8))]
    store(
        Level,
        [
            {"learner_id": person, "skill": skill, "level": rung, "source": LevelSource.TEST, "found_on": day, **signed}
            for person in learners
            for skill in Skill
            for rung, day in found
        ],
    )


def _sign_in(setting: Setting, name: str, *roles: str, learner_id: UUID | None = None) -> UUID:
    account = make_account(name, *roles)
    if learner_id is not None:
        session.get_one(Learner, (current_school_id(), learner_id)).account_id = account.id
    accept_duty(account)
    session.flush()
    token = start_session(account, is_own_device=True, has_second_factor=True, ip_address=None, browser="bench")
    _keep_cookie(setting, name, token)
    return account.id


def _keep_cookie(setting: Setting, name: str, token: str) -> None:
    from flask import session as cookie
    from flask_wtf.csrf import generate_csrf

    with setting.app.test_request_context(base_url="https://lest-best.localhost"):
        setting.tokens[name] = generate_csrf()
        data = {"_user_id": token, "_fresh": True, "csrf_token": cookie["csrf_token"]}
        serializer = setting.app.session_interface.get_signing_serializer(setting.app)  # type: ignore[attr-defined]
        setting.cookies[name] = f"__Host-inzage={serializer.dumps(data)}"


def _fill(setting: Setting) -> None:
    with in_school(setting.school):
        teacher = _sign_in(setting, "teacher", "teacher")
        _sign_in(setting, "office", "administration")
        setting.learners = store_learners(5_000)
        setting.group, setting.lesson, setting.bare_lesson = store_groups(setting.learners, teacher)
        _sign_in(setting, "learner", "learner", learner_id=setting.reader)
        setting.coach = _sign_in(setting, "coach", "coach")
        store_caseload(setting.coach, setting.learners[:40])
        count_all()
    with in_school(setting.large):
        store_learners(20_000)
        _sign_in(setting, "large", "administration")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server with all its processes: asked first, killed where that isn't enough."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def serving(setting: Setting, name: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server for as long as the block runs, on the database that the environment names; its port by `name`."""
    port = setting.ports[name] = free_port()
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / command[0]), *command[1:], "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(name, port)
        yield process
    finally:
        end(process)


def _wait_for(name: str, port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{name} doesn't answer")


@contextmanager
def filled(more: Callable[[TestDatabase], None] | None = None) -> Iterator[Setting]:
    """Fill a database of its own, which the environment names for as long as the block runs; `more` puts more in."""
    with cloned() as made:
        use(made)
        from portal.app import create_app

        engine = make_engine(made.application_url)
        database.bind(engine)
        try:
            setting = Setting(made, create_app(), engine)
            _fill(setting)
            database.session.remove()
            if more is not None:
                more(made)
            analyse(made)
            yield setting
        finally:
            database.session.remove()
            engine.dispose()


@contextmanager
def being_at(setting: Setting) -> Iterator[None]:
    """Let this process work with that database, with its keys and files, in its first school."""
    use(setting.database)
    database.bind(setting.engine)
    with setting.app.app_context(), in_school(setting.school):
        yield


def portal(setting: Setting) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """The portal on two processes, as every row but the memory's asks it."""
    return serving(setting, "portal", "portal", "serve", "--processes", "2", "--threads", "2", "--no-access-log")


@contextmanager
def prepared() -> Iterator[Setting]:
    """Start the servers on a filled database, and end all of it."""
    with filled() as setting, portal(setting), _bench(setting, "bare"), _bench(setting, "bare_in_portal"):
        yield setting


def _bench(setting: Setting, name: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return serving(setting, name, "python", "-m", f"tests.bench.{name}", "--processes", "2", "--threads", "2")


def analyse(made: TestDatabase) -> None:
    """Let PostgreSQL look at what there is, as it does by itself in time: until it knows of what all may see.

    Once may not do: while another looks at the same tables, as it does by itself after many rows came in, none counts.
    """
    from sqlalchemy import create_engine, text

    engine = create_engine(made.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for _ in range(20):
            connection.execute(text("vacuum analyze"))
            if connection.scalar(text("select relallvisible > relpages / 2 from pg_class where relname = 'learner'")):
                break
            time.sleep(0.5)
        else:
            raise RuntimeError("PostgreSQL doesn't come to an end with its own looking")
    engine.dispose()
