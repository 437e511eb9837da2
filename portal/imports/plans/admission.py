"""Whether a row may come in: not twice, not against an earlier row, with a name, and under the policy's conditions."""

from dataclasses import replace
from datetime import date

from portal.imports.models import Outcome
from portal.imports.plans.likeness import is_same_text
from portal.imports.plans.parts import Person, RowResult
from portal.imports.plans.people import Crowd
from portal.imports.plans.rules import REPORTING, Rules
from portal.imports.plans.trajectories import act_of, asks_trajectory
from portal.imports.workbooks.records import Problem, Record
from portal.learners.conditions.queries import Facts, refusals
from portal.learners.record.models import Source

_NOBODY = Facts()
# Of two rows about one person that contradict each other, the first of these that differs is named.
_NAMED_FIRST = ("learner.birth_date", "learner.family_name", "learner.given_name", "learner.bsn")


def judge(person: Person, crowd: Crowd) -> None:
    """Refuse those of a person's rows that may not come in."""
    accepted: list[RowResult] = []
    for row in person.rows:
        if row.outcome is Outcome.REFUSED:
            continue
        if not _repeats(row, accepted, crowd):
            accepted.append(row)
    _hold_to_policy(person, crowd)
    _need_a_name(person, crowd)


def _repeats(row: RowResult, accepted: list[RowResult], crowd: Crowd) -> bool:
    """Refuse a row that says what an earlier one said, or contradicts it; say whether it did."""
    for earlier in accepted:
        if earlier.record.values == row.record.values:
            row.refuse(Problem("", "duplicate_row", {"row": earlier.record.row}))
            return True
        field = _contradicts(row.record, earlier.record)
        if field is not None:
            label = crowd.labels.of(row.record, field, "learner.full_name")
            row.refuse(Problem(label, "conflicts_with_row", {"row": earlier.record.row}))
            return True
    return False


def _contradicts(record: Record, earlier: Record) -> str | None:
    differing = [
        key
        for key, value in record.values.items()
        if key.startswith("learner.") and key in earlier.values and not is_same_text(earlier.values[key], value)
    ]
    return min(differing, key=_rank, default=None)


def _rank(key: str) -> tuple[int, str]:
    return (_NAMED_FIRST.index(key) if key in _NAMED_FIRST else len(_NAMED_FIRST), key)


def _hold_to_policy(person: Person, crowd: Crowd) -> None:
    """Refuse rows with a value that the school may not keep of her (LB-02, MN-04, OP-01, OP-02, OP-04)."""
    facts = _facts(person, crowd)
    for row in person.rows:
        if row.outcome is Outcome.REFUSED:
            continue
        asked = {field: key for key in row.record.values for field in crowd.rules.guarded.get(key, ())}
        values = {field: row.record.values[key] for field, key in asked.items()}
        for refusal in refusals(values, facts, crowd.rules.grounds, source=Source.SCHOOL) if values else ():
            label = crowd.labels.of(row.record, asked[refusal.field], "learner.full_name")
            row.refuse(Problem(label, refusal.code, {**refusal.facts, "field": refusal.field}))


def _facts(person: Person, crowd: Crowd) -> Facts:
    """Return what the conditions ask about somebody, the rows of this file included."""
    facts = crowd.snapshot.facts.get(person.learner_id, _NOBODY)
    if facts.has_reporting_trajectory or not _gets_reporting(person, crowd.rules):
        return facts
    return replace(facts, has_reporting_trajectory=True)


def _gets_reporting(person: Person, rules: Rules) -> bool:
    return any(
        _reports(row.record, rules)
        for row in person.rows
        if row.outcome is not Outcome.REFUSED and asks_trajectory(row.record, rules)
    )


def _reports(record: Record, rules: Rules) -> bool:
    ends_on = record.values.get("trajectory.ends_on")
    if isinstance(ends_on, date) and ends_on < rules.today:
        return False
    said = record.values.get("trajectory.reports_to_government")
    return bool(said) if said is not None else act_of(record, rules) in REPORTING


def _need_a_name(person: Person, crowd: Crowd) -> None:
    """Refuse rows of somebody new until one gives her name."""
    is_there = not person.is_new
    for row in person.rows:
        if row.outcome is Outcome.REFUSED:
            continue
        if is_there:
            continue
        missing = _missing_name(row, crowd)
        if missing is None:
            is_there = True
        else:
            row.refuse(missing)


def _missing_name(row: RowResult, crowd: Crowd) -> Problem | None:
    values = row.record.values
    if values.get("learner.family_name") and values.get("learner.given_name"):
        return None
    label = crowd.labels.of(row.record, "learner.family_name", "learner.full_name")
    if not label:
        return Problem(crowd.labels.of(row.record, "learner.number", "learner.bsn"), "unknown_learner")
    if values.get("learner.family_name"):
        label = crowd.labels.of(row.record, "learner.given_name", "learner.full_name") or label
        return Problem(label, "no_given_name")
    return Problem(label, "no_name")
