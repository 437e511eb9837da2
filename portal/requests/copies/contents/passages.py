"""Passages that somebody decides on before a copy is given, and blacking them out: found in the rows each time anew."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from portal.core.audit.queries import Entry
from portal.core.crypto import keys
from portal.learners.names_in_texts.matches import Found, OtherPeople
from portal.requests.copies.contents.answers import change_answers
from portal.requests.copies.contents.other_people import BLACK, sentence_of
from portal.requests.copies.contents.rows import HeldRow
from portal.requests.copies.contents.withheld import STRUCTURED
from portal.requests.copies.models import PassageKind

LOGGED = "audit_event.sealed"
_BODY = "body"


class Place(NamedTuple):
    """Where a passage stands and what it is: a field, a row, a keyed digest."""

    field: str
    row_id: UUID
    digest: bytes


class Passage(NamedTuple):
    """A passage with its sentence: what comes before it, the passage itself, what comes after."""

    kind: PassageKind
    place: Place
    lead: str
    text: str
    rest: str


def find_passages(rows: Iterable[HeldRow], entries: Iterable[Entry], people: OtherPeople) -> list[Passage]:
    """Return the passages of these rows, and of the values before and after in the log; each once a row."""
    found: dict[Place, Passage] = {}
    for field, row_id, text in _texts(rows, entries):
        for each in people.find(text):
            place = Place(field, row_id, each.digest)
            found.setdefault(place, Passage(PassageKind.NAME, place, *sentence_of(text, each)))
    for row in rows:
        if row.is_hidden and row.values.get(_BODY):
            place = _hidden_place(row)
            found.setdefault(place, Passage(PassageKind.HIDDEN, place, "", str(row.values[_BODY]), ""))
    return list(found.values())


def _hidden_place(row: HeldRow) -> Place:
    return Place(f"{row.table.name}.{_BODY}", row.id, keys.digest("hidden", "copy_passage"))


def _texts(rows: Iterable[HeldRow], entries: Iterable[Entry]) -> Iterator[tuple[str, UUID, str]]:
    for row in rows:
        for column, text in row.texts():
            yield f"{row.table.name}.{column}", row.id, text
    for entry in entries:
        for key, pair in (entry.changes or {}).items():
            for value in pair:
                if isinstance(value, str) and key not in STRUCTURED:
                    yield LOGGED, entry.id, value


class Blackening:
    """Puts a mark in the place of what is to be black, and counts how often."""

    def __init__(self, people: OtherPeople, black: Collection[Place]) -> None:
        self._people = people
        self._black = frozenset(black)
        self.count = 0

    def rows(self, rows: Iterable[HeldRow]) -> list[HeldRow]:
        """Return rows with the marks in their texts."""
        return [self._row(row) for row in rows] if self._black else list(rows)

    def entries(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return entries of the log with the marks in the values before and after."""
        if not self._black:
            return list(entries)
        return [
            replace(entry, changes=self._changes(entry, entry.changes)) if entry.changes else entry for entry in entries
        ]

    def _row(self, row: HeldRow) -> HeldRow:
        texts = {column: self._value(row, column) for column in dict(row.texts())}
        if row.is_hidden and row.values.get(_BODY) and _hidden_place(row) in self._black:
            texts[_BODY] = BLACK
            self.count += 1
        changed = {column: text for column, text in texts.items() if text != row.values[column]}
        return replace(row, values={**row.values, **changed}) if changed else row

    def _value(self, row: HeldRow, column: str) -> Any:
        """Return a free text with its marks; where it is answers, each of them."""
        value, black = row.values[column], partial(self._text, f"{row.table.name}.{column}", row.id)
        return black(value) if isinstance(value, str) else change_answers(value, black)

    def _changes(self, entry: Entry, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
        return {
            key: pair if key in STRUCTURED else (self._logged(entry, pair[0]), self._logged(entry, pair[1]))
            for key, pair in changes.items()
        }

    def _logged(self, entry: Entry, value: Any) -> Any:
        return self._text(LOGGED, entry.id, value) if isinstance(value, str) else value

    def _text(self, field: str, row_id: UUID, text: str) -> str:
        found = [each for each in self._people.find(text) if Place(field, row_id, each.digest) in self._black]
        self.count += len(found)
        return _with_marks(text, found)


def _with_marks(text: str, found: list[Found]) -> str:
    for each in reversed(found):
        text = text[: each.start] + BLACK + text[each.end :]
    return text
