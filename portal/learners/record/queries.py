"""A record by category: each value in words, with where it came from and when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.core.ports import Port
from portal.learners.entries.kinds import EntryKind
from portal.learners.origins.queries import AnOrigin, list_origins, origins_of, values_of
from portal.learners.record.fields import RecordField, kept_fields
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.policy.queries import current_policy
from portal.policy.schema.categories import Category


class ActsForLearner(Protocol):
    """Who acts or acted for a learner: why, until which day, and when it ended before that."""

    kind: Any
    name: Any
    ends_on: Any
    ended_at: Any


# Called with a learner's id; returns who acts or acted for her, those in force first.
REPRESENTATIVES: Port[Callable[[UUID], Sequence[ActsForLearner]]] = Port("learners.representatives")


@dataclass(frozen=True)
class FieldView:
    """A field as the record shows it."""

    field: RecordField
    shown: str
    source: Source | None
    channel: str | None
    since_on: date | None
    ground: str | None

    @property
    def key(self) -> str:
        """The name by which the policy calls it."""
        return self.field.key

    @property
    def label(self) -> str:
        """What people call it."""
        return str(self.field.label)


@dataclass(frozen=True)
class CategoryView:
    """A category of the record, with those of its fields that the school keeps."""

    key: str
    title: str
    why: str
    fields: list[FieldView]
    may_change: bool

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is filled in."""
        return not any(field.shown for field in self.fields)


def list_categories(learner: Learner, by: Actor) -> list[CategoryView]:
    """Return the categories that the school keeps and this person sees, in the order of the policy."""
    policy = current_policy()
    fields = kept_fields(policy, categories=by.sees)
    views = views_of(learner, fields, list_origins(learner.id))
    changes = by.changes
    return [
        CategoryView(
            key=category.key,
            title=str(policy.text(category.title, language())),
            why=str(policy.text(category.why, language())),
            fields=views[category.key],
            may_change=category.key in changes,
        )
        for category in _with_fields(policy.categories, views)
    ]


def _with_fields(categories: Iterable[Category], views: Mapping[str, list[FieldView]]) -> Iterable[Category]:
    return (category for category in categories if category.key in views)


def views_of(
    learner: Learner, fields: list[RecordField], origins: Mapping[str, FieldOrigin]
) -> dict[str, list[FieldView]]:
    """Return these fields of a learner as they are shown, by category."""
    values = values_of(learner, fields)
    found: dict[str, list[FieldView]] = {}
    for field in fields:
        origin = origins.get(field.key)
        found.setdefault(field.category, []).append(
            FieldView(
                field=field,
                shown=field.show(values[field.key]),
                source=origin.source if origin else None,
                channel=origin.channel if origin else None,
                since_on=origin.since_on if origin else None,
                ground=origin.ground if origin else None,
            )
        )
    return found


class Origin(NamedTuple):
    """From whom, by which channel and since when the school has something (MN-02)."""

    source: Source
    channel: str | None
    since_on: date


def origin_of(row: Any) -> Origin:
    """Return the origin that an entry has, or that was noted of one value."""
    return Origin(row.source, row.channel, row.since_on)


@dataclass(frozen=True)
class EntryView:
    """An entry of the record in words: its fields with a value, where it came from, and what a form shows of it.

    `apart` has, by label, the origin of those values that were changed since the entry was made.
    """

    id: UUID
    values: Mapping[str, Any]
    lines: list[tuple[str, str]]
    origin: Origin
    apart: Mapping[str, Origin]
    statement_version_id: UUID | None = None
    statement_shown_at: datetime | None = None


def show_entries(
    kind: EntryKind, rows: Iterable[Any], names: Mapping[UUID, str], origins: Iterable[AnOrigin]
) -> list[EntryView]:
    """Return entries in words; `names` are those of the organisations and people that they may point to."""
    fields, noted = kind.fields(current_policy()), list(origins)
    views = []
    for row in rows:
        values, changed = values_of(row, fields), origins_of(noted, row.id)
        held = [field for field in fields if values[field.key] not in {None, "", False}]
        views.append(
            EntryView(
                id=row.id,
                values=values,
                lines=[(str(field.label), _in_words(field, values[field.key], names)) for field in held],
                origin=origin_of(row),
                apart={str(field.label): origin_of(changed[field.key]) for field in held if field.key in changed},
                statement_version_id=getattr(row, "statement_version_id", None),
                statement_shown_at=getattr(row, "statement_shown_at", None),
            )
        )
    return views


def _in_words(field: RecordField, value: Any, names: Mapping[UUID, str]) -> str:
    return names.get(value, "") if field.kind == "link" else field.show(value)
