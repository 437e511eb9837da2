"""Counts of what management and the hosting see to: reviews of access, measures, incidents, backups."""

from datetime import timedelta

from portal.assurance.figures.keys import Count
from portal.config import settings
from portal.core.alarms.hosting_notes import Task, find_note
from portal.core.clock import now
from portal.core.crypto import backup_keys
from portal.core.redis import with_redis
from portal.oversight.access_reviews.queries import count_measures, is_reviewed_in_time
from portal.oversight.incidents.queries import count_reported_in_time, count_told_people
from portal.policy.schema import Policy


def count_access_reviews(_policy: Policy, _subject: str) -> Count:
    """Return one of one where who can reach what was looked at and signed within a quarter (OP-09)."""
    return Count(int(is_reviewed_in_time()), 1)


def count_attested_measures(_policy: Policy, _subject: str) -> Count:
    """Return how many measures are in place, by what management signed last (LL-17)."""
    return Count(*count_measures())


def count_reported_incidents(_policy: Policy, _subject: str) -> Count:
    """Return how many incidents were reported or decided on within 72 hours, of those decided or too late undecided."""
    return Count(*count_reported_in_time())


def count_people_told_of_incidents(_policy: Policy, _subject: str) -> Count:
    """Return how many of whom the school decided to tell of an incident were told (AVG art. 34)."""
    return Count(*count_told_people())


def count_made_backups(_policy: Policy, _subject: str) -> Count:
    """Return whether the newest backup is as new as the hosting wants (OP-07).

    A backup counts by its key, which is there as long as it opens.
    """
    newest = backup_keys.newest_made_at()
    is_made = newest is not None and now() - newest <= timedelta(hours=settings().backup_hours)
    return Count(int(is_made), 1)


def count_tried_restores(_policy: Policy, _subject: str) -> Count:
    """Return whether the last drill went well, and not longer ago than the hosting lets it be (OP-07).

    Nothing to measure where no drill is known and the hosting set no term for one. Where it did, a drill that nobody
    knows of any more is none.
    """
    within = settings().drill_hours
    drill = with_redis(lambda client: find_note(client, Task.DRILL), lambda: None)
    if drill is None:
        return Count(0, int(within > 0))
    good_at = drill.last_good if drill.failure is None else None
    is_good = good_at is not None and (not within or now() - good_at <= timedelta(hours=within))
    return Count(int(is_good), 1)
