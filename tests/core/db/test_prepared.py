"""Statements made into text once: values go in and come out as elsewhere, the school holds, a lost connection shows."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import ARRAY, Engine, Text, Uuid, bindparam, func, select, text
from sqlalchemy.exc import IntegrityError

from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import today
from portal.core.db.engine import make_engine
from portal.core.db.prepared import Prepared
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.database import TestDatabase
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_enrolment, make_learner
from tests.seed import SCHOOLS

BY_NAME = Prepared(
    select(Learner.id, Learner.family_name, Learner.birth_date).where(
        Learner.family_name == bindparam("name", type_=Text())
    )
)


def test_values_go_in_and_columns_come_out(school: SchoolView) -> None:
    amina = make_learner("Amina", "100% Yusuf", birth_date=date(1991, 2, 1))
    session.flush()
    row = BY_NAME.row(name="100% Yusuf")
    assert (row.id, row.family_name, row.birth_date) == (amina.id, "100% Yusuf", date(1991, 2, 1))
    assert BY_NAME.row(name="niemand") is None
    assert BY_NAME.rows(name="niemand") == []


def test_types_are_those_of_the_columns(school: SchoolView) -> None:
    learner, lesson = make_learner(), make_lesson(make_group())
    session.add(
        AttendanceMark(
            lesson_id=lesson.id,
            learner_id=learner.id,
            status=Status.EXCUSED,
            minutes=0,
            marked_by_name="Kim",
            marked_at=func.now(),
        )
    )
    session.flush()
    statement = Prepared(select(AttendanceMark.status).where(AttendanceMark.status == Status.EXCUSED))
    assert statement.row().status is Status.EXCUSED


def test_a_value_that_stands_in_it_can_be_replaced_and_a_missing_one_is_refused(school: SchoolView) -> None:
    enrolment = make_enrolment(make_learner(), make_group())
    session.flush()
    until = bindparam("until", today())
    statement = Prepared(select(Enrolment.id).where(Enrolment.starts_on <= until))
    assert enrolment.id in {row.id for row in statement.rows()}
    assert statement.rows(until=date(1900, 1, 1)) == []
    with pytest.raises(KeyError, match="name"):
        BY_NAME.rows()


def test_a_list_goes_in_as_an_array_and_not_as_so_many_values(school: SchoolView) -> None:
    ids = [make_learner().id for _ in range(3)]
    session.flush()
    statement = Prepared(select(Learner.id).where(Learner.id == func.any(bindparam("ids", type_=ARRAY(Uuid())))))
    assert {row.id for row in statement.rows(ids=ids)} == set(ids)
    with pytest.raises(TypeError, match="list"):
        Prepared(select(Learner.id).where(Learner.id.in_(ids))).rows()


def test_it_sees_one_school_only(database: Engine) -> None:
    with in_school(SCHOOLS[0].id):
        make_learner("Amina", "Yusuf")
    with in_school(SCHOOLS[1].id):
        assert BY_NAME.rows(name="Yusuf") == []


def test_text_takes_names_too(school: SchoolView) -> None:
    key = UUID(int=7)
    row: Any = Prepared(text("select cast(:key as uuid) as key, '5%' as part, cast(:key as uuid) as again")).row(
        key=key
    )
    assert (row.key, row.part, row.again) == (key, "5%", key)


def test_a_lost_connection_shows_and_the_next_one_is_new(worker_database: TestDatabase) -> None:
    engine = make_engine(worker_database.application_url)
    statement = Prepared(text("select pg_backend_pid() as pid"))
    with engine.connect() as connection:
        pid = statement.run(connection, {})[0].pid
        with psycopg.connect(worker_database.owner_url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", [pid])
        with pytest.raises(psycopg.OperationalError):
            statement.run(connection, {})
        assert connection.invalidated
    with engine.connect() as connection:
        assert statement.run(connection, {})[0].pid != pid
    engine.dispose()


def test_what_is_done_meanwhile_breaks_nothing(worker_database: TestDatabase) -> None:
    engine = make_engine(worker_database.application_url)
    statement, done = Prepared(text("select cast(:n as integer) as n")), []

    def fail() -> None:
        done.append(True)
        raise ValueError

    with engine.connect() as connection:
        assert statement.run(connection, {"n": 7}, fail)[0].n == 7
        assert statement.run(connection, {"n": 8}, fail)[0].n == 8
    assert done == [True]  # the second is sent within a transaction, where nothing is done meanwhile
    engine.dispose()


def test_it_stays_prepared_through_rollbacks_and_mistakes(worker_database: TestDatabase) -> None:
    engine = make_engine(worker_database.application_url)
    statement = Prepared(text("select cast(:n as integer) as n"))
    wrong = Prepared(text("select 1 / cast(:n as integer)"))
    asked = text("select count(*) from pg_prepared_statements where name like 'kept_%'")
    with engine.connect() as connection:
        for number in range(8):  # the driver prepares what it is asked so often
            connection.execute(text("select cast(:n as integer)"), {"n": number})
        assert statement.run(connection, {"n": 1})[0].n == 1
        with pytest.raises(psycopg.errors.DivisionByZero):
            wrong.run(connection, {"n": 0})
        connection.rollback()
        assert statement.run(connection, {"n": 2})[0].n == 2
        with connection.begin_nested() as savepoint:
            savepoint.rollback()
        assert statement.run(connection, {"n": 3})[0].n == 3
        assert connection.scalar(asked) == 2
    engine.dispose()


def test_a_commit_that_a_check_refuses_says_so(worker_database: TestDatabase) -> None:
    engine = make_engine(worker_database.owner_url)
    with engine.connect() as connection:
        connection.execute(text("create temporary table two (n integer unique deferrable initially deferred)"))
        Prepared(text("insert into two values (1), (1)")).run(connection, {})
        with pytest.raises(IntegrityError):
            connection.commit()
    engine.dispose()
