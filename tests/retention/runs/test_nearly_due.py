"""Who goes soon is listed before she goes, whatever she is to the school, with the day and what goes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.core.clock import today
from portal.core.http.access import PORTAL
from portal.core.http.lists import PER_PAGE
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.retention.ends.queries import get_ends
from portal.retention.erasures.services import Why, erase_ended
from portal.retention.runs.queries import NearlyDue, count_due, list_nearly_due
from portal.schools.queries import SchoolView
from tests.factories.contacts import make_application
from tests.factories.learners import make_contact_person, make_learner, make_representative
from tests.page_client import PageClient
from tests.retention.people import LONG_AGO, gone, gone_contact, gone_staff, make_invoice
from tests.signing_in import SignIn

LEARNER = PersonKind.LEARNER


def listed(until: date) -> list[NearlyDue]:
    first = list_nearly_due(until, SYSTEM)
    pages = range(2, -(-first.total // PER_PAGE) + 1)
    return [*first.rows, *(row for page in pages for row in list_nearly_due(until, SYSTEM, page=page).rows)]


def test_after_a_part_went_she_is_listed_on_the_day_of_the_rest(enter: Any) -> None:
    with enter("onderwijs-pro"):
        learner = gone(last_contact_on=date(2019, 1, 10))
        make_invoice(learner, date(2019, 1, 10))
        day = date(2025, 1, 1)
        over = get_ends(LEARNER, learner.id, day, SYSTEM).over_on(day)
        outcome = erase_ended(LEARNER, {learner.id: over}, why=Why.TERM, day=day, by=PORTAL)[0]
        assert "contact" in outcome.erased

        [row] = [each for each in listed(date(2027, 1, 5)) if each.person_id == learner.id]

        assert row.due_on == date(2027, 1, 1)
        assert {"finance", "name"} <= set(row.categories)
        assert not set(row.categories) & set(outcome.erased)


def test_everybody_who_is_due_is_listed_once_whatever_she_is(school: SchoolView) -> None:
    teacher, contact = gone_staff("Dora Docent"), make_contact_person(None, "Kim de Boer")
    contact.created_at = contact.created_at.replace(year=2010)
    contact.last_contact_on = LONG_AGO
    parent = make_representative(
        make_learner(), name="Samira Yilmaz", starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=30)
    )
    learners = [gone() for _ in range(PER_PAGE)]

    rows = listed(today())

    assert len(rows) == len({each.person_id for each in rows}) == list_nearly_due(today(), SYSTEM).total
    assert count_due(today(), SYSTEM) == len([each for each in rows if not each.is_held])
    said = {each.person_id: (each.kind, each.name) for each in rows}
    assert said[teacher.id] == (PersonKind.STAFF, "Dora Docent")
    assert said[contact.id] == (PersonKind.CONTACT_PERSON, "Kim de Boer")
    assert said[parent.id] == (PersonKind.REPRESENTATIVE, "Samira Yilmaz")
    assert {each.id for each in learners} <= said.keys()
    assert all(each.due_on <= today() for each in rows)


@pytest.mark.parametrize("role", ["privacy_staff"])
def test_the_page_says_who_can_be_put_off(school: SchoolView, client: PageClient, sign_in: SignIn, role: str) -> None:
    teacher, contact = gone_staff("Dora Docent"), gone_contact()
    make_representative(make_learner(), name="Samira Yilmaz", starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=30))
    sign_in(client, role)

    page = client.get("/bewaren/mensen").text

    assert "Dora Docent" in page
    assert "medewerker · " in page
    assert f"/bewaren/medewerkers/{teacher.id}#langer" in page
    assert f"/bewaren/contacten/{contact.id}#langer" in page
    assert "Samira Yilmaz" in page
    assert page.count("Houd nog even") == page.count("#langer") == 2


def test_who_only_signed_up_is_put_off_as_the_contact_that_she_is(
    enter: Any, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("step-inburgering")
    with enter("step-inburgering"):
        person_id = make_application(received_on=LONG_AGO).contact_person_id
        sign_in(client, "privacy_staff")

        assert f"/bewaren/contacten/{person_id}#langer" in client.get("/bewaren/mensen").text
