"""What a restored database must not bring back of representatives: authorisations that ended."""

from sqlalchemy import select, update

from portal.core.clock import now
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import tried_rows
from portal.representation.models import Representative


def end_authorisations_again(ended: EndingsSince) -> int:
    """End authorisations again, and return how many."""
    here = Representative.school_id == current_school_id()
    held = session.scalars(select(Representative.id).where(here, Representative.is_in_force)).all()
    ids = ended.among(Ending.AUTHORISATION, held)
    if ids:
        session.execute(update(Representative).where(here, Representative.id.in_(ids)).values(ended_at=now()))
    return len(ids)


TRIED = (
    tried_rows(
        Ending.AUTHORISATION, "ended authorisations hold", Representative.id, lambda: [Representative.is_in_force]
    ),
)
AGAIN = (AppliedAgain(Ending.AUTHORISATION, end_authorisations_again),)
