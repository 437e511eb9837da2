"""Pages that say what went wrong: whoever is signed in keeps her menu and her language, and reads what fits her."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.permissions import Role
from portal.web import lifecycle
from portal.web.navigation import MenuItem
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0].id
MENU = {Role.TEACHER: "/vandaag", Role.MANAGEMENT: "/medewerkers", Role.LEARNER: "/mijn/lessen"}


def enter(client: PageClient, sign_in: SignIn, role: Role) -> Account:
    with in_school(HERE):
        learner = make_learner() if role is Role.LEARNER else None
    actor = sign_in(client, role.value, learner=learner)
    with in_school(HERE):
        return session.get_one(Account, (HERE, actor.account_id))


def menu_of(text: str) -> list[str]:
    """The addresses in the bars around a page."""
    return re.findall(r'href="([^"]+)"', "".join(re.findall(r"<nav.*?</nav>", text, re.S)))


@pytest.mark.parametrize("role", MENU)
def test_an_unknown_address_keeps_the_menu(client: PageClient, sign_in: SignIn, role: Role) -> None:
    enter(client, sign_in, role)
    answer = client.get("/nergens")
    assert answer.status_code == 404
    assert MENU[role] in menu_of(answer.text)


FAULTS: list[tuple[Exception, int]] = [
    (NotFound(), 404),
    (NotAllowed(), 403),
    (Conflict("elsewhere"), 409),
    (Invalid("name", "required"), 422),
    (RuntimeError("a fault of ours"), 500),
]


@pytest.fixture
def breaks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Return what makes Vandaag fail so."""

    def broken(fault: Exception) -> None:
        def fails() -> None:
            raise fault

        fails.__dict__["access"] = app.view_functions["overview.today"].__dict__["access"]
        monkeypatch.setitem(app.view_functions, "overview.today", fails)

    return broken


@pytest.mark.parametrize(("fault", "status"), FAULTS)
def test_what_went_wrong_keeps_the_menu(
    client: PageClient, sign_in: SignIn, breaks: Callable[[Exception], None], fault: Exception, status: int
) -> None:
    breaks(fault)
    enter(client, sign_in, Role.TEACHER)
    answer = client.get("/vandaag")
    assert answer.status_code == status
    assert MENU[Role.TEACHER] in menu_of(answer.text)


def test_a_fault_in_the_menu_itself_is_still_said(
    client: PageClient, sign_in: SignIn, breaks: Callable[[Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(RuntimeError("a fault of ours"))
    enter(client, sign_in, Role.TEACHER)
    menu_for = lifecycle.menu_for

    def fails(actor: Actor | None) -> tuple[MenuItem, ...]:
        if actor is not None:
            raise RuntimeError("no menu")
        return menu_for(actor)

    monkeypatch.setattr(lifecycle, "menu_for", fails)
    answer = client.get("/vandaag")
    assert answer.status_code == 500
    assert "Nummer van deze fout" in answer.text
    assert not menu_of(answer.text)


def test_a_fault_before_the_school_is_known_is_still_said(
    client: PageClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client, sign_in, Role.TEACHER)

    def fails(_host: str) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(lifecycle, "begin_by_host", fails)
    answer = client.get("/vandaag")
    assert answer.status_code == 500
    assert "Nummer van deze fout" in answer.text
    assert not menu_of(answer.text)


def test_a_method_that_an_address_has_not_keeps_the_menu(client: PageClient, sign_in: SignIn) -> None:
    enter(client, sign_in, Role.TEACHER)
    answer = client.post("/vandaag")
    assert answer.status_code == 405
    assert MENU[Role.TEACHER] in menu_of(answer.text)


def test_an_unknown_address_speaks_the_language_of_the_account(client: PageClient, sign_in: SignIn) -> None:
    account = enter(client, sign_in, Role.TEACHER)
    with in_school(HERE):
        session.get_one(Account, (HERE, account.id)).language = "ar"
    assert '<html lang="ar" dir="rtl">' in client.get("/nergens").text


def test_who_is_not_signed_in_has_no_menu(client: PageClient) -> None:
    answer = client.get("/nergens")
    assert answer.status_code == 404
    assert not menu_of(answer.text)


REFUSED = {
    Role.MANAGEMENT: ("U kunt uzelf geen rol erbij geven.", "Vraag het aan de directie"),
    Role.TEACHER: ("Vraag het aan de directie", "geen rol erbij geven"),
    Role.LEARNER: ("Deze pagina is voor medewerkers", "directie"),
}


@pytest.mark.parametrize("role", REFUSED)
def test_a_refusal_fits_the_role(client: PageClient, sign_in: SignIn, role: Role) -> None:
    enter(client, sign_in, role)
    answer = client.get("/bestanden")
    said, other = REFUSED[role]
    assert answer.status_code == 403
    assert said in answer.text
    assert other not in answer.text
