"""Optional fields at each school: why each is asked; empty until filled in, and without consent (OP-01, OP-02)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.bulk.services import BulkRow, add_learners, change_learners, refusals_in
from portal.learners.corrections.services import correct_own_field
from portal.learners.record.fields import LEARNER_FIELDS, RecordField, kept_fields
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import add_learner, change_learner
from portal.learners.record.values import values_of
from portal.policy.privacy_notices.presenters import statement_beside
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.promises.outside import hands
from tests.seed import SCHOOLS

SLUGS = [each.slug for each in SCHOOLS]
NAMES = {"learner.given_name": "Ali", "learner.family_name": "Aydin"}
TYPED = {"phone": "0612345678", "bsn": "123456782", "email": "ali@example.org", "iban": "NL91ABNA0417164300"}

pytestmark = pytest.mark.usefixtures("in_dutch")
Enter = Callable[[str], AbstractContextManager[SchoolView]]


def sample(field: RecordField) -> Any:
    """Return something that the field takes."""
    typed = {"past_date": "4-5-1990", "date": "4-5-2030", "postcode": "3511 AB", "kvk": "12345678", "language": "en"}
    if field.kind == "choice":
        return next(iter(field.choices))
    return field.clean({**typed, **TYPED}.get(field.kind, "Twee kinderen"))


def ways(learner: Learner, field: RecordField, by: Actor) -> Iterator[Callable[[], Any]]:
    """Every way in which a value of a learner's field can come in."""
    value = sample(field)
    yield lambda: change_learner(learner.id, {field.key: value}, source=Source.SCHOOL, by=by)
    yield lambda: add_learner({**NAMES, field.key: value}, source=Source.SCHOOL, by=by)
    yield lambda: correct_own_field(learner.id, field.key, value, by=as_learner(learner))
    yield lambda: change_learners([BulkRow(learner.id, {field.key: value})], source=Source.SCHOOL, channel="x", by=by)
    new = BulkRow(make_learner("Nieuw").id, {**NAMES, field.key: value})
    yield lambda: add_learners([new], source=Source.SCHOOL, channel="import", by=by)


@pytest.mark.promise("OP-02", part="consent")
@pytest.mark.parametrize("slug", SLUGS)
def test_a_field_on_consent_stays_empty_by_every_way_until_she_says_yes(enter: Enter, slug: str) -> None:
    with enter(slug):
        by, policy = hands(), current_policy()
        learner = make_learner("Amina")
        for field in LEARNER_FIELDS:
            purpose = policy.consent_for_field(field.key)
            if purpose is None:
                continue
            for way in ways(learner, field, by):
                with pytest.raises(Invalid, match=r"needs_consent|of_a_child"):
                    way()
            row = BulkRow(learner.id, {field.key: sample(field)})
            assert refusals_in([row], is_new=False, source=Source.SCHOOL, scope=SYSTEM)
            assert values_of(learner, [field])[field.key] is None
            if policy.purpose(purpose).concerns is None:
                agree(learner, purpose)
                change_learner(learner.id, {field.key: sample(field)}, source=Source.SCHOOL, by=by)
                assert values_of(learner, [field])[field.key] is not None


@pytest.mark.promise("OP-02", part="reason")
@pytest.mark.parametrize("slug", SLUGS)
def test_every_field_says_why_it_is_asked_and_is_empty_where_nobody_filled_it_in(enter: Enter, slug: str) -> None:
    with enter(slug):
        policy = current_policy()
        kept = kept_fields(policy)
        learner = add_learner(NAMES, source=Source.SCHOOL, by=hands())
        held = values_of(learner, [field for field in kept if not field.is_required and field.column != "number"])

        assert {key for key, value in held.items() if value is not None} == set()
        for field in kept:
            [reason] = statement_beside([field.key]).reasons
            assert str(reason.why)
            assert reason.bases
            if policy.consent_for_field(field.key) is not None and policy.conditions_of(field.key):
                assert reason.conditions
