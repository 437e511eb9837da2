"""Erasing a field, a category and a person: whoever asks it, the same is left; what was made from the data goes."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.crypto import files, keys
from portal.core.crypto.keys import KeyDestroyed
from portal.core.db.base import Base
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_fields, erase_person
from portal.core.http.access import PORTAL, Actor
from portal.core.personal_data import OWN_TABLE, PersonKind, people_of, rows_of
from portal.learners.conditions.services import clear_expired_fields
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.sealed_texts import seal_text
from portal.learners.merges.services import merge_learners
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner
from portal.learners.record.services import remove_ground
from portal.progress.models import Note
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.courses import make_group, make_teacher_of
from tests.factories.learners import make_learner, make_representative
from tests.house.people import MadePerson
from tests.house.rows import TABLES, make_row
from tests.signing_in import make_account

LEARNER = PersonKind.LEARNER
BSN = "999999990"


def propose(learner: Learner, field: str) -> Correction:
    """Let a proposal wait for this field of her own row."""
    texts = {name: seal_text(learner.id, field, name, "iets anders") for name in ("old", "proposed", "remark")}
    proposal = Correction(
        learner_id=learner.id, field=field, state=CorrectionState.PROPOSED, proposed_at=now(), **texts
    )
    session.add(proposal)
    session.flush()
    return proposal


def lapsed(_office: Actor) -> tuple[Learner, str]:
    """A number whose trajectory doesn't report any more."""
    learner = make_learner(bsn=BSN)
    propose(learner, "learner.bsn")
    clear_expired_fields([learner.id], by=PORTAL)
    return learner, "learner.bsn"


def without_ground(office: Actor) -> tuple[Learner, str]:
    """A number whose recorded ground was taken away."""
    learner = make_learner(bsn=BSN, grounds={"bsn": "Subsidie"})
    propose(learner, "learner.bsn")
    remove_ground(learner.id, "learner.bsn", by=office)
    return learner, "learner.bsn"


def withdrawn(_office: Actor) -> tuple[Learner, str]:
    """A value whose consent was withdrawn."""
    learner = make_learner(phone_other="+31612345678")
    propose(learner, "learner.phone_other")
    agree(learner, "more_about_you")
    carry_out_withdrawal(withdraw_consent(learner.id, "more_about_you", by=as_learner(learner)).id, by=PORTAL)
    return learner, "learner.phone_other"


def merged(office: Actor) -> tuple[Learner, str]:
    """An address that another record of the same person has otherwise."""
    kept, other = make_learner(email="amina@example.org"), make_learner(email="oud@example.org")
    merge_learners(kept.id, other.id, take=(), by=office)
    return other, "learner.email"


CALLERS = [
    ("meester-in-nt2", lapsed),
    ("onderwijs-pro", without_ground),
    ("onderwijs-pro", withdrawn),
    ("lest-best", merged),
]


@pytest.mark.parametrize(("slug", "erase"), CALLERS, ids=[erase.__name__ for _, erase in CALLERS])
def test_whoever_asks_it_the_same_is_left(
    enter: Any, office: Actor, slug: str, erase: Callable[[Actor], tuple[Learner, str]]
) -> None:
    with enter(slug):
        learner, field = erase(office)

        table, column = Base.metadata.tables["learner"], field.partition(".")[2]
        row = session.execute(select(table).where(table.c.id == learner.id)).mappings().one()
        assert row[column] is None
        assert getattr(learner, column) is None
        assert row["bsn_digest"] is None
        assert row["version"] > 1
        assert "oud@example.org" not in row["search_text"]
        assert field not in list_origins(learner)
        left = session.scalars(select(Correction).where(Correction.learner_id == learner.id)).all()
        assert [(each.state, each.old, each.proposed, each.remark) for each in left] == [
            (CorrectionState.WITHDRAWN, None, None, None) for _ in left
        ]
        entries = session.scalars(select(AuditEvent).where(AuditEvent.event == "record.erased")).all()
        assert [entry.learner_ids for entry in entries] == [[learner.id]]
        assert field in entries[0].facts["fields"]
        assert entries[0].facts["why"]


def test_an_erased_address_is_no_longer_found_and_the_name_still_is(school: SchoolView) -> None:
    learner = make_learner("Amina", "Yilmaz", email="amina@example.org")

    assert erase_fields(LEARNER, [learner.id], ["learner.email"], why="test") == 1

    assert learner.email is None
    assert "example" not in learner.search_text
    assert "yilmaz" in learner.search_text
    assert learner.sort_name.startswith("yilmaz")


def test_what_a_row_can_not_do_without_takes_the_row_along_and_never_the_person_herself(school: SchoolView) -> None:
    learner = make_learner()
    make_row("note", learner_id=learner.id)

    assert erase_fields(LEARNER, [learner.id], ["note.body"], why="test") == 1

    assert session.scalars(select(Note)).all() == []
    with pytest.raises(ValueError, match="family_name"):
        erase_fields(LEARNER, [learner.id], ["learner.family_name"], why="test")
    with pytest.raises(KeyError):
        erase_fields(LEARNER, [learner.id], ["learner.shoe_size"], why="test")


def test_nothing_that_was_there_is_no_entry(school: SchoolView) -> None:
    learner = make_learner()

    assert erase_fields(LEARNER, [learner.id], ["learner.employer"], why="test") == 0

    assert not session.scalars(select(AuditEvent).where(AuditEvent.event == "record.erased")).all()


def test_a_category_goes_with_its_rows_its_files_and_its_key(school: SchoolView) -> None:
    learner_id, other_id = make_learner().id, make_learner().id
    file_id = files.store([b"image"], about=(learner_id, "lesson_evidence.file_id"))
    make_row("lesson_evidence", learner_id=learner_id, file_id=file_id)
    make_row("lesson_evidence", learner_id=other_id)

    assert erase_category(LEARNER, [learner_id], "evidence", why="test") == 1

    evidence = Base.metadata.tables["lesson_evidence"]
    assert session.scalars(select(evidence.c.learner_id)).all() == [other_id]
    assert files.get_file(file_id).gone_at is not None
    checkpoint()
    with pytest.raises(KeyDestroyed):
        keys.file_key_of(learner_id, "evidence", 1)


def test_a_category_can_be_kept_anew_and_what_was_erased_stays_shut(school: SchoolView) -> None:
    learner = make_learner(circumstances="Zorgt voor haar moeder")
    learner_id, sealed = learner.id, bytes(learner.circumstances or b"")
    erase_category(LEARNER, [learner_id], "circumstances", why="test")
    checkpoint()

    fresh = keys.seal(learner_id, "learner.circumstances", "Zoekt een oppas")

    assert keys.unseal(learner_id, "learner.circumstances", fresh) == "Zoekt een oppas"
    with pytest.raises(KeyDestroyed):
        keys.unseal(learner_id, "learner.circumstances", sealed)


@pytest.mark.parametrize("kind", PersonKind)
def test_after_her_erasure_no_row_is_about_a_person_or_signed_by_her(school: SchoolView, kind: PersonKind) -> None:
    person, other = MadePerson(kind), MadePerson(kind)
    person.reach_everywhere()
    other_row = other.reach("account")

    assert erase_person(kind, person.id, why="test") > 0

    for table in TABLES.values():
        people = people_of(table)
        if people.kept_because or any(path.is_shared for path in people.paths[kind]):
            continue
        assert not session.execute(select(table).where(rows_of(table, kind, [person.id]))).all(), table.name
    own, account = TABLES[OWN_TABLE[kind]], TABLES["account"]
    assert session.execute(select(own).where(own.c.id == other.id)).one()
    assert session.execute(select(account).where(account.c.id == other_row)).one()


def test_who_only_signed_loses_her_name_and_the_row_stays(school: SchoolView) -> None:
    teacher, learner = make_account("Dora Docent", "teacher"), make_learner()
    make_row("note", learner_id=learner.id, written_by=teacher.id, written_by_name="Dora Docent")

    erase_person(PersonKind.STAFF, teacher.id, why="test")

    note = session.scalars(select(Note)).one()
    assert (note.learner_id, note.written_by, note.written_by_name) == (learner.id, None, "")


def test_an_account_that_serves_somebody_else_too_outlasts_her_erasure(school: SchoolView) -> None:
    teacher, learner = make_account("Dora Docent", "teacher", "representative"), make_learner()
    group = make_group()
    make_teacher_of(group, teacher)
    parent = make_representative(learner, account_id=teacher.id, name="Dora Docent")

    erase_person(PersonKind.REPRESENTATIVE, parent.id, why="test")

    representatives, accounts = TABLES["representative"], TABLES["account"]
    assert session.execute(select(representatives)).all() == []
    assert session.execute(select(accounts).where(accounts.c.id == teacher.id)).one()


def test_the_keys_of_an_erased_person_go_with_the_transaction(school: SchoolView) -> None:
    learner_id = make_learner().id

    erase_person(LEARNER, learner_id, why="test")

    with pytest.raises(KeyDestroyed):
        keys.seal(learner_id, "learner.circumstances", "Zoekt een oppas")
