"""The school's figures as its page shows them: what was counted in a period beside the one before, row by row."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.core.http.languages import _, _n, written
from portal.hours.figures.models import LEAST_PEOPLE, FigureKind
from portal.hours.figures.queries import GroupName, MonthOfFigures, by_subject, total_of
from portal.learners.trajectories.labels import ROUTES
from portal.learners.trajectories.models import Route
from portal.overview.school.forms import Period, Split
from portal.overview.school.measures import Counted, Line, Measure, number_said, percent_said
from portal.overview.school.small_figures import Periods, Rows, hide_results, hide_small, is_any_few
from portal.overview.school.small_rows import Shared, join_small, join_small_within

_HOUR, _DAY = 60, 24 * 60


def took(minutes: int, answers: int) -> str:
    """Return how long answers took on average, in words; nothing where they are so few that one could be told."""
    if answers < LEAST_PEOPLE:
        return ""
    mean = round(minutes / answers)
    if not mean:
        return _("gemiddeld minder dan een minuut")
    if mean < _HOUR:
        return _n("gemiddeld %(num)s minuut", "gemiddeld %(num)s minuten", mean)
    if mean < 2 * _DAY:
        return _n("gemiddeld %(num)s uur", "gemiddeld %(num)s uur", round(mean / _HOUR))
    return _n("gemiddeld %(num)s dag", "gemiddeld %(num)s dagen", round(mean / _DAY))


@dataclass(frozen=True, kw_only=True)
class MonthColumn:
    """A month in a picture: its name, a value with its words, and whether it is of the period before."""

    label: str
    name: str
    value: int | None
    said: str
    is_before: bool


@dataclass(frozen=True, kw_only=True)
class SchoolInFigures:
    """The page: the whole school, its rows and its months. `counted_at` is the moment of the newest count.

    `is_few`: there are too few people for any row by itself. `months_of_lessons`: in how many months of now and of
    before there were lessons.
    """

    whole: Line
    lines: list[Line]
    percents: list[MonthColumn]
    levels: list[MonthColumn]
    counted_at: datetime | None
    is_few: bool
    months_of_lessons: tuple[int, int]

    @property
    def has_joined(self) -> bool:
        """Say whether some rows are shown as one."""
        return any(line.is_joined for line in self.lines)

    @property
    def has_hidden(self) -> bool:
        """Say whether some figures are not shown."""
        return any(line.now.hidden or line.before.hidden for line in [self.whole, *self.lines])


@dataclass(frozen=True)
class Names:
    """What subjects are called: groups with their courses, and clients, by id."""

    groups: Mapping[str, GroupName]
    clients: Mapping[str, str]


class _Table:
    """The figures that were read, months apart in which the whole school has too few people to be counted."""

    def __init__(self, rows: Sequence[MonthOfFigures], period: Period) -> None:
        wanted = set(period.before.months) | set(period.months)
        few = {row.month for row in rows if row.kind is FigureKind.SCHOOL and row.people < LEAST_PEOPLE}
        self.period = period
        self.rows = [row for row in rows if row.month in wanted and row.month not in few]
        self.months = sorted(wanted)
        self.counted_months = {row.month for row in self.rows if row.kind is FigureKind.SCHOOL}
        self.last_of = {
            each[-1]: max((month for month in each if month in self.counted_months), default=None)
            for each in (period.months, period.before.months)
        }
        """By the last month of each period: the last of its months that is counted."""

    def of(self, kind: FigureKind) -> Mapping[str, list[MonthOfFigures]]:
        return by_subject(self.rows, kind)

    def people(self, kind: FigureKind) -> dict[str, list[int]]:
        """Return by subject how many people stand behind it in each month."""
        found = {}
        for subject, rows in self.of(kind).items():
            by_month = {row.month: row.people for row in rows}
            found[subject] = [by_month.get(month, 0) for month in self.months]
        return found

    @property
    def periods(self) -> Periods:
        """The months that are counted, of now and of before."""
        now, before = (
            [month for month in period.months if month in self.counted_months]
            for period in (self.period, self.period.before)
        )
        return now, before

    def line(
        self, label: str, rows: Collection[MonthOfFigures], *, key: str = "", about: str = "", parent: str = ""
    ) -> Line:
        return Line(
            key=key,
            label=label,
            about=about,
            rows=tuple(rows),
            parent=parent,
            now=self._counted(rows, self.period.months),
            before=self._counted(rows, self.period.before.months),
        )

    def _counted(self, rows: Iterable[MonthOfFigures], months: Sequence[date]) -> Counted:
        inside = [row for row in rows if months[0] <= row.month <= months[-1]]
        last = self.last_of[months[-1]]
        of_last = [row for row in inside if row.month == last]
        learners = sum(row.learners for row in of_last)
        return Counted(figures=total_of(inside), learners=learners, is_counted=last is not None, last=total_of(of_last))


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure of a row: its heading, what it says with what it was (empty where that says nothing), and as a share."""

    heading: str
    said: str
    was: str
    beside: str = ""
    is_share: bool = False
    now: int | None = None
    before: int | None = None


def present_rows(found: SchoolInFigures, measures: Sequence[Measure]) -> list[tuple[Line, list[FigureCell]]]:
    """Return the rows of the table with their cells, that of the whole school last."""
    was, beside = _("was %(value)s", value="%s"), _("%(value)s, periode ervoor %(before)s", value="%s", before="%s")
    empty = frozenset({"–", "0", _("niet getoond")})
    headed = [(str(measure.label), measure) for measure in measures]

    def cell(heading: str, measure: Measure, line: Line) -> FigureCell:
        said, before = measure.said(line.now), measure.said(line.before)
        was_said = "" if before in empty else was % before
        if not measure.is_share:
            return FigureCell(heading, said, was_said)
        told = beside % (said, before)
        return FigureCell(heading, said, was_said, told, True, measure.value(line.now), measure.value(line.before))

    return [(line, [cell(*each, line) for each in headed]) for line in (*found.lines, found.whole)]


def few_of(rows: Sequence[MonthOfFigures], period: Period, split: Split) -> bool:
    """Say whether any row or figure of groups or courses is small, so that it matters who is in several."""
    table = _Table(rows, period)
    return split in {Split.GROUP, Split.COURSE} and bool(
        is_any_few(table.rows)
        or join_small(table.people(FigureKind.COURSE)).joined
        or join_small(table.people(FigureKind.GROUP)).joined
    )


def present_school(
    rows: Sequence[MonthOfFigures], period: Period, split: Split, names: Names, shared: Shared = ()
) -> SchoolInFigures:
    """Return the page of these figures: small rows joined, and sums that give none of them away.

    `shared` has, for each learner who is in several groups, which.
    """
    table = _Table(rows, period)
    whole = [row for row in table.rows if row.kind is FigureKind.SCHOOL]
    lines, is_few = _LINES[split](table, names, shared)
    return SchoolInFigures(
        whole=hide_results(table.line(_("Hele school"), whole), table.periods),
        lines=[] if is_few else lines,
        percents=_columns(table, whole, lambda row: row.figures.percent, percent_said),
        levels=_columns(table, whole, lambda row: row.figures.levels_up, number_said),
        counted_at=max((row.counted_at for row in rows), default=None),
        is_few=is_few,
        months_of_lessons=_months_of_lessons(rows, period),
    )


def _months_of_lessons(rows: Iterable[MonthOfFigures], period: Period) -> tuple[int, int]:
    months = {row.month for row in rows if row.kind is FigureKind.SCHOOL and row.figures.lessons}
    return len(months.intersection(period.months)), len(months.intersection(period.before.months))


def _columns(
    table: _Table,
    whole: Iterable[MonthOfFigures],
    value_of: Callable[[MonthOfFigures], int | None],
    said: Callable[[int | None], str],
) -> list[MonthColumn]:
    by_month = {row.month: value_of(row) for row in whole}
    return [
        MonthColumn(
            label=written("monthname", month),
            name=written("month", month),
            value=by_month.get(month),
            said=said(by_month.get(month)),
            is_before=month < table.period.first,
        )
        for month in table.months
    ]


Lines = tuple[list[Line], bool]
_REST = "rest"


def _by_group(table: _Table, names: Names, shared: Shared) -> Lines:
    found = table.of(FigureKind.GROUP)
    parent_of = {key: names.groups[key].course_id if key in names.groups else "" for key in found}
    courses = {name.course_id: name.course_name for name in names.groups.values()}
    with_groups = set(parent_of.values())  # a course for which somebody only waits has no group to show
    parents = {key: months for key, months in table.people(FigureKind.COURSE).items() if key in with_groups}
    parts = join_small_within(parents, table.people(FigureKind.GROUP), parent_of, shared)
    lines = _in_order(
        table.line(names.groups[key].name, found[key], key=key, about=_about(names.groups[key]), parent=parent_of[key])
        if key in names.groups
        else table.line(_("Zonder groep"), found[key], parent=parent_of[key])
        for key in parts.single
    )
    for course_id, keys in parts.joined.items():
        label = _("Kleine groepen van %(course)s", course=courses.get(course_id, "–"))
        lines.append(_joined(table, label, keys, found, course_id))
    if parts.rest:
        lines.append(_joined(table, _("Andere groepen samen"), parts.rest, found, _REST))
    sums: dict[str, list[MonthOfFigures]] = {}
    for key, rows in table.of(FigureKind.COURSE).items():
        sums.setdefault(key if any(line.parent == key for line in lines) else _REST, []).extend(rows)
    return hide_small(lines, table.periods, shared, sums, _of_courses(names, shared)), parts.is_hidden


def _of_courses(names: Names, shared: Shared) -> list[frozenset[str]]:
    """Return, for each learner who is in several groups, of which courses these are."""
    return [frozenset(names.groups[key].course_id if key in names.groups else "" for key in each) for each in shared]


def _about(group: GroupName) -> str:
    """Return a group's course, where its name doesn't begin with it already."""
    return "" if group.name.startswith(group.course_name) else group.course_name


def _by_course(table: _Table, names: Names, shared: Shared) -> Lines:
    courses = {name.course_id: name.course_name for name in names.groups.values()}
    labels = (_("Zonder cursus"), _("Andere cursussen samen"))
    return _plain(table, FigureKind.COURSE, courses, labels, _of_courses(names, shared))


def _by_client(table: _Table, names: Names, _shared: Shared) -> Lines:
    labels = (_("Zonder opdrachtgever"), _("Andere opdrachtgevers samen"))
    return _plain(table, FigureKind.CLIENT, names.clients, labels)


def _by_route(table: _Table, _names: Names, _shared: Shared) -> Lines:
    routes = {route.value: str(words) for route, words in ROUTES.items() if isinstance(route, Route)}
    return _plain(table, FigureKind.ROUTE, routes, (_("Zonder leerroute"), _("Andere leerroutes samen")))


def _plain(
    table: _Table, kind: FigureKind, names: Mapping[str, str], labels: tuple[str, str], shared: Shared = ()
) -> Lines:
    found = table.of(kind)
    parts = join_small(table.people(kind), shared)
    none, joined = labels
    lines = _in_order(table.line(names.get(key, none), found[key], key=key) for key in parts.single)
    if parts.joined:
        lines.append(_joined(table, joined, parts.joined, found))
    return hide_small(lines, table.periods, shared), parts.is_hidden


def _joined(table: _Table, label: str, keys: Iterable[str], found: Mapping[str, Rows], parent: str = "") -> Line:
    return replace(table.line(label, [row for key in keys for row in found[key]], parent=parent), is_joined=True)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (not line.key, line.label.casefold()))


_LINES: Mapping[Split, Callable[[_Table, Names, Shared], Lines]] = {
    Split.GROUP: _by_group,
    Split.COURSE: _by_course,
    Split.CLIENT: _by_client,
    Split.ROUTE: _by_route,
}
