"""Who acts for a learner reads whose data it is, and doesn't bury who of the school looked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.core import audit
from portal.core.clock import today
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.imports import make_office
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

PAGES = {
    "/mijn/gegevens": "Gegevens van Ifrah",
    "/mijn/lessen": "Lessen van Ifrah",
    "/mijn/aanwezigheid": "Aanwezigheid van Ifrah",
    "/mijn/niveau": "Niveau van Ifrah",
    "/mijn/toestemmingen": "Toestemmingen voor Ifrah",
    "/mijn/wijzigingen": "Wijzigingen van Ifrah",
    "/mijn/wie-keek": "Wie keek in de gegevens van Ifrah",
    "/mijn/wie-kreeg": "Wie kreeg de gegevens van Ifrah",
}
OF_THE_POLICY = {"/mijn/gegevens", "/mijn/toestemmingen", "/mijn/wie-keek"}
"""Pages with words of the school's policy, or of events, which speak to a learner."""


@pytest.fixture
def ifrah(school: SchoolView) -> Learner:
    return make_learner("Ifrah", "Warsame", birth_date=today() - timedelta(days=12 * 365), city="Utrecht")


@pytest.fixture
def parent(client: PageClient, sign_in: SignIn, ifrah: Learner) -> PageClient:
    helper = sign_in(client, "representative")
    make_representative(ifrah, account_id=helper.account_id)
    return client


def main_text(client: PageClient, address: str) -> str:
    """Return what stands in the main part of a page."""
    found = re.search(r"<main.*?</main>", client.get(address).get_data(as_text=True), re.S)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group()))


@pytest.mark.parametrize("address", sorted(PAGES))
def test_each_page_says_whose_it_is(parent: PageClient, address: str) -> None:
    page = parent.get(address).get_data(as_text=True)
    title = re.search(r"<title translate=\"no\">(.*?) ·", page, re.S)
    assert title is not None
    assert " ".join(title.group(1).split()) == PAGES[address]
    text = main_text(parent, address)
    assert PAGES[address] in text
    assert "Mijn " not in text.replace("Mijn account", "")
    assert address in OF_THE_POLICY or not re.search(r"[Uu]w (?!school|vertegenwoordiger)", text)


@pytest.mark.parametrize(
    ("address", "told", "untrue"),
    [
        ("/hulp", "Er klopt iets niet in de gegevens van Ifrah", ("mijn gegevens", "uw docent")),
        ("/account", "De gegevens van Ifrah staan ergens anders", ("Uw gegevens als cursist",)),
    ],
)
def test_help_and_account_speak_to_who_is_no_learner(
    parent: PageClient, ifrah: Learner, address: str, told: str, untrue: tuple[str, ...]
) -> None:
    with in_school(ifrah.school_id):
        group = make_group()
        make_teacher_of(group, make_account("Tess Jansen", "teacher"))
        enrol(ifrah, group)

    text = main_text(parent, address)

    assert told in text
    assert not [each for each in untrue if each in text]
    assert ("docent van Ifrah" in text) is (address == "/hulp")


def test_a_value_is_from_the_learner_herself(parent: PageClient, ifrah: Learner) -> None:
    with in_school(ifrah.school_id):
        session.execute(update(FieldOrigin).values(source=Source.LEARNER))
    text = main_text(parent, "/mijn/gegevens/alles")
    assert "Van Ifrah zelf" in text
    assert "uzelf" not in text


def test_looks_for_her_bury_nobody_of_the_school(parent: PageClient, ifrah: Learner) -> None:
    with in_school(ifrah.school_id):
        audit.record("learners.changed", learner_id=ifrah.id, by=make_office())
        checkpoint()
    for _time in range(3):
        for address in PAGES:
            parent.get(address)

    page = parent.get("/mijn/wie-keek").get_data(as_text=True)

    others, _details, own = page.partition('<details class="more"')
    assert "wijzigde uw gegevens" in others
    assert "keek naar" not in others
    assert "Hier keek u zelf" in own


def test_she_reads_who_looked_for_her_apart(
    parent: PageClient, client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    adult = make_learner("Sagal")
    helper = sign_in(client, "representative")
    make_representative(adult, account_id=helper.account_id)
    client.get("/mijn/gegevens")
    sign_in(client, "learner", learner=adult)
    client.get("/mijn/gegevens")

    page = main_text(client, "/mijn/wie-keek")

    assert "Wat zag: Uw vertegenwoordiger" in page
    assert "Hier keek u zelf" in page
