"""Tables with much in a row, at a school that keeps everything and whose colour is red: they fit, cut nothing at its
start, and say what happened in the colours of a status.
"""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.journeys.wide_pages import fill_wide_group

STEP = "step-inburgering"
LIST = "/mijn/cursisten?toon=alle"
TOO_WIDE = """() => [...document.querySelectorAll('main .table'), document.documentElement]
    .map(each => each.scrollWidth - each.clientWidth).filter(over => over > 0)"""
# How far the first letter of each group's name lies outside what cuts it off; which way the name itself runs.
STARTS = """() => [...document.querySelectorAll('#coached-list tbody small bdi')].map(name => {
    const letter = document.createRange();
    letter.setStart(name.firstChild, 0);
    letter.setEnd(name.firstChild, 1);
    let holder = name;
    while (getComputedStyle(holder).overflowX == 'visible') holder = holder.parentElement;
    const box = holder.getBoundingClientRect(), drawn = letter.getBoundingClientRect();
    return [Math.max(box.left - drawn.left, drawn.right - box.right) < 1, name.matches(':dir(ltr)')];
})"""
# The colour of what happened, that of the token for it, and the school's own.
COLOURS = """() => {
    const probe = document.body.appendChild(document.createElement('i'));
    const of = token => { probe.style.color = `var(--${token})`; return getComputedStyle(probe).color; };
    const fills = names => [...new Set([...document.querySelectorAll(names)].map(each => getComputedStyle(each).fill))];
    const strokes = fills('svg.strokes rect:not([class])'), shares = fills('.share .used');
    return {strokes, shares, good: of('good'), accent: of('accent')};
}"""
# On how many lines the number of each pill stands, at large text.
PILLS = """() => {
    document.documentElement.style.fontSize = '200%';
    return [...document.querySelectorAll('.pills .chips b')].map(each => {
        each.textContent = '128';
        const number = document.createRange();
        number.selectNodeContents(each);
        return new Set([...number.getClientRects()].map(box => Math.round(box.top))).size;
    });
}"""
# Names of months of which a letter lies under the first column or outside its own cell, as the table is scrolled.
MONTHS = """() => {
    const table = document.querySelector('.matrix'), faults = [], size = table.scrollWidth - table.clientWidth;
    const column = table.querySelector('thead th').getBoundingClientRect();
    for (let at = 0; at <= size; at += 20) {
        table.scrollLeft = -at;
        for (const month of table.querySelectorAll('th[colspan]')) {
            const words = document.createRange(), cell = month.getBoundingClientRect();
            words.selectNodeContents(month.querySelector('span'));
            const text = words.getBoundingClientRect(), left = Math.max(cell.left, column.right);
            if (cell.right - left < text.width + 60) continue;
            if (text.left < left - 1 || text.right > cell.right + 1) faults.push([at, month.textContent]);
        }
    }
    return [size, faults];
}"""
# How far down the first row of a week begins, and where the words of its lessons stand.
WEEK = """() => [document.querySelector('.weekly').getBoundingClientRect().top + scrollY,
    [...document.querySelectorAll('.weekly td ul')].map(each => getComputedStyle(each).textAlign)]"""


def opened(live: Live, chromium: Browser, role: str, **options: Any) -> tuple[Person, UUID]:
    """Return somebody signed in at a school with a group of which everything is known, and the group."""
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale="nl", **options)
    person = make_person(live, context.new_page(), STEP, "Marijke Kuiper", role)
    with in_school(school_id(STEP)):
        group_id, _name = fill_wide_group(person if role == "coach" else None)
    person.signs_in()
    return person, group_id


@pytest.fixture
def coach(live: Live, chromium: Browser) -> Any:
    person, _group_id = opened(live, chromium, "coach")
    yield person
    person.page.context.close()


@pytest.fixture
def office(live: Live, chromium: Browser) -> Any:
    person, group_id = opened(live, chromium, "administration")
    yield person, group_id
    person.page.context.close()


def too_wide(page: Page, *widths: int) -> list[tuple[int, Any]]:
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [(width, over) for over in page.evaluate(TOO_WIDE)]
    return found


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_a_coachs_list_fits_and_no_name_is_cut_at_its_start(coach: Person, language: str) -> None:
    coach.speaks(language)
    coach.go(LIST)
    assert coach.page.locator("#coached-list thead th").count() == 6
    assert not too_wide(coach.page, 900, 1280)
    starts = coach.page.evaluate(STARTS)
    assert len(starts) == 6
    assert starts == [[True, True]] * 6


def test_the_number_in_a_pill_stays_whole(coach: Person) -> None:
    """At 200 % text on a phone, with a number of three figures."""
    coach.page.set_viewport_size({"width": 390, "height": 844})
    coach.go(LIST)
    lines = coach.page.evaluate(PILLS)
    assert len(lines) >= 4
    assert set(lines) == {1}


def test_what_happened_is_never_in_the_schools_colour(coach: Person) -> None:
    coach.go(LIST)
    seen = coach.page.evaluate(COLOURS)
    assert seen["strokes"] == [seen["good"]]
    assert seen["good"] != seen["accent"]
    assert seen["shares"]
    assert seen["accent"] not in seen["shares"]


def test_a_week_fits_and_begins_high_on_a_phone(office: tuple[Person, UUID]) -> None:
    person, _group_id = office
    person.go("/rooster")
    assert person.page.locator(".weekly td:not(:empty)").count() >= 7
    assert not too_wide(person.page, 390, 900, 1280)
    person.page.set_viewport_size({"width": 390, "height": 844})
    top, aligned = person.page.evaluate(WEEK)
    assert top < 550
    assert set(aligned) == {"start"}


@pytest.mark.parametrize("width", [390, 1280])
def test_a_matrix_names_each_month_whole(office: tuple[Person, UUID], width: int) -> None:
    person, group_id = office
    person.page.set_viewport_size({"width": width, "height": 900})
    person.go(f"/groepen/{group_id}/presentie/lessen")
    scrolls, faults = person.page.evaluate(MONTHS)
    assert scrolls > 0 or width > 390
    assert not faults
