"""What a list of results would do: whose each row is, which results are new, and which contradict what stands there.

Worked out in memory from the rows and a snapshot of whom the starter of the import reaches: whoever she doesn't reach
is not in it, so that she looks the same as somebody whom the school doesn't know. No learner is ever made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.db.base import new_id
from portal.core.http.access import Actor
from portal.imports.models import Outcome
from portal.imports.plans.likeness import is_named_otherwise, name_parts
from portal.imports.plans.parts import Change, Entry, Person, Plan, RowResult
from portal.imports.plans.rules import row_key
from portal.imports.plans.snapshot import Snapshot
from portal.imports.results.choices import DIFFERS, KEEP, REPLACE, decision_key
from portal.imports.results.findings import Finding, Reader
from portal.imports.results.labels import as_code
from portal.imports.workbooks.records import Problem, Record
from portal.progress.models import Outcome as ExamOutcome

_FEATURES = {"level": "levels", "exam_result": "exams"}
_BORN = "learner.birth_date"


@dataclass(frozen=True)
class ResultRules:
    """Who brings the list and when, the group it is of (its members), what the school keeps, and what was decided."""

    by: Actor
    moment: datetime
    kept: frozenset[str]
    members: frozenset[UUID] = frozenset()
    decisions: Mapping[str, str] = field(default_factory=dict)


def make_results_plan(
    records: Sequence[Record], snapshot: Snapshot, rules: ResultRules, *, readers: Mapping[str, Reader]
) -> Plan:
    """Return what these records would do; `readers` are those of their sheets. Changes the snapshot's people."""
    matching = _Matching(snapshot, rules)
    plan = Plan(rows=[], people=[], names=snapshot.names)
    seen: dict[UUID, dict[tuple[Any, ...], tuple[int, Finding]]] = {}
    people: dict[UUID, Person] = {}
    for record in records:
        reader = readers[record.sheet]
        findings = reader.findings(record)
        row = RowResult(record, notes=list(record.notes))
        for problem in record.problems:
            row.refuse(problem)
        row.person = matching.whose(row, reader.labels)
        if row.person is not None and snapshot.is_withheld(row.person, record):  # somebody said whose it is
            row.person = None
            row.refuse(Problem("", "restricted"))
        if row.person is not None and row.outcome is not Outcome.REFUSED:
            people.setdefault(row.person.learner_id, row.person)
            _merge(row, row.person, findings, rules, seen.setdefault(row.person.learner_id, {}))
        plan.rows.append(row)
    plan.people = list(people.values())
    return plan


class _Matching:
    """Finds whose a row is among whom the starter reaches."""

    def __init__(self, snapshot: Snapshot, rules: ResultRules) -> None:
        self._known = snapshot
        self._rules = rules

    def whose(self, row: RowResult, labels: Mapping[str, str]) -> Person | None:
        """Return whose a row is; None with the reason in the row where nobody can say, or a person must."""
        if self._known.is_restricted(row.record):
            row.refuse(Problem("", "restricted"))
            return None
        values = row.record.values
        number = values.get("learner.number")
        name_label = labels.get("learner.full_name") or labels.get("learner.family_name", "")
        if number is not None:
            return self._by_number(row, str(number), labels.get("learner.number", ""))
        if not values.get("learner.family_name"):
            if not row.problems:
                row.refuse(Problem(name_label or labels.get("learner.number", ""), "nobody_in_row"))
            return None
        return self._by_name(row, name_label)

    def _by_number(self, row: RowResult, number: str, label: str) -> Person | None:
        person = self._known.by_number.get(number)
        if person is None:
            row.refuse(Problem(label, "not_within_reach"))
            return None
        values = row.record.values
        if is_named_otherwise(person.values, values) or _is_born_otherwise(person, values):
            return self._decided(row, [person], "number")
        return person

    def _by_name(self, row: RowResult, label: str) -> Person | None:
        values = row.record.values
        namesakes = [
            person
            for person in self._known.by_name.get(name_parts(values), ())
            if not _is_born_otherwise(person, values)
        ]
        same_birth = [person for person in namesakes if values.get(_BORN) and person.values[_BORN] == values[_BORN]]
        in_group = [person for person in namesakes if person.learner_id in self._rules.members]
        for sure in (same_birth, in_group):
            if len(sure) == 1:
                return sure[0]
        found = same_birth or in_group or namesakes
        if found:
            return self._decided(row, found, "several" if len(found) > 1 else "name")
        sounding = [each for each in self._known.sounds_like(row.record) if not _is_born_otherwise(each, values)]
        if sounding:
            return self._decided(row, sounding, "sound")
        row.refuse(Problem(label, "not_within_reach"))
        return None

    def _decided(self, row: RowResult, candidates: list[Person], why: str) -> Person | None:
        """Return whom a person chose of these; else ask which of them it is."""
        decided = self._rules.decisions.get(row_key(row.record.sheet, row.record.row))
        chosen = next((person for person in candidates if str(person.learner_id) == decided), None)
        if chosen is None:
            row.candidates = [person.learner_id for person in candidates]
            who = self._known.names[row.candidates[0]]
            row.refuse(Problem("", "needs_decision", {"who": who, "why": why}))
        return chosen


def _is_born_otherwise(person: Person, values: Mapping[str, Any]) -> bool:
    born, stored = values.get(_BORN), person.values.get(_BORN)
    return born is not None and stored is not None and born != stored


def _merge(
    row: RowResult,
    person: Person,
    findings: Sequence[Finding],
    rules: ResultRules,
    seen: dict[tuple[Any, ...], tuple[int, Finding]],
) -> None:
    """Let a row say what it would store: all that is in it, or nothing where one of it is refused."""
    decided = rules.decisions.get(decision_key(row_key(row.record.sheet, row.record.row)))
    standing = [(finding, _standing(person, finding)) for finding in findings]
    met = dict(seen)
    for finding, entry in standing:
        problem = _refusal(finding, entry, decided, rules, met)
        met[finding.key] = (row.record.row, finding)
        if problem is not None:
            row.refuse(problem)
    if row.outcome is Outcome.REFUSED:
        return
    seen |= met
    row.changes = [_take(person, finding, entry, rules, decided) for finding, entry in standing]
    is_new = any(change.about is not None and "is_there" not in change.about for change in row.changes)
    row.outcome = Outcome.CHANGED if is_new else Outcome.UNCHANGED


def _refusal(
    finding: Finding,
    entry: Entry | None,
    decided: str | None,
    rules: ResultRules,
    seen: Mapping[tuple[Any, ...], tuple[int, Finding]],
) -> Problem | None:
    if _FEATURES[finding.table] not in rules.kept:
        return Problem(finding.column, "result_not_kept")
    if finding.key in seen:
        number, earlier = seen[finding.key]
        code = "duplicate_row" if _said(earlier) == _said(finding) else "conflicts_with_row"
        return Problem(finding.column, code, {"row": number})
    if entry is not None and not _agrees(entry, finding) and decided not in {REPLACE, KEEP}:
        facts: dict[str, object] = {"stands": as_code(**_stored(entry)), "here": as_code(**_said(finding))}
        return Problem(finding.column, DIFFERS, facts)
    return None


def _said(finding: Finding) -> dict[str, Any]:
    return {"level": finding.level, "is_passed": finding.is_passed, "score": finding.score}


def _stored(entry: Entry) -> dict[str, Any]:
    return {name: entry.values.get(name) for name in ("level", "is_passed", "score")}


def _agrees(entry: Entry, finding: Finding) -> bool:
    """Say whether what a row says stands there already: what it doesn't say contradicts nothing."""
    return all(said is None or entry.values.get(name) == said for name, said in _said(finding).items())


def _standing(person: Person, finding: Finding) -> Entry | None:
    """Return what is there of that subject, day and source: what agrees, else the latest; None for nothing."""
    subject, day = ("skill", "found_on") if finding.table == "level" else ("part", "taken_on")
    about = (finding.subject, finding.found_on, finding.source)
    found = [
        entry
        for entry in person.of(finding.table)
        if not entry.is_new and tuple(entry.values[name] for name in (subject, day, "source")) == about
    ]
    found.sort(key=lambda entry: (_agrees(entry, finding), entry.values["entered_at"], entry.id))
    return found[-1] if found else None


def _take(person: Person, finding: Finding, entry: Entry | None, rules: ResultRules, decided: str | None) -> Change:
    """Take a result into the plan; return what that changes, marked where it changes nothing."""
    name = f"{'level' if finding.table == 'level' else 'exam'}.{finding.subject.value}"
    about = {"on": finding.found_on.isoformat(), "source": finding.source.value}
    if entry is None:
        person.of(finding.table).append(_made(person, finding))
        return Change(name, None, as_code(**_said(finding)), about)
    before = as_code(**_stored(entry))
    if _agrees(entry, finding) or decided == KEEP:
        return Change(name, None, before, about | {"is_there": "yes"})
    _replace(entry, finding, rules)
    return Change(name, before, as_code(**_stored(entry)), about)


def _made(person: Person, finding: Finding) -> Entry:
    common = {"learner_id": person.learner_id, "source": finding.source, "level": finding.level}
    if finding.table == "level":
        own = {"skill": finding.subject, "found_on": finding.found_on}
    else:
        own = {"part": finding.subject, "taken_on": finding.found_on, **_said(finding)}
    return Entry(new_id(), is_new=True, values=common | own)


def _replace(entry: Entry, finding: Finding, rules: ResultRules) -> None:
    """Put what the row says in place of what stands there, which the entry goes on to remember."""
    stood = entry.values["level"] if finding.table == "level" else _outcome(entry.values["is_passed"])
    for name, said in _said(finding).items():
        if said is not None:
            entry.change(name, said)
    entry.change("replaced", stood)
    entry.change("entered_by", rules.by.account_id)
    entry.change("entered_by_name", rules.by.name)
    entry.change("entered_at", rules.moment)


def _outcome(is_passed: bool | None) -> ExamOutcome:
    if is_passed is None:
        return ExamOutcome.UNKNOWN
    return ExamOutcome.PASSED if is_passed else ExamOutcome.FAILED
