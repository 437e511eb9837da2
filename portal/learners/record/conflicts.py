"""Two people who type at once: forms carry what they showed, field by field, and only what both changed conflicts."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from portal.core.crypto import keys
from portal.core.errors import Conflict
from portal.learners.record.fields import as_text


def as_seen(values: Mapping[str, Any]) -> str:
    """Return what a form carries of the values that it showed: for each field a keyed digest, that tells nothing.

    A tuple is several values that count as one, such as a value with its ground.
    """
    return " ".join(f"{key}={_digest(key, value)}" for key, value in values.items())


def _digest(key: str, value: Any) -> str:
    texts = [as_text(each) for each in (value if isinstance(value, tuple) else (value,))]
    return keys.digest(json.dumps([key, *texts]), "seen").hex()[:16]


def with_grounds(values: Mapping[str, Any], grounds: Mapping[str, str | None]) -> dict[str, Any]:
    """Return values by field, those that have a place for a ground together with it: they count as one."""
    return {key: (value, grounds[key] or "") if key in grounds else value for key, value in values.items()}


def own_changes(typed: Mapping[str, Any], *, now: Mapping[str, Any], seen: str | None) -> Collection[str]:
    """Return the fields in which this person typed something else than she saw; all of them where that isn't known.

    Raises Conflict("stale") with the `fields` that somebody else made something else of meanwhile, and all of `mine`.
    """
    shown = dict(each.split("=", 1) for each in (seen or "").split() if "=" in each)
    mine = [key for key, value in typed.items() if shown.get(key) != _digest(key, value)]
    fields = [key for key in mine if key in shown and shown[key] != _digest(key, now[key]) and typed[key] != now[key]]
    if fields:
        raise Conflict("stale", fields=fields, mine=mine)
    return mine
