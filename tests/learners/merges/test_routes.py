"""Making one record of two, on the page."""

from html import unescape
from typing import Any

import pytest

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.queries import has_consent
from portal.purposes.withdrawals.services import withdraw_consent
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner, make_trajectory
from tests.page_client import PageClient


@pytest.fixture
def two(school: SchoolView) -> tuple[Learner, Learner]:
    """Two records of one person."""
    kept = make_learner("Amina", "Yilmaz", city="Utrecht")
    other = make_learner("Emine", "Yilmaz", city="Zeist", phone="+31612345678")
    make_trajectory(other)
    return kept, other


def test_the_second_record_is_chosen_compared_and_merged(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    sign_in(client, "administration")
    chosen = client.get(f"/cursisten/samenvoegen?houd={kept.id}").get_data(as_text=True)
    assert "Yilmaz, Emine" in chosen
    assert "Yilmaz, Amina" not in chosen
    preview = client.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").get_data(as_text=True)
    for words in ("Utrecht", "Zeist", "06 12345678", "trajecten: 1"):
        assert words in preview
    data = {"houd": str(kept.id), "weg": str(other.id), "learner.city": "weg", "learner.given_name": "houd"}
    assert client.post("/cursisten/samenvoegen", data).status_code == 303
    with in_school(kept.school_id):
        row = session.get_one(Learner, (kept.school_id, kept.id), populate_existing=True)
    assert (row.given_name, row.city, row.phone) == ("Amina", "Zeist", "+31612345678")
    old = client.get(f"/cursisten/{other.id}")
    assert (old.status_code, old.headers["Location"].endswith(str(kept.id))) == (303, True)
    assert "Emine" not in client.get("/cursisten").get_data(as_text=True)


def test_the_preview_says_which_consents_will_end(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    agree(kept, "survey")
    agree(other, "survey")
    withdraw_consent(other.id, "survey", by=as_learner(other))
    agree(kept, "client_report")
    title, stays = (current_policy().purpose(key).title.nl for key in ("survey", "client_report"))
    sign_in(client, "administration")
    path = f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}"
    text = unescape(client.get(path).get_data(as_text=True))
    assert "Deze toestemming stopt" in text
    assert title in text
    assert stays not in text

    client.post("/cursisten/samenvoegen", {"houd": str(kept.id), "weg": str(other.id)})

    with in_school(kept.school_id):
        assert not has_consent(kept.id, "survey", SYSTEM)
        assert has_consent(kept.id, "client_report", SYSTEM)


def test_the_preview_names_no_consent_where_none_ends(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    agree(kept, "survey")
    agree(other, "survey")
    sign_in(client, "administration")
    text = client.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").get_data(as_text=True)
    assert "Deze toestemming stopt" not in text


def test_records_with_different_bsns_are_not_merged(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    one, other = make_learner(bsn="999999990"), make_learner("Emine", bsn="123456782")
    sign_in(client, "administration")
    path = f"/cursisten/samenvoegen?houd={one.id}&weg={other.id}"
    assert "verschillende BSN" in client.get(path).get_data(as_text=True)
    client.post("/cursisten/samenvoegen", {"houd": str(one.id), "weg": str(other.id)})
    assert "verschillende BSN" in client.get(path).get_data(as_text=True)


@pytest.mark.parametrize("role", ["teacher", "coach", "privacy_officer"])
def test_who_may_not_merge_is_refused(
    client: PageClient, sign_in: Any, two: tuple[Learner, Learner], role: str
) -> None:
    kept, other = two
    sign_in(client, role)
    assert client.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").status_code == 403
    data = {"houd": str(kept.id), "weg": str(other.id)}
    assert client.post("/cursisten/samenvoegen", data).status_code == 403


def test_nonsense_and_other_schools_are_not_there(
    client: PageClient, client_at: Any, sign_in: Any, two: tuple[Learner, Learner]
) -> None:
    kept, other = two
    sign_in(client, "administration")
    assert client.get("/cursisten/samenvoegen").status_code == 404
    assert client.get("/cursisten/samenvoegen?houd=x").status_code == 404
    elsewhere = client_at("step-inburgering")
    sign_in(elsewhere, "administration")
    assert elsewhere.get(f"/cursisten/samenvoegen?houd={kept.id}&weg={other.id}").status_code == 404
    data = {"houd": str(kept.id), "weg": str(other.id)}
    assert elsewhere.post("/cursisten/samenvoegen", data).status_code == 404
