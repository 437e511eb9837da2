"""Who restricted her data signs in and sees it; who works at the school too sees it on her own pages alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from portal.core.db.scope import in_school
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")


def restricted(*categories: str) -> Learner:
    with in_school(HERE):
        learner = make_learner("Amina", "Kwikstaart", city="Verwegdam")
        hold(learner.id, *categories)
    return learner


@pytest.mark.promise("ST-08", part="shielded")
def test_she_sees_that_hers_stands_still_and_all_of_it(client: PageClient, sign_in: SignIn) -> None:
    learner = make(client, sign_in, "learner")

    page = client.get("/mijn/gegevens").get_data(as_text=True)

    assert "Dit is afgeschermd: alle gegevens." in page
    assert "Verwegdam" in page
    assert client.get(f"/cursisten/{learner.id}").status_code == 403


def make(client: PageClient, sign_in: SignIn, *roles: str) -> Learner:
    with in_school(HERE):
        learner = make_learner("Amina", "Kwikstaart", city="Verwegdam")
    sign_in(client, *roles, learner=learner)
    with in_school(HERE):
        hold(learner.id)
    return learner


def test_who_works_here_too_sees_hers_on_her_own_pages_alone(client: PageClient, sign_in: SignIn) -> None:
    learner = make(client, sign_in, "learner", "administration")

    assert "Verwegdam" in client.get("/mijn/gegevens").get_data(as_text=True)
    assert client.get(f"/cursisten/{learner.id}").status_code == 404
    assert "Kwikstaart" not in client.get("/cursisten?zoek=").get_data(as_text=True)


def test_who_acts_for_her_sees_it(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Kwikstaart", city="Verwegdam")
        parent = make_account("Samira", "representative")
        make_representative(learner, account_id=parent.id)
    sign_in(client, "representative", account=parent)
    with in_school(HERE):
        hold(learner.id)

    assert "Verwegdam" in client.get("/mijn/gegevens").get_data(as_text=True)


def test_a_category_that_she_restricted_counts_as_not_seen(client: PageClient, sign_in: SignIn) -> None:
    learner = restricted("address")
    sign_in(client, "administration")

    page = client.get(f"/cursisten/{learner.id}").get_data(as_text=True)

    assert "Kwikstaart" in page
    assert "Verwegdam" not in page
    assert client.get(f"/cursisten/{learner.id}/wijzig/address").status_code in {403, 404}
    assert client.post(f"/cursisten/{learner.id}/wijzig/address", {"city": "Zeist"}).status_code in {403, 404}


def test_staff_pay_no_statement_more_where_somebody_restricted_hers(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any]
) -> None:
    sign_in(client, "administration")
    client.get("/cursisten")
    with count_statements() as before:
        client.get("/cursisten")
    restricted()
    with count_statements() as after:
        client.get("/cursisten")

    assert len(after) == len(before)


def test_who_adds_her_again_or_gives_her_number_hears_no_more_than_that(client: PageClient, sign_in: SignIn) -> None:
    learner = restricted()
    sign_in(client, "administration")
    typed = {"given_name": "Amina", "family_name": "Kwikstaart", "source": "school", "channel": "phone"}

    for sent in (
        typed,
        {**typed, "anyway": "1"},
        {**typed, "given_name": "Bo", "family_name": "Vis", "number": learner.number},
    ):
        page = client.post("/cursisten/nieuw", sent)
        assert page.status_code == 422
        assert "Deze persoon is afgeschermd. Vraag de privacymedewerker." in page.get_data(as_text=True)
        assert "Verwegdam" not in page.get_data(as_text=True)


def test_nobody_merges_her(client: PageClient, sign_in: SignIn) -> None:
    learner = restricted()
    with in_school(HERE):
        other = make_learner("Amina", "Kwik")
    sign_in(client, "administration")

    for answer in (
        client.get(f"/cursisten/samenvoegen?houd={other.id}&weg={learner.id}"),
        client.post("/cursisten/samenvoegen", {"houd": str(other.id), "weg": str(learner.id)}),
    ):
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("/cursisten")
    assert "Deze persoon is afgeschermd" in client.get("/cursisten").get_data(as_text=True)


def test_an_id_of_nobody_is_still_not_found(client: PageClient, sign_in: SignIn) -> None:
    restricted("address")
    sign_in(client, "administration")
    assert client.get(f"/cursisten/{UUID(int=7)}").status_code == 404
