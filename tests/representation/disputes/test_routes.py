"""Both parents read that they disagree; staff record what both or a court decided."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes.queries import has_consent
from portal.representation.disputes.models import ParentalDispute
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
GIVE, WITHDRAW = "/mijn/toestemmingen/survey/geven", "/mijn/toestemmingen/survey/intrekken"


@pytest.fixture
def yara() -> Learner:
    with in_school(HERE):
        return make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 3, 1))


def enters(client: PageClient, sign_in: SignIn, child: Learner, name: str) -> None:
    """Sign in as a parent of this child."""
    actor = sign_in(client, "representative", name=name)
    with in_school(HERE):
        make_representative(child, account_id=actor.account_id, name=name)


def version_fields() -> dict[str, str]:
    with in_school(HERE):
        return {"version": str(in_force()), "language": "nl"}


@pytest.mark.promise("LL-04", part="consent")
def test_the_second_yes_is_not_stored_and_both_read_why(
    app: Flask, client: PageClient, sign_in: SignIn, yara: Learner
) -> None:
    enters(client, sign_in, yara, "Samira Haddad")
    assert client.post(GIVE, version_fields()).status_code == 303
    father = PageClient(app, "lest-best.localhost")
    enters(father, sign_in, yara, "Karim Haddad")
    assert father.post(WITHDRAW, {}).status_code == 303

    answer = client.post(GIVE, version_fields())

    assert answer.headers["Location"].endswith("/mijn/oneens")
    for each in (client, father):
        page = each.get("/mijn/oneens").get_data(as_text=True)
        assert "De school neemt contact op met u allebei" in page.replace("\n", " ")
    with in_school(HERE):
        assert not has_consent(yara.id, "survey", SYSTEM)
        assert session.scalar(select(func.count()).select_from(ParentalDispute)) == 1


def test_the_office_settles_it(client: PageClient, sign_in: SignIn, yara: Learner) -> None:
    with in_school(HERE):
        row = ParentalDispute(learner_id=yara.id, subject="consent", topic="survey", raised_at=now())
        session.add(row)
        session.flush()
        url = f"/cursisten/ouders-oneens/{row.id}"
    sign_in(client, "administration")
    page = client.get("/cursisten/kinderen").get_data(as_text=True)
    assert "Yara Haddad" in page
    assert "een ouder" in page  # written down for one of them
    assert client.get(url).status_code == 200
    assert client.post(url, {"settlement": "agreed"}).status_code == 422
    assert client.post(url, {"settlement": "agreed", "outcome": "no"}).status_code == 303
    assert client.post(url, {"settlement": "agreed", "outcome": "yes"}).status_code == 422
    assert "Besloten op" in client.get(url).get_data(as_text=True)


def test_a_teacher_settles_nothing(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    assert client.get("/cursisten/kinderen").status_code == 403
