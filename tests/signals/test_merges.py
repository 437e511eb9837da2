"""Signals of two records that become one: what both ask is asked once, the rest goes along."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.session import session
from portal.learners.merges.services import merge_learners
from portal.signals.models import Signal, SignalKind
from tests.factories.imports import make_office
from tests.factories.learners import make_learner


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("kept_is_first", [True, False])
def test_what_both_records_ask_is_asked_once(kept_is_first: bool) -> None:
    kept, other = make_learner("Amina", "Yilmaz"), make_learner("Amina", "Yilmaz")
    first, second = now() - timedelta(days=3), now() - timedelta(days=1)
    for learner, at in ((kept, first if kept_is_first else second), (other, second if kept_is_first else first)):
        session.add(Signal(learner_id=learner.id, kind=SignalKind.NO_CONTACT, facts={}, raised_at=at, seen_at=at))
    session.add(Signal(learner_id=other.id, kind=SignalKind.NOT_SEEN, facts={}, raised_at=first, seen_at=first))
    session.flush()

    merge_learners(kept.id, other.id, take=(), by=make_office("Ans de Wit"))

    found = session.scalars(
        select(Signal).where(Signal.learner_id == kept.id).execution_options(populate_existing=True)
    ).all()
    assert {each.kind: each.raised_at for each in found if each.is_open} == {
        SignalKind.NO_CONTACT: first,
        SignalKind.NOT_SEEN: first,
    }
    assert len(found) == 3
