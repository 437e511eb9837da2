"""Reads of a school's terms."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.courses.terms.models import Term


def list_terms() -> Sequence[Term]:
    """Return the school's terms, the latest first."""
    return session.scalars(select(Term).order_by(Term.starts_on.desc(), Term.name)).all()


def get_term(term_id: UUID) -> Term:
    """Return a term; raises NotFound."""
    term = session.get(Term, (current_school_id(), term_id))
    if term is None:
        raise NotFound("term")
    return term


def find_next_term(day: date) -> Term | None:
    """Return the first term that begins after a day, or None."""
    return session.scalars(
        select(Term).where(Term.starts_on > day).order_by(Term.starts_on, Term.name).limit(1)
    ).first()
