"""What retention keeps of its own: each night's run, holds, and of whom a part went while the rest is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import PersonKind, by_account, not_personal, personal, reaches, reaches_learner


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    WAITS = "waits"
    """More people are due than may go without somebody's word: it waits for that."""


class RetentionRun(SchoolOwned):
    """The run of one night: how many people were due, how many of them went in whole or in part, and what waits.

    `waiting` counts whom the cap holds back. Whoever confirms a run says that so many people may go, who were past a
    term on its day: they go in parts, in that night and the ones after it; `carried_out` counts them.

    The first night that finds people who are long past a term takes none of them: `announced` says how many, and until
    `announced_until` the school looks who they are. As long before `ran_on` their terms were over (`long_over_on`).
    """

    __tablename__ = "retention_run"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("confirmed_by"))
    __table_args__ = (
        UniqueConstraint("school_id", "ran_on", name="uq_retention_run_ran_on"),
        CheckConstraint("(announced > 0) = (announced_until is not null)", name="announced_with_day"),
        CheckConstraint("(confirmed_at is null) = (confirmed_people is null)", name="confirmed_with_number"),
    )

    ran_on: Mapped[date] = mapped_column(info=not_personal())
    started_at: Mapped[datetime] = mapped_column(info=not_personal())
    ended_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    state: Mapped[RunState] = one_of(RunState, info=not_personal())
    is_first: Mapped[bool] = mapped_column(info=not_personal())
    cap: Mapped[int] = mapped_column(info=not_personal())
    due: Mapped[int] = mapped_column(default=0, server_default="0", info=not_personal())
    erased: Mapped[int] = mapped_column(default=0, server_default="0", info=not_personal())
    waiting: Mapped[int] = mapped_column(default=0, server_default="0", info=not_personal())
    announced: Mapped[int] = mapped_column(default=0, server_default="0", info=not_personal())
    announced_until: Mapped[date | None] = mapped_column(info=not_personal())
    confirmed_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    confirmed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="confirmed_by"))
    confirmed_by_name: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=personal("activity", of="confirmed_by", identifies=True)
    )
    confirmed_people: Mapped[int | None] = mapped_column(info=not_personal())
    carried_out: Mapped[int] = mapped_column(default=0, server_default="0", info=not_personal())

    @property
    def long_over_on(self) -> date:
        """The day on which the terms of who was announced were over; the day itself where nobody was."""
        return self.ran_on - ((self.announced_until or self.ran_on) - self.ran_on)

    @property
    def left(self) -> int:
        """How many of those who were confirmed haven't gone yet."""
        return (self.confirmed_people or 0) - self.carried_out

    def nights(self, people: int) -> int:
        """Return in how many nights so many people go, at no more a night than in this one."""
        return max(1, ceil(people / self.cap))

    @property
    def is_under_way(self) -> bool:
        """Say whether it was confirmed and not all of them have gone."""
        return self.confirmed_at is not None and self.left > 0


class PartialEnding(SchoolOwned):
    """That a part of what is held of a learner went at the end of its term, and the rest stays for longer.

    What ended on `ended_on` or before is gone but for what her row can't do without. Once she is back her days are
    later, and all counts anew.
    """

    __tablename__ = "partial_ending"
    __people__ = reaches_learner()
    __seen_when_restricted__ = "it says what is gone, so that the run doesn't look at her each night"
    __table_args__ = (UniqueConstraint("school_id", "learner_id", name="uq_partial_ending_learner"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    ended_on: Mapped[date] = mapped_column(info=personal("dealings"))
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=personal("dealings"))
    erased_at: Mapped[datetime] = mapped_column(info=personal("dealings"))


class HoldReason(StrEnum):
    """Why something may stay past its term; there are no others."""

    CLAIM = "claim"
    """A legal claim (AVG art. 17(3)e)."""
    PENDING = "pending"
    """A request or a complaint of hers that isn't done with."""
    INCIDENT = "incident"
    """An incident that is looked into."""
    FINANCIER = "financier"
    """An audit by who paid for her course."""
    LAW = "law"
    """A law asks it (AVG art. 17(3)b)."""


def _is_in_force_on(hold: Any, day: Any) -> bool:
    return hold.ended_at is None and hold.ends_on >= day


def _is_in_force_on_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return and_(table.ended_at.is_(None), table.ends_on >= day)


HOLDERS: Mapping[PersonKind, str] = {
    PersonKind.LEARNER: "learner_id",
    PersonKind.CONTACT_PERSON: "contact_person_id",
    PersonKind.STAFF: "account_id",
}
"""The column that says whose data a hold keeps, by what she is to the school; who acts for a learner is kept with her.
"""


class RetentionHold(SchoolOwned):
    """That nothing of one person goes at the end of its term, until a day: why, and who said so. She reads it.

    `details` says which claim, law or audit. It ends by itself after `ends_on`, or before that by somebody's word.
    """

    __tablename__ = "retention_hold"
    __people__ = reaches(
        learner="learner_id",
        representative=None,
        contact_person="contact_person_id",
        staff=("account_id", by_account("set_by"), by_account("ended_by")),
        is_of_one=True,
    )
    __seen_when_restricted__ = "it says what must stay, and is read so that it does"
    __table_args__ = (
        CheckConstraint(f"num_nonnulls({', '.join(HOLDERS.values())}) = 1", name="of_one_person"),
        CheckConstraint("reason <> 'law' or details <> ''", name="law_is_named"),
    )

    learner_id: Mapped[UUID | None] = reference("learner", info=personal("dealings"), nullable=True)
    contact_person_id: Mapped[UUID | None] = reference("contact_person", info=personal("dealings"), nullable=True)
    account_id: Mapped[UUID | None] = reference("account", info=personal("dealings"), nullable=True)
    reason: Mapped[HoldReason] = one_of(HoldReason, info=personal("dealings"))
    details: Mapped[str] = mapped_column(String(400), default="", info=personal("dealings"))
    ends_on: Mapped[date] = mapped_column(info=personal("dealings"))
    set_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    set_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="set_by"))
    set_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="set_by", identifies=True))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    ended_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="ended_by"))
    ended_by_name: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=personal("activity", of="ended_by", identifies=True)
    )

    @property
    def person_kind(self) -> PersonKind:
        """Return what she is to the school whose data it keeps."""
        return next(kind for kind, column in HOLDERS.items() if getattr(self, column) is not None)

    @property
    def person_id(self) -> UUID:
        """Return the id of whose data it keeps."""
        found: UUID = getattr(self, HOLDERS[self.person_kind])
        return found

    is_in_force_on = hybrid_method(_is_in_force_on, _is_in_force_on_in_sql)
    """Whether it keeps her data on a day."""
