"""What a learner proposed in a category that she restricted waits unseen, until who handles her request opens it."""

from datetime import date
from typing import Any

import pytest

from portal.core.db.scope import checkpoint, in_school, revealed
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.learners.corrections.models import Correction
from portal.learners.corrections.queries import count_waiting, get_correction, list_waiting
from portal.learners.corrections.services import decide_correction, propose_correction, reveal_proposal
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.corrections import seen_of
from tests.factories.learners import make_learner, make_trajectory
from tests.factories.restrictions import hold
from tests.page_client import PageClient

pytestmark = pytest.mark.usefixtures("in_dutch")

BSN = "999999990"


@pytest.fixture
def learner(school: SchoolView) -> Learner:
    """A learner who asks for another street, birth date and number."""
    made = make_learner(birth_date=date(1990, 3, 4), street="Oudestraat", bsn=BSN)
    make_trajectory(made, reports_to_government=True)
    return made


def _proposes(learner: Learner, **values: str) -> dict[str, Correction]:
    me = as_learner(learner)
    return {name: propose_correction(learner.id, f"learner.{name}", value, by=me) for name, value in values.items()}


def test_no_value_of_a_restricted_category_stands_on_a_page_of_proposals(
    client: PageClient, sign_in: Any, learner: Learner
) -> None:
    with in_school(learner.school_id):
        asked = _proposes(learner, street="Nieuwestraat", birth_date="1991-05-06", family_name="Yildiz")
        hold(learner.id, "address", "birth")
    sign_in(client, "administration")
    pages = ["/wijzigingen", *(f"/wijzigingen/{each.id}" for each in asked.values())]
    text = "".join(client.get(path).get_data(as_text=True) for path in pages)

    assert [client.get(path).status_code for path in pages] == [200, 404, 404, 200]
    assert "Yildiz" in text
    assert not [word for word in ("Oudestraat", "Nieuwestraat", "1990", "1991") if word in text]


def test_who_restricted_the_category_is_not_counted_and_others_are(learner: Learner, office: Actor) -> None:
    other = make_learner("Bas", street="Kade")
    hers, theirs = _proposes(learner, street="Nieuwestraat")["street"], _proposes(other, street="Dijk")["street"]
    hold(learner.id, "address")
    checkpoint()

    assert [each.view.id for each in list_waiting(office)] == [theirs.id]
    assert count_waiting(office) == 1
    assert count_waiting(office, learner_id=learner.id) == 0
    with revealed(learner.id):  # as who handles her request does
        assert count_waiting(office) == 2
        assert get_correction(hers.id, office).now == "Oudestraat"


def test_what_is_restricted_is_decided_on_by_nobody(learner: Learner, office: Actor) -> None:
    asked = _proposes(learner, street="Nieuwestraat", bsn="123456782")
    seen = seen_of(asked["street"].id)
    hold(learner.id, "address", "bsn")
    checkpoint()

    with pytest.raises(NotFound):
        decide_correction(asked["street"].id, accept=True, seen=seen, by=office)
    with pytest.raises(NotFound):
        reveal_proposal(asked["bsn"].id, by=office)


def test_what_she_says_of_an_entry_goes_with_the_entry(
    client: PageClient, sign_in: Any, learner: Learner, office: Actor
) -> None:
    trajectory = make_trajectory(learner, ends_on=date(2027, 1, 1))
    says = propose_correction(
        learner.id, "trajectory.ends_on", "1-2-2027", entry_id=trajectory.id, by=as_learner(learner)
    )
    assert [each.view.id for each in list_waiting(office)] == [says.id]
    hold(learner.id, "trajectory")
    checkpoint()

    assert list_waiting(office) == []
    sign_in(client, "administration")
    assert client.get(f"/wijzigingen/{says.id}").status_code == 404
