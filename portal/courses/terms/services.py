"""Adding a term and taking it away. Groups and lessons keep their own days whatever becomes of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.terms.models import Term
from portal.courses.terms.queries import get_term
from portal.permissions import Permission


def add_term(*, name: str, starts_on: date, ends_on: date, by: Actor) -> Term:
    """Add a term. Raises Invalid for a name that is taken, or an end before the beginning."""
    by.must(Permission.TIMETABLE_KEEP)
    if ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if session.scalar(select(exists().where(Term.name == name))):
        raise Invalid("term.name", "name_taken")
    term = Term(name=name, starts_on=starts_on, ends_on=ends_on)
    session.add(term)
    session.flush()
    audit.record("courses.term_added", subject=("term", term.id), by=by)
    return term


def remove_term(term_id: UUID, *, by: Actor) -> None:
    """Take a term away. Raises NotFound."""
    by.must(Permission.TIMETABLE_KEEP)
    session.delete(get_term(term_id))
    session.flush()
    audit.record("courses.term_removed", subject=("term", term_id), by=by)
