"""What the layouts show around a page: whom a representative looks for, the menu of whoever asks, the school's look."""

import re

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.permissions import Role
from portal.representation.models import RepresentativeKind
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0].id


def represent(client: PageClient, sign_in: SignIn, *names: str) -> None:
    """Sign in as somebody who acts for learners of these names today."""
    actor = sign_in(client, Role.REPRESENTATIVE.value)
    with in_school(HERE):
        for name in names:
            learner = make_learner(name, "Yilmaz")
            make_row(
                "representative",
                learner_id=learner.id,
                account_id=actor.account_id,
                kind=RepresentativeKind.AUTHORISED,
                starts_on=today(),
                ends_on=today(),
            )


def test_a_representative_reads_for_whom_she_looks(client: PageClient, sign_in: SignIn) -> None:
    represent(client, sign_in, "Amina")
    text = client.get("/mijn/gegevens").text
    assert 'U kijkt voor <strong><bdi translate="no">Amina Yilmaz</bdi></strong>' in text
    assert "/namens" not in text


def test_who_represents_two_may_choose_another(client: PageClient, sign_in: SignIn) -> None:
    represent(client, sign_in, "Amina", "Bilal")
    chosen = re.search(r'name="cursist"[^>]* value="([^"]+)"', client.get("/namens").text)
    assert chosen is not None
    client.post("/namens", {"cursist": chosen[1]})
    text = client.get("/mijn/gegevens").text
    assert "U kijkt voor" in text
    assert '<a href="/namens">Kies voor wie u kijkt</a>' in text


def test_a_learner_looks_for_nobody_else(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz")
    sign_in(client, Role.LEARNER.value, learner=learner)
    assert "U kijkt voor" not in client.get("/mijn/gegevens").text


def test_before_signing_in_there_is_no_menu(client: PageClient) -> None:
    text = client.get("/aanmelden").text
    assert "Hoofdmenu" not in text
    assert 'Privacy bij <bdi translate="no">Lest Best</bdi>' in text
