"""A learner reads the role of who looked; the name only where the policy says so and staff agreed (C-579/21)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.requests.copies.models import DataCopy
from tests.conftest import school_id
from tests.factories.copies import archive_of, ask_copy, make
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import name_staff
from tests.page_client import PageClient
from tests.signing_in import SignIn

SLUG = "lest-best"
HERE = school_id(SLUG)
PAGES = ("/mijn/wie-keek", "/mijn/gegevens", "/mijn/gegevens/alles", "/mijn/rechten", "/mijn/lessen", "/meldingen")


@pytest.fixture
def seen(client: PageClient, sign_in: SignIn) -> Learner:
    """A learner at whose record a member of staff looked."""
    with in_school(HERE):
        learner = make_learner("Amina")
    sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{learner.id}/voortgang")
    return learner


def copied(app: Flask, learner: Learner) -> dict[str, bytes]:
    with app.app_context(), in_school(HERE):
        copy: DataCopy = make(ask_copy(session.get_one(Learner, (HERE, learner.id))))
        return archive_of(copy)


def read(client: PageClient, sign_in: SignIn, learner: Learner) -> str:
    with in_school(HERE):
        owner = session.get_one(Learner, (HERE, learner.id))
    sign_in(client, "learner", learner=owner)
    return "".join(client.get(path).get_data(as_text=True) for path in PAGES)


@pytest.mark.promise("LB-08")
def test_without_agreement_no_page_and_no_file_of_hers_names_who_looked(
    app: Flask, client: PageClient, sign_in: SignIn, seen: Learner
) -> None:
    for is_asked in (False, True):
        if is_asked:
            with in_school(HERE):
                name_staff(SLUG, agreed=False)
        pages = read(client, sign_in, seen)
        assert "Administratie" in pages
        assert "keek naar uw niveau en voortgang" in pages
        files = copied(app, seen)
        assert all(b"Olga" not in content for name, content in files.items() if not name.endswith(".pdf"))
        assert "Olga" not in pages
        [look] = [each for each in json.loads(files["mijn-gegevens.json"])["who_looked"] if "niveau" in each["what"]]
        assert (look["who"], look["role"], look["why"]) == ("Administratie", "", "voor de administratie")


def test_with_policy_and_agreement_page_and_copy_name_her(
    app: Flask, client: PageClient, sign_in: SignIn, seen: Learner
) -> None:
    with in_school(HERE):
        name_staff(SLUG)

    assert "Olga Smit" in read(client, sign_in, seen)
    files = copied(app, seen)
    assert "Olga Smit" in files["mijn-gegevens.html"].decode()
    [look] = [each for each in json.loads(files["mijn-gegevens.json"])["who_looked"] if "niveau" in each["what"]]
    assert (look["who"], look["role"]) == ("Olga Smit", "administratie")


def test_who_acts_for_her_reads_roles_too(
    client: PageClient, sign_in: SignIn, seen: Learner, enter: Callable[[str], Any]
) -> None:
    helper = sign_in(client, Role.REPRESENTATIVE.value)
    with enter(SLUG):
        make_representative(session.get_one(Learner, (HERE, seen.id)), account_id=helper.account_id)

    page = client.get("/mijn/wie-keek").get_data(as_text=True)

    assert "Administratie" in page
    assert "Olga" not in page
