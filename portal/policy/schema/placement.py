"""Mistakes in a school's file that can't be seen any more once it is composed with the base: parts out of place."""

from collections.abc import Iterator
from typing import Any

from portal.policy.schema.composition import KEYED, SINGLE, Table, entries_of
from portal.policy.schema.mistakes import Mistake, nearest


def misplaced_in(own: Table, base: Table) -> list[Mistake]:
    """Return what keeps a file from being composed with the base, and what composing it would hide."""
    found = list(_tables(own, base))
    return found or [*_set_keys(own), *_terms(own, base), *_left_out(own, base)]


def _tables(own: Table, base: Table) -> Iterator[Mistake]:
    for name in SINGLE:
        if not isinstance(own.get(name, {}), dict):
            yield name, f"is no table; wanted: [{name}]"
    for name in KEYED:
        parts = own.get(name, {})
        if not isinstance(parts, dict):
            yield name, f"is no table; wanted: a table by key, such as [{name}.{next(iter(base[name]))}]"
            continue
        for key, part in parts.items():
            if not isinstance(part, dict):
                yield f"{name}.{key}", "is no table; wanted: {} to take it as the base has it, or what differs"


def _set_keys(own: Table) -> Iterator[Mistake]:
    parts = [(name, own[name]) for name in SINGLE if name in own]
    parts += [(f"{name}.{key}", part) for name in KEYED for key, part in own.get(name, {}).items()]
    for path, part in parts:
        for key, says in (("key", "the name of its table"), ("source", "whether it cites promises")):
            if key in part:
                yield f"{path}.{key}", f"is not a key that belongs here: {says} says it"


def _terms(own: Table, base: Table) -> Iterator[Mistake]:
    for key, term in own.get("terms", {}).items():
        if key in base["terms"] and "title" not in term and {"stages", "until_asked"} & set(term):
            yield f"terms.{key}.title", "is missing; the words in the base tell of the base's own term"


def _left_out(own: Table, base: Table) -> Iterator[Mistake]:
    for key, category in own.get("categories", {}).items():
        path = f"categories.{key}.without"
        without: Any = category.get("without", [])
        if not isinstance(without, list):
            yield path, "is no list; wanted: a list of fields of the base that the school doesn't keep"
            continue
        usual = list(entries_of(base["categories"].get(key, {})))
        for field in without:
            if field not in usual:
                yield path, f'the base has no "{field}" there{nearest(str(field), usual)}'
