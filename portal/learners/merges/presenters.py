"""What the page says of taking a merging back, before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.http.access import Actor
from portal.learners.merges.undo import UndoPlan
from portal.learners.record.fields import kept_fields
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class UndoPreview:
    """Rows by table that go to the other record again and that stay since; labels of fields that were changed since.

    `unseen` counts the fields that were changed since in categories that this person doesn't see.
    """

    going: Mapping[str, int]
    since: Mapping[str, int]
    staying: list[str]
    unseen: int


def show_undo(plan: UndoPlan, by: Actor) -> UndoPreview:
    """Return what a plan says to this person."""
    fields = [field for field in kept_fields(current_policy()) if field.column in plan.staying]
    seen = [field for field in fields if field.category in by.sees]
    return UndoPreview(
        going=plan.going,
        since=plan.since,
        staying=[str(field.label) for field in seen],
        unseen=len(fields) - len(seen),
    )
