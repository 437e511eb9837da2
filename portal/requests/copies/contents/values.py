"""The values of a copy in words, in the language of who reads it: codes by their label, links by what they point to."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask_babel import LazyString
from sqlalchemy import Column, Table, select

from portal.accounts.models import Account
from portal.core.clock import local
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.http.languages import _, country_name, written
from portal.courses.models import Course, LearnerGroup, Lesson
from portal.learners.record.fields import FIELDS, RecordField
from portal.learners.record.labels import CHANNELS, LANGUAGE_NAMES
from portal.organisations.models import ContactPerson, Organisation
from portal.policy.labels import TABLES as POLICY_TABLES
from portal.policy.labels import label_of
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.progress.can_do.models import CanDoStatement
from portal.requests.copies.contents.answers import written_out
from portal.requests.copies.contents.codes import codes_of
from portal.requests.copies.contents.labels import FIELD_LABELS, TABLES, column_label
from portal.requests.copies.contents.rows import HeldRow

_NAMED: Mapping[str, Any] = {
    "account": Account.name,
    "organisation": Organisation.name,
    "contact_person": ContactPerson.name,
    "course": Course.name,
    "learner_group": LearnerGroup.name,
    "can_do_statement": CanDoStatement.text,
}

_KEYS = frozenset({"categories", "categories_left_out", "subject", "field", "fields"})


class ValueTexts:
    """What values are called; made once for a copy, of which it looks up what the rows point to."""

    def __init__(self, rows: Iterable[HeldRow], lang: str) -> None:
        self._lang = lang
        self._policy: Policy = current_policy()
        self._names = _names_of(rows)

    def value(self, table: Table, column: str, value: Any) -> str:
        """Return a value in words; "" for none and for an id that nothing has a name for."""
        if value is None or value == "":
            return ""
        codes = codes_of(f"{table.name}.{column}")
        if codes is not None:
            return str(codes.get(value, _plain(value)))
        if isinstance(value, UUID):
            return self._names.get(value, "")
        answered = written_out(value)
        if answered is not None:
            return answered
        field = FIELDS.get(f"{table.name}.{column}")
        if field is not None and not isinstance(value, datetime):
            return self._of_record(field, value)
        return self._of_kind(column, value)

    def _of_record(self, field: RecordField, value: Any) -> str:
        if field.is_secret:
            return str(value)
        if field.kind == "text" and field.column in {"country", "birth_country"}:
            return country_name(str(value))
        return field.show(value)

    def _of_kind(self, column: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("ja") if value else _("nee")
        if column == "channel":
            return str(CHANNELS.get(value, value))
        if column == "source":
            return source_label(value)
        if column == "language":
            return str(LANGUAGE_NAMES.get(value, value))
        if column in {"purpose", "purposes"}:
            return ", ".join(self.purpose(each) for each in (value if isinstance(value, list) else [value]))
        if column in _KEYS:
            return self._keys(value)
        return _plain(value)

    def _keys(self, value: Any) -> str:
        """Return categories and fields by their names; anything else as it stands."""
        found = value if isinstance(value, list) else [value]
        return ", ".join(self._key(str(each)) for each in found)

    def _key(self, key: str) -> str:
        category = self._policy.category(key)
        if category is not None:
            return str(category.title.in_language(self._lang))
        return field_label(key) if "." in key else key

    def purpose(self, key: str) -> str:
        """Return what a purpose of the policy is called; its key for one of an older version."""
        found = next((each for each in self._policy.purposes if each.key == key), None)
        return str(found.title.in_language(self._lang)) if found is not None else key


def source_label(value: Any) -> str:
    """Return from whom something is, said to the learner."""
    said = {"learner": _("uzelf"), "school": _("uw school"), "referrer": _("wie u aanmeldde")}
    return said.get(str(getattr(value, "value", value)), _plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value)


def _moment(value: datetime) -> str:
    return f"{_day(local(value).date())} {local(value):%H:%M}"


def _day(value: date) -> str:
    return written("date", value)


def field_label(key: str) -> str:
    """Return what a field (`table.column`) is called: as on the forms of the record, as in the policy, or its own."""
    table, __, column = key.partition(".")
    if key in FIELDS or key in FIELD_LABELS:
        return str(FIELDS[key].label if key in FIELDS else FIELD_LABELS[key])
    label: LazyString | str = column_label(column)
    if label != column or table not in POLICY_TABLES:
        return str(label)
    return str(label_of(key))


def table_title(name: str) -> str:
    """Return what a table is called."""
    title = str(TABLES[name] if name in TABLES else POLICY_TABLES.get(name, name))
    return title[:1].upper() + title[1:]


def raw(value: Any) -> Any:
    """Return a value as JSON holds it: dates and moments by ISO 8601, codes as they are stored."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [raw(each) for each in value]
    return None if isinstance(value, bytes | memoryview) else value


def _names_of(rows: Iterable[HeldRow]) -> dict[UUID, str]:
    """Return the names of all that the rows point to, in a statement a table."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        for column, value in (row.beside | row.values).items():
            target = _target(row.table.columns[column])
            if isinstance(value, UUID) and target is not None:
                wanted.setdefault(target, set()).add(value)
    names: dict[UUID, str] = {}
    for target, ids in wanted.items():
        names.update(_lessons(ids) if target == "lesson" else _named(target, ids))
    return names


@lru_cache(maxsize=1024)
def _target(column: Column[Any]) -> str | None:
    found = column.info.get("references")
    if found is None and column.name == "account_id":
        return "account"
    return found if found in _NAMED or found == "lesson" else None


def _named(target: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    table, name = Base.metadata.tables[target], _NAMED[target]
    of = (table.columns["school_id"] == current_school_id(), table.columns["id"].in_(ids))
    return {row[0]: row[1] for row in read(select(table.columns["id"], name).where(*of))}


def _lessons(ids: Iterable[UUID]) -> dict[UUID, str]:
    statement = (
        select(Lesson.id, Lesson.held_on, Lesson.starts_at, LearnerGroup.name)
        .join(LearnerGroup, (LearnerGroup.school_id == Lesson.school_id) & (LearnerGroup.id == Lesson.group_id))
        .where(Lesson.school_id == current_school_id(), Lesson.id.in_(ids))
    )
    return {row.id: f"{_day(row.held_on)} {row.starts_at:%H:%M} {row.name}" for row in read(statement)}
