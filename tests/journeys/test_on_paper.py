"""What comes out of a printer: every line and column, and nothing that can be pressed."""

import io
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from pypdf import PageObject, PdfReader

from portal.accounts.models import Account
from portal.attendance.models import Status
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import make_person
from tests.journeys.wide_pages import fill_wide_group

SLUG = "lest-best"
HERE = school_id(SLUG)
STEP = "step-inburgering"
# The pages that are wider than long, who prints them, and what must stand there though it is the last of a row.
WIDE = {
    "/school": ("management", "Voorgestelde wijzigingen", "Ingetrokken toestemmingen"),
    "/mijn/cursisten?toon=alle": ("coach", "Contact", "afspraak"),
    "/rooster": ("administration", "za ", "zo "),
    "/groepen/{group}/presentie/lessen": ("administration", "Gevolgd"),
}
CLIPPED = """() => [...document.querySelectorAll('main .table, main :is(th, td) *')]
    .filter(each => each.checkVisibility() && !each.matches('.visually-hidden, i'))
    .filter(each => getComputedStyle(each).overflowX != 'visible' && each.scrollWidth > each.clientWidth + 1)
    .map(each => each.textContent.trim().slice(0, 40))"""
PRESSED = "button:visible, .btn:visible, nav:not(.months):visible, input:visible, select:visible, summary:visible"


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    return browse(viewport={"width": 1280, "height": 900})


def sheets_of(page: Page) -> list[PageObject]:
    """Print the page; return its sheets."""
    page.emulate_media(media="print")
    expect(page.locator(PRESSED)).to_have_count(0)
    return list(PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages)


def text_on(*sheets: PageObject) -> str:
    """Return what stands on these sheets."""
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


def printed(page: Page) -> str:
    """Print the page; return what stands on the paper."""
    return text_on(*sheets_of(page))


def test_a_register(live: Live, page: Page) -> None:
    teacher = make_person(live, page, SLUG, "Tess Jansen", "teacher")
    with in_school(HERE):
        group = make_group(f"Groep {uuid4().hex[:8]}")
        make_teacher_of(group, session.get_one(Account, (HERE, teacher.account_id)))
        lesson = make_lesson(group, room="12")
        names = [f"Cursist{at} Nummer{at}" for at in range(30)]
        for at, name in enumerate(names):
            learner = make_learner(*name.split())
            enrol(learner, group)
            if at < 2:
                make_mark(lesson, learner, Status.PRESENT if at else Status.EXCUSED)
        lesson_id, group_name = lesson.id, group.name
    teacher.signs_in()
    teacher.go(f"/lessen/{lesson_id}/presentie")
    expect(page.locator(".register > li")).to_have_count(30)

    paper = printed(page)

    assert [name for name in names if name not in paper] == []
    for words in (group_name, "lokaal 12", "afgemeld", "aanwezig", "nog niet ingevuld"):
        assert words in paper


def test_my_data(live: Live, page: Page) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz", birth_date=date(1990, 5, 4), phone="+31612345678", city="Utrecht")
    amina = make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=learner)
    amina.signs_in()
    amina.go("/mijn/gegevens/alles")
    labels = page.locator("main .field dt").all_inner_texts()
    assert len(labels) > 20

    paper = printed(page)

    assert [label for label in labels if label.split("\n")[0].strip() not in paper] == []
    for words in ("Alles op één pagina", "Amina", "4 mei 1990", "06 12345678", "Utrecht", "Waarom", "Wie ziet dit"):
        assert words in paper


@pytest.mark.parametrize("path", WIDE)
def test_what_is_wide_lies_on_its_side_and_loses_no_column(live: Live, page: Page, path: str) -> None:
    role, *words = WIDE[path]
    person = make_person(live, page, STEP, "Marijke Kuiper", role)
    with in_school(school_id(STEP)):
        group_id, group_name = fill_wide_group(person if role == "coach" else None)
    person.signs_in()
    person.go(path.format(group=group_id))
    heading = page.locator("h1").inner_text()
    first = page.locator("main tbody th").first.inner_text().split("\n")[0]

    sheets = sheets_of(page)

    assert all(sheet.mediabox.width > sheet.mediabox.height for sheet in sheets)
    paper = text_on(*sheets)
    named = first if path == "/school" else group_name  # there a group may be joined with a smaller one
    assert [each for each in (named, *words) if each not in paper] == []
    assert "…" not in paper
    assert page.evaluate(CLIPPED) == []
    begins = text_on(sheets[0])
    assert heading in begins
    assert first in begins or path == "/school"
    assert len(begins) > 300
