"""The forecast as staff read it: past a term, held back, waiting, and by month and kind of person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.clock import today
from portal.core.http.languages import _, comma, language
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.retention.ends.kinds import EndKind, RowKind
from portal.retention.ends.terms import terms_of_kind
from portal.retention.forecast.queries import NOBODY, Forecast, count_endings
from portal.retention.invoices.queries import count_past_term
from portal.retention.labels import PEOPLE, USES
from portal.retention.runs.queries import KINDS, count_held_back

_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """How many people of a kind come past a term in a month, and which categories."""

    kind: str
    people: int
    categories: str


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """A month with the kinds of people of whom something goes in it."""

    month: date
    people: int
    lines: list[KindLine]


@dataclass(frozen=True, kw_only=True)
class ForecastView:
    """Of the whole school: who is past a term, how many of them a hold keeps, and the months to come."""

    people: int
    overdue: int
    held: int
    invoices: int
    months: list[MonthLine]


def present_forecast(scope: Scope) -> ForecastView:
    """Return the forecast of this school for a year from today."""
    day = today()
    found = {kind: count_endings(kind, day, scope, until=_months_on(day, _MONTHS)) for kind in KINDS}
    months = sorted({month for each in found.values() for month in each.by_month})
    return ForecastView(
        people=sum(found[kind].people for kind in PersonKind),
        overdue=sum(each.overdue.people for each in found.values()),
        held=count_held_back(day, scope),
        invoices=count_past_term(scope),
        months=[_month(month, found) for month in months],
    )


def _month(month: date, found: Mapping[EndKind, Forecast]) -> MonthLine:
    endings = {kind: each.by_month.get(month, NOBODY) for kind, each in found.items()}
    return MonthLine(
        month=month,
        people=sum(each.people for each in endings.values()),
        lines=[
            KindLine(kind=str(PEOPLE[kind]), people=each.people, categories=titles_of(kind, each.by_category))
            for kind, each in endings.items()
            if each.people
        ],
    )


def titles_of(kind: EndKind, categories: Collection[str]) -> str:
    """Return the titles of categories of such people, in the order of the policy; or that it is everything."""
    policy, lang = current_policy(), language()
    if isinstance(kind, RowKind):
        return comma().join(str(label) for use, label in USES.items() if use in categories)
    everything = {each for term in terms_of_kind(policy, kind) for each in term.categories}
    if everything <= set(categories):
        return _("alle gegevens")
    return comma().join(str(policy.text(each.title, lang)) for each in policy.categories if each.key in categories)


def _months_on(day: date, months: int) -> date:
    """Return the first day of the month that comes so many months after that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
