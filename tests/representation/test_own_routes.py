"""A learner says herself who may act for her, within what and until when, and ends it by one tap."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed
from portal.learners.record.models import Learner
from portal.representation.models import Representative, RepresentativeKind
from portal.representation.services import appoint_representative
from tests.conftest import school_id
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def typed(**more: object) -> dict[str, object]:
    day = (today() + timedelta(days=90)).isoformat()
    return {"name": "Samira Yilmaz", "email": "samira@example.org", "ends_on": day, **more}


def kept(learner: Learner) -> list[Representative]:
    with in_school(HERE):
        return list(session.scalars(select(Representative).where(Representative.learner_id == learner.id)))


def test_she_appoints_somebody_within_some_categories_and_ends_it(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    assert "Niemand mag voor u handelen" in client.get("/mijn/gemachtigden").get_data(as_text=True)
    assert client.post("/mijn/gemachtigden", typed(categories=["attendance"])).status_code == 303
    [row] = kept(amina)
    assert (row.kind, row.categories, row.ends_on) == (
        RepresentativeKind.AUTHORISED,
        ["attendance"],
        today() + timedelta(days=90),
    )
    assert "Samira Yilmaz" in client.get("/mijn/gemachtigden").get_data(as_text=True)
    assert client.post(f"/mijn/gemachtigden/{row.id}/einde").status_code == 303
    [row] = kept(amina)
    assert row.ended_at is not None
    assert client.post(f"/mijn/gemachtigden/{row.id}/einde").status_code == 409


@pytest.mark.parametrize("wrong", [{"name": " "}, {"email": "geen adres"}, {"ends_on": "2020-01-01"}, {"ends_on": ""}])
def test_what_is_wrong_is_said_and_nobody_is_appointed(
    client: PageClient, sign_in: SignIn, amina: Learner, wrong: dict[str, str]
) -> None:
    sign_in(client, "learner", learner=amina)
    assert client.post("/mijn/gemachtigden", typed(**wrong)).status_code == 422
    assert kept(amina) == []


def test_anothers_is_not_hers_to_end_nor_one_that_the_law_gives(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        theirs = make_representative(make_learner("Omar")).id
        guardian = make_representative(amina, kind=RepresentativeKind.GUARDIAN).id
    sign_in(client, "learner", learner=amina)
    for each in (theirs, guardian):
        assert client.post(f"/mijn/gemachtigden/{each}/einde").status_code == 404


def test_a_child_and_who_acts_for_her_appoint_nobody(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        child = make_learner("Yara", birth_date=today().replace(year=today().year - 12, day=1))
    sign_in(client, "learner", learner=child)
    client.post("/mijn/gemachtigden", typed())
    assert kept(child) == []
    with in_school(HERE):
        adult = make_learner("Samira")
        with pytest.raises(Invalid, match="child_needs_parent"):
            appoint_representative("Bas", "bas@example.org", ends_on=today(), by=as_learner(child))
        with pytest.raises(NotAllowed):
            appoint_representative("Bas", "bas@example.org", ends_on=today(), by=as_learner(adult, represents=True))


def test_under_a_curator_she_appoints_nobody(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        make_representative(amina, kind=RepresentativeKind.CURATOR)
    sign_in(client, "learner", learner=amina)
    assert "U kunt zelf niemand toevoegen" in client.get("/mijn/gemachtigden").get_data(as_text=True)
    assert client.post("/mijn/gemachtigden", typed()).status_code == 422
    assert len(kept(amina)) == 1


def test_she_hands_on_nothing_that_a_mentor_decides(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        make_representative(amina, kind=RepresentativeKind.MENTOR, categories=["attendance"])
    sign_in(client, "learner", learner=amina)
    assert client.post("/mijn/gemachtigden", typed(categories=["attendance"])).status_code == 422
    assert client.post("/mijn/gemachtigden", typed()).status_code == 303
    [row] = [each for each in kept(amina) if each.kind is RepresentativeKind.AUTHORISED]
    assert "attendance" not in row.categories
    assert "level" in row.categories
