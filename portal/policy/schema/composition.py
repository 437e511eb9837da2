"""Composes a school's file with the shared base into a whole policy.

The base gives nothing by itself: to a part that the file takes by name it gives what the file doesn't set there. A
list in the base (purposes, categories, fields) tells what is usual, and counts as far as the file takes that too.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BASE_FILE = Path(__file__).parents[1] / "policies" / "base.toml"

# In a file tables by key, in a policy lists of parts in the order of the file.
KEYED = (
    "sections",
    "purposes",
    "terms",
    "categories",
    "conditions",
    "recipients",
    "templates",
    "rights",
    "deadlines",
    "masks",
    "contacts",
)
SINGLE = (
    "checked",
    "sharing",
    "complaints",
    "confidentiality",
    "security",
    "audit",
    "staff",
    "accountability",
    "changes",
)

Table = Mapping[str, Any]


@cache
def shared_base() -> Table:
    """Return the base that comes with the portal, as TOML gives it."""
    return tomllib.loads(BASE_FILE.read_text("utf-8"))


def compose(own: Table, base: Table) -> dict[str, Any]:
    """Return the whole policy that a school's file means: every part with its key and all that holds for it."""
    base = {
        **base,
        "purposes": {key: _given_purpose(own, key, part) for key, part in base["purposes"].items()},
        "categories": {key: _given_category(own, key, part) for key, part in base["categories"].items()},
    }
    taken = _Taken.of(own, base)
    composed: dict[str, Any] = {name: value for name, value in own.items() if name not in (*KEYED, *SINGLE)}
    for name in KEYED:
        parts = own.get(name, {}) | (_terms_that_come_along(own, base) if name == "terms" else {})
        if parts:
            composed[name] = [
                {"key": key, **_merged(name, part, base[name].get(key, {}), taken)} for key, part in parts.items()
            ]
    for name in SINGLE:
        if name in own:
            composed[name] = _merged(name, own[name], base[name], taken)
    return composed


@dataclass(frozen=True)
class _Taken:
    """What a file takes: keys of purposes and categories, and the fields and tables that its categories list."""

    purposes: frozenset[str]
    categories: frozenset[str]
    entries: frozenset[str]

    @classmethod
    def of(cls, own: Table, base: Table) -> "_Taken":
        categories = own.get("categories", {})
        whole = [{**base["categories"].get(key, {}), **part} for key, part in categories.items()]
        return cls(
            purposes=frozenset(own.get("purposes", {})),
            categories=frozenset(categories),
            entries=frozenset(entry for part in whole for entry in entries_of(part)),
        )

    def has_field(self, field: str) -> bool:
        return field in self.entries or f"{field.partition('.')[0]}.*" in self.entries

    def has_purpose(self, key: str) -> bool:
        return key in self.purposes

    def has_category(self, key: str) -> bool:
        return key in self.categories


_LISTS: Mapping[str, Mapping[str, Callable[[_Taken, str], bool]]] = {
    "categories": {"purposes": _Taken.has_purpose},
    "recipients": {"purposes": _Taken.has_purpose, "categories": _Taken.has_category},
    "templates": {"fields": _Taken.has_field},
    "conditions": {"fields": _Taken.has_field},
    "checked": {"fields": _Taken.has_field},
}


def entries_of(category: Table) -> Iterator[str]:
    """Yield the fields and tables that a category lists, with those that the school adds; none for "all"."""
    added = category.get("added")
    for listed in (category.get("fields"), added.get("fields") if isinstance(added, dict) else None):
        yield from _strings(listed)


def _strings(value: Any) -> list[str]:
    """Return the texts in a list; none in what is no list, which is told when the whole is checked."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _merged(name: str, own: Table, base: Table, taken: _Taken) -> dict[str, Any]:
    usual = _LISTS.get(name, {})
    given = {
        key: [item for item in value if usual[key](taken, item)] if key in usual else value
        for key, value in base.items()
    }
    merged = {**given, **own, "source": "statement" if own.get("promises") else "school"}
    if name == "categories":
        merged.pop("without", None)
    return merged


def _given_purpose(own: Table, key: str, base: Table) -> Table:
    """Return what the base gives for a purpose: words about consent only where it rests on that."""
    basis = own.get("purposes", {}).get(key, {}).get("basis", base["basis"])
    if basis == "consent":
        return base
    return {name: value for name, value in base.items() if name not in ("question", "withdrawn", "deletes")}


def _given_category(own: Table, key: str, base: Table) -> Table:
    """Return what the base gives for a category: its fields but those left out, and no field twice."""
    part = own.get("categories", {}).get(key, {})
    without = set(_strings(part.get("without")))
    given = dict(base)
    if isinstance(base["fields"], list):
        given["fields"] = [entry for entry in base["fields"] if entry not in without]
    if "added" in base:
        elsewhere = without | set(_strings(part.get("fields", given["fields"])))
        fields = [entry for entry in base["added"]["fields"] if entry not in elsewhere]
        given["added"] = {**base["added"], "fields": fields}
        if not fields or part.get("fields") == "all":
            del given["added"]
    return given


def _terms_that_come_along(own: Table, base: Table) -> dict[str, Table]:
    """Return the terms of the base that the taken categories and uses of contacts have without naming them."""
    keys = [
        part.get("term", base[name].get(key, {}).get("term"))
        for name in ("categories", "contacts")
        for key, part in own.get(name, {}).items()
    ]
    return {key: {} for key in _strings(keys) if key in base["terms"] and key not in own.get("terms", {})}
