"""Which months are asked for, against which before them, and by what the figures are split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.courses.terms.models import Term
from portal.hours.figures.models import FigureKind
from portal.hours.figures.months import month_of, months_between, months_on

MOST_BACK = 36
"""So many months back a period may begin."""


class Span(StrEnum):
    """How long a period is, as the address has it."""

    MONTH = "maand"
    QUARTER = "kwartaal"
    HALF = "halfjaar"
    TERM = "lesperiode"
    OWN = "eigen"


_LENGTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF: 6}
_FIRST_OF_SCHOOL_YEAR = 8


class Split(StrEnum):
    """By what figures are split, as the address has it."""

    GROUP = "groep"
    COURSE = "cursus"
    CLIENT = "opdrachtgever"
    ROUTE = "leerroute"


@dataclass(frozen=True)
class Period:
    """Some whole months, from the first to the last, both given by their first day.

    Of a term of the school `name` and `key` are its own; `earlier` and `later` are the terms beside it.
    """

    first: date
    last: date
    span: Span
    name: str = ""
    key: str = ""
    earlier: "Period | None" = None
    later: "Period | None" = None

    @property
    def months(self) -> list[date]:
        """Its months."""
        return list(months_between(self.first, self.last))

    @property
    def before(self) -> "Period":
        """The term before it, or else the period of the same length before it."""
        return self.earlier or self._moved(-len(self.months))

    @property
    def following(self) -> "Period | None":
        """The period of the same length after it, of a term the next one; None where that hasn't begun."""
        later = self.later if self.span is Span.TERM else self._moved(len(self.months))
        return later if later is not None and later.first <= today() else None

    def _moved(self, months: int) -> "Period":
        span = Span.OWN if self.span is Span.TERM else self.span
        return Period(months_on(self.first, months), months_on(self.last, months), span)

    @property
    def is_running(self) -> bool:
        """Say whether it isn't over yet."""
        return today() < months_on(self.last, 1)

    @property
    def address(self) -> dict[str, str]:
        """How an address asks for it."""
        asked = {"periode": self.span.value}
        if self.span is Span.TERM:
            return {**asked, "welke": self.key}
        if self.span is Span.OWN:
            return {**asked, "van": f"{self.first:%Y-%m}", "tot": f"{self.last:%Y-%m}"}
        return {**asked, "rond": f"{self.first:%Y-%m}"}


def earliest() -> date:
    """Return the first month that can be asked for."""
    return months_on(month_of(today()), -MOST_BACK)


def period_with(span: Span, month: date) -> Period:
    """Return the month, the quarter or the half of the school year, from August on, that a month is in."""
    length = _LENGTHS[span]
    first_of_year = _FIRST_OF_SCHOOL_YEAR if span is Span.HALF else 1
    first = months_on(month, -((month.month - first_of_year) % length))
    return Period(first, months_on(first, length - 1), span)


def period_asked(arguments: Mapping[str, str], terms: Sequence[Term] = ()) -> Period:
    """Return the period that an address asks for, the running quarter without one; raises Invalid.

    Months that can't be asked for become the nearest that can; a period that ends before it begins is turned round.
    `terms` are those of the school, the latest first.
    """
    try:
        span = Span(arguments.get("periode", Span.QUARTER))
    except ValueError:
        raise Invalid("periode", "unknown_period") from None
    if span is Span.TERM:
        return _term_asked(arguments, periods_of(terms))
    if span is not Span.OWN:
        return period_with(span, _month(arguments, "rond"))
    first, last = sorted((_month(arguments, "van"), _month(arguments, "tot")))
    return Period(first, last, span)


def periods_of(terms: Sequence[Term]) -> list[Period]:
    """Return the terms that have begun as periods of whole months, the latest first, each with those beside it.

    A month in which one ends and the next begins is of the next one.
    """
    found: list[Period] = []
    for term in sorted(terms, key=lambda each: each.starts_on):
        first, last = month_of(term.starts_on), month_of(term.ends_on)
        if first < earliest() or term.starts_on > today():
            continue
        earlier = found[-1] if found and found[-1].first < first else None
        if earlier is not None:
            earlier = replace(earlier, last=min(earlier.last, months_on(first, -1)), earlier=None)
        found.append(Period(first, last, Span.TERM, name=term.name, key=str(term.id), earlier=earlier))
    latest = found[::-1]
    return [
        replace(period, later=replace(latest[at - 1], earlier=None) if at else None) for at, period in enumerate(latest)
    ]


def _term_asked(arguments: Mapping[str, str], periods: Sequence[Period]) -> Period:
    asked = arguments.get("welke")
    for period in periods:
        if period.key == asked or asked is None:
            return period
    raise Invalid("welke", "unknown_period")


def _month(arguments: Mapping[str, str], name: str) -> date:
    this = month_of(today())
    asked = arguments.get(name)
    try:
        month = date.fromisoformat(f"{asked}-01") if asked else this
    except ValueError:
        raise Invalid(name, "unknown_day") from None
    return min(max(month, earliest()), this)


def split_asked(arguments: Mapping[str, str]) -> Split:
    """Return by what an address asks the figures; by group without one. Raises Invalid."""
    try:
        return Split(arguments.get("per", Split.GROUP))
    except ValueError:
        raise Invalid("per", "unknown_order") from None


def kinds_of(split: Split) -> tuple[FigureKind, ...]:
    """Return the kinds of figures that are read for it: groups stand within their courses."""
    return _KINDS[split]


_KINDS = {
    Split.GROUP: (FigureKind.SCHOOL, FigureKind.COURSE, FigureKind.GROUP),
    Split.COURSE: (FigureKind.SCHOOL, FigureKind.COURSE, FigureKind.GROUP),
    Split.CLIENT: (FigureKind.SCHOOL, FigureKind.CLIENT),
    Split.ROUTE: (FigureKind.SCHOOL, FigureKind.ROUTE),
}
