"""What stands beside what: no button touches a table or banner, no day in a cell breaks, no chosen word is cut off."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portal.accounts.invitations.links import make_link
from portal.accounts.models import LinkKind
from portal.core.clock import today
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
WIDTHS = (360, 390, 768, 1280)
PAGES = (
    "/cursisten",
    "/cursisten/uitnodigen",
    "/groepen",
    "/groepen/{group}/cursisten",
    "/groepen/{group}/cursisten?groep=geen",
    "/groepen/{group}",
    "/groepen/{group}/presentie/lessen",
    "/rooster",
    "/rooster?per=lokaal",
    "/presentie",
    "/organisaties",
    "/inlezen",
    "/inlezen/uitslagen",
    "/bestanden",
    "/toestemmingen",
    "/wijzigingen",
    "/cursisten/{learner}",
    "/cursisten/{learner}/dossier",
    "/cursisten/{learner}/toegang",
    "/cursisten/{learner}/voortgang",
    "/cursisten/{learner}/presentie",
    "/cursisten/{learner}/geschiedenis",
    "/cursussen",
    "/vakanties",
    "/account",
)
TOUCHING = """() => {
    const seen = each => each.checkVisibility() && each.getBoundingClientRect().height > 1;
    const all = names => [...document.querySelectorAll(`main :is(${names})`)].filter(seen);
    const blocks = all('.table, .notice, .list, .card, .group, .empty, .errors');
    const buttons = all('button, .btn:not(.link), summary.btn');
    const faults = [];
    for (const button of buttons) for (const block of blocks) {
        if (block.contains(button) || button.contains(block) || button.closest('.bar, .menu .sheet')) continue;
        const a = button.getBoundingClientRect(), b = block.getBoundingClientRect();
        const beside = a.left < b.right && b.left < a.right;
        const gap = Math.max(b.top - a.bottom, a.top - b.bottom);
        if (beside && gap < 4) faults.push(`${button.textContent.trim()}: ${Math.round(gap)}px of ${block.className}`);
    }
    return faults;
}"""
BROKEN = """() => {
    const day = /\\d{1,2} (jan|feb|mrt|maa|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z.]* \\d{4}/g;
    const faults = [];
    for (const cell of document.querySelectorAll('main :is(td, time)')) {
        if (!cell.checkVisibility()) continue;
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) for (const found of walker.currentNode.data.matchAll(day)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, found.index);
            range.setEnd(walker.currentNode, found.index + found[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (lines.size > 1) faults.push(found[0]);
        }
    }
    return faults;
}"""
CUT = """() => [...document.querySelectorAll('.seg label')].flatMap(label => {
    const range = document.createRange();
    range.selectNodeContents(label);
    const text = range.getBoundingClientRect(), box = label.getBoundingClientRect();
    const is_cut = text.left < box.left || text.right > box.right;
    return is_cut ? [`${label.textContent.trim()}: ${text.width} in ${box.width}`] : [];
})"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale="nl")
    yield context.new_page()
    context.close()


def signed_in(live: Live, page: Page, role: str) -> Person:
    person = make_person(live, page, SLUG, "Olga de Wit", role)
    person.signs_in()
    return person


def test_no_button_touches_a_table_or_a_banner_and_no_day_breaks(live: Live, page: Page) -> None:
    with in_school(HERE):
        group = make_group("Dinsdagochtend en donderdagmiddag")
        for name in ("Amina", "Bereket"):
            enrol(make_learner(name, "Woldegebriel-Abdurrahman", email=f"{name.lower()}@example.org"), group)
        learner_id = make_learner("Chen", "Wu").id
        account = make_account("Chidubem Woldegebriel", "learner", email="chidubem@example.org", password=None)
        make_link(account, LinkKind.INVITATION)
        make_learner("Chidubem " * 4, "Woldegebriel " * 6, account_id=account.id, email="chidubem@example.org")
        make_lesson(group, held_on=today())
        group_id = group.id
    signed_in(live, page, "administration")
    faults: list[tuple[Any, ...]] = []
    for path in PAGES:
        page.goto(live.url(path.format(group=group_id, learner=learner_id), SLUG))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            faults += [(path, width, each) for each in (*page.evaluate(TOUCHING), *page.evaluate(BROKEN))]
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_no_word_that_is_chosen_is_cut_off(live: Live, chromium: Browser, language: str) -> None:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale=language)
    page = context.new_page()
    teacher = make_person(live, page, SLUG, "Tess Bakker", "teacher")
    with in_school(HERE):
        group = make_group()
        make_teacher_of(group, teacher)
        for name in ("Amina", "Bereket", "Chen", "Dilan"):
            enrol(make_learner(name, "Haddad"), group)
        lesson_id = make_lesson(group, held_on=today()).id
    teacher.signs_in()
    page.goto(live.url(f"/lessen/{lesson_id}/presentie", SLUG))
    for at, letter in enumerate("plan"):
        page.locator(".register > li").nth(at).locator(f".seg .{letter}").click()
    faults = []
    for width in range(320, 521, 10):
        page.set_viewport_size({"width": width, "height": 844})
        faults += [(width, each) for each in page.evaluate(CUT)]
    context.close()
    assert not faults, "\n".join(map(str, faults))
