"""Finding learners: by a part of a name, number or e-mail, by birth date, narrowed and sorted, a page at a time.

A plain `like` over one folded column reads a school of 20,000 in some 4 ms; the school stands in the statement itself,
because the condition of row-level security alone is worked out anew for each row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core.clock import today
from portal.core.db.restrictions import is_hidden
from portal.core.db.scope import current_school_id, hidden_learners, hides_anyone
from portal.core.db.session import read
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Reach, Scope
from portal.core.values import Unusable, parse_date
from portal.courses.models import LearnerGroup
from portal.courses.scope import parameters_of
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner, full_name_of
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.plain_text import fold
from portal.learners.trajectories.models import Act, Trajectory
from portal.organisations.models import Organisation

_MOST_TEXT = 200
_MOST_WORDS = 8
SORTS = ("name", "number", "birth", "newest")
_LATEST_FIRST = frozenset({"birth", "newest"})
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
_NAME_AND_NUMBER = Learner.sort_name.expression + " " + func.lower(Learner.number.expression)
"""What is searched without the e-mail address; folded as `search_text` is."""
_SCHOOL: BindParameter[UUID] = bindparam("school", type_=Uuid())
_DAY: BindParameter[date] = bindparam("day", type_=Date())


@dataclass(frozen=True)
class Search:
    """What is looked for, and how it is narrowed and sorted."""

    text: str = ""
    group_id: UUID | None = None
    client_id: UUID | None = None
    act: Act | None = None
    is_without_account: bool = False
    is_under_16: bool = False
    is_without_group: bool = False
    sort: str = "name"
    page: int = 1


class FoundLearner(NamedTuple):
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
        return full_name_of(self.given_name, self.name_prefix, self.family_name)


@dataclass(frozen=True)
class Choices:
    """Groups and clients to narrow a list by: id, as text, and name."""

    groups: list[tuple[str, str]]
    clients: list[tuple[str, str]]


@dataclass(frozen=True)
class FoundPage(Paged[FoundLearner]):
    """A page of learners, how many there are in all, and by what the list may be narrowed."""

    choices: Choices | None = None

    @property
    def learners(self) -> list[FoundLearner]:
        """The learners on this page."""
        return self.rows


@dataclass(frozen=True)
class _Criteria:
    """What decides how the statement of a search reads; the values go in as parameters."""

    word_count: int
    by_birth: bool
    by_contact: bool
    reach: Reach
    group: bool
    client: bool
    act: bool
    without_account: bool
    under_16: bool
    without_group: bool
    sort: str
    with_choices: bool
    hides_birth: bool
    hides_contact: bool


def find_learners(search: Search, by: Actor, *, with_choices: bool = False, most: int = PER_PAGE) -> FoundPage:
    """Return a page of the learners that this person may reach and that answer to the search, `most` at once.

    One statement; `with_choices` also tells by what the list may be narrowed. Who doesn't see birth dates gets none;
    an e-mail address finds nobody for who doesn't see how to reach learners. A birth date or an address that a learner
    restricted finds her for nobody, and has no place in the order (ST-08).
    """
    number = max(1, search.page)
    birth = _birth_date(search.text[:_MOST_TEXT]) if "birth" in by.sees else None
    words = [] if birth else fold(search.text[:_MOST_TEXT]).split()[:_MOST_WORDS]
    criteria = _Criteria(
        word_count=len(words),
        by_birth=birth is not None,
        by_contact="contact" in by.sees,
        reach=by.scope.reach,
        group=search.group_id is not None,
        client=search.client_id is not None,
        act=search.act is not None,
        without_account=search.is_without_account,
        under_16=search.is_under_16,
        without_group=search.is_without_group,
        sort=search.sort if search.sort.removeprefix("-") in SORTS else "name",
        with_choices=with_choices,
        hides_birth=hides_anyone("birth"),
        hides_contact=hides_anyone("contact"),
    )
    values = {
        **_here(), **parameters_of(by.scope), "birth": birth,
        "group": search.group_id, "client": search.client_id, "act": search.act,
        "most": most, "skipped": (number - 1) * PER_PAGE,
        **{f"word{place}": _like(word) for place, word in enumerate(words)},
    }  # fmt: skip
    rows = read(_statement(criteria), values).all()
    choices = (_chosen_from(rows[0].choices) if rows else list_choices()) if with_choices else None
    found = [_found(row) if "birth" in by.sees else _found(row)._replace(birth_date=None) for row in rows]
    return FoundPage(found, number, rows[0].total if rows else 0, choices)


def _birth_date(text: str) -> date | None:
    """Return the date that is looked for: a date alone is one, by who may see birth dates."""
    try:
        return parse_date(text, years_ahead=0) if fold(text) else None
    except Unusable:
        return None


def _like(word: str) -> str:
    return f"%{word.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"


@lru_cache(maxsize=256)
def _statement(criteria: _Criteria) -> Select[Any]:
    """Made once for each set of criteria: building a statement takes longer than running it."""
    wanted = _wanted(criteria)
    total: ColumnElement[int] = func.count().over()
    if not (
        criteria.word_count or criteria.by_birth
    ):  # whole lists come in order from an index; counting within would sort all
        total = select(func.count()).select_from(Learner).where(*wanted).scalar_subquery()
    page = (
        select(*_COLUMNS, _born(criteria).label("born"), total.label("total"))
        .where(*wanted)
        .order_by(*sorted_by(criteria.sort, Learner, _born(criteria)))
        .limit(bindparam("most", type_=Integer()))
        .offset(bindparam("skipped", type_=Integer()))
        .cte("page")
    )
    statement, order = _with_groups(page), sorted_by(criteria.sort, page.c, page.c.born)
    if criteria.with_choices:
        is_first = func.row_number().over(order_by=order) == 1
        statement = statement.add_columns(case((is_first, _choices().scalar_subquery())).label("choices"))
    return statement.order_by(*order)


def _born(criteria: _Criteria) -> ColumnElement[Any]:
    """Return the birth date by which learners stand in order: none of whoever restricted it."""
    born = Learner.birth_date.expression
    return case((~is_hidden(Learner.id.expression, "birth"), born)) if criteria.hides_birth else born


def sorted_by(sort: str, columns: Any, born: ColumnElement[Any] | None = None) -> tuple[ColumnElement[Any], ...]:
    """Return the order of a sort; with "-" before it the other way round, and who has no birth date last in both.

    `born` is the birth date to go by, where that isn't the column itself.
    """
    name, is_turned = sort.removeprefix("-"), sort.startswith("-")
    by: tuple[ColumnElement[Any], ...] = {
        "number": (func.length(columns.number), columns.number),
        "birth": (columns.birth_date if born is None else born, columns.id),
        "newest": (columns.id,),
    }.get(name, (columns.sort_name, columns.id))
    is_descending = is_turned != (name in _LATEST_FIRST)
    turned = [each.desc() if is_descending else each.asc() for each in by]
    return (turned[0].nulls_last(), *turned[1:]) if name == "birth" else tuple(turned)


def _found(row: Any) -> FoundLearner:
    return FoundLearner(
        id=row.id,
        number=row.number,
        given_name=row.given_name,
        name_prefix=row.name_prefix,
        family_name=row.family_name,
        birth_date=None if row.id in hidden_learners("birth") else row.birth_date,
        has_account=row.account_id is not None,
        groups=tuple(row.groups or ()),
    )


def list_found(learner_ids: Sequence[UUID], scope: Scope) -> list[FoundLearner]:
    """Return those of these learners who are in use and within reach, as a list shows them, in the order given."""
    if not learner_ids:
        return []
    here = (Learner.school_id == _SCHOOL, Learner.is_in_use, Learner.id.in_(learner_ids), reaches_learner(scope))
    page = select(*_COLUMNS).where(*here).cte("page")
    found = {row.id: _found(row) for row in read(_with_groups(page), _here())}
    return [found[each] for each in learner_ids if each in found]


def _with_groups(page: CTE) -> Select[Any]:
    """Return the rows of a page with the names of the groups that each learner is in today.

    The groups of all of them are read together: looking for those of each learner apart takes twice as long.
    """
    names = (
        select(
            Enrolment.learner_id,
            func.array_agg(aggregate_order_by(distinct(LearnerGroup.name), LearnerGroup.name)).label("groups"),
        )
        .join(page, page.c.id == Enrolment.learner_id)
        .join(LearnerGroup, (LearnerGroup.school_id == Enrolment.school_id) & (LearnerGroup.id == Enrolment.group_id))
        .where(
            Enrolment.school_id == _SCHOOL,
            Enrolment.lasts_until(_DAY),
            LearnerGroup.lasts_until(_DAY),
        )
        .group_by(Enrolment.learner_id)
        .subquery()
    )
    return select(*page.c, names.c.groups).outerjoin(names, names.c.learner_id == page.c.id)


def _wanted(criteria: _Criteria) -> list[SQLColumnExpression[bool]]:
    wanted: list[SQLColumnExpression[bool]] = [
        Learner.school_id == _SCHOOL,
        Learner.is_in_use,
        reaches_learner(Scope(criteria.reach)),
    ]
    wanted += _by_text(criteria)
    if criteria.without_account:
        wanted.append(Learner.account_id.is_(None))
    if criteria.under_16:
        wanted.append(and_(Learner.is_child_on(bindparam("day", type_=Date()))))
    if criteria.without_group:
        wanted.append(~_is_in_a_group())
    if criteria.group:
        wanted.append(Learner.id.in_(_in_group()))
    if criteria.client or criteria.act:
        wanted.append(Learner.id.in_(_with_trajectory(criteria)))
    return wanted


def _by_text(criteria: _Criteria) -> list[SQLColumnExpression[bool]]:
    """Return what is looked for by words or a birth date; what a learner restricted of those isn't compared."""
    here = Learner.id.expression
    read_in: Any = Learner.search_text if criteria.by_contact else _NAME_AND_NUMBER
    if criteria.by_contact and criteria.hides_contact:
        read_in = case((is_hidden(here, "contact"), _NAME_AND_NUMBER), else_=Learner.search_text)
    wanted = [read_in.like(bindparam(f"word{place}", type_=Text()), escape="/") for place in range(criteria.word_count)]
    if criteria.by_birth:
        wanted.append(Learner.birth_date == bindparam("birth", type_=Date()))
    if criteria.hides_birth and (criteria.by_birth or criteria.under_16):
        wanted.append(~is_hidden(here, "birth"))
    return wanted


def _in_group() -> Select[UUID]:
    return select(Enrolment.learner_id).where(
        Enrolment.school_id == _SCHOOL,
        Enrolment.group_id == bindparam("group", type_=Uuid()),
        Enrolment.lasts_until(_DAY),
    )


def _is_in_a_group() -> ColumnElement[bool]:
    return exists().where(
        Enrolment.school_id == _SCHOOL,
        Enrolment.learner_id == Learner.id,
        Enrolment.lasts_until(_DAY),
        LearnerGroup.school_id == _SCHOOL,
        LearnerGroup.id == Enrolment.group_id,
        LearnerGroup.lasts_until(_DAY),
    )


def _with_trajectory(criteria: _Criteria) -> Select[UUID]:
    statement = select(Trajectory.learner_id).where(Trajectory.school_id == _SCHOOL)
    if criteria.client:
        statement = statement.where(Trajectory.client_id == bindparam("client", type_=Uuid()))
    if criteria.act:
        statement = statement.where(Trajectory.act == bindparam("act", type_=Trajectory.act.type))
    return statement


def _here() -> dict[str, Any]:
    return {"school": current_school_id(), "day": today()}


def _choices() -> Select[Any]:
    """The groups that run, then those to come, and the clients, as JSON: kind, id and name of each."""
    to_come, key = (LearnerGroup.starts_on > _DAY).label("to_come"), cast(LearnerGroup.id, Text).label("id")
    groups = select(literal("group").label("kind"), key, LearnerGroup.name, to_come).where(
        LearnerGroup.school_id == _SCHOOL, LearnerGroup.lasts_until(_DAY)
    )
    clients = select(literal("client").label("kind"), cast(Organisation.id, Text), Organisation.name, false()).where(
        Organisation.school_id == _SCHOOL
    )
    both = union_all(groups, clients).subquery()
    each = func.json_build_array(both.c.kind, both.c.id, both.c.name)
    return select(func.json_agg(aggregate_order_by(each, both.c.to_come, both.c.name)))


_CHOICES = _choices()


def list_choices() -> Choices:
    """Return the groups that run, then those to come, and the clients, to narrow a list by; one statement."""
    return _chosen_from(read(_CHOICES, _here()).scalar())


def _chosen_from(held: list[tuple[str, str, str]] | None) -> Choices:
    return Choices(
        groups=[(key, name) for kind, key, name in held or () if kind == "group"],
        clients=[(key, name) for kind, key, name in held or () if kind == "client"],
    )
