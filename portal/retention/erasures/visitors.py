"""Erasing what has a term of its own of who asked something or signed up, and herself where nothing else is held."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from portal.contacts.messages.services import erase_questions_over
from portal.core.http.access import Actor
from portal.intakes.applications.services import erase_applications_over


def erase_of_visitors(ids: Sequence[UUID], *, day: date, by: Actor) -> int:
    """Erase the questions and sign-ups of these people that are past their terms; return how many people they were.

    Whoever only asked or signed up goes whole. Entries of the audit say of each person what went. Safe to repeat.
    """
    had = erase_questions_over(ids, day=day, by=by) | erase_applications_over(ids, day=day, by=by)
    return len(had)
