"""Old and new values in an entry: sealed by person and category, so that an erasure takes them away and no seal breaks.

`sealed` of an entry maps a person's id to her categories, each with its sealed text; what is of nobody in particular
stands under `school`.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.core.crypto import keys

PURPOSE = "audit"
OF_SCHOOL = "school"
UNDECLARED = "dealings"
"""The category of a change in what no column declares as holding something of a person, such as a group."""

Changes = Mapping[str, tuple[Any, Any]]
Sealed = dict[str, dict[str, str]]

encode = json.JSONEncoder(default=str, ensure_ascii=False).encode


def _category_of(field: str) -> str:
    try:
        return keys.category_of(field)
    except LookupError:
        return UNDECLARED


def seal_changes(values: Mapping[UUID, Changes]) -> Sealed:
    """Seal changes by field under each person's keys; of a person who was erased nothing is kept."""
    items = []
    for person_id, changes in values.items():
        parts: dict[str, dict[str, tuple[Any, Any]]] = {}
        for field, pair in changes.items():
            parts.setdefault(_category_of(field), {})[field] = pair
        items += [(person_id, category, encode(part)) for category, part in parts.items()]
    sealed: Sealed = {}
    for (person_id, category, _), blob in zip(items, keys.seal_in_category(items, PURPOSE), strict=True):
        if blob is not None:
            sealed.setdefault(str(person_id), {})[category] = b64encode(blob).decode()
    return sealed


def seal_school_changes(changes: Changes) -> Sealed:
    """Seal changes that are of nobody in particular."""
    return {OF_SCHOOL: {OF_SCHOOL: b64encode(keys.seal_for_school(encode(changes), PURPOSE)).decode()}}


def open_changes(entries: Iterable[Sealed]) -> list[tuple[dict[str, tuple[Any, Any]], bool]]:
    """Return of each entry's values of people those that still open, and whether some don't any more."""
    found: list[tuple[dict[str, tuple[Any, Any]], bool]] = []
    items, places = [], []
    for place, sealed in enumerate(entries):
        found.append(({}, False))
        for person_id, parts in sealed.items():
            items += [(UUID(person_id), category, b64decode(text)) for category, text in parts.items()]
            places += [place] * len(parts)
    for place, opened in zip(places, keys.unseal_in_category(items, PURPOSE), strict=True):
        changes, is_gone = found[place]
        if opened is not None:
            changes |= {field: tuple(pair) for field, pair in json.loads(opened).items()}
        found[place] = (changes, is_gone or opened is None)
    return found
