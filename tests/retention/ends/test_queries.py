"""Who is past a term, at each kind of person; one who is still followed, acts or works here never is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, Membership
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.policy.queries import current_policy
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.queries import get_ends, is_over, list_over
from portal.retention.ends.terms import ends_of
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.accounts import make_account
from tests.factories.contacts import subscribe
from tests.factories.courses import enrol, make_group
from tests.factories.learners import (
    make_contact_person,
    make_learner,
    make_organisation,
    make_representative,
    make_trajectory,
)
from tests.factories.policy import SLUGS

LEARNER = PersonKind.LEARNER
LONG_AGO = date(2010, 1, 15)
IN_SCHOOL = Callable[[str], Any]


def over(kind: PersonKind = LEARNER, day: date | None = None) -> set[Any]:
    return {each.person_id for each in list_over(kind, day or today(), SYSTEM)}


def gone(**values: object) -> Learner:
    """Make a learner who left long ago."""
    return make_learner(last_contact_on=LONG_AGO, **values)


def test_four_years_and_a_day_is_over_and_a_day_less_is_not(school: SchoolView) -> None:
    learner = make_learner(last_contact_on=date(2022, 3, 1))

    assert learner.id not in over(day=date(2026, 3, 1))
    assert learner.id in over(day=date(2026, 3, 2))
    ends = get_ends(LEARNER, learner.id, date(2026, 3, 2), SYSTEM)
    assert ends.ends["contact"] == date(2026, 3, 1)
    assert "contact" in ends.over_on(date(2026, 3, 2))
    assert not ends.over_on(date(2026, 3, 1))


def test_who_follows_something_is_never_over(school: SchoolView) -> None:
    in_trajectory, in_group, ended = gone(), gone(), gone()
    make_trajectory(in_trajectory, ends_on=None)
    enrol(in_group, make_group())
    make_trajectory(ended, starts_on=date(2009, 1, 1), ends_on=date(2010, 1, 1))

    assert over() & {in_trajectory.id, in_group.id, ended.id} == {ended.id}
    assert get_ends(LEARNER, in_group.id, today(), SYSTEM).is_running
    assert not get_ends(LEARNER, in_group.id, today(), SYSTEM).over_on(today())


def test_guidance_counts_for_who_has_a_client_and_not_after_she_came_back(school: SchoolView) -> None:
    client = make_organisation()
    guided = {"starts_on": date(2019, 1, 1), "ends_on": date(2020, 3, 1), "guidance_ended_on": date(2020, 2, 1)}
    with_client, without, back = (make_learner(last_contact_on=date(2022, 5, 1)) for _ in range(3))
    make_trajectory(with_client, client_id=client.id, **guided)
    make_trajectory(without, **guided)
    make_trajectory(back, client_id=client.id, **guided)
    make_trajectory(back, starts_on=date(2021, 1, 1), ends_on=date(2022, 4, 1))

    found = [get_ends(LEARNER, each.id, today(), SYSTEM).ends["contact"] for each in (with_client, without, back)]

    assert found == [date(2024, 2, 1), date(2026, 5, 1), date(2026, 5, 1)]


def test_a_record_that_became_part_of_another_is_nobody(school: SchoolView) -> None:
    kept, other = gone(), gone()
    other.merged_into_id = kept.id
    session.flush()

    assert other.id not in over()


@pytest.mark.parametrize("slug", SLUGS)
def test_many_are_told_what_one_is(enter: IN_SCHOOL, slug: str) -> None:
    with enter(slug):
        for number in range(4):
            learner = make_learner(last_contact_on=LONG_AGO + timedelta(days=400 * number))
            make_trajectory(learner, starts_on=date(2009, 1, 1), ends_on=LONG_AGO + timedelta(days=90 * number))

        listed = list_over(LEARNER, today(), SYSTEM)

        assert len(listed) >= 4
        for each in listed:
            assert each == get_ends(LEARNER, each.person_id, today(), SYSTEM)
            recorded = recorded_of(LEARNER)
            row = session.execute(select(*recorded.columns).where(Learner.id == each.person_id)).one()
            days = ends_of(current_policy(), recorded.days_of(row))
            assert all(days[category] == end for category, end in each.ends.items())


def test_a_list_goes_on_where_it_stopped(school: SchoolView) -> None:
    made = sorted(gone().id for _ in range(5))
    first = [each.person_id for each in list_over(LEARNER, today(), SYSTEM, limit=2)]
    rest = [each.person_id for each in list_over(LEARNER, today(), SYSTEM, offset=2)]

    assert first == made[:2]
    assert rest == made[2:]


def test_a_representative_counts_from_the_end_of_her_authority(school: SchoolView) -> None:
    learner = make_learner()
    acting = make_representative(learner)
    ended = make_representative(learner, starts_on=date(2018, 1, 1), ends_on=date(2019, 1, 1))
    stopped = make_representative(learner, starts_on=date(2018, 1, 1), ended_at=datetime(2018, 5, 1, 23, 0, tzinfo=UTC))

    assert over(PersonKind.REPRESENTATIVE) & {acting.id, ended.id, stopped.id} == {ended.id, stopped.id}
    ends = get_ends(PersonKind.REPRESENTATIVE, stopped.id, today(), SYSTEM).ends
    assert ends["dealings"] == date(2022, 5, 2)


def test_a_contact_person_is_needed_while_a_trajectory_names_her(school: SchoolView) -> None:
    client = make_organisation()
    made = datetime(2015, 1, 1, tzinfo=UTC)
    heard = date(2015, 1, 1)
    needed, left = (make_contact_person(client, name, created_at=made, last_contact_on=heard) for name in ("Kim", "Bo"))
    make_trajectory(make_learner(), client_id=client.id, client_manager_id=needed.id, ends_on=None)
    make_trajectory(make_learner(), client_manager_id=left.id, starts_on=date(2016, 1, 1), ends_on=date(2017, 6, 1))

    assert over(PersonKind.CONTACT_PERSON) & {needed.id, left.id} == {left.id}
    assert get_ends(PersonKind.CONTACT_PERSON, left.id, today(), SYSTEM).ends["contact"] == date(2019, 6, 1)
    left.last_contact_on = date(2018, 3, 1)
    session.flush()
    assert get_ends(PersonKind.CONTACT_PERSON, left.id, today(), SYSTEM).ends["contact"] == date(2020, 3, 1)


def test_staff_count_from_the_end_of_their_account_or_last_role(school: SchoolView) -> None:
    works, left, stopped = (
        make_account(name, Role.TEACHER, email=f"{name}@example.org") for name in ("an", "bo", "cas")
    )
    learner = make_account("Amina", Role.LEARNER)
    for account in (left, learner):
        held = session.scalars(select(Membership).where(Membership.account_id == account.id)).one()
        held.starts_on, held.ends_on = date(2009, 1, 1), date(2010, 3, 1)
    stopped.ended_at = datetime(2012, 5, 1, 12, tzinfo=UTC)
    session.flush()

    assert over(PersonKind.STAFF) & {works.id, left.id, stopped.id, learner.id} == {left.id, stopped.id}
    assert get_ends(PersonKind.STAFF, left.id, today(), SYSTEM).ends["account"] == date(2012, 3, 1)
    assert get_ends(PersonKind.STAFF, stopped.id, today(), SYSTEM).ends["account"] == date(2014, 5, 1)


def test_nobody_reads_the_ends_of_others(school: SchoolView) -> None:
    mine, other = gone(), gone()

    assert get_ends(LEARNER, mine.id, today(), own_scope(mine.id)).person_id == mine.id
    for scope in (own_scope(mine.id), Scope()):
        with pytest.raises(NotFound):
            get_ends(LEARNER, other.id, today(), scope)
        with pytest.raises(NotFound):
            list_over(LEARNER, today(), scope)
    with pytest.raises(NotFound):
        get_ends(LEARNER, new_id(), today(), SYSTEM)


def test_a_contact_who_wants_the_newsletter_is_needed(school: SchoolView) -> None:
    heard = date(2015, 1, 1)
    wants, left = (
        make_contact_person(None, name, created_at=datetime(2015, 1, 1, tzinfo=UTC), last_contact_on=heard)
        for name in ("Kim", "Bo")
    )
    subscribe(wants)

    assert over(PersonKind.CONTACT_PERSON) & {wants.id, left.id} == {left.id}


def test_an_end_that_is_not_known_is_not_over_rather_than_neither(school: SchoolView) -> None:
    """A night of an announcement leaves out who is long past a term: nobody else, whatever isn't known."""
    account = make_account("Amina Yilmaz", "learner")

    for is_it in (~is_over(PersonKind.STAFF, today()), is_over(PersonKind.STAFF, today()).is_not(None)):
        assert session.scalar(select(Account.id).where(Account.id == account.id, is_it)) == account.id
