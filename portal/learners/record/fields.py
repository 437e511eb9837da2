"""The fields of a record, made from what the columns declare: label, kind of input, choices, category, how it is read
and shown. Forms, the record, the learner's own page, imports and files share this table.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from flask_babel import LazyString, format_date, format_decimal
from sqlalchemy import Column, Enum

from portal.core import values as v
from portal.core.clock import local
from portal.core.db.base import Base
from portal.core.errors import Invalid
from portal.core.http.languages import LANGUAGES, _, country_name, written
from portal.core.personal_data import Category, PersonKind, fields_of
from portal.learners.record.labels import CHOICES, LABELS, LANGUAGE_NAMES, USUAL
from portal.learners.record.models import Learner
from portal.policy.schema import Policy

_INPUTS: dict[str, str] = {
    "birth_date": "past_date", "arrived_on": "past_date", "document_valid_until": "date", "bsn": "bsn",
    "phone": "phone", "phone_other": "phone", "email": "email", "postcode": "postcode",
    "preferred_language": "language", "iban": "iban", "kvk_number": "kvk", "diplomas": "long", "competences": "long",
    "work_experience": "long", "care_duties": "long", "circumstances": "long", "conditions": "long",
    "special_notes": "long", "number": "number", "house_number": "number", "document_number": "number",
}  # fmt: skip
_MOST_LONG = 4000
_LONGEST_NAME = 160
ChoiceLabels = Mapping[StrEnum, LazyString]

_PARSERS: dict[str, Callable[[str], Any]] = {
    "text": v.tidy, "long": v.tidy_lines, "date": v.parse_date, "past_date": v.parse_past_date, "bsn": v.parse_bsn,
    "phone": v.parse_phone, "email": v.parse_email, "postcode": v.parse_postcode, "iban": v.parse_iban,
    "kvk": v.parse_kvk, "moment": v.parse_moment, "money": v.parse_money, "hours": v.parse_hours,
    "whole": v.parse_whole, "number": v.tidy_number, "link": v.tidy,
}  # fmt: skip


@dataclass(frozen=True)
class RecordField:
    """A field of the record: `key` is the name by which the policy calls it (`table.column`).

    `choices` are the labels of what it may say, where its kind is "choice"; `offers` tells which of them can be chosen
    now, where that isn't all of them.
    """

    key: str
    label: LazyString = field(compare=False)
    category: Category
    kind: str
    sealed: bool
    is_required: bool
    most: int
    choices: ChoiceLabels = field(default_factory=dict, compare=False)
    offers: Callable[[], Collection[StrEnum]] | None = field(default=None, compare=False)

    @property
    def offered(self) -> ChoiceLabels:
        """What can be chosen now, with the labels."""
        if self.offers is None:
            return self.choices
        offered = self.offers()
        return {choice: label for choice, label in self.choices.items() if choice in offered}

    @cached_property
    def table(self) -> str:
        """The table that holds it."""
        return self.key.partition(".")[0]

    @cached_property
    def column(self) -> str:
        """The column that holds it."""
        return self.key.partition(".")[2]

    @property
    def is_secret(self) -> bool:
        """Say whether it is masked on screen until somebody shows it deliberately."""
        return self.kind in {"bsn", "iban"}

    @property
    def is_verbatim(self) -> bool:
        """Say whether it holds a name, a number or an address, which a browser's translation would spoil."""
        return self.kind not in _TRANSLATABLE

    @property
    def is_free_text(self) -> bool:
        """Say whether it holds sentences, in which somebody else may be named: more than a name or a place has."""
        return self.kind == "long" or (self.kind == "text" and self.most > _LONGEST_NAME)

    def clean(self, value: Any) -> Any:
        """Return a value as it is stored, of what was typed or of a value that has its type already; None for empty.

        Raises Invalid with the field's key.
        """
        if isinstance(value, str) and not isinstance(value, StrEnum):
            value = value.strip() or None
        if value is None:
            if self.is_required:
                raise Invalid(self.key, "required")
            return None
        try:
            cleaned = self._parsed(value)
        except v.Unusable as unusable:
            raise Invalid(self.key, unusable.code) from None
        if isinstance(cleaned, str) and len(cleaned) > self.most:
            raise Invalid(self.key, "too_long", most=self.most)
        return cleaned

    def _parsed(self, value: Any) -> Any:
        if isinstance(value, StrEnum) or not isinstance(value, str):
            if self.kind == "past_date" and isinstance(value, date):
                return v.parse_past_date(value.isoformat())
            return value
        if self.kind == "choice":
            return v.parse_choice(self.choices)(value)
        if self.kind == "language":
            if value not in LANGUAGE_NAMES and value not in LANGUAGES:
                raise v.Unusable("choice_unknown")
            return value
        if self.kind == "yes_no":
            return value in {"ja", "1", "y", "true", "on"}
        return _PARSERS[self.kind](value)

    def read(self, text: str | None) -> Any:
        """Return the value of a text that `as_text` made."""
        if text is None or text == "":
            return None
        if self.kind in {"date", "past_date"}:
            return date.fromisoformat(text)
        if self.kind == "moment":
            return datetime.fromisoformat(text)
        return int(text) if self.kind in {"money", "hours", "whole"} else self._parsed(text)

    def show(self, value: Any) -> str:
        """Return a value in words, in the reader's language; "" for none. A BSN or IBAN is masked."""
        if value is None or value == "":
            return ""
        if self.is_secret:
            return masked(str(value))
        if self.kind == "choice":
            return str(self.choices[value])
        if self.kind == "text":
            return self._told(str(value))
        return _SHOWN.get(self.kind, _as_it_stands)(value)

    def _told(self, value: str) -> str:
        """Return what was written in the reader's language, where it is a country or what schools usually write."""
        if self.column in {"country", "birth_country"}:
            return country_name(value)
        return str(USUAL.get(self.column, {}).get(value.lower(), value))

    def typed(self, value: Any) -> str:
        """Return a value as one would type it, to fill a form with."""
        if value is None:
            return ""
        if self.kind in {"date", "past_date"}:
            return f"{value.day}-{value.month}-{value.year}"
        if self.kind == "moment":
            return f"{local(value):%Y-%m-%dT%H:%M}"
        if self.kind in {"phone", "money", "hours"}:
            return _TYPED[self.kind](value)
        return as_text(value) or ""


_TRANSLATABLE = frozenset({"choice", "language", "yes_no", "date", "past_date", "moment", "hours", "long"})


def masked(value: str) -> str:
    """Return a number with all but its last three signs hidden."""
    return "•" * (len(value) - 3) + value[-3:]


def as_text(value: Any) -> str | None:
    """Return a value as plain text, the same in every language: what is sealed in proposals and in the audit."""
    if value is None:
        return None
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "ja" if value is True else "nee" if value is False else str(value)


def _money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes % 60 else str(minutes // 60)


_TYPED: dict[str, Callable[[Any], str]] = {"phone": v.show_phone, "money": _money, "hours": _hours}


def _as_it_stands(value: Any) -> str:
    return str(value)


def _show_moment(value: datetime) -> str:
    at = local(value)
    return f"{format_date(at.date(), 'long')} {at:%H:%M}"


_SHOWN: dict[str, Callable[[Any], str]] = {
    "language": lambda value: str(LANGUAGE_NAMES.get(value) or LANGUAGES.get(value, value)),
    "date": lambda value: written("date", value),
    "past_date": lambda value: written("date", value),
    "moment": _show_moment,
    "phone": v.show_phone,
    "money": lambda value: "€ " + str(format_decimal(value / 100, "#,##0.00")),
    "hours": lambda value: _("%(hours)s uur", hours=_hours(value)),
    "yes_no": lambda value: _("ja") if value else _("nee"),
}


def _kind_of(column: Column[Any]) -> str:
    if isinstance(column.type, Enum):
        return "choice"
    python = column.type.python_type
    return {date: "date", datetime: "moment", bool: "yes_no", int: "whole"}.get(python, "text")


def fields_in(
    model: type[Base],
    labels: Mapping[str, LazyString],
    *,
    inputs: Mapping[str, str] | None = None,
    choices: Mapping[str, ChoiceLabels] | None = None,
    offers: Mapping[str, Callable[[], Collection[StrEnum]]] | None = None,
) -> Iterator[RecordField]:
    """Yield the fields of a table that people fill in, in the order of its columns: those that `labels` names.

    By column: `labels` is what each is called, `inputs` its kind where the column's type doesn't say (`_PARSERS`),
    `choices` the labels of what can be chosen, `offers` which of them can be chosen now.
    """
    table = Base.metadata.tables[model.__tablename__]
    for each in fields_of(table, PersonKind.LEARNER):
        column = table.columns[each.column]
        if each.column not in labels:
            continue
        kind = (inputs or {}).get(each.column) or _kind_of(column)
        yield RecordField(
            key=each.key,
            label=labels[each.column],
            category=each.category,
            kind=kind,
            sealed=each.sealed,
            is_required=not column.nullable and kind != "yes_no" and column.default is None,
            most=getattr(column.type, "length", None) or _MOST_LONG,
            choices=(choices or {}).get(each.column, {}),
            offers=(offers or {}).get(each.column),
        )


LEARNER_FIELDS: tuple[RecordField, ...] = tuple(
    # The number is the school's: left empty, the next one is taken.
    replace(each, is_required=False) if each.column == "number" else each
    for each in fields_in(Learner, LABELS, inputs=_INPUTS, choices=CHOICES)
)
FIELDS: dict[str, RecordField] = {each.key: each for each in LEARNER_FIELDS}
"""Every field of the record by its key: those of a learner's own row, and those of the entries under her."""


def kept_fields(policy: Policy, categories: frozenset[str] | None = None) -> list[RecordField]:
    """Return the fields of a learner's own row that the school keeps, of these categories where they are given."""
    return [
        each
        for each in LEARNER_FIELDS
        if policy.allows(each.key) and (categories is None or each.category in categories)
    ]
