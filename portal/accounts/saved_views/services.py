"""Keeping how a list is found."""

from sqlalchemy import select

from portal.accounts.models import SavedView
from portal.core import audit
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor


def keep_view(page: str, kept: str, *, by: Actor) -> None:
    """Let somebody find a list so from now on: its filter and order, as the address has them."""
    if by.account_id is None:
        raise NotFound("account")
    mine = select(SavedView).where(
        SavedView.school_id == current_school_id(), SavedView.account_id == by.account_id, SavedView.page == page
    )
    row = session.scalar(mine.with_for_update())
    if row is None:
        row = SavedView(account_id=by.account_id, page=page)
        session.add(row)
    row.kept, row.saved_at = kept, now()
    session.flush()
    audit.record("accounts.view_kept", subject=("account", by.account_id), facts={"page": page}, by=by)
