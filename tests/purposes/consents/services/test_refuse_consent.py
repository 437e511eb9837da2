"""A no is an answer too: it is kept as a yes is, and is never in force."""

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes import queries
from portal.purposes.consents.merges import settle_consents
from portal.purposes.consents.services import refuse_consent
from portal.purposes.models import Consent
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.imports import make_office
from tests.factories.learners import make_learner
from tests.factories.policy import in_force


def refuse(learner: Learner, by: Actor | None = None) -> Consent:
    return refuse_consent(learner.id, "survey", version=in_force(), language="nl", by=by or as_learner(learner))


def test_a_no_keeps_what_was_shown_and_is_never_in_force(school: SchoolView) -> None:
    learner = make_learner()

    said = refuse(learner)

    assert (said.is_yes, said.is_in_force, said.language) == (False, False, "nl")
    assert said.text_shown
    assert not queries.has_consent(learner.id, "survey", SYSTEM)
    assert refuse(learner).id == said.id
    assert "purposes.consent_refused" in session.scalars(select(AuditEvent.event)).all()


def test_she_may_say_yes_later_and_then_no_is_a_withdrawal(school: SchoolView) -> None:
    learner = make_learner()
    refuse(learner)

    agree(learner)

    assert queries.has_consent(learner.id, "survey", SYSTEM)
    with pytest.raises(Conflict, match="in_force"):
        refuse(learner)
    assert [(each.is_yes, each.is_in_force) for each in queries.list_history(learner.id, SYSTEM)] == [
        (True, True), (False, False),
    ]  # fmt: skip


def test_nobody_says_no_for_another(school: SchoolView) -> None:
    learner = make_learner()
    for by in (make_office(), as_learner(make_learner())):
        with pytest.raises(NotAllowed):
            refuse(learner, by)


def test_of_two_records_a_later_no_ends_an_earlier_yes(school: SchoolView) -> None:
    kept, other = make_learner(), make_learner()
    agree(kept)
    refuse(other)

    settle_consents(kept.id, other.id, make_office())

    assert not queries.has_consent(kept.id, "survey", SYSTEM)
