"""People who sign in as people do: an address, a password, and a page of a browser."""

import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID, uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from portal.accounts.models import AccountSession
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.languages import COOKIE, _, in_language
from portal.core.jobs import HANDED, WAITING, Job, perform
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.accounts import PASSWORD, make_account
from tests.journeys.conftest import Live
from tests.signing_in import accept_duty


@dataclass
class Person:
    """Somebody with an account at a school, and her page."""

    live: Live
    page: Page
    slug: str
    email: str
    account_id: UUID

    def go(self, path: str) -> None:
        """Open an address of her school."""
        self.page.goto(self.live.url(path, self.slug))

    def signs_in(self, leads_to: str = "") -> None:
        """Sign in on the sign-in page; `leads_to` is where that ends, anywhere else where it isn't given."""
        self.go("/aanmelden")
        self.page.locator("[name=name]").fill(self.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("form.sign-in [type=submit]").click()
        self.page.wait_for_url(lambda url: leads_to in url if leads_to else "/aanmelden" not in url)

    def sets_password(self, password: str = PASSWORD, button: str = "Opslaan en verder") -> None:
        """Choose a password where one came by a link or with a letter."""
        self.page.locator("[name=password]").fill(password)
        self.page.locator("[name=repeated_password]").fill(password)
        self.presses(button)

    def chooses(self, label: str) -> None:
        """Follow a line of the menu."""
        self.page.get_by_role("link", name=label, exact=True).first.click()

    def presses(self, label: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=label).first.click()

    def reads(self, *words: str) -> None:
        """Find words on the page."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def titled(self, heading: str) -> None:
        """Be on the page with this heading."""
        expect(self.page.locator("h1")).to_contain_text(heading)

    def speaks(self, language: str) -> None:
        """Have every page from here on in a language."""
        address = self.live.url("/", self.slug).replace("http:", "https:")
        self.page.context.add_cookies([{"name": COOKIE, "value": language, "url": address, "secure": True}])

    def word(self, dutch: str, language: str) -> str:
        """Return what the portal says in a language for one of its texts."""
        with self.live.app.test_request_context(), in_language(language):
            return str(_(dutch))

    def fits(self) -> bool:
        """Say whether the page is no wider than the screen."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def waited(self, minutes: int) -> None:
        """Let her have given her password so long ago."""
        with in_school(school_id(self.slug)):
            since = now() - timedelta(minutes=minutes)
            session.execute(
                update(AccountSession)
                .where(AccountSession.account_id == self.account_id)
                .values(authenticated_at=since)
            )


def make_person(
    live: Live, page: Page, slug: str, name: str, role: str, *, learner: Learner | None = None, accepts: bool = True
) -> Person:
    """Make somebody with a role at a school; call it outside the school's scope."""
    email = f"{uuid4().hex[:12]}@example.org"
    with in_school(school_id(slug)):
        account = make_account(name, role, email=email)
        if learner is not None:
            session.get_one(Learner, (school_id(slug), learner.id)).account_id = account.id
        if accepts:
            accept_duty(account)
        return Person(live, page, slug, email, account.id)


def work(slug: str) -> list[str]:
    """Do what waits for the worker at a school, and what that asks for; return the kinds of job."""
    school, done = school_id(slug), list[str]()
    waits = select(Job.id, Job.kind).where(Job.state.in_([WAITING, HANDED]), Job.run_after <= func.clock_timestamp())
    while True:
        with in_school(school):
            following = session.execute(waits.order_by(Job.run_after, Job.id).limit(1)).one_or_none()
            if following is None:
                return done
            session.execute(update(Job).where(Job.id == following.id).values(state=HANDED))
        perform(school, following.id)
        done.append(following.kind)


def mail_to(folder: Path, address: str) -> str:
    """Return the text of the last mail to an address."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
    texts = [mail.get_content() for mail in mails if mail["To"] == address]
    assert texts, f"no mail to {address}"
    return str(texts[-1])


def link_to(folder: Path, address: str, path: str) -> str:
    """Return the link below a path that the last mail to an address holds."""
    found = re.search(rf"https?://\S+?({path}/\S+)", mail_to(folder, address))
    assert found is not None
    return found[1]
