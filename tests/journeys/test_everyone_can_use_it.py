"""An empty school by axe-core, and what there is to do by keyboard alone. All other pages: `test_every_page`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.http.access import PORTAL
from portal.permissions import MAY, Role
from portal.policy.services import publish_shipped_policy
from portal.schools.services import add_school
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.attendance import make_mark
from tests.factories.courses import make_lesson, make_teacher_of
from tests.factories.disclosures import make_scene
from tests.factories.learners import make_learner
from tests.factories.whole_school import CLOSED
from tests.factories.whole_school import NO_PAGES as NOT_HTML
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.signing_in import accept_duty

SLUG = "meester-in-nt2"
HERE = school_id(SLUG)
AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROLES = ["nobody", "learner", "teacher", "coach", "administration", "privacy_officer", "management"]
NO_PAGES = NOT_HTML | {"learners.merge"}


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
        if answer is None or answer.status >= 400:
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


NEWS = {"contacts.new_mailing"}
"""Not there at Lest Best, which sends no news."""


def addresses(app: Flask, role: str) -> list[str]:
    """Return the pages without an id in their address that a role may open."""
    may = MAY[Role(role)] if role != "nobody" else frozenset()
    closed = NO_PAGES | NEWS | CLOSED.get(Role(role) if role != "nobody" else None, set())
    found = []
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        is_open = access == "public" if role == "nobody" else access in may
        if "GET" in (rule.methods or ()) and not rule.arguments and is_open and rule.endpoint not in closed:
            found.append(rule.rule)
    return sorted(found)


@contextmanager
def seen_by(role: str, live: Live, chromium: Browser, **options: object) -> Iterator[Seen]:
    """Yield the page of somebody at a school in which something has happened; a teacher's path is her register."""
    with in_school(HERE):
        scene = make_scene(f" {uuid4().hex[:8]}")
        lesson = make_lesson(scene.group)
        make_mark(lesson, scene.amina)
    page = chromium.new_context(bypass_csp=True, reduced_motion="reduce", **options).new_page()
    person = make_person(live, page, SLUG, "Robin Smit", role if role != "nobody" else "learner", learner=scene.amina)
    if role == "teacher":
        with in_school(HERE):
            make_teacher_of(scene.group, person)
    if role != "nobody":
        person.signs_in()
    yield Seen(page, lambda path: live.url(path, SLUG), [f"/lessen/{lesson.id}/presentie"])
    page.context.close()


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


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("role", ROLES[1:])
def test_axe_finds_nothing_at_an_empty_school(live: Live, chromium: Browser, role: str) -> None:
    with first_day(role, live, chromium) as seen:
        for path in seen.paths:
            seen.open(path)
            seen.look(path)
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
        seen.open(path or seen.paths[0])
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
