"""The plan of an import, worked out person by person."""

from collections.abc import Sequence

from portal.imports.plans.admission import judge
from portal.imports.plans.changes import merge, merge_bsn
from portal.imports.plans.links import Links
from portal.imports.plans.parts import Plan
from portal.imports.plans.people import Crowd, Labels
from portal.imports.plans.rules import Rules
from portal.imports.plans.snapshot import Snapshot
from portal.imports.workbooks.records import Record


def make_plan(
    records: Sequence[Record], snapshot: Snapshot, rules: Rules, *, labels: dict[str, dict[str, str]]
) -> Plan:
    """Return what these records would do; `labels` are the columns' labels by sheet and target.

    Changes the snapshot's people: take a new one for another plan.
    """
    crowd = Crowd(snapshot, rules, Labels(labels))
    plan = Plan(rows=[crowd.place(record) for record in records], people=[])
    plan.people = list(crowd.people.values())
    links = Links(plan, crowd)
    for person in plan.people:
        judge(person, crowd)
        merge(person, crowd, links)
        merge_bsn(person, snapshot.digest)
    made = {**plan.new_groups, **plan.new_courses, **plan.new_clients, **plan.new_contacts}
    plan.names = snapshot.names | {key: str(row["name"]) for key, row in made.items()}
    return plan
