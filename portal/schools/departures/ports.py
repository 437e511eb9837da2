"""What must be known of a school that leaves from rooms above."""

from collections.abc import Callable

from portal.core.ports import Port

STILL_OPEN: Port[Callable[[], int]] = Port("schools.still_open")
"""Called in the school that leaves: returns how many of one kind wait for an answer, such as requests."""
