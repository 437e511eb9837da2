"""Text at twice its size and narrow screens: nothing overlaps, nothing lies off the screen (WCAG 1.4.4, 1.4.10)."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from portal.accounts.models import Account
from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import make_person

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
PAGES = ("/mijn/lessen", "/mijn/aanwezigheid", "/mijn/gegevens", "/mijn/gegevens/alles", "/mijn/toestemmingen", "/hulp")
READ_BY_ALL = ("/privacy", "/account")
STAFF_PAGES = {
    "teacher": (
        *("/vandaag", "/presentie", "/cursisten", "/groepen", "/groepen/{group}/niveau", "/account"),
        "/lessen/{lesson}/presentie",
    ),
    "administration": (
        *("/cursisten", "/cursisten/{learner}", "/cursisten/{learner}/dossier", "/cursisten/{learner}/presentie"),
        "/cursisten/{learner}/geschiedenis",
        *("/bestanden", "/bestanden/nieuw/attendance_for_client", "/toestemmingen", "/inlezen", "/wijzigingen"),
    ),
    "management": ("/medewerkers", "/instellingen", "/logboek", "/klachten", "/klachten/nieuw", "/wie-mag-wat"),
}
# What lies beside the screen, or is cut by what holds it and can't be scrolled to.
CUT = """() => {
    const wide = document.documentElement.clientWidth, faults = [];
    const scrolls = each => /auto|scroll/.test(getComputedStyle(each).overflowX);
    for (const each of document.querySelectorAll('main *')) {
        if (each.matches('svg *, thead, thead *, .visually-hidden, .visually-hidden *')) continue;
        if (!each.checkVisibility()) continue;
        const box = each.getBoundingClientRect();
        if (box.width < 2 || (box.left > -2 && box.right < wide + 2)) continue;
        let holder = each.parentElement;
        while (holder && !scrolls(holder)) holder = holder.parentElement;
        if (!holder) faults.push(`${each.tagName} ${each.textContent.trim().slice(0, 40)}`);
    }
    const all = document.documentElement.scrollWidth;
    if (all > wide + 1) faults.push(`the page is ${all} wide`);
    for (const each of document.querySelectorAll('.seg label')) {
        if (!each.checkVisibility()) continue;
        const words = document.createRange(), box = each.getBoundingClientRect();
        words.selectNodeContents(each);
        const longest = Math.max(...[...words.getClientRects()].map(line => line.width));
        if (longest > box.width + 1) faults.push(`cut ${each.textContent}`);
    }
    return faults.slice(0, 5);
}"""
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
    for path in (*PAGES, *READ_BY_ALL):
        page.goto(live.url(path, SLUG))
        assert page.locator("html").get_attribute("lang") == language
        for percent in (100, 130, 200):
            page.evaluate(
                "size => document.documentElement.style.setProperty('font-size', size, 'important')", f"{percent}%"
            )
            for width in (320, 360, 390):
                page.set_viewport_size({"width": width, "height": 844})
                measured = page.evaluate(MEASURED)
                assert measured["seen"] >= (5 if path in PAGES else 1)
                cut = page.evaluate(CUT)
                faults += [(path, percent, width, each) for each in (*measured["faults"], *cut)]
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


# How high the bar under her thumb is, and how much of the page's end lies behind it.
BAR = """() => {
    scrollTo(0, document.documentElement.scrollHeight);
    const bar = document.querySelector('.thumb').getBoundingClientRect();
    const end = document.querySelector('.foot').getBoundingClientRect();
    return [bar.height, Math.round(end.bottom - bar.top), Math.round(bar.bottom - innerHeight)];
}"""


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_the_bar_under_a_thumb_leaves_the_page_in_sight(live: Live, chromium: Browser, language: str) -> None:
    """With twice as large text it takes a seventh of the screen at most, and nothing ever lies behind it at the end."""
    context = chromium.new_context(
        bypass_csp=True, reduced_motion="reduce", locale=language, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz")
    make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=learner).signs_in()
    page.goto(live.url("/mijn/lessen", SLUG))
    for percent, most in ((100, 70), (200, 110)):
        page.evaluate(
            "size => document.documentElement.style.setProperty('font-size', size, 'important')", f"{percent}%"
        )
        high, behind, below = page.evaluate(BAR)
        assert high <= most
        assert behind <= 0
        assert below == 0
    context.close()


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_her_level_and_attendance_are_in_sight_at_once(live: Live, chromium: Browser, language: str) -> None:
    """What she has to do now stands above them, in a few lines."""
    context = chromium.new_context(locale=language, viewport={"width": 390, "height": 800})
    page = context.new_page()
    with in_school(HERE):
        learner, group = make_learner("Amina", "Yilmaz"), make_group(f"Kennis van de maatschappij {language}")
        enrol(learner, group)
        for days in range(1, 6):
            cancelled_at = now() if days > 1 else None
            make_lesson(group, held_on=today() + timedelta(days=days), room="3.07", cancelled_at=cancelled_at)
    make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=learner).signs_in()
    for path in ("/mijn/niveau", "/mijn/aanwezigheid"):
        page.goto(live.url(path, SLUG))
        box = page.locator("#tasks + *").bounding_box()
        assert box is not None
        assert box["y"] < 600
    context.close()


@pytest.mark.parametrize("role", STAFF_PAGES)
def test_staff_read_all_of_a_page_on_a_phone_with_large_text(live: Live, chromium: Browser, role: str) -> None:
    page = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale="nl").new_page()
    person = make_person(live, page, SLUG, "Sam de Vries", role)
    with in_school(HERE):
        learner = make_learner("Bartholomeus", "Burgerservicenummerbezitter", phone="+31612345678")
        group = make_group(f"Kennis van de Nederlandse maatschappij {role}")
        make_teacher_of(group, session.get_one(Account, (HERE, person.account_id)))
        enrol(learner, group)
        lesson = make_lesson(group, room="1.01")
        make_mark(lesson, learner, late_minutes=10, minutes=155)
        audit.record("learners.changed", learner_id=learner.id)
    person.signs_in()
    faults: list[tuple[Any, ...]] = []
    for path in STAFF_PAGES[role]:
        page.goto(live.url(path.format(group=group.id, learner=learner.id, lesson=lesson.id), SLUG))
        assert page.locator("h1").count() == 1
        for percent in (100, 200):
            page.evaluate(
                "size => document.documentElement.style.setProperty('font-size', size, 'important')", f"{percent}%"
            )
            for width in (360, 390, 900):
                page.set_viewport_size({"width": width, "height": 844})
                faults += [(path, percent, width, each) for each in page.evaluate(CUT)]
    page.context.close()
    assert not faults, "\n".join(map(str, faults[:40]))


# How far the glass is from the middle of its field, and by how much the school's letters are wider than their box.
OFF = """() => {
    const middle = each => { const box = each.getBoundingClientRect(); return (box.top + box.bottom) / 2; };
    const field = document.querySelector('main .search'), mark = document.querySelector('.school .mark');
    const letters = document.createRange();
    letters.selectNodeContents(mark);
    return [Math.abs(middle(field.querySelector('input')) - middle(field.querySelector('.icon'))),
            letters.getBoundingClientRect().width - mark.getBoundingClientRect().width];
}"""


def test_signs_stay_in_their_place(live: Live, chromium: Browser) -> None:
    page = chromium.new_context(bypass_csp=True, locale="nl", viewport={"width": 360, "height": 740}).new_page()
    make_person(live, page, SLUG, "Sam de Vries", "coach").signs_in()
    page.goto(live.url("/cursisten", SLUG))
    for percent in (100, 200):
        page.evaluate(
            "size => document.documentElement.style.setProperty('font-size', size, 'important')", f"{percent}%"
        )
        glass, letters = page.evaluate(OFF)
        assert glass < 3, f"the glass is {glass} px beside the middle at {percent} %"
        assert letters < -4, f"the letters are {letters} px wider than their box at {percent} %"
    page.context.close()
