"""Joining, leaving and moving: each from its day, with the statement that was shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.registers.queries import list_register
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.lessons.queries import get_lesson
from portal.learners.enrolments.models import EndReason, Enrolment
from portal.policy.queries import current_policy
from portal.schools.queries import current_school
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.courses import enrol, make_group, make_lesson, make_person, make_teacher_of
from tests.factories.learners import make_organisation, make_trajectory
from tests.factories.policy import changed, publish
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
DAY = timedelta(days=1)
LEAVING = {"ends_on": "2026-11-20", "reason": "finished"}


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class World:
    """Two groups and somebody who may be in one."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        self.office = sign_in(client, "administration")
        with in_school(LEST_BEST):
            self.group, self.other = make_group("A2 ochtend"), make_group("A2 avond")
            self.learner = make_person("Amina", "Yusuf")

    def rows(self) -> list[Enrolment]:
        with in_school(LEST_BEST):
            return list(session.scalars(select(Enrolment).order_by(Enrolment.starts_on)))

    def stands_in(self, group: Any, day: date) -> bool:
        with in_school(LEST_BEST):
            lesson = make_lesson(group, held_on=day)
            return bool(list_register(get_lesson(lesson.id, self.office)))


def move(client: PageClient, group: Any, row: Enrolment, data: dict[str, str]) -> Any:
    """Fill in the form that lets her move, as the page shows it."""
    url = f"/groepen/{group.id}/inschrijvingen/{row.id}"
    return client.post(f"{url}/verhuizen", {**hidden_in(client.get(url), f"{url}/verhuizen"), **data})


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


@pytest.mark.promise("LB-01", part="enrolment")
def test_enrolling_links_the_statement_and_keeps_which_was_shown(client: PageClient, world: World) -> None:
    url = f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven"
    with in_school(LEST_BEST):
        version = current_policy().version
        version_id = current_school().policy_version_id

    page = client.get(url)
    client.post(url, {**hidden_in(page), "starts_on": "2026-11-23"})

    assert f'href="/privacy/{version}"' in page.get_data(as_text=True)
    [row] = world.rows()
    assert (row.starts_on, row.statement_version_id, row.statement_shown_at) == (date(2026, 11, 23), version_id, now())
    shown = client.get(f"/groepen/{world.group.id}/inschrijvingen/{row.id}").get_data(as_text=True)
    assert "20 november 2026" in shown


@pytest.mark.promise("LB-01", part="enrolment")
def test_what_is_kept_as_shown_was_on_the_page(client: PageClient, world: World) -> None:
    url = f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven"
    shown = hidden_in(client.get(url))
    with in_school(LEST_BEST):
        newer = publish(changed("lest-best", ('version = "', 'version = "9')))

    refused = client.post(url, {**shown, "starts_on": "2026-11-23"})

    assert refused.status_code == 422
    assert "Deze tekst is intussen veranderd" in refused.get_data(as_text=True)
    assert f'href="/privacy/{newer.version}"' in refused.get_data(as_text=True)
    assert not world.rows()
    assert client.post(url, {**hidden_in(refused), "starts_on": "2026-11-23"}).status_code == 303
    [row] = world.rows()
    assert row.statement_version_id == newer.id


@pytest.mark.promise("LB-01", part="enrolment")
def test_moving_too_keeps_what_was_on_the_page(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group)
    data = {"to_group_id": str(world.other.id), "on": "2026-11-18"}

    assert move(client, world.group, row, {**data, "statement": ""}).status_code == 422
    assert move(client, world.group, row, {**data, "statement": str(row.id)}).status_code == 422
    assert [each.group_id for each in world.rows()] == [world.group.id]
    assert move(client, world.group, row, data).status_code == 303
    with in_school(LEST_BEST):
        assert world.rows()[1].statement_version_id == current_school().policy_version_id


def test_joining_counts_from_its_day(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        enrol(world.learner, world.group, starts_on=today())

    assert not world.stands_in(world.group, today() - DAY)
    assert world.stands_in(world.group, today())


def test_leaving_counts_until_its_day(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group)
    client.post(f"/groepen/{world.group.id}/inschrijvingen/{row.id}/einde", LEAVING)

    assert world.stands_in(world.group, date(2026, 11, 20))
    assert not world.stands_in(world.group, date(2026, 11, 21))


def test_why_she_left_stands_with_her_enrolment_for_staff_and_for_her(
    client: PageClient, sign_in: SignIn, world: World
) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group, starts_on=today() - 9 * DAY)
    url = f"/groepen/{world.group.id}/inschrijvingen/{row.id}/einde"
    asked = client.post(url, {"ends_on": "2026-11-20"})
    assert (asked.status_code, "Kies waarom." in asked.text) == (422, True)

    client.post(url, LEAVING | {"ends_on": (today() - DAY).isoformat()})

    for page in (
        f"/cursisten/{world.learner.id}/dossier",
        f"/groepen/{world.group.id}/cursisten",
        f"/groepen/{world.group.id}/inschrijvingen/{row.id}",
    ):
        assert "klaar met de cursus" in client.get(page).text, page
    sign_in(client, "learner", learner=world.learner)
    assert "klaar met de cursus" in client.get("/mijn/gegevens/trajectory").text


def test_why_goes_where_the_end_does(world: World) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group, ends_on=today(), end_reason=EndReason.FINISHED)
        row.ends_on = None
        session.flush()
        assert row.end_reason is None


def test_moving_counts_from_its_day(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group)
    data = {"to_group_id": str(world.other.id), "on": "2026-11-18"}
    move(client, world.group, row, data)

    assert world.stands_in(world.group, date(2026, 11, 17))
    assert not world.stands_in(world.group, date(2026, 11, 18))
    assert world.stands_in(world.other, date(2026, 11, 18))
    assert not world.stands_in(world.other, date(2026, 11, 17))


def test_moving_on_the_first_day_leaves_one_enrolment(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group, starts_on=today())
    data = {"to_group_id": str(world.other.id), "on": today().isoformat()}
    move(client, world.group, row, data)

    assert [each.group_id for each in world.rows()] == [world.other.id]


def test_being_in_a_group_twice_is_refused(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        enrol(world.learner, world.group)

    url = f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven"
    response = client.post(url, {**hidden_in(client.get(url)), "starts_on": "2026-11-23"})

    assert response.status_code == 422
    assert "zit dan al in de groep" in response.get_data(as_text=True)


def test_where_two_pay_for_her_it_is_asked_whose_lessons_these_are(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        first, second = (make_organisation(name) for name in ("Gemeente Utrecht", "Bakkerij Bos"))
        make_trajectory(world.learner, client_id=first.id, ends_on=today() - DAY)
        make_trajectory(world.learner, client_id=first.id)
    url = f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven"
    assert "Wie betaalt deze lessen?" not in client.get(url).get_data(as_text=True)
    with in_school(LEST_BEST):
        chosen = make_trajectory(world.learner, client_id=second.id)
    page = client.get(url)

    refused = client.post(url, {**hidden_in(page), "starts_on": "2026-11-23"})

    assert "Bakkerij Bos" in page.get_data(as_text=True)
    assert (refused.status_code, world.rows()) == (422, [])
    assert "Kies wie betaalt." in refused.get_data(as_text=True)
    data = {**hidden_in(page), "starts_on": "2026-11-23", "trajectory_id": str(chosen.id)}
    assert client.post(url, data).status_code == 303
    assert [row.trajectory_id for row in world.rows()] == [chosen.id]


def test_a_group_that_is_over_no_longer_stands_with_her_name(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        enrol(world.learner, make_group("A1 vorig jaar", ends_on=today() - DAY))
        enrol(world.learner, world.group)

    found = client.get("/cursisten?zoek=Yusuf").get_data(as_text=True)

    assert "A2 ochtend" in found[found.index("Yusuf") :]
    assert "A1 vorig jaar" not in found[found.index("Yusuf") :]


def test_staying_until_she_is_in_the_group_again_is_refused(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        first = enrol(world.learner, world.group, starts_on=today() - 60 * DAY, ends_on=today() - 30 * DAY)
        enrol(world.learner, world.group, starts_on=today() - 10 * DAY)
        enrol(world.learner, world.other)
    url = f"/groepen/{world.group.id}/inschrijvingen/{first.id}/einde"

    refused = client.post(url, LEAVING | {"ends_on": (today() - 10 * DAY).isoformat()})

    assert refused.status_code == 422
    assert "zit dan al opnieuw in deze groep" in refused.get_data(as_text=True)
    assert {row.ends_on for row in world.rows()} == {today() - 30 * DAY, None}
    assert client.post(url, LEAVING | {"ends_on": (today() - 11 * DAY).isoformat()}).status_code == 303


def test_a_group_that_she_leaves_and_comes_back_to_stands_once_with_her_name(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        enrol(world.learner, world.group, ends_on=today() + 5 * DAY)
        enrol(world.learner, world.group, starts_on=today() + 30 * DAY)

    page = client.get("/cursisten?zoek=Yusuf").get_data(as_text=True)

    assert "A2 ochtend, A2 ochtend" not in page
    assert "A2 ochtend" in page[page.index("Yusuf") :]


def test_leaving_before_joining_is_refused(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        row = enrol(world.learner, world.group, starts_on=today())

    url = f"/groepen/{world.group.id}/inschrijvingen/{row.id}/einde"
    response = client.post(url, LEAVING | {"ends_on": "2026-11-19"})

    assert response.status_code == 422
    assert world.rows()[0].ends_on is None


def test_a_group_shows_who_is_in_it_and_finds_who_is_not(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        enrol(make_person("Bilal", "Haddad"), world.group)

    text = client.get(f"/groepen/{world.group.id}/cursisten?zoek=Yusuf").get_data(as_text=True)

    assert "Bilal Haddad" in text
    assert f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven" in text


def test_a_teacher_sees_the_group_and_enrols_nobody(client_at: Any, sign_in: SignIn, world: World) -> None:
    other = client_at("lest-best")
    sign_in(other, "teacher", name="Noor Bakker")

    assert other.get(f"/groepen/{world.group.id}/cursisten").status_code == 404
    assert other.get(f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven").status_code == 403


def test_a_record_without_a_group_leads_to_one_and_back(client: PageClient, world: World) -> None:
    record = f"/cursisten/{world.learner.id}"
    text = client.get(record).get_data(as_text=True)
    assert "zit nog in geen groep" in text
    assert f'href="{record}/groep"' in text
    assert f'href="{record}/groep"' in client.get(f"{record}/dossier").get_data(as_text=True)
    url = f"/groepen/{world.group.id}/cursisten/{world.learner.id}/inschrijven?vanuit=dossier"
    assert url in client.get(f"{record}/groep").get_data(as_text=True)
    joined = client.post(url, {**hidden_in(client.get(url)), "starts_on": today().isoformat()})
    assert joined.headers["Location"] == record


def test_a_record_says_group_teacher_and_next_lesson(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        enrol(world.learner, world.group)
        make_teacher_of(world.group, make_account("Noor Bakker", "teacher"))
        make_lesson(world.group, held_on=today() + DAY)
        make_lesson(world.other, held_on=today())
    text = client.get(f"/cursisten/{world.learner.id}").get_data(as_text=True)
    for words in ("A2 ochtend", "Noor Bakker", "volgende les: 21 november 2026"):
        assert words in text


def enrol_together(client: PageClient, group: Any, ids: list[str], query: str = "groep=geen", **given: str) -> Any:
    url = f"/groepen/{group.id}/cursisten?{query}"
    return client.post(url, {**hidden_in(client.get(url)), "starts_on": today().isoformat(), "cursist": ids, **given})


def test_many_are_enrolled_at_once_and_who_cannot_be_is_named(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        bilal, chen, paid = make_person("Bilal", "Haddad"), make_person("Chen", "Wu"), make_person("Dilan", "Kaya")
        for name in ("Gemeente A", "Gemeente B"):
            make_trajectory(paid, client_id=make_organisation(name).id)
        enrol(chen, world.group)
    listed = client.get(f"/groepen/{world.group.id}/cursisten?groep=geen").get_data(as_text=True)
    assert "Bilal Haddad" in listed
    assert f'value="{chen.id}"' not in listed
    done = enrol_together(client, world.group, [str(each.id) for each in (world.learner, bilal, chen, paid)])
    text = done.get_data(as_text=True)
    assert done.status_code == 200
    assert "2 cursisten zijn ingeschreven" in text
    assert "Chen Wu</bdi>: zit dan al in deze groep" in text
    assert "Dilan Kaya</bdi>: meer opdrachtgevers betalen" in text
    rows = {row.learner_id: row for row in world.rows()}
    assert rows.keys() == {world.learner.id, bilal.id, chen.id}
    with in_school(LEST_BEST):
        assert rows[bilal.id].statement_version_id == current_school().policy_version_id


def test_nobody_ticked_and_a_day_after_the_group_enrol_nobody(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        over = make_group("Kort", ends_on=today())
    refused = enrol_together(client, world.group, [])
    assert refused.status_code == 422
    assert "Zet een vinkje" in refused.get_data(as_text=True)
    late = enrol_together(client, over, [str(world.learner.id)], starts_on=(today() + DAY).isoformat())
    assert late.status_code == 422
    assert "De groep is dan al voorbij" in late.get_data(as_text=True)
    assert world.rows() == []
