"""The school's own log, for the privacy officer and management: who did what, without anyone's data."""

from flask import Response, request

from portal.accounts.labels import role_names
from portal.core.audit import queries as audit_queries
from portal.core.audit.declarations import area_label, event_label
from portal.core.http.access import requires
from portal.core.http.pages import page
from portal.overview.blueprint import blueprint, entry_before
from portal.permissions import Permission

PAGE = 50


@blueprint.get("/logboek")
@requires(Permission.AUDIT_VIEW)
def audit() -> Response:
    """Show the school's entries, newest first; with `wat` only those of one event."""
    event = request.args.get("wat") or None
    entries = audit_queries.list_of_school(event=event, limit=PAGE, before=entry_before())
    return page(
        "overview/audit.html",
        entries=entries,
        role_names=role_names,
        area_label=area_label,
        event_label=event_label,
        event=event or "",
        expired_until=audit_queries.expired_until(),
        more=len(entries) == PAGE,
    )
