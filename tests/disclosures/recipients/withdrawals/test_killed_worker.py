"""A withdrawal and a file, with a real worker: killed in the middle, Redis emptied, delivered twice; done, and once."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from datetime import time as clock_time
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, insert, select, text

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.crypto import files, keys
from portal.core.crypto.files import StoredFile
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.db.transactions import independent_transaction
from portal.core.errors import Conflict
from portal.core.http.scope import SYSTEM
from portal.core.jobs import DONE, RUNNING, transport
from portal.courses.models import Lesson
from portal.disclosures.files import services as files_services
from portal.disclosures.models import DisclosureState, FileFormat
from portal.disclosures.queries import get_disclosure
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Trajectory
from portal.policy.services import publish_shipped_policy
from portal.purposes import queries as consents
from portal.purposes.consents.services import give_consent
from portal.purposes.models import StepState
from portal.purposes.withdrawals.services import withdraw_consent
from tests.core.services_of_own import ONE, OTHER, Services, eventually, kill, look, state_of
from tests.core.services_of_own import services as servers
from tests.factories.consent import as_learner
from tests.factories.courses import make_group
from tests.factories.learners import make_learner, make_organisation
from tests.factories.policy import in_force
from tests.signing_in import make_account

PEOPLE, LESSONS = 400, 60


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Iterator[Services]:
    """Leren Leren and Meester in NT2, by their policies, on servers of these tests' own."""
    with servers(tmp_path_factory.mktemp("own")) as made:
        for school_id, slug in ((ONE, "leren-leren"), (OTHER, "meester-in-nt2")):
            with in_school(school_id):
                publish_shipped_policy(slug)
        yield made


@pytest.fixture(autouse=True)
def stopped(world: Services) -> Iterator[None]:
    yield
    world.stop_workers()


class Child:
    """A child with special notes, kept on its parent's consent."""

    def __init__(self) -> None:
        with in_school(ONE):
            child = make_learner(birth_date=date(today().year - 10, 1, 1))
            self.id = child.id
            self.parent = as_learner(child, represents=True)
            give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=self.parent)
            child.special_notes = keys.seal(child.id, "learner.special_notes", "leest moeizaam")
        self.withdrawal = self.job = UUID(int=0)

    def withdraw(self) -> None:
        with in_school(ONE):
            made = withdraw_consent(self.id, "child_guidance", by=self.parent)
            assert made.job_id is not None
            self.withdrawal, self.job = made.id, made.job_id

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody change the child's row for a while, and wait until the worker stands still before it."""
        lock = text("select 1 from learner where id = :id for no key update")
        with independent_transaction(ONE) as connection:
            connection.execute(lock, {"id": self.id})
            yield

    def notes(self) -> bytes | None:
        with in_school(ONE):
            return session.scalar(select(Learner.special_notes).where(Learner.id == self.id))

    def is_done(self) -> bool:
        with in_school(ONE):
            return consents.get_withdrawal(self.withdrawal, SYSTEM).done_at is not None

    def ended_once(self) -> None:
        """Everything was done, and nothing twice."""
        assert self.notes() is None
        with in_school(ONE):
            steps = consents.list_steps(consents.get_withdrawal(self.withdrawal, SYSTEM))
            assert [step.state for step in steps] == [StepState.DONE] * 4
            told = select(AuditEvent.event).where(AuditEvent.learner_ids.contains([self.id]))
            events = list(session.scalars(told))
        for event in ("purposes.consent_withdrawn", "record.erased", "purposes.withdrawal_carried_out"):
            assert events.count(event) == 1


def stands_still() -> bool:
    """Say whether somebody in the database waits for a row that another holds."""
    waiting = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
    with in_school(ONE):
        return bool(session.scalar(waiting))


@pytest.fixture
def child(world: Services) -> Child:
    return Child()


@pytest.mark.promise("LL-05")
@pytest.mark.sample(0.5)
@pytest.mark.parametrize("with_children", [True, False], ids=["all of it", "those that do jobs"])
def test_a_worker_killed_in_the_middle_of_a_withdrawal(world: Services, child: Child, with_children: bool) -> None:
    process = world.start_portal_worker()
    child.withdraw()
    with child.held():
        eventually(stands_still, seconds=15)
        kill(process, with_children=with_children)
    assert child.notes() is not None
    if with_children:
        world.start_portal_worker()

    eventually(child.is_done, seconds=20)

    child.ended_once()
    assert look(ONE, child.job).attempts == 2


@pytest.mark.promise("LL-05")
def test_a_withdrawal_whose_queue_was_lost(world: Services, child: Child) -> None:
    child.withdraw()
    world.client().flushall()
    world.start_portal_worker()

    eventually(child.is_done, seconds=20)

    child.ended_once()


@pytest.mark.promise("LL-05")
def test_a_withdrawal_delivered_thrice_and_asked_twice(world: Services, child: Child) -> None:
    child.withdraw()
    for _ in range(2):
        transport.hand_over([transport.Handed(ONE, child.job, False, 600)])
    with in_school(ONE), pytest.raises(Conflict, match="not_in_force"):
        withdraw_consent(child.id, "child_guidance", by=child.parent)
    world.start_portal_worker()

    eventually(child.is_done, seconds=20)
    eventually(lambda: not transport.waiting_in_redis(), seconds=5)

    child.ended_once()
    assert look(ONE, child.job).attempts == 1


@pytest.mark.promise("LL-05")
def test_from_the_click_to_the_last_step_takes_seconds(world: Services, child: Child) -> None:
    world.start_portal_worker()
    first = Child()
    first.withdraw()
    eventually(first.is_done, seconds=20)

    began = time.monotonic()
    child.withdraw()
    eventually(child.is_done, seconds=20)

    assert time.monotonic() - began < 5
    child.ended_once()


def make_paying_client() -> UUID:
    """Make a client that pays for many people with many lessons; return its id."""
    client, group = make_organisation(f"Gemeente {uuid4()}"), make_group()
    people = [make_row(at) for at in range(PEOPLE)]
    session.execute(insert(Learner), people)
    begin = today() - timedelta(days=LESSONS)
    days = [begin + timedelta(days=at) for at in range(LESSONS)]
    paid = {"act": Act.WI2021, "starts_on": begin, "client_id": client.id, "reports_to_government": False}
    session.execute(insert(Trajectory), [{"id": new_id(), "learner_id": row["id"], **paid} for row in people])
    member = {"group_id": group.id, "starts_on": begin}
    session.execute(insert(Enrolment), [{"id": new_id(), "learner_id": row["id"], **member} for row in people])
    times = {"group_id": group.id, "starts_at": clock_time(9), "ends_at": clock_time(12), "break_minutes": 15}
    session.execute(insert(Lesson), [{"id": new_id(), "held_on": day, **times} for day in days])
    return client.id


def make_row(at: int) -> dict[str, object]:
    """Return a learner's row with no more than a name and a number."""
    name, number = f"{at:04d}", uuid4().hex[:12]
    found = {"sort_name": name, "search_text": name, "last_contact_on": today()}
    return {"id": new_id(), "number": number, "given_name": "Cursist", "family_name": name, **found}


def ask_for_file(client_id: UUID) -> tuple[UUID, UUID]:
    """Ask for the attendance of all that this client pays for; return the file's id and its job's."""
    account = make_account("Olga Smit", "administration")
    made = files_services.ask_for_file(
        "attendance_for_client",
        starts_on=today() - timedelta(days=LESSONS),
        ends_on=today(),
        form=FileFormat.XLSX,
        client_id=client_id,
        by=actor_of(account.id, account.name, frozenset({"administration"})),
    )
    assert made.job_id is not None
    return made.id, made.job_id


def rows_in(disclosure_id: UUID) -> int:
    """Return how many rows the file holds that was made."""
    with in_school(OTHER):
        made = get_disclosure(disclosure_id, SYSTEM)
        assert made.state is DisclosureState.READY
        assert made.file_id is not None
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(files.open_file(made.file_id))))
        return len(book.get_sheet_by_name("Gegevens").to_python()) - 1


def test_a_worker_killed_in_the_middle_of_an_export(world: Services) -> None:
    with in_school(OTHER):
        client_id = make_paying_client()
    process = world.start_portal_worker()
    with in_school(OTHER):
        disclosure_id, job_id = ask_for_file(client_id)
    eventually(lambda: look(OTHER, job_id).done > 0, seconds=15)
    kill(process, with_children=True)
    assert state_of(OTHER, job_id) == RUNNING
    world.start_portal_worker()

    eventually(lambda: state_of(OTHER, job_id) == DONE, seconds=25)

    assert rows_in(disclosure_id) == PEOPLE * LESSONS
    assert look(OTHER, job_id).attempts == 2
    with in_school(OTHER):
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
        told = select(func.count()).where(AuditEvent.event == "disclosures.file_made")
        assert session.scalar(told) == 1
