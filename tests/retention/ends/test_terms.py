"""Python and SQL give the same last day, for each term of each policy and any days on record."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, literal, select

from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.policy.schema import Policy
from portal.policy.schema.categories import Term
from portal.policy.schema.periods import Anchors
from portal.retention.ends.terms import (
    ends_of,
    has_ended_in_sql,
    is_of_person,
    keep_until_in_sql,
    terms_of_kind,
)
from portal.schools.queries import SchoolView
from tests.factories.policy import SLUGS, shipped

POLICIES = {slug: shipped(slug) for slug in SLUGS}
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2090, 12, 31))
NAMES = ("last_contact", "end_of_guidance", "end_of_contract", "archived", "handled", "recorded", "withdrawn")
ANCHORS = st.fixed_dictionaries(dict.fromkeys(NAMES, DAYS))
LEAP = date(2024, 2, 29)
NOTHING: dict[str, date | None] = dict.fromkeys(NAMES)


def in_sql(policy: Policy, anchors: Anchors) -> dict[str, date | None]:
    """Work out each category's last day in the database."""
    known = {name: literal(day, Date) for name, day in anchors.items()}
    stages = {category.key: policy.term(category.term).stages for category in policy.categories}
    columns: list[Any] = [keep_until_in_sql(each, known).label(key) for key, each in stages.items()]
    return dict(session.execute(select(*columns)).one()._mapping)


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anchors=ANCHORS)
@example(anchors={**NOTHING, "last_contact": LEAP})
@example(anchors={**NOTHING, "last_contact": date(2023, 12, 31), "end_of_contract": date(2024, 1, 1)})
@example(anchors={**NOTHING, "end_of_guidance": LEAP, "last_contact": date(2025, 2, 28)})
@example(anchors=NOTHING)
def test_python_and_sql_give_the_same_day(school: SchoolView, slug: str, anchors: dict[str, date | None]) -> None:
    policy = POLICIES[slug]

    assert in_sql(policy, anchors) == ends_of(policy, anchors)


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contact=st.dates(date(1990, 1, 1), date(2090, 12, 31)))
@example(contact=LEAP)
def test_something_has_ended_from_the_day_after_its_last(school: SchoolView, slug: str, contact: date) -> None:
    policy, anchors = POLICIES[slug], {"last_contact": contact}
    for term in policy.terms:
        end = ends_of(policy, anchors)[_category_with(policy, term)] if _is_used(policy, term) else None
        if end is None:
            continue
        known = {"last_contact": literal(contact, Date)}
        days = (end, end + timedelta(days=1))
        asked = select(*(has_ended_in_sql(term.stages, known, day).label(f"d{n}") for n, day in enumerate(days)))
        assert tuple(session.execute(asked).one()) == (False, True)


def _is_used(policy: Policy, term: Term) -> bool:
    return any(category.term == term.key for category in policy.categories)


def _category_with(policy: Policy, term: Term) -> str:
    return next(category.key for category in policy.categories if category.term == term.key)


def test_a_leap_day_ends_with_february_and_a_tax_year_with_december() -> None:
    leap = ends_of(POLICIES["onderwijs-pro"], {"last_contact": LEAP})

    assert leap["contact"] == date(2026, 2, 28)
    assert leap["finance"] == date(2031, 12, 31)
    assert ends_of(POLICIES["step-inburgering"], {"last_contact": date(2019, 1, 1)})["name"] == date(2026, 12, 31)


def test_the_first_of_several_stages_takes_the_name_away() -> None:
    policy = POLICIES["lest-best"]
    statutory = next(category.key for category in policy.categories if category.term == "statutory")

    assert ends_of(policy, {"last_contact": date(2020, 1, 31)})[statutory] == date(2024, 1, 31)
    assert policy.stage_ends(statutory, {"last_contact": date(2020, 1, 31)})[1] == ("delete", date(2030, 1, 31))


@pytest.mark.parametrize("slug", SLUGS)
def test_only_terms_that_begin_when_she_leaves_are_of_a_person(slug: str) -> None:
    policy = POLICIES[slug]

    assert not is_of_person(policy.term("activity"))
    for kind in PersonKind:
        found = [category for term in terms_of_kind(policy, kind) for category in term.categories]
        assert found or (kind is PersonKind.CONTACT_PERSON and slug == "leren-leren")  # until they ask (LL-09)
        assert len(found) == len(set(found))
        assert "activity" not in found
    assert "name" in {category for term in terms_of_kind(policy, PersonKind.LEARNER) for category in term.categories}


@pytest.mark.promise("LL-02", part="terms")
@pytest.mark.parametrize("slug", SLUGS)
def test_contacts_have_terms_of_their_own(slug: str) -> None:
    policy = POLICIES[slug]
    relation = policy.contact_use("relation")
    assert relation is not None

    terms = terms_of_kind(policy, PersonKind.CONTACT_PERSON)

    assert all(term.stages == policy.term(relation.term).stages for term in terms)
    assert {"relations", "question", "enquiry"} <= {use.term for use in policy.contacts}
    assert terms != terms_of_kind(policy, PersonKind.LEARNER)


@pytest.mark.parametrize("slug", SLUGS)
def test_staff_have_the_term_that_the_policy_gives_them(slug: str) -> None:
    policy = POLICIES[slug]
    assert policy.staff is not None
    (term,) = terms_of_kind(policy, PersonKind.STAFF)

    assert (term.stages[0].number, term.stages[0].unit) == (policy.staff.term.number, policy.staff.term.unit)
    assert set(term.categories) == {"account", "work"}
    assert terms_of_kind(policy.model_copy(update={"staff": None}), PersonKind.STAFF) == ()
