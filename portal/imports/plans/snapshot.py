"""What the school holds of the people who may stand in a file, read in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, Text, and_, func, or_, select

from portal.attendance.models import AttendanceMark
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.bulk import among
from portal.core.db.scope import hidden_categories, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import Sealed
from portal.courses.models import Course, LearnerGroup
from portal.imports.plans.categories import touches
from portal.imports.plans.likeness import may_be_same, name_parts
from portal.imports.plans.parts import Entry, Person
from portal.imports.plans.rules import Rules, row_key
from portal.imports.workbooks.records import Record
from portal.learners.conditions.queries import Facts, facts_of
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.keys import bsn_digest
from portal.learners.search.likenesses import NamedPerson, find_alike
from portal.learners.search.plain_text import fold
from portal.organisations.models import ContactPerson, Organisation

LEARNER: Table = Base.metadata.tables["learner"]
INTAKE = "intake"
_BASE = ("number", "given_name", "name_prefix", "family_name", "birth_date")
_BORN = "learner.birth_date"
_MOST_WORDS = 8


@dataclass
class Snapshot:
    """Known learners by number, BSN digest and name; groups, courses and clients by their names."""

    by_number: dict[str, Person] = field(default_factory=dict)
    by_bsn: dict[bytes, Person] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_birth: dict[object, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[UUID, Person] = field(default_factory=dict)
    groups: dict[str, UUID] = field(default_factory=dict)
    courses: dict[str, UUID] = field(default_factory=dict)
    clients: dict[str, UUID] = field(default_factory=dict)
    contacts: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    facts: dict[UUID, Facts] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    names: dict[UUID, str] = field(default_factory=dict)
    digests: dict[str, bytes] = field(default_factory=dict)
    sounding: Mapping[object, Sequence[UUID]] = field(default_factory=dict)
    """By row: whose names sound as hers, where neither number nor BSN says who it is."""
    restricted: frozenset[UUID] = frozenset()
    """Who restricted her whole record: a row that may be about her is refused, and her name stands nowhere."""

    def is_restricted(self, record: Record) -> bool:
        """Say whether a row may be about somebody who restricted her record, or holds what she restricted of it."""
        values = record.values
        number, bsn = values.get("learner.number"), values.get("learner.bsn")
        known = self.by_number.get(str(number)) if number is not None else None
        known = known or (self.by_bsn.get(self.digest(bsn)) if bsn is not None else None)
        if known is None:
            may_be = [
                *(each for each in self.alike(values) if may_be_same(each.values, values)),
                *self.sounds_like(record),
            ]
            return any(each.learner_id in self.restricted for each in may_be)
        return known.learner_id in self.restricted or self.is_withheld(known, record)

    def is_withheld(self, person: Person, record: Record) -> bool:
        """Say whether a row holds what the person restricted whom it is about, however she was found."""
        return not person.is_new and touches(record.values, hidden_categories(person.learner_id))

    def digest(self, bsn: object) -> bytes:
        """Return a BSN's digest, worked out once."""
        found = self.digests.get(str(bsn))
        if found is None:
            found = self.digests[str(bsn)] = bsn_digest(str(bsn))
        return found

    def alike(self, values: Mapping[str, Any]) -> list[Person]:
        """Return who has this name, however it is split, or this birth date."""
        found = [*self.by_name.get(name_parts(values), ()), *self.by_birth.get(values.get(_BORN), ())]
        return list({person.learner_id: person for person in found}.values())

    def sounds_like(self, record: Record) -> list[Person]:
        """Return whose name sounds as that in a row, though it is written otherwise."""
        return [self.by_id[each] for each in self.sounding.get(row_key(record.sheet, record.row), ())]


def take_snapshot(records: Sequence[Record], rules: Rules, scope: Scope, *, lock: bool = False) -> Snapshot:
    """Read what is known of everybody whom the records may be about; `lock` holds those learners until the commit."""
    snapshot = Snapshot(restricted=hidden_learners())
    columns = _columns(records)
    if snapshot.restricted:
        with revealed(*snapshot.restricted):  # a row about one of them is refused, and tells no more
            _read_people(snapshot, columns, records, scope, lock=lock)
    else:
        _read_people(snapshot, columns, records, scope, lock=lock)
    ids = list(snapshot.by_id)
    _read_entries(snapshot, ids)
    guarded = [name for names in rules.guarded.values() for name in names]
    snapshot.facts = facts_of(ids, guarded, scope) if ids else {}
    if not rules.overwrites:
        _read_own(snapshot, ids)
    _read_names(snapshot)
    return snapshot


def _read_people(
    snapshot: Snapshot, columns: list[Column[Any]], records: Sequence[Record], scope: Scope, *, lock: bool
) -> None:
    _read_learners(snapshot, columns, _may_be_meant(snapshot, records), scope, lock=lock)
    _read_sounding(snapshot, columns, records, scope, lock=lock)


def _columns(records: Iterable[Record]) -> list[Column[Any]]:
    named = {key.partition(".")[2] for record in records for key in record.values if key.startswith("learner.")}
    wanted = {*_BASE, *named, "id", "version", "bsn_digest", "merged_into_id"} - {"bsn"}
    return [column for column in LEARNER.columns if column.name in wanted]


def _may_be_meant(snapshot: Snapshot, records: Sequence[Record]) -> ColumnElement[bool]:
    """Say of a learner whether a row may be about her: by number, BSN, name, or birth date and contact."""
    numbers = {str(record.values["learner.number"]) for record in records if "learner.number" in record.values}
    bsns = {record.values["learner.bsn"] for record in records if "learner.bsn" in record.values}
    families = {family for record in records for family in _possible_families(record.values)}
    return or_(
        among(Learner.number, numbers),
        among(Learner.bsn_digest, [snapshot.digest(bsn) for bsn in bsns]),
        among(func.split_part(Learner.sort_name, "  ", 1), families, Text()),
        and_(among(Learner.birth_date, _said(records, _BORN)), _has_contact(records)),
    )


def _read_learners(
    snapshot: Snapshot, columns: list[Column[Any]], found: ColumnElement[bool], scope: Scope, *, lock: bool
) -> None:
    wanted = select(*columns).where(found, reaches_learner(scope)).order_by(Learner.id)
    rows = session.execute(wanted.with_for_update() if lock else wanted).mappings().all()
    opened = _opened(columns, rows)
    for index, row in enumerate(rows):
        if row["merged_into_id"] is not None:
            snapshot.merged.add(row["number"])
            continue
        person = Person(row["id"], is_new=False, version=row["version"])
        for column in columns:
            if column.name not in {"id", "version", "bsn_digest", "merged_into_id"}:
                person.values[f"learner.{column.name}"] = opened.get((column.name, index), row[column.name])
        _index(snapshot, person, row["bsn_digest"])


def _read_sounding(
    snapshot: Snapshot, columns: list[Column[Any]], records: Sequence[Record], scope: Scope, *, lock: bool
) -> None:
    """Read whose names sound as those in rows that nobody was found for yet."""
    people = [_named(record) for record in records if not _is_found(snapshot, record.values)]
    snapshot.sounding = find_alike(people, scope)
    unread = {each for found in snapshot.sounding.values() for each in found} - snapshot.by_id.keys()
    if unread:
        _read_learners(snapshot, columns, among(Learner.id, unread), scope, lock=lock)


def _is_found(snapshot: Snapshot, values: Mapping[str, Any]) -> bool:
    """Say whether a row needs no comparing by sound: it has no whole name, or leads to somebody as it is."""
    if not values.get("learner.given_name") or not values.get("learner.family_name"):
        return True
    bsn = values.get("learner.bsn")
    is_known = bsn is not None and snapshot.digest(bsn) in snapshot.by_bsn
    is_known = is_known or str(values.get("learner.number")) in snapshot.by_number
    return is_known or any(may_be_same(person.values, values) for person in snapshot.alike(values))


def _named(record: Record) -> NamedPerson:
    values = record.values
    born = values.get(_BORN)
    return NamedPerson(
        key=row_key(record.sheet, record.row),
        given_name=str(values["learner.given_name"]),
        family_name=str(values["learner.family_name"]),
        birth_date=born if isinstance(born, date) else None,
    )


def _possible_families(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of a name may be the surname, folded as names are sorted by: its last words, or its first."""
    parts = (values.get(f"learner.{part}") for part in ("given_name", "name_prefix", "family_name"))
    words = " ".join(fold(str(part)) for part in parts if part).split()[-_MOST_WORDS:]
    yield fold(str(values.get("learner.family_name") or ""))
    for at in range(len(words)):
        yield " ".join(words[at:])
        yield " ".join(words[: at + 1])


def _said(records: Sequence[Record], key: str) -> set[Any]:
    return {record.values[key] for record in records if key in record.values}


def _has_contact(records: Sequence[Record]) -> ColumnElement[bool]:
    return or_(
        among(Learner.phone, _said(records, "learner.phone")), among(Learner.email, _said(records, "learner.email"))
    )


def _opened(columns: list[Column[Any]], rows: Sequence[Any]) -> dict[tuple[str, int], Any]:
    """Open what is sealed in these rows, a statement for each column that is."""
    opened: dict[tuple[str, int], Any] = {}
    for column in columns:
        if isinstance(column.type, Sealed):
            texts = keys.unseal_values((row["id"], f"learner.{column.name}", row[column.name]) for row in rows)
            opened |= {(column.name, index): text for index, text in enumerate(texts)}
    return opened


def _index(snapshot: Snapshot, person: Person, digest: bytes | None) -> None:
    values = person.values
    snapshot.by_id[person.learner_id] = person
    snapshot.by_number[values["learner.number"]] = person
    if digest is not None:
        person.values["bsn_digest"] = bytes(digest)
        snapshot.by_bsn[bytes(digest)] = person
    snapshot.by_name[name_parts(values)].append(person)
    if values[_BORN] is not None:
        snapshot.by_birth[values[_BORN]].append(person)
    snapshot.names[person.learner_id] = f"{values['learner.number']} · {person.name}"


def name_key(values: dict[str, Any]) -> tuple[str, str]:
    """Return what of a name is compared: family name and given name, folded."""
    return fold(values.get("learner.family_name") or ""), fold(values.get("learner.given_name") or "")


def _read_entries(snapshot: Snapshot, ids: list[UUID]) -> None:
    if not ids:
        return
    for kind in ("trajectory", "enrolment", "level", "exam_result"):
        table = Base.metadata.tables[kind]
        rows = session.execute(select(table).where(among(table.c.learner_id, ids)).order_by(table.c.id)).mappings()
        for row in rows:
            snapshot.by_id[row["learner_id"]].of(kind).append(Entry(row["id"], is_new=False, values=dict(row)))
    marked = select(AttendanceMark.learner_id).where(among(AttendanceMark.learner_id, ids)).distinct()
    for learner_id in session.scalars(marked):
        snapshot.by_id[learner_id].has_marks = True


def _read_own(snapshot: Snapshot, ids: list[UUID]) -> None:
    """Read which values the learners changed themselves. What they told at the intake any later sheet may change."""
    if not ids:
        return
    own = select(FieldOrigin.learner_id, FieldOrigin.field, FieldOrigin.since_on).where(
        among(FieldOrigin.learner_id, ids),
        FieldOrigin.source == Source.LEARNER,
        FieldOrigin.channel.is_distinct_from(INTAKE),
    )
    for learner_id, key, since_on in session.execute(own):
        snapshot.by_id[learner_id].own[key] = since_on


def _read_names(snapshot: Snapshot) -> None:
    for named, found in (
        (select(LearnerGroup.id, LearnerGroup.name), snapshot.groups),
        (select(Course.id, Course.name), snapshot.courses),
        (select(Organisation.id, Organisation.name), snapshot.clients),
    ):
        for row in session.execute(named):
            found[fold(row.name)] = row.id
            snapshot.names[row.id] = row.name
    contacts = session.execute(select(ContactPerson.id, ContactPerson.organisation_id, ContactPerson.name))
    for key, organisation_id, name in contacts:
        if organisation_id is None:
            continue
        snapshot.contacts[organisation_id, fold(name)] = key
        snapshot.names[key] = name
