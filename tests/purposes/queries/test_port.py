"""The record stores what rests on consent only while the consent is in force."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.learners.record.models import Source
from portal.learners.record.services import change_learner
from portal.purposes.consents.services import give_consent
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner
from tests.factories.policy import in_force


@pytest.mark.promise("OP-02", part="consent")
def test_gender_is_stored_once_she_said_yes(enter: Any) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner()
        office = actor_of(learner.id, "Anouk Bos", frozenset({"administration"}))
        with pytest.raises(Invalid, match="needs_consent"):
            change_learner(learner.id, {"learner.phone_other": "+31612345678"}, source=Source.LEARNER, by=office)
        give_consent(learner.id, "more_about_you", version=in_force(), language="nl", by=as_learner(learner))
        change_learner(learner.id, {"learner.phone_other": "+31612345678"}, source=Source.LEARNER, by=office)
        assert learner.phone_other == "+31612345678"


@pytest.mark.promise("LL-04", part="special data")
def test_of_a_child_special_data_waits_for_a_parents_yes(enter: Any) -> None:
    with enter("leren-leren"):
        child = make_learner(birth_date=today() - timedelta(days=12 * 365))
        coach = actor_of(child.id, "Eva Mol", frozenset({"coach"}))
        note = {"learner.special_notes": "Dyslexie"}
        with pytest.raises(Invalid, match="needs_consent"):
            change_learner(child.id, note, source=Source.LEARNER, by=coach)
        give_consent(
            child.id, "child_guidance", version=in_force(), language="nl", by=as_learner(child, represents=True)
        )
        change_learner(child.id, note, source=Source.LEARNER, by=coach)
        assert child.special_notes is not None
