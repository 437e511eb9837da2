"""The register's addresses: page, partial, refusals, who reaches it, and what it costs."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from portal.attendance.models import AttendanceMark, Status
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import fill_group, make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
LEST_BEST = school_id("lest-best")


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(NOON)


class World:
    """A teacher, signed in, with a group and a lesson today."""

    def __init__(self, client: PageClient, sign_in: SignIn, size: int = 2, **facts: Any) -> None:
        self.teacher = sign_in(client, "teacher")
        with in_school(LEST_BEST):
            self.group: LearnerGroup = make_group("A2 ochtend")
            make_teacher_of(self.group, self.teacher)
            self.learners: list[Learner] = fill_group(self.group, size)
            self.lesson: Lesson = make_lesson(self.group, **facts)
        self.url = f"/lessen/{self.lesson.id}/presentie"

    def row(self, at: int, segment: str, seen: str = "0..0.0.", **more: str) -> dict[str, str]:
        key = self.learners[at].id
        return {f"s.{key}": segment, f"v.{key}": seen, **{f"{name}.{key}": value for name, value in more.items()}}

    def is_authorised(self, at: int) -> bool | None:
        with in_school(LEST_BEST):
            statement = select(AttendanceMark.is_authorised).where(AttendanceMark.learner_id == self.learners[at].id)
            return session.scalar(statement)

    def status(self, at: int) -> Status | None:
        with in_school(LEST_BEST):
            statement = select(AttendanceMark.status).where(AttendanceMark.learner_id == self.learners[at].id)
            return session.scalar(statement)


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


def version_in(text: str, learner_id: UUID) -> str:
    found = re.search(rf'name="v\.{learner_id}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def test_the_page_shows_who_is_still_open(client: PageClient, world: World) -> None:
    text = client.get(world.url).get_data(as_text=True)

    assert "A2 ochtend" in text
    assert text.count("nog niet ingevuld") == 2
    assert "0 van 2 ingevuld" in text
    assert "checked" not in text
    assert "araaf" not in text


def test_a_tap_answers_with_its_row(client: PageClient, world: World) -> None:
    client.get(world.url)
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "absent")}, htmx=True)

    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert text.startswith("<li")
    assert "opgeslagen" in text
    assert world.status(0) is Status.ABSENT
    assert len(response.data) <= 2048


def test_late_without_a_number_costs_no_hours_until_somebody_gives_one(
    client: PageClient, world: World, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 11, 20, 8, 42, tzinfo=UTC))
    key = world.learners[0].id

    late = client.post(world.url, {"cursist": str(key), **world.row(0, "late")}, htmx=True).get_data(as_text=True)
    with in_school(LEST_BEST):
        first = session.execute(
            select(AttendanceMark.late_minutes, AttendanceMark.minutes, AttendanceMark.version)
        ).one()
    given = {**world.row(0, "late", l="25"), f"v.{key}": f"{first.version}.late.0.0."}
    response = client.post(world.url, {"cursist": str(key), **given}, htmx=True)
    with in_school(LEST_BEST):
        then = session.execute(select(AttendanceMark.late_minutes, AttendanceMark.minutes)).one()

    assert "te laat: hoeveel minuten?" in late
    assert first[:2] == (None, 165)
    assert "25 minuten te laat" in response.get_data(as_text=True)
    assert then == (25, 140)


def test_without_script_only_changed_rows_are_stored(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_mark(world.lesson, world.learners[1], Status.EXCUSED, version=9)
    client.get(world.url)
    with in_school(LEST_BEST):
        mark = session.scalars(select(AttendanceMark)).one()
        mark.status, mark.version = Status.ABSENT, 10

    response = client.post(world.url, {**world.row(0, "present"), **world.row(1, "excused", "9.excused.0.0.")})

    assert response.status_code == 303
    assert (world.status(0), world.status(1)) == (Status.PRESENT, Status.ABSENT)
    after = client.get(response.headers["Location"]).get_data(as_text=True)
    assert "Opgeslagen: 1" in after
    assert "Ongedaan maken" in after


def test_a_stale_tap_shows_what_the_other_filled_in(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_mark(world.lesson, world.learners[0], Status.EXCUSED, version=9, marked_by_name="Noor Bakker")
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "present")}, htmx=True)

    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Noor Bakker heeft dit intussen gewijzigd in: afgemeld" in text
    assert re.search(r'value="excused" checked', text)
    assert version_in(text, key).startswith("9.")
    assert world.status(0) is Status.EXCUSED


def test_a_stale_tap_says_what_each_said_of_an_absence(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_mark(
            world.lesson, world.learners[0], Status.ABSENT, version=9, marked_by_name="Noor Bakker", is_authorised=True
        )
    key = world.learners[0].id

    text = client.post(
        world.url, {"cursist": str(key), **world.row(0, "absent"), f"g.{key}": "no"}, htmx=True
    ).get_data(as_text=True)

    assert "gewijzigd in: afwezig, geoorloofd. U koos: afwezig, ongeoorloofd." in text


def test_a_stale_plain_form_stores_nothing_and_keeps_the_rest_typed(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_mark(world.lesson, world.learners[0], Status.EXCUSED, version=9, marked_by_name="Noor Bakker")

    response = client.post(world.url, {**world.row(0, "present"), **world.row(1, "late", l="25")})

    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Er is niets opgeslagen" in text
    assert 'value="25"' in text
    assert world.status(1) is None


@pytest.mark.parametrize("typed", ["tien", "99999999", "-5", "400", "--5", "²", "+5", "9" * 5000])
def test_wrong_minutes_get_a_message_in_the_row(client: PageClient, world: World, typed: str) -> None:
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "late", l=typed)}, htmx=True)

    assert response.status_code == 422
    assert 'class="told bad"' in response.get_data(as_text=True)
    assert world.status(0) is None


def test_minutes_in_the_figures_of_another_keyboard_count(client: PageClient, world: World) -> None:
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "late", l="٢٥")}, htmx=True)

    assert response.status_code == 200
    assert 'value="25"' in response.get_data(as_text=True)


def test_an_earlier_lesson_asks_why_in_the_row(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in, held_on=today() - timedelta(days=3))
    with in_school(LEST_BEST):
        make_mark(world.lesson, world.learners[0], Status.ABSENT, version=3, marked_at=now() - timedelta(days=3))
    key = world.learners[0].id
    tap = {"cursist": str(key), **world.row(0, "present", "3.absent.0.0.")}

    refused = client.post(world.url, tap, htmx=True)
    stored = client.post(world.url, {**tap, f"r.{key}": "Zij was er wel."}, htmx=True)

    assert refused.status_code == 422
    assert f'name="r.{key}"' in refused.get_data(as_text=True)
    assert stored.status_code == 200
    history = client.get(f"{world.url}/wijzigingen").get_data(as_text=True)
    assert "Zij was er wel." in history
    assert world.teacher.name in history


@pytest.mark.parametrize(("said", "stored", "words"), [("yes", True, "geoorloofd"), ("no", False, "ongeoorloofd")])
def test_an_absence_is_said_to_be_authorised_or_not(
    client: PageClient, world: World, said: str, stored: bool, words: str
) -> None:
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "excused", g=said)}, htmx=True)

    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert f"afgemeld, {words}" in text
    assert f'value="{said}" selected' in text
    assert world.is_authorised(0) is stored


def test_without_script_it_is_said_in_the_same_form(client: PageClient, world: World) -> None:
    client.get(world.url)

    client.post(world.url, {**world.row(0, "absent", g="no"), **world.row(1, "present", g="yes")})

    assert (world.is_authorised(0), world.is_authorised(1)) == (False, None)
    assert world.status(1) is Status.PRESENT


def test_on_a_later_day_it_is_said_without_a_reason_and_kept(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in, held_on=today() - timedelta(days=3))
    with in_school(LEST_BEST):
        make_mark(world.lesson, world.learners[0], Status.ABSENT, version=3, marked_at=now() - timedelta(days=3))
    key = world.learners[0].id
    tap = {"cursist": str(key), **world.row(0, "absent", "3.absent.0.0.", g="yes")}

    stored = client.post(world.url, tap, htmx=True)
    seen = version_in(stored.get_data(as_text=True), key)
    again = client.post(world.url, {"cursist": str(key), **world.row(0, "absent", seen, g="no")}, htmx=True)

    assert (stored.status_code, again.status_code) == (200, 200)
    history = re.sub(r"\s+", " ", client.get(f"{world.url}/wijzigingen").get_data(as_text=True))
    assert "afwezig, geoorloofd" in history
    assert "afwezig, ongeoorloofd" in history


@pytest.mark.parametrize("said", ["maybe", "True"])
def test_any_other_word_is_refused(client: PageClient, world: World, said: str) -> None:
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "absent", g=said)}, htmx=True)

    assert response.status_code == 422
    assert world.status(0) is None


def test_everyone_present_and_back(client: PageClient, world: World) -> None:
    client.get(world.url)
    filled = client.post(f"{world.url}/iedereen", htmx=True).get_data(as_text=True)
    step = re.search(r'name="stap" value="([^"]+)"', filled)
    assert step is not None
    assert "2 van 2 ingevuld" in filled
    returned = client.get(world.url).get_data(as_text=True)
    assert f'name="stap" value="{step[1]}"' in returned
    assert "Alle 2 ongedaan maken" in returned

    back = client.post(f"{world.url}/ongedaan", {"stap": step[1]}, htmx=True).get_data(as_text=True)

    assert "0 van 2 ingevuld" in back
    assert "ongedaan maken" not in client.get(world.url).get_data(as_text=True).partition('class="bar"')[2]
    again = client.post(f"{world.url}/ongedaan", {"stap": step[1]})
    assert again.status_code == 409


def test_undo_of_one_row_answers_with_that_row(client: PageClient, world: World) -> None:
    key = world.learners[0].id
    stored = client.post(world.url, {"cursist": str(key), **world.row(0, "absent")}, htmx=True).get_data(as_text=True)
    step = re.search(r'name="stap" value="([^"]+)"', stored)
    assert step is not None

    data = {"stap": step[1], "cursist": str(key)}
    back = client.post(f"{world.url}/ongedaan", data, htmx=True)
    once_more = client.post(f"{world.url}/ongedaan", data, htmx=True)

    assert back.get_data(as_text=True).startswith("<li")
    assert world.status(0) is None
    assert once_more.status_code == 409
    assert "ongedaan" in once_more.get_data(as_text=True)


def test_undo_in_a_row_takes_back_that_row_alone(client: PageClient, world: World) -> None:
    filled = client.post(f"{world.url}/iedereen", htmx=True).get_data(as_text=True)
    key = world.learners[0].id
    one = re.search(rf'formaction="([^"]+cursist={key})"\s+name="stap" value="([^"]+)"', filled)
    assert one is not None
    assert "Alle 2 ongedaan maken" in filled

    back = client.post(one[1], {"stap": one[2]}, htmx=True)

    assert back.get_data(as_text=True).startswith("<li")
    assert (world.status(0), world.status(1)) == (None, Status.PRESENT)
    rest = client.get(f"{world.url}?stap={one[2]}").get_data(as_text=True)
    assert "Alle 1" not in rest
    assert "Ongedaan maken" in rest


def test_in_two_windows_of_her_own_she_is_not_another(client: PageClient, world: World) -> None:
    key = str(world.learners[0].id)
    client.post(world.url, {"cursist": key, **world.row(0, "present")}, htmx=True)

    stale = client.post(world.url, {"cursist": key, **world.row(0, "absent")}, htmx=True)

    assert stale.status_code == 409
    assert "U hebt dit zelf al gewijzigd, in een ander venster, in: aanwezig" in stale.get_data(as_text=True)


def test_a_cancelled_lesson_says_so(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in, cancelled_at=NOON, cancelled_because="Docent ziek")

    page = client.get(world.url).get_data(as_text=True)
    tap = client.post(world.url, {"cursist": str(world.learners[0].id), **world.row(0, "present")}, htmx=True)

    assert "geannuleerd" in page
    assert "Docent ziek" in page
    assert "Iedereen aanwezig" not in page
    assert tap.status_code == 409
    assert tap.headers["HX-Refresh"] == "true"


def test_a_future_lesson_says_so(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in, held_on=today() + timedelta(days=1))

    assert "U kunt de presentie invullen vanaf" in client.get(world.url).get_data(as_text=True)


def test_an_empty_group_says_what_to_do(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in, size=0)

    assert "Er zit niemand in deze groep" in client.get(world.url).get_data(as_text=True)


@pytest.mark.promise("LB-06")
def test_another_teachers_lesson_is_not_found_and_written_down(
    client: PageClient, client_at: Any, sign_in: SignIn, world: World
) -> None:
    other = client_at("lest-best")
    sign_in(other, "teacher", name="Noor Bakker")

    for address in (world.url, f"{world.url}/wijzigingen"):
        assert other.get(address).status_code == 404
    assert other.post(world.url, world.row(0, "present")).status_code == 404
    assert other.post(f"{world.url}/iedereen").status_code == 404
    assert other.post(f"{world.url}/ongedaan", {"stap": str(world.lesson.id)}).status_code == 404

    with in_school(LEST_BEST):
        refused = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.refused")).all()
    assert [entry.facts["what"] for entry in refused] == ["register.keep"] * 5
    assert world.status(0) is None


def test_another_schools_lesson_is_not_found(client_at: Any, sign_in: SignIn, world: World) -> None:
    other = client_at("meester-in-nt2")
    sign_in(other, "administration")

    assert other.get(world.url).status_code == 404
    assert other.post(f"{world.url}/iedereen").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("administration", 200),
        ("teacher", 404),
        ("coach", 403),
        ("privacy_officer", 403),
        ("management", 403),
        ("learner", 403),
    ],
)
def test_which_roles_open_it(client_at: Any, sign_in: SignIn, world: World, role: str, status: int) -> None:
    other = client_at("lest-best")
    with in_school(LEST_BEST):
        learner = make_enrolled_learner(world.group) if role == "learner" else None
    sign_in(other, role, learner=learner)

    assert other.get(world.url).status_code == status


def test_a_school_without_attendance_has_no_register(client_at: Any, sign_in: SignIn) -> None:
    other = client_at("onderwijs-pro")
    sign_in(other, "administration")
    with in_school(school_id("onderwijs-pro")):
        lesson = make_lesson()

    assert other.get(f"/lessen/{lesson.id}/presentie").status_code == 404


def test_who_was_on_the_page_is_written_down(client: PageClient, world: World) -> None:
    client.get(world.url)

    with in_school(LEST_BEST):
        entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "record.viewed")).one()
    assert set(entry.learner_ids) == {learner.id for learner in world.learners}
    assert entry.subject_id == world.lesson.id


@pytest.mark.parametrize("size", [3, 25])
def test_the_page_takes_few_statements_and_bytes(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], size: int
) -> None:
    world = World(client, sign_in, size=size)
    client.get(world.url)

    with count_statements() as statements:
        response = client.get(world.url)

    assert len(statements) <= 7, statements
    assert len([each for each in statements if each.lstrip().lower().startswith("select")]) <= 5
    assert len(gzip.compress(response.data)) <= 8192


def test_a_tap_takes_few_statements(client: PageClient, world: World, count_statements: Callable[[], Any]) -> None:
    client.get(world.url)
    key = world.learners[0].id

    with count_statements() as statements:
        client.post(world.url, {"cursist": str(key), **world.row(0, "present")}, htmx=True)

    assert len(statements) <= 7, statements


def leave(world: World, at: int) -> None:
    with in_school(LEST_BEST):
        session.execute(delete(Enrolment).where(Enrolment.learner_id == world.learners[at].id))


def test_a_tap_on_who_left_meanwhile_says_so_in_her_row(client: PageClient, world: World) -> None:
    client.get(world.url)
    leave(world, 0)
    key = world.learners[0].id

    response = client.post(world.url, {"cursist": str(key), **world.row(0, "present")}, htmx=True)

    assert response.status_code == 422
    assert response.text.startswith("<li")
    assert f'id="r{str(key)[-9:]}"' in response.text
    assert "zit niet meer in de groep" in response.text


def test_a_plain_form_with_who_left_meanwhile_says_so_and_goes_through_then(client: PageClient, world: World) -> None:
    leave(world, 0)

    response = client.post(world.url, {**world.row(0, "present"), **world.row(1, "absent")})

    assert response.status_code == 422
    assert "1 cursist zit niet meer in de groep" in response.text
    assert str(world.learners[0].id) not in response.text
    assert re.search(r'value="absent" checked', response.text)
    again = client.post(world.url, world.row(1, "absent"))
    assert (again.status_code, world.status(1)) == (303, Status.ABSENT)


def test_two_of_one_name_are_told_apart_by_their_number(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        first = session.get_one(Learner, (LEST_BEST, world.learners[0].id))
        twin = make_enrolled_learner(world.group, first.given_name, first.family_name, number="T9001")
        first.number = "T9000"
        numbers = [first.number, twin.number]

    page = client.get(world.url).get_data(as_text=True)
    tapped = client.post(world.url, {"cursist": str(first.id), **world.row(0, "present")}, htmx=True)

    assert all(f"{first.full_name} ({number})</bdi>" in page for number in numbers)
    assert page.count(")</bdi>") == 2
    assert f"{first.full_name} ({numbers[0]})</bdi>" in tapped.get_data(as_text=True)
