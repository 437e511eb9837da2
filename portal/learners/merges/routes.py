"""Making one record of two: choose them, see what would happen, do it."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.learners.blueprint import blueprint
from portal.learners.merges.labels import row_labels
from portal.learners.merges.queries import preview_merge
from portal.learners.merges.services import list_ending, merge_learners
from portal.learners.record.forms import BareForm
from portal.learners.record.labels import MESSAGES
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import Search, find_learners
from portal.permissions import Permission


@blueprint.get("/cursisten/samenvoegen")
@requires(Permission.LEARNER_MERGE)
def merge() -> Response:
    """Choose the second record, or show both beside each other with what would happen."""
    by = require_actor()
    kept, other_id = get_within_reach(_asked("houd"), by), request.args.get("weg")
    if other_id is None:
        words = request.args.get("zoek", "").strip()[:200] or kept.family_name
        found = [each for each in find_learners(Search(text=words), by).learners if each.id != kept.id][:20]
        audit.saw([kept.id, *(each.id for each in found)], "learners.list", folds=True)
        return page("learners/merge_choose.html", kept=kept, found=found, words=words)
    other = get_within_reach(_asked("weg"), by)
    audit.saw([kept.id, other.id], "learners.merge_preview")
    preview = preview_merge(kept, other, by)
    return page(
        "learners/merge.html",
        kept=kept,
        other=other,
        preview=preview,
        ending=list_ending(kept, other),
        tables=row_labels(),
        refusal=MESSAGES.get(preview.refusal or ""),
        form=BareForm(),
    )


@blueprint.post("/cursisten/samenvoegen")
@requires(Permission.LEARNER_MERGE)
def do_merge() -> BaseResponse:
    """Make one record of the two."""
    by = require_actor()
    kept, other = get_within_reach(_asked("houd"), by), get_within_reach(_asked("weg"), by)
    take = [key for key, choice in request.form.items() if choice == "weg" and key.startswith("learner.")]
    try:
        merge_learners(kept.id, other.id, take=take, by=by)
    except Conflict as refusal:
        flash(str(MESSAGES.get(refusal.code) or _("Dit kan niet worden samengevoegd.")), "bad")
        return see_other(url_for("learners.merge", houd=kept.id, weg=other.id))
    flash(_("De twee dossiers zijn nu één dossier."), "good")
    return see_other(url_for("learners.record", learner_id=kept.id))


def _asked(name: str) -> UUID:
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        raise NotFound("learner") from None
