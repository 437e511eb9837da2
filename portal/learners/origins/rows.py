"""The rows that say where values came from, before they are stored; nothing here reads or writes."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.learners.record.models import OWN_RECORD, Source


def origin_rows(
    learner_id: UUID,
    values: Mapping[str, Any],
    *,
    source: Source,
    channel: str | None,
    grounds: Mapping[str, str] | None = None,
    entry_id: UUID = OWN_RECORD,
) -> list[dict[str, Any]]:
    """Return the rows that say where values came from, of her own row or of an entry; an empty value has no origin."""
    return [
        {
            "id": new_id(),
            "school_id": current_school_id(),
            "learner_id": learner_id,
            "field": key,
            "entry_id": entry_id,
            "source": source,
            "channel": channel,
            "since_on": today(),
            "ground": (grounds or {}).get(key) or None,
        }
        for key, value in values.items()
        if value is not None
    ]


def emptied_rows(learner_id: UUID, fields: Iterable[str], *, channel: str | None) -> list[dict[str, Any]]:
    """Return the rows that say that a learner emptied these fields herself, so that no file fills them again unseen."""
    return origin_rows(learner_id, dict.fromkeys(fields, ""), source=Source.LEARNER, channel=channel)
