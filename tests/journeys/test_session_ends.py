"""The session ends while something is under way: taps wait on the page, and what was written comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from portal.accounts.models import Account, AccountSession
from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from tests.conftest import school_id
from tests.factories.courses import fill_group, make_group, make_lesson, make_teacher_of
from tests.journeys.conftest import Live
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")
School = dict[str, Any]
SignsIn = Callable[[Page, Account], None]
NOTE = "Zij leest nu korte berichten.\nVolgende week: brieven."


@pytest.fixture
def school(client: PageClient, sign_in: SignIn) -> School:
    with in_school(LEST_BEST):
        account = make_account("Sam de Vries", "teacher")
    teacher = sign_in(client, account=account)
    with in_school(LEST_BEST):
        group = make_group(f"Groep {now().timestamp()}")
        make_teacher_of(group, teacher)
        return {"teacher": teacher, "account": account, "learners": fill_group(group, 2), "lesson": make_lesson(group)}


@pytest.fixture
def page(school: School, client: PageClient, open_as: Callable[..., Page]) -> Page:
    del school
    return open_as(client)


def end_sessions(holder: Actor) -> None:
    with in_school(LEST_BEST):
        ended = update(AccountSession).where(AccountSession.account_id == holder.account_id)
        session.execute(ended.values(ended_at=now()))


@pytest.fixture
def signs_in(client: PageClient, sign_in: SignIn) -> Callable[[Page, Account], None]:
    """Let somebody have signed in on a tab, with all that goes with a new session, and close it."""

    def signed_in(tab: Page, account: Account) -> None:
        expect(tab.locator("[name=name]")).to_be_visible()
        sign_in(client, account=account)
        cookie = client.browser.get_cookie("__Host-inzage", domain=client.host)
        assert cookie is not None
        url = f"https://{client.host}/"
        tab.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url, "secure": True}])
        tab.reload()
        expect(tab.locator("main")).to_contain_text("weer ingelogd")
        tab.close()

    return signed_in


def marks(lesson: Any) -> set[Any]:
    with in_school(LEST_BEST):
        return set(session.scalars(select(AttendanceMark.status).where(AttendanceMark.lesson_id == lesson.id)))


def taps_offline(page: Page, live: Live, school: School) -> Page:
    """Tap without a connection while the session ends; return the tab on which to sign in."""
    page.goto(live.url(f"/lessen/{school['lesson'].id}/presentie"))
    page.context.set_offline(True)
    page.locator(".register > li").nth(0).get_by_text("Afwezig", exact=True).click()
    page.locator(".register > li").nth(1).get_by_text("Aanwezig", exact=True).click()
    end_sessions(school["teacher"])
    page.context.set_offline(False)
    expect(page.locator("#signed_out")).to_contain_text("niet meer ingelogd")
    with page.context.expect_page() as opened:
        page.locator("#signed_out a").click()
    return opened.value


def test_taps_wait_until_she_has_signed_in_again(page: Page, live: Live, school: School, signs_in: SignsIn) -> None:
    tab = taps_offline(page, live, school)
    assert marks(school["lesson"]) == set()

    signs_in(tab, school["account"])
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator("#signed_out")).to_be_hidden()
    expect(page.locator(".register .saved.stored")).to_have_count(2)
    assert marks(school["lesson"]) == {Status.ABSENT, Status.PRESENT}


def test_taps_are_not_stored_under_another_name(page: Page, live: Live, school: School, signs_in: SignsIn) -> None:
    with in_school(LEST_BEST):
        other = make_account("Noor Bakker", "teacher")
    tab = taps_offline(page, live, school)

    signs_in(tab, other)
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator("#signed_out")).to_contain_text("iemand anders")
    assert marks(school["lesson"]) == set()


def test_a_note_comes_back_after_signing_in(page: Page, live: Live, school: School, signs_in: SignsIn) -> None:
    learner = school["learners"][0]
    page.goto(live.url(f"/cursisten/{learner.id}/voortgang"))
    page.locator("summary", has_text="Schrijf een notitie").first.click()
    page.locator("textarea[name=notitie-body]").fill(NOTE)
    end_sessions(school["teacher"])
    page.locator("form", has=page.locator("textarea[name=notitie-body]")).locator("[type=submit]").click()
    expect(page.locator("main")).to_contain_text("nog niet opgeslagen")
    expect(page.locator("main textarea")).to_have_value(NOTE)

    with page.context.expect_page() as opened:
        page.locator("main a.btn").first.click()
    signs_in(opened.value, school["account"])
    page.get_by_role("button", name="Verstuur opnieuw").click()
    expect(page.locator("main")).to_contain_text("Wilt u dit nog doen?")
    page.get_by_role("button", name="Verstuur opnieuw").click()

    expect(page.locator("main")).to_contain_text("Volgende week: brieven.")
