"""The pages of courses, groups, lessons and holidays: who opens them, what they store and what they refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import (
    Course,
    CourseKind,
    GroupTeacher,
    Holiday,
    LearnerGroup,
    Lesson,
    LessonKind,
    LessonPlace,
    TimetableSlot,
)
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import (
    make_course,
    make_enrolled_learner,
    make_group,
    make_holiday,
    make_lesson,
    make_slot,
    make_teacher_of,
)
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")
TIMES = {
    "starts_at": "09:00",
    "ends_at": "12:00",
    "break_minutes": "15",
    "room": "3",
    "kind": "knm",
    "place": "distance",
}


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def group(database: Any) -> LearnerGroup:
    with in_school(LEST_BEST):
        return make_group("A2 ochtend")


@pytest.fixture
def office(client: PageClient, sign_in: SignIn) -> PageClient:
    sign_in(client, "administration")
    return client


def rows(model: Any) -> list[Any]:
    with in_school(LEST_BEST):
        return list(session.scalars(select(model)))


def test_a_group_from_course_to_lessons(office: PageClient) -> None:
    made = office.post("/cursussen/nieuw", {"name": "Inburgering A2", "kind": "integration", "is_active": "y"})
    [course] = rows(Course)
    group_data = {"name": "A2 avond", "course_id": str(course.id), "starts_on": "2026-11-02", "room": "3"}
    office.post("/groepen/nieuw", group_data)
    [group] = rows(LearnerGroup)
    office.post(f"/groepen/{group.id}/rooster", {"weekday": "4", "from_on": "2026-11-20", **TIMES})

    assert made.status_code == 303
    [slot] = rows(TimetableSlot)
    assert len(rows(Lesson)) == 13
    assert {(lesson.kind, lesson.place) for lesson in rows(Lesson)} == {(LessonKind.KNM, LessonPlace.DISTANCE)}
    page = office.get(f"/groepen/{group.id}").get_data(as_text=True)
    assert "Vrijdag" in page
    assert "09:00–12:00" in page
    office.post(f"/groepen/{group.id}/rooster/{slot.id}", {"ends_on": "2026-11-27"})
    assert len(rows(Lesson)) == 2


@pytest.mark.parametrize(
    ("address", "data", "message"),
    [
        ("/cursussen/nieuw", {"name": "", "kind": "nt2"}, "Vul dit in."),
        ("/groepen/nieuw", {"name": "A2 ochtend", "starts_on": "2026-11-02"}, "Deze naam bestaat al."),
        ("/groepen/nieuw", {"name": "B", "starts_on": "gisteren"}, "Dit is geen datum."),
        ("/groepen/nieuw", {"name": "B", "starts_on": "2026-11-02", "ends_on": "2026-11-01"}, "vóór het begin"),
        (
            "/groepen/{group}/rooster",
            {**TIMES, "weekday": "0", "from_on": "2026-11-20", "ends_at": "08:00"},
            "vóór het",
        ),
        ("/groepen/{group}/lessen/nieuw", {**TIMES, "held_on": "2026-11-21", "starts_at": "9 uur"}, "geen tijd"),
        (
            "/groepen/{group}/lessen/nieuw",
            {**TIMES, "held_on": "2026-11-21", "break_minutes": "999"},
            "hooguit",
        ),
        ("/groepen/{group}/docenten", {"starts_on": "2026-11-20", "is_substitute": "y"}, "welke dag de vervanging"),
        ("/vakanties", {"name": "Kerst", "starts_on": "2026-12-25", "ends_on": "2026-12-20"}, "vóór het begin"),
        ("/vakanties", {"name": "Kerst", "starts_on": "0026-12-25", "ends_on": "2026-12-20"}, "Kijk het jaar na."),
    ],
)
def test_what_is_wrong_gets_a_message_and_keeps_what_was_typed(
    office: PageClient, group: LearnerGroup, address: str, data: dict[str, str], message: str
) -> None:
    with in_school(LEST_BEST):
        teacher = make_account("Noor", "teacher")
    if "nieuw" in address and "groepen/nieuw" in address:
        data = {**data, "course_id": str(group.course_id)}
    if "docenten" in address:
        data = {**data, "account_id": str(teacher.id)}

    response = office.post(address.format(group=group.id), data)

    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert message in text
    assert not data.get("room") or 'value="3"' in text


def test_a_substitute_for_a_period_and_her_end(office: PageClient, group: LearnerGroup) -> None:
    with in_school(LEST_BEST):
        account = make_account("Noor Bakker", "teacher")
    period = {"starts_on": "2026-11-20", "ends_on": "2026-11-27", "is_substitute": "y"}
    office.post(f"/groepen/{group.id}/docenten", {"account_id": str(account.id), **period})
    [row] = rows(GroupTeacher)

    assert (row.is_substitute, row.ends_on) == (True, date(2026, 11, 27))
    assert "Noor Bakker" in office.get(f"/groepen/{group.id}").get_data(as_text=True)
    assert office.get(f"/groepen/{group.id}/docenten/{row.id}").status_code == 200
    office.post(f"/groepen/{group.id}/docenten/{row.id}", {"ends_on": "2026-11-22"})
    assert rows(GroupTeacher)[0].ends_on == date(2026, 11, 22)


def test_a_single_lesson_is_changed_cancelled_put_back_and_deleted(office: PageClient, group: LearnerGroup) -> None:
    with in_school(LEST_BEST):
        lesson = make_lesson(group)
    url = f"/groepen/{group.id}/lessen/{lesson.id}"
    assert office.get(url).status_code == 200

    office.post(url, {**TIMES, "held_on": "2026-11-21", "starts_at": "10:00", "substitute_id": ""})
    assert (rows(Lesson)[0].held_on, rows(Lesson)[0].starts_at) == (date(2026, 11, 21), time(10))
    assert (rows(Lesson)[0].kind, rows(Lesson)[0].place) == (LessonKind.KNM, LessonPlace.DISTANCE)
    assert office.post(f"{url}/annuleren", {"because": ""}).status_code == 422
    office.post(f"{url}/annuleren", {"because": "De verwarming is stuk."})
    assert rows(Lesson)[0].cancelled_because == "De verwarming is stuk."
    assert "De verwarming is stuk." in office.get(f"/groepen/{group.id}").get_data(as_text=True)
    office.post(f"{url}/terugzetten")
    assert rows(Lesson)[0].cancelled_at is None
    office.post(f"{url}/verwijderen")
    assert rows(Lesson) == []


def test_holidays_are_added_and_taken_away(office: PageClient, group: LearnerGroup) -> None:
    office.post("/vakanties", {"name": "Kerst", "starts_on": "2026-12-21", "ends_on": "2027-01-03"})
    [holiday] = rows(Holiday)
    assert "Kerst" in office.get("/vakanties").get_data(as_text=True)
    office.post(f"/vakanties/{holiday.id}/verwijderen")
    assert rows(Holiday) == []


def test_a_lesson_that_goes_on_while_the_school_is_closed_is_shown(office: PageClient, group: LearnerGroup) -> None:
    with in_school(LEST_BEST):
        lesson = make_lesson(group, held_on=date(2026, 12, 22))
        make_lesson(group, held_on=date(2026, 12, 23), cancelled_at=now(), cancelled_because="De docent is weg")
        make_lesson(make_group("B1 avond"), held_on=date(2026, 12, 18))

    office.post("/vakanties", {"name": "Kerst", "starts_on": "2026-12-21", "ends_on": "2027-01-03"})

    text = office.get("/vakanties").get_data(as_text=True)
    assert f"/groepen/{group.id}/lessen/{lesson.id}" in text
    assert text.count("/lessen/") == 1


def test_a_weekly_lesson_that_stops_says_what_stays(office: PageClient, group: LearnerGroup) -> None:
    office.post(f"/groepen/{group.id}/rooster", {"weekday": "4", "from_on": "2026-11-20", **TIMES})
    [slot] = rows(TimetableSlot)
    lesson = max(rows(Lesson), key=lambda lesson: lesson.held_on)
    office.post(f"/groepen/{group.id}/lessen/{lesson.id}", {**TIMES, "held_on": "2026-12-19", "substitute_id": ""})

    office.post(f"/groepen/{group.id}/rooster/{slot.id}", {"ends_on": "2026-11-27"})

    assert "1 les na die dag blijft staan" in office.get(f"/groepen/{group.id}").get_data(as_text=True)
    office.post(f"/groepen/{group.id}/rooster", {"weekday": "4", "from_on": "2026-12-04", **TIMES})
    refused = office.post(f"/groepen/{group.id}/rooster/{slot.id}", {"ends_on": "2026-12-11"})
    assert refused.status_code == 422
    assert "De groep heeft op deze dag en tijd al les." in refused.get_data(as_text=True)


def test_a_teacher_sees_her_groups_and_changes_nothing(
    client: PageClient, sign_in: SignIn, group: LearnerGroup
) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        make_teacher_of(group, teacher)
        other = make_group("B1 avond")
        lesson = make_lesson(group)

    text = client.get("/groepen").get_data(as_text=True)
    assert "A2 ochtend" in text
    assert "B1 avond" not in text
    assert client.get(f"/groepen/{group.id}").status_code == 200
    assert client.get(f"/groepen/{other.id}").status_code == 404
    for address in ("/groepen/nieuw", "/cursussen/nieuw", f"/groepen/{group.id}/lessen/{lesson.id}"):
        assert client.get(address).status_code == 403
    assert client.post("/vakanties", {"name": "x"}).status_code == 403


def test_another_schools_ids_are_not_found(client_at: Any, sign_in: SignIn, group: LearnerGroup) -> None:
    with in_school(LEST_BEST):
        lesson, slot, holiday = make_lesson(group), make_slot(group), make_holiday(today())
    with in_school(school_id("meester-in-nt2")):
        own = make_group()
    other = client_at("meester-in-nt2")
    sign_in(other, "administration")

    for group_id in (group.id, own.id):
        assert other.get(f"/groepen/{group_id}/rooster/{slot.id}").status_code == 404
        assert other.get(f"/groepen/{group_id}/lessen/{lesson.id}").status_code == 404
        assert other.get(f"/groepen/{group_id}/docenten/{slot.id}").status_code == 404
    assert other.get(f"/groepen/{group.id}").status_code == 404
    assert other.get(f"/cursussen/{group.course_id}").status_code == 404
    assert other.post(f"/vakanties/{holiday.id}/verwijderen").status_code == 404


@pytest.mark.parametrize("size", [2, 12])
def test_the_list_takes_as_many_statements_whatever_its_length(
    office: PageClient, count_statements: Callable[[], Any], size: int
) -> None:
    with in_school(LEST_BEST):
        for _ in range(size):
            group = make_group()
            make_lesson(group, held_on=today() + timedelta(days=1))
    office.get("/groepen")

    with count_statements() as statements:
        office.get("/groepen")
        office.get(f"/groepen/{group.id}")

    assert len(statements) <= 12, statements


@pytest.mark.parametrize(
    ("course", "lesson"),
    [
        (CourseKind.INTEGRATION, "nt2"),
        (CourseKind.LITERACY, "literacy"),
        (CourseKind.KNM, "knm"),
        (CourseKind.ONA, "ona"),
        (CourseKind.OTHER, "participation"),
    ],
)
def test_a_new_lesson_has_the_kind_of_its_course(office: PageClient, course: CourseKind, lesson: str) -> None:
    with in_school(LEST_BEST):
        group = make_group(course=make_course(kind=course))

    for address in (f"/groepen/{group.id}/rooster", f"/groepen/{group.id}/lessen/nieuw"):
        form = office.get(address).get_data(as_text=True)
        assert f'<option selected value="{lesson}">' in form
        assert '<option value="distance">' in form


@pytest.mark.parametrize("field", ["kind", "place"])
def test_a_kind_or_place_that_there_is_not_is_refused(office: PageClient, group: LearnerGroup, field: str) -> None:
    response = office.post(f"/groepen/{group.id}/lessen/nieuw", {**TIMES, "held_on": "2026-11-21", field: "elders"})

    assert response.status_code == 422
    assert not rows(Lesson)


def test_a_holiday_says_first_how_many_lessons_it_drops(office: PageClient, group: LearnerGroup) -> None:
    office.post(f"/groepen/{group.id}/rooster", {"weekday": "4", "from_on": "2026-11-20", **TIMES})
    made = len(rows(Lesson))
    days = {"name": "Herfst", "starts_on": "2026-11-23", "ends_on": "2026-12-06"}

    asked = office.post("/vakanties", days)
    once_more = office.post("/vakanties", days)

    assert (asked.status_code, once_more.status_code) == (200, 200)
    assert "Op deze dagen vervallen 2 lessen." in asked.text
    assert (len(rows(Lesson)), rows(Holiday)) == (made, [])
    added = office.post("/vakanties", {**days, **hidden_in(once_more)})
    assert added.status_code == 303
    assert (len(rows(Lesson)), len(rows(Holiday))) == (made - 2, 1)


def test_a_holiday_that_is_over_drops_empty_lessons_and_names_the_others(
    office: PageClient, group: LearnerGroup
) -> None:
    office.post(f"/groepen/{group.id}/rooster", {"weekday": "4", "from_on": "2026-11-06", **TIMES})
    with in_school(LEST_BEST):
        first, second = session.scalars(
            select(Lesson).where(Lesson.held_on < date(2026, 11, 20)).order_by(Lesson.held_on)
        )
        make_mark(first, make_enrolled_learner(group))
    days = {"name": "Studiedagen", "starts_on": "2026-11-02", "ends_on": "2026-11-15"}

    office.post("/vakanties", {**days, **hidden_in(office.post("/vakanties", days))})

    text = office.get("/vakanties").text
    [holiday] = rows(Holiday)
    assert second.id not in {row.id for row in rows(Lesson)}
    assert f"/groepen/{group.id}/lessen/{first.id}" in text
    assert "Studiedagen" in text
    assert "1 les telt mee" in text
    office.post(f"/vakanties/{holiday.id}/lessen-annuleren")
    assert [row.cancelled_because for row in rows(Lesson) if row.id == first.id] == ["Studiedagen"]
    assert "telt mee" not in office.get("/vakanties").text
    office.post(f"/vakanties/{holiday.id}/verwijderen")
    assert date(2026, 11, 13) in {row.held_on for row in rows(Lesson)}


def test_a_teacher_at_two_places_is_asked_about_and_stored_once_it_is_meant(
    client: PageClient, sign_in: SignIn, group: LearnerGroup
) -> None:
    sign_in(client, "administration")
    with in_school(LEST_BEST):
        teacher, other = make_account("Tess Jansen", "teacher"), make_group("B1 <ochtend>")
        make_teacher_of(other, teacher)
        make_lesson(other, held_on=today() + timedelta(days=3))
        make_lesson(group, held_on=today() + timedelta(days=3))
    url, values = f"/groepen/{group.id}/docenten", {"account_id": str(teacher.id), "starts_on": today().isoformat()}
    assert 'name="despite"' not in client.get(url).get_data(as_text=True)

    refused = client.post(url, values)
    text = refused.get_data(as_text=True)
    stored = client.post(url, {**values, "despite": "y"})

    assert refused.status_code == 422
    assert "Tess Jansen geeft op maandag 23 november van 09:00 tot 12:00 ook les aan B1 &lt;ochtend&gt;" in text
    assert 'name="despite"' in text
    assert stored.status_code == 303
    with in_school(LEST_BEST):
        assert session.scalars(select(GroupTeacher.group_id).where(GroupTeacher.account_id == teacher.id)).all() == [
            other.id,
            group.id,
        ]


def test_the_list_of_groups_sorts_and_goes_out_as_it_stands(
    client: PageClient, sign_in: SignIn, group: LearnerGroup
) -> None:
    sign_in(client, "administration")
    with in_school(LEST_BEST):
        make_teacher_of(make_group("=B1", room="+4"), make_account("Noor Bakker", "teacher"))
    text = client.get("/groepen?volgorde=-name").get_data(as_text=True)
    assert 'aria-sort="descending"><a class="sort" href="/groepen?volgorde=name">Groep' in text
    assert text.index(group.name) < text.index("=B1")

    answer = client.post("/groepen/ophalen?volgorde=name", {"vorm": "csv"})
    rows = [line.split(";") for line in answer.get_data(as_text=True).lstrip("\ufeff").splitlines()]
    assert [row[0] for row in rows] == ["Groep", "'=B1", group.name]
    assert rows[1][2:4] == ["Noor Bakker", "+4"]
    assert client.post("/groepen/ophalen", {"vorm": "exe"}).status_code == 422
    with in_school(LEST_BEST):
        [entry] = session.scalars(select(AuditEvent).where(AuditEvent.event == "courses.list_taken"))
    assert entry.facts == {"count": 2, "format": "csv"}
