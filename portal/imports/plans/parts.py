"""The parts of a plan: rows with what becomes of them, people with what they get, and entries under a person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from portal.imports.models import Outcome
from portal.imports.workbooks.records import Problem, Record, Skipped
from portal.learners.record.models import full_name_of

_PLURALS = {"enrolment": "enrolments", "trajectory": "trajectories", "level": "levels", "exam_result": "results"}


def name_in(values: Mapping[str, Any]) -> str:
    """Return the full name in these values, by field key."""
    given, prefix, family = (values.get(f"learner.{part}") for part in ("given_name", "name_prefix", "family_name"))
    return full_name_of(given, prefix, family)


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after; `about` is what of a result goes with it: its day, and from what it is known."""

    field: str
    old: object | None
    new: object | None
    about: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that stays because the learner put it there herself: since when, and what the sheet has instead."""

    field: str
    stays: object | None
    sheet: object | None
    since_on: date


@dataclass(slots=True)
class Entry:
    """A row under a learner (trajectory, enrolment, level, exam result): its values, and those that change."""

    id: UUID
    is_new: bool
    values: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)

    def change(self, name: str, value: Any) -> bool:
        """Set a value; returns whether it was another, and keeps what stood there in the database."""
        old = self.values.get(name)
        if old == value:
            return False
        if not self.is_new:
            self.before.setdefault(name, old)
        self.values[name] = value
        return True


@dataclass(slots=True)
class Person:
    """Somebody in the file: a learner of the school, or one to be added, with all her rows."""

    learner_id: UUID
    is_new: bool
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    rows: list["RowResult"] = field(default_factory=list)
    has_marks: bool = False
    own: dict[str, date] = field(default_factory=dict)
    """The fields that she changed herself, with the day: a sheet takes them over only where the office says so."""

    def of(self, kind: str) -> list[Entry]:
        """Return her entries of one kind."""
        return self.entries.setdefault(kind, [])

    @property
    def name(self) -> str:
        """How she is called."""
        return name_in(self.values)

    @property
    def is_touched(self) -> bool:
        """Say whether storing does anything to her."""
        if self.is_new:
            return any(row.outcome is not Outcome.REFUSED for row in self.rows)
        changed = any(entry.is_new or entry.before for kind in self.entries.values() for entry in kind)
        return bool(self.before) or changed


@dataclass(slots=True)
class RowResult:
    """A row with what becomes of it."""

    record: Record
    outcome: Outcome = Outcome.UNCHANGED
    person: Person | None = None
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    candidates: list[UUID] = field(default_factory=list)

    def refuse(self, problem: Problem) -> None:
        """Let the row be refused, for this reason among others."""
        self.outcome = Outcome.REFUSED
        self.problems.append(problem)


@dataclass
class Plan:
    """All rows in their order, the people they are about, and groups, courses and clients that must be made."""

    rows: list[RowResult]
    people: list[Person]
    new_groups: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    new_courses: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    new_clients: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    new_contacts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    """Rows and sheets that hold something and no learner."""

    def counts(self) -> dict[str, int]:
        """Count rows by what becomes of them, and what else would be made."""
        outcomes = Counter(row.outcome.value for row in self.rows)
        made: Counter[str] = Counter()
        for person in self.people:
            for kind, entries in person.entries.items():
                made[kind] += sum(entry.is_new for entry in entries)
        counts = {outcome.value: outcomes[outcome.value] for outcome in Outcome}
        counts |= {"groups": len(self.new_groups), "courses": len(self.new_courses), "clients": len(self.new_clients)}
        counts["rows_kept"] = sum(bool(row.kept) for row in self.rows)
        counts["rows_noted"] = sum(bool(row.notes) for row in self.rows)
        counts["skipped"] = len(self.skipped)
        counts["values_kept"] = sum(len(row.kept) for row in self.rows)
        return counts | {plural: made[kind] for kind, plural in _PLURALS.items()}
