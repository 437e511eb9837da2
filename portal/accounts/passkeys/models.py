"""The passkeys of accounts: of each the public half of a key whose other half stays in somebody's phone or laptop."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.db.base import SchoolOwned, reference, related
from portal.core.personal_data import not_personal, personal, reaches_account


class Passkey(SchoolOwned):
    """A passkey of an account, under the name (`label`) that its owner gave it.

    It works at one host of the school, where it was made. `sign_count` is what the device last counted; many count
    nothing and say 0. `stopped_at`: it counted back, so there may be two of it, and it opens nothing any more.
    """

    __tablename__ = "passkey"
    __people__ = reaches_account("account_id")
    __table_args__ = (UniqueConstraint("school_id", "credential_id", name="uq_passkey_credential_id"),)

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    label: Mapped[str] = mapped_column(String(60), info=personal("account"))
    host: Mapped[str] = mapped_column(String(253), info=not_personal())
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0, info=not_personal())
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=personal("account"))
    last_used_at: Mapped[datetime | None] = mapped_column(info=personal("activity"))
    stopped_at: Mapped[datetime | None] = mapped_column(info=personal("account"))

    account: Mapped[Account] = related("Passkey", "Account", "account_id")
