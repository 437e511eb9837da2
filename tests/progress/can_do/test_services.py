"""The school's statements, and what a learner ticks herself."""

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.learners.record.models import Learner
from portal.progress.can_do.defaults import DEFAULTS
from portal.progress.can_do.models import CanDo
from portal.progress.can_do.queries import find_known, list_statements, near
from portal.progress.can_do.services import add_statement, change_statement, retire_statement, take_defaults, tick_own
from portal.progress.models import Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.courses import make_enrolled_learner, make_group

COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))
TEACHER = actor_of(new_id(), "Tess Bakker", frozenset({"teacher"}))


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    return make_enrolled_learner(make_group(), "Amina")


def test_a_school_begins_with_those_of_the_portal_once(school: SchoolView) -> None:
    assert take_defaults(by=COACH) == len(DEFAULTS)

    assert {each.text for each in list_statements()} == {text for _skill, _level, text in DEFAULTS}
    with pytest.raises(Conflict):
        take_defaults(by=COACH)
    with pytest.raises(NotAllowed):
        take_defaults(by=TEACHER)


def test_no_two_of_the_portals_statements_are_the_same() -> None:
    texts = [text for _skill, _level, text in DEFAULTS]
    assert len(set(texts)) == len(texts)
    assert all(text.startswith("Ik kan ") and len(text) <= 80 for text in texts)


def test_a_statement_is_added_changed_and_asked_no_more(school: SchoolView) -> None:
    statement = add_statement(Skill.READING, Rung.A1, "Ik kan lezen.", by=COACH)

    change_statement(statement.id, "Ik kan een bord lezen.", by=COACH)
    assert [each.text for each in list_statements()] == ["Ik kan een bord lezen."]
    retire_statement(statement.id, by=COACH)

    assert list_statements() == []
    for act in (lambda: change_statement(statement.id, "x", by=COACH), lambda: retire_statement(new_id(), by=COACH)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        add_statement(Skill.READING, Rung.A1, "Ik kan lezen.", by=TEACHER)


def test_she_ticks_and_unticks_what_was_offered(amina: Learner) -> None:
    first, other, beyond = (add_statement(Skill.READING, Rung.A1, f"Ik kan {at}.", by=COACH).id for at in range(3))
    herself = as_learner(amina)
    offered = [first, other]

    tick_own([first, other], offered, by=herself)
    tick_own([beyond], [beyond], by=herself)
    tick_own([other], offered, by=herself)
    tick_own([other], offered, by=herself)

    known = find_known(amina.id, herself.scope)
    assert {key for key, each in known.items() if each.is_ticked} == {other, beyond}
    assert session.scalars(select(CanDo.entered_by_name)).all() == [None, None]
    events = session.scalars(select(AuditEvent).where(AuditEvent.event == "progress.can_do_ticked")).all()
    assert len(events) == 3
    with pytest.raises(NotFound):
        tick_own([new_id()], [], by=herself)
    with pytest.raises(NotAllowed):
        tick_own([first], offered, by=COACH)


def test_those_of_her_level_and_the_next_are_asked(school: SchoolView) -> None:
    for skill, rung in (
        (Skill.READING, Rung.ALFA_B),
        (Skill.READING, Rung.A1),
        (Skill.READING, Rung.A2),
        (Skill.READING, Rung.B1),
        (Skill.WRITING, Rung.ALFA_A),
        (Skill.WRITING, Rung.A1),
    ):
        add_statement(skill, rung, f"{skill} {rung}", by=COACH)

    asked = near(list_statements(), {Skill.READING: Rung.A2})

    assert [each.text for each in asked] == ["reading A2", "reading B1", "writing A1"]
