"""A number of one's own is seen in full and changed only by who just proved who she is; saved is said where it was."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.models import AccountSession
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import NotAllowed, NotFound
from portal.learners.own_record.services import reveal_own_number
from portal.learners.record.models import Learner
from tests.factories.consent import as_learner
from tests.factories.imports import make_office
from tests.factories.learners import make_learner, make_representative, make_trajectory
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

BSN, IBAN, OTHER = "999999990", "NL91ABNA0417164300", "NL39RABO0300065264"
NUMBERS = {"bsn": BSN, "iban": IBAN}
AT = {"bsn": "meester-in-nt2", "iban": "leren-leren"}
"""A school that keeps each."""


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", "iban")


@pytest.fixture
def client(client_at: Callable[[str], PageClient], name: str) -> PageClient:
    return client_at(AT[name])


@pytest.fixture
def amina(enter: Callable[[str], Any], name: str) -> Learner:
    with enter(AT[name]):
        made = make_learner("Amina", city="Utrecht", **{name: NUMBERS[name]})
        make_trajectory(made, reports_to_government=True)
    return made


EACH = pytest.mark.parametrize("name", sorted(NUMBERS), indirect=True)


def long_ago(learner: Learner) -> None:
    """Let her have signed in an hour ago."""
    with in_school(learner.school_id):
        session.execute(update(AccountSession).values(authenticated_at=now() - timedelta(hours=1)))


@EACH
def test_she_sees_it_in_full_by_a_press_and_that_is_in_the_log(
    client: PageClient, sign_in: SignIn, amina: Learner, name: str
) -> None:
    sign_in(client, "learner", learner=amina)
    path, press = f"/mijn/gegevens/{name}/wijzigen", f"/mijn/gegevens/{name}/toon"
    mine = client.get("/mijn/gegevens/alles").get_data(as_text=True)
    assert NUMBERS[name] not in mine
    assert path in mine
    page = client.get(path)
    assert NUMBERS[name] not in page.get_data(as_text=True)

    shown = client.post(press, hidden_in(page, press))

    assert (shown.status_code, NUMBERS[name] in shown.get_data(as_text=True)) == (200, True)
    with in_school(amina.school_id):
        assert "learners.own_number_revealed" in session.scalars(select(AuditEvent.event)).all()
    assert NUMBERS[name] not in client.get(path).get_data(as_text=True)


@EACH
def test_who_signed_in_long_ago_does_so_anew(client: PageClient, sign_in: SignIn, amina: Learner, name: str) -> None:
    sign_in(client, "learner", learner=amina)
    path, press = f"/mijn/gegevens/{name}/wijzigen", f"/mijn/gegevens/{name}/toon"
    form = hidden_in(client.get(path), path)
    long_ago(amina)

    answers = [client.get(path), client.post(press, form), client.post(path, {**form, name: OTHER})]

    for answer in answers:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/aanmelden/opnieuw")
    with in_school(amina.school_id):
        learner = session.get_one(Learner, (amina.school_id, amina.id))
        assert reveal_own_number(f"learner.{name}", by=as_learner(learner)) == NUMBERS[name]


def test_who_acts_for_her_proves_who_she_is_too(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    helper = sign_in(client, "representative")
    with in_school(amina.school_id):
        make_representative(amina, account_id=helper.account_id)
    path = "/mijn/gegevens/iban/wijzigen"
    form = hidden_in(client.get(path), path)
    long_ago(amina)

    assert client.post(path, {**form, "iban": OTHER}).status_code == 303

    with in_school(amina.school_id):
        learner = session.get_one(Learner, (amina.school_id, amina.id))
        assert reveal_own_number("learner.iban", by=as_learner(learner)) == IBAN


def test_nothing_else_and_nobody_else_s_is_shown(enter: Callable[[str], Any]) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(city="Utrecht")
        for key in ("learner.city", "learner.bsn", "learner.zzz"):
            with pytest.raises(NotFound):
                reveal_own_number(key, by=as_learner(learner))
        with pytest.raises((NotFound, NotAllowed)):
            reveal_own_number("learner.bsn", by=make_office())


def test_saved_is_said_where_it_was_saved(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    path = "/mijn/gegevens/city/wijzigen"
    form = hidden_in(client.get(path), path)

    sent = client.post(path, {**form, "city": "Zeist"})

    assert sent.headers["Location"].endswith("#veld-city")
    there = sent.headers["Location"].partition("#")[0]
    page = client.get(there).get_data(as_text=True)
    field = re.search(r'id="veld-city".*?(?=<div class="field"|</section>)', page, re.S)
    assert field is not None
    assert "Opgeslagen." in field.group()
    assert page.count("Opgeslagen.") == 1
    assert "Opgeslagen." not in client.get(there).get_data(as_text=True)
