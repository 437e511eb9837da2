"""What is erased in the very moment that a copy is made, in transactions that really race."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.core.db.transactions import independent_transaction
from portal.core.erasure import erase_categories, erase_fields
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.learners.origins.rows import origin_rows
from portal.learners.origins.services import store_origins
from portal.learners.record.models import Source
from portal.requests.copies.models import CopyState, DataCopy
from portal.requests.copies.production import make_copy
from tests.factories import copies
from tests.factories.learners import make_learner
from tests.racing import Race

_HOLD = text("select 1 from data_request where id = :id for update")


def one_field(learner_id: UUID) -> None:
    erase_fields(PersonKind.LEARNER, [learner_id], ["learner.email"], why="test")


def its_category(learner_id: UUID) -> None:
    erase_categories(PersonKind.LEARNER, [learner_id], ["contact"], why="test")


@contextmanager
def unanswered(race: Race, request_id: UUID) -> Iterator[None]:
    """Let nobody answer this request inside: a copy for it stands still once all of it has been read."""
    with independent_transaction(race.school_id) as connection:
        connection.execute(_HOLD, {"id": request_id})
        yield


@pytest.mark.parametrize("kind", ["access", "portability"])
@pytest.mark.parametrize("erase", [one_field, its_category])
def test_what_goes_while_a_copy_is_made_is_in_none(
    race: Race, app: Flask, erase: Callable[[UUID], None], kind: str
) -> None:
    with in_school(race.school_id):
        learner = make_learner(email="amina@vlinderstruik.example")
        store_origins(origin_rows(learner.id, {"learner.email": "x"}, source=Source.LEARNER, channel=None))
        copy = copies.ask_copy(learner, kind=kind)
        learner_id, copy_id, request_id = learner.id, copy.id, copy.request_id
    assert request_id is not None

    def make() -> None:
        with app.app_context():
            make_copy(copy_id, by=PORTAL)

    with unanswered(race, request_id):
        making = race.start(make)
        assert race.stand_still(1)
        erasing = race.start(lambda: erase(learner_id))
        assert race.stand_still(2)
    making.result(timeout=10)
    erasing.result(timeout=10)

    with in_school(race.school_id):
        copy = session.get_one(DataCopy, (current_school_id(), copy_id))
        assert (copy.state, copy.file_id) == (CopyState.WAITING, None)
    race.start(make).result(timeout=10)
    with in_school(race.school_id):
        copy = session.get_one(DataCopy, (current_school_id(), copy_id))
        assert copy.state is CopyState.READY
        assert b"vlinderstruik" not in b"".join(copies.archive_of(copy).values())


def test_a_copy_that_begins_meanwhile_waits_for_what_goes(race: Race, app: Flask) -> None:
    with in_school(race.school_id):
        learner = make_learner(email="amina@vlinderstruik.example")
        learner_id, copy_id = learner.id, copies.ask_copy(learner).id

    def make() -> None:
        with app.app_context():
            make_copy(copy_id, by=PORTAL)

    with in_school(race.school_id):
        one_field(learner_id)
        making = race.start(make)
        assert race.stand_still(1)
    making.result(timeout=10)

    with in_school(race.school_id):
        copy = session.get_one(DataCopy, (current_school_id(), copy_id))
        assert copy.state is CopyState.READY
        assert b"vlinderstruik" not in b"".join(copies.archive_of(copy).values())
