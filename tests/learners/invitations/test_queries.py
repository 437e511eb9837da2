"""How somebody is invited tells nothing of the birth date or the address that she restricted (ST-08)."""

from datetime import date
from typing import Any

import pytest

from portal.core.clock import today
from portal.core.db.scope import checkpoint
from portal.core.errors import Invalid
from portal.core.http.scope import SYSTEM
from portal.learners.invitations.queries import Way, find_invitable
from portal.learners.invitations.services import invite_by_email, print_letters
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.imports import make_office
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.page_client import PageClient

pytestmark = pytest.mark.usefixtures("in_dutch")

CHILD, GROWN = date(today().year - 12, 1, 1), date(1980, 1, 1)


def _restricted(category: str, given_name: str = "Amina", born: date = GROWN) -> Learner:
    made = make_learner(given_name, birth_date=born, email=f"{given_name.lower()}@example.org")
    hold(made.id, category)
    return made


@pytest.mark.promise("ST-08", part="shielded")
def test_of_a_child_and_of_somebody_grown_the_list_says_the_same(
    client: PageClient, sign_in: Any, school: SchoolView
) -> None:
    people = [_restricted("birth"), _restricted("birth", "Yara", CHILD)]
    checkpoint()
    found = find_invitable([each.id for each in people], SYSTEM)

    assert [each.way for each in found] == [Way.RESTRICTED, Way.RESTRICTED]
    assert not any(each.may_get_email or each.may_get_letter for each in found)
    sign_in(client, "administration")
    text = client.get("/cursisten/uitnodigen").get_data(as_text=True)
    assert text.count("afgeschermd: vraag de privacymedewerker") == len(people)
    assert "jonger dan 16" not in text


@pytest.mark.promise("ST-08", part="shielded")
def test_who_restricted_her_address_gets_a_letter_and_no_mail(school: SchoolView) -> None:
    hers, office = _restricted("contact"), make_office()
    checkpoint()
    [found] = find_invitable([hers.id], SYSTEM)

    assert (found.way, found.why_no_email) == (Way.LETTER, "restricted")
    with pytest.raises(Invalid):
        invite_by_email([hers.id], by=office)
    letters, left_out = print_letters([hers.id], by=office)
    assert (len(letters), left_out) == (1, [])
