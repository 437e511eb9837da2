"""The nightly run: who goes and who stays, the cap and a person's word, parts, a run that is killed, and twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed
from portal.core.http.access import PORTAL, Actor
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.representation.models import Representative
from portal.retention.ends.kinds import RowKind
from portal.retention.models import RetentionRun, RunState
from portal.retention.runs import services
from portal.retention.runs.services import carry_out_run, confirm_run, take_back_confirmation
from portal.schools.queries import SchoolView, get_school
from tests.factories.accounts import make_account
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_contact_person, make_organisation, make_representative
from tests.retention.people import LONG_AGO, gone, last_kept_contact, make_earlier_night

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))


@pytest.fixture(autouse=True)
def nobody_due(school: SchoolView) -> None:
    """Let nobody but those whom the test makes be due."""
    make_earlier_night()
    run()
    session.execute(RetentionRun.__table__.delete())
    make_earlier_night()


def run(by: Actor = PORTAL) -> RetentionRun:
    reveal()
    done = carry_out_run(checkpoint=checkpoint, by=by)
    assert done is not None
    return done


def set_cap(people: int, percent: int = 0) -> None:
    school = get_school()
    school.retention_cap_people, school.retention_cap_percent = people, percent
    session.flush()


def there(*learners: Learner) -> list[Any]:
    ids = [each.id for each in learners]
    return sorted(session.scalars(select(Learner.id).where(Learner.id.in_(ids))))


def test_four_years_and_a_day_is_gone_and_a_day_less_is_not() -> None:
    over, kept = (
        gone(last_contact_on=last_kept_contact() - timedelta(days=1)),
        gone(last_contact_on=last_kept_contact()),
    )
    ids = over.id, kept.id

    done = run()

    assert set(session.scalars(select(Learner.id).where(Learner.id.in_(ids)))) == {ids[1]}
    assert (done.due, done.erased, done.waiting, done.state) == (1, 1, 0, RunState.DONE)
    about = select(AuditEvent).where(AuditEvent.event == "record.erased", AuditEvent.subject_id == ids[0])
    assert session.scalars(about).one().actor_kind == "portal"


def test_who_is_followed_or_held_is_passed_over() -> None:
    enrolled, restricted = gone(), gone()
    enrol(enrolled, make_group())
    restrict(restricted.id, ground=RestrictionGround.CLAIM, by=PORTAL)
    kept = [enrolled.id, restricted.id]

    done = run()

    assert done.erased == 0
    assert sorted(session.scalars(select(Learner.id).where(Learner.id.in_(kept)))) == sorted(kept)


def test_people_who_acted_and_people_at_clients_go_too() -> None:
    learner = gone(last_contact_on=today())
    ended = {"starts_on": LONG_AGO, "ends_on": LONG_AGO + timedelta(days=30)}
    representative = make_representative(learner, **ended)
    contact = make_contact_person(make_organisation(), created_at="2010-01-15T12:00:00Z", last_contact_on=LONG_AGO)
    ids = representative.id, contact.id

    assert run().erased == 2

    assert session.scalars(select(Representative).where(Representative.id == ids[0])).one_or_none() is None
    assert session.scalars(select(Learner).where(Learner.id == learner.id)).one()


def test_more_than_the_cap_waits_and_who_may_confirm_is_told_once() -> None:
    set_cap(2)
    keeper = make_account("Pien Vos", "privacy_staff")
    learners = [gone() for _ in range(3)]
    ids = {each.id for each in learners}

    first, again = run(), run()

    assert first.id == again.id
    assert again.state is RunState.WAITS
    assert (again.erased, again.waiting, again.is_first) == (0, 3, False)
    assert ids <= set(session.scalars(select(Learner.id)))
    mails = select(func.count()).where(Mail.account_id == keeper.id)
    assert session.scalar(mails) == 1


def test_who_was_confirmed_goes_in_parts_and_newcomers_do_not_ride_along(clock: Callable[[Any], None]) -> None:
    set_cap(2)
    learners = [gone() for _ in range(3)]
    waiting = run()

    with pytest.raises(Conflict):
        confirm_run(waiting.id, people=4, by=KEEPER)
    with pytest.raises(NotAllowed):
        confirm_run(waiting.id, people=3, by=actor_of(new_id(), "Fien Kok", frozenset({"privacy_officer"})))
    confirm_run(waiting.id, people=3, by=KEEPER)
    with pytest.raises(Conflict):
        confirm_run(waiting.id, people=3, by=KEEPER)

    ids = [each.id for each in learners]
    tonight = run()
    assert (tonight.erased, tonight.waiting, tonight.state) == (2, 0, RunState.DONE)
    _next_night(tonight)
    tomorrow = run()
    assert (tomorrow.erased, tomorrow.state) == (1, RunState.DONE)
    assert not session.scalars(select(Learner.id).where(Learner.id.in_(ids))).all()

    _next_night(tomorrow)
    late = [gone() for _ in range(3)]
    assert len(late) == 3
    assert run().waiting == 3


def _next_night(run: RetentionRun) -> None:
    """Let a night and its confirmation lie a day before today."""
    for each in session.scalars(select(RetentionRun).order_by(RetentionRun.ran_on)):
        each.ran_on -= timedelta(days=1)
        session.flush()


def test_a_confirmation_that_is_taken_back_lets_nobody_go() -> None:
    set_cap(1)
    learners = [gone(), gone()]
    waiting = run()
    confirm_run(waiting.id, people=2, by=KEEPER)
    take_back_confirmation(waiting.id, by=KEEPER)

    assert run().erased == 0
    assert len(there(*learners)) == 2
    with pytest.raises(Conflict):
        take_back_confirmation(waiting.id, by=KEEPER)


def test_a_confirmation_is_of_a_number() -> None:
    set_cap(1)
    for _ in range(2):
        gone()
    confirm_run(run().id, people=2, by=KEEPER)
    gone()

    done = run()

    assert (done.erased, done.state, done.waiting) == (0, RunState.WAITS, 3)


def test_a_run_killed_between_two_batches_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    for _ in range(5):
        gone()
    commits = 0

    class Killed(Exception):
        """The worker was killed."""

    def commit() -> None:
        nonlocal commits
        commits += 1
        if commits == 3:
            session.rollback()
            raise Killed
        checkpoint()

    reveal()
    with pytest.raises(Killed):
        carry_out_run(checkpoint=commit, by=PORTAL)
    from portal.core.db.scope import begin, current_school_id

    begin(current_school_id())

    done = run()

    assert (done.due, done.erased, done.state) == (5, 5, RunState.DONE)
    erased = select(func.count()).where(AuditEvent.event == "record.erased", AuditEvent.subject_kind == "learner")
    assert session.scalar(erased) == 5


def test_the_run_takes_people_of_each_kind_in_one_order() -> None:
    assert services.KINDS == (
        PersonKind.REPRESENTATIVE, PersonKind.CONTACT_PERSON, RowKind.VISITOR, PersonKind.LEARNER, PersonKind.STAFF
    )  # fmt: skip
