"""Reads of kept views."""

from sqlalchemy import Text, Uuid, bindparam, select

from portal.accounts.models import SavedView
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.http.access import Actor

_VIEW = select(SavedView.kept).where(
    SavedView.school_id == bindparam("school", type_=Uuid()),
    SavedView.account_id == bindparam("account", type_=Uuid()),
    SavedView.page == bindparam("page", type_=Text()),
)


def find_view(page: str, by: Actor) -> str | None:
    """Return how somebody wants to find a list, as the address has it; None where she kept nothing."""
    values = {"school": current_school_id(), "account": by.account_id, "page": page}
    return read(_VIEW, values).scalar_one_or_none()
