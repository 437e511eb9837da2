"""Figures in a browser: from left to right in Dutch, from right to left in Arabic, their letters readable in both."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from portal.attendance.models import Status
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.learners.record.models import Learner
from portal.progress.models import Rung, Skill
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.journeys.conftest import Live
from tests.journeys.people import make_person

SLUG = "lest-best"
HERE = school_id(SLUG)
# The middles of what is drawn, in the order in which it is drawn; and of the letters how often they were turned round.
MIDDLES = "all => all.map(each => { const box = each.getBoundingClientRect(); return box.x + box.width / 2; })"
TURNED = """all => all.map(text => {
  const turn = element => new DOMMatrix(getComputedStyle(element).transform).a;
  return turn(text) * turn(text.closest('.chart > svg'));
})"""
OUTSIDE = """all => all.filter(text => {
  const box = text.getBoundingClientRect(), around = text.closest('.chart').getBoundingClientRect();
  return box.left < around.left || box.right > around.right;
}).map(text => text.textContent)"""


def with_figures() -> Learner:
    """Somebody with lessons and levels to draw; call it in her school's scope."""
    learner, group = make_learner("Amina"), make_group()
    enrol(learner, group)
    for ago, status in ((4, Status.PRESENT), (3, Status.ABSENT), (2, Status.EXCUSED)):
        make_mark(make_lesson(group, held_on=today() - timedelta(days=ago)), learner, status)
    for ago, rung in ((90, Rung.A0), (40, Rung.A1), (10, Rung.A2)):
        day = today() - timedelta(days=ago)
        make_row("level", learner_id=learner.id, skill=Skill.READING, level=rung, found_on=day)
    return learner


@pytest.mark.parametrize(("language", "direction"), [("nl", "ltr"), ("ar", "rtl")])
def test_figures_follow_the_page(live: Live, chromium: Browser, language: str, direction: str) -> None:
    with in_school(HERE):
        learner = with_figures()
    page = chromium.new_context(locale=language, viewport={"width": 390, "height": 844}).new_page()
    amina = make_person(live, page, SLUG, "Amina", "learner", learner=learner)
    amina.signs_in()
    for path, drawn in (("/mijn/aanwezigheid", ".strip > svg"), ("/mijn/niveau", ".chart circle")):
        amina.go(path)
        expect(page.locator("html")).to_have_attribute("dir", direction)
        for folded in page.locator("main details:has(.chart)").all():
            folded.evaluate("details => { details.open = true }")
        places = page.locator(drawn).evaluate_all(MIDDLES)
        assert len(set(places)) == 3
        assert places == sorted(places, reverse=direction == "rtl")
        letters = page.locator(".chart > svg text")
        assert set(letters.evaluate_all(TURNED)) <= {1}
        assert not letters.evaluate_all(OUTSIDE)
    page.context.close()
