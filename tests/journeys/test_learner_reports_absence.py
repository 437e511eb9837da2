"""A learner on her phone can't come and says so without a word about health; and she agrees to an evaluation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.record.models import Learner
from portal.progress.evaluations.models import JointEvaluation
from tests.conftest import school_id
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.evaluations import make_joint_evaluation
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.page_client import PageClient
from tests.signing_in import SignIn

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)
TOMORROW = timedelta(days=1)
WORDS = {
    "nl": ("Wat moet ik nu?", "Ik kan niet komen", "Ik heb koorts", "koorts", "u komt niet", "ltr"),
    "en": ("What do I have to do now?", "I can't come", "I have a fever", "fever", "you are not coming", "ltr"),
    "ar": ("ماذا عليّ أن أفعل الآن؟", "لا أستطيع الحضور", "أنا مريضة", "مريضة", "لن تحضر", "rtl"),
}


@dataclass
class Amina:
    """A learner with a lesson tomorrow and one after six weeks, and her page."""

    person: Person
    learner: Learner
    group: LearnerGroup
    lesson: Lesson


@pytest.fixture
def amina_on(live: Live, browse: Callable[..., Page]) -> Callable[..., Amina]:
    """Return what makes her, with a screen."""

    def make(*, scripted: bool = True, width: int = 390) -> Amina:
        with in_school(HERE):
            group = make_group(f"A2 {uuid4().hex[:8]}")
            learner = make_enrolled_learner(group, "Amina", f"Yilmaz{uuid4().hex[:6]}")
            hours = {"starts_at": time(9), "ends_at": time(12)}
            lesson = make_lesson(group, held_on=today() + TOMORROW, room="3.07", **hours)
            make_lesson(group, held_on=today() + 42 * TOMORROW, room="Zolder", **hours)
        page = browse(scripted=scripted, viewport={"width": width, "height": 844})
        return Amina(make_person(live, page, SLUG, "Amina", "learner", learner=learner), learner, group, lesson)

    return make


def report(amina: Amina, language: str) -> None:
    """Say it with a word about health, which is refused and kept, and then without."""
    heading, link, ill, word, said, direction = WORDS[language]
    page = amina.person.page
    amina.person.signs_in()
    amina.person.speaks(language)
    amina.person.go("/mijn/lessen")
    expect(page.locator("html")).to_have_attribute("dir", direction)
    amina.person.reads(heading, "3.07")
    page.locator("#tasks").get_by_role("link", name=link).click()
    page.locator("[name=note]").fill(ill)
    page.locator("[name=reason][value=care]").check()
    page.locator("main form[action$=afmelden] [type=submit]").click()
    expect(page.locator("#note-error")).to_contain_text(word)
    expect(page.locator("[name=note]")).to_have_value(ill)
    expect(page.locator("[name=reason][value=care]")).to_be_checked()
    assert amina.person.fits()
    page.locator("[name=note]").fill("")
    page.locator("main form[action$=afmelden] [type=submit]").click()
    expect(page.locator("#tasks")).to_contain_text(said)
    assert amina.person.fits()


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_she_says_it_her_teacher_reads_it_and_she_comes_after_all(
    amina_on: Callable[..., Amina], live: Live, sign_in: SignIn, scripted: bool
) -> None:
    amina = amina_on(scripted=scripted)
    page = amina.person.page
    report(amina, "nl")
    teacher = PageClient(live.app, f"{SLUG}.localhost")
    account = sign_in(teacher, "teacher", name=f"Tess {uuid4().hex[:6]}")
    with in_school(HERE):
        make_teacher_of(amina.group, account)
    register = f"/lessen/{amina.lesson.id}/presentie"
    read = teacher.get(register).get_data(as_text=True)
    assert "heeft zich afgemeld" in read
    assert "zorg voor een kind" in read

    amina.person.presses("Toch wel komen")
    amina.person.reads("Uw docent ziet dat u komt.")
    expect(page.locator("#tasks").get_by_role("link", name="Ik kan niet komen")).to_be_visible()
    assert "heeft zich afgemeld" not in teacher.get(register).get_data(as_text=True)

    page.get_by_role("link", name="Vier weken later").click()
    expect(page.locator("#coming")).to_contain_text("Zolder")
    page.get_by_role("link", name="Vier weken eerder").click()
    expect(page.locator("#coming")).not_to_contain_text("Zolder")
    amina.person.chooses("Aanwezigheid")
    amina.person.reads("Wat moet ik nu?")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_she_fills_in_an_evaluation_and_agrees(amina_on: Callable[..., Amina], scripted: bool) -> None:
    amina = amina_on(scripted=scripted)
    with in_school(HERE):
        row = make_joint_evaluation(amina.learner, is_answered=True)
    page = amina.person.page
    amina.person.signs_in()
    page.locator("#tasks").get_by_role("link", name="Lees de evaluatie").click()
    amina.person.titled("Mijn evaluatie")
    amina.person.reads("Spreken gaat goed", "nog niet akkoord")
    page.locator("main details summary").click()
    page.locator("main textarea").last.fill("Ik lees nu elke dag.")
    amina.person.presses("Antwoorden opslaan")
    amina.person.reads("Opgeslagen.", "Ik lees nu elke dag.")
    page.locator("[name=remark]").fill("Ik wil meer schrijven.")
    amina.person.presses("Ik ben akkoord")
    amina.person.reads("U bent akkoord.", "Ik wil meer schrijven.")
    assert amina.person.fits()
    with in_school(HERE):
        found = session.get_one(JointEvaluation, (HERE, row.id), populate_existing=True)
        assert (found.learner_agreed_at is not None, found.is_fixed) == (True, False)
    amina.person.go("/mijn/niveau")
    amina.person.reads("wacht op de docent")
    expect(page.locator("#tasks")).not_to_contain_text("evaluatie")


@pytest.mark.sample(1 / 9)
@pytest.mark.parametrize("language", list(WORDS))
@pytest.mark.parametrize("width", [390, 900, 1280])
def test_on_each_screen_in_each_language(amina_on: Callable[..., Amina], width: int, language: str) -> None:
    report(amina_on(width=width), language)
