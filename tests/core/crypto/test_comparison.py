"""Comparing both copies names what differs, and mending brings every row back that one copy has whole."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.core.crypto import comparison, key_store, keys
from portal.core.crypto.commands import keys as keys_command
from portal.core.crypto.comparison import Difference, compare
from portal.core.crypto.ledger import Ending, find_endings, record_ending
from portal.core.db.scope import checkpoint
from tests.core.crypto.both_copies import FIRST, SECOND, away, harm, school_of_its_own

BSN = "learner.bsn"
SETTINGS = ("PORTAL_KEYS_URL", "PORTAL_KEYS_COPY_URL")
DAMAGED = "update person_key set wrapped = '\\x00' where person_id = :id"
MISSING = "delete from person_key where person_id = :id"


@pytest.fixture(autouse=True)
def school(database: Any) -> Iterator[UUID]:
    with school_of_its_own() as made:
        yield made


def sealed() -> tuple[UUID, bytes]:
    learner = uuid4()
    return learner, keys.seal(learner, BSN, "123456782")


def differing(school: UUID, *, mend: bool = False) -> list[Difference]:
    key_store.forget()
    return [each for each in compare(key_store.store(), mend=mend).differences if each.school_id == school]


def test_untouched_copies_are_alike(school: UUID) -> None:
    for _ in range(3):
        sealed()
    record_ending(Ending.ROLE, uuid4())
    checkpoint()
    keys.set_seal_head("main", 1, b"code")
    found = compare(key_store.store(), mend=False)
    assert [each for each in found.differences if each.school_id == school] == []
    assert set(found.rows) - {"backup_key", "finished_backup"} == {"school_key", "person_key", "seal_head", "ending"}


@pytest.mark.parametrize("place", [FIRST, SECOND])
@pytest.mark.parametrize(("change", "what"), [(DAMAGED, "damaged"), (MISSING, "missing")])
def test_a_harmed_row_is_named_and_mended(school: UUID, place: int, change: str, what: str) -> None:
    learner, blob = sealed()
    assert harm(place, change, id=learner) == 1
    (found,) = differing(school)
    assert (found.setting, found.table, found.key, found.what) == (
        SETTINGS[place],
        "person_key",
        (learner, "bsn"),
        what,
    )
    assert str(found) == f"school {school}: person_key {learner} bsn is {what} in {SETTINGS[place]}"
    assert len(differing(school, mend=True)) == 1
    assert differing(school) == []
    with away(1 - place):
        assert keys.unseal(learner, BSN, blob) == "123456782"


def test_a_copy_behind_at_a_destruction_is_brought_up_and_not_the_other_way(school: UUID) -> None:
    learner, blob = sealed()
    for place in (FIRST, SECOND):
        with away(place):
            key_store.store().destroy(school, {(learner, "bsn"): 1})
        (found,) = differing(school, mend=True)
        assert (found.what, found.setting) == ("behind", SETTINGS[place])
        assert differing(school) == []
        assert keys.unseal_values([(learner, BSN, blob)]) == [None]
        learner, blob = sealed()


def test_what_no_copy_has_whole_stays_named(school: UUID) -> None:
    learner, _ = sealed()
    for place in (FIRST, SECOND):
        harm(place, DAMAGED, id=learner)
    found = differing(school, mend=True)
    assert [(each.what, each.good) for each in found] == [("damaged", None)] * 2
    assert "and the other copy has it no better" in str(found[0])
    assert len(differing(school)) == 2


def test_two_keys_of_one_generation_are_named_and_neither_is_taken(school: UUID) -> None:
    learner, _ = sealed()
    store = key_store.store()
    other = store.mirror.sign(comparison.STORE.tables["person_key"], school, learner, "bsn", 1, b"another")
    store.mirror.copies[SECOND].put(comparison.STORE.tables["person_key"], school, [other], whatever=True)
    assert [each.what for each in differing(school, mend=True)] == ["unlike", "unlike"]


@pytest.mark.parametrize("place", [FIRST, SECOND])
@pytest.mark.parametrize("change", ["delete from school_key", "update school_key set wrapped = '\\x00'"])
def test_the_key_of_a_school_is_mended_too(school: UUID, place: int, change: str) -> None:
    learner, blob = sealed()
    assert harm(place, f"{change} where school_id = :school", school=school) == 1
    assert [each.table for each in differing(school, mend=True)] == ["school_key"]
    with away(1 - place):
        assert keys.unseal(learner, BSN, blob) == "123456782"


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_a_copy_that_was_lost_is_filled_from_the_other(school: UUID, place: int) -> None:
    opened = [sealed() for _ in range(5)]
    member = uuid4()
    record_ending(Ending.ROLE, member)
    checkpoint()
    for table in ("person_key", "school_key", "ending", "seal_head"):
        harm(place, f"delete from {table} where school_id = :school", school=school)
    differing(school, mend=True)
    with away(1 - place):
        assert {keys.unseal(learner, BSN, blob) for learner, blob in opened} == {"123456782"}
        assert set(find_endings(Ending.ROLE, [member])) == {member}


def test_many_rows_are_compared_page_by_page(school: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_AT_ONCE", 25)  # more than anybody has keys, whatever other tests left
    learners = [uuid4() for _ in range(20)]
    keys.seal_values([(each, field, "x") for each in learners for field in (BSN, "learner.iban", "note.body")])
    for place, learner in ((FIRST, learners[3]), (SECOND, learners[17])):
        harm(place, MISSING, id=learner)
    found = differing(school)
    assert sorted((each.setting, each.key[0]) for each in found) == sorted(
        [(SETTINGS[FIRST], learners[3])] * 3 + [(SETTINGS[SECOND], learners[17])] * 3
    )


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(harms=st.lists(st.tuples(st.sampled_from([FIRST, SECOND]), st.sampled_from([DAMAGED, MISSING])), max_size=6))
def test_after_mending_each_copy_alone_opens_everything(school: UUID, harms: list[tuple[int, str]]) -> None:
    opened = [sealed() for _ in harms]
    for (learner, _), (place, change) in zip(opened, harms, strict=True):
        harm(place, change, id=learner)
    assert len(differing(school, mend=True)) == len(harms)
    assert differing(school) == []
    assert keys.unseal_values((learner, BSN, blob) for learner, blob in opened) == ["123456782"] * len(harms)


def verify(*options: str) -> Result:
    key_store.forget()
    return CliRunner().invoke(keys_command, ["verify", *options])


def test_the_command_says_what_differs_and_mends_it(school: UUID) -> None:
    verify("--heal")  # what other tests left in other schools
    learner, _ = sealed()
    assert str(school) not in verify().output
    harm(SECOND, MISSING, id=learner)
    harmed = verify()
    assert harmed.exit_code == 1
    line = f"school {school}: person_key {learner} bsn is missing in PORTAL_KEYS_COPY_URL"
    assert line in harmed.output
    assert f"{line}; mended" in verify("--heal").output
    whole = verify()
    assert str(school) not in whole.output
    assert whole.exit_code == 1 or "both copies are alike and whole" in whole.output


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_the_command_says_in_one_line_that_a_copy_is_away(place: int) -> None:
    with away(place):
        result = CliRunner().invoke(keys_command, ["verify"])
    assert (result.exit_code, result.stderr.strip()) == (2, f"Error: {SETTINGS[place]} can't be reached")


def test_the_command_says_in_one_line_that_the_master_key_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_store, "master_key", lambda _settings: b"w" * 32)
    result = verify()
    key_store.forget()
    assert result.exit_code == 2
    assert result.output.strip() == (
        "Error: PORTAL_MASTER_KEY is not the one with which the keys of the schools were wrapped"
    )
