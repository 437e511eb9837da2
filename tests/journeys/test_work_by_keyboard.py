"""The work of a week by keyboard alone: a teacher's register, a coach's hand-over, the office's next term, a director's
figures, a learner who can't come."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.hours.figures.services import count_all
from tests.conftest import school_id
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.courses import fill_group, make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.journeys.conftest import Live
from tests.journeys.keyboard import press, reach
from tests.journeys.people import make_person

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
DAY = timedelta(days=1)


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    return browse(viewport={"width": 1280, "height": 900})


def test_a_teacher_goes_from_her_week_to_a_full_register(live: Live, page: Page) -> None:
    teacher = make_person(live, page, SLUG, "Tess Jansen", "teacher")
    with in_school(HERE):
        group = make_group(f"A2 {uuid4().hex[:8]}")
        make_teacher_of(group, session.get_one(Account, (HERE, teacher.account_id)))
        fill_group(group, 3)
        make_lesson(group)
    teacher.signs_in()
    press(page, "Mijn week", "link")
    teacher.titled("Mijn week")
    press(page, group.name, "link")
    teacher.titled(group.name)
    press(page, "Iedereen aanwezig")
    teacher.reads("Alles is ingevuld")


def test_a_coach_hands_a_learner_over(live: Live, page: Page) -> None:
    coach = make_person(live, page, SLUG, "Roos Willems", "coach")
    with in_school(HERE):
        learner = make_enrolled_learner(make_group(f"A1 {uuid4().hex[:8]}"), "Amina", f"Haddad{uuid4().hex[:6]}")
        make_coaching(learner, coach)
        colleague = make_coach(f"Daan {uuid4().hex[:6]}").name
    coach.signs_in()
    coach.titled("Mijn cursisten")
    reach(page, page.get_by_label(f"Kies {learner.full_name}"))
    page.keyboard.press("Space")
    press(page, "Overdragen")
    reach(page, page.get_by_label("Begeleider", exact=True))
    page.keyboard.type(colleague)
    press(page, "Nakijken")
    press(page, "Geef 1 cursist deze begeleider")
    coach.titled("Mijn cursisten")
    expect(page.locator("#coached-list")).to_have_count(0)
    press(page, "Ongedaan maken")
    expect(page.locator("#coached-list tbody tr")).to_have_count(1)


def test_the_office_names_a_term_and_copies_a_group_to_it(live: Live, page: Page) -> None:
    with in_school(HERE):
        group = make_group(f"A2 {uuid4().hex[:6]}", starts_on=today() - 60 * DAY, ends_on=today() + 40 * DAY)
    office = make_person(live, page, SLUG, "Emiel Bosch", "administration")
    office.signs_in()
    office.go("/perioden")
    term = f"Voorjaar {uuid4().hex[:6]}"
    for label, days in (("Naam", 0), ("Eerste dag", 400), ("Laatste dag", 460)):
        reach(page, page.get_by_label(label))
        page.keyboard.type(f"{today() + days * DAY:%d-%m-%Y}" if days else term)
    press(page, "Voeg toe")
    office.reads("De periode is toegevoegd.", term)
    office.go(f"/groepen/{group.id}")
    press(page, "Kopiëren", "link")
    press(page, term, "link")
    reach(page, page.locator(f"input[name='naam.{group.id}']"))
    page.keyboard.press("Control+A")
    page.keyboard.type(f"{group.name} nieuw")
    page.keyboard.press("Enter")
    office.titled(f"{group.name} nieuw")


def test_a_director_changes_period_and_split(live: Live, page: Page) -> None:
    with in_school(HERE):
        fill_group(make_group(f"B1 {uuid4().hex[:6]}"), 5)
        count_all()
    director = make_person(live, page, SLUG, "Kees van Loon", "management")
    director.signs_in()
    press(page, "Cijfers", "link")
    director.titled("Cijfers")
    press(page, "Maand", "link")
    page.wait_for_url("**periode=maand*")
    press(page, "Per leerroute", "link")
    page.wait_for_url("**per=leerroute*")
    expect(page.get_by_role("heading", name="Per leerroute")).to_be_visible()


def test_a_learner_says_that_she_cant_come(live: Live, page: Page) -> None:
    with in_school(HERE):
        group = make_group(f"A2 {uuid4().hex[:8]}")
        learner = make_enrolled_learner(group, "Amina", f"Yilmaz{uuid4().hex[:6]}")
        make_lesson(group, held_on=today() + DAY)
    amina = make_person(live, page, SLUG, "Amina", "learner", learner=learner)
    amina.signs_in()
    amina.go("/mijn/lessen")
    press(page, "Ik kan niet komen", "link")
    reach(page, page.locator("[name=reason]:checked"))
    page.keyboard.press("ArrowUp")
    press(page, "Meld mij af")
    expect(page.locator("#tasks")).to_contain_text("u komt niet")


def test_who_stored_a_note_at_a_mark_is_back_at_its_row(live: Live, page: Page) -> None:
    teacher = make_person(live, page, SLUG, "Tess Jansen", "teacher")
    with in_school(HERE):
        group = make_group(f"A2 {uuid4().hex[:8]}")
        make_teacher_of(group, session.get_one(Account, (HERE, teacher.account_id)))
        fill_group(group, 3)
        lesson = make_lesson(group)
    teacher.signs_in()
    teacher.go(f"/lessen/{lesson.id}/presentie")
    button = page.locator(".register > li").nth(1).locator("button[form=n]")
    reach(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Notitie", exact=False).and_(page.locator("textarea"))).to_be_focused()
    page.keyboard.type("Deed goed mee.")
    press(page, "Opslaan")
    expect(page.get_by_text("De notitie is opgeslagen.")).to_be_focused()
    press(page, "Sluiten", "link")
    expect(button).to_be_focused()
