"""Destructions and endings reach both copies, whatever is away when, and nothing that was rolled back does."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, find_endings, record_ending
from portal.core.crypto.outbox import KeyOutbox, push_waiting
from portal.core.db.scope import checkpoint, restart
from portal.core.db.session import session
from tests.core.crypto.both_copies import FIRST, SECOND, away, harm, school_of_its_own

BSN, IBAN = "learner.bsn", "learner.iban"
LIVING = "select from person_key where person_id = :id and wrapped is not null"


@pytest.fixture(autouse=True)
def school(database: Any) -> Iterator[UUID]:
    with school_of_its_own() as made:
        yield made


def sealed() -> tuple[UUID, bytes]:
    learner = uuid4()
    return learner, keys.seal(learner, BSN, "123456782")


def waiting() -> int:
    return len(session.scalars(select(KeyOutbox.id)).all())


@pytest.mark.parametrize("place", [FIRST, SECOND])
@pytest.mark.parametrize("whole", [True, False], ids=["a person", "a category"])
def test_a_copy_that_was_away_is_brought_up_later(place: int, whole: bool) -> None:
    learner, blob = sealed()
    keys.seal(learner, IBAN, "NL91ABNA0417164300")
    with away(place):
        if whole:
            keys.destroy_people(learner)
        else:
            keys.destroy_categories([learner], ["bsn"])
        checkpoint()
        assert keys.unseal_values([(learner, BSN, blob)]) == [None]
        assert push_waiting() == 0
    assert harm(1 - place, LIVING, id=learner) == (0 if whole else 1)
    assert harm(place, LIVING, id=learner) == 2
    assert push_waiting() == 1
    assert harm(place, LIVING, id=learner) == (0 if whole else 1)
    assert waiting() == 0


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_a_key_does_not_come_back_from_the_copy_that_missed_its_destruction(place: int) -> None:
    learner, blob = sealed()
    with away(place):
        keys.destroy_categories([learner], ["bsn"])
        checkpoint()
    with away(1 - place):
        assert keys.unseal_values([(learner, BSN, blob)]) == [None]
    assert push_waiting() == 1


def test_with_both_away_a_destruction_waits() -> None:
    learner, blob = sealed()
    keys.fetch_keys([(learner, BSN)])
    with away(FIRST), away(SECOND):
        keys.destroy_people(learner)
        checkpoint()
    assert waiting() == 1
    assert push_waiting() == 1
    assert keys.unseal_values([(learner, BSN, blob)]) == [None]


def test_what_is_rolled_back_destroys_nothing() -> None:
    learner, blob = sealed()
    session.begin_nested()
    keys.destroy_people(learner)
    restart()
    checkpoint()
    assert waiting() == 0
    assert keys.unseal(learner, BSN, blob) == "123456782"


def test_a_process_that_dies_after_the_commit_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    learner, blob = sealed()
    member = uuid4()
    with monkeypatch.context() as dying:
        dying.setattr("portal.core.crypto.outbox.on_commit", lambda _work: None)
        keys.destroy_people(learner)
        record_ending(Ending.ROLE, member)
        checkpoint()
    assert keys.unseal_values([(learner, BSN, blob)]) == [None]
    assert [harm(place, LIVING, id=learner) for place in (FIRST, SECOND)] == [1, 1]
    assert push_waiting() == 2
    assert [harm(place, LIVING, id=learner) for place in (FIRST, SECOND)] == [0, 0]
    assert set(find_endings(Ending.ROLE, [member])) == {member}


def test_a_push_that_comes_again_harms_no_key_that_was_made_since() -> None:
    learner, _ = sealed()
    with away(SECOND):
        keys.destroy_categories([learner], ["bsn"])
        checkpoint()
    blob = keys.seal(learner, BSN, "anew")
    assert push_waiting() == 1
    assert keys.unseal(learner, BSN, blob) == "anew"


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_an_ending_reaches_the_copy_that_was_away(place: int) -> None:
    member = uuid4()
    with away(place):
        record_ending(Ending.ROLE, member)
        checkpoint()
        assert set(find_endings(Ending.ROLE, [member])) == {member}
    with away(1 - place):
        assert find_endings(Ending.ROLE, [member]) == {}
    assert push_waiting() == 1
    with away(1 - place):
        assert set(find_endings(Ending.ROLE, [member])) == {member}
