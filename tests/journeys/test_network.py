"""What a browser's network log shows: no cookie but the portal's own, no third party, and a light first page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.seed import SCHOOLS

OWN_COOKIES = {"__Host-inzage", "__Host-taal"}
PUBLIC = ("/", "/aanmelden", "/privacy", "/wachtwoord-vergeten", "/aanmelden/eerste-keer", "/uitgelogd", "/nergens")


@dataclass
class Log:
    """What went over the network: hosts that were asked, cookies that were set."""

    hosts: set[str] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)

    def keep(self, response: Response) -> None:
        self.hosts.add(urlsplit(response.url).hostname or "")
        for header in response.headers_array():
            if header["name"].lower() == "set-cookie":
                self.cookies.add(header["value"].partition("=")[0])


def walk(person: Person) -> Log:
    """See the public pages, choose a language, sign in and see the own pages; return what went over the network."""
    page, log = person.page, Log()
    page.on("response", log.keep)
    page.on("requestfailed", lambda request: log.hosts.add(urlsplit(request.url).hostname or ""))
    for path in PUBLIC:
        person.go(path)
    page.locator("summary:visible").first.click()
    page.locator("button[name=taal][value=en]:visible").first.click()
    person.signs_in()
    for path in ("/mijn/lessen", "/mijn/gegevens", "/mijn/toestemmingen", "/account"):
        person.go(path)
    log.cookies |= {cookie["name"] for cookie in page.context.cookies()}
    return log


@pytest.mark.promise("LL-10", "OP-10")
@pytest.mark.promise("LB-16", part="cookies")
@pytest.mark.promise("LB-16", part="third parties")
@pytest.mark.promise("MN-13", part="one cookie")
@pytest.mark.parametrize("slug", [seed.slug for seed in SCHOOLS])
def test_no_cookie_but_our_own_and_no_third_party(live: Live, browse: Callable[..., Page], slug: str) -> None:
    with in_school(school_id(slug)):
        learner = make_learner()
    person = make_person(live, browse(), slug, "Amina Yilmaz", "learner", learner=learner)

    log = walk(person)

    assert log.hosts == {f"{slug}.localhost"}
    assert "__Host-inzage" in log.cookies
    assert log.cookies <= OWN_COOKIES
    stored = person.page.evaluate("localStorage.length + sessionStorage.length")
    assert stored == 0
    person.go("/privacy")
    person.reads(*sorted(OWN_COOKIES))


def test_the_first_page_is_light(live: Live, browse: Callable[..., Page]) -> None:
    page = browse()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(live.url("/aanmelden"), wait_until="networkidle")

    assert len(sizes) >= 3
    assert sum(sizes) <= 60 * 1024
