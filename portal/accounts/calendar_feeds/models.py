"""The address at which somebody's calendar reads her lessons."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import by_account, not_personal, personal, reaches


class CalendarFeed(SchoolOwned):
    """That somebody has an address for her calendar, one at most: it holds a random token, this row its digest."""

    __tablename__ = "calendar_feed"
    __people__ = reaches(
        learner=by_account("account_id"),
        representative=by_account("account_id"),
        contact_person=by_account("account_id"),
        staff="account_id",
    )
    __table_args__ = (
        UniqueConstraint("school_id", "account_id", name="uq_calendar_feed_account_id"),
        UniqueConstraint("school_id", "token_digest", name="uq_calendar_feed_token_digest"),
    )

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    made_at: Mapped[datetime] = mapped_column(info=personal("account"))
