"""The figures of the school's page one by one: what each counts, how it is said, how many people stand behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from flask_babel import LazyString

from portal.core.http.languages import _, _l, written
from portal.hours.figures.queries import Figures, MonthOfFigures
from portal.overview.school.forms import Split


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was counted of some rows in one period; `learners` and `last` in its last month that is counted.

    `hidden` are the keys of measures that are not shown: too few people stand behind them, or behind what they tell of.
    """

    figures: Figures
    learners: int
    is_counted: bool
    last: Figures = field(default_factory=Figures)
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the table: the figures of now beside those of before. `key` is that of its one subject, if it has one.

    `is_joined`: several small ones are shown as one. `rows` were added up; `parent` is the sum that they are a part of.
    """

    key: str
    label: str
    about: str
    now: Counted
    before: Counted
    is_joined: bool = False
    rows: tuple[MonthOfFigures, ...] = ()
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One of the figures: what it is called, how it is drawn and said, and which feature of the policy it needs.

    `of_lessons`: it is of lessons, so that no client or route has it. `is_share`: in percent. `not_by` are splits by
    which it says nothing. `people_of` tells how many people stand behind it in a month, of what only some learners
    have; `is_result`: it tells how they did, so that it is not shown of few in the whole school either. `of_last`: it
    is of the last month alone.
    """

    key: str
    label: LazyString
    number_of: Callable[[Counted], int | None]
    words_of: Callable[[Counted], str]
    features: tuple[str, ...] = ()
    of_lessons: bool = False
    is_share: bool = False
    not_by: frozenset[Split] = frozenset()
    people_of: Callable[[MonthOfFigures], int] | None = None
    is_result: bool = False
    of_last: bool = False

    def is_hidden(self, counted: Counted) -> bool:
        """Say whether it is not shown, so that nobody is recognised by it."""
        return self.key in counted.hidden

    def value(self, counted: Counted) -> int | None:
        """Return it as a number; None where none of the months was counted or it is not shown."""
        return self.number_of(counted) if counted.is_counted and not self.is_hidden(counted) else None

    def said(self, counted: Counted) -> str:
        """Return it in words."""
        if self.is_hidden(counted):
            return _("niet getoond")
        return self.words_of(counted) if counted.is_counted else "–"


def number_said(value: int | None) -> str:
    """Return a number as the page's language writes it."""
    return "–" if value is None else written("number", value)


def percent_said(value: int | None) -> str:
    """Return a share in percent, in words."""
    return "–" if value is None else _("%(number)s%%", number=value)


def _occupancy(counted: Counted) -> int | None:
    last = counted.last
    return round(100 * last.places_taken / last.places) if last.places else None


def _exams(counted: Counted) -> str:
    figures = counted.figures
    if not figures.exams:
        return "–"
    return _("%(passed)s van %(taken)s", passed=number_said(figures.exams_passed), taken=number_said(figures.exams))


def _behind(count: str, people: str) -> Callable[[MonthOfFigures], int]:
    """Return what tells the people behind a count; one at least where there is a count, as before they were counted."""
    counts, behind = attrgetter(count), attrgetter(people)

    def people_of(row: MonthOfFigures) -> int:
        return max(behind(row.figures), 1) if counts(row.figures) else 0

    return people_of


MEASURES: tuple[Measure, ...] = (
    Measure(
        key="attendance",
        label=_l("Aanwezigheid"),
        number_of=lambda counted: counted.figures.percent,
        words_of=lambda counted: percent_said(counted.figures.percent),
        features=("attendance",),
        is_share=True,
        people_of=lambda row: row.people if row.figures.marks else 0,
        is_result=True,
    ),
    Measure(
        key="learners",
        label=_l("Cursisten"),
        number_of=lambda counted: counted.learners,
        words_of=lambda counted: number_said(counted.learners),
    ),
    Measure(
        key="open",
        label=_l("Open registers"),
        number_of=lambda counted: counted.figures.lessons_open,
        words_of=lambda counted: number_said(counted.figures.lessons_open),
        features=("attendance",),
        of_lessons=True,
    ),
    Measure(
        key="occupancy",
        label=_l("Bezetting"),
        number_of=_occupancy,
        words_of=lambda counted: percent_said(_occupancy(counted)),
        of_lessons=True,
        is_share=True,
    ),
    Measure(
        key="waiting",
        label=_l("Wachtlijst"),
        number_of=lambda counted: counted.last.waiting,
        words_of=lambda counted: number_said(counted.last.waiting),
        not_by=frozenset({Split.GROUP}),
        people_of=lambda row: row.figures.waiting,
        of_last=True,
    ),
    Measure(
        key="levels",
        label=_l("Niveaus omhoog"),
        number_of=lambda counted: counted.figures.levels_up,
        words_of=lambda counted: number_said(counted.figures.levels_up),
        features=("levels",),
        people_of=_behind("levels_up", "levels_people"),
    ),
    Measure(
        key="exams",
        label=_l("Examens gehaald"),
        number_of=lambda counted: counted.figures.exams_passed,
        words_of=_exams,
        features=("exams",),
        people_of=_behind("exams", "exams_people"),
        is_result=True,
    ),
    Measure(
        key="corrections",
        label=_l("Voorgestelde wijzigingen"),
        number_of=lambda counted: counted.figures.corrections,
        words_of=lambda counted: number_said(counted.figures.corrections),
        people_of=_behind("corrections", "corrections_people"),
    ),
    Measure(
        key="withdrawals",
        label=_l("Ingetrokken toestemmingen"),
        number_of=lambda counted: counted.figures.withdrawals,
        words_of=lambda counted: number_said(counted.figures.withdrawals),
        people_of=_behind("withdrawals", "withdrawals_people"),
    ),
)


def measures_for(split: Split | None, is_on: Callable[[str], bool]) -> list[Measure]:
    """Return the figures that a table split like this has, at a school with these features; None: of the school."""
    return [
        each
        for each in MEASURES
        if not (each.of_lessons and split in {Split.CLIENT, Split.ROUTE})
        and split not in each.not_by
        and (not each.features or any(is_on(feature) for feature in each.features))
    ]


def measures_in_table(measures: Sequence[Measure], whole: Line) -> list[Measure]:
    """Return the figures that have a column: places and who waits only where the school has any, now or before."""
    periods = (whole.now.last, whole.before.last)
    is_there = {"occupancy": any(each.places for each in periods), "waiting": any(each.waiting for each in periods)}
    return [measure for measure in measures if is_there.get(measure.key, True)]
