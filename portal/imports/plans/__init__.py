"""What a workbook would do, worked out in memory from its records and a snapshot of the school: nothing is stored here.

    plan = make_plan(records, snapshot, rules)

`people` says who a row is about, `judging` whether it may come in, `merging` what it would change.
"""

from portal.imports.plans.parts import Change, Entry, Kept, Person, Plan, RowResult
from portal.imports.plans.plan import make_plan
from portal.imports.plans.rules import Rules
from portal.imports.plans.snapshot import Snapshot

__all__ = ["Change", "Entry", "Kept", "Person", "Plan", "RowResult", "Rules", "Snapshot", "make_plan"]
