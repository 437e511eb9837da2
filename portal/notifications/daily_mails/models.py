"""When somebody last got the mail of the day, and whether she wants it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import by_account, personal, reaches


class DailyMail(SchoolOwned):
    """Whether the holder of an account wants the mail of the day, and when she last got it: who has no row wants it."""

    __tablename__ = "daily_mail"
    __people__ = reaches(
        learner=by_account("account_id"),
        representative=by_account("account_id"),
        contact_person=by_account("account_id"),
        staff="account_id",
    )
    __table_args__ = (UniqueConstraint("school_id", "account_id", name="uq_daily_mail_account_id"),)

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    is_off: Mapped[bool] = mapped_column(default=False, info=personal("account"))
    last_sent_at: Mapped[datetime | None] = mapped_column(info=personal("account"))
