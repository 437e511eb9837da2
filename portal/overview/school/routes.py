"""*Cijfers*: the school in figures, for its director; as a page, on paper and as a file."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_babel import LazyString

from portal.core.clock import today
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.languages import _, _l
from portal.core.http.lists import format_asked, send_list
from portal.core.http.pages import page
from portal.courses.terms.models import Term
from portal.courses.terms.queries import list_terms
from portal.hours.figures.months import month_of, months_between
from portal.hours.figures.queries import list_client_names, list_figures, list_group_names, list_shared
from portal.learners.corrections.queries import count_waiting
from portal.overview.blueprint import blueprint
from portal.overview.school.columns import cells_of, headings_of
from portal.overview.school.forms import Period, Span, Split, earliest, kinds_of, period_asked, periods_of, split_asked
from portal.overview.school.measures import measures_for, measures_in_table
from portal.overview.school.presenters import Names, SchoolInFigures, few_of, present_rows, present_school, took
from portal.permissions import Permission
from portal.policy.queries import current_policy

SPANS: Mapping[Span, LazyString] = {
    Span.MONTH: _l("Maand"),
    Span.QUARTER: _l("Kwartaal"),
    Span.HALF: _l("Half schooljaar"),
    Span.TERM: _l("Lesperiode"),
    Span.OWN: _l("Van–tot"),
}
SPLITS: Mapping[Split, LazyString] = {
    Split.GROUP: _l("Per groep"),
    Split.COURSE: _l("Per cursus"),
    Split.CLIENT: _l("Per opdrachtgever"),
    Split.ROUTE: _l("Per leerroute"),
}


@blueprint.get("/school")
@requires(Permission.SCHOOL_FIGURES)
def school_figures() -> Response:
    """Show the school in figures in a period, beside the period before."""
    terms = list_terms()
    period, split, found = _found(terms)
    is_on, actor = current_policy().feature, require_actor()
    measures = measures_in_table(measures_for(split, is_on), found.whole)
    return page(
        "overview/school.html", period=period, split=split, found=found, took=took, splits=SPLITS,
        waiting=_waiting_for(actor, found),
        headline=measures_for(None, is_on),
        measures=measures, rows=present_rows(found, measures), **_choices(terms),
    )  # fmt: skip


def _waiting_for(by: Actor, found: SchoolInFigures) -> int | None:
    """Return how many proposals wait where she answers them; None where none were made, or she sees none."""
    was_made = bool(found.whole.now.figures.corrections)
    return count_waiting(by) if was_made and by.may(Permission.CORRECTION_VIEW) else None


@blueprint.post("/school/ophalen")
@requires(Permission.SCHOOL_FIGURES)
def take_school_figures() -> Response:
    """Give the figures of a period as a file, split as the page has them."""
    wanted, (_period, split, found) = format_asked(), _found(list_terms())
    measures = measures_for(split, current_policy().feature)
    rows = [cells_of(line, measures) for line in (found.whole, *found.lines)]
    return send_list(_("Cijfers"), wanted, headings_of(measures, str(SPLITS[split])), rows)


def _found(terms: Sequence[Term]) -> tuple[Period, Split, SchoolInFigures]:
    period, split, scope = period_asked(request.args, terms), split_asked(request.args), require_actor().scope
    first, last = period.before.first, period.last
    rows = list_figures(kinds_of(split), first, last, scope)
    names = Names(
        groups=list_group_names() if split in {Split.GROUP, Split.COURSE} else {},
        clients=list_client_names() if split is Split.CLIENT else {},
    )
    shared = list_shared([UUID(key) for key in names.groups], first, last, scope) if few_of(rows, period, split) else ()
    return period, split, present_school(rows, period, split, names, shared)


def _choices(terms: Sequence[Term]) -> dict[str, Any]:
    """Return what a period can be: how long, from which month until which, and which term; the latest first."""
    periods = periods_of(terms)
    return {
        "spans": {span: label for span, label in SPANS.items() if periods or span is not Span.TERM},
        "months": list(months_between(earliest(), month_of(today())))[::-1],
        "periods": periods,
    }
