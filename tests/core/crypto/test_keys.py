"""Sealed texts open only where they belong, and never again once a learner's key is destroyed."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from portal.config import Settings
from portal.core.crypto import key_store as keystore
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from tests.seed import SCHOOLS

pytestmark = pytest.mark.usefixtures("school")


@contextmanager
def statements_on_keys() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = keystore.store().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(value: str) -> None:
    learner = uuid4()
    blob = keys.seal(learner, value, "learner.note")
    assert keys.unseal(learner, blob, "learner.note") == value
    assert keys.seal(learner, value, "learner.note") != blob


def test_it_opens_for_no_other_learner_purpose_or_school() -> None:
    learner, other = uuid4(), uuid4()
    keys.make_keys([other])
    blob = keys.seal(learner, "123456782", "learner.bsn")
    with pytest.raises(keys.CannotOpen):
        keys.unseal(other, blob, "learner.bsn")
    with pytest.raises(keys.CannotOpen):
        keys.unseal(learner, blob, "learner.note")
    with in_school(SCHOOLS[1].id), pytest.raises(keys.KeyMissing):
        keys.unseal(learner, blob, "learner.bsn")


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_an_altered_blob_does_not_open(place: int) -> None:
    learner = uuid4()
    blob = bytearray(keys.seal(learner, "123456782"))
    blob[place] ^= 1
    with pytest.raises(keys.CannotOpen):
        keys.unseal(learner, bytes(blob))


def test_a_destroyed_key_opens_nothing_and_is_not_made_anew() -> None:
    learner, other = uuid4(), uuid4()
    blobs = keys.seal_many([(learner, "a"), (other, "b")])
    keys.destroy(learner)
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(learner, blobs[0])
    with pytest.raises(keys.KeyDestroyed):
        keys.seal(learner, "again")
    keys.make_keys([learner])
    with pytest.raises(keys.KeyDestroyed):
        keys.seal(learner, "again")
    assert keys.unseal_many([(learner, blobs[0]), (other, blobs[1]), (other, None)]) == [None, "b", None]
    assert keys.living([learner, other]) == {other}


def test_destroying_leaves_no_wrapped_key_in_the_store() -> None:
    learner = uuid4()
    keys.make_keys([learner])
    keys.destroy(learner)
    wanted = text("select wrapped, destroyed_at is not null as gone from learner_key where learner_id = :id")
    assert [tuple(row) for row in keystore.store().rows(wanted, id=learner)] == [(None, True)]


def test_many_learners_take_one_statement() -> None:
    learners = [uuid4() for _ in range(300)]
    keys.make_keys(learners)
    with statements_on_keys() as made:
        blobs = keys.seal_many([(each, "x") for each in learners])
    assert len(made) == 1
    keystore.forget()
    with statements_on_keys() as made:
        keys.unseal_many(zip(learners, blobs, strict=True))
    assert [statement.split()[0] for statement in made] == ["select", "select"]


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
    wrong = keystore.Store(keystore.store().engine.url.render_as_string(hide_password=False), b"w" * 32)
    with pytest.raises(keys.CannotOpen):
        wrong.school_key(SCHOOLS[0].id)
    wrong.engine.dispose()


def test_a_lost_connection_is_made_anew() -> None:
    learner = uuid4()
    blob = keys.seal(learner, "x")
    store = keystore.store()
    with store.engine.connect() as connection:
        connection.connection.dbapi_connection.close()  # type: ignore[union-attr]
    store._learners.clear()
    assert keys.unseal(learner, blob) == "x"


def test_the_master_key_comes_from_a_file_too(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "master"
    path.write_text(base64.b64encode(b"f" * 32).decode() + "\n")
    monkeypatch.delenv("PORTAL_MASTER_KEY")
    monkeypatch.setenv("PORTAL_MASTER_KEY_FILE", str(path))
    assert keystore.master_key(Settings()) == b"f" * 32  # type: ignore[call-arg]


@pytest.mark.parametrize("given", [None, "not base64!"])
def test_a_wrong_or_missing_master_key_is_named(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_MASTER_KEY")
    if given:
        monkeypatch.setenv("PORTAL_MASTER_KEY", given)
    with pytest.raises(keys.KeysError, match="PORTAL_MASTER_KEY"):
        keystore.master_key(Settings())  # type: ignore[call-arg]


def test_a_dump_of_the_database_holds_no_key(count_statements: Callable[[], Any]) -> None:
    with count_statements() as statements:
        keys.seal(uuid4(), "123456782")
    assert statements == []
