"""A group's figures as a whole, for who sees nobody's attendance."""

from uuid import UUID

import pytest

from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import fill_group, make_group, make_lesson
from tests.page_client import PageClient
from tests.signing_in import SignIn


def fill(size: int) -> UUID:
    with in_school(school_id("lest-best")):
        group = make_group("A2 ochtend")
        lesson = make_lesson(group)
        for learner in fill_group(group, size):
            make_mark(lesson, learner)
        return group.id


@pytest.mark.parametrize(("size", "is_there"), [(4, False), (5, True)])
def test_management_sees_no_figures_of_a_group_so_small_that_they_point_to_somebody(
    client: PageClient, sign_in: SignIn, size: int, is_there: bool
) -> None:
    sign_in(client, "management")
    text = client.get(f"/groepen/{fill(size)}/presentie").text
    assert ("Deel van de lestijd" in text) is is_there
    assert ("minder dan vijf cursisten" in text) is not is_there


def test_who_sees_attendance_sees_a_small_group(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")
    text = client.get(f"/groepen/{fill(2)}/presentie").text
    assert "Cursist 001" in text
