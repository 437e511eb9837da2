"""Order and invoice lines of a learner; amounts in cents of a euro."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import personal, reaches_learner
from portal.learners.record.models import Originated


class InvoiceLine(Originated, SchoolOwned):
    """A line of an invoice; the amount in cents of a euro."""

    __tablename__ = "invoice_line"
    __people__ = reaches_learner()
    __table_args__ = (CheckConstraint("amount_cents between -100000000 and 100000000", name="amount"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("finance"))
    number: Mapped[str] = mapped_column(String(40), info=personal("finance"))
    issued_on: Mapped[date] = mapped_column(info=personal("finance"))
    description: Mapped[str] = mapped_column(String(200), info=personal("finance"))
    amount_cents: Mapped[int] = mapped_column(info=personal("finance"))
    paid_on: Mapped[date | None] = mapped_column(info=personal("finance"))


class OrderLine(Originated, SchoolOwned):
    """Something that was ordered (LL-03)."""

    __tablename__ = "order_line"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("finance"))
    ordered_on: Mapped[date] = mapped_column(info=personal("finance"))
    description: Mapped[str] = mapped_column(String(200), info=personal("finance"))
