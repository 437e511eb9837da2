"""Making one record of two: choose them, see what would happen, do it; and taking it back within a day."""

from uuid import UUID

from flask import flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.scope import hidden_learners
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.learners.blueprint import blueprint
from portal.learners.merges.labels import row_labels
from portal.learners.merges.presenters import show_undo
from portal.learners.merges.queries import find_merge, preview_merge
from portal.learners.merges.services import list_ending, merge_learners
from portal.learners.merges.undo import plan_undo, undo_merge
from portal.learners.record.forms import BareForm
from portal.learners.record.labels import MESSAGES
from portal.learners.scope.queries import find_kept_id
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import Search, find_learners
from portal.permissions import Permission


@blueprint.get("/cursisten/samenvoegen")
@requires(Permission.LEARNER_MERGE)
def merge() -> BaseResponse:
    """Choose the second record, or show both beside each other with what would happen."""
    by = require_actor()
    if _is_restricted():
        return _say_restricted()
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
    if _is_restricted():
        return _say_restricted()
    kept, other = get_within_reach(_asked("houd"), by), get_within_reach(_asked("weg"), by)
    take = [key for key, choice in request.form.items() if choice == "weg"]
    try:
        merge_learners(kept.id, other.id, take=take, by=by)
    except Conflict as refusal:
        flash(str(MESSAGES.get(refusal.code) or _("Dit kan niet worden samengevoegd.")), "bad")
        return see_other(url_for("learners.merge", houd=kept.id, weg=other.id))
    flash(_("De twee dossiers zijn nu één dossier."), "good")
    return see_other(url_for("learners.record", learner_id=kept.id))


@blueprint.get("/cursisten/<uuid:learner_id>/samengevoegd/<uuid:record_merge_id>")
@requires(Permission.LEARNER_MERGE)
def merge_undo(learner_id: UUID, record_merge_id: UUID) -> BaseResponse:
    """Show what taking a merging back would do, before it is done."""
    by = require_actor()
    refusal = _refusal(learner_id)
    if refusal is not None:
        return refusal
    kept = get_within_reach(learner_id, by)
    try:
        plan = plan_undo(learner_id, record_merge_id, by)
    except Conflict as conflict:
        return _refused(kept.id, conflict)
    audit.saw([kept.id, plan.other_id], "learners.merge_undo_preview")
    view = find_merge(learner_id, by.scope)
    return page("learners/merge_undo.html", kept=kept, merge=view, preview=show_undo(plan, by), tables=row_labels())


@blueprint.post("/cursisten/<uuid:learner_id>/samengevoegd/<uuid:record_merge_id>")
@requires(Permission.LEARNER_MERGE)
def undo(learner_id: UUID, record_merge_id: UUID) -> BaseResponse:
    """Make two records of one again."""
    refusal = _refusal(learner_id)
    if refusal is not None:
        return refusal
    try:
        is_whole = undo_merge(learner_id, record_merge_id, by=require_actor())
    except Conflict as conflict:
        return _refused(learner_id, conflict)
    flash(_("Het samenvoegen is ongedaan gemaakt. Er zijn weer twee dossiers."), "good")
    if not is_whole:
        flash(_("Wat iemand daarna veranderde, is gebleven zoals het is. Kijk beide dossiers na."), "info")
    return see_other(url_for("learners.record", learner_id=learner_id))


def _refusal(learner_id: UUID) -> BaseResponse | None:
    """Lead to the record of which this one is a part by now: that comes first."""
    kept_id = find_kept_id(learner_id, require_actor().scope)
    return None if kept_id is None else _refused(kept_id, Conflict("merged_again"))


def _refused(learner_id: UUID, conflict: Conflict) -> BaseResponse:
    flash(str(MESSAGES[conflict.code]), "bad")
    return see_other(url_for("learners.record", learner_id=learner_id))


def _is_restricted() -> bool:
    """Say whether one of the two restricted her record: it is hidden, and stays as it is."""
    asked = {_asked(name) for name in ("houd", "weg") if name in request.values}
    return not hidden_learners().isdisjoint(asked)


def _say_restricted() -> BaseResponse:
    flash(str(MESSAGES["restricted"]), "bad")
    return see_other(url_for("learners.find"))


def _asked(name: str) -> UUID:
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        raise NotFound("learner") from None
