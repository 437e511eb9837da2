"""Adding a learner and changing her record."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit.queries import list_of_learner
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.origins.queries import list_origins
from portal.learners.record.conflicts import as_seen
from portal.learners.record.fields import FIELDS
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.services import add_learner, change_learner, remove_ground
from portal.learners.record.values import values_of
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_trajectory

NAMES = {"learner.given_name": "Fatima", "learner.name_prefix": "van der", "learner.family_name": "Berg"}


def test_a_learner_gets_a_number_a_place_in_the_order_and_origins(school: SchoolView, office: Actor) -> None:
    learner = add_learner({**NAMES, "learner.phone": "06 12345678"}, source=Source.LEARNER, channel="phone", by=office)
    assert (learner.number, learner.sort_name, learner.phone) == ("10001", "berg  fatima van der", "+31612345678")
    assert "van der berg" in learner.search_text
    origin = list_origins(learner)["learner.phone"]
    assert (origin.source, origin.channel, origin.ground) == (Source.LEARNER, "phone", None)


def test_what_stands_before_a_surname_goes_to_its_own_field_whichever_way_it_comes_in(
    school: SchoolView, office: Actor
) -> None:
    typed = {"learner.given_name": "Fatima", "learner.family_name": "van der Berg"}
    learner = add_learner(typed, source=Source.SCHOOL, by=office)
    assert (learner.name_prefix, learner.family_name, learner.sort_name) == ("van der", "Berg", "berg  fatima van der")
    change_learner(learner.id, {"learner.family_name": "Vries, de"}, source=Source.LEARNER, by=office)
    assert (learner.name_prefix, learner.family_name) == ("de", "Vries")


def test_somebody_with_one_name_is_called_by_it(school: SchoolView, office: Actor) -> None:
    typed = {"learner.given_name": "Suharto", "learner.family_name": "-"}
    learner = add_learner(typed, source=Source.SCHOOL, by=office)
    assert learner.full_name == session.scalar(select(Learner.full_name)) == "Suharto"


def test_the_next_number_follows_the_highest_and_leaves_words_alone(school: SchoolView, office: Actor) -> None:
    make_learner(number="26999")
    make_learner(number="A-40000")
    assert add_learner(NAMES, source=Source.SCHOOL, by=office).number == "27000"


def test_a_number_that_another_has_is_refused(school: SchoolView, office: Actor) -> None:
    make_learner(number="7")
    with pytest.raises(Invalid, match="number_taken") as refused:
        add_learner({**NAMES, "learner.number": "7"}, source=Source.SCHOOL, by=office)
    assert refused.value.field == "learner.number"


def test_a_name_is_needed(school: SchoolView, office: Actor) -> None:
    with pytest.raises(Invalid, match="required") as refused:
        add_learner({"learner.given_name": "Fatima"}, source=Source.SCHOOL, by=office)
    assert refused.value.field == "learner.family_name"


@pytest.mark.promise("LB-02", part="stored")
def test_a_field_outside_the_categories_is_refused_with_the_category(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    for field, value in {
        "learner.gender": "female",
        "learner.residence_status": "asiel",
        "learner.iban": "NL91ABNA0417164300",
        "learner.company_name": "Bakkerij",
    }.items():
        with pytest.raises(Invalid, match="not_in_policy") as refused:
            change_learner(learner.id, {field: value}, source=Source.SCHOOL, by=office)
        assert refused.value.facts["category"]
    with pytest.raises(Invalid) as refused:
        add_learner({**NAMES, "learner.residence_status": "asiel"}, source=Source.SCHOOL, by=office)
    assert refused.value.facts["category"] == "Verblijf in Nederland"


@pytest.mark.promise("MN-02", part="fields")
@pytest.mark.promise("ST-01", part="source and channel")
def test_each_value_keeps_its_own_source_channel_and_date(
    school: SchoolView, office: Actor, clock: Callable[[Any], None]
) -> None:
    clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    learner = add_learner({**NAMES, "learner.city": "Utrecht"}, source=Source.REFERRER, channel="e-mail", by=office)
    clock(datetime(2026, 9, 1, 12, tzinfo=UTC))
    change_learner(
        learner.id,
        {"learner.city": "Zeist", "learner.family_name": "Berg"},
        source=Source.LEARNER,
        channel="app",
        by=office,
    )
    origins = list_origins(learner)
    city, name = origins["learner.city"], origins["learner.family_name"]
    assert (city.source, city.channel, city.since_on) == (Source.LEARNER, "app", date(2026, 9, 1))
    assert (name.source, name.channel, name.since_on) == (Source.REFERRER, "e-mail", date(2026, 3, 1))


def test_an_emptied_value_takes_its_origin_along(school: SchoolView, office: Actor) -> None:
    learner = make_learner(city="Utrecht")
    change_learner(learner.id, {"learner.city": ""}, source=Source.SCHOOL, by=office)
    assert learner.city is None
    assert "learner.city" not in list_origins(learner)


def test_what_changed_stands_in_the_log_and_not_in_the_clear(school: SchoolView, office: Actor) -> None:
    learner = make_learner(city="Utrecht")
    change_learner(learner.id, {"learner.city": "Zeist"}, source=Source.SCHOOL, by=office)
    entry = list_of_learner(learner.id, with_changes=True)[0]
    assert entry.event == "learners.changed"
    assert entry.changes is not None
    assert tuple(entry.changes["learner.city"]) == ("Utrecht", "Zeist")
    assert "Zeist" not in str(entry.facts)


def test_the_log_keeps_no_bsn(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    make_trajectory(learner, reports_to_government=True)
    change_learner(learner.id, {"learner.bsn": "999999990"}, source=Source.SCHOOL, by=office)
    assert "999999990" not in str(list_of_learner(learner.id, with_changes=True)[0].changes)


def test_a_change_made_on_what_was_changed_meanwhile_is_a_conflict(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    seen = as_seen({"learner.city": None, "learner.street": None})
    change_learner(learner.id, {"learner.city": "Zeist"}, source=Source.SCHOOL, seen=seen, by=office)
    both = {"learner.city": "Houten", "learner.street": "Dorpsstraat"}
    with pytest.raises(Conflict, match="stale") as refused:
        change_learner(learner.id, both, source=Source.SCHOOL, seen=seen, by=office)
    assert refused.value.facts == {"fields": ["learner.city"], "mine": ["learner.city", "learner.street"]}
    assert (learner.city, learner.street) == ("Zeist", None)


@pytest.mark.parametrize("left", [None, "Zeist"], ids=["left as it was shown", "typed as it is now"])
def test_who_changes_another_field_is_not_in_the_way(school: SchoolView, office: Actor, left: str | None) -> None:
    learner = make_learner()
    seen = as_seen({"learner.city": None, "learner.street": None})
    change_learner(learner.id, {"learner.city": "Zeist"}, source=Source.SCHOOL, seen=seen, by=office)
    second = {"learner.city": left, "learner.street": "Dorpsstraat"}
    change_learner(learner.id, second, source=Source.SCHOOL, seen=seen, by=office)
    assert (learner.city, learner.street) == ("Zeist", "Dorpsstraat")


def test_a_value_and_its_ground_count_as_one(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner(employer="Bakkerij", grounds={"employer": "voor het rooster"})
        key = "learner.employer"
        seen = as_seen({key: ("Bakkerij", "voor het rooster")})
        change_learner(learner.id, {key: "Slagerij"}, source=Source.SCHOOL, by=office)
        typed, grounds = {key: "Bakkerij"}, {key: "voor de stage"}
        with pytest.raises(Conflict, match="stale"):
            change_learner(learner.id, typed, grounds=grounds, source=Source.SCHOOL, seen=seen, by=office)
        change_learner(learner.id, typed, grounds={key: "voor het rooster"}, source=Source.SCHOOL, seen=seen, by=office)
        assert learner.employer == "Slagerij"


def test_the_same_value_again_changes_nothing(school: SchoolView, office: Actor) -> None:
    learner = make_learner(city="Utrecht")
    change_learner(learner.id, {"learner.city": " Utrecht "}, source=Source.LEARNER, by=office)
    assert learner.version == 1


def test_a_category_that_a_role_does_not_change_is_refused(school: SchoolView, coach: Actor) -> None:
    learner = make_learner()
    with pytest.raises(NotAllowed):
        change_learner(learner.id, {"learner.bsn": "999999990"}, source=Source.SCHOOL, by=coach)


def test_a_sealed_value_is_stored_sealed_and_read_back(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    change_learner(learner.id, {"learner.care_duties": "Twee kinderen"}, source=Source.LEARNER, by=office)
    assert learner.care_duties is not None
    assert b"kinderen" not in learner.care_duties
    assert keys.unseal(learner.id, "learner.care_duties", learner.care_duties) == "Twee kinderen"


def test_a_learner_of_another_school_is_not_found(school: SchoolView, office: Actor, enter: Any) -> None:
    learner = make_learner()
    with enter("step-inburgering"), pytest.raises(NotFound):
        change_learner(learner.id, {"learner.city": "Nijmegen"}, source=Source.SCHOOL, by=office)


@pytest.mark.promise("OP-04")
def test_these_four_need_a_recorded_reason(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner()
        wanted = {
            "learner.marital_status": "married",
            "learner.bsn": "999999990",
            "learner.nationality": "Syrische",
            "learner.employer": "Bakkerij Het Anker",
        }
        for field, value in wanted.items():
            with pytest.raises(Invalid, match="needs_ground"):
                change_learner(learner.id, {field: value}, source=Source.SCHOOL, by=office)
            with pytest.raises(Invalid, match="needs_ground"):
                change_learner(learner.id, {field: value}, source=Source.SCHOOL, grounds={field: "  "}, by=office)
        grounds = dict.fromkeys(wanted, "De gemeente vraagt dit voor de toelage.")
        change_learner(learner.id, wanted, source=Source.SCHOOL, grounds=grounds, by=office)
        assert {field: list_origins(learner)[field].ground for field in wanted} == grounds
        assert values_of(learner, [FIELDS[field] for field in wanted]) == wanted


@pytest.mark.promise("OP-04")
@pytest.mark.parametrize("name", ["marital_status", "bsn", "nationality", "employer"])
def test_when_the_reason_goes_the_value_goes_at_once(enter: Any, office: Actor, name: str) -> None:
    four = {"marital_status": "married", "bsn": "999999990", "nationality": "Syrische", "employer": "Bakkerij"}
    with enter("onderwijs-pro"):
        learner = make_learner(**four, grounds=dict.fromkeys(four, "Toelage"))
        remove_ground(learner.id, f"learner.{name}", by=office)
        row = session.execute(select(Learner.bsn_digest, *(getattr(Learner, each) for each in four))).one()
        assert getattr(row, name) is None
        assert (row.bsn_digest is None) == (name == "bsn")
        assert None not in {getattr(row, each) for each in four if each != name}
        left = session.scalars(select(FieldOrigin.field).where(FieldOrigin.learner_id == learner.id)).all()
        assert {f"learner.{each}" for each in four} - set(left) == {f"learner.{name}"}


@pytest.mark.promise("OP-04")
def test_a_reason_can_be_put_in_other_words_but_not_emptied(enter: Any, office: Actor) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner(employer="Bakkerij", grounds={"employer": "Toelage"})
        field = "learner.employer"
        change_learner(learner.id, {field: "Bakkerij"}, source=Source.SCHOOL, grounds={field: "Subsidie"}, by=office)
        assert list_origins(learner)[field].ground == "Subsidie"
        with pytest.raises(Invalid, match="needs_ground"):
            change_learner(learner.id, {field: "Bakkerij"}, source=Source.SCHOOL, grounds={field: ""}, by=office)
