"""A record as it is shown by category: each value in the reader's language, with where it came from and when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.learners.origins.queries import list_origins
from portal.learners.record.fields import FIELDS, RecordField, kept_fields
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.values import values_of
from portal.policy.queries import current_policy
from portal.policy.schema.categories import Category


class RepresentativeLine(Protocol):
    """Who acts or acted for a learner: why, until which day, and when it ended before that."""

    kind: Any
    name: Any
    ends_on: Any
    ended_at: Any


# Called with a learner's id; returns who acts or acted for her, those in force first.
REPRESENTATIVES: Port[Callable[[UUID, Scope], Sequence[RepresentativeLine]]] = Port("learners.representatives")


@dataclass(frozen=True)
class SummaryFact:
    """A line of the summary that opens a record; `url`, which may be "", leads to the page that says more.

    `is_name`: a browser's translation would spoil the text. `name` is whose name stands beside what is told about it.
    `picture` is a partial that draws it, from `figures`; the text may be empty then.
    """

    label: str
    text: str
    about: str
    url: str
    is_name: bool = False
    name: str = ""
    picture: str = ""
    figures: Any = None


# Called with a learner within reach and who asks; returns None where the school doesn't keep it or she doesn't see it.
SUMMARY_FACTS: Port[Callable[[UUID, Actor], SummaryFact | None]] = Port("learners.summary_facts")


def list_facts(learner_id: UUID, by: Actor) -> list[SummaryFact]:
    """Return what other rooms say of a learner in a line, as far as this person sees it: a statement each at most."""
    return [fact for fact in (find(learner_id, by) for find in SUMMARY_FACTS.all) if fact is not None]


class Reachable(NamedTuple):
    """By what a learner is called and written to, as far as the school keeps it and who looks sees it."""

    phone: str | None
    email: str | None


def reachable_by(learner: Learner, by: Actor) -> Reachable:
    """Return a learner's telephone number and address for who sees them."""
    policy = current_policy()
    kept = {
        column: getattr(learner, column)
        for column in ("phone", "email")
        if policy.allows(f"learner.{column}") and FIELDS[f"learner.{column}"].category in by.sees
    }
    return Reachable(kept.get("phone"), kept.get("email"))


@dataclass(frozen=True)
class FieldView:
    """A field as the record shows it."""

    field: RecordField
    text: str
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
        return not any(field.text for field in self.fields)


def list_categories(learner: Learner, by: Actor) -> list[CategoryView]:
    """Return the categories that the school keeps and this person sees, in the order of the policy."""
    policy = current_policy()
    fields = kept_fields(policy, categories=by.sees)
    views = views_of(learner, fields, list_origins(learner))
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
                text=field.show(values[field.key]),
                source=origin.source if origin else None,
                channel=origin.channel if origin else None,
                since_on=origin.since_on if origin else None,
                ground=origin.ground if origin else None,
            )
        )
    return found
