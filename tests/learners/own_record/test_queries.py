"""What a learner sees of her own record, and that every listed field has its place."""

from typing import Any

import pytest

from portal.core.db.base import Base
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind, registry
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.services import add_entry
from portal.learners.own_record.queries import get_own_record, get_whole_record
from portal.learners.record.fields import FIELDS, LEARNER_FIELDS
from portal.learners.record.models import Gender, Source
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.factories.policy import SLUGS, shipped

pytestmark = pytest.mark.usefixtures("in_dutch")

FULL = {
    "street": "Dorpsstraat", "house_number": "1", "postcode": "1234 AB", "city": "Nijmegen", "email": "a@example.org",
    "phone": "+31612345678", "phone_other": "+31687654321", "gender": Gender.FEMALE, "birth_place": "Homs",
    "birth_country": "Syrië", "bsn": "999999990", "residence_status": "asiel", "competences": "Naaien",
    "diplomas": "mbo", "conditions": "Lift", "name_prefix": "van",
}  # fmt: skip


@pytest.mark.promise("ST-02", part="shown")
@pytest.mark.promise("MN-02", part="fields")
def test_every_field_that_the_school_keeps_is_shown_with_its_source(enter: Any) -> None:
    with enter("step-inburgering"):
        learner = make_learner(**FULL)
        shown = {each.key: each for category in get_own_record(own_scope(learner.id)) for each in category.fields}
        kept = {field.key for field in LEARNER_FIELDS if current_policy().allows(field.key)}
        assert set(shown) == kept
        for name in FULL:
            field = shown[f"learner.{name}"]
            assert field.text
            assert field.origin is not None
            assert field.origin.source is Source.SCHOOL
        assert shown["learner.bsn"].text == "••••••990"
        assert shown["learner.bsn"].typed == ""
        assert shown["learner.conditions"].text == "Lift"


@pytest.mark.promise("ST-02", part="shown")
def test_entries_are_shown_with_the_names_they_point_to(enter: Any, office: Actor) -> None:
    with enter("step-inburgering"):
        learner = make_learner()
        client = make_organisation("Gemeente Nijmegen")
        make_trajectory(learner, client_id=client.id, agreement="Drie lessen per week")
        values = {"appointment.starts_at": "1-12-2026 14:30", "appointment.subject": "Eindgesprek"}
        add_entry(KINDS["afspraken"], learner.id, values, by=office)
        found = {own.kind.slug: own for own in get_whole_record(own_scope(learner.id)).entries}
        lines = dict(found["trajecten"].entries[0].lines)
        assert lines["Opdrachtgever"] == "Gemeente Nijmegen"
        assert lines["Wat is afgesproken"] == "Drie lessen per week"
        assert ("Wanneer", "1 december 2026 14:30") in found["afspraken"].entries[0].lines
        kept = {kind.slug for kind in KINDS.values() if kind.is_kept(current_policy())}
        assert {"facturen", "klachten", "intakes"} <= kept


def test_ones_own_record_takes_three_statements(school: SchoolView, count_statements: Any) -> None:
    learner = make_learner(care_duties="Kind", phone="+31612345678")
    current_policy()
    with count_statements() as statements:
        get_own_record(own_scope(learner.id))
    assert len(statements) <= 3, statements


def test_an_optional_field_says_why_and_on_which_consent(enter: Any) -> None:
    with enter("onderwijs-pro"):
        own = {each.key: each for category in get_own_record(own_scope(make_learner().id)) for each in category.fields}
        assert own["learner.phone_other"].face.consent == "more_about_you"
        assert own["learner.phone_other"].face.condition
        assert own["learner.phone"].face.consent is None


def test_who_is_not_there_is_not_found(school: SchoolView) -> None:
    with pytest.raises(NotFound):
        get_own_record(own_scope(school.id))


@pytest.mark.promise("OP-03", part="fields")
@pytest.mark.promise("LL-03", part="fields")
@pytest.mark.promise("MN-03", part="fields")
@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("onderwijs-pro", "given_name gender birth_date birth_place street phone email iban education_level"),
        ("leren-leren", "given_name company_name kvk_number street phone email iban"),
        ("meester-in-nt2", "given_name street phone email birth_date birth_country education_level work_experience"),
    ],
)
def test_what_a_statement_lists_has_its_field_and_is_shown(enter: Any, slug: str, fields: str) -> None:
    with enter(slug):
        learner = make_learner()
        shown = {each.key for category in get_own_record(own_scope(learner.id)) for each in category.fields}
        assert {f"learner.{name}" for name in fields.split()} <= shown
        assert not {"learner.residence_status", "learner.care_duties"} & shown


def test_every_field_of_a_policy_is_a_column_and_every_column_of_the_record_a_field() -> None:
    known = registry(Base.metadata, PersonKind.LEARNER)
    for slug in SLUGS:
        assert shipped(slug).fields <= set(known)
    typed = {
        key
        for key, field in known.items()
        if field.table == "learner" and field.category not in {"account", "dealings"}
    }
    assert typed == {field.key for field in LEARNER_FIELDS}
    assert all(FIELDS[key].category == known[key].category for key in FIELDS)
