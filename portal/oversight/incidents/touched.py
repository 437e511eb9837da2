"""Reads of whom an incident touched, of every kind: how she is told, and whether she may be named."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, null, or_, select

from portal.accounts.models import Account
from portal.accounts.queries import Member, list_members, list_staff_ids
from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.core.values import tidy
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.queries import FoundLearner, Search, find_learners
from portal.organisations.models import ContactPerson
from portal.organisations.queries import find_contact_people
from portal.oversight.incidents.models import Incident, IncidentPerson, ToldWay
from portal.oversight.incidents.queries import get_incident
from portal.representation.models import Representative
from portal.representation.queries import list_told_for

_MOST_TEXT = 100


@dataclass(frozen=True)
class Reader:
    """Who is told: the person herself, or who acts for her; `name` is None where a child has nobody on record."""

    name: str | None
    email: str | None
    language: str | None
    account_id: UUID | None
    is_herself: bool


@dataclass(frozen=True)
class Touched:
    """Somebody whom an incident touched, who is told of it, and when and how that was done.

    `learner_id` is her own id where she is a learner, and of whom she represents where she does that.
    `is_restricted`: she, or that learner, restricted her data. She counts and is told; staff see her name on a recorded
    ground alone. `is_acting_hidden`: who acts for her is hidden, be it that she isn't herself.
    """

    row_id: UUID
    kind: PersonKind
    id: UUID
    learner_id: UUID | None
    name: str
    given_name: str
    is_restricted: bool
    is_acting_hidden: bool
    readers: tuple[Reader, ...]
    told_at: datetime | None
    way: ToldWay | None

    @property
    def is_mailed(self) -> bool:
        """Say whether a mail reaches somebody who is told."""
        return any(each.email for each in self.readers)

    @property
    def others(self) -> tuple[str, ...]:
        """The names of who is told besides her, or in her place."""
        return tuple(each.name for each in self.readers if each.name and not each.is_herself)

    @property
    def has_hidden_name(self) -> bool:
        """Say whether her letters name somebody whom staff see on a recorded ground alone."""
        return self.is_restricted or (self.is_acting_hidden and bool(self.others))


def everybody_touched() -> AbstractContextManager[None]:
    """See also who restricted her data, within a block: an incident touched her all the same, and she is told of it."""
    return revealed(*hidden_learners("dealings"))


def list_touched(incident_id: UUID, scope: Scope) -> list[Touched]:
    """Return whom an incident touched, learners first and each kind by name; those who restricted their data last."""
    incident, row = get_incident(incident_id, scope), IncidentPerson
    wanted = select(row).where(row.school_id == current_school_id(), row.incident_id == incident_id)
    hidden = hidden_by_kind()
    with everybody_touched():
        rows = {(each.person_kind, each.known_person_id): each for each in session.scalars(wanted)}
        found = people_named(rows, scope)
        acting = _acting([key for kind, key in found if kind is PersonKind.LEARNER], incident, scope)
    touched = [
        Touched(
            row_id=rows[kind, key].id,
            kind=kind,
            id=key,
            learner_id=person.learner_id,
            name=person.name,
            given_name=person.given_name,
            is_restricted=person.learner_id in hidden.get(kind, ()),
            is_acting_hidden=person.learner_id in hidden[PersonKind.REPRESENTATIVE],
            readers=_readers(person, acting.get(key, ())) if kind is PersonKind.LEARNER else (_herself(person),),
            told_at=rows[kind, key].told_at,
            way=rows[kind, key].way,
        )
        for (kind, key), person in found.items()
    ]
    return sorted(touched, key=lambda each: each.is_restricted)


def parted(people: Iterable[tuple[PersonKind | None, UUID | None]]) -> tuple[list[UUID], dict[str, Any]]:
    """Return what an entry in the audit says of these people: the ids of learners, and of others how many of each kind.

    What names the others is their row of the incident, which goes when they are erased.
    """
    everybody = list(people)
    learners = [key for kind, key in everybody if kind is PersonKind.LEARNER and key is not None]
    return learners, dict(Counter(str(kind) for kind, _key in everybody if kind is not PersonKind.LEARNER))


def hidden_by_kind() -> Mapping[PersonKind, frozenset[UUID]]:
    """Return of which learners the name, or who represents them, is hidden in the transaction in hand."""
    return {PersonKind.LEARNER: hidden_learners(), PersonKind.REPRESENTATIVE: hidden_learners("dealings")}


def people_named(
    keys: Iterable[tuple[PersonKind | None, UUID | None]], scope: Scope
) -> dict[tuple[PersonKind, UUID], Any]:
    """Return who these people are, by kind and id, each kind by name; who isn't there or within reach is left out.

    Each has her `name` and `given_name`, the `learner_id` as `Touched` has it, and how she is reached.
    """
    wanted = list(keys)
    found: dict[tuple[PersonKind, UUID], Any] = {}
    for kind in PersonKind:
        ids = [key for of_kind, key in wanted if of_kind is kind and key is not None]
        if ids:
            found |= {(kind, person.id): person for person in session.execute(_select(kind, ids, scope))}
    return found


def _select(kind: PersonKind, ids: Collection[UUID], scope: Scope) -> Select[*tuple[Any, ...]]:
    match kind:
        case PersonKind.LEARNER:
            return _learners(ids, scope)
        case PersonKind.REPRESENTATIVE:
            return _representatives(ids, scope)
        case PersonKind.CONTACT_PERSON:
            return _contact_people(ids)
        case PersonKind.STAFF:
            return _staff(list_staff_ids(ids, scope))


def _learners(ids: Collection[UUID], scope: Scope) -> Select[*tuple[Any, ...]]:
    person = Learner
    return (
        select(
            person.id, person.id.label("learner_id"), person.full_name.label("name"), person.given_name,
            person.birth_date, person.preferred_language.label("language"), person.account_id,
            func.coalesce(person.email, Account.email).label("email"),
        )
        .outerjoin(Account, _is_account_of(person))
        .where(person.school_id == current_school_id(), person.id.in_(list(ids)), reaches_learner(scope))
        .order_by(person.family_name, person.given_name, person.id)
    )  # fmt: skip


def _representatives(ids: Collection[UUID], scope: Scope) -> Select[*tuple[Any, ...]]:
    person = Representative
    return (
        select(
            person.id, person.learner_id, person.name, person.name.label("given_name"), null().label("birth_date"),
            Account.language, person.account_id, func.coalesce(Account.email, person.email).label("email"),
        )
        .outerjoin(Account, _is_account_of(person))
        .where(
            person.school_id == current_school_id(), person.id.in_(list(ids)), reaches_learner(scope, person.learner_id)
        )
        .order_by(person.name, person.id)
    )  # fmt: skip


def _contact_people(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    person = ContactPerson
    return (
        select(
            person.id, null().label("learner_id"), person.name, person.name.label("given_name"),
            null().label("birth_date"), func.coalesce(person.language, Account.language).label("language"),
            person.account_id, func.coalesce(person.email, Account.email).label("email"),
        )
        .outerjoin(Account, _is_account_of(person))
        .where(person.school_id == current_school_id(), person.id.in_(list(ids)))
        .order_by(person.name, person.id)
    )  # fmt: skip


def _staff(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Build a select of who works or worked at the school: who left isn't sought at an address of the school."""
    person = Account
    email = case((person.is_in_force, person.email)).label("email")
    return (
        select(
            person.id, null().label("learner_id"), person.name, person.name.label("given_name"),
            null().label("birth_date"), person.language, person.id.label("account_id"), email,
        )
        .where(person.school_id == current_school_id(), person.id.in_(list(ids)))
        .order_by(person.name, person.id)
    )  # fmt: skip


def _is_account_of(person: Any) -> Any:
    return and_(Account.school_id == person.school_id, Account.id == person.account_id, Account.is_in_force)


def _acting(learner_ids: Sequence[UUID], incident: Incident, scope: Scope) -> dict[UUID, tuple[Reader, ...]]:
    found: dict[UUID, tuple[Reader, ...]] = {}
    for each in list_told_for(learner_ids, incident.categories, scope) if learner_ids else ():
        reader = Reader(each.name, each.email, each.language, each.account_id, is_herself=False)
        found[each.learner_id] = (*found.get(each.learner_id, ()), reader)
    return found


def _readers(learner: Any, acting: tuple[Reader, ...]) -> tuple[Reader, ...]:
    """Return who is told: of a child under 16 who acts for her, and never she herself (LB-11)."""
    if is_child(learner.birth_date):
        return acting or (Reader(None, None, learner.language, None, is_herself=False),)
    return (_herself(learner), *acting)


def _herself(person: Any) -> Reader:
    return Reader(person.name, person.email, person.language, person.account_id, is_herself=True)


@dataclass(frozen=True)
class Found:
    """Who has a text in her name, number or address: of each kind, and the learner who has it as her number and
    restricted her data."""

    text: str
    hidden_id: UUID | None
    learners: Sequence[FoundLearner]
    representatives: Sequence[Representative]
    contacts: Sequence[ContactPerson]
    staff: Sequence[Member]


def find_people(text: str, by: Actor) -> Found:
    """Return who has this in her name, number or address, of every kind of person that a register holds."""
    by.scope.must_reach_school("incident")
    if not tidy(text):
        return Found(text, None, [], [], [], [])
    return Found(
        text,
        _find_by_number(text),
        find_learners(Search(text=text), by).learners,
        _find_representatives(text, by),
        find_contact_people(text, most=PER_PAGE),
        _find_staff(text),
    )


def _find_representatives(text: str, by: Actor) -> list[Representative]:
    """Return who represents or represented a learner with this in her name, by name; once, whose account it is.

    Also in her address, for who sees how to reach learners.
    """
    wanted, person = tidy(text)[:_MOST_TEXT], Representative
    columns = (person.name, person.email) if "contact" in by.sees else (person.name,)
    rows = session.scalars(
        select(person)
        .where(
            person.school_id == current_school_id(),
            reaches_learner(by.scope, person.learner_id),
            or_(*(column.icontains(wanted, autoescape=True) for column in columns)),
        )
        .order_by(person.name, person.id.desc())
        .limit(PER_PAGE)
    )
    found: dict[UUID, Representative] = {}
    for row in rows:
        found.setdefault(row.account_id or row.id, row)
    return list(found.values())


def _find_staff(text: str) -> list[Member]:
    """Return who works or worked at the school with this in her name or address, by name."""
    wanted = tidy(text).casefold()
    everybody = [*list_members(), *list_members(ended=True)]
    return [each for each in everybody if wanted in each.name.casefold() or wanted in (each.email or "").casefold()]


def _find_by_number(number: str) -> UUID | None:
    """Return the learner with exactly this number who restricted her data, and so stands in no list; None for none."""
    hidden = hidden_learners()
    if not hidden:
        return None
    wanted = select(Learner.id).where(Learner.school_id == current_school_id(), Learner.number == number)
    with everybody_touched():
        return session.scalar(wanted.where(Learner.id.in_(hidden)))
