"""An import with a real worker, killed in the middle of storing: all accepted rows are stored once, or none."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.db.transactions import independent_transaction
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import CANCELLED, DONE, RUNNING
from portal.courses.models import LearnerGroup
from portal.imports.mappings.services import choose_columns, sheets_of
from portal.imports.models import ImportRow, RunState
from portal.imports.queries import get_run
from portal.imports.queries import state_of as stands
from portal.imports.runs.expiry import stop_run
from portal.imports.runs.storage import start_storing
from portal.imports.runs.uploads import hand_in_workbook
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.services import publish_shipped_policy
from tests.core.services_of_own import OTHER, Services, eventually, kill, look, state_of
from tests.core.services_of_own import services as servers
from tests.factories.imports import make_office, sheet_bytes

ROWS, FIRST, HELD = 2_500, 40_000, 42_400
HEADER = ("Nummer", "Voornaam", "Achternaam", "Groep", "Wet")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Iterator[Services]:
    """Meester in NT2, by its policy, on servers of these tests' own."""
    with servers(tmp_path_factory.mktemp("own")) as made:
        with in_school(OTHER):
            publish_shipped_policy("meester-in-nt2")
        yield made


class Import:
    """A workbook of many rows that the office let be stored, up to where a worker is in the middle of it."""

    def __init__(self, world: Services) -> None:
        self.world = world
        self.worker = world.start_portal_worker()
        with in_school(OTHER):
            session.query(Learner).delete()
            self.by: Actor = make_office()
            rows = ([str(FIRST + at), "A", f"B{at}", f"Groep {at % 20}", "Wi2021"] for at in range(ROWS))
            self.run_id: UUID = hand_in_workbook(io.BytesIO(sheet_bytes(HEADER, *rows)), "lijst.xlsx", by=self.by).id
        self.reaches(RunState.MAPPING)
        with in_school(OTHER):
            sheets = sheets_of(get_run(self.run_id, SYSTEM))
            options = {"act": None, "grounds": {}}
            targets = [sheet.targets for sheet in sheets]
            choose_columns(self.run_id, targets, used=[True], options=options, by=self.by)
        self.reaches(RunState.READY)

    def reaches(self, state: RunState) -> None:
        def reached() -> bool:
            with in_school(OTHER):
                return get_run(self.run_id, SYSTEM).state is state

        eventually(reached, seconds=30)

    def store(self) -> UUID:
        with in_school(OTHER):
            job_id = start_storing(self.run_id, by=self.by).job_id
        assert job_id is not None
        return job_id

    def killed_in_the_middle(self, *, with_children: bool) -> UUID:
        """Let a worker store two thousand rows, stand still before one of the rest, and be killed; return the job."""
        with held(str(HELD)):
            job_id = self.store()
            eventually(lambda: look(OTHER, job_id).done == 2_000, seconds=30)
            kill(self.worker, with_children=with_children)
        return job_id


@contextmanager
def held(number: str) -> Iterator[None]:
    """Let nobody else take this number for a while: who comes to it waits."""
    row = {"id": new_id(), "number": number, "given_name": "A", "family_name": "B", "sort_name": "b"}
    with independent_transaction(OTHER) as connection:
        tried = connection.begin_nested()
        connection.execute(
            insert(Learner), {**row, "school_id": OTHER, "search_text": "b", "last_contact_on": today(), "version": 1}
        )
        yield
        tried.rollback()


def count(model: type) -> int:
    with in_school(OTHER):
        return session.scalar(select(func.count()).select_from(model)) or 0


def stored_events() -> int:
    with in_school(OTHER):
        return session.scalar(select(func.count()).where(AuditEvent.event == "imports.stored")) or 0


@pytest.fixture
def brought(world: Services) -> Iterator[Import]:
    yield Import(world)
    world.stop_workers()


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("with_children", [True, False], ids=["all of it", "those that do jobs"])
def test_a_worker_killed_in_the_middle_stores_all_rows_once(brought: Import, with_children: bool) -> None:
    before = stored_events()
    job_id = brought.killed_in_the_middle(with_children=with_children)
    assert count(Learner) == 0
    if with_children:
        assert state_of(OTHER, job_id) == RUNNING
        brought.world.start_portal_worker()

    eventually(lambda: state_of(OTHER, job_id) == DONE, seconds=60)

    assert [count(each) for each in (Learner, Trajectory, Enrolment, ImportRow)] == [ROWS] * 4
    assert count(LearnerGroup) == 20
    with in_school(OTHER):
        assert get_run(brought.run_id, SYSTEM).file_id is None
    assert stored_events() == before + 1
    assert look(OTHER, job_id).attempts == 2


def test_stopped_after_the_kill_no_row_is_stored(brought: Import) -> None:
    job_id = brought.killed_in_the_middle(with_children=True)
    with in_school(OTHER):
        stop_run(brought.run_id, by=brought.by)
    brought.world.start_portal_worker()

    eventually(lambda: state_of(OTHER, job_id) == CANCELLED, seconds=30)

    assert [count(each) for each in (Learner, Trajectory, Enrolment, ImportRow)] == [0] * 4
    with in_school(OTHER):
        assert stands(get_run(brought.run_id, SYSTEM)) is RunState.READY
