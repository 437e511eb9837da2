"""Entries: what stands in them, that they are only added, and that views fold and stay out of a page's way."""

from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from portal.accounts.actors import actor_of
from portal.core import audit
from portal.core.audit import AuditEvent, AuditLearner, AuditUnsealed, Chain
from portal.core.audit.queries import list_of_learner
from portal.core.audit.seals import seal_entries
from portal.core.crypto import keys
from portal.core.db.scope import begin, checkpoint, current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor, set_actor

TEACHER = Actor(account_id=uuid4(), name="Docent Dirks", roles=frozenset({"teacher"}))
LEARNER = actor_of(uuid4(), "Fatima", frozenset({"learner"}), learner_id=uuid4())

pytestmark = pytest.mark.usefixtures("school")


@pytest.fixture(autouse=True)
def actor() -> Any:
    set_actor(TEACHER)
    yield
    set_actor(None)
    audit.forget_views()


def entries() -> list[AuditEvent]:
    ours = AuditEvent.event.in_(["tests.done", "record.viewed", "access.refused"])
    return list(session.scalars(select(AuditEvent).where(ours).order_by(AuditEvent.id)))


def test_an_entry_says_who_did_what_of_whom() -> None:
    learner = uuid4()
    made = audit.record("tests.done", learner_id=learner, subject=("lesson", learner), facts={"marks": 2})
    (entry,) = entries()
    assert (entry.id, entry.event, entry.learner_ids) == (made, "tests.done", [learner])
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("staff", TEACHER.account_id, "Docent Dirks")
    assert (entry.subject_kind, entry.subject_id, entry.facts) == ("lesson", learner, {"marks": 2})
    assert whom_of(made) == [learner]
    assert made in session.scalars(select(AuditUnsealed.id)).all()


def test_many_entries_at_once_are_what_each_is_by_itself() -> None:
    learner, phone = uuid4(), {"learner.phone": ("06 1", '06 "2"\\')}
    given: list[dict[str, Any]] = [
        {"learner_id": learner, "subject": ("lesson", learner), "facts": {"what": '{ë, "null"}', "marks": 2}},
        {"learner_ids": [learner, uuid4()], "changes_of": {learner: phone}},
        {"facts": {}, "by": LEARNER},
    ]
    for each in given:
        audit.record("tests.done", **each)
    audit.record_all(audit.entry("tests.done", **each) for each in given)

    alone, together = entries()[:3], entries()[3:]
    values = ("event", "actor_kind", "actor_id", "actor_name", "actor_roles", "subject_kind", "subject_id")
    for name in (*values, "facts", "origin", "chain", "learner_ids"):
        assert [getattr(each, name) for each in together] == [getattr(each, name) for each in alone], name
    assert [bool(each.sealed) for each in together] == [False, True, False]
    assert {each.id for each in together} <= set(session.scalars(select(AuditUnsealed.id)))
    audit.record_all([])
    assert len(entries()) == 6


def whom_of(event_id: UUID) -> list[UUID]:
    about = session.scalars(select(AuditEvent).where(AuditEvent.id == event_id)).one().learner_ids
    links = audit.whom(about)
    return list(session.scalars(select(links.c.learner_id).where(links.c.event_id == event_id)))


def test_with_its_seal_it_is_found_by_whom_it_is_about() -> None:
    learners = sorted((uuid4(), uuid4()))
    made = audit.record("tests.done", learner_ids=learners)
    written = select(AuditLearner.learner_id).where(AuditLearner.event_id == made).order_by(AuditLearner.learner_id)
    assert session.scalars(written).all() == []
    assert sorted(whom_of(made)) == learners
    seal_entries()
    assert session.scalars(written).all() == learners
    assert sorted(whom_of(made)) == learners


def test_a_learner_stands_there_without_her_name() -> None:
    audit.record("tests.done", by=LEARNER)
    (entry,) = entries()
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("learner", LEARNER.account_id, None)


def test_values_are_sealed_under_each_learners_key() -> None:
    one, other = uuid4(), uuid4()
    audit.record("tests.done", changes_of={one: {"learner.phone": ("0611111111", None)}, other: {"x.y": (1, 2)}})
    (entry,) = entries()
    assert entry.facts == {"fields": ["learner.phone", "x.y"]}
    assert entry.sealed is not None
    assert "0611111111" not in str(entry.sealed)
    assert set(entry.sealed) == {str(one), str(other)}
    blob = b64decode(entry.sealed[str(one)]["contact"])
    assert keys.unseal_in_category([(one, "contact", blob)], "audit") == ['{"learner.phone": ["0611111111", null]}']
    with pytest.raises(keys.KeyMissing):
        keys.unseal_in_category([(other, "contact", blob)], "audit")


def test_erasing_a_category_takes_its_values_away_and_no_others() -> None:
    learner = uuid4()
    audit.record(
        "tests.done", learner_id=learner, changes={"learner.phone": ("1", "2"), "learner.birth_place": ("A", "B")}
    )
    keys.destroy_categories([learner], ["contact"])
    checkpoint()
    (entry,) = list_of_learner(learner, with_changes=True)
    assert (entry.changes, entry.is_gone) == ({"learner.birth_place": ("A", "B")}, True)


def test_what_is_written_after_a_category_was_erased_opens() -> None:
    learner = uuid4()
    audit.record("tests.done", learner_id=learner, changes={"learner.phone": ("1", "2")})
    keys.destroy_categories([learner], ["contact"])
    checkpoint()
    audit.record("tests.done", learner_id=learner, changes={"learner.phone": ("2", "3")})
    later, earlier = list_of_learner(learner, with_changes=True)
    assert (later.changes, later.is_gone) == ({"learner.phone": ("2", "3")}, False)
    assert (earlier.changes, earlier.is_gone) == (None, True)


def test_values_of_a_contact_person_are_sealed_under_her_own_key() -> None:
    contact = uuid4()
    audit.record("tests.done", subject=("contact_person", contact), changes={"contact_person.name": ("Kim", "Kees")})
    (entry,) = entries()
    assert entry.learner_ids == []
    assert entry.sealed is not None
    assert list(entry.sealed) == [str(contact)]
    assert "Kim" not in str(entry.sealed)


def test_values_of_nobody_in_particular_are_sealed_under_the_schools_key() -> None:
    audit.record("tests.done", subject=("organisation", uuid4()), changes={"organisation.name": ("A", "B")})
    (entry,) = entries()
    assert entry.sealed is not None
    sealed = b64decode(entry.sealed["school"]["school"])
    assert keys.unseal_for_school(sealed, "audit") == '{"organisation.name": ["A", "B"]}'


def test_a_history_reads_the_values_of_its_learner_alone() -> None:
    learners = [uuid4() for _ in range(3)]
    audit.record("tests.done", changes_of={each: {"learner.phone": (None, str(each))} for each in learners})
    (entry,) = list_of_learner(learners[1], with_changes=True)
    assert entry.changes == {"learner.phone": (None, str(learners[1]))}


def test_after_erasure_an_entry_can_still_be_added_without_values() -> None:
    gone, here = uuid4(), uuid4()
    keys.destroy_people(gone)
    checkpoint()
    audit.record("tests.done", changes_of={gone: {"a.b": (1, 2)}, here: {"a.b": (1, 2)}})
    (entry,) = entries()
    assert entry.sealed is not None
    assert list(entry.sealed) == [str(here)]
    assert entry.learner_ids == [gone, here]


@pytest.mark.parametrize("statement", [update(AuditEvent).values(event="x"), delete(AuditEvent)])
def test_nobody_can_alter_or_remove_an_entry(statement: Any) -> None:
    audit.record("tests.done")
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(statement)


def test_each_view_is_written_in_one_statement(count_statements: Callable[[], Any]) -> None:
    learners = [uuid4() for _ in range(50)]
    audit.saw(learners, "tests.list", folds=True)
    audit.saw(learners[:1], "tests.page")
    with count_statements() as statements:
        audit.write_views()
    assert len(statements) == 2
    seen = {entry.facts["what"]: set(entry.learner_ids) for entry in entries()}
    assert seen == {"tests.list": set(learners), "tests.page": set(learners[:1])}


def view(*learners: UUID) -> None:
    audit.saw(learners, "tests.list", folds=True)
    audit.write_views()


def test_a_list_seen_again_asks_nothing_of_the_database(count_statements: Callable[[], Any]) -> None:
    one, two = uuid4(), uuid4()
    view(one, two)
    checkpoint()
    with count_statements() as statements:
        view(two, one)
    assert len(statements) == 0


def test_what_was_rolled_back_is_not_taken_for_seen() -> None:
    one = uuid4()
    with suppress(ZeroDivisionError), session.begin_nested():
        view(one)
        raise ZeroDivisionError
    view(one)
    assert [entry.learner_ids for entry in entries()] == [[one]]


def test_a_list_seen_again_the_same_day_names_only_who_is_new() -> None:
    one, two = uuid4(), uuid4()
    view(one)
    view(one)
    view(one, two)
    assert [entry.learner_ids for entry in entries()] == [[one], [two]]


def test_another_person_and_another_day_count_anew(clock: Callable[[Any], None]) -> None:
    one = uuid4()
    clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    view(one)
    clock(datetime(2026, 11, 21, 12, tzinfo=UTC))
    view(one)
    set_actor(Actor(account_id=uuid4(), name="Ander", roles=frozenset({"teacher"})))
    view(one)
    assert len(entries()) == 3


def test_a_page_without_learners_writes_nothing(count_statements: Callable[[], Any]) -> None:
    audit.saw([], "tests.list")
    with count_statements() as statements:
        audit.write_views()
    assert statements == []


def test_a_refusal_outlives_the_rollback() -> None:
    session.begin_nested()
    audit.record("tests.done")
    session.rollback()
    audit.refused("learners.see_bsn", address="/cursisten/1/bsn")
    begin(current_school_id())
    (entry,) = entries()
    assert entry.event == "access.refused"
    assert entry.facts == {"what": "learners.see_bsn", "address": "/cursisten/1/bsn"}


@pytest.mark.parametrize("folds", [False, True])
@pytest.mark.parametrize(("viewer", "chain"), [(TEACHER, Chain.MAIN), (LEARNER, Chain.ACTIVITY)])
def test_what_a_learner_sees_of_her_own_is_her_activity(viewer: Actor, chain: Chain, folds: bool) -> None:
    set_actor(viewer)
    audit.saw([uuid4()], "overview.my_data", folds=folds)
    audit.write_views()
    (entry,) = entries()
    assert entry.chain is chain
    assert session.scalars(select(AuditUnsealed.chain).where(AuditUnsealed.id == entry.id)).one() is chain


@pytest.mark.parametrize("chain", list(Chain))
def test_a_refusal_waits_for_the_seal_of_its_chain(chain: Chain) -> None:
    audit.refused("accounts.sign_in", chain=chain)
    (entry,) = entries()
    assert entry.chain is chain
    assert session.scalars(select(AuditUnsealed.chain).where(AuditUnsealed.id == entry.id)).one() is chain


def test_the_application_holds_no_grant_to_alter_the_audit() -> None:
    held = session.execute(
        text(
            "select table_name, privilege_type from information_schema.role_table_grants"
            " where table_name in ('audit_event', 'audit_learner', 'audit_seal', 'audit_expiry') and privilege_type"
            " in ('UPDATE', 'DELETE', 'TRUNCATE')"
        )
    ).all()
    assert held == []
