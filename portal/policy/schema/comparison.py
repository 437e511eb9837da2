"""Every value in which two policies differ, by its path; the public page tells those that readers look for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.policy.schema.policy import Policy

_LONGEST = 60


@dataclass(frozen=True)
class ValueChange:
    """A value at a path such as `categories.contact.fields`; None where the older or the newer version has none."""

    path: str
    old: Any
    new: Any

    def __str__(self) -> str:
        """Return the change in a line, a list by what came and went."""
        if isinstance(self.old, list) and isinstance(self.new, list):
            came = [f"+ {_written(item)}" for item in self.new if item not in self.old]
            went = [f"- {_written(item)}" for item in self.old if item not in self.new]
            return f"{self.path}: {', '.join([*came, *went]) or 'in another order'}"
        if self.old is None:
            return f"{self.path}: + {_written(self.new)}"
        if self.new is None:
            return f"{self.path}: - {_written(self.old)}"
        return f"{self.path}: {_written(self.old)} → {_written(self.new)}"


def compare(older: Policy, newer: Policy) -> list[ValueChange]:
    """Return each value that changed from one policy to the next, in the order of the newer; a new part counts once."""
    return list(_changes("", _plain(older), _plain(newer)))


def _plain(policy: Policy) -> dict[str, Any]:
    return policy.model_dump(mode="json", exclude_none=True)


def _changes(path: str, old: Any, new: Any) -> Iterator[ValueChange]:
    old_parts, new_parts = _by_name(old), _by_name(new)
    if old_parts is None or new_parts is None:
        if old != new:
            yield ValueChange(path, old, new)
        return
    for name in [*new_parts, *(name for name in old_parts if name not in new_parts)]:
        yield from _changes(f"{path}.{name}" if path else name, old_parts.get(name), new_parts.get(name))
    if list(old_parts) != list(new_parts) and set(old_parts) == set(new_parts) and isinstance(new, list):
        yield ValueChange(path, list(old_parts), list(new_parts))


def _by_name(value: Any) -> Mapping[str, Any] | None:
    """Return what a table, or a list of parts with a key, holds by name; None for what is a value in itself."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(item, dict) and "key" in item for item in value):
        return {item["key"]: item for item in value}
    return None


def _written(value: Any) -> str:
    if isinstance(value, dict):
        name = value.get("title", value).get("nl") or value.get("key")
        return _written(name) if name else ", ".join(f"{key} {_written(value[key])}" for key in value)
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    shortened = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f'"{shortened}"' if isinstance(value, str) else shortened
