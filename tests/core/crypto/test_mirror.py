"""One bad copy loses nothing: what it lacks or has damaged is read from the other and mended."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.core.crypto import key_store, keys
from portal.core.crypto.ciphers import KeyDamaged
from portal.core.crypto.copies import Unreachable
from tests.core.crypto.both_copies import FIRST, SECOND, away, harm, school_of_its_own

BSN, IBAN = "learner.bsn", "learner.iban"
CHANGES = [
    "update person_key set wrapped = set_byte(wrapped, 20, 255 - get_byte(wrapped, 20)) where person_id = :id",
    "update person_key set wrapped = null where person_id = :id",
    "update person_key set generation = 9 where person_id = :id",
    "update person_key set code = '' where person_id = :id",
    "delete from person_key where person_id = :id",
]


@pytest.fixture(autouse=True)
def school(database: Any) -> Iterator[UUID]:
    with school_of_its_own() as made:
        yield made


def sealed() -> tuple[UUID, bytes]:
    learner = uuid4()
    return learner, keys.seal(learner, BSN, "123456782")


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_is_harmed_in_the_first_copy_is_read_from_the_second_and_mended(change: str) -> None:
    learner, blob = sealed()
    assert harm(FIRST, change, id=learner) == 1
    key_store.forget()
    assert keys.unseal(learner, BSN, blob) == "123456782"
    harm(SECOND, "delete from person_key where person_id = :id", id=learner)
    key_store.forget()
    assert keys.unseal(learner, BSN, blob) == "123456782"


def test_a_row_that_is_damaged_in_both_copies_is_named_in_one_line() -> None:
    learner, blob = sealed()
    for place in (FIRST, SECOND):
        harm(place, CHANGES[0], id=learner)
    key_store.forget()
    with pytest.raises(KeyDamaged, match=r"^a row of person_key is damaged, and no copy has it whole$"):
        keys.unseal(learner, BSN, blob)
    with pytest.raises(KeyDamaged):
        keys.seal(learner, BSN, "no new key takes its place")


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_with_one_copy_away_all_that_was_sealed_opens(place: int) -> None:
    learner, blob = sealed()
    with away(place):
        assert keys.unseal(learner, BSN, blob) == "123456782"
        assert keys.unseal(learner, BSN, keys.seal(learner, BSN, "under the key that there is"))


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_with_one_copy_away_no_new_key_is_made_and_none_is_left_in_one_copy(place: int) -> None:
    learner = uuid4()
    with away(place), pytest.raises(Unreachable, match=r"^PORTAL_KEYS_(COPY_)?URL can't be reached$"):
        keys.seal(learner, BSN, "x")
    for each in (FIRST, SECOND):
        assert harm(each, "delete from person_key where person_id = :id", id=learner) == 0
    assert keys.unseal(learner, BSN, keys.seal(learner, BSN, "both are there again")) == "both are there again"


def test_with_both_away_it_says_so_in_one_line() -> None:
    learner, blob = sealed()
    said = pytest.raises(Unreachable, match=r"^PORTAL_KEYS_URL and PORTAL_KEYS_COPY_URL can't be reached$")
    with away(FIRST), away(SECOND), said:
        keys.unseal(learner, BSN, blob)


def test_a_copy_that_was_emptied_fills_again_as_it_is_read(school: UUID) -> None:
    learners = [uuid4() for _ in range(5)]
    items = [(each, field, "x") for each in learners for field in (BSN, IBAN)]
    blobs = keys.seal_values(items)
    for table in ("person_key", "school_key"):
        assert harm(FIRST, f"delete from {table} where school_id = :school", school=school)
    key_store.forget()
    opened = keys.unseal_values((person, field, blob) for (person, field, _), blob in zip(items, blobs, strict=True))
    assert opened == ["x"] * 10
    assert harm(FIRST, "select from person_key where school_id = :school", school=school) == 10
    assert harm(FIRST, "select from school_key where school_id = :school", school=school) == 1


def test_a_copy_that_is_behind_gives_no_destroyed_key_back() -> None:
    learner, blob = sealed()
    with away(SECOND):
        key_store.store().destroy(keys.current_school_id(), {(learner, "bsn"): 1})
    assert harm(SECOND, "select from person_key where person_id = :id and wrapped is not null", id=learner) == 1
    assert keys.unseal_values([(learner, BSN, blob)]) == [None]


def test_a_new_key_after_an_erasure_brings_the_copy_that_was_behind_up_too() -> None:
    learner, _ = sealed()
    with away(SECOND):
        key_store.store().destroy(keys.current_school_id(), {(learner, "bsn"): 1})
    blob = keys.seal(learner, BSN, "anew")
    with away(FIRST):
        assert keys.unseal(learner, BSN, blob) == "anew"


@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(harms=st.lists(st.tuples(st.sampled_from([FIRST, SECOND]), st.sampled_from(CHANGES)), min_size=4, max_size=4))
def test_whatever_is_harmed_in_one_copy_a_row_opens_and_never_as_something_else(harms: list[tuple[int, str]]) -> None:
    sealed_here = [sealed() for _ in harms]
    for (learner, _), (place, change) in zip(sealed_here, harms, strict=True):
        harm(place, change, id=learner)
    key_store.forget()
    assert keys.unseal_values((learner, BSN, blob) for learner, blob in sealed_here) == ["123456782"] * len(harms)
