"""Saying no costs nothing: no page, and no module that does the school's work, waits for a yes (AVG art. 7(4))."""

import ast
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core.db.scope import in_school
from portal.core.http.scope import SYSTEM
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.purposes.queries import find_consent
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.learners import make_learner
from tests.factories.policy import SLUGS, shipped
from tests.factories.whole_school import make_whole, pages_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

Enter = Callable[[str], AbstractContextManager[SchoolView]]

PORTAL = Path(__file__).parents[2] / "portal"
YES = {"has_consent", "find_consent", "learners_who_agree", "consents_in_force", "CONSENTS_IN_FORCE", "lock_consents"}
ASK = {
    "disclosures/files/production.py": "a file whose purpose is asked: she is left out of it",
    "learners/conditions/queries.py": "a field that is there on consent alone: it stays empty",
    "requests/answers/carrying_out.py": "takes a yes back with what is erased",
    "contacts/subscriptions/services.py": "takes a yes back by the link in a mail",
    "ports.py": "connects the port",
}
"""Who asks outside `purposes` whether somebody said yes, and what she misses who didn't."""


def test_nothing_else_waits_for_a_yes() -> None:
    asking = set()
    for path in PORTAL.rglob("*.py"):
        where = path.relative_to(PORTAL).as_posix()
        tree = ast.parse(path.read_text())
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if names & YES and not where.startswith(("purposes/", "demo/")):
            asking.add(where)
    assert asking == set(ASK)


@pytest.mark.parametrize("slug", ["lest-best"])
def test_who_says_no_opens_every_page_that_who_says_yes_does(
    app: Flask, database: Any, sign_in: SignIn, slug: str
) -> None:
    client = PageClient(app, f"{slug}.localhost")
    with in_school(school_id(slug)), app.app_context():
        whole = make_whole()
        learner = whole.subject(Role.LEARNER)
        pages = [path for _endpoint, path in pages_of(app, whole, Role.LEARNER)]
    sign_in(client, "learner", learner=learner)
    before = {path: client.browser.get(path, base_url=client.base).status_code for path in pages}
    with in_school(school_id(slug)), app.app_context():
        for each in current_policy().consent_purposes():
            if each.is_about(is_minor=False) and find_consent(learner.id, each.key, SYSTEM) is None:
                agree(learner, each.key)
    after = {path: client.browser.get(path, base_url=client.base).status_code for path in pages}

    assert len(pages) > 20
    assert before == after


@pytest.mark.parametrize("slug", SLUGS)
def test_what_a_statute_asks_has_no_switch_and_names_its_law(slug: str) -> None:
    statutory = [purpose for purpose in shipped(slug).purposes if purpose.is_statutory]
    assert statutory
    assert all(purpose.law and not purpose.asks_consent and not purpose.may_be_objected_to for purpose in statutory)


@pytest.mark.parametrize(("slug", "is_said"), [("lest-best", True), ("meester-in-nt2", True), ("leren-leren", False)])
def test_where_a_municipality_may_pay_its_checks_are_told(
    client_at: Callable[[str], PageClient], enter: Enter, sign_in: SignIn, slug: str, is_said: bool
) -> None:
    client = client_at(slug)
    with enter(slug):
        learner = make_learner("Amina")
    sign_in(client, "learner", learner=learner)
    text = client.get("/mijn/toestemmingen").get_data(as_text=True)
    assert ("om te controleren of u naar de les gaat" in text) is is_said
    assert ("art. 9.6 lid 3" in text) is is_said
    assert "Dat kost u niets: uw lessen gaan gewoon door." in text
