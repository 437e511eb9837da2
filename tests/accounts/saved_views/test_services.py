"""Keeping how a list is found."""

from portal.accounts.actors import actor_of
from portal.accounts.saved_views.queries import find_view
from portal.accounts.saved_views.services import keep_view
from portal.schools.queries import SchoolView
from tests.factories.caseloads import make_coach


def test_a_view_is_kept_of_each_list_and_person(school: SchoolView) -> None:
    roos, daan = (actor_of(make_coach(name).id, name, frozenset({"coach"})) for name in ("Roos", "Daan"))
    keep_view("my_learners", "toon=laag", by=roos)
    keep_view("my_learners", "toon=alle&volgorde=name", by=roos)
    assert find_view("my_learners", roos) == "toon=alle&volgorde=name"
    assert find_view("another", roos) is None
    assert find_view("my_learners", daan) is None
