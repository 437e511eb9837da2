"""The school's own log, for the privacy officer and management: who did what, of whom, without anyone's data."""

from dataclasses import replace

from flask import Response, request

from portal.core.audit import queries as audit_queries
from portal.core.audit import saw
from portal.core.audit.queries import LogFilter
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.overview.audit_log.forms import DaysForm, filter_of, kept_of
from portal.overview.audit_log.presenters import WORDING
from portal.overview.audit_log.queries import choose_learner, ids_in_order, list_actors, names_in, withheld_from
from portal.overview.blueprint import blueprint, entry_before
from portal.permissions import Permission

PAGE = 50


@blueprint.get("/logboek")
@requires(Permission.AUDIT_VIEW)
def audit() -> Response:
    """Show the school's entries, newest first, narrowed by person, learner, kind and days."""
    by = require_actor()
    learner = choose_learner(request.args.get("cursist", "").strip(), by)
    days = DaysForm(request.args)
    is_sound = days.validate()
    narrowed = replace(filter_of(request.args, days, learner.ids), withheld=withheld_from(by))
    entries = _entries(narrowed) if is_sound and not learner.choices and not learner.is_unknown else []
    names = names_in(entries, learner, by)
    saw([*names, *learner.ids[:1], *(each.id for each in learner.choices)], "overview.audit_log", folds=True)
    return page(
        "overview/audit.html",
        entries=entries,
        names=names,
        ids_in_order=ids_in_order,
        learner=learner,
        narrowed=narrowed,
        days=days,
        kept=kept_of(request.args, learner.text),
        actors=list_actors(),
        say=WORDING,
        expired_until=audit_queries.expired_until(),
        more=len(entries) == PAGE,
        status=200 if is_sound else 422,
    )


def _entries(narrowed: LogFilter) -> list[audit_queries.Entry]:
    return audit_queries.list_of_school(narrowed, limit=PAGE, before=entry_before())
