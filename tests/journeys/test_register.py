"""The register in a browser: fast taps with slow answers, the keyboard, a lost connection, and no script at all."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.courses import fill_group, make_group, make_lesson, make_teacher_of
from tests.journeys.conftest import Live
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")
LATE = "late, nobody said how many minutes"


class Lesson:
    """A lesson of a group of three, and what stands in its register."""

    def __init__(self, live: Live, client: PageClient, sign_in: SignIn) -> None:
        self.live = live
        self.teacher = sign_in(client, "teacher")
        with in_school(LEST_BEST):
            group = make_group(f"Groep {now().timestamp()}")
            make_teacher_of(group, self.teacher)
            self.group = group
            self.learners: list[Learner] = fill_group(group, 3)
            self.lesson = make_lesson(group)
        self.url = live.url(f"/lessen/{self.lesson.id}/presentie")

    def marks(self) -> list[Any]:
        with in_school(LEST_BEST):
            found = session.execute(
                select(AttendanceMark.learner_id, AttendanceMark.status, AttendanceMark.late_minutes).where(
                    AttendanceMark.lesson_id == self.lesson.id
                )
            ).all()
        said: dict[UUID, Any] = {row.learner_id: row for row in found}
        rows = [said.get(learner.id) for learner in self.learners]
        return [row and (LATE if row.late_minutes is None else row.late_minutes or row.status) for row in rows]

    def change(self, at: int, status: Status) -> None:
        with in_school(LEST_BEST):
            mark = session.scalars(
                select(AttendanceMark).where(
                    AttendanceMark.lesson_id == self.lesson.id, AttendanceMark.learner_id == self.learners[at].id
                )
            ).one()
            mark.status, mark.minutes, mark.version = status, 0, mark.version + 1
            mark.marked_by, mark.marked_by_name = None, "Noor Bakker"


@pytest.fixture
def lesson(live: Live, client: PageClient, sign_in: SignIn) -> Lesson:
    return Lesson(live, client, sign_in)


@pytest.fixture
def page(lesson: Lesson, client: PageClient, open_as: Callable[..., Page]) -> Page:
    page = open_as(client)
    page.goto(lesson.url)
    return page


def row(page: Page, at: int) -> Any:
    return page.locator(".register > li").nth(at)


def tap(page: Page, at: int, choice: str) -> None:
    row(page, at).get_by_text(choice, exact=True).click()


def shows(page: Page, at: int) -> str | None:
    chosen = row(page, at).locator("[type=radio]:checked")
    return chosen.get_attribute("value") if chosen.count() else None


def settled(page: Page) -> None:
    page.wait_for_function("!document.querySelector('.saved.busy, .saved.waiting, .htmx-request')")


def test_each_tap_is_stored_and_says_so(page: Page, lesson: Lesson) -> None:
    tap(page, 0, "Afwezig")

    expect(row(page, 0)).to_contain_text("opgeslagen")
    expect(page.locator("[data-left]")).to_have_text("Nog open: 2")
    assert lesson.marks() == [Status.ABSENT, None, None]


def test_fast_taps_and_slow_answers_end_alike(page: Page, lesson: Lesson, live: Live) -> None:
    live.delays[:] = [0.7, 0.3, 0.1, 0.1]

    for choice in ("Aanwezig", "Te laat", "Afgemeld", "Afwezig"):
        tap(page, 0, choice)
    tap(page, 1, "Aanwezig")
    tap(page, 1, "Afgemeld")
    expect(row(page, 0)).to_contain_text("opgeslagen")
    expect(row(page, 1)).to_contain_text("opgeslagen")
    settled(page)

    assert lesson.marks() == [Status.ABSENT, Status.EXCUSED, None]
    assert [shows(page, at) for at in range(3)] == ["absent", "excused", None]


def test_an_answer_does_not_take_back_a_newer_tap(page: Page, lesson: Lesson, live: Live) -> None:
    live.delays[:] = [0.5, 0.8]

    tap(page, 0, "Aanwezig")
    tap(page, 0, "Afwezig")
    page.wait_for_timeout(800)

    assert shows(page, 0) == "absent"
    expect(row(page, 0)).to_contain_text("opgeslagen")
    assert lesson.marks()[0] == Status.ABSENT


def test_everyone_waits_for_taps_on_their_way(page: Page, lesson: Lesson, live: Live) -> None:
    live.delays[:] = [0.5]

    tap(page, 0, "Afwezig")
    page.get_by_role("button", name="Iedereen aanwezig").click()
    expect(page.locator("[data-left]")).to_have_text("Alles is ingevuld")

    assert lesson.marks() == [Status.ABSENT, Status.PRESENT, Status.PRESENT]
    assert [shows(page, at) for at in range(3)] == ["absent", "present", "present"]


def test_undo_puts_each_back_and_everyone_as_a_whole(page: Page, lesson: Lesson) -> None:
    tap(page, 0, "Afwezig")
    expect(row(page, 0)).to_contain_text("opgeslagen")
    tap(page, 0, "Afgemeld")
    expect(row(page, 0).locator("small")).to_contain_text("afgemeld")
    row(page, 0).locator(".undo").click()
    expect(row(page, 0).locator("small")).to_contain_text("afwezig")
    assert lesson.marks() == [Status.ABSENT, None, None]
    assert shows(page, 0) == "absent"

    page.get_by_role("button", name="Iedereen aanwezig").click()
    expect(page.locator("[data-left]")).to_have_text("Alles is ingevuld")
    page.get_by_role("button", name="Alle 2 ongedaan maken").click()
    expect(page.locator("[data-left]")).to_have_text("Nog open: 2")

    assert lesson.marks() == [Status.ABSENT, None, None]
    assert [shows(page, at) for at in range(3)] == ["absent", None, None]


def test_late_opens_minutes_that_are_stored(page: Page, lesson: Lesson) -> None:
    tap(page, 0, "Te laat")
    minutes = row(page, 0).get_by_role("textbox", name="te laat")
    expect(minutes).to_be_visible()
    expect(row(page, 0)).to_contain_text("opgeslagen")
    assert lesson.marks()[0] == LATE

    minutes.fill("1e")
    minutes.press("Enter")
    expect(row(page, 0)).to_contain_text("Vul de minuten in met cijfers")
    expect(minutes).to_have_value("1e")

    minutes.fill("25")
    minutes.press("Enter")

    expect(row(page, 0).locator("small")).to_contain_text("25 minuten te laat")
    assert lesson.marks()[0] == 25


def test_a_tap_before_htmx_has_looked_at_the_page_is_stored(
    lesson: Lesson, client: PageClient, open_as: Callable[..., Page]
) -> None:
    page = open_as(client)
    page.add_init_script(
        "const later = setTimeout; window.setTimeout = (act, ms, ...rest) => later(act, ms ?? 60000, ...rest)"
    )
    page.goto(lesson.url)

    page.keyboard.press("t")
    expect(row(page, 0).locator(".saved.stored")).to_be_visible()
    tap(page, 1, "Aanwezig")
    expect(row(page, 1).locator(".saved.stored")).to_be_visible()

    assert lesson.marks() == [LATE, Status.PRESENT, None]


def test_another_teachers_mark_is_shown_and_not_overwritten(page: Page, lesson: Lesson) -> None:
    tap(page, 0, "Aanwezig")
    expect(row(page, 0)).to_contain_text("opgeslagen")
    lesson.change(0, Status.EXCUSED)

    tap(page, 0, "Afwezig")

    expect(row(page, 0)).to_contain_text("Noor Bakker heeft dit intussen gewijzigd in: afgemeld")
    assert shows(page, 0) == "excused"
    assert lesson.marks()[0] == Status.EXCUSED
    tap(page, 0, "Afwezig")
    expect(row(page, 0)).to_contain_text("opgeslagen")
    assert lesson.marks()[0] == Status.ABSENT


def test_the_keyboard_alone_fills_it_in(page: Page, lesson: Lesson) -> None:
    expect(page.locator(".keys")).to_be_visible()
    expect(row(page, 0).locator("[type=radio]").first).to_be_focused()

    page.keyboard.press("a")
    expect(row(page, 1).locator("[type=radio]").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert shows(page, 1) is None
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("t")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("40")
    page.keyboard.press("Enter")

    expect(row(page, 2).locator("small")).to_contain_text("40 minuten te laat")
    settled(page)
    assert lesson.marks() == [Status.PRESENT, Status.ABSENT, 40]
    page.keyboard.press("z")
    expect(row(page, 2).locator("small")).to_contain_text("te laat: hoeveel minuten?")


def test_arrows_leave_the_minutes_and_letters_act_in_them(page: Page, lesson: Lesson) -> None:
    page.keyboard.press("t")
    expect(row(page, 0).get_by_role("textbox", name="te laat")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, 1).locator("[value=late]")).to_be_focused()
    page.keyboard.press("t")
    page.keyboard.press("f")
    expect(row(page, 1).locator("small")).to_contain_text("afwezig")
    expect(row(page, 2).locator("[type=radio]").nth(2)).to_be_focused()

    page.keyboard.press("g")
    expect(row(page, 1).locator("small")).to_contain_text("afwezig, geoorloofd")
    settled(page)
    page.keyboard.press("z")
    expect(row(page, 1).locator("small")).not_to_contain_text("geoorloofd")
    settled(page)
    assert lesson.marks() == [LATE, Status.ABSENT, None]


@pytest.mark.parametrize("status", [500, 404])
def test_an_answer_that_is_no_row_is_said_in_the_row_and_tried_again(page: Page, lesson: Lesson, status: int) -> None:
    strange = {"HX-Retarget": "body", "HX-Reswap": "innerHTML", "Content-Type": "text/html; charset=utf-8"}
    page.route(
        "**/presentie", lambda route: route.fulfill(status=status, headers=strange, body="<h1>Fout</h1>"), times=1
    )

    tap(page, 0, "Afwezig")
    expect(row(page, 0)).to_contain_text("niet opgeslagen")
    assert lesson.marks() == [None, None, None]

    expect(row(page, 0).locator(".saved.stored")).to_be_visible()
    tap(page, 1, "Aanwezig")
    expect(row(page, 1).locator(".saved.stored")).to_be_visible()
    assert lesson.marks() == [Status.ABSENT, Status.PRESENT, None]


def test_an_absence_is_said_to_be_authorised_by_a_tap_or_a_key(page: Page, lesson: Lesson) -> None:
    choice = row(page, 0).get_by_label("Geoorloofd?")
    expect(choice).to_be_hidden()

    tap(page, 0, "Afwezig")
    expect(choice).to_be_visible()
    choice.select_option(label="geoorloofd")
    expect(row(page, 0).locator("small")).to_contain_text("afwezig, geoorloofd")
    settled(page)
    row(page, 0).locator("[type=radio]:checked").focus()
    page.keyboard.press("o")
    expect(row(page, 0).locator("small")).to_contain_text("afwezig, ongeoorloofd")
    tap(page, 0, "Aanwezig")

    expect(choice).to_be_hidden()
    expect(row(page, 0).locator("small")).not_to_contain_text("geoorloofd")
    settled(page)
    assert lesson.marks() == [Status.PRESENT, None, None]


def test_a_lost_connection_keeps_the_tap_and_sends_it_when_back(page: Page, lesson: Lesson) -> None:
    page.context.set_offline(True)
    tap(page, 0, "Afwezig")
    expect(page.locator("#connection")).to_contain_text("Geen verbinding")
    expect(row(page, 0)).to_contain_text("wacht op verbinding")
    tap(page, 0, "Afgemeld")
    tap(page, 1, "Aanwezig")
    expect(row(page, 1)).to_contain_text("wacht op verbinding")
    assert lesson.marks() == [None, None, None]
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]

    page.context.set_offline(False)

    expect(row(page, 0)).to_contain_text("opgeslagen")
    expect(row(page, 1)).to_contain_text("opgeslagen")
    assert lesson.marks() == [Status.EXCUSED, Status.PRESENT, None]


def test_a_tap_kept_offline_does_not_overwrite_another_teacher(page: Page, lesson: Lesson) -> None:
    tap(page, 0, "Aanwezig")
    expect(row(page, 0)).to_contain_text("opgeslagen")
    page.context.set_offline(True)
    tap(page, 0, "Afwezig")
    expect(row(page, 0)).to_contain_text("wacht op verbinding")
    lesson.change(0, Status.EXCUSED)

    page.context.set_offline(False)

    expect(row(page, 0)).to_contain_text("intussen gewijzigd in: afgemeld")
    assert lesson.marks()[0] == Status.EXCUSED


def test_without_script_it_is_a_plain_form(lesson: Lesson, client: PageClient, open_as: Callable[..., Page]) -> None:
    page = open_as(client, java_script_enabled=False)
    page.goto(lesson.url)
    tap(page, 0, "Afwezig")
    tap(page, 1, "Te laat")
    row(page, 1).get_by_role("textbox", name="te laat").fill("30")
    page.get_by_role("button", name="Opslaan").click()

    expect(page.locator(".bar")).to_contain_text("Opgeslagen: 2")
    assert lesson.marks() == [Status.ABSENT, 30, None]
    page.get_by_role("button", name="Iedereen aanwezig").click()
    expect(page.locator(".bar")).to_contain_text("Alles is ingevuld")
    page.get_by_role("button", name="Ongedaan maken", exact=True).click()
    assert lesson.marks() == [Status.ABSENT, 30, None]


def test_two_teachers_side_by_side(
    page: Page, lesson: Lesson, live: Live, sign_in: SignIn, open_as: Callable[..., Page]
) -> None:
    other_client = PageClient(live.app, "lest-best.localhost")
    with in_school(LEST_BEST):
        account = make_account("Noor Bakker", "teacher")
        make_teacher_of(lesson.group, account)
    sign_in(other_client, "teacher", account=account, accepts=True)
    other = open_as(other_client)
    other.goto(lesson.url)

    tap(page, 0, "Aanwezig")
    expect(row(page, 0)).to_contain_text("opgeslagen")
    other.get_by_role("button", name="Iedereen aanwezig").click()
    expect(other.locator("[data-left]")).to_have_text("Alles is ingevuld")
    tap(other, 1, "Afwezig")
    expect(row(other, 1)).to_contain_text("opgeslagen")
    tap(page, 1, "Afgemeld")
    expect(row(page, 1)).to_contain_text("Noor Bakker heeft dit intussen gewijzigd in: afwezig")

    assert lesson.marks() == [Status.PRESENT, Status.ABSENT, Status.PRESENT]


def test_the_arrows_go_where_they_point_from_right_to_left(page: Page, lesson: Lesson) -> None:
    with in_school(LEST_BEST):
        session.get_one(Account, (LEST_BEST, lesson.teacher.account_id)).language = "ar"
    page.reload()
    choices = row(page, 0).locator(".seg label")
    first, second = choices.nth(0).bounding_box(), choices.nth(1).bounding_box()
    assert first is not None
    assert second is not None
    assert first["x"] > second["x"]

    row(page, 0).locator("[type=radio]").first.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(row(page, 0).locator(".saved.stored")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(row(page, 1).locator(".saved.stored")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    expect(row(page, 2).locator(".saved.stored")).to_be_visible()

    assert lesson.marks() == [Status.ABSENT, LATE, Status.PRESENT]


MEASURES = """() => [...document.querySelectorAll('.register > li')].map(row => {
  const box = each => each ? each.getBoundingClientRect() : null;
  const [name, saved, undo] = ['.who bdi', '.who .saved', '.who .undo'].map(each => box(row.querySelector(each)));
  const meet = (a, b) => a && b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const lines = name.height / parseFloat(getComputedStyle(row.querySelector('.who bdi')).lineHeight);
  return {height: row.offsetHeight, lines: Math.round(lines), overlap: meet(name, saved) || meet(saved, undo)};
})"""
SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_it_stands_at_every_width_after_every_answer(
    lesson: Lesson, client: PageClient, open_as: Callable[..., Page], language: str
) -> None:
    client.post("/taal", {"taal": language, "terug": "/"})
    page = open_as(client)
    page.goto(lesson.url)
    for at, letter in enumerate("pla"):
        row(page, at).locator(f".seg .{letter}").click()
        expect(row(page, at).locator(".undo")).to_be_visible()
    settled(page)

    for width in range(320, 1921, 40):
        page.set_viewport_size({"width": width, "height": 900})
        rows = page.evaluate(MEASURES)
        assert not page.evaluate(SIDEWAYS), width
        assert not any(each["overlap"] for each in rows), (width, rows)
        assert all(each["lines"] <= 2 for each in rows), (width, rows)
        assert all(each["height"] <= (370 if width < 600 else 200) for each in rows), (width, rows)
