"""The school in figures: who sees it, what stands there, that small groups are joined, and what it costs."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from portal.attendance.models import Status
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import Course, LearnerGroup, Lesson
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.services import count_all
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Route
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, fill_group, make_course, make_group, make_lesson
from tests.factories.learners import make_organisation, make_trajectory
from tests.page_client import PageClient
from tests.signing_in import SignIn

PAGE = "/school"
LEST_BEST = school_id("lest-best")
NOW, BEFORE = date(2026, 11, 3), date(2026, 8, 4)


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def hold(group: LearnerGroup, learners: list[Learner], held_on: date, *, absent: int = 0) -> Lesson:
    """Hold a lesson to which all came but so many."""
    lesson = make_lesson(group, held_on=held_on)
    for at, learner in enumerate(learners):
        make_mark(lesson, learner, Status.ABSENT if at < absent else Status.PRESENT)
    return lesson


def fill(name: str, size: int, *, course: Course | None = None, absent: int = 0) -> tuple[LearnerGroup, list[Learner]]:
    """Make a group with lessons in the running quarter and in the one before, to which all came."""
    group = make_group(name, course=course)
    learners = fill_group(group, size)
    hold(group, learners, BEFORE)
    hold(group, learners, NOW, absent=absent)
    return group, learners


@pytest.fixture
def school_of_twenty() -> dict[str, Any]:
    """Two groups of ten in two courses; of the first half were absent this quarter."""
    with in_school(LEST_BEST):
        morning, learners = fill("A2 ochtend", 10, absent=5)
        evening, others = fill("B1 avond", 10)
        client = make_organisation("Gemeente Houten")
        for learner in learners:
            make_trajectory(learner, route=Route.B1, client_id=client.id, starts_on=date(2026, 1, 1))
        session.add(
            Correction(
                learner_id=others[0].id,
                field="learner.phone",
                state=CorrectionState.PROPOSED,
                proposed_at=now(),
            )
        )
        session.flush()
        count_all()
        return {"morning": morning.id, "evening": evening.id}


def text_of(client: PageClient, path: str = PAGE, **kwargs: Any) -> str:
    answer = client.get(path, **kwargs)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def card_of(client: PageClient, measure: str) -> str:
    return text_of(client).partition(f'id="figure-{measure}"')[2].partition('class="card')[0]


def rows_of(client: PageClient, path: str) -> dict[str, list[str]]:
    """Return the rows of the page's file, by what they are of."""
    client.get(PAGE)
    answer = client.post(f"{PAGE}/ophalen{path}", {"vorm": "csv"})
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))
    return {row[0]: row[1:] for row in rows}


def test_a_director_sees_a_quarter_beside_the_one_before(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]
) -> None:
    sign_in(client, "management")
    text = text_of(client)
    assert "okt t/m dec 2026" in text
    assert "vergeleken met jul t/m sep 2026" in text
    assert "Geteld op 20 november 2026" in text
    assert "Deze periode loopt nog" in text
    assert "75%" in text
    assert "50%, periode ervoor 100%" in text
    assert f"/groepen/{school_of_twenty['morning']}/presentie" in text
    assert 'id="figure-waiting"' in text
    assert "Bij geen groep staat hoeveel plaatsen er zijn." in text.partition('id="figure-occupancy"')[2]
    assert "november 2026: 75%" in text
    assert "Cursist" not in text.partition("<main")[2].replace("Cursisten", "")


@pytest.mark.parametrize(
    ("split", "label"), [("cursus", "Cursus "), ("opdrachtgever", "Gemeente Houten"), ("leerroute", "B1-route")]
)
def test_figures_are_split_by_what_is_asked(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any], split: str, label: str
) -> None:
    sign_in(client, "management")
    text = text_of(client, f"{PAGE}?per={split}")
    assert label in text.partition('id="school-rows"')[2]
    assert "50%, periode ervoor 100%" in text


def test_small_groups_are_joined_and_the_sum_gives_none_away(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        course = make_course("Inburgering")
        for name, size in (("Groot", 12), ("Midden", 7), ("Klein", 2)):
            fill(name, size, course=course)
        count_all()
    rows = rows_of(client, "")
    assert "Groot" in rows
    assert "Midden" not in rows
    assert "Klein" not in rows
    assert rows["Kleine groepen van Inburgering"][2] == "9"
    assert "zijn rijen samengevoegd" in text_of(client)


def test_it_says_how_many_withdrawals_are_wholly_done(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]
) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        whole = {"kind": FigureKind.SCHOOL, "month": date(2026, 11, 1)}
        counts = {"withdrawals": 7, "withdrawals_done": 3, "withdrawal_minutes": 3}
        session.execute(update(SchoolFigure).filter_by(**whole).values(**counts))
    card = card_of(client, "withdrawals")
    assert "3 van 7 klaar" in card
    assert "gemiddeld" not in card


def test_a_school_of_four_shows_nobody(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        fill("Klein", 4, absent=1)
        count_all()
    text = text_of(client)
    assert "Klein" not in text
    assert "75%" not in text
    assert "Niets te verdelen" in text


def test_before_anything_was_counted_it_says_when(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    text = text_of(client)
    assert "Nog niets geteld" in text
    assert "De cijfers worden elke nacht geteld" in text


def test_who_may_work_on_the_rows_finds_them_from_the_figure(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]
) -> None:
    sign_in(client, "administration")
    assert 'href="/presentie">Naar de open registers' in text_of(client)


def test_who_may_not_finds_no_way_there(client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]) -> None:
    sign_in(client, "management")
    text = text_of(client)
    assert "Naar de open registers" not in text
    assert "Naar de wijzigingen" in text


@pytest.mark.parametrize("role", ["teacher", "coach"])
def test_the_figures_are_not_for_everybody(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}/ophalen", {"vorm": "csv"}).status_code == 403


def test_the_figures_go_out_as_a_file(client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]) -> None:
    sign_in(client, "management")
    rows = rows_of(client, "?per=groep")
    assert rows["Per groep"][:4] == [
        "Aanwezigheid, in procenten", "Aanwezigheid, periode ervoor", "Cursisten", "Cursisten, periode ervoor"
    ]  # fmt: skip
    assert rows["A2 ochtend"][:4] == ["50", "100", "10", "10"]
    assert rows["Hele school"][:4] == ["75", "100", "20", "20"]
    assert client.post(f"{PAGE}/ophalen", {"vorm": "pdf"}).status_code == 422


@pytest.mark.parametrize("asked", ["periode=eeuw", "rond=nooit", "per=docent"])
def test_what_there_is_not_is_refused(client: PageClient, sign_in: SignIn, asked: str) -> None:
    sign_in(client, "management")
    assert client.get(f"{PAGE}?{asked}").status_code == 422


def test_a_school_that_keeps_no_registers_or_levels_has_figures_without_them(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("onderwijs-pro")
    sign_in(client, "management")
    with in_school(school_id("onderwijs-pro")):
        fill_group(make_group("A2 ochtend"), 6)
        make_lesson(held_on=NOW)
        count_all()
    text = text_of(client)
    assert "A2 ochtend" in text
    assert "Niveaus omhoog" not in text
    assert "Aanwezigheid per maand" not in text
    assert "/presentie" not in text


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("administration", "1 wacht nu op antwoord in uw lijst"),
        ("management", "0 wachten nu op antwoord in uw lijst"),
    ],
)
def test_it_says_how_many_changes_wait_for_who_reads(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any], role: str, said: str
) -> None:
    sign_in(client, role)
    card = card_of(client, "corrections")
    assert said in card
    assert 'href="/wijzigingen">Naar de wijzigingen' in card


def test_who_may_not_fill_in_registers_finds_the_groups_whose_are_open(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]
) -> None:
    sign_in(client, "management")
    assert 'href="/school?per=groep&amp;periode=kwartaal&amp;rond=2026-10#split">Bekijk per groep' in card_of(
        client, "open"
    )


def test_it_says_where_the_two_periods_had_lessons_in_other_months(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        group, learners = fill("A2 ochtend", 8)
        count_all()
        assert "Maanden met lessen" not in text_of(client)
        hold(group, learners, date(2026, 10, 6))
        count_all()
    assert "Maanden met lessen: 2, ervoor 1. Vergelijken zegt dan minder." in text_of(client)


def test_large_numbers_are_written_as_the_language_does(
    client: PageClient, sign_in: SignIn, school_of_twenty: dict[str, Any]
) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        counts = {"lessons": 5707, "levels_up": 3756, "levels_people": 20, "places": 2100, "places_taken": 1900}
        whole = {"kind": FigureKind.SCHOOL, "month": date(2026, 11, 1)}
        session.execute(update(SchoolFigure).filter_by(**whole).values(**counts))
    main = text_of(client).partition("<main")[2]
    assert "van 5.70" in main
    assert "1.900 van 2.100 plaatsen" in main
    assert ">3.756</text>" in main
    assert not re.search(r"5708|5707|3756|2100|1900", main)


def test_a_question_that_cannot_be_answered_is_not_something_to_store(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    for asked in ("periode=eigen&van=2026-13", "periode=lesperiode&welke=niets"):
        text = client.get(f"{PAGE}?{asked}").get_data(as_text=True).partition("<main")[2].partition("</main")[0]
        assert "Dit kan niet" in text
        assert "In het adres staat iets wat er niet is" in text
        assert "opgeslagen" not in text
        assert "gesorteerd" not in text


def test_another_school_shows_nothing_of_it(
    client_at: Callable[[str], PageClient], sign_in: SignIn, school_of_twenty: dict[str, Any]
) -> None:
    other = client_at("step-inburgering")
    sign_in(other, "management")
    assert "A2 ochtend" not in text_of(other)


@pytest.mark.parametrize("groups", [1, 12])
def test_the_page_takes_as_many_statements_however_many_groups(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], groups: int
) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        both = fill_group(make_group("Samen"), 6)
        for at in range(groups):
            group, _learners = fill(f"Groep {at}", 6)
            enrol(both[0], group)
        fill("Klein", 2)
        count_all()
    client.get(PAGE)
    with count_statements() as statements:
        text = text_of(client)
    assert "Andere groepen samen" in text
    assert len(statements) <= 7, statements
