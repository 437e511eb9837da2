"""Finding learners: by a part of a name, number or e-mail, by birth date, narrowed and sorted, a page at a time.

A plain `like` over one folded column reads a school of 20,000 in some 4 ms; the school stands in the statement itself,
because the condition of row-level security alone is worked out anew for each row.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Subquery, Uuid, bindparam, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core.access import Actor
from portal.core.clock import today
from portal.core.database import current_school_id, session
from portal.courses.models import LearnerGroup
from portal.learners.ages import youngest_birth_date
from portal.learners.finding import fold
from portal.learners.models import Act, Enrolment, Learner, Organisation, Trajectory
from portal.learners.queries.reach import in_reach
from portal.learners.values import Unusable, parse_date

PER_PAGE = 50
SORTS = ("name", "number", "birth", "newest")
_COLUMNS = (
    Learner.id,
    Learner.number,
    Learner.given_name,
    Learner.name_prefix,
    Learner.family_name,
    Learner.birth_date,
    Learner.account_id,
    Learner.sort_name,
)


@dataclass(frozen=True)
class Search:
    """What is looked for, and how it is narrowed and sorted."""

    text: str = ""
    group_id: UUID | None = None
    client_id: UUID | None = None
    act: Act | None = None
    is_without_account: bool = False
    is_under_16: bool = False
    sort: str = "name"
    page: int = 1


@dataclass(frozen=True)
class FoundLearner:
    """A learner in the list."""

    id: UUID
    number: str
    given_name: str
    name_prefix: str | None
    family_name: str
    birth_date: date | None
    has_account: bool
    groups: tuple[str, ...]

    @property
    def listed_name(self) -> str:
        """Her name as a Dutch list has it: Berg, Fatima van der."""
        return f"{self.family_name}, {' '.join(part for part in (self.given_name, self.name_prefix) if part)}"

    @property
    def full_name(self) -> str:
        """Her name as one says it."""
        return " ".join(part for part in (self.given_name, self.name_prefix, self.family_name) if part)


@dataclass(frozen=True)
class FoundPage:
    """A page of learners, and how many there are in all."""

    learners: list[FoundLearner]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True)
class Choices:
    """Groups and clients to narrow a list by: id and name."""

    groups: list[tuple[UUID, str]]
    clients: list[tuple[UUID, str]]


def find_learners(search: Search, by: Actor) -> FoundPage:
    """Return a page of the learners that this person may reach and that answer to the search; one statement."""
    number, wanted = max(1, search.page), _wanted(search, by)
    total: ColumnElement[int] = func.count().over()
    if not search.text:  # whole lists come in order from an index; counting within would sort all of them first
        total = select(func.count()).select_from(Learner).where(*wanted).scalar_subquery()
    page = (
        select(*_COLUMNS, total.label("total"))
        .where(*wanted)
        .order_by(*_order(search.sort, Learner))
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
        .subquery()
    )
    rows = session.execute(_with_groups(page).order_by(*_order(search.sort, page.c))).all()
    return FoundPage([_found(row) for row in rows], number, rows[0].total if rows else 0)


def _order(sort: str, columns: Any) -> tuple[ColumnElement[Any], ...]:
    if sort == "number":
        return func.length(columns.number).asc(), columns.number.asc()
    if sort == "birth":
        return columns.birth_date.desc().nulls_last(), columns.id.asc()
    if sort == "newest":
        return (columns.id.desc(),)
    return columns.sort_name.asc(), columns.id.asc()


def _found(row: Any) -> FoundLearner:
    return FoundLearner(
        id=row.id,
        number=row.number,
        given_name=row.given_name,
        name_prefix=row.name_prefix,
        family_name=row.family_name,
        birth_date=row.birth_date,
        has_account=row.account_id is not None,
        groups=tuple(row.groups or ()),
    )


def _with_groups(page: Subquery) -> Select[Any]:
    """Return the rows of a page with the names of the groups that each learner is in today."""
    names = (
        select(func.array_agg(aggregate_order_by(LearnerGroup.name, LearnerGroup.name)))
        .join(Enrolment, (Enrolment.school_id == LearnerGroup.school_id) & (Enrolment.group_id == LearnerGroup.id))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.learner_id == page.c.id,
            or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= today()),
        )
        .scalar_subquery()
    )
    return select(*page.c, names.label("groups"))


def _wanted(search: Search, by: Actor) -> list[ColumnElement[bool]]:
    wanted = [Learner.school_id == current_school_id(), Learner.merged_into_id.is_(None), in_reach(by)]
    wanted += _answering(search.text, sees_birth="birth" in by.sees)
    if search.is_without_account:
        wanted.append(Learner.account_id.is_(None))
    if search.is_under_16:
        wanted.append(Learner.birth_date > youngest_birth_date())
    if search.group_id is not None:
        wanted.append(Learner.id.in_(_in_group(search.group_id)))
    if search.client_id is not None or search.act is not None:
        wanted.append(Learner.id.in_(_with_trajectory(search)))
    return wanted


def _answering(text: str, *, sees_birth: bool) -> list[ColumnElement[bool]]:
    """Every word must occur; a date alone is looked for among the birth dates, by who may see those."""
    words = fold(text).split()
    if not words:
        return []
    if sees_birth:
        try:
            return [Learner.birth_date == parse_date(text)]
        except Unusable:
            pass
    return [Learner.search_text.contains(word, autoescape=True) for word in words]


def _in_group(group_id: UUID) -> Select[UUID]:
    return select(Enrolment.learner_id).where(
        Enrolment.school_id == current_school_id(),
        Enrolment.group_id == group_id,
        or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= today()),
    )


def _with_trajectory(search: Search) -> Select[UUID]:
    statement = select(Trajectory.learner_id).where(Trajectory.school_id == current_school_id())
    if search.client_id is not None:
        statement = statement.where(Trajectory.client_id == search.client_id)
    if search.act is not None:
        statement = statement.where(Trajectory.act == search.act)
    return statement


def _choices_statement() -> Select[*tuple[Any, ...]]:
    school, day = bindparam("school", type_=Uuid()), bindparam("day", type_=Date())
    groups = select(literal("group").label("kind"), LearnerGroup.id, LearnerGroup.name).where(
        LearnerGroup.school_id == school, or_(LearnerGroup.ends_on.is_(None), LearnerGroup.ends_on >= day)
    )
    clients = select(literal("client").label("kind"), Organisation.id, Organisation.name).where(
        Organisation.school_id == school
    )
    both = union_all(groups, clients).subquery()
    return select(both).order_by(both.c.name)


_CHOICES = _choices_statement()  # made once: building a statement takes longer than running it


def list_choices() -> Choices:
    """Return the groups that run and the clients, to narrow a list by; one statement."""
    rows = session.execute(_CHOICES, {"school": current_school_id(), "day": today()}).all()
    return Choices(
        groups=[(row.id, row.name) for row in rows if row.kind == "group"],
        clients=[(row.id, row.name) for row in rows if row.kind == "client"],
    )


def find_duplicates(
    given_name: str, family_name: str, birth_date: date | None, digest: bytes | None, *, besides: UUID | None = None
) -> list[FoundLearner]:
    """Return learners who may be the same person: the same BSN, or the same name with the same birth date."""
    same: list[ColumnElement[bool]] = []
    if digest is not None:
        same.append(Learner.bsn_digest == digest)
    if birth_date is not None:
        name = f"{fold(family_name)}  {fold(given_name)}"
        same.append((Learner.birth_date == birth_date) & Learner.sort_name.startswith(name, autoescape=True))
    if not same:
        return []
    page = (
        select(*_COLUMNS)
        .where(
            Learner.school_id == current_school_id(),
            Learner.merged_into_id.is_(None),
            or_(*same),
            *([Learner.id != besides] if besides is not None else []),
        )
        .order_by(Learner.sort_name, Learner.id)
        .limit(10)
        .subquery()
    )
    return [_found(row) for row in session.execute(_with_groups(page).order_by(page.c.sort_name, page.c.id))]


def without_birth_date(page: FoundPage) -> FoundPage:
    """Return the page for who doesn't see birth dates."""
    return replace(page, learners=[replace(learner, birth_date=None) for learner in page.learners])
