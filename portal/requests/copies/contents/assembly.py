"""A copy as it is told: categories with their reasons, tables and rows, who looked, who got it, what is left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.core.http.languages import _
from portal.core.personal_data import CATEGORIES
from portal.disclosures.models import Disclosure
from portal.learners.record.labels import CATEGORIES as CATEGORY_LABELS
from portal.learners.record.models import OWN_RECORD
from portal.policy.labels import BASES, RIGHTS, labels_in
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.requests.copies.contents.log import Look
from portal.requests.copies.contents.rows import HeldRow, fields_held
from portal.requests.copies.contents.values import ValueTexts, field_label, raw, source_label, table_title
from portal.requests.copies.contents.withheld import WITHHELD

_ORIGIN = ("source", "channel", "since_on", "ground")


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
class Contents:
    """All of a copy. `withheld` are fields that it doesn't give, each with the reason; `blacked_out` counts marks."""

    school: str
    questions_email: str | None
    name: str
    number: str
    language: str
    made_at: datetime
    categories: list[CopiedCategory]
    looks: list[Look] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    withheld: list[tuple[str, str]] = field(default_factory=list)
    blacked_out: int = 0

    @property
    def fields(self) -> list[str]:
        """Return the fields of which it holds something, each once."""
        tables = (table for category in self.categories for table in category.tables)
        return list(dict.fromkeys(value.key for table in tables for row in table.rows for value in row.values))


def copied_categories(rows: Iterable[HeldRow], lang: str) -> list[CopiedCategory]:
    """Return rows by category, in the order of the policy; what it no longer names comes last."""
    held, policy = list(rows), current_policy()
    words, origins = ValueTexts(held, lang), _origins_of(held)
    tables: dict[str, dict[str, list[CopiedRow]]] = {}
    for row in _without_told(held):
        for key, copied in _by_category(row, words, origins, policy):
            tables.setdefault(key, {}).setdefault(row.table.name, []).append(copied)
    order = [*(each.key for each in policy.categories), *(each for each in CATEGORIES if policy.category(each) is None)]
    return [_category(key, tables[key], policy, lang) for key in order if key in tables]


def _category(key: str, tables: Mapping[str, list[CopiedRow]], policy: Policy, lang: str) -> CopiedCategory:
    found = policy.category(key)
    purposes = [policy.purpose(each) for each in found.purposes] if found is not None else []
    return CopiedCategory(
        key=key,
        title=str(found.title.in_language(lang) if found is not None else CATEGORY_LABELS[key]),
        why=str(found.why.in_language(lang)) if found is not None else "",
        purposes=[f"{each.title.in_language(lang)} ({BASES[each.basis]})" for each in purposes],
        recipients=[str(each.title.in_language(lang)) for each in policy.recipients_of(key)],
        term=str(policy.term(found.term).title.in_language(lang)) if found is not None else "",
        tables=[CopiedTable(name=name, title=table_title(name), rows=rows) for name, rows in tables.items()],
    )


Origins = Mapping[tuple[UUID, str], HeldRow]


def _origins_of(rows: Iterable[HeldRow]) -> Origins:
    return {(row.beside["entry_id"], row.beside["field"]): row for row in rows if row.table.name == "field_origin"}


def _without_told(rows: Sequence[HeldRow]) -> Iterable[HeldRow]:
    """Yield the rows but for origins that stand beside the value they are about."""
    held = {(_entry_of(row), f"{row.table.name}.{column}") for row in rows for column in row.values}
    for row in rows:
        if row.table.name != "field_origin" or (row.beside["entry_id"], row.beside["field"]) not in held:
            yield row


def _entry_of(row: HeldRow) -> UUID:
    return OWN_RECORD if row.table.name == "learner" else row.id


def _by_category(row: HeldRow, words: ValueTexts, origins: Origins, policy: Policy) -> Iterable[tuple[str, CopiedRow]]:
    """Yield a row under its category; her own row is split into one for each."""
    parts: dict[str, list[CopiedValue]] = {}
    main = _main_category(row, policy)
    is_originated = "since_on" in row.values and row.table.name not in {"field_origin", "waiting_entry"}
    for column, value in (row.beside | row.values).items():
        key = f"{row.table.name}.{column}"
        if value is None or value == "" or (is_originated and column in _ORIGIN):
            continue
        text = words.value(row.table, column, value)
        origin, origin_text = _told_origin(origins.get((_entry_of(row), key)), words)
        own = _category_of(key, row, policy) if row.table.name == "learner" else main
        parts.setdefault(own, []).append(
            CopiedValue(
                key=key, column=column, label=field_label(key), raw=raw(value), text=text, origin=origin,
                origin_text=origin_text,
            )
        )  # fmt: skip
    origin, origin_text = _told_origin(row, words) if is_originated else (None, "")
    for category, values in parts.items():
        yield category, CopiedRow(id=row.id, values=values, origin=origin, origin_text=origin_text)


def _told_origin(row: HeldRow | None, words: ValueTexts) -> tuple[dict[str, Any] | None, str]:
    """Return from whom, how and since when, as it is stored and in words."""
    if row is None:
        return None, ""
    said = {name: row.values[name] for name in _ORIGIN if row.values.get(name) is not None}
    parts = [source_label(said["source"])] if "source" in said else []
    parts += [words.value(row.table, name, said[name]) for name in ("channel", "since_on", "ground") if name in said]
    return {name: raw(value) for name, value in said.items()}, ", ".join(parts)


def _main_category(row: HeldRow, policy: Policy) -> str:
    """Return the category of what a table is about: that of its first field that isn't a link or how it came in."""
    fields = fields_held(row.table)
    own = next((each for each in fields if each.category != "dealings"), fields[0])
    held = policy.category_of(own.key)
    return held.key if held is not None else own.category


def _category_of(key: str, row: HeldRow, policy: Policy) -> str:
    held = policy.category_of(key)
    return held.key if held is not None else next(each.category for each in fields_held(row.table) if each.key == key)


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


def told_left_out(categories: Iterable[str], lang: str) -> list[tuple[str, str]]:
    """Return the categories that her request isn't about, or that the answer refuses, with where that stands."""
    policy = current_policy()
    named: dict[str, str] = {each.key: str(each.title.in_language(lang)) for each in policy.categories}
    why = _("Dit hoort niet bij uw verzoek, of u kreeg het niet. Waarom staat in het antwoord op uw verzoek.")
    return [(named[each] if each in named else table_title(each), why) for each in categories]


def told_withheld() -> list[tuple[str, str]]:
    """Return what a copy doesn't give, each reason once with the fields it holds for."""
    fields: dict[str, list[str]] = {}
    for key, reason in WITHHELD.items():
        fields.setdefault(str(reason), []).append(f"{table_title(key.partition('.')[0])} ({key.partition('.')[2]})")
    return [(", ".join(dict.fromkeys(names)), reason) for reason, names in fields.items()]
