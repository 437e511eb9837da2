"""Every page by axe-core in each language, light and dark; at 320 px wide; by keyboard alone. Role by role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from portal.core.access import PORTAL
from portal.core.clock import today
from portal.core.database import in_school, new_id
from portal.learners.services.corrections import correct_own_field
from portal.permissions import MAY, Role
from portal.policy.services import publish_shipped_policy
from portal.schools.services import add_school
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.attendance import make_mark
from tests.factories.consent import as_learner
from tests.factories.courses import make_lesson, make_teacher_of
from tests.factories.disclosures import Scene, ask, make_scene
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.signing_in import accept_duty

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
AXE = (Path(__file__).parents[2] / "static" / "vendor" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROLES = ["nobody", "learner", "teacher", "coach", "administration", "privacy_officer", "management"]
NO_PAGES = {"static", "schools.style", "schools.logo", "overview.start", "demo.mails", "learners.merge"}
NOWHERE = "/nergens"


@dataclass
class Seen:
    """A role, her page, the addresses that she may open, and what was found on them."""

    page: Page
    url: Callable[[str], str]
    paths: list[str]
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a page; what answers with a fault is one."""
        answer = self.page.goto(self.url(path))
        if answer is None or (answer.status >= 400) != (path == NOWHERE):
            self.faults.append(f"{path}: {answer and answer.status}")

    def look(self, what: str) -> None:
        """Let axe-core look at the page that is open."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(all => all.violations.map("
            "each => each.id + ' ' + each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))",
            TAGS,
        )
        self.faults += [f"{what}: {each}" for each in found]


def addresses(app: Flask, role: str) -> list[str]:
    """Return the pages without an id in their address that a role may open."""
    may = MAY[Role(role)] if role != "nobody" else frozenset()
    found = []
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        is_open = access == "public" if role == "nobody" else access in may
        if "GET" in (rule.methods or ()) and not rule.arguments and is_open and rule.endpoint not in NO_PAGES:
            found.append(rule.rule)
    return sorted(found)


def with_ids(scene: Scene, role: str, lesson_id: object) -> list[str]:
    """Return the main pages about one thing that a role may open."""
    learner, group = f"/cursisten/{scene.amina.id}", f"/groepen/{scene.group.id}"
    record = [learner, f"{learner}/geschiedenis", f"{learner}/presentie"]
    lessons = [f"/lessen/{lesson_id}/presentie", f"{group}/presentie", f"{group}/niveau", group]
    return {
        "nobody": [NOWHERE],
        "learner": ["/mijn/gegevens/phone/wijzigen", "/mijn/gegevens/birth_date/wijzigen"],
        "teacher": [learner, f"{learner}/voortgang", *lessons],
        "coach": [learner, f"{learner}/voortgang", group],
        "administration": [
            *record,
            f"{learner}/wijzig/contact",
            f"{learner}/dossier",
            f"/cursisten/samenvoegen?houd={scene.amina.id}",
            *lessons,
        ],
        "privacy_officer": [learner, f"{learner}/geschiedenis"],
        "management": [group],
    }[role]


@contextmanager
def seen_by(role: str, live: Live, chromium: Browser, **options: object) -> Iterator[Seen]:
    """Yield what a role may open, at a school in which something has happened."""
    with in_school(HERE):
        scene = make_scene(f" {uuid4().hex[:8]}")
        lesson = make_lesson(scene.group)
        make_mark(lesson, scene.amina)
        make_lesson(scene.group, held_on=today() + timedelta(days=2))
        by = as_learner(scene.bereket)
        correct_own_field(scene.bereket.id, "learner.given_name", "Bereketab", by=by)
        made = ask(scene)
        paths = with_ids(scene, role, lesson.id)
        if role == "administration":
            paths.append(f"/bestanden/{made.id}")
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", **options)
    page = context.new_page()
    person = make_person(live, page, SLUG, "Robin Smit", role if role != "nobody" else "learner", learner=scene.amina)
    if role == "teacher":
        with in_school(HERE):
            make_teacher_of(scene.group, person)
    if role != "nobody":
        person.signs_in()
    yield Seen(page, lambda path: live.url(path, SLUG), [*addresses(live.app, role), *paths])
    context.close()


def refuse(seen: Seen, role: str) -> None:
    """Let a form refuse what was typed, and look at it."""
    if role == "nobody":
        seen.open("/aanmelden")
        seen.page.locator("[name=name]").fill("niemand@example.org")
        seen.page.locator("[name=password]").fill("verkeerd")
        seen.page.locator("form.sign-in [type=submit]").click()
    else:
        seen.open("/account/wachtwoord")
        for each in seen.page.locator("main [type=password]").all():
            each.fill("kort")
        seen.page.locator("main form [type=submit]").click()
    seen.page.locator("[role=alert]").first.wait_for()
    seen.look("refused")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_axe_finds_nothing(live: Live, chromium: Browser, role: str, language: str) -> None:
    with seen_by(role, live, chromium, locale=language) as seen:
        for path in seen.paths:
            seen.open(path)
            seen.look(f"{path} {language}")
            if language == "nl":
                seen.page.emulate_media(color_scheme="dark")
                seen.look(f"{path} dark")
                seen.page.emulate_media(color_scheme="light")
        refuse(seen, role)
        assert not seen.faults, "\n".join(seen.faults)


@contextmanager
def first_day(role: str, live: Live, chromium: Browser) -> Iterator[Seen]:
    """Yield what a role may open at a school that has a policy and people, and nothing else."""
    slug, email = f"nieuw-{uuid4().hex[:8]}", f"{uuid4().hex[:12]}@example.org"
    with in_school(new_id()):
        add_school(slug, "Nieuwe School", hosts=[f"{slug}.localhost"], by=PORTAL)
        publish_shipped_policy("lest-best")
        account = make_account("Robin Smit", role, email=email)
        if role == "learner":
            make_learner(account_id=account.id)
        accept_duty(account)
        account_id = account.id
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", viewport={"width": 390, "height": 844})
    page = context.new_page()
    Person(live, page, slug, email, account_id).signs_in()
    yield Seen(page, lambda path: live.url(path, slug), addresses(live.app, role))
    context.close()


@pytest.mark.parametrize("role", ROLES[1:])
def test_axe_finds_nothing_at_an_empty_school(live: Live, chromium: Browser, role: str) -> None:
    with first_day(role, live, chromium) as seen:
        for path in seen.paths:
            seen.open(path)
            seen.look(path)
        assert not seen.faults, "\n".join(seen.faults)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_wider_than_the_smallest_phone(live: Live, chromium: Browser, role: str) -> None:
    with seen_by(role, live, chromium, viewport={"width": 320, "height": 640}) as seen:
        for path in seen.paths:
            seen.open(path)
            width = seen.page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                seen.faults.append(f"{path}: {width} px")
        assert not seen.faults, "\n".join(seen.faults)


REACHED = """() => {
    const rings = node => {
        const style = getComputedStyle(node)
        return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none'
    }
    const at = document.activeElement, around = at.closest('label, li, tr')
    const where = [...document.querySelectorAll('*')].indexOf(at.type === 'radio' ? at.closest('.seg, fieldset') : at)
    return {tag: at.tagName, where, html: at.outerHTML.slice(0, 120), shows: rings(at) || (!!around && rings(around))}
}"""
WHERE = "at => [...document.querySelectorAll('*')].indexOf(at.type === 'radio' ? at.closest('.seg, fieldset') : at)"


@pytest.mark.parametrize(("role", "path"), [("nobody", "/aanmelden"), ("learner", "/mijn/gegevens"), ("teacher", "")])
def test_the_keyboard_reaches_what_there_is_to_do(live: Live, chromium: Browser, role: str, path: str) -> None:
    with seen_by(role, live, chromium, viewport={"width": 1280, "height": 900}) as seen:
        seen.open(path or next(each for each in seen.paths if each.startswith("/lessen/")))
        inside = (
            "main a[href]:visible, main button:visible, main input:not([type=hidden]):visible, main summary:visible"
        )
        wanted = {each.evaluate(WHERE) for each in seen.page.locator(inside).all()[:12]}
        reached, without_ring = set(), []
        for _ in range(80):
            seen.page.keyboard.press("Tab")
            at = seen.page.evaluate(REACHED)
            reached.add(at["where"])
            if at["tag"] != "BODY" and not at["shows"]:
                without_ring.append(at["html"])
        assert without_ring == []
        assert wanted - reached == set()
