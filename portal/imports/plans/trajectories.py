"""What a row says of a trajectory: whether it asks for one, under which act, and what it would change."""

from datetime import date
from typing import Any

from portal.core.db.base import new_id
from portal.imports.plans.parts import Change, Entry, Person, RowResult
from portal.imports.plans.rules import REPORTING, Rules
from portal.imports.workbooks.records import Problem, Record
from portal.imports.workbooks.targets import TARGETS
from portal.learners.trajectories.models import Act, Route

_UNDER_2021 = frozenset({Route.B1, Route.EDUCATION, Route.Z})
_TARGETS = frozenset(key for key in TARGETS if key.startswith("trajectory."))
_PLAIN = (
    "route",
    "target_group",
    "funding",
    "reports_to_government",
    "client_id",
    "client_manager_id",
    "ends_on",
    "agreement_on",
    "agreement",
    "contract_number",
    "hours_bought",
)


def asks_trajectory(record: Record, rules: Rules) -> bool:
    """Say whether a row has something for a trajectory; a BSN does where an act was chosen for all rows."""
    says = not _TARGETS.isdisjoint(record.values)
    return says or (rules.act is not None and "learner.bsn" in record.values)


def act_of(record: Record, rules: Rules) -> Act:
    """Return the act a row falls under: what it says, what its route tells, what was chosen for all, else voluntary."""
    said = _said_act(record)
    return said if said is not None else rules.act or Act.VOLUNTARY


def _said_act(record: Record) -> Act | None:
    said = record.values.get("trajectory.act")
    if isinstance(said, Act):
        return said
    return Act.WI2021 if record.values.get("trajectory.route") in _UNDER_2021 else None


def plan_trajectory(person: Person, row: RowResult, links: dict[str, Any], rules: Rules) -> Entry | None:
    """Change or add the trajectory that a row tells of; `links` are the ids of client and client manager."""
    record = row.record
    if not asks_trajectory(record, rules):
        return None
    given = {name: record.values[f"trajectory.{name}"] for name in _PLAIN if f"trajectory.{name}" in record.values}
    given |= links
    starts_on = record.values.get("trajectory.starts_on")
    entry = _same(person, record, starts_on, rules)
    if entry is None:
        entry = _new(person, record, starts_on, rules)
        row.changes.append(Change("trajectory.act", None, entry.values["act"]))
    elif isinstance(starts_on, date):
        given["starts_on"] = starts_on
    _keep_request(entry, row, given)
    _give_hours(person, entry, row, given)
    for name, value in given.items():
        old = None if entry.is_new else entry.values.get(name)
        if entry.change(name, value):
            row.changes.append(Change(f"trajectory.{name}", old, value))
    return entry


def _same(person: Person, record: Record, starts_on: object, rules: Rules) -> Entry | None:
    """Return the trajectory a row means: of that act, begun on that day, else the one still open that began last."""
    said = _said_act(record) or rules.act
    found = [entry for entry in person.of("trajectory") if said is None or entry.values["act"] == said]
    for entry in found:
        if entry.values["starts_on"] == starts_on:
            return entry
    still_open = [entry for entry in found if (entry.values.get("ends_on") or rules.today) >= rules.today]
    return max(still_open, key=lambda entry: entry.values["starts_on"], default=None)


def _new(person: Person, record: Record, starts_on: object, rules: Rules) -> Entry:
    act = act_of(record, rules)
    joined = record.values.get("enrolment.starts_on")
    begins = next((day for day in (starts_on, joined) if isinstance(day, date)), rules.today)
    ends = record.values.get("trajectory.ends_on")
    if isinstance(ends, date) and ends < begins:
        begins = ends
    values = {
        "learner_id": person.learner_id,
        "act": act,
        "starts_on": begins,
        "reports_to_government": act in REPORTING,
        "minutes_before": 0,
    }
    entry = Entry(new_id(), is_new=True, values=values)
    person.of("trajectory").append(entry)
    return entry


def _keep_request(entry: Entry, row: RowResult, given: dict[str, Any]) -> None:
    """Leave client and target group as they are where a municipality asked how she is doing: it asked of these."""
    others = {
        name
        for name in ("client_id", "target_group")
        if given.get(name, entry.values.get(name)) != entry.values.get(name)
    }
    if entry.values.get("municipality_asked_on") is None or not others:
        return
    row.notes.append(Problem("", "municipality_asked"))
    for name in ("client_id", "client_manager_id", "target_group"):
        given.pop(name, None)


def _give_hours(person: Person, entry: Entry, row: RowResult, given: dict[str, Any]) -> None:
    """Take the hours so far over, unless the portal counts them by now: then they would count twice."""
    minutes = row.record.values.get("trajectory.hours_before")
    if minutes is None:
        return
    if person.has_marks and not entry.is_new:
        if minutes != entry.values["minutes_before"]:
            row.notes.append(Problem("", "hours_counted_here"))
    else:
        given["minutes_before"] = minutes
