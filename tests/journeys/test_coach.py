"""A coach on her phone: her list is where she comes in; she narrows it, opens a learner and hands one over."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_trajectory
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "meester-in-nt2"
WORDS = {"nl": ("Mijn cursisten", "Begeleider"), "en": ("My learners", "Coach"), "ar": ("دارسيّ", "المرشد")}
Caseload = tuple[list[Learner], str]


def caseload_of(coach: Person) -> Caseload:
    """Make three learners of hers, of whom one ends soon; return them and the name of a colleague."""
    with in_school(school_id(SLUG)):
        group = make_group(f"A1 {uuid4().hex[:8]}")
        lessons = [make_lesson(group, held_on=today() - timedelta(days=days)) for days in (9, 7)]
        learners = [make_learner(name, f"Haddad{uuid4().hex[:6]}") for name in ("Amina", "Bereket", "Chen")]
        for learner in learners:
            enrol(learner, group, starts_on=today() - timedelta(days=30))
            make_coaching(learner, coach)
            make_mark(lessons[0], learner)
        make_trajectory(learners[1], ends_on=today() + timedelta(days=20))
        return learners, make_coach(f"Daan {uuid4().hex[:6]}").name


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def coach(request: pytest.FixtureRequest, live: Live, browse: Callable[..., Page]) -> Person:
    page = browse(scripted=request.param, viewport={"width": 390, "height": 800})
    return make_person(live, page, SLUG, "Roos Willems", "coach")


def test_a_coachs_morning(coach: Person) -> None:
    (amina, bereket, _chen), colleague = caseload_of(coach)
    page = coach.page
    coach.signs_in()
    coach.titled("Mijn cursisten")
    rows = page.locator("#coached-list tbody tr")
    expect(rows).to_have_count(3)
    assert coach.fits()

    page.get_by_role("link", name="Eindigt binnen 60 dagen").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(bereket.full_name)
    page.get_by_role("link", name="Alle").first.click()
    expect(rows).to_have_count(3)

    page.get_by_role("link", name=amina.full_name).click()
    coach.titled(amina.full_name)
    expect(page.locator("#summary")).to_contain_text("Roos Willems")
    page.get_by_role("link", name="Presentie", exact=True).first.click()
    expect(page.get_by_text("Uren gevolgd")).to_be_visible()

    coach.go("/mijn/cursisten")
    page.get_by_label(f"Kies {amina.full_name}").check()
    coach.presses("Overdragen")
    page.get_by_label("Begeleider", exact=True).select_option(label=colleague)
    coach.presses("Nakijken")
    expect(page.get_by_text("1 cursist doet mee")).to_be_visible()
    coach.presses("Geef 1 cursist deze begeleider")
    coach.titled("Mijn cursisten")
    expect(rows).to_have_count(2)
    coach.presses("Ongedaan maken")
    expect(rows).to_have_count(3)


@pytest.mark.sample(1 / 9)
@pytest.mark.parametrize(("language", "width"), list(product(WORDS, (390, 900, 1280))))
def test_her_list_and_a_learners_story_fit_every_screen_in_every_language(
    live: Live, browse: Callable[..., Page], language: str, width: int
) -> None:
    page = browse(viewport={"width": width, "height": 900})
    coach = make_person(live, page, SLUG, "Roos Willems", "coach")
    (amina, *_), _colleague = caseload_of(coach)
    coach.signs_in()
    coach.speaks(language)

    coach.go("/mijn/cursisten")
    coach.titled(WORDS[language][0])
    expect(page.locator("#coached-list tbody tr")).to_have_count(3)
    assert coach.fits()
    coach.go(f"/cursisten/{amina.id}")
    coach.titled(amina.full_name)
    expect(page.locator("#summary")).to_contain_text(WORDS[language][1])
    assert coach.fits()
