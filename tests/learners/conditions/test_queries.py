"""What may be kept only on consent, of a child only with a parent's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.conditions.queries import CONSENTS_IN_FORCE
from portal.learners.record.models import Source
from portal.learners.record.services import add_learner, change_learner
from tests.factories.learners import make_learner

CONSENTS: dict[UUID, dict[str, bool]] = {}


@pytest.fixture(autouse=True)
def consents() -> Iterator[dict[UUID, dict[str, bool]]]:
    """Stand in for the feature above, which knows consents."""
    kept = CONSENTS_IN_FORCE.all

    def lookup(learner_ids: Sequence[UUID], _scope: Scope) -> Mapping[UUID, Mapping[str, bool]]:
        return {each: CONSENTS.get(each, {}) for each in learner_ids}

    CONSENTS_IN_FORCE.connect(lookup)
    CONSENTS.clear()
    yield CONSENTS
    CONSENTS_IN_FORCE.connect(*kept)


@pytest.fixture
def all_hands() -> Actor:
    """Somebody whose roles change every category of a child's record."""
    return actor_of(UUID(int=1), "Eva Mol", frozenset({"administration", "coach"}))


def test_a_second_phone_waits_for_consent(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner()
        with pytest.raises(Invalid, match="needs_consent") as refused:
            change_learner(learner.id, {"learner.phone_other": "+31612345678"}, source=Source.LEARNER, by=office)
        assert refused.value.facts["purpose"]
        CONSENTS[learner.id] = {"more_about_you": False}
        change_learner(learner.id, {"learner.phone_other": "+31612345678"}, source=Source.LEARNER, by=office)
        assert learner.phone_other == "+31612345678"


def test_who_is_only_now_added_has_consented_to_nothing(enter: Any, office: Actor) -> None:
    names = {"learner.given_name": "Ali", "learner.family_name": "Aydin", "learner.phone_other": "+31687654321"}
    with enter("onderwijs-pro"), pytest.raises(Invalid, match="needs_consent"):
        add_learner(names, source=Source.LEARNER, by=office)


def test_without_anybody_who_knows_consents_nothing_of_it_is_stored(enter: Any, office: Actor) -> None:
    CONSENTS_IN_FORCE.connect()
    with enter("onderwijs-pro"):
        learner = make_learner()
        with pytest.raises(RuntimeError, match=r"learners\.consents_in_force"):
            change_learner(learner.id, {"learner.phone_other": "+31612345678"}, source=Source.LEARNER, by=office)


@pytest.mark.promise("LL-04", part="special data")
def test_special_data_of_a_child_waits_for_a_parent(enter: Any, all_hands: Actor) -> None:
    field = "learner.special_notes"
    with enter("leren-leren"):
        child = make_learner(birth_date=today() - timedelta(days=12 * 365))
        with pytest.raises(Invalid, match="needs_consent"):
            change_learner(child.id, {field: "Dyslexie"}, source=Source.LEARNER, by=all_hands)
        CONSENTS[child.id] = {"child_guidance": False}
        with pytest.raises(Invalid, match="needs_parent"):
            change_learner(child.id, {field: "Dyslexie"}, source=Source.LEARNER, by=all_hands)
        CONSENTS[child.id] = {"child_guidance": True}
        change_learner(child.id, {field: "Dyslexie"}, source=Source.LEARNER, by=all_hands)
        assert child.special_notes is not None


@pytest.mark.promise("LL-04", part="special data")
def test_from_sixteen_on_she_decides_herself(enter: Any, all_hands: Actor) -> None:
    day = today()
    with enter("leren-leren"):
        older = make_learner(birth_date=date(day.year - 16, day.month, day.day))
        CONSENTS[older.id] = {"child_guidance": False}
        change_learner(older.id, {"learner.special_notes": "Dyslexie"}, source=Source.LEARNER, by=all_hands)
        assert older.special_notes is not None


def test_an_empty_value_can_always_be_stored(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner(phone_other="+31612345678")
        change_learner(learner.id, {"learner.phone_other": None}, source=Source.SCHOOL, by=office)
        assert learner.phone_other is None
