"""Sealed texts open only where they belong, and never again once a person's key for their category is destroyed."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from portal.config import Settings, settings
from portal.core.crypto import key_store, keys
from portal.core.crypto.ciphers import WrongMasterKey
from portal.core.crypto.outbox import push_waiting
from portal.core.db.base import Base
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.personal_data import registry
from tests.seed import SCHOOLS

BSN, IBAN, NOTES = "learner.bsn", "learner.iban", "learner.special_notes"

pytestmark = pytest.mark.usefixtures("school")


@contextmanager
def statements_on_keys() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement.split(maxsplit=1)[0].lower())

    engines = [copy.engine for copy in key_store.store().mirror.copies]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


SEALED = sorted(key for key, field in registry(Base.metadata).items() if field.sealed)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_categories=["Cs"])), field=st.sampled_from(SEALED))
def test_what_is_sealed_opens_again(value: str, field: str) -> None:
    learner = uuid4()
    blob = keys.seal(learner, field, value)
    assert keys.unseal(learner, field, blob) == value
    assert keys.seal(learner, field, value) != blob


def test_it_opens_for_no_other_person_field_or_school() -> None:
    learner, other = uuid4(), uuid4()
    blob = keys.seal(learner, "note.body", "niet voor anderen")
    keys.seal(other, "note.body", "x")
    with pytest.raises(keys.CannotOpen):
        keys.unseal(other, "note.body", blob)
    with pytest.raises(keys.CannotOpen):
        keys.unseal(learner, "evaluation.body", blob)
    with pytest.raises(keys.KeyMissing):
        keys.unseal(learner, BSN, blob)
    with in_school(SCHOOLS[1].id), pytest.raises(keys.KeyMissing):
        keys.unseal(learner, "note.body", blob)


@pytest.mark.parametrize("place", [0, 1, 2, 3, 14, 15, -1])
def test_an_altered_blob_does_not_open(place: int) -> None:
    learner = uuid4()
    blob = bytearray(keys.seal(learner, BSN, "123456782"))
    blob[place] ^= 1
    with pytest.raises((keys.CannotOpen, keys.KeyMissing, keys.KeyDestroyed)):
        keys.unseal(learner, BSN, bytes(blob))


@pytest.mark.parametrize("field", ["learner.nothing", "learner.version", "nowhere.bsn", "bsn"])
def test_nothing_is_sealed_for_a_field_that_is_not_declared(field: str) -> None:
    with pytest.raises(LookupError):
        keys.seal(uuid4(), field, "x")


def test_the_category_follows_from_the_field() -> None:
    learner = uuid4()
    keys.seal_values([(learner, BSN, "1"), (learner, IBAN, "2"), (learner, "note.body", "3")])
    assert made_for(learner) == {"bsn": True, "finance": True, "progress": True}


def made_for(person_id: UUID) -> dict[str, bool]:
    """Which categories a person has keys for, in both copies alike, and whether each is still there."""
    wanted = text("select category, wrapped is not null as is_there from person_key where person_id = :id")
    first, second = (copy.rows(wanted, id=person_id) for copy in key_store.store().mirror.copies)
    assert sorted(first) == sorted(second)
    return {row.category: row.is_there for row in first}


def test_an_erased_category_opens_nothing_and_the_others_stay() -> None:
    learner, other = uuid4(), uuid4()
    bsn, iban, of_other = keys.seal_values([(learner, BSN, "a"), (learner, IBAN, "b"), (other, BSN, "c")])
    keys.destroy_categories([learner], ["bsn"])
    checkpoint()
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(learner, BSN, bsn)
    opened = keys.unseal_values(
        [(learner, BSN, bsn), (learner, IBAN, iban), (other, BSN, of_other), (other, BSN, None)]
    )
    assert opened == [None, "b", "c", None]
    assert made_for(learner) == {"bsn": False, "finance": True}


def test_a_category_sealed_again_after_its_erasure_has_a_new_key() -> None:
    learner = uuid4()
    before = keys.seal(learner, NOTES, "leest moeizaam")
    keys.destroy_categories([learner], ["special"])
    checkpoint()
    after = keys.seal(learner, NOTES, "leest beter")
    assert keys.unseal_values([(learner, NOTES, before), (learner, NOTES, after)]) == [None, "leest beter"]
    key_store.forget()
    assert keys.unseal_values([(learner, NOTES, before), (learner, NOTES, after)]) == [None, "leest beter"]


def test_an_erased_person_opens_nothing_and_no_key_is_made_anew() -> None:
    learner, other = uuid4(), uuid4()
    bsn, of_other = keys.seal_values([(learner, BSN, "a"), (other, BSN, "b")])
    keys.destroy_people(learner)
    checkpoint()
    assert keys.unseal_values([(learner, BSN, bsn), (other, BSN, of_other)]) == [None, "b"]
    for field in (BSN, IBAN):
        with pytest.raises(keys.KeyDestroyed):
            keys.seal(learner, field, "again")
    keys.fetch_keys([(learner, BSN), (learner, IBAN)], make=True)
    assert keys.seal_in_category([(learner, "contact", "x"), (other, "contact", "y")], "audit")[0] is None
    assert made_for(learner) == {"bsn": False, "*": False}


def test_many_people_and_categories_take_one_statement() -> None:
    items = [(uuid4(), field, "x") for _ in range(100) for field in (BSN, IBAN, NOTES)]
    keys.digest("the school's own key is at hand")
    with statements_on_keys() as made:
        blobs = keys.seal_values(items)
    assert made == ["select", "select", "with", "with"]
    with statements_on_keys() as made:
        keys.seal_values(items)
    assert made == []
    key_store.forget()
    keys.digest("the school's own key is at hand")
    with statements_on_keys() as made:
        keys.unseal_values((person, field, blob) for (person, field, _), blob in zip(items, blobs, strict=True))
    assert made == ["select"]


def test_of_two_that_make_a_key_at_once_one_stands() -> None:
    learner, school = uuid4(), SCHOOLS[0].id
    mine, other = key_store.store(), opened(b"k" * 32)
    pair = (learner, "bsn")
    theirs = other._make(school, [pair], {})
    ours = mine._make(school, [pair], {})
    other.close()
    assert ours == theirs


def destroyed_elsewhere(school_id: UUID, learner: UUID, generation: int) -> None:
    """Let another process destroy the key of a learner for her BSN, up to this generation."""
    other = opened(b"k" * 32)
    assert other.destroy(school_id, {(learner, "bsn"): generation})
    other.close()


def test_what_is_sealed_after_its_key_was_destroyed_elsewhere_opens() -> None:
    learner, school_id = uuid4(), SCHOOLS[0].id
    before = keys.seal(learner, BSN, "a")
    destroyed_elsewhere(school_id, learner, 1)
    checkpoint()
    keys.unseal(learner, BSN, before)  # what it opens with may be at hand for half a minute
    blob = keys.seal(learner, BSN, "b")
    key_store.store()._kept.clear()
    assert keys.unseal_values([(learner, BSN, before), (learner, BSN, blob)]) == [None, "b"]


def test_a_key_that_was_made_anew_elsewhere_is_destroyed() -> None:
    learner, school_id = uuid4(), SCHOOLS[0].id
    keys.seal(learner, BSN, "a")
    destroyed_elsewhere(school_id, learner, 1)
    other = opened(b"k" * 32)
    assert other.keys_of(school_id, [(learner, "bsn")], make=True)[learner, "bsn"].generation == 2
    keys.destroy_categories([learner], ["bsn"])
    checkpoint()
    push_waiting()
    found = opened(b"k" * 32)
    assert found.keys_of(school_id, [(learner, "bsn")], make=False) == {(learner, "bsn"): None}
    for each in (other, found):
        each.close()


def opened(master: bytes) -> key_store.Store:
    """The same two copies, opened by another process with this master key."""
    first, second = (key_store.Copy(*each) for each in settings().key_stores)
    return key_store.Store((first, second), master)


def test_equal_texts_have_equal_digests_only_within_school_and_purpose() -> None:
    here = keys.digest("123456782", "learner.bsn")
    assert here == keys.digest("123456782", "learner.bsn")
    assert here != keys.digest("123456783", "learner.bsn")
    assert here != keys.digest("123456782", "other")
    with in_school(SCHOOLS[1].id):
        assert here != keys.digest("123456782", "learner.bsn")


def test_a_school_that_was_never_added_is_refused() -> None:
    with in_school(uuid4()), pytest.raises(keys.KeyMissing):
        keys.digest("x")


def test_another_master_key_opens_nothing() -> None:
    wrong = opened(b"w" * 32)
    with pytest.raises(WrongMasterKey, match=r"^PORTAL_MASTER_KEY is not the one"):
        wrong.school_key(SCHOOLS[0].id)
    wrong.close()


def test_a_lost_connection_is_made_anew() -> None:
    learner = uuid4()
    blob = keys.seal(learner, BSN, "x")
    store = key_store.store()
    with store.mirror.copies[0].engine.connect() as connection:
        connection.connection.dbapi_connection.close()  # type: ignore[union-attr]
    store._kept.clear()
    assert keys.unseal(learner, BSN, blob) == "x"


def test_the_master_key_comes_from_a_file_too(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "master"
    path.write_text(base64.b64encode(b"f" * 32).decode() + "\n")
    monkeypatch.delenv("PORTAL_MASTER_KEY")
    monkeypatch.setenv("PORTAL_MASTER_KEY_FILE", str(path))
    assert key_store.master_key(Settings.model_validate({})) == b"f" * 32


@pytest.mark.parametrize("given", [None, "not base64!"])
def test_a_wrong_or_missing_master_key_is_named(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_MASTER_KEY")
    if given:
        monkeypatch.setenv("PORTAL_MASTER_KEY", given)
    with pytest.raises(keys.KeysError, match="PORTAL_MASTER_KEY"):
        key_store.master_key(Settings.model_validate({}))


def test_a_dump_of_the_database_holds_no_key(count_statements: Callable[[], Any]) -> None:
    with count_statements() as statements:
        keys.seal(uuid4(), BSN, "123456782")
    assert all(each.lower().startswith("select") for each in statements)


def test_what_is_sealed_beside_a_destruction_is_refused_and_a_rollback_brings_all_back() -> None:
    learner = uuid4()
    blob = keys.seal(learner, BSN, "123456782")
    with session.begin_nested() as savepoint:
        keys.destroy_categories([learner], ["bsn"])
        assert keys.unseal_values([(learner, BSN, blob)]) == [None]
        with pytest.raises(keys.KeyDestroyed):
            keys.seal(learner, BSN, "in the same transaction")
        savepoint.rollback()
    assert keys.unseal(learner, BSN, blob) == "123456782"


def test_threads_that_come_first_at_once_share_one_store() -> None:
    key_store.forget()
    start = Barrier(8)

    def opened_here() -> int:
        start.wait()
        return id(key_store.store())

    with ThreadPoolExecutor(8) as threads:
        found = {each.result() for each in [threads.submit(opened_here) for _ in range(8)]}
    assert found == {id(key_store.store())}
