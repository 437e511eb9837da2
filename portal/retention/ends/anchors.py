"""The days on record from which terms are counted, for each kind of person, as expressions of her own row.

None of them is today. A statement on the person's own table can select them and filter by them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, exists, false, func, null, or_, select

from portal.accounts.models import Account, Membership
from portal.contacts.subscriptions.models import Subscription
from portal.core.clock import AMSTERDAM
from portal.core.personal_data import PersonKind
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson
from portal.permissions import OUTSIDE
from portal.policy.schema.periods import Anchor, Anchors
from portal.representation.models import Representative
from portal.retention.ends.kinds import EndKind, RowKind
from portal.retention.ends.terms import KindTerm, keep_until_in_sql
from portal.retention.ends.visitors import first_end, has_rows, has_rows_with_end


@dataclass(frozen=True)
class Recorded:
    """What is on record of one kind of person: `model` is her own row, `is_one` says which rows are somebody.

    `is_running` takes a day and says whether she is still followed, acts or works here then, so that nothing of hers
    is due. `anchors` are the days from which her terms count.
    """

    model: type[Any]
    is_one: ColumnElement[bool]
    is_running: Callable[[Any], ColumnElement[bool]]
    anchors: Mapping[Anchor, ColumnElement[Any]]

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """The anchors as columns, each labelled with its name."""
        return [column.label(anchor) for anchor, column in self.anchors.items()]

    def days_of(self, row: Any) -> Anchors:
        """Return the days that a row holds which selected `columns`."""
        return {anchor: getattr(row, anchor) for anchor in self.anchors}

    def last_day(self, term: KindTerm) -> ColumnElement[Any]:
        """Return the last day of a term as an expression of a row."""
        return keep_until_in_sql(term.stages, self.anchors)


@dataclass(frozen=True)
class _RecordedRows(Recorded):
    """What is on record of people of whom rows end by themselves: the last day of a term is the first of her rows'."""

    def last_day(self, term: KindTerm) -> ColumnElement[Any]:
        return func.least(*(first_end(use) for use in term.categories))


@cache
def recorded_of(kind: EndKind) -> Recorded:
    """Return what is on record of people of this kind."""
    return _KINDS[kind]()


def _learner() -> Recorded:
    of_trajectory = and_(Trajectory.school_id == Learner.school_id, Trajectory.learner_id == Learner.id)
    of_enrolment = and_(Enrolment.school_id == Learner.school_id, Enrolment.learner_id == Learner.id)
    # Guidance is a client's: it counts for who has one, unless she came back without one and left later (LB-13).
    is_guided = and_(Trajectory.client_id.is_not(None), Trajectory.guidance_ended_on.is_not(None))
    guided_until = func.max(Trajectory.guidance_ended_on).filter(is_guided)
    unguided_until = func.max(Trajectory.ends_on).filter(~is_guided)
    guidance = case((unguided_until > guided_until, null()), else_=guided_until)

    def is_running(day: Any) -> ColumnElement[bool]:
        guided = or_(Trajectory.guidance_ended_on.is_(None), Trajectory.guidance_ended_on >= day)
        in_trajectory = exists().where(of_trajectory, Trajectory.lasts_until(day), guided).correlate(Learner)
        return or_(in_trajectory, exists().where(of_enrolment, Enrolment.lasts_until(day)).correlate(Learner))

    return Recorded(
        model=Learner,
        is_one=and_(Learner.is_in_use),
        is_running=is_running,
        anchors={
            "last_contact": cast(Learner.last_contact_on, Date),
            "end_of_guidance": select(guidance).where(of_trajectory).correlate(Learner).scalar_subquery(),
            "end_of_contract": func.greatest(
                _latest(Trajectory.ends_on, Learner, of_trajectory), _latest(Enrolment.ends_on, Learner, of_enrolment)
            ),
        },
    )


def _representative() -> Recorded:
    """Somebody who acts for a learner: her authority's last day is the last that the school has to do with her."""
    last = func.least(Representative.ends_on, _day_of(Representative.ended_at))
    return Recorded(
        model=Representative,
        is_one=Representative.id.is_not(None),
        is_running=lambda day: and_(Representative.is_in_force, Representative.ends_on >= day),
        anchors={"last_contact": last, "end_of_contract": last},
    )


def _contact_person() -> Recorded:
    """Somebody who is no learner, from the last contact.

    She is needed as long as a trajectory names her, she wants the newsletter, or a question or sign-up of hers has a
    term of its own.
    """
    of_hers = and_(Trajectory.school_id == ContactPerson.school_id, Trajectory.client_manager_id == ContactPerson.id)
    of_hers_open = (
        Subscription.school_id == ContactPerson.school_id,
        Subscription.contact_person_id == ContactPerson.id,
        Subscription.is_open,
    )
    last = func.greatest(
        _day_of(ContactPerson.created_at),
        ContactPerson.last_contact_on,
        _latest(func.greatest(Trajectory.ends_on, Trajectory.guidance_ended_on), ContactPerson, of_hers),
    )
    return Recorded(
        model=ContactPerson,
        is_one=ContactPerson.id.is_not(None),
        is_running=lambda day: or_(
            exists().where(of_hers, Trajectory.lasts_until(day)).correlate(ContactPerson),
            exists().where(*of_hers_open).correlate(ContactPerson),
            has_rows_with_end(),
        ),
        anchors={"last_contact": last, "end_of_contract": last},
    )


def _visitor() -> Recorded:
    """A contact who asked something or signed up: each question and sign-up goes by its own days, whatever she is."""
    return _RecordedRows(model=ContactPerson, is_one=has_rows(), is_running=lambda _day: false(), anchors={})


def _staff() -> Recorded:
    """Somebody who works or worked here: until her account was ended, or else her last role.

    Who is a learner here too, or acts for one, is here until that ends.
    """
    of_hers = and_(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.role.not_in(OUTSIDE),
    )
    last = func.coalesce(_day_of(Account.ended_at), _latest(Membership.ends_on, Account, of_hers))
    return Recorded(
        model=Account,
        is_one=exists().where(of_hers).correlate(Account),
        is_running=lambda day: or_(
            and_(Account.is_in_force, exists().where(of_hers, Membership.lasts_until(day)).correlate(Account)),
            *(_is_account_of(each) for each in (Learner, Representative)),
        ),
        anchors={"last_contact": last, "end_of_contract": last},
    )


def _is_account_of(own_row: type[Any]) -> ColumnElement[bool]:
    return exists().where(own_row.school_id == Account.school_id, own_row.account_id == Account.id).correlate(Account)


_KINDS: Mapping[EndKind, Callable[[], Recorded]] = {
    PersonKind.LEARNER: _learner,
    PersonKind.REPRESENTATIVE: _representative,
    PersonKind.CONTACT_PERSON: _contact_person,
    PersonKind.STAFF: _staff,
    RowKind.VISITOR: _visitor,
}


def _latest(column: Any, of: type[Any], *which: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.max(column)).where(*which).correlate(of).scalar_subquery()


def _day_of(moment: Any) -> ColumnElement[Any]:
    return cast(func.timezone(AMSTERDAM.key, moment), Date)
