"""Organisations and the people who work there, apart from learners (LL-02)."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.base import Base
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, fields_of, people_of
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind
from portal.permissions import MAY, Permission, Role
from portal.schools.queries import SchoolView
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_trajectory
from tests.page_client import PageClient

NEW = {"name": "Bakkerij Het Anker", "kind": "employer", "kvk_number": "1234 5678"}


def _all(school: SchoolView, model: Any) -> Any:
    with in_school(school.id):
        return session.scalars(select(model)).all()


@pytest.mark.promise("LL-02", part="apart")
def test_an_organisation_is_added_changed_and_removed(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    assert "Nog geen organisaties" in client.get("/organisaties").get_data(as_text=True)
    assert client.get("/organisaties/nieuw").status_code == 200
    assert client.post("/organisaties/nieuw", NEW).status_code == 303
    row = _all(school, Organisation)[0]
    assert (row.name, row.kind, row.kvk_number) == ("Bakkerij Het Anker", OrganisationKind.EMPLOYER, "12345678")
    path = f"/organisaties/{row.id}"
    assert client.post(path, {**NEW, "name": "Het Anker"}).status_code == 303
    assert "Het Anker" in client.get("/organisaties").get_data(as_text=True)
    assert client.post(f"{path}/verwijder").status_code == 303
    assert _all(school, Organisation) == []


@pytest.mark.promise("LL-03", part="kvk")
def test_the_kvk_number_is_checked(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    response = client.post("/organisaties/nieuw", {**NEW, "kvk_number": "1234567"})
    assert response.status_code == 422
    assert "acht cijfers" in response.get_data(as_text=True)
    assert _all(school, Organisation) == []


def test_a_name_stands_once(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    make_organisation("Het Anker")
    response = client.post("/organisaties/nieuw", {**NEW, "name": " Het Anker "})
    assert response.status_code == 422
    assert "Er is al een organisatie met deze naam" in response.get_data(as_text=True)


def test_one_that_a_trajectory_names_stays(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    row = make_organisation()
    make_trajectory(make_learner(), client_id=row.id)
    response = client.post(f"/organisaties/{row.id}/verwijder")
    assert response.status_code == 409
    assert "kan daarom niet weg" in response.get_data(as_text=True)


KEEPERS = sorted(role.value for role in Role if Permission.CONTACT_KEEP in MAY[role])


@pytest.mark.parametrize("role", KEEPERS)
def test_one_with_people_stays_whoever_would_remove_it(
    client: PageClient, sign_in: Any, school: SchoolView, role: str
) -> None:
    row = make_organisation()
    person = make_contact_person(row, "Kim Zonderling")
    sign_in(client, role)
    page = client.get(f"/organisaties/{row.id}").get_data(as_text=True)
    assert "Bekijk de contactpersonen" in page
    assert "/verwijder" not in page

    response = client.post(f"/organisaties/{row.id}/verwijder")

    assert response.status_code == 409
    assert "staan nog contactpersonen" in response.get_data(as_text=True)
    assert [each.id for each in _all(school, ContactPerson)] == [person.id]
    with in_school(school.id):
        session.get_one(ContactPerson, (school.id, person.id)).organisation_id = None
    assert client.post(f"/organisaties/{row.id}/verwijder").status_code == 303
    assert len(_all(school, ContactPerson)) == 1


@pytest.mark.promise("LL-02", part="apart")
def test_no_column_of_theirs_is_of_a_learner() -> None:
    for name in ("organisation", "contact_person"):
        table = Base.metadata.tables[name]
        assert not people_of(table).paths[PersonKind.LEARNER]
        assert not list(fields_of(table, PersonKind.LEARNER))


@pytest.mark.parametrize("role", ["teacher", "privacy_officer", "management", "privacy_staff"])
def test_who_does_not_keep_records_is_refused(client: PageClient, sign_in: Any, school: SchoolView, role: str) -> None:
    sign_in(client, role)
    assert client.get("/organisaties").status_code == 403
    assert client.post("/organisaties/nieuw", NEW).status_code == 403


def test_another_schools_organisation_is_not_there(client_at: Any, sign_in: Any, school: SchoolView) -> None:
    row = make_organisation()
    other = client_at("leren-leren")
    sign_in(other, "administration")
    assert other.get(f"/organisaties/{row.id}").status_code == 404
    for path in ("", "/verwijder"):
        assert other.post(f"/organisaties/{row.id}{path}", {"name": "x", "kind": "other"}).status_code == 404
