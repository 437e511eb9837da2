"""What oversight asks of who opens *Vandaag*, in one statement."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.core.clock import local
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.oversight.access_reviews.models import AccessReview
from portal.oversight.incidents.models import Incident


@dataclass(frozen=True)
class Attention:
    """When access was last reviewed, and how many incidents wait for the decision whether the authority is told."""

    reviewed_on: date | None
    open_incidents: int


def attention() -> Attention:
    """Return what asks attention of who watches over the school's data."""
    review, incident = AccessReview, Incident
    signed = select(func.max(review.signed_at)).where(review.school_id == current_school_id()).scalar_subquery()
    waiting = (
        select(func.count())
        .where(incident.school_id == current_school_id(), incident.is_reported.is_(None))
        .scalar_subquery()
    )
    signed_at, count = session.execute(select(signed, waiting)).one()
    return Attention(local(signed_at).date() if signed_at is not None else None, count)
