"""A copy as it is told: categories with their reasons, tables and rows, who looked, who got it, what is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.core.http.languages import _
from portal.core.personal_data import PersonKind
from portal.disclosures.models import Disclosure
from portal.policy.labels import RIGHTS, labels_in
from portal.policy.queries import current_policy
from portal.requests.copies.contents.log import Deed, Look
from portal.requests.copies.contents.signed import SignedRows
from portal.requests.copies.contents.titles import signed_title
from portal.requests.copies.contents.values import table_title
from portal.requests.copies.contents.withheld import withheld_parts


@dataclass(frozen=True, kw_only=True)
class CopiedValue:
    """A value: as it is stored (`raw`), in words, and from whom, how and since when the school has it."""

    key: str
    column: str
    label: str
    raw: Any
    text: str
    origin: dict[str, Any] | None = None
    origin_text: str = ""


@dataclass(frozen=True, kw_only=True)
class CopiedRow:
    """A row with its values; `origin` is where the whole of it comes from, where that is known."""

    id: UUID
    values: list[CopiedValue]
    origin: dict[str, Any] | None = None
    origin_text: str = ""

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return the values in words by column; "" for a column that the row says nothing in."""
        return defaultdict(str, {value.column: value.text for value in self.values})


@dataclass(frozen=True, kw_only=True)
class CopiedTable:
    """The rows of one table that a category has."""

    name: str
    title: str
    rows: list[CopiedRow]

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Return the columns in which a row says something in words, each with its label, in their order."""
        found = {value.column: value.label for row in self.rows for value in row.values if value.text}
        order = {value.column: at for row in self.rows for at, value in enumerate(row.values)}
        return sorted(found.items(), key=lambda each: order[each[0]])

    @property
    def has_origins(self) -> bool:
        """Say whether a row says where it comes from."""
        return any(row.origin_text for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class CopiedCategory:
    """A category: why it is kept and on which basis, who may get it, how long it stays, and what is held."""

    key: str
    title: str
    why: str
    purposes: list[str]
    recipients: list[str]
    term: str
    tables: list[CopiedTable]


@dataclass(frozen=True, kw_only=True)
class Given:
    """That her data went to somebody: when, to whom, why, what of it."""

    at: datetime | None
    to: str
    why: str
    fields: list[str]
    period: str


@dataclass(frozen=True, kw_only=True)
class Signed:
    """That she stands by name in rows about others: what they are, in which fields, and how many there are."""

    table: str
    title: str
    fields: list[str]
    rows: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All of a copy. `withheld` are fields that it doesn't give, each with the reason; `blacked_out` counts marks.

    `is_part`: categories of hers stay out, for her request isn't about them or the answer refuses them.

    `signed` and `deeds` are of who is no learner: where she stands by name, and what she saw and did.
    """

    school: str
    questions_email: str | None
    kind: PersonKind
    name: str
    number: str
    language: str
    made_at: datetime
    categories: list[CopiedCategory]
    looks: list[Look] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    withheld: list[tuple[str, str]] = field(default_factory=list)
    is_part: bool = False
    blacked_out: int = 0

    @property
    def is_of_learner(self) -> bool:
        """Say whether it is of a learner."""
        return self.kind is PersonKind.LEARNER

    @property
    def fields(self) -> list[str]:
        """Return the fields of which it holds something, each once."""
        return list(dict.fromkeys(key for _row_id, key in self._values()))

    @property
    def places(self) -> set[tuple[UUID, str]]:
        """Return of which rows it holds which fields."""
        return set(self._values())

    def _values(self) -> Iterator[tuple[UUID, str]]:
        for table in (table for category in self.categories for table in category.tables):
            yield from ((row.id, value.key) for row in table.rows for value in row.values)


def told_disclosures(disclosures: Iterable[Disclosure], lang: str) -> list[Given]:
    """Return what went to whom, in words."""
    policy = current_policy()
    titles = {each.key: str(each.title.in_language(lang)) for each in policy.recipients}
    purposes = {each.key: str(each.title.in_language(lang)) for each in policy.purposes}
    purposes = {**{key: str(label) for key, label in RIGHTS.items()}, **purposes}
    return [
        Given(
            at=each.first_downloaded_at,
            to=" · ".join(
                part
                for part in (titles.get(each.recipient, each.recipient), each.client.name if each.client else "")
                if part
            ),
            why=purposes.get(each.purpose, each.purpose),
            fields=[str(label) for label in labels_in(tuple(each.fields))],
            period=f"{each.starts_on.isoformat()} – {each.ends_on.isoformat()}",
        )
        for each in disclosures
    ]


def given_to_nobody() -> str:
    """Return what is said of files about who is no learner: none are made, but her name may stand in a learner's."""
    return _("Het portaal geeft geen bestanden over u aan anderen. Uw naam kan staan in een bestand over een cursist.")


def told_left_out(categories: Iterable[str], lang: str) -> list[tuple[str, str]]:
    """Return the categories that her request isn't about, or that the answer refuses, with where that stands."""
    policy = current_policy()
    named: dict[str, str] = {each.key: str(each.title.in_language(lang)) for each in policy.categories}
    why = _("Dit hoort niet bij uw verzoek, of u kreeg het niet. Waarom staat in het antwoord op uw verzoek.")
    return [(named[each] if each in named else table_title(each), why) for each in categories]


def told_withheld(kind: PersonKind = PersonKind.LEARNER) -> list[tuple[str, str]]:
    """Return what a copy doesn't give, in plain words, each reason once."""
    return [(str(each.what), str(each.why)) for each in withheld_parts(kind)]


def told_signed(rows: Iterable[SignedRows]) -> list[Signed]:
    """Return where she stands by name in rows about others, in words."""
    return [
        Signed(
            table=each.table,
            title=signed_title(each.table),
            fields=[f"{each.table}.{column}" for column in each.columns],
            rows=each.number,
        )
        for each in rows
    ]
