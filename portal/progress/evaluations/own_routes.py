"""Where a learner reads an evaluation of hers, answers it and agrees."""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.http.access import require_actor, requires
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.progress.blueprint import blueprint
from portal.progress.evaluations.pages import show, store_agreement, store_answers

_PAGE = "progress/own_evaluation.html"


def _url(joint_evaluation_id: UUID) -> str:
    """Return where she reads it, for who sees her progress."""
    require_actor().scope.must_see("progress")
    return url_for("progress.own_evaluation", joint_evaluation_id=joint_evaluation_id)


@blueprint.get("/mijn/evaluaties/<uuid:joint_evaluation_id>")
@requires(Permission.RECORD_OWN)
def own_evaluation(joint_evaluation_id: UUID) -> Response:
    """Show an evaluation of hers with what both said."""
    require_actor().scope.must_see("progress")
    return show(_PAGE, joint_evaluation_id)


@blueprint.get("/mijn/evaluaties/<uuid:joint_evaluation_id>/afdrukken")
@requires(Permission.RECORD_OWN)
def own_printed_evaluation(joint_evaluation_id: UUID) -> Response:
    """Show an evaluation of hers for paper."""
    by = require_actor()
    by.scope.must_see("progress")
    learner = get_within_reach(by.scope.get_own_learner_id(), by)
    return show("progress/evaluation_on_paper.html", joint_evaluation_id, learner=learner)


@blueprint.post("/mijn/evaluaties/<uuid:joint_evaluation_id>")
@requires(Permission.RECORD_OWN)
@collects
def answer_own_evaluation(joint_evaluation_id: UUID) -> BaseResponse:
    """Store what she answers."""
    return store_answers(_PAGE, _url(joint_evaluation_id), joint_evaluation_id)


@blueprint.post("/mijn/evaluaties/<uuid:joint_evaluation_id>/akkoord")
@requires(Permission.RECORD_OWN)
def agree_own_evaluation(joint_evaluation_id: UUID) -> BaseResponse:
    """Store that she agrees."""
    return store_agreement(_PAGE, _url(joint_evaluation_id), joint_evaluation_id)
