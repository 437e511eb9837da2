"""Filling in a school year's holidays: what the page proposes, stores and refuses."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import Holiday, LearnerGroup, Lesson
from portal.courses.timetable.services import make_lessons
from portal.schools.models import HolidayRegion, School
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_holiday, make_lesson, make_slot
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
PAGE = "/vakanties/invullen"
WINTER = {"winter-chosen": "y", "winter-starts_on": "2026-12-19", "winter-ends_on": "2027-01-03"}
EASTER = {"easter_monday-chosen": "y", "easter_monday-starts_on": "2027-03-29"}
HERE = {"year": "2026", "region": "middle"}


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def group(database: Any) -> LearnerGroup:
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_slot(group, weekday=0)
        make_lessons()
        return group


@pytest.fixture
def office(client: PageClient, sign_in: SignIn) -> PageClient:
    sign_in(client, "administration")
    return client


def rows(model: Any) -> list[Any]:
    with in_school(LEST_BEST):
        return list(session.scalars(select(model)))


def holidays() -> dict[str, tuple[date, date]]:
    return {row.name: (row.starts_on, row.ends_on) for row in rows(Holiday)}


def test_without_a_region_the_page_asks_for_it(office: PageClient) -> None:
    text = office.get(PAGE).text
    assert "Kies eerst de regio." in text
    assert "winter-chosen" not in text
    assert PAGE in office.get("/vakanties").text


def test_where_all_holidays_are_past_the_page_says_that_none_is_planned(office: PageClient, database: Any) -> None:
    with in_school(LEST_BEST):
        make_holiday(date(2026, 10, 19), name="Herfst")
    text = office.get("/vakanties").text
    assert text.index("Geen vrije dagen gepland") < text.index("Herfst")


def test_the_page_proposes_a_year_and_says_what_it_drops(office: PageClient, group: LearnerGroup) -> None:
    page = office.get(f"{PAGE}?region=middle")
    text, hidden = page.text, hidden_in(page)
    assert "Niet gecontroleerd door ons: kijk ze na op rijksoverheid.nl" in text
    assert 'value="2026-12-19"' in text
    assert hidden["winter-seen"] == "2"  # the Mondays 21 and 28 December
    assert hidden["christmas-seen"] == "0"
    assert set(re.findall(r'<input checked [^>]*name="(\w+)-chosen"', text)) == {
        "winter", "spring", "may", "summer", "christmas", "boxing_day", "new_year", "easter", "easter_monday",
        "kings_day", "ascension_day", "whit_sunday", "whit_monday",
    }  # fmt: skip
    assert 'value="2027-10-16"' in office.get(f"{PAGE}?region=north&year=2027").text
    assert 'value="2026-12-19"' in office.get(f"{PAGE}?region=north&year=1066").text
    assert "Kies eerst de regio." in office.get(f"{PAGE}?region=oost&year=x%00").text


def test_ticked_holidays_are_stored_once_with_the_region(office: PageClient, group: LearnerGroup) -> None:
    before = len(rows(Lesson))
    sent = {**HERE, **WINTER, **EASTER, "winter-seen": "2", "may-starts_on": "2027-04-24", "autumn-starts_on": "x"}

    first, second = office.post(PAGE, sent), office.post(PAGE, sent)

    assert (first.location, second.location) == ("/vakanties", "/vakanties")
    assert holidays() == {
        "Kerstvakantie": (date(2026, 12, 19), date(2027, 1, 3)),
        "Tweede Paasdag": (date(2027, 3, 29), date(2027, 3, 29)),
    }
    assert len(rows(Lesson)) == before - 2
    assert rows(School)[0].holiday_region is HolidayRegion.MIDDLE
    events = [event for event in rows(AuditEvent) if event.event == "courses.holiday_added"]
    assert sorted(event.facts["lessons"] for event in events) == [0, 2]
    text = office.get("/vakanties").text
    assert "2 vrije perioden zijn toegevoegd. 2 lessen vervallen." in text
    assert text.index("Kerstvakantie") < text.index("Tweede Paasdag"), "what comes next stands first"
    assert 'aria-current="true">Midden' in office.get(PAGE).text


def test_one_taken_out_gives_its_lessons_back(office: PageClient, group: LearnerGroup) -> None:
    before = len(rows(Lesson))
    office.post(PAGE, {**HERE, **WINTER, "winter-seen": "2"})
    [winter] = rows(Holiday)
    office.post(f"/vakanties/{winter.id}/verwijderen")
    assert len(rows(Lesson)) == before


def test_what_is_there_already_is_marked_and_not_added_again(office: PageClient) -> None:
    with in_school(LEST_BEST):
        make_holiday(date(2026, 12, 21), date(2027, 1, 1), "Kerstvakantie")
        make_holiday(date(2027, 3, 29), name="Pasen")
    text = office.get(f"{PAGE}?region=middle").text
    assert text.count("staat er al") == 2
    assert "winter-chosen" not in text

    office.post(PAGE, {**HERE, **WINTER, **EASTER, "kings_day-chosen": "y", "kings_day-starts_on": "2027-04-27"})

    assert len(rows(Holiday)) == 3
    assert "Koningsdag" in holidays()


def test_other_lessons_than_it_said_are_asked_about_first(office: PageClient, group: LearnerGroup) -> None:
    with in_school(LEST_BEST):
        lesson = make_lesson(group, held_on=date(2026, 10, 12))
        make_mark(lesson, make_enrolled_learner(group))
    autumn = {"autumn-chosen": "y", "autumn-starts_on": "2026-10-10", "autumn-ends_on": "2026-10-18"}
    longer = {**WINTER, "winter-ends_on": "2027-01-10"}

    asked = office.post(PAGE, {**HERE, **longer, **autumn, "winter-seen": "2", "autumn-seen": "0"})

    assert asked.status_code == 200
    assert "Kies dan nog een keer: Vul in." in asked.text
    assert "3 lessen vervallen." in asked.text
    assert "1 les blijft staan" in asked.text
    assert rows(Holiday) == []
    seen = {name: value for name, value in hidden_in(asked).items() if name.endswith("-seen")}
    assert office.post(PAGE, {**HERE, **longer, **autumn, **seen}).location == "/vakanties"
    assert len(rows(Holiday)) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"winter-ends_on": "2026-12-18"}, "Het einde ligt vóór het begin."),
        ({"winter-ends_on": ""}, "Vul dit in."),
        ({"winter-starts_on": ""}, "Vul dit in."),
        ({"winter-starts_on": "2026-02-30"}, "Dit is geen datum."),
        ({"winter-starts_on": "9" * 5000}, "Dit is geen datum."),
        ({"winter-starts_on": "2025-12-19"}, "Deze dag valt niet in het schooljaar 2026-2027."),
        ({"winter-ends_on": "2028-01-03"}, "Deze dag valt niet in het schooljaar 2026-2027."),
        ({"winter-chosen": None, "easter_monday-chosen": None}, "Kies minstens één vakantie of feestdag."),
        ({"region": "east"}, "Kies een van de mogelijkheden."),
        ({"year": "1066"}, "Kies een van de mogelijkheden."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    office: PageClient, changed: dict[str, str | None], said: str
) -> None:
    sent = {**HERE, **WINTER, **EASTER, "easter_monday-starts_on": "2027-03-30", **changed}
    answer = office.post(PAGE, {name: value for name, value in sent.items() if value is not None})
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(Holiday) == []
    assert rows(School)[0].holiday_region is None
    if "year" not in changed and "region" not in changed:
        assert 'value="2027-03-30"' in answer.text


@pytest.mark.parametrize("role", ["teacher", "coach"])
def test_only_who_keeps_the_timetable_fills_in(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert client.get(PAGE).status_code in {403, 404}
    assert client.post(PAGE, {**HERE, **WINTER}).status_code in {403, 404}
