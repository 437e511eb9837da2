"""Whose requests somebody sees, and about what she may ask one: no more than she may act in (LB-11, UAVG art. 5)."""

from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.restrictions.queries import list_restrictions
from portal.representation.models import RepresentativeKind
from portal.requests.data_requests.models import RequestKind
from portal.requests.data_requests.queries import list_own_requests
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import ask
from tests.signing_in import make_account


def acting(learner: Learner, *within: str, kind: RepresentativeKind = RepresentativeKind.AUTHORISED) -> Actor:
    """The actor who acts for a learner within these categories."""
    account = make_account("Samira Haddad", "representative")
    values: dict[str, Any] = {"categories": sorted(within)} if within else {}
    row = make_representative(learner, kind=kind, account_id=account.id, **values)
    return actor_of(
        account.id,
        account.name,
        frozenset({"representative"}),
        learner_id=learner.id,
        represents=True,
        within=row.categories,
    )


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
def test_who_acts_within_some_categories_asks_about_no_other() -> None:
    learner = make_learner()
    by = acting(learner, "attendance", "level")

    assert ask(learner, by=by).categories == ["attendance", "level"]
    with pytest.raises(Invalid, match="unknown_category"):
        ask(learner, RequestKind.ERASURE, by=by, categories=("progress",))
    assert ask(learner, RequestKind.ERASURE, by=by, categories=("progress", "level")).categories == ["level"]
    objectable = [each.key for each in current_policy().purposes if each.may_be_objected_to]
    assert objectable
    with pytest.raises(Invalid, match="unknown_purpose"):
        ask(learner, RequestKind.OBJECTION, by=by, purposes=(objectable[0],))


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
def test_what_others_asked_is_not_hers_to_read_unless_it_is_within() -> None:
    learner = make_learner()
    ask(learner, body="Mijn eigen vraag.")
    narrow, wider = acting(learner, "attendance"), acting(learner, "attendance", "dealings")
    own = ask(learner, RequestKind.ERASURE, by=narrow)

    assert [each.id for each in list_own_requests(narrow)] == [own.id]
    assert [each.id for each in list_own_requests(wider)] == [own.id]
    assert len(list_own_requests(acting(learner))) == 2
    assert len(list_own_requests(as_learner(learner))) == 2


@pytest.mark.usefixtures("school")
def test_a_correction_within_what_cannot_stand_still_restricts_nothing() -> None:
    learner = make_learner()
    ask(learner, RequestKind.RECTIFICATION, by=acting(learner, "name"), is_restricted_meanwhile=True, body="Mis.")
    assert list_restrictions(learner.id, SYSTEM) == []


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
def test_a_curator_asks_in_her_place_and_she_may_always_object() -> None:
    learner = make_learner()
    by = acting(learner, kind=RepresentativeKind.CURATOR)

    with pytest.raises(Conflict, match="asked_by_another"):
        ask(learner)
    assert ask(learner, by=by).is_by_representative
    objectable = [each.key for each in current_policy().purposes if each.may_be_objected_to]
    assert ask(learner, RequestKind.OBJECTION, purposes=(objectable[0],)).categories == []


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.usefixtures("school")
def test_a_mentor_takes_over_her_part_alone() -> None:
    learner = make_learner()
    acting(learner, "attendance", kind=RepresentativeKind.MENTOR)

    request = ask(learner)
    assert "attendance" not in request.categories
    assert "level" in request.categories
    with pytest.raises(Invalid, match="unknown_category"):
        ask(learner, RequestKind.ERASURE, categories=("attendance",))
