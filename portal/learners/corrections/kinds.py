"""What a learner may ask to correct besides the fields of her own record: its entries, and those of features above."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import LazyString
from sqlalchemy import ColumnElement

from portal.core.http.access import Actor
from portal.core.ports import Port
from portal.learners.record.fields import FIELDS, RecordField
from portal.policy.schema import Policy


class ChangeEntry(Protocol):
    """Stores values of an entry by their fields, all at once, as they came in by this channel."""

    def __call__(self, row: Any, values: Sequence[tuple[RecordField, Any]], channel: str, by: Actor, /) -> None: ...


@dataclass(frozen=True)
class Correctable:
    """A kind of entry: the word in its address, its table, what one is called, and how fields of one are changed.

    `is_seen` says of a row whether the learner sees it; `name` tells one from the others, in words; `options` load
    with a row what its name is made of. `is_read_by` says in SQL whether somebody at the school reads an entry, where
    not everybody who sees the category does; None where she reads them all.
    """

    slug: str
    model: Any
    one: LazyString
    fields: tuple[RecordField, ...]
    change: ChangeEntry
    name: Callable[[Any], str] = lambda _row: ""
    is_seen: Callable[[Any], bool] = lambda _row: True
    options: tuple[Any, ...] = ()
    is_read_by: Callable[[Actor], ColumnElement[bool] | None] = lambda _by: None

    @property
    def table(self) -> str:
        """The name of its table."""
        return str(self.model.__tablename__)

    def kept(self, policy: Policy) -> list[RecordField]:
        """Return the fields of it that the school keeps."""
        return [field for field in self.fields if policy.allows(field.key)]

    def title(self, row: Any) -> str:
        """Return what an entry is called among the others, for instance "niveau: Lezen"."""
        name = self.name(row)
        return f"{self.one}: {name}" if name else str(self.one)


_by_table: dict[str, Correctable] = {}


def _index(kinds: tuple[Correctable, ...]) -> None:
    _by_table.clear()
    _by_table.update({kind.table: kind for kind in kinds})


CORRECTABLES: Port[Correctable] = Port("learners.correctables", on_connect=_index)


def kind_called(slug: str) -> Correctable | None:
    """Return the kind with this word in its address."""
    return next((kind for kind in CORRECTABLES.all if kind.slug == slug), None)


def kind_of(field: str) -> Correctable | None:
    """Return the kind of entry that a field (by key) is of; None for one of the learner's own row."""
    return _by_table.get(field.partition(".")[0])


def options_of(model: Any) -> tuple[Any, ...]:
    """Return what loads with the rows of a table that proposals are about."""
    kind = _by_table.get(str(model.__tablename__))
    return kind.options if kind is not None else ()


def find_field(key: str) -> RecordField | None:
    """Return a field of the record, or of an entry that may be corrected."""
    kind = kind_of(key)
    return next((field for field in kind.fields if field.key == key), None) if kind is not None else FIELDS.get(key)


def fields_known() -> list[RecordField]:
    """Return every field for which there can be a proposal."""
    return [*FIELDS.values(), *(each for kind in CORRECTABLES.all for each in kind.fields if each.key not in FIELDS)]
