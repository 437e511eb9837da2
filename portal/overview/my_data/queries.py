"""Everything that is held on one learner, with the five answers: what, where from, why, who sees it, until when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    String,
    Uuid,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from portal.accounts.labels import ROLES
from portal.accounts.models import Account
from portal.core.audit import AuditEvent, AuditLearner, AuditUnsealed
from portal.core.audit.declarations import name_views
from portal.core.clock import now, today
from portal.core.db.base import Base, oldest_id
from portal.core.errors import NotFound
from portal.core.http.languages import comma, language
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind, registry
from portal.disclosures.models import Disclosure, DisclosureLearner
from portal.disclosures.queries import list_disclosures_of
from portal.learners.caseloads.models import Coaching
from portal.learners.entries.kinds import KINDS
from portal.learners.own_record.queries import OwnRecord, get_whole_record
from portal.learners.record.models import Learner
from portal.learners.waiting_list.models import WaitingEntry
from portal.learners.waiting_list.queries import WaitingLine, list_waiting_of
from portal.permissions import SEES, Role
from portal.policy.labels import labels_in
from portal.policy.queries import current_policy, kept_by_policy
from portal.policy.schema import Policy
from portal.purposes.models import Consent
from portal.representation.models import Representative
from portal.representation.queries import list_representatives
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.terms import ends_of, is_of_person
from portal.retention.erasures.queries import categories_of_own_row
from portal.retention.holds.queries import list_holds
from portal.retention.models import RetentionHold

MONTH = timedelta(days=30)
_MARGIN = timedelta(days=1)
"""An entry's identifier is made within a request, a moment after the one that stands in the entry."""
STAFF = (Role.TEACHER, Role.COACH, Role.ADMINISTRATION, Role.PRIVACY_OFFICER, Role.MANAGEMENT)


_SCHOOL, _LEARNER = bindparam("school", type_=Uuid()), bindparam("learner", type_=Uuid())
_DAY = bindparam("day", type_=Date())
# Her own record and those that became part of it.
_HERS = union_all(
    select(_LEARNER.label("id")),
    select(Learner.id).where(Learner.school_id == _SCHOOL, Learner.merged_into_id == _LEARNER),
).subquery()
_ALWAYS_HELD = frozenset({"account", "activity", "dealings"})
"""Categories that hold something of whoever has a record: who reads it signed in, and each value has a source."""


def _lookers() -> ColumnElement[Any]:
    """Count the staff in the entries that *Wie keek* lists since a day: all, and those who met more than her name."""
    oldest = bindparam("oldest", type_=Uuid())
    sealed = select(AuditLearner.event_id).where(
        AuditLearner.school_id == _SCHOOL,
        AuditLearner.learner_id.in_(select(_HERS.c.id)),
        AuditLearner.event_id >= oldest,
    )
    ids = func.array(select(_HERS.c.id).scalar_subquery(), type_=ARRAY(Uuid()))
    waiting = select(AuditUnsealed.id).where(AuditUnsealed.school_id == _SCHOOL, AuditUnsealed.learner_ids.overlap(ids))
    about = union_all(sealed, waiting).subquery("about")
    # Each by its key: a plan made while the log was small reads all of it for each of these.
    entry = (
        select(AuditEvent.actor_id, AuditEvent.event, AuditEvent.facts)
        .where(
            AuditEvent.school_id == _SCHOOL,
            AuditEvent.id == about.c[0],
            AuditEvent.actor_kind == "staff",
            AuditEvent.at > bindparam("since", type_=DateTime(timezone=True)),
        )
        .offset(0)
        .lateral("entry")
    )
    of_name = and_(entry.c.event == "record.viewed", entry.c.facts["what"].astext.in_(name_views()))
    people = func.count(func.distinct(entry.c.actor_id))
    counts = func.json_build_array(people, people.filter(not_(func.coalesce(of_name, false()))))
    return select(counts).select_from(about).join(entry, true()).scalar_subquery().label("lookers")


def _coach() -> ColumnElement[Any]:
    """Return who coaches her, today or from a day to come, and since or from when."""
    hers = (Coaching.school_id == _SCHOOL, Coaching.learner_id == _LEARNER, Coaching.lasts_until(_DAY))
    named = select(func.json_build_array(Account.name, Coaching.starts_on)).select_from(Coaching)
    coach = named.join(Account, and_(Account.school_id == Coaching.school_id, Account.id == Coaching.account_id))
    return coach.where(*hers).order_by(Coaching.starts_on).limit(1).scalar_subquery().label("coach")


def _tables_by_category() -> dict[str, list[FromClause]]:
    """Return by category the tables of their own in which rows about a learner hold something of it.

    Entries of a record are read with it, so what they hold is known without asking.
    """
    found: dict[str, list[FromClause]] = {}
    entries = {(kind.category, kind.model.__tablename__) for kind in KINDS.values()}
    for key, field in registry(Base.metadata, PersonKind.LEARNER).items():
        table = Base.metadata.tables[key.partition(".")[0]]
        if (
            "learner_id" in table.c
            and (field.category, table.name) not in entries
            and field.category not in _ALWAYS_HELD
            and table not in found.get(field.category, [])
        ):
            found.setdefault(field.category, []).append(table)
    return found


def _is_about_her(table: FromClause) -> ColumnElement[bool]:
    return exists().where(table.c.school_id == _SCHOOL, table.c.learner_id == _LEARNER)


@cache
def _besides() -> tuple[ColumnElement[Any], ...]:
    """Return what is asked of her besides her record; terms count the same for who doesn't see her trajectories."""
    recorded = recorded_of(PersonKind.LEARNER)
    agreed = select(Consent.purpose).where(
        Consent.school_id == _SCHOOL, Consent.learner_id == _LEARNER, Consent.is_in_force
    )
    categories = func.json_build_object(
        *(
            part
            for key, tables in _tables_by_category().items()
            for part in (literal_column(f"'{key}'"), or_(*(_is_about_her(table) for table in tables)))
        )
    )
    return (
        _lookers(),
        _coach(),
        _is_about_her(DisclosureLearner.__table__).label("is_in_files"),
        _is_about_her(Representative.__table__).label("is_represented"),
        _is_about_her(RetentionHold.__table__).label("has_holds"),
        _is_about_her(WaitingEntry.__table__).label("has_waited"),
        *recorded.columns,
        recorded.is_running(_DAY).label("is_running"),
        func.array(agreed.scalar_subquery(), type_=ARRAY(String())).label("agreed_to"),
        categories.label("has_rows"),
    )


@dataclass(frozen=True, eq=False)
class AboutFace:
    """What holds for every value of a category at a school, in words: why it is kept, who sees it, how long.

    `counts_contact`: its term begins when she leaves, so that nothing goes while she follows a trajectory.
    """

    key: str
    title: str
    why: str
    seen_by: str
    term: str
    counts_contact: bool


class AboutCategory(NamedTuple):
    """What holds for a category, and for this learner: who got it, whether anything is held, until which day.

    `recipients` is None for who may not see to whom her data went. `until` follows from days on record; it is None
    while she follows a trajectory (`is_running`), and where the term counts for each piece apart. Until `on_hold_until`
    nothing goes, whatever its term.
    """

    face: AboutFace
    recipients: tuple[str, ...] | None
    is_held: bool
    is_running: bool
    until: date | None
    on_hold_until: date | None

    @property
    def is_over(self) -> bool:
        """Say whether the term has ended, and no hold keeps it."""
        return self.until is not None and max(self.until, self.on_hold_until or self.until) < today()

    @property
    def is_kept_by_hold(self) -> bool:
        """Say whether a hold keeps it past its term."""
        return self.until is not None and self.on_hold_until is not None and self.until < self.on_hold_until


class OwnCoach(NamedTuple):
    """Who coaches her, and since or from when."""

    name: str
    starts_on: date


@dataclass(frozen=True)
class MyData:
    """The page *Mijn gegevens*.

    Of the staff whom *Wie keek* lists in the last 30 days `viewers` met more than her name in a list, `finders` didn't.
    """

    record: OwnRecord
    coach: OwnCoach | None
    waiting: Sequence[WaitingLine]
    representatives: list[Representative]
    about: Mapping[str, AboutCategory]
    viewers: int
    finders: int
    disclosures: int
    holds: Sequence[RetentionHold]

    @cached_property
    def about_groups(self) -> AboutCategory:
        """The category that being in a group is part of."""
        return self._about_field("enrolment.starts_on")

    @property
    def about_coach(self) -> AboutCategory:
        """The category that having a coach is part of."""
        return self._about_field("coaching.account_id")

    @property
    def about_representatives(self) -> AboutCategory:
        """The category that having somebody act for her is part of."""
        return self._about_field("representative.name")

    def _about_field(self, field: str) -> AboutCategory:
        category = current_policy().category_of(field)
        if category is None:
            raise LookupError(f"no category holds {field}")
        return self.about[category.key]

    @property
    def elsewhere(self) -> list[AboutCategory]:
        """The categories whose values stand on a page of their own, such as attendance and levels."""
        record = self.record
        here = {category.face.key for category in record.categories} | {entry.category for entry in record.entries}
        if record.groups or self.waiting:
            here.add(self.about_groups.face.key)
        if self.coach is not None:
            here.add(self.about_coach.face.key)
        return [about for key, about in self.about.items() if key not in here]


def get_my_data(scope: Scope) -> MyData:
    """Return all that is held on the learner of this scope, as far as it shows it. Raises NotFound."""
    learner_id, sees_dealings = scope.get_own_learner_id(), "dealings" in scope.sees
    values = {"since": now() - MONTH, "oldest": oldest_id(MONTH + _MARGIN), "day": today()}
    record = get_whole_record(scope, besides=_besides(), **values)
    given = list_disclosures_of(learner_id, scope) if record.row.is_in_files and sees_dealings else []
    holds = _holds(record, scope) if sees_dealings else []
    about = _about(current_policy(), record, given if sees_dealings else None, holds)
    everyone, viewers = record.row.lookers if sees_dealings else (0, 0)
    return MyData(
        record=record,
        coach=_coach_of(record, scope),
        waiting=list_waiting_of(learner_id, scope, also_ended=True) if record.row.has_waited else (),
        representatives=list_representatives(learner_id, scope) if record.row.is_represented and sees_dealings else [],
        about={key: each for key, each in about.items() if key in scope.sees},
        viewers=viewers,
        finders=everyone - viewers,
        disclosures=len(given),
        holds=holds,
    )


def _holds(record: OwnRecord, scope: Scope) -> list[RetentionHold]:
    """Return what keeps her data past its term today; no statement where nothing ever did."""
    if not record.row.has_holds:
        return []
    found = list_holds(PersonKind.LEARNER, scope.get_own_learner_id(), scope)
    return [each for each in found if each.is_in_force_on(today())]


def _coach_of(record: OwnRecord, scope: Scope) -> OwnCoach | None:
    category = current_policy().category_of("coaching.account_id")
    if record.row.coach is None or category is None or category.key not in scope.sees:
        return None
    name, starts_on = record.row.coach
    return OwnCoach(name, date.fromisoformat(starts_on))


def narrowed(data: MyData, category: str) -> MyData:
    """Return what is held in one category alone; raises NotFound for one that isn't the learner's to see."""
    if category not in data.about:
        raise NotFound("category")
    record, policy = data.record, current_policy()

    def is_of(field: str) -> bool:
        held = policy.category_of(field)
        return held is not None and held.key == category

    return replace(
        data,
        record=replace(
            record,
            categories=[each for each in record.categories if each.face.key == category],
            entries=[each for each in record.entries if each.category == category],
            groups=record.groups if is_of("enrolment.starts_on") else [],
        ),
        coach=data.coach if is_of("coaching.account_id") else None,
        waiting=data.waiting if is_of("waiting_entry.course_id") else (),
        representatives=data.representatives if is_of("representative.name") else [],
        about={category: data.about[category]},
    )


def _held(policy: Policy, record: OwnRecord) -> frozenset[str]:
    """Return the categories of which something is held on her."""
    row = record.row
    held = {key for key, has_rows in row.has_rows.items() if has_rows} | _ALWAYS_HELD
    held |= {each.category for each in record.entries if each.entries}
    held |= {category.face.key for category in record.categories if any(field.text for field in category.fields)}
    agreed = set(row.agreed_to)
    return frozenset(
        held
        | {
            each.key
            for each in policy.categories
            if each.key not in row.has_rows and agreed & set(each.purposes) and not each.entries
        }
    )


def _about(
    policy: Policy, record: OwnRecord, given: list[Disclosure] | None, holds: Sequence[RetentionHold]
) -> dict[str, AboutCategory]:
    """Return what holds for each category; `given` is None where what was given may not be seen."""
    lang, held = language(), _held(policy, record)
    ends = _ends(policy, record, held)
    on_hold_until = max((each.ends_on for each in holds), default=None)
    about: dict[str, AboutCategory] = {}
    for face in _faces(policy, lang):
        runs = face.counts_contact and record.row.is_running
        about[face.key] = AboutCategory(
            face=face,
            recipients=_recipients(policy, face.key, given, lang) if given is not None else None,
            is_held=face.key in held,
            is_running=runs,
            until=None if runs else ends[face.key],
            on_hold_until=on_hold_until,
        )
    return about


def _ends(policy: Policy, record: OwnRecord, held: Collection[str]) -> dict[str, date | None]:
    """Return the end of each category; her name stays as long as anything that is kept with it."""
    ends = ends_of(policy, recorded_of(PersonKind.LEARNER).days_of(record.row))
    own = categories_of_own_row(PersonKind.LEARNER)
    kept = [each for each in policy.categories if each.key in held and is_of_person(policy.term(each.term))]
    last = max((end for each in kept if (end := ends[each.key]) is not None), default=None)
    return {key: last if key in own and end is not None else end for key, end in ends.items()}


def _recipients(policy: Policy, category: str, given: list[Disclosure], lang: str) -> tuple[str, ...]:
    """Return who got something of a category, each with the fields that went out."""
    got: dict[str, list[str]] = {}
    for row in given:
        fields = [key for key in row.fields if (held := policy.category_of(key)) is not None and held.key == category]
        if fields:
            got.setdefault(row.recipient, []).extend(fields)
    titles = {each.key: str(policy.text(each.title, lang)) for each in policy.recipients} if got else {}
    return tuple(
        f"{titles.get(key, key)} ({', '.join(str(label) for label in labels_in(tuple(got[key])))})"
        for key in sorted(got)
    )


@kept_by_policy
def _faces(policy: Policy, lang: str) -> tuple[AboutFace, ...]:
    return tuple(
        AboutFace(
            key=category.key,
            title=str(policy.text(category.title, lang)),
            why=str(policy.text(category.why, lang)),
            seen_by=comma().join(str(ROLES[role]) for role in STAFF if category.key in SEES[role]),
            term=str(policy.text(policy.term(category.term).title, lang)),
            counts_contact=is_of_person(policy.term(category.term)),
        )
        for category in policy.categories
    )
