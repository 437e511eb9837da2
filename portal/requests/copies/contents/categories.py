"""What is held of somebody by category, as the policy tells it: why, on which basis, who may get it, how long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.core.personal_data import CATEGORIES, OWN_TABLE, PersonKind
from portal.learners.record.labels import CATEGORIES as CATEGORY_LABELS
from portal.learners.record.models import OWN_RECORD
from portal.policy.labels import BASES
from portal.policy.presenters import staff_term_of
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.policy.schema.statement import Staff
from portal.requests.copies.contents.assembly import CopiedCategory, CopiedRow, CopiedTable, CopiedValue
from portal.requests.copies.contents.rows import HeldRow, fields_held
from portal.requests.copies.contents.titles import own_title
from portal.requests.copies.contents.values import ValueTexts, field_label, raw, source_label, table_title

_ORIGIN = ("source", "channel", "since_on", "ground")
_STAFF_PARTS: Mapping[str, str] = {
    "access_review_role": "roles",
    "account_session": "activity",
    "coach_substitute": "work",
    "coaching": "work",
    "confidentiality_acceptance": "confidentiality",
    "copy_passage": "requests",
    "data_copy": "requests",
    "data_request": "requests",
    "group_teacher": "work",
    "lesson": "work",
    "membership": "roles",
    "request_advice": "requests",
    "request_answer": "requests",
}
"""Under what a table of theirs stands that isn't about signing in: keys of the policy's `staff.data`."""


def copied_categories(
    rows: Iterable[HeldRow], lang: str, kind: PersonKind = PersonKind.LEARNER
) -> list[CopiedCategory]:
    """Return rows by category, in the order of the policy; what it no longer names comes last.

    What is held of staff stands under what the policy says to them (`staff.data`), where it says anything.
    """
    held, policy = list(rows), current_policy()
    words, origins = ValueTexts(held, lang), _origins_of(held)
    tables: dict[str, dict[str, list[CopiedRow]]] = {}
    for row in _without_told(held):
        for key, copied in _by_category(row, words, origins, _Sorting(kind, policy)):
            tables.setdefault(key, {}).setdefault(row.table.name, []).append(copied)
    if kind is PersonKind.STAFF and policy.staff is not None:
        return _staff_categories(tables, policy, lang)
    order = [*(each.key for each in policy.categories), *(each for each in CATEGORIES if policy.category(each) is None)]
    return [_category(key, tables[key], policy, lang, kind) for key in order if key in tables]


def _category(
    key: str, tables: Mapping[str, list[CopiedRow]], policy: Policy, lang: str, kind: PersonKind
) -> CopiedCategory:
    found = policy.category(key)
    purposes = [policy.purpose(each) for each in found.purposes] if found is not None else []
    title_of = table_title if kind is PersonKind.LEARNER else own_title
    return CopiedCategory(
        key=key,
        title=str(found.title.in_language(lang) if found is not None else CATEGORY_LABELS[key]),
        why=str(found.why.in_language(lang)) if found is not None else "",
        purposes=[f"{each.title.in_language(lang)} ({BASES[each.basis]})" for each in purposes],
        recipients=[str(each.title.in_language(lang)) for each in policy.recipients_of(key)],
        term=str(policy.term(found.term).title.in_language(lang)) if found is not None else "",
        tables=[CopiedTable(name=name, title=title_of(name), rows=rows) for name, rows in tables.items()],
    )


def _staff_categories(
    tables: Mapping[str, Mapping[str, list[CopiedRow]]], policy: Policy, lang: str
) -> list[CopiedCategory]:
    """Return what is held of somebody who works here, in the order in which the policy tells it."""
    return [
        CopiedCategory(
            key=each.key,
            title=str(each.title.in_language(lang)),
            why=str(each.why.in_language(lang)),
            purposes=[f"{BASES[each.basis]} ({each.law})" if each.law else str(BASES[each.basis])],
            recipients=[str(each.seen_by.in_language(lang))],
            term=staff_term_of(each, policy),
            tables=[
                CopiedTable(name=name, title=own_title(name), rows=rows)
                for name, rows in tables.get(each.key, {}).items()
            ],
        )
        for each in (policy.staff.data if policy.staff is not None else ())
        if each.key in tables
    ]


@dataclass(frozen=True)
class _Sorting:
    """Under what a row stands in a copy of somebody of this kind: her own row is split into one for each category."""

    kind: PersonKind
    policy: Policy

    def of_row(self, row: HeldRow) -> str:
        """Return the category of what a table is about: its first field that isn't a link or how it came in."""
        if self.kind is PersonKind.STAFF and self.policy.staff is not None:
            return _staff_part(row.table.name, self.policy.staff)
        fields = fields_held(row.table, self.kind)
        own = next((each for each in fields if each.category != "dealings"), fields[0])
        return self._of_field(own.key, own.category)

    def of_value(self, key: str, row: HeldRow) -> str:
        """Return the category of one value of a row."""
        if self.kind is PersonKind.STAFF or row.table.name != OWN_TABLE[self.kind]:
            return self.of_row(row)
        return self._of_field(key, next(each.category for each in fields_held(row.table, self.kind) if each.key == key))

    def _of_field(self, key: str, declared: str) -> str:
        held = self.policy.category_of(key)
        return held.key if held is not None else declared


def _staff_part(table: str, staff: Staff) -> str:
    """Return under what of `staff.data` a table of hers stands; under the first where a school names it otherwise."""
    wanted = _STAFF_PARTS.get(table, "account")
    return wanted if any(each.key == wanted for each in staff.data) else staff.data[0].key


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


def _by_category(
    row: HeldRow, words: ValueTexts, origins: Origins, sorting: _Sorting
) -> Iterable[tuple[str, CopiedRow]]:
    """Yield a row under its category; her own row is split into one for each."""
    parts: dict[str, list[CopiedValue]] = {}
    main = sorting.of_row(row)
    is_originated = "since_on" in row.values and row.table.name not in {"field_origin", "waiting_entry"}
    for column, value in (row.beside | row.values).items():
        key = f"{row.table.name}.{column}"
        if value is None or value == "" or (is_originated and column in _ORIGIN):
            continue
        text = words.value(row.table, column, value)
        origin, origin_text = _told_origin(origins.get((_entry_of(row), key)), words)
        own = sorting.of_value(key, row) if column in row.values else main
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
