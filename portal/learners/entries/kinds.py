"""The kinds of entries that staff add under a learner, from which pages, forms and services are made.

A feature declares its own kinds in its `entries.py`; `portal/ports.py` lists them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import LazyString

from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.learners.record.fields import FIELDS, LEARNER_FIELDS, RecordField
from portal.policy.schema import Policy


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry: its table, the word in its address, its names, its fields.

    `order` is the column that puts the newest first, `period` the columns of its first and its last day where it has
    both. `mentions_statement`: the privacy statement is pointed out when one is made (LB-01).
    `withheld` returns the entries that who has an account reads nowhere.
    """

    model: Any
    slug: str
    title: LazyString
    one: LazyString
    none: LazyString
    order: str
    all_fields: tuple[RecordField, ...]
    period: tuple[str, str] | None = None
    mentions_statement: bool = False
    withheld: Callable[[Scope], frozenset[UUID]] | None = None

    @property
    def name(self) -> str:
        """The name of its table."""
        return str(self.model.__tablename__)

    @property
    def category(self) -> str:
        """The category of its fields."""
        return self.all_fields[0].category

    def fields(self, policy: Policy) -> list[RecordField]:
        """Return the fields of it that the school keeps."""
        return [field for field in self.all_fields if policy.allows(field.key)]

    def is_kept(self, policy: Policy) -> bool:
        """Say whether the school keeps such entries: at least what one can't do without."""
        return all(policy.allows(field.key) for field in self.all_fields if field.is_required)


KINDS: dict[str, EntryKind] = {}
"""The kinds of entries by the word in their addresses, in the order in which a record shows them."""


def _index(kinds: tuple[EntryKind, ...]) -> None:
    KINDS.clear()
    KINDS.update({kind.slug: kind for kind in kinds})
    FIELDS.clear()
    for fields in (LEARNER_FIELDS, *(kind.all_fields for kind in kinds)):
        FIELDS.update({field.key: field for field in fields})


ENTRY_KINDS: Port[EntryKind] = Port("learners.entry_kinds", on_connect=_index)


def kinds_seen(policy: Policy, by: Actor) -> list[EntryKind]:
    """Return the kinds of entries that the school keeps and this person may see."""
    return [kind for kind in ENTRY_KINDS.all if kind.category in by.sees and kind.is_kept(policy)]


def list_withheld(scope: Scope) -> frozenset[UUID]:
    """Return the entries, of whatever kind, that who has this account reads nowhere: complaints about her (LB-14)."""
    return frozenset().union(*(kind.withheld(scope) for kind in ENTRY_KINDS.all if kind.withheld is not None))
