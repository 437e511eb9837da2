"""What of the rows of a preview isn't read any more, because its learner restricted it since (AVG art. 18, ST-08)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from portal.core.db.scope import hidden_categories, hidden_learners, hides_anyone
from portal.imports.plans.categories import categories_of

RESTRICTED = "restricted"
_SAYS_SO: list[Any] = ["", RESTRICTED, {}]


def without_restricted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as they were kept, but of who restricted her record no more than that a row is about her.

    Of who restricted a category the other values stay. Where nobody restricted anything they are returned as they are.
    """
    if not hides_anyone():
        return rows
    whole = {str(each) for each in hidden_learners()}
    return [_shielded(row, whole) if "learner" in row else row for row in rows]


def _shielded(row: dict[str, Any], whole: Collection[str]) -> dict[str, Any]:
    if row["learner"] in whole or any(key in whole for key, _name in row["candidates"]):
        return _emptied(row) | {"who": "", "number": "", "learner": None, "is_of": "", "changes": [], "stays": []}
    hidden = hidden_categories(UUID(row["learner"])) if row["learner"] else frozenset[str]()
    return _without(row, hidden) if hidden else row


def _emptied(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that says why it says no more: as it is refused once it is worked out anew."""
    says = {"problems": [_SAYS_SO], "notes": []} if row["problems"] else {"problems": [], "notes": [_SAYS_SO]}
    return {**row, **says, "candidates": []} | ({"cells": []} if "cells" in row else {})


def _without(row: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """Return a row without the values of these categories; of a refused one nobody knows which are in its reasons."""
    if row["problems"]:
        return _emptied(row)
    kept = {part: _of_others(row[part], hidden) for part in ("changes", "stays")}
    if all(len(kept[part]) == len(row[part]) for part in kept):
        return row
    return {**_emptied(row), **kept}


def _of_others(values: Sequence[Sequence[Any]], hidden: frozenset[str]) -> list[Sequence[Any]]:
    return [each for each in values if hidden.isdisjoint(categories_of(each[0]))]
