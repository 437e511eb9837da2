"""Pages that no address opens by itself, by axe-core and on the smallest phone: letters with a first code, recovery
codes, too many wrong attempts, and the mails of a demo. What every address shows: `test_every_page`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.permissions import Role
from tests.conftest import school_id
from tests.journeys.conftest import Live
from tests.journeys.test_every_page import LANGUAGES, WIDE, look_at_page, seen_by
from tests.journeys.test_everyone_can_use_it import Seen

WORDS = "Welkom. Open https://lest-best.localhost/uitnodiging/abc en kies een wachtwoord."


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def nobody(live: Live, chromium: Browser, language: str) -> Iterator[Seen]:
    """A browser in which nobody is signed in."""
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", viewport=WIDE, locale=language)
    slug = LANGUAGES[language]
    yield Seen(context.new_page(), lambda path: live.url(path, slug), [])
    context.close()


def letters(page: Page) -> None:
    page.locator("[data-all]").check()
    page.locator("[formaction]").click()
    expect(page.locator(".card .code").first).to_be_visible()


def recovery_codes(page: Page) -> None:
    key = page.locator("main .code").first.inner_text().replace(" ", "")
    page.locator("[name=code]").fill(pyotp.TOTP(key).now())
    page.locator("main form [type=submit]").click()
    expect(page.locator("ul.codes li")).not_to_have_count(0)


ONCE: list[tuple[Role, str, Callable[[Page], None]]] = [
    (Role.ADMINISTRATION, "/cursisten/uitnodigen", letters),
    (Role.TEACHER, "/account/tweede-stap", recovery_codes),
    (Role.LEARNER, "/account/tweede-stap", recovery_codes),
]


@pytest.mark.parametrize("once", ONCE, ids=[f"{role} {shows.__name__}" for role, _, shows in ONCE])
def test_what_is_shown_once_is_for_everyone(
    live: Live, chromium: Browser, language: str, once: tuple[Role, str, Callable[[Page], None]]
) -> None:
    role, path, shows = once
    with seen_by(role, LANGUAGES[language], live, chromium, locale=language) as seen:
        seen.open(path)
        shows(seen.page)
        look_at_page(seen, f"{shows.__name__} {language}", language)
        assert not seen.faults, "\n".join(seen.faults)


def test_too_many_wrong_attempts_are_for_everyone(nobody: Seen, language: str) -> None:
    name, status = f"{uuid4().hex[:12]}@example.org", 0
    nobody.open("/aanmelden")
    for _ in range(7):
        nobody.page.locator("[name=name]").fill(name)
        nobody.page.locator("[name=password]").fill("verkeerd")
        with nobody.page.expect_navigation() as answer:
            nobody.page.locator("form.sign-in [type=submit]").click()
        status = answer.value.status
    assert status == 429
    look_at_page(nobody, f"too often {language}", language)
    assert not nobody.faults, "\n".join(nobody.faults)


def test_the_mails_of_a_demo_are_for_everyone(nobody: Seen, language: str) -> None:
    with in_school(school_id(LANGUAGES[language])):
        row = Mail(template="accounts/invitation", language="nl", sealed=None)
        session.add(row)
        session.flush()
    text = f"Subject: Uitnodiging\nTo: an@voorbeeld.example\n\n{WORDS}\n"
    (Path(os.environ["PORTAL_MAIL_DIR"]) / f"{row.id}.eml").write_text(text)
    nobody.open("/post")
    expect(nobody.page.locator("article").first).to_contain_text("https://lest-best.localhost/uitnodiging/abc")
    look_at_page(nobody, f"mails {language}", language)
    assert not nobody.faults, "\n".join(nobody.faults)
