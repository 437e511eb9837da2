"""Complaints: which there are, writing one down, and what the school did (LB-14)."""

from uuid import UUID

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, page_number, see_saved
from portal.learners.entries.services import add_entry, change_entry
from portal.learners.record.forms import OriginForm, make_form
from portal.learners.record.models import Learner
from portal.learners.record.values import values_of
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import Search, find_learners
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.complaints.entries import COMPLAINT
from portal.requests.complaints.queries import get_handled_complaint, list_complaints


@blueprint.get("/klachten")
@requires(Permission.COMPLAINT_KEEP)
def complaints() -> Response:
    """List the complaints, the open ones first."""
    _must_be_kept()
    found = list_complaints(require_actor(), page=page_number())
    audit.saw((each.learner_id for each in found.rows), "requests.complaints")
    return page("requests/complaints.html", found=found)


@blueprint.get("/klachten/nieuw")
@requires(Permission.COMPLAINT_KEEP)
def choose_learner() -> Response:
    """Look for the learner who complains."""
    _must_be_kept()
    text = request.args.get("zoek", "").strip()
    found = find_learners(Search(text=text), require_actor()) if text else None
    learners = found.learners if found is not None else []
    audit.saw((learner.id for learner in learners), "requests.choose_learner")
    return page("requests/choose_learner.html", text=text, learners=learners, total=found.total if found else 0)


@blueprint.get("/klachten/nieuw/<uuid:learner_id>")
@requires(Permission.COMPLAINT_KEEP)
def new_complaint(learner_id: UUID) -> Response:
    """Show an empty form for a complaint of a learner."""
    _must_be_kept()
    return _page(get_within_reach(learner_id, require_actor()), _form()())


@blueprint.post("/klachten/nieuw/<uuid:learner_id>")
@requires(Permission.COMPLAINT_KEEP)
@creates
@collects_of_others
def store_complaint(learner_id: UUID) -> BaseResponse:
    """Write a complaint down."""
    _must_be_kept()
    by = require_actor()
    learner, form = get_within_reach(learner_id, by), _form()()
    if form.validate_on_submit():
        try:
            add_entry(COMPLAINT, learner_id, form.values(), **form.origin(is_new=True), by=by)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            return _saved()
    return _page(learner, form, status=422)


@blueprint.get("/klachten/<uuid:learner_id>/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_KEEP)
def complaint(learner_id: UUID, complaint_id: UUID) -> Response:
    """Show a complaint in a form: what it is about, and what the school did."""
    _must_be_kept()
    by, form = require_actor(), _form()()
    learner = get_within_reach(learner_id, by)
    row = get_handled_complaint(learner_id, complaint_id, by)
    form.fill(values_of(row, COMPLAINT.fields(current_policy())))
    return _page(learner, form, complaint_id=complaint_id)


@blueprint.post("/klachten/<uuid:learner_id>/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_KEEP)
@collects_of_others
def change_complaint(learner_id: UUID, complaint_id: UUID) -> BaseResponse:
    """Store what the school did with a complaint."""
    _must_be_kept()
    by, form = require_actor(), _form()()
    learner, status = get_within_reach(learner_id, by), 422
    get_handled_complaint(learner_id, complaint_id, by)
    if form.validate_on_submit():
        try:
            change_entry(COMPLAINT, learner_id, complaint_id, form.values(), **form.origin(), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            return _saved()
    return _page(learner, form, complaint_id=complaint_id, status=status)


def _must_be_kept() -> None:
    """Raise NotFound at a school whose policy keeps no complaints."""
    if not COMPLAINT.is_kept(current_policy()):
        raise NotFound("kind")


def _form() -> type[OriginForm]:
    return make_form(OriginForm, COMPLAINT.fields(current_policy()))


def _page(learner: Learner, form: OriginForm, *, complaint_id: UUID | None = None, status: int = 200) -> Response:
    audit.saw([learner.id], "requests.complaint")
    return page(
        "requests/complaint.html",
        learner=learner,
        form=form,
        complaint_id=complaint_id,
        status=status,
    )


def _saved() -> BaseResponse:
    return see_saved(url_for("requests.complaints"), place="klachten", said=_("Opgeslagen."))
