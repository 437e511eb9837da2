"""Identifiers sort by when they were made, so that a moment bounds them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from portal.core.db.base import new_id, new_ids, oldest_id


def _made_at(identifier: UUID) -> datetime:
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def test_identifiers_sort_by_when_they_were_made() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert made[-1] < UUID(new_ids(1)[0])


def test_the_oldest_identifier_is_below_all_that_were_made_since() -> None:
    first = new_id()
    assert oldest_id(timedelta(seconds=5)) < first < new_id()
    assert oldest_id(timedelta(days=31)) < oldest_id(timedelta(days=30, seconds=5))
    far = _made_at(new_id()) - _made_at(oldest_id(timedelta(days=30)))
    assert timedelta(days=29, hours=23) < far < timedelta(days=30, hours=1)
