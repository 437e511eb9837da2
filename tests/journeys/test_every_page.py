"""Every page of every role, made from the address map, by axe-core and on the smallest phone: in three languages, light
and dark, on a wide screen and a narrow one. A page that several roles may open is spread over them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable, TooManyRequests

from portal.accounts.models import Account, Membership
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed
from portal.permissions import Role
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.factories.accounts import give_second_factor
from tests.factories.whole_school import is_open_to, make_whole, pages_of
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.journeys.test_everyone_can_use_it import Seen
from tests.journeys.test_network import OWN_COOKIES

LANGUAGES = {"nl": "meester-in-nt2", "en": "lest-best", "ar": "lest-best"}
ROLES: list[Role | None] = [None, *Role]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
WIDTH = "document.documentElement.scrollWidth"
TURNED = r"""() => {
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), found = []
    while (walk.nextNode()) {
        const text = walk.currentNode.data.replace(/\u2066.*?\u2069/g, ''), at = walk.currentNode.parentElement
        const isTurned = /(^|[^A-Za-z\d-])(\d+-\d|\+\d|0\d+ \d)/.test(text) && !at.closest('script, style')
        if (isTurned && at.checkVisibility() && getComputedStyle(at).direction === 'rtl') found.push(text.trim())
    }
    return found
}"""
"""A date in figures, a number with hyphens or a telephone number that a page from right to left turns around."""


def turns(app: Flask, role: Role | None, language: str) -> set[str]:
    """Return the endpoints that a role shows in a language: a role shows all of its pages, a language all pages."""
    mine, tongue = set(), list(LANGUAGES).index(language)
    for rule in app.url_map.iter_rules():
        among = [each for each in ROLES if is_open_to(app, rule, each)]
        if role in among:
            at = among.index(role)
            mine |= {rule.endpoint} if tongue % len(among) == at or at % len(LANGUAGES) == tongue else set()
    return mine


def account_of(role: Role | None, whole: object) -> Account | None:
    return {Role.REPRESENTATIVE: whole.parent, Role.TEACHER: whole.teacher}.get(role)  # type: ignore[attr-defined]


OF_RECEIVER = re.compile(r"/wisbewijs/|/(verzoeken|klachten)/[^/]+/brief ")
"""A page in the language of whom it is about, whoever opens its link."""


@contextmanager
def seen_by(role: Role | None, slug: str, live: Live, chromium: Browser, **options: object) -> Iterator[Seen]:
    """Yield the pages that a role may open at a school in which something has happened; nobody is half signed in.

    Afterwards nothing was asked of another host, and no cookie is there but the portal's own.
    """
    with in_school(school_id(slug)):
        if role is not (handles := Role(current_policy().complaints.role)):  # of a journey before this one
            session.execute(delete(Membership).where(Membership.role == handles))
        whole = make_whole()
        pages = list(pages_of(live.app, whole, role, most=4))
        own = account_of(role, whole)
    page = chromium.new_context(bypass_csp=True, reduced_motion="reduce", viewport=WIDE, **options).new_page()
    asked: set[str | None] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    if own is not None:
        person = Person(live, page, slug, str(own.email), own.id)
    else:
        learner = whole.scene.amina if role is Role.LEARNER else None
        person = make_person(live, page, slug, "Robin Smit", (role or Role.COACH).value, learner=learner)
    if role is None:
        half_signs_in(person, school_id(slug))
    else:
        person.signs_in()
    yield Seen(page, lambda path: live.url(path, slug), pages)  # type: ignore[arg-type]
    cookies = {cookie["name"] for cookie in page.context.cookies()}
    page.context.close()
    assert asked - {None} == {f"{slug}.localhost"}
    assert cookies <= OWN_COOKIES


def half_signs_in(person: Person, here: object) -> None:
    """Give a password and stop at the second step."""
    with in_school(here):  # type: ignore[arg-type]
        give_second_factor(session.scalars(select(Account).where(Account.id == person.account_id)).one())
    person.signs_in("/aanmelden/tweede-stap")


def look_at_page(seen: Seen, what: str, language: str) -> None:
    """Look at the page that is open: light and dark in Dutch, narrow in Arabic; nowhere wider than a small phone."""
    if language != "ar":
        seen.look(what)
    if language == "nl":
        seen.page.emulate_media(color_scheme="dark")
        seen.look(f"{what} dark")
        seen.page.emulate_media(color_scheme="light")
    seen.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    if language == "ar":
        seen.look(f"{what} narrow")
        is_of_reader = not OF_RECEIVER.match(what)
        if is_of_reader and seen.page.evaluate("getComputedStyle(document.body).direction") != "rtl":
            seen.faults.append(f"{what}: not from right to left")
        elif is_of_reader:
            seen.faults.extend(f"{what}: turned around: {each}" for each in seen.page.evaluate(TURNED))
    width = seen.page.evaluate(WIDTH)
    if width > 320:
        seen.faults.append(f"{what}: {width} px wide")
    seen.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@pytest.mark.sample(1 / 6)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everyone(live: Live, chromium: Browser, role: Role | None, language: str) -> None:
    with seen_by(role, LANGUAGES[language], live, chromium, locale=language) as seen:
        mine = turns(live.app, role, language)
        for endpoint, path in seen.paths:  # type: ignore[misc]
            if endpoint in mine:
                seen.open(path)
                look_at_page(seen, f"{path} {language}", language)
        assert not seen.faults, "\n".join(seen.faults)


def test_every_page_is_seen_in_every_language(live: Live) -> None:
    pages = {
        rule.endpoint for rule in live.app.url_map.iter_rules() if any(is_open_to(live.app, rule, r) for r in ROLES)
    }
    for language in LANGUAGES:
        assert set().union(*(turns(live.app, role, language) for role in ROLES)) == pages


FAULTS: list[Exception] = [
    Conflict("elsewhere"), NotAllowed("nothing"), RequestEntityTooLarge(), TooManyRequests(), ServiceUnavailable(),
    RuntimeError("a fault of ours"),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_went_wrong_is_said_to_everyone(
    live: Live, chromium: Browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    page = chromium.new_context(bypass_csp=True, reduced_motion="reduce", viewport=WIDE, locale=language).new_page()  # type: ignore[arg-type]
    seen = Seen(page, live.url, [])
    asked = live.app.view_functions["policy.statement"]

    def fails(fault: Exception) -> Callable[[], None]:
        def view() -> None:
            raise fault

        view.access = asked.access  # type: ignore[attr-defined]
        return view

    for fault in FAULTS:
        monkeypatch.setitem(live.app.view_functions, "policy.statement", fails(fault))
        answer = page.goto(live.url("/privacy"))
        assert answer is not None
        assert answer.status >= 400
        look_at_page(seen, f"{type(fault).__name__} {answer.status}", language)
    for path in ("/nergens", "/uitnodiging/verlopen"):
        page.goto(live.url(path))
        look_at_page(seen, path, language)
    page.goto(live.url("/", "geen-school"))
    look_at_page(seen, "no school", language)
    page.context.close()
    assert not seen.faults, "\n".join(seen.faults)


@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.LEARNER])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_went_wrong_within_the_menu_is_for_everyone(
    live: Live, chromium: Browser, role: Role, language: str
) -> None:
    with seen_by(role, LANGUAGES[language], live, chromium, locale=language) as seen:
        for path, status in (("/nergens", 404), ("/bestanden", 403)):
            answer = seen.page.goto(seen.url(path))
            assert answer is not None
            assert answer.status == status
            expect(seen.page.locator("nav a").first).to_be_attached()
            look_at_page(seen, f"{path} {language}", language)
        assert not seen.faults, "\n".join(seen.faults)


# A form of each kind with what it refuses: role, address, what is typed by name.
REFUSED: list[tuple[Role | None, str, dict[str, str]]] = [
    (None, "/aanmelden", {"name": "niemand@example.org", "password": "verkeerd"}),
    (Role.MANAGEMENT, "/medewerkers/uitnodigen", {"people": "Anna Bakker"}),
    (Role.MANAGEMENT, "/groepen/nieuw", {"name": "", "starts_on": "", "ends_on": "2020-01-01"}),
    (Role.MANAGEMENT, "/vakanties", {"name": "Lang", "starts_on": "2026-12-01", "ends_on": "2026-11-01"}),
    (Role.ADMINISTRATION, "/cursisten/nieuw", {"given_name": "", "birth_date": "gisteren"}),
    (Role.ADMINISTRATION, "/organisaties/nieuw", {"name": "", "kvk_number": "12"}),
    (Role.ADMINISTRATION, "/inlezen", {}),
    (Role.ADMINISTRATION, "/inlezen/uitslagen", {}),
    (Role.LEARNER, "/mijn/gegevens/phone/wijzigen", {"phone": "06"}),
    (Role.LEARNER, "/account/wachtwoord", {"password": "kort"}),
]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_a_refused_form_is_for_everyone(live: Live, chromium: Browser, language: str) -> None:
    faults: list[str] = []
    for role in dict.fromkeys(role for role, _, _ in REFUSED):
        with seen_by(role, LANGUAGES[language], live, chromium, locale=language) as seen:
            for path, typed in ((path, typed) for who, path, typed in REFUSED if who is role):
                seen.open(path)
                refuse(seen.page, typed)
                look_at_page(seen, f"{path} refused {language}", language)
            faults += seen.faults
    assert not faults, "\n".join(faults)


def refuse(page: Page, typed: dict[str, str]) -> None:
    """Send the main form of the page with what it refuses."""
    forms = page.locator("main form[method=post]")
    for name in typed:
        forms = forms.filter(has=page.locator(f"[name='{name}']"))
    form = forms.last
    for name, value in typed.items():
        form.locator(f"[name='{name}']").fill(value)
    form.locator("[type=submit]").first.click()
    expect(page.locator("[role=alert]").first).to_be_visible()
