"""A learner's page about how far she is."""

from flask import Response

from portal.core import audit
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page
from portal.overview.blueprint import blueprint
from portal.overview.my_levels.queries import get_my_levels
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.labels import PARTS, WORDS


@blueprint.get("/mijn/niveau")
@requires(Permission.RECORD_OWN)
def my_levels() -> Response:
    """Show levels over time, results, notes and evaluations; where a school keeps none of them, that."""
    policy = current_policy()
    learner_id = require_actor().scope.get_own_learner_id()
    audit.saw([learner_id], "overview.my_levels")
    if not any(policy.feature(name) for name in ("levels", "exams", "notes")):
        words = _("Uw school bewaart geen niveau, examens of notities van u.")
        return page("overview/not_kept.html", title=_("Mijn niveau"), words=words)
    mine = get_my_levels(require_actor().scope)
    return page("overview/my_levels.html", mine=mine, policy=policy, words=WORDS, parts=PARTS)
