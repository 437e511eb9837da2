"""What can be handed over, in words."""

from collections.abc import Iterator

from portal.core.http.languages import _, _n, written
from portal.courses.teachers.queries import Taught
from portal.overview.handovers.forms import WorkLine
from portal.overview.handovers.queries import Work
from portal.overview.handovers.services import WorkKind


def lines_of(work: Work) -> list[WorkLine]:
    """Return a line for each thing that somebody has: groups first, then lessons, learners, whom she stands in for."""
    return list(_lines(work))


def _lines(work: Work) -> Iterator[WorkLine]:
    for taught in work.taught:
        about = (*_period(taught), *_waiting(work.evaluations.get(taught.group_id, 0)))
        yield WorkLine(f"groep-{taught.id}", WorkKind.GROUP, taught.group_name, about, taught.id, taught.group_id)
    if work.lessons:
        count = len(work.lessons)
        first = written("weekday", work.lessons[0].held_on)
        about = (_n("%(num)s les, op %(day)s", "%(num)s lessen, de eerste op %(day)s", count, day=first),)
        yield WorkLine("lessen", WorkKind.LESSONS, _("Losse lessen als vervanger"), about)
    if work.learners:
        yield WorkLine("cursisten", WorkKind.LEARNERS, _("Cursisten in begeleiding"), _of_learners(work))
    for row in work.stood_in:
        until = written("date", row.ends_on)
        about = (_("als begeleider, tot en met %(day)s", day=until),)
        name = _("Vervangt %(name)s", name=row.coach.name)
        yield WorkLine(f"vervanging-{row.id}", WorkKind.STANDING_IN, name, about, row.id, row.coach_id)


def _period(taught: Taught) -> Iterator[str]:
    if taught.is_substitute:
        yield _("als vervanger")
    if taught.ends_on is not None:
        yield _("tot en met %(day)s", day=written("date", taught.ends_on))
    yield _n("%(num)s les gepland", "%(num)s lessen gepland", taught.lessons)


def _waiting(evaluations: int) -> Iterator[str]:
    if evaluations:
        yield _n("%(num)s evaluatie wacht, en gaat mee", "%(num)s evaluaties wachten, en gaan mee", evaluations)


def _of_learners(work: Work) -> tuple[str, ...]:
    said = [_n("%(num)s cursist", "%(num)s cursisten", work.learners)]
    if work.signals:
        said.append(_n("%(num)s open signaal gaat mee", "%(num)s open signalen gaan mee", work.signals))
    if work.appointments:
        said.append(_n("%(num)s afspraak gaat mee", "%(num)s afspraken gaan mee", work.appointments))
    return tuple(said)
