"""A member of staff reads what is held of her and what is logged of her (AVG art. 15); her copy is asked for."""

import pytest

from portal.accounts.council.models import CouncilAnswer
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.courses import make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PAGE = "/mijn/bewaard"


@pytest.mark.promise("MN-17", part="own fields")
def test_she_reads_her_account_her_roles_and_what_is_logged_of_her(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yusuf")
    actor = sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{learner.id}")
    with in_school(HERE):
        make_row("council_decision", answer=CouncilAnswer.NOT_YET, recorded_by=actor.account_id)

    page = client.get(PAGE).get_data(as_text=True)

    assert "Olga Smit" in page
    assert "administratie" in page
    assert "1 cursist" in page
    assert "Waar uw naam bij staat" in page
    assert "Amina" not in page
    assert "hash" not in page
    for path in ("/account", "/mijn/rechten"):
        assert f'href="{PAGE}"' in client.get(path).get_data(as_text=True)


def test_who_does_not_work_here_has_another_page(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina")
    sign_in(client, "learner", learner=learner)
    assert client.get(PAGE).status_code == 403


def test_her_groups_stand_by_their_names(client: PageClient, sign_in: SignIn) -> None:
    actor = sign_in(client, "teacher")
    with in_school(HERE):
        make_teacher_of(make_group("Dinsdag B1"), actor)

    assert "Dinsdag B1" in client.get(PAGE).get_data(as_text=True)


def test_what_happened_more_than_once_on_a_day_stands_there_once_with_a_count(
    client: PageClient, sign_in: SignIn
) -> None:
    sign_in(client, "teacher")
    for _again in range(3):
        assert client.get("/instellingen").status_code == 403

    page = client.get(PAGE).get_data(as_text=True)

    assert page.count("Toegang: geweigerd") == 1
    assert "(3 keer)" in page
