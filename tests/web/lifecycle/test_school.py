"""A school answers at its own host, and at no other."""

from portal.core.db.session import session
from portal.schools.models import School
from portal.schools.queries import SchoolView
from tests.page_client import PageClient


def test_only_the_own_school_is_seen(school: SchoolView) -> None:
    assert [row.slug for row in session.query(School)] == ["lest-best"]


def test_an_unknown_host_gets_a_page_that_names_no_school(client: PageClient) -> None:
    client.base = "https://nobody.localhost"

    response = client.get("/")

    assert response.status_code == 404
    assert b"Lest" not in response.data
