"""What the rows that may come in would change: values of the record, groups, levels and results of exams."""

from datetime import date
from typing import Any

from portal.core.db.base import new_id
from portal.imports.models import Outcome
from portal.imports.plans.likeness import is_same_text
from portal.imports.plans.links import Links
from portal.imports.plans.parts import Change, Entry, Kept, Person, RowResult
from portal.imports.plans.people import Crowd
from portal.imports.plans.trajectories import plan_trajectory
from portal.imports.workbooks.records import Problem
from portal.imports.workbooks.targets import EXAM_PARTS, SKILLS
from portal.imports.workbooks.values import Result
from portal.progress.models import ExamPart, LevelSource, Skill


def merge(person: Person, crowd: Crowd, links: Links) -> None:
    """Let each accepted row of a person say what it would change, one after the other."""
    is_there = not person.is_new
    for row in person.rows:
        if row.outcome is Outcome.REFUSED:
            continue
        found = links.of(row)
        if isinstance(found, Problem):
            row.refuse(found)
            continue
        _merge_values(person, row)
        entry = plan_trajectory(person, row, found, crowd.rules)
        _merge_enrolment(person, row, entry, links)
        _merge_levels(person, row, crowd.rules.today)
        _merge_exams(person, row)
        if not is_there:
            row.outcome, is_there = Outcome.ADDED, True
        else:
            row.outcome = Outcome.CHANGED if row.changes else Outcome.UNCHANGED


def _merge_values(person: Person, row: RowResult) -> None:
    for key, value in row.record.values.items():
        if not key.startswith("learner.") or key == "learner.bsn":
            continue
        old = person.values.get(key)
        if old == value or (is_same_text(old, value) and str(value).isupper() and not str(old).isupper()):
            continue  # the same, but typed with the capitals locked
        if not _stays(person, row, key, old, value):
            _change(person, row, key, old, value)


def _stays(person: Person, row: RowResult, key: str, old: Any, value: Any) -> bool:
    """Note a value that the learner changed herself, which the sheet doesn't replace; say whether it is one."""
    since_on = person.own.get(key)
    if since_on is None:
        return False
    row.kept.append(Kept(key, old, value, since_on))
    return True


def _change(person: Person, row: RowResult, key: str, old: Any, value: Any) -> None:
    if not person.is_new:
        person.before.setdefault(key, old)
    person.values[key] = value
    row.changes.append(Change(key, old, value))


def merge_bsn(person: Person, digest: Any) -> None:
    """Take over a BSN that differs from the stored one, which is compared by digest and never opened."""
    for row in person.rows:
        bsn = row.record.values.get("learner.bsn")
        if bsn is None or row.outcome is Outcome.REFUSED or person.values.get("bsn_digest") == digest(bsn):
            continue
        if _stays(person, row, "learner.bsn", None, bsn):
            continue
        if not person.is_new:
            person.before.setdefault("learner.bsn", None)
            if row.outcome is Outcome.UNCHANGED:
                row.outcome = Outcome.CHANGED
        person.values["learner.bsn"], person.values["bsn_digest"] = bsn, digest(bsn)
        row.changes.append(Change("learner.bsn", None, bsn))


def _merge_enrolment(person: Person, row: RowResult, trajectory: Entry | None, links: Links) -> None:
    """Let a row say that she is in a group. The time in it that these days touch is the one meant; a row without days
    means the one that isn't over. Two never overlap: who left and stands there again without a day, is back today.
    """
    values = row.record.values
    name = values.get("group.name")
    if not isinstance(name, str):
        return
    first, last = (_day(values.get(f"enrolment.{name}")) for name in ("starts_on", "ends_on"))
    begins = first or _begin(trajectory, links)
    group_id = links.group(name, values.get("group.course"), begins)
    there = [entry for entry in person.of("enrolment") if entry.values["group_id"] == group_id]
    since = first or min(links.today, last or links.today)
    same = [entry for entry in there if _ends(entry) >= since and entry.values["starts_on"] <= (last or date.max)]
    if same:
        latest = max(same, key=lambda entry: entry.values["starts_on"])
        if last is not None and latest.change("ends_on", last):
            row.changes.append(Change("enrolment.ends_on", latest.before.get("ends_on"), last))
        return
    if first is None and any(_ends(entry) < since for entry in there):
        begins = links.today
    made = {
        "learner_id": person.learner_id,
        "group_id": group_id,
        "trajectory_id": trajectory.id if trajectory else None,
        "starts_on": min(begins, last or date.max),
        "ends_on": last,
    }
    person.of("enrolment").append(Entry(new_id(), is_new=True, values=made))
    row.changes.append(Change("group.name", None, name))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _ends(entry: Entry) -> date:
    ends_on: date | None = entry.values.get("ends_on")
    return ends_on or date.max


def _begin(trajectory: Entry | None, links: Links) -> date:
    begins = trajectory.values["starts_on"] if trajectory else links.today
    return min(begins, links.today)


def _merge_levels(person: Person, row: RowResult, today: date) -> None:
    found_on = row.record.values.get("level.found_on") or today
    for name in SKILLS:
        level = row.record.values.get(f"level.{name}")
        if level is None:
            continue
        known = [entry for entry in person.of("level") if entry.values["skill"] == Skill(name)]
        latest = max(known, key=lambda entry: (entry.values["found_on"], entry.id), default=None)
        if latest is not None and latest.values["level"] == level:
            continue
        values = {
            "learner_id": person.learner_id,
            "skill": Skill(name),
            "level": level,
            "source": LevelSource.TEACHER,
            "found_on": found_on,
        }
        person.of("level").append(Entry(new_id(), is_new=True, values=values))
        row.changes.append(Change(f"level.{name}", latest.values["level"] if latest else None, level))


def _merge_exams(person: Person, row: RowResult) -> None:
    for name in EXAM_PARTS:
        result = row.record.values.get(f"exam.{name}")
        if not isinstance(result, Result):
            continue
        part = ExamPart(name)
        facts = (part, result.taken_on, result.is_passed)
        if any(_facts(entry) == facts for entry in person.of("exam_result")):
            continue
        values = {
            "learner_id": person.learner_id,
            "part": part,
            "level": result.level,
            "taken_on": result.taken_on,
            "is_passed": result.is_passed,
            "source": LevelSource.EXAM,
        }
        person.of("exam_result").append(Entry(new_id(), is_new=True, values=values))
        row.changes.append(Change(f"exam.{name}", None, result.taken_on))


def _facts(entry: Entry) -> tuple[Any, Any, Any]:
    return (entry.values["part"], entry.values["taken_on"], entry.values["is_passed"])
