"""Who was not told yet that the school has her data, since when, and what there is to tell her (AVG art. 14)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)

from portal.accounts.models import Account
from portal.core.clock import AMSTERDAM, local, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.core.mail import Mail, is_given_up
from portal.core.personal_data import PersonKind
from portal.core.ports import Port
from portal.core.values import tidy
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.organisations.models import ContactPerson, Organisation
from portal.policy.announcements.models import PolicyNoticeSeen
from portal.policy.models import PolicyVersion
from portal.policy.privacy_notices.models import NoticeWay, PrivacyNotice
from portal.policy.schema.periods import Period
from portal.representation.models import Representative

WITHIN = Period(number=1, unit="months")
"""How long after receipt somebody is told at the latest: a calendar month (AVG art. 14(3)a)."""
SOON = timedelta(days=7)
_MOST_TEXT = 200
TOLD_ELSEWHERE: Port[Callable[[], Select[UUID, datetime | None]]] = Port("purposes.told_elsewhere")
"""Returns the learners to whom the statement was pointed out elsewhere, such as at an intake, and when."""


class NoticeState(StrEnum):
    """How near the last day is on which somebody must be told."""

    LATE = "late"
    SOON = "soon"
    DUE = "due"


@dataclass(frozen=True)
class Informed:
    """Somebody of whom the school has data, and whether she was told so; `about` is for whom she acts or works.

    `contacted_at` is when the school first wrote to her by what it has: her invitation to sign in.
    """

    kind: PersonKind
    id: UUID
    name: str
    about: str | None
    learner_id: UUID | None
    account_id: UUID | None
    email: str | None
    language: str | None
    received_at: datetime
    contacted_at: datetime | None
    is_told: bool

    @property
    def due_on(self) -> date:
        """The last day on which she must be told: within a month, and by the first message (AVG art. 14(3))."""
        received_on = local(self.received_at).date()
        within = WITHIN.added_to(received_on)
        if self.contacted_at is None:
            return within
        return min(within, max(received_on, local(self.contacted_at).date()))

    @property
    def is_contacted(self) -> bool:
        """Say whether it is the first message to her that makes it that day."""
        return self.contacted_at is not None and self.due_on < WITHIN.added_to(local(self.received_at).date())

    @property
    def state(self) -> NoticeState:
        """How near that day is."""
        if self.due_on < today():
            return NoticeState.LATE
        return NoticeState.SOON if self.due_on <= today() + SOON else NoticeState.DUE


@dataclass(frozen=True)
class NoticeCounts:
    """How many people were not told yet: too late, nearly too late, and all of them."""

    late: int
    soon: int
    all: int

    @property
    def pressing(self) -> int:
        """How many must be told within a week, or had to be."""
        return self.late + self.soon


def list_untold(scope: Scope, *, text: str = "", page: int = 1) -> Paged[Informed]:
    """Return who was not told yet, a page of them, who must be told first; needs a scope of the whole school.

    With a text only those in whose name it stands, or in that of whom they act or work for. Two statements.
    """
    scope.must_reach_school("privacy_notice")
    people = _everybody().subquery()
    wanted = tidy(text)[:_MOST_TEXT] or ""
    found = or_(*(column.icontains(wanted, autoescape=True) for column in (people.c.name, people.c.about)))
    narrowed = select(*_columns_of(people)).where(not_(people.c.is_told), *([found] if wanted else []))
    total = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    rows = session.execute(
        narrowed.order_by(_due_on(people), people.c.received_at, people.c.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return Paged([_informed(row) for row in rows], page, total)


def find_informed(ids: Collection[UUID], scope: Scope, *, lock: bool = False) -> list[Informed]:
    """Return those of these people who are there, told or not, by name; with `lock` nobody else tells them."""
    scope.must_reach_school("privacy_notice")
    if lock:
        for model in (Learner, Representative, ContactPerson):
            rows = select(model.id).where(model.school_id == current_school_id(), model.id.in_(list(ids)))
            session.execute(rows.order_by(model.id).with_for_update(key_share=True))
    people = _everybody().subquery()
    statement = select(*_columns_of(people)).where(people.c.id.in_(list(ids))).order_by(people.c.name, people.c.id)
    return [_informed(row) for row in session.execute(statement)]


def count_untold(scope: Scope) -> NoticeCounts:
    """Return how many people were not told yet; one statement."""
    scope.must_reach_school("privacy_notice")
    people = _everybody().subquery()
    due_on = _due_on(people)
    late, near = due_on < today(), due_on <= today() + SOON
    statement = select(func.count().filter(late), func.count().filter(near, not_(late)), func.count()).where(
        not_(people.c.is_told)
    )
    return NoticeCounts(*session.execute(statement).one())


def count_told_in_time(scope: Scope) -> tuple[int, int]:
    """Return how many people were told by the day that `Informed.due_on` has, or still can be, and of how many."""
    scope.must_reach_school("privacy_notice")
    people = _everybody().subquery()
    told_on = case(
        (not_(people.c.is_told), today()),
        else_=_day_of(
            func.coalesce(people.c.told_at, people.c.received_at)
        ),  # at an intake, before the record was made
    )
    row = session.execute(select(func.count().filter(told_on <= _due_on(people)), func.count())).one()
    return row[0], row[1]


def _due_on(people: Any) -> ColumnElement[date]:
    """Return the last day on which somebody must be told, as `Informed.due_on` has it."""
    received_on, contacted_on = _day_of(people.c.received_at), _day_of(people.c.contacted_at)
    within = cast(received_on + func.make_interval(0, WITHIN.number), Date)
    with_first = case((contacted_on.is_not(None), func.greatest(received_on, contacted_on)), else_=within)
    return func.least(within, with_first)


def _day_of(moment: Any) -> ColumnElement[date]:
    return cast(func.timezone(str(AMSTERDAM), moment), Date)


class Given(NamedTuple):
    """When and how somebody was given the statement, and which version."""

    told_at: datetime
    way: NoticeWay
    version: str


def list_notices(learner_id: UUID, scope: Scope) -> list[Given]:
    """Return how and when a learner within reach was given the statement, newest first."""
    account = select(Learner.account_id).where(Learner.school_id == current_school_id(), Learner.id == learner_id)
    given = and_(
        PolicyVersion.school_id == PrivacyNotice.school_id, PolicyVersion.id == PrivacyNotice.statement_version_id
    )
    statement = (
        select(PrivacyNotice.told_at, PrivacyNotice.way, PolicyVersion.version)
        .join(PolicyVersion, given)
        .where(
            PrivacyNotice.school_id == current_school_id(),
            or_(
                PrivacyNotice.learner_id == learner_id,
                PrivacyNotice.account_id == account.scalar_subquery(),
            ),
            not_(_has_failed()),
            reaches_learner(scope, literal(learner_id)),
        )
    )
    return [Given(*row) for row in read(statement.order_by(PrivacyNotice.told_at.desc(), PrivacyNotice.id))]


def _informed(row: Any) -> Informed:
    facts = row._asdict()
    return Informed(**{**facts, "kind": PersonKind(facts["kind"])})


def _columns_of(people: Any) -> list[Any]:
    """Return the columns of `Informed`."""
    return [each for each in people.c if each.key != "told_at"]


def _everybody() -> Any:
    return union_all(_learners(), _representatives(), _contact_people())


def _learners() -> Select[*tuple[Any, ...]]:
    enrolled = exists().where(
        Enrolment.school_id == Learner.school_id,
        Enrolment.learner_id == Learner.id,
        Enrolment.statement_version_id.is_not(None),
    )
    shown_at = select(func.min(Enrolment.statement_shown_at)).where(
        Enrolment.school_id == Learner.school_id, Enrolment.learner_id == Learner.id
    )
    elsewhere = [shown_to().subquery() for shown_to in TOLD_ELSEWHERE.all]
    told_there = [Learner.id.in_(select(each.c[0])) for each in elsewhere]
    at_those = [select(func.min(each.c[1])).where(each.c[0] == Learner.id).scalar_subquery() for each in elsewhere]
    is_told = or_(_was_told(PrivacyNotice.learner_id, Learner), enrolled, *told_there)
    told_at = _told_at(PrivacyNotice.learner_id, Learner, shown_at.scalar_subquery(), *at_those)
    return select(
        literal(PersonKind.LEARNER.value).label("kind"),
        Learner.id,
        Learner.full_name.label("name"),
        null().label("about"),
        Learner.id.label("learner_id"),
        Learner.account_id,
        Learner.email,
        Learner.preferred_language.label("language"),
        Learner.created_at.label("received_at"),
        _invited_at(Learner).label("contacted_at"),
        is_told.label("is_told"),
        told_at.label("told_at"),
    ).where(Learner.school_id == current_school_id(), Learner.is_in_use)


def _representatives() -> Select[*tuple[Any, ...]]:
    account = (Account.school_id == Representative.school_id) & (Account.id == Representative.account_id)
    learner = (Learner.school_id == Representative.school_id) & (Learner.id == Representative.learner_id)
    return (
        select(
            literal(PersonKind.REPRESENTATIVE.value),
            Representative.id,
            Representative.name,
            Learner.full_name,
            Representative.learner_id,
            Representative.account_id,
            func.coalesce(Account.email, Representative.email),
            Account.language,
            Representative.recorded_at,
            Account.created_at,
            _was_told(PrivacyNotice.representative_id, Representative),
            _told_at(PrivacyNotice.representative_id, Representative),
        )
        .join(Learner, learner)
        .outerjoin(Account, account)
        .where(Representative.school_id == current_school_id(), Representative.is_valid_on(today()))
    )


def _contact_people() -> Select[*tuple[Any, ...]]:
    organisation = (Organisation.school_id == ContactPerson.school_id) & (
        Organisation.id == ContactPerson.organisation_id
    )
    return (
        select(
            literal(PersonKind.CONTACT_PERSON.value),
            ContactPerson.id,
            ContactPerson.name,
            func.coalesce(Organisation.name, ContactPerson.company_name),
            null(),
            ContactPerson.account_id,
            ContactPerson.email,
            ContactPerson.language,
            ContactPerson.created_at,
            _invited_at(ContactPerson),
            _was_told(PrivacyNotice.contact_person_id, ContactPerson),
            _told_at(PrivacyNotice.contact_person_id, ContactPerson),
        )
        .outerjoin(Organisation, organisation)
        .where(ContactPerson.school_id == current_school_id())
    )


def _invited_at(person: Any) -> Any:
    """Return when somebody of these got an account, with the invitation to sign in; null where she has none."""
    account = (Account.school_id == person.school_id) & (Account.id == person.account_id)
    return select(Account.created_at).where(account).correlate(person).scalar_subquery()


def _was_told(column: Any, person: Any) -> ColumnElement[bool]:
    """Say of a person's row whether she was given the statement, or read a notice of a version herself."""
    here = PrivacyNotice.school_id == person.school_id
    given = exists().where(here, column == person.id, not_(_has_failed()))
    shown = exists().where(here, PrivacyNotice.account_id == person.account_id)
    read = exists().where(
        PolicyNoticeSeen.school_id == person.school_id, PolicyNoticeSeen.account_id == person.account_id
    )
    return or_(given, shown, read)


def _has_failed() -> ColumnElement[bool]:
    """Say of a notice whether it was a mail that couldn't leave."""
    return exists().where(Mail.school_id == PrivacyNotice.school_id, Mail.id == PrivacyNotice.mail_id, is_given_up())


def _told_at(column: Any, person: Any, *elsewhere: Any) -> Any:
    """Return when a person was told first, of what `_was_told` knows and elsewhere; null where no moment is known."""
    here, seen = PrivacyNotice.school_id == person.school_id, PolicyNoticeSeen
    given = select(func.min(PrivacyNotice.told_at)).where(here, column == person.id, not_(_has_failed()))
    shown = select(func.min(PrivacyNotice.told_at)).where(here, PrivacyNotice.account_id == person.account_id)
    read = select(func.min(seen.seen_at)).where(
        seen.school_id == person.school_id, seen.account_id == person.account_id
    )
    moments = [each.correlate(person).scalar_subquery() for each in (given, shown, read)]
    return func.least(*moments, *elsewhere)
