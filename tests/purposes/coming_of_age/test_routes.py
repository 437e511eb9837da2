"""The office's page of who turns 16."""

from datetime import timedelta

from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.purposes.coming_of_age.models import ComingOfAge
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PAGE = "/cursisten/kinderen"


def test_the_office_sees_whose_letter_waits_and_notes_it(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Yara", "Haddad", birth_date=today() - timedelta(days=16 * 365))
        row = ComingOfAge(learner_id=learner.id, sixteen_on=today() + timedelta(days=4), told_at=now(), by_letter=True)
        session.add(row)
        session.flush()
        row_id = row.id
    sign_in(client, "administration")
    assert "Yara Haddad" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{PAGE}/{row_id}/brief").status_code == 303
    assert "brief verstuurd op" in client.get(PAGE).get_data(as_text=True)


def test_a_teacher_has_no_such_page(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    assert client.get(PAGE).status_code == 403
