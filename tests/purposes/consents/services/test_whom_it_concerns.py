"""A consent is asked only of whom it concerns: what is about a child isn't asked of who is of age."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.purposes import queries
from portal.purposes.consents.services import give_consent
from portal.purposes.withdrawals.services import withdraw_consent
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.factories.policy import in_force
from tests.page_client import PageClient
from tests.promises.outside import hands
from tests.signing_in import SignIn

SLUG = "leren-leren"
OF_A_CHILD = {"child_guidance", "child_exchange"}


def make_aged(years: int | None) -> Learner:
    """Make a learner who turns this old today; None: nobody knows how old she is."""
    day = today()
    born = None if years is None else date(day.year - years, day.month, min(day.day, 28))
    return make_learner(birth_date=born)


def asked_of(learner: Learner) -> set[str]:
    return {view.purpose.key for view in queries.list_purposes(learner.id, "nl", SYSTEM) if view.purpose.asks_consent}


@pytest.mark.parametrize(
    ("years", "is_asked"), [(12, True), (15, True), (17, True), (18, False), (40, False), (None, False)]
)
def test_what_is_about_a_child_is_asked_about_a_child(enter: Any, years: int | None, is_asked: bool) -> None:
    with enter(SLUG):
        learner = make_aged(years)
        assert (asked_of(learner) >= OF_A_CHILD) is is_asked
        assert asked_of(learner) - OF_A_CHILD, "what concerns everyone is asked of everyone"


@pytest.mark.parametrize("purpose", sorted(OF_A_CHILD))
@pytest.mark.parametrize("represents", [False, True])
@pytest.mark.parametrize("years", [18, 40, None])
def test_nobody_says_yes_for_who_is_of_age(enter: Any, purpose: str, represents: bool, years: int | None) -> None:
    with enter(SLUG):
        learner = make_aged(years)
        by = as_learner(learner, represents=represents)
        with pytest.raises(NotFound):
            give_consent(learner.id, purpose, version=in_force(), language="nl", by=by)
        assert not queries.has_consent(learner.id, purpose, SYSTEM)


def test_her_page_asks_nothing_about_a_child_and_takes_no_such_yes(
    client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Any
) -> None:
    client = client_at(SLUG)
    with enter(SLUG):
        learner = make_aged(40)
        shown = {"version": in_force(), "language": "nl"}
    sign_in(client, "learner", learner=learner)

    page = client.get("/mijn/toestemmingen").get_data(as_text=True)

    assert "Ja, dat mag" in page
    assert not any(f"doel-{purpose}" in page for purpose in OF_A_CHILD)
    assert client.post("/mijn/toestemmingen/child_guidance/geven", shown).status_code == 404


def test_what_a_parent_gave_can_be_taken_back_once_she_is_of_age(enter: Any) -> None:
    with enter(SLUG):
        learner = make_aged(12)
        agree(learner, "child_guidance", represents=True)
        learner.birth_date = date(today().year - 19, 1, 1)

        assert asked_of(learner) & OF_A_CHILD == {"child_guidance"}
        withdraw_consent(learner.id, "child_guidance", by=as_learner(learner))

        assert not asked_of(learner) & OF_A_CHILD


def test_who_is_of_age_has_no_data_of_a_child(enter: Any) -> None:
    with enter(SLUG):
        learner, child = make_aged(40), make_aged(12)
        for each, code in ((learner, "of_a_child"), (child, "needs_consent")):
            with pytest.raises(Invalid, match=code):
                change_learner(each.id, {"learner.special_notes": "x"}, source=Source.LEARNER, by=hands())


def test_the_office_counts_those_whom_it_concerns(enter: Any) -> None:
    with enter(SLUG):
        agree(make_aged(12), "child_guidance", represents=True)
        for years in (14, 40, None):
            make_aged(years)

        counts = {count.purpose.key: (count.given, count.learners) for count in queries.count_by_purpose("nl")}

        assert counts["child_guidance"] == (1, 2)
        assert counts["child_exchange"] == (0, 2)
        assert counts["newsletter"] == (0, 4)
