"""A school's first week, with and without JavaScript: management sets up, the coach enrols, a register is put right."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, MarkChange
from portal.core.clock import local, now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "step-inburgering"
HERE = school_id(SLUG)
Hire = Callable[[str, str], Person]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def hire(scripted: bool, live: Live, browse: Callable[..., Page]) -> Hire:
    """Return what makes somebody with a role, each with a browser of her own."""
    return lambda name, role: make_person(live, browse(scripted=scripted), SLUG, name, role)


def day(weeks: int) -> date:
    return today() + timedelta(weeks=weeks)


def fill(page: Page, **values: str) -> None:
    """Type into the fields with these names; a choice is made by what it says."""
    for name, value in values.items():
        at = page.locator(f"main [name='{name}'], main [name$='-{name}']")
        if at.evaluate("at => at.tagName") == "SELECT":
            at.select_option(label=value)
        else:
            at.fill(value)


def lessons_of(group: str) -> dict[date, Lesson]:
    with in_school(HERE):
        found = session.scalars(select(Lesson).join(LearnerGroup).where(LearnerGroup.name == group)).all()
        session.expunge_all()
    return {lesson.held_on: lesson for lesson in found}


def id_of(group: str) -> UUID:
    with in_school(HERE):
        return session.scalars(select(LearnerGroup.id).where(LearnerGroup.name == group)).one()


def test_a_schools_first_week(hire: Hire, scripted: bool) -> None:
    mark = uuid4().hex[:6]
    early, late = f"Ochtend {mark}", f"Avond {mark}"
    manager, vera = hire("Mia de Groot", "management"), hire(f"Vera {mark}", "teacher")
    tess = hire(f"Tess {mark}", "teacher")
    with in_school(HERE):
        for name in ("Bereket", "Chen"):
            make_learner(name, f"Tesfay{mark}")

    manager.signs_in()
    makes_course_and_groups(manager, f"Taal {mark}", early, late)
    plans_the_week(manager, early, tess="Tess " + mark)
    assert sorted(lessons_of(early))[:4] == [day(-2), day(-1), day(0), day(1)]
    changes_single_days(manager, early, vera="Vera " + mark)

    coach = hire("Coco Bos", "coach")
    coach.signs_in()
    enrols_and_moves(coach, early, late, f"Tesfay{mark}")
    notes_an_exam(coach, f"Tesfay{mark}")
    with in_school(HERE):
        found = session.execute(
            select(Learner.given_name, LearnerGroup.name, Enrolment.starts_on, Enrolment.ends_on)
            .join_from(Enrolment, Learner, Learner.id == Enrolment.learner_id)
            .join(LearnerGroup, LearnerGroup.id == Enrolment.group_id)
            .where(Learner.family_name == f"Tesfay{mark}")
        )
        assert {tuple(row) for row in found} == {
            ("Bereket", early, day(-2), None),
            ("Chen", early, day(-2), today() - timedelta(days=1)),
            ("Chen", late, today(), None),
        }

    vera.signs_in()
    vera.titled("Vandaag")
    vera.page.get_by_role("link", name=early).first.click()
    vera.titled(early)
    vera.reads("Bereket")
    tess.signs_in()
    lesson_id = lessons_of(early)[day(-1)].id
    fills_in_last_week(tess, lesson_id)
    office = hire("Olga Smit", "administration")
    office.signs_in()
    puts_it_right(office, lesson_id, scripted=scripted)
    looks_what_was_changed(tess, lesson_id)


def makes_course_and_groups(manager: Person, course: str, *groups: str) -> None:
    page = manager.page
    manager.go("/cursussen")
    page.get_by_role("link", name="Nieuwe cursus").click()
    fill(page, name=course, kind="Inburgering")
    manager.presses("Opslaan")
    manager.reads(course)
    for name in groups:
        manager.chooses("Groepen")
        page.get_by_role("link", name="Nieuwe groep").click()
        fill(page, name=name, course_id=course, starts_on=day(-3).isoformat(), ends_on=day(-4).isoformat())
        manager.presses("Opslaan")
        manager.reads("Dit klopt nog niet", "Het einde ligt vóór het begin")
        fill(page, ends_on=day(20).isoformat())
        manager.presses("Opslaan")
        manager.titled(name)


def plans_the_week(manager: Person, group: str, *, tess: str) -> None:
    page = manager.page
    manager.chooses("Groepen")
    page.get_by_role("link", name=group).click()
    page.get_by_role("link", name="Vaste les toevoegen").click()
    page.locator("[name=weekday]").select_option(str(today().weekday()))
    begins = 9 if local(now()).hour >= 9 else 0  # a register opens when its lesson begins, whenever this runs
    times = {"starts_at": f"{begins:02}:00", "ends_at": f"{begins + 3:02}:00"}
    fill(page, **times, break_minutes="15", from_on=day(-2).isoformat())
    manager.presses("Opslaan")
    manager.titled(group)
    page.get_by_role("link", name="Docent toevoegen").click()
    fill(page, account_id=tess, starts_on=day(-2).isoformat())
    manager.presses("Opslaan")
    manager.titled(group)
    manager.reads(tess)


def changes_single_days(manager: Person, group: str, *, vera: str) -> None:
    """A substitute today, another room next week, a cancelled lesson after that, and a holiday."""
    page, lessons = manager.page, lessons_of(group)

    def opens(weeks: int) -> None:
        manager.go(f"/groepen/{id_of(group)}")
        page.locator(f"a[href$='/lessen/{lessons[day(weeks)].id}']").click()
        manager.titled("Les")

    opens(0)
    fill(page, substitute_id=vera)
    manager.presses("Opslaan")
    manager.reads(f"vervanger: {vera}")
    opens(1)
    fill(page, room=f"Zaal {group}"[:40], starts_at="10:00", ends_at="12:00")
    manager.presses("Opslaan")
    manager.reads(f"lokaal Zaal {group}"[:40], "10:00–12:00")
    opens(2)
    fill(page, because="Open dag van de school")
    manager.presses("Annuleer deze les")
    manager.reads("geannuleerd", "Open dag van de school")

    manager.go("/vakanties")
    fill(page, name=f"Rustdag {group}", starts_on=day(3).isoformat(), ends_on=day(3).isoformat())
    manager.presses("Voeg toe")
    manager.reads("Klopt dat?")
    manager.presses("Voeg toe")
    manager.reads(f"Rustdag {group}")
    after = lessons_of(group)
    assert day(3) not in after
    assert (after[day(1)].room, after[day(2)].cancelled_because) == (f"Zaal {group}"[:40], "Open dag van de school")
    page.get_by_role("button", name=f"Verwijder Rustdag {group}").click()
    assert day(3) in lessons_of(group)


def enrols_and_moves(coach: Person, group: str, other: str, family: str) -> None:
    page = coach.page
    coach.chooses("Groepen")
    page.get_by_role("link", name=group).click()
    page.get_by_role("link", name="Cursisten", exact=True).last.click()
    for name in ("Bereket", "Chen"):
        page.get_by_label("Naam of nummer van de cursist").fill(f"{name} {family}")
        page.get_by_role("button", name="Zoek", exact=True).click()
        page.get_by_role("link", name=f"Inschrijven {name} {family}").click()
        coach.reads("privacyverklaring")
        fill(page, starts_on=day(-2).isoformat())
        coach.presses("Inschrijven")
        coach.reads("De cursist is ingeschreven.")
    page.get_by_role("link", name=f"Wijzig Chen {family}").click()
    fill(page, to_group_id=other, on=today().isoformat())
    coach.presses("Verhuis")
    coach.titled(other)
    coach.reads("De cursist gaat naar de andere groep.", f"Chen {family}")


def notes_an_exam(coach: Person, family: str) -> None:
    page = coach.page
    coach.chooses("Cursisten")
    coach.go(f"/cursisten?zoek={family}")
    page.locator("#learners").get_by_role("link", name="Bereket").first.click()
    page.get_by_role("link", name="Voortgang", exact=True).click()
    page.get_by_text("Zet een uitslag erbij").click()
    knm = "KNM (Kennis van de Nederlandse maatschappij)"
    fill(page, part=knm, outcome="geslaagd", taken_on=day(-1).isoformat())
    coach.presses("Uitslag opslaan")
    expect(page.locator("li").filter(has_text="KNM").filter(has_text="geslaagd")).to_be_visible()


def fills_in_last_week(tess: Person, lesson_id: UUID) -> None:
    page = tess.page
    tess.chooses("Presentie")
    page.locator(f"a[href*='{lesson_id}']").click()
    tess.reads("Deze les was op een eerdere dag")
    tess.presses("Iedereen aanwezig")
    expect(page.locator("[data-left]")).to_have_text("Alles is ingevuld")


def puts_it_right(office: Person, lesson_id: UUID, *, scripted: bool) -> None:
    office.go(f"/lessen/{lesson_id}/presentie")
    row = office.page.locator(".register > li").filter(has_text="Bereket")
    row.get_by_text("Afwezig", exact=True).click()
    if not scripted:
        office.presses("Opslaan")
    reason = row.locator("[name^='r.']")
    reason.fill("Belde af, kwam niet.")
    if scripted:
        row.get_by_role("button", name="Wijzigen").click()
    else:
        office.presses("Opslaan")
    expect(row).to_contain_text("opgeslagen")


def looks_what_was_changed(tess: Person, lesson_id: UUID) -> None:
    tess.go(f"/lessen/{lesson_id}/presentie")
    tess.page.get_by_role("link", name="Wat is er gewijzigd").click()
    line = tess.page.locator("tr").filter(has_text="Bereket")
    for words in ("aanwezig", "afwezig", "Belde af, kwam niet.", "Olga Smit"):
        expect(line).to_contain_text(words)
    with in_school(HERE):
        change = session.scalars(select(MarkChange).where(MarkChange.lesson_id == lesson_id)).one()
        assert change.reason == "Belde af, kwam niet."
        marks = select(AttendanceMark.status).where(AttendanceMark.lesson_id == lesson_id)
        assert sorted(session.scalars(marks)) == ["absent", "present"]
