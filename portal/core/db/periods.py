"""What is true of a row that lasts: from a day until perhaps another, until it was ended, or until it expires."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped


def _lasts_until(row: Any, day: Any) -> bool:
    return bool(row.ends_on is None or row.ends_on >= day)


def _lasts_until_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return or_(table.ends_on.is_(None), table.ends_on >= day)


def _has_expired(row: Any, moment: Any) -> bool:
    return bool(row.expires_at <= moment)


def _has_expired_in_sql(table: Any, moment: Any) -> ColumnElement[bool]:
    return and_(table.expires_at <= moment)


def _holds_on(row: Any, day: Any) -> bool:
    return bool(row.starts_on <= day and _lasts_until(row, day))


def _holds_on_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return and_(table.starts_on <= day, _lasts_until_in_sql(table, day))


class HasPeriod:
    """A table with a first day, `starts_on`, and perhaps a last one, `ends_on`, that still counts.

    In a statement the day may be a column or a parameter.
    """

    if TYPE_CHECKING:
        starts_on: Mapped[date]
        ends_on: Mapped[date | None]

    lasts_until = hybrid_method(_lasts_until, _lasts_until_in_sql)
    """Whether it has not ended before a day."""

    holds_on = hybrid_method(_holds_on, _holds_on_in_sql)
    """Whether a day is in the period, first and last included."""

    @hybrid_property
    def is_open_ended(self) -> bool:
        """Say whether it has no last day."""
        return self.ends_on is None

    @is_open_ended.inplace.expression
    @classmethod
    def _is_open_ended(cls) -> ColumnElement[bool]:
        return cls.ends_on.is_(None)


class HasEnding:
    """A table whose rows are in force until the moment at which somebody or something ended them, `ended_at`."""

    if TYPE_CHECKING:
        ended_at: Mapped[datetime | None]

    @hybrid_property
    def is_in_force(self) -> bool:
        """Say whether it wasn't ended."""
        return self.ended_at is None

    @is_in_force.inplace.expression
    @classmethod
    def _is_in_force(cls) -> ColumnElement[bool]:
        return cls.ended_at.is_(None)


class HasExpiry:
    """A table whose rows are good until a moment, `expires_at`, that no longer counts."""

    if TYPE_CHECKING:
        expires_at: Mapped[datetime]

    has_expired = hybrid_method(_has_expired, _has_expired_in_sql)
    """Whether that moment has come by this one."""
