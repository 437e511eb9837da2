"""At the desk: whose a request is that came from somebody unknown, and the answer that nothing is held of her."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import see_other
from portal.permissions import Permission
from portal.requests.answers.services import answer_nothing_held
from portal.requests.askers.chosen import choice_page, person_asked
from portal.requests.askers.services import may_be_named, name_person
from portal.requests.blueprint import blueprint
from portal.requests.data_requests.forms import AskForm
from portal.requests.data_requests.presenters import view_of
from portal.requests.data_requests.queries import get_request


@blueprint.get("/verzoeken/<uuid:request_id>/persoon")
@requires(Permission.REQUEST_KEEP)
def choose_person(request_id: UUID) -> Response:
    """Show who may be meant by what she gave, and look for others."""
    row = get_request(request_id, require_actor())
    if not may_be_named(row):
        raise NotFound("person")
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.handle")
    return choice_page(
        row,
        is_for_representative=True,
        title=view_of(row).title,
        back=url_for("requests.handle", request_id=row.id),
        to=url_for("requests.say_person", request_id=row.id),
        is_checked=True,
    )


@blueprint.post("/verzoeken/<uuid:request_id>/persoon")
@requires(Permission.REQUEST_KEEP)
def say_person(request_id: UUID) -> BaseResponse:
    """Say whose the request is."""
    by, form = require_actor(), AskForm()
    get_request(request_id, by)
    if form.validate_on_submit():
        try:
            name_person(request_id, person_asked(), by=by)
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("Opgeslagen. U weet nu over wie het gaat. Kijk nog wel wie dit vraagt."), "good")
    return see_other(url_for("requests.handle", request_id=request_id))


@blueprint.post("/verzoeken/<uuid:request_id>/niets")
@requires(Permission.REQUEST_KEEP)
def say_nothing_held(request_id: UUID) -> BaseResponse:
    """Answer that the school has nothing of who asks."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            answer_nothing_held(request_id, by=require_actor())
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("Beantwoord: de school heeft niets van deze persoon."), "good")
    return see_other(url_for("requests.handle", request_id=request_id))
