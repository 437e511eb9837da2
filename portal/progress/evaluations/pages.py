"""What the teacher's and the learner's pages of an evaluation have in common: showing it, answering it, agreeing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor
from portal.core.http.languages import _
from portal.core.http.pages import page, see_saved
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.names_in_texts.pages import tells_of_names
from portal.progress.evaluations.forms import AgreeForm, message_for
from portal.progress.evaluations.models import JointEvaluation
from portal.progress.evaluations.queries import find_joint_evaluation, open_evaluation
from portal.progress.evaluations.services import SCALE, agree, answer_evaluation, side_of
from portal.progress.labels import WORDS


def show(
    template: str,
    joint_evaluation_id: UUID,
    *,
    errors: Mapping[str, str] | None = None,
    answers: FreeTextForm | None = None,
    form: AgreeForm | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    """Show an evaluation within reach; where something was refused, with what was typed and why.

    `answers` is the form of the answers where it tells of names first.
    """
    by = require_actor()
    row = find_joint_evaluation(joint_evaluation_id, by.scope)
    audit.saw([row.learner_id], "progress.joint_evaluation")
    side = side_of(by)
    view = open_evaluation(row)
    typed = {each.id: each.answers.get(side, "") for each in view.questions}
    if errors is not None:
        typed |= _typed(row)
    form = form or AgreeForm(formdata=None, data={"remark": view.remarks.get(side)})
    form.seen.data = row.version
    return page(
        template,
        view=view,
        side=side,
        typed=typed,
        errors_of=errors or {},
        answers=answers or FreeTextForm(formdata=None),
        form=form,
        scale=SCALE,
        words=WORDS,
        status=status,
        **context,
    )


def store_answers(template: str, url: str, joint_evaluation_id: UUID, **context: Any) -> BaseResponse:
    """Store what one side answers; a refusal is the same form with what was typed."""
    by = require_actor()
    row = find_joint_evaluation(joint_evaluation_id, by.scope)
    form = FreeTextForm()
    form.more_texts = list(_typed(row).values())
    if not form.validate_on_submit() or _tells_of_names(form, row):
        return show(template, joint_evaluation_id, errors={}, answers=form, status=422, **context)
    try:
        answer_evaluation(row.id, _typed(row), by=by)
    except Invalid as refusal:
        told = {refusal.field: message_for(refusal)}
        return show(template, joint_evaluation_id, errors=told, answers=form, status=422, **context)
    except Conflict:
        return show(template, joint_evaluation_id, status=409, **context)
    return see_saved(url, place="evaluatie", said=_("Opgeslagen."))


def store_agreement(template: str, url: str, joint_evaluation_id: UUID, **context: Any) -> BaseResponse:
    """Store that one side agrees; a refusal is the same page with what was typed."""
    by, form = require_actor(), AgreeForm()
    row = find_joint_evaluation(joint_evaluation_id, by.scope)
    if not form.validate_on_submit() or _tells_of_names(form, row):
        return show(template, joint_evaluation_id, form=form, status=422, **context)
    try:
        agree(row.id, form.remark.data, seen=form.seen.data or "", by=by)
    except Invalid as refusal:
        form.refuse(refusal)
        return show(template, joint_evaluation_id, form=form, status=422, **context)
    except Conflict as refusal:
        if refusal.code == "changed":
            form.refuse(refusal)
        return show(template, joint_evaluation_id, form=form, status=409, **context)
    return see_saved(url, place="evaluatie", said=_("U bent akkoord."))


def _tells_of_names(form: FreeTextForm, row: JointEvaluation) -> bool:
    """Say whether the teacher's form tells of names first; a learner who names a fellow learner isn't asked."""
    return side_of(require_actor()) == "teacher" and tells_of_names(form, row.learner_id)


def _typed(row: JointEvaluation) -> dict[str, str]:
    """Return by question what the form in hand says; a form names the questions by their place, from 1 on."""
    return {key: request.form.get(f"q.{place}", "") for place, key in enumerate(sorted(row.questions), start=1)}
