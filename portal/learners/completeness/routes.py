"""The list of learners of whom something is lacking that their record must have."""

from flask import Response

from portal.core import audit
from portal.core.http.access import require_actor, requires
from portal.core.http.lists import order_asked
from portal.core.http.pages import page, page_number
from portal.learners.blueprint import blueprint
from portal.learners.completeness.queries import ORDERS, list_incomplete
from portal.permissions import Permission


@blueprint.get("/cursisten/onvolledig")
@requires(Permission.LEARNER_KEEP)
def incomplete() -> Response:
    """Show of whom something is lacking, what, and where it is filled in."""
    by, order = require_actor(), order_asked(ORDERS, "name")
    found = list_incomplete(by, order=order, page=page_number())
    audit.saw((each.learner.id for each in found.rows), "learners.incomplete", folds=True)
    return page("learners/incomplete.html", found=found, order=order)
