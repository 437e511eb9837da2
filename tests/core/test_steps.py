"""Which step somebody can take back when she comes back to a page."""

from datetime import timedelta
from uuid import uuid4

from portal.core.clock import now
from portal.core.steps import last_step_of

HER, OTHER = uuid4(), uuid4()


def test_the_last_step_of_today_that_she_took_for_several() -> None:
    earlier, later = now() - timedelta(seconds=2), now()
    rows = [
        ("first", HER, earlier),
        ("first", HER, earlier),
        ("second", HER, later),
        ("second", HER, later),
        ("one row", HER, later + timedelta(seconds=1)),
        ("another's", OTHER, later + timedelta(seconds=2)),
        ("another's", OTHER, later + timedelta(seconds=2)),
        (None, None, None),
    ]
    assert last_step_of(HER, rows) == ("second", 2)
    assert last_step_of(HER, rows[:2]) == ("first", 2)
    assert last_step_of(HER, rows[4:]) is None
    assert last_step_of(None, rows) is None
    assert last_step_of(HER, [("old", HER, now() - timedelta(days=1))] * 2) is None
