"""Taking a list as a file: for which purposes that may be, with which columns, and what is written down of it.

A list is for the own work of who may see it, with the same learners, order and columns. What goes to a recipient is a
file of the policy's own (`disclosures`), which names that recipient.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.purposes import closed_to
from portal.core.spreadsheets import Cell
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.policy.schema.categories import Purpose

MOST_IN_LIST = 10_000
_OWN_WORK = frozenset({"service", "communication", "administration", "legal"})
"""What sort of purpose work within the school serves; the others have a recipient or ask consent."""


@dataclass(frozen=True)
class ListColumn:
    """A column of a list: by which name it is written down, of which category, its heading, and a row's value in it."""

    name: str
    category: str
    heading: Any
    value: Callable[[Any], Cell]
    is_optional: bool = False
    """Whether it is there for who sees its category alone."""


def list_purposes() -> list[Purpose]:
    """Return for which purposes of the policy a list of names may be taken without anybody's consent (LB-03)."""
    policy = current_policy()
    named = policy.category("name")
    return [
        purpose
        for purpose in policy.purposes
        if purpose.nature in _OWN_WORK and not purpose.asks_consent and named is not None
        if purpose.key in named.purposes
    ]


def columns_for(columns: Sequence[ListColumn], by: Actor, purpose: str | None = None) -> list[ListColumn]:
    """Return those columns that this person sees, and whose category serves the purpose that was chosen (LB-04)."""
    policy = current_policy()

    def serves(column: ListColumn) -> bool:
        category = policy.category(column.category)
        return category is None or purpose is None or purpose in category.purposes

    return [each for each in columns if serves(each) and (not each.is_optional or each.category in by.sees)]


def check_length(count: int) -> None:
    """Raise Invalid where a list is empty, or longer than is made while somebody waits."""
    if count == 0:
        raise Invalid("list", "nobody")
    if count > MOST_IN_LIST:
        raise Invalid("list", "list_too_long", most=MOST_IN_LIST)


def take_list(
    learner_ids: Sequence[UUID],
    columns: Sequence[ListColumn],
    *,
    purpose: str,
    form: str,
    subject: tuple[str, UUID | None] | None = None,
    by: Actor,
) -> tuple[list[ListColumn], frozenset[UUID]]:
    """Write down that a list goes out as a file: who stands in it, for what, with which columns (LB-03).

    Returns those of the columns that are in it, and who isn't in it: she said no to that purpose (art. 21). Raises
    Invalid for a purpose that no list may be taken for, and for a list that is empty or too long.
    """
    by.must(Permission.LEARNER_VIEW)
    if purpose not in {each.key for each in list_purposes()}:
        raise Invalid("purpose", "other_purpose")
    closed = closed_to(purpose, learner_ids)
    there = [each for each in learner_ids if each not in closed]
    check_length(len(there))
    chosen = columns_for(columns, by, purpose)
    facts = {
        "categories": sorted({each.category for each in chosen}),
        "columns": [each.name for each in chosen],
        "count": len(there),
        "format": form,
        "purpose": purpose,
    }
    audit.record("learners.list_taken", learner_ids=there, subject=subject, facts=facts, by=by)
    return chosen, closed
