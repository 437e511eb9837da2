"""The desk's page on which a category of a record is corrected because its learner asked that."""

from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.origins.queries import list_origins
from portal.learners.record.fields import kept_fields
from portal.learners.record.models import Learner
from portal.learners.record.values import values_of
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.corrections.forms import RequestedFieldsForm, correction_form
from portal.requests.corrections.presenters import title_of_category
from portal.requests.corrections.queries import list_correctable, list_entries
from portal.requests.corrections.services import correct_for_request
from portal.requests.data_requests.models import DataRequest
from portal.requests.data_requests.queries import get_request


@blueprint.get("/verzoeken/<uuid:request_id>/verbeteren/<category>")
@requires(Permission.REQUEST_KEEP)
def correct(request_id: UUID, category: str) -> Response:
    """Show what stands in a category, also what stands still until the answer."""
    row, learner, form = _found(request_id, category)
    form.fill(*_stored(learner, form))
    return _page(row, category, form)


@blueprint.post("/verzoeken/<uuid:request_id>/verbeteren/<category>")
@requires(Permission.REQUEST_KEEP)
@collects_of_others
def store_correction(request_id: UUID, category: str) -> Response | BaseResponse:
    """Store it; what can't be stored is said beside its field, and what was typed stays."""
    row, learner, form = _found(request_id, category)
    if not form.validate_on_submit() or tells_of_names(form, learner.id):
        return _page(row, category, form, status=422)
    seen, values, grounds = form.seen.data or None, form.values(), form.grounds()
    try:
        correct_for_request(request_id, category, values, seen=seen, grounds=grounds, by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(row, category, form, status=422)
    except Conflict as refusal:
        return _conflict_page(row, category, form, learner, refusal)
    flash(_("Opgeslagen. Het verzoek wacht nog op uw antwoord."), "good")
    return see_other(url_for("requests.handle", request_id=request_id))


def _found(request_id: UUID, category: str) -> tuple[DataRequest, Learner, RequestedFieldsForm]:
    by = require_actor()
    row = get_request(request_id, by)
    if row.learner_id is None or category not in list_correctable(row, by):
        raise NotFound("category")
    fields = kept_fields(current_policy(), categories=frozenset({category}))
    return row, get_within_reach(row.learner_id, by), correction_form(fields)


def _stored(learner: Learner, form: RequestedFieldsForm) -> tuple[dict[str, Any], dict[str, str | None]]:
    """Return the values of the fields of a form with the grounds on record."""
    grounds = {key: origin.ground for key, origin in list_origins(learner).items()}
    return values_of(learner, form.record_fields), grounds


def _conflict_page(
    row: DataRequest, category: str, form: RequestedFieldsForm, learner: Learner, refusal: Conflict
) -> Response:
    """Show what somebody else changed too beside what was typed."""
    form.refuse(refusal)
    values, grounds = _stored(learner, form)
    beside = form.beside(values, grounds, refusal.facts["fields"])
    form.fill(values, grounds, typed=refusal.facts["mine"])
    return _page(row, category, form, status=409, now=beside)


def _page(
    row: DataRequest,
    category: str,
    form: RequestedFieldsForm,
    *,
    status: int = 200,
    now: list[tuple[str, str, str]] | None = None,
) -> Response:
    policy, lang = current_policy(), language()
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.correct", subject=("data_request", row.id))
    return page(
        "requests/correct.html",
        row=row,
        category=category,
        title=title_of_category(category),
        entries=list_entries(row, category, require_actor()),
        form=form,
        now=now or [],
        conditions={
            field.key: str(policy.text(condition.why, lang))
            for field in form.record_fields
            for condition in policy.conditions_of(field.key)
        },
        status=status,
    )
