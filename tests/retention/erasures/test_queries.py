"""What is held of people is looked up at once, however many they are and however the rows reach them."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.db.base import Base
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import CATEGORIES, Field, PersonKind, paths_about, people_of, registry
from portal.retention.certificates.models import ErasureReason
from portal.retention.certificates.services import Erased, certify
from portal.retention.erasures.queries import list_held
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.house.people import MadePerson

LEARNER = PersonKind.LEARNER


def is_hers_alone(field: Field, kind: PersonKind) -> bool:
    table = Base.metadata.tables[field.table]
    return bool(paths_about(table, kind)) and not people_of(table).kept_because


@pytest.mark.parametrize("kind", list(PersonKind))
def test_of_who_has_something_everywhere_all_is_held_and_of_nobody_else(school: SchoolView, kind: PersonKind) -> None:
    everywhere, other = MadePerson(kind), MadePerson(kind)
    everywhere.reach_everywhere()

    held = list_held(kind, [everywhere.id, other.id], CATEGORIES, SYSTEM)

    hers = [each for each in registry(Base.metadata, kind).values() if is_hers_alone(each, kind)]
    assert held[everywhere.id] == {each.category for each in hers}
    assert held[other.id] < held[everywhere.id]


def test_what_hangs_on_an_account_that_stays_is_not_hers_alone(school: SchoolView) -> None:
    account = make_account("Amina Yilmaz", "learner", "teacher")
    learner = make_learner(account_id=account.id)

    assert "account" in list_held(LEARNER, [learner.id], ["account", "name"], SYSTEM)[learner.id]
    ours = list_held(LEARNER, [learner.id], ["activity", "name"], SYSTEM, sharing=[learner.id])
    assert ours == {learner.id: {"name"}}


def test_where_nothing_is_asked_or_nobody_is_there_nothing_is_read(
    school: SchoolView, count_statements: Callable[[], Any]
) -> None:
    learner = make_learner()
    with count_statements() as seen:
        assert list_held(LEARNER, [], CATEGORIES, SYSTEM) == {}
        assert list_held(LEARNER, [learner.id], [], SYSTEM) == {}
    assert not seen


def test_certificates_of_several_take_as_many_reads_as_that_of_one(
    school: SchoolView, count_statements: Callable[[], Any]
) -> None:
    counts = []
    for several in (1, 1, 7):
        whole = [Erased(make_learner().id) for _ in range(several)]
        with count_statements() as seen:
            certify(LEARNER, whole, why=ErasureReason.TERM, by=PORTAL)
        counts.append(len([each for each in seen if each.lower().startswith(("select", "with"))]))
    assert counts[1] == counts[2]
