"""What the school allows, and what whoever runs the import chose for all rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from portal.imports.workbooks.targets import TARGETS
from portal.learners.conditions.queries import is_free
from portal.learners.record.models import Source
from portal.learners.trajectories.models import Act
from portal.policy.schema import Policy

REPORTING = frozenset({Act.WI2013, Act.WI2021})
"""Under these acts a school reports a learner's course to the government, unless the sheet says otherwise."""


@dataclass(frozen=True)
class Rules:
    """The policy in force, today's date, and the choices for all rows.

    `act` and `client`: for trajectories whose row names none.
    `grounds`: why a field may be kept at all, by field (OP-04).
    `decisions`: for a row (`sheet!number`) that looks like somebody known: her id, or "new".
    `overwrites`: whether the sheet also replaces what a learner changed herself.
    """

    policy: Policy
    today: date
    act: Act | None = None
    client: UUID | None = None
    grounds: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    overwrites: bool = False

    @cached_property
    def guarded(self) -> dict[str, list[str]]:
        """Return by target the fields that the policy doesn't keep from a school's list, or only under a condition."""
        asked = {
            key: [name for name in target.fields if not is_free(self.policy, name, Source.SCHOOL)]
            for key, target in TARGETS.items()
        }
        return {key: names for key, names in asked.items() if names}


def row_key(sheet: str, row: int) -> str:
    """Return the key under which a decision about a row is kept."""
    return f"{sheet}!{row}"
