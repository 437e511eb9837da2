"""Text at twice its size and narrow screens: nothing overlaps, nothing lies off the screen (WCAG 1.4.4, 1.4.10)."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import make_person

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
PAGES = ("/mijn/lessen", "/mijn/aanwezigheid", "/mijn/gegevens", "/mijn/gegevens/alles", "/mijn/toestemmingen", "/hulp")
MEASURED = """() => {
    const wide = document.documentElement.clientWidth, faults = [];
    const labels = '.thumb li > a > span, .thumb li > details > summary > span, .school .name, .tools > .drawer';
    const seen = [...document.querySelectorAll(labels)]
        .map(each => [each.textContent.trim(), each.getBoundingClientRect()]).filter(([, box]) => box.width);
    const before = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
    seen.forEach(([text, box], at) => {
        if (box.left < -1 || box.right > wide + 1) faults.push(`${text} lies off the screen`);
        for (const [other, its] of seen.slice(at + 1))
            if (!before(box, its) && !before(its, box)) faults.push(`${text} over ${other}`);
    });
    for (const target of document.querySelectorAll('.thumb a, .thumb summary'))
        if (target.offsetParent && target.getBoundingClientRect().height < 48) faults.push(`${target.textContent} low`);
    const all = document.documentElement.scrollWidth;
    if (all > wide + 1) faults.push(`the page is ${all} wide`);
    return {seen: seen.length, faults};
}"""
LOW = """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select')]
    .filter(each => each.offsetParent && !each.matches('.skip, .visually-hidden *'))
    .filter(each => each.getBoundingClientRect().width > 1)
    .map(each => [each.textContent.trim() || each.name, each.closest('li:has(.row-link), label') ?? each])
    .filter(([, target]) => target.getBoundingClientRect().height < 44).map(([text]) => text)"""
MORE = (
    "/mijn/niveau",
    "/mijn/wie-keek",
    "/mijn/wie-kreeg",
    "/mijn/wijzigingen",
    "/mijn/gegevens/contact",
    "/privacy",
    "/account",
    "/account/sessies",
)
TWO_SCREENS = 2 * 844


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_nothing_overlaps_or_lies_off_the_screen(live: Live, chromium: Browser, language: str) -> None:
    with in_school(HERE):
        learner, group = make_learner("Amina", "Yilmaz", phone="+31612345678", email="amina@example.org"), make_group()
        enrol(learner, group)
        make_mark(make_lesson(group), learner, late_minutes=10, minutes=155)
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale=language)
    page = context.new_page()
    make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=learner).signs_in()
    faults: list[tuple[Any, ...]] = []
    for path in PAGES:
        page.goto(live.url(path, SLUG))
        assert page.locator("html").get_attribute("lang") == language
        for percent in (100, 130, 200):
            page.evaluate(
                "size => document.documentElement.style.setProperty('font-size', size, 'important')", f"{percent}%"
            )
            for width in (320, 360, 390):
                page.set_viewport_size({"width": width, "height": 844})
                measured = page.evaluate(MEASURED)
                assert measured["seen"] >= 5
                faults += [(path, percent, width, each) for each in measured["faults"]]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live.url("/mijn/gegevens", SLUG))
    high = page.evaluate("document.documentElement.scrollHeight")
    context.close()
    assert high <= TWO_SCREENS
    assert not faults, "\n".join(map(str, faults[:40]))


def test_what_a_learner_taps_is_as_high_as_a_thumb(live: Live, chromium: Browser) -> None:
    """No target is under 44 px, in a sentence neither."""
    with in_school(HERE):
        learner, group = make_learner("Amina", "Yilmaz", phone="+31612345678", email="amina@example.org"), make_group()
        enrol(learner, group)
        make_mark(make_lesson(group), learner, late_minutes=10, minutes=155)
    context = chromium.new_context(
        bypass_csp=True, reduced_motion="reduce", locale="nl", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=learner).signs_in()
    low = {}
    for path in (*PAGES, *MORE):
        page.goto(live.url(path, SLUG))
        low[path] = page.evaluate(LOW)
    context.close()
    assert {path: found for path, found in low.items() if found} == {}
