"""The terms of a school."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.courses.blueprint import blueprint
from portal.courses.forms import TermForm
from portal.courses.terms.queries import list_terms
from portal.courses.terms.services import add_term, remove_term
from portal.permissions import Permission


def _terms(form: TermForm, *, status: int = 200) -> Response:
    return page("courses/terms.html", terms=list_terms(), form=form, today_on=today(), status=status)


@blueprint.get("/perioden")
@requires(Permission.TIMETABLE_VIEW)
def terms() -> Response:
    """List the terms."""
    return _terms(TermForm())


@blueprint.post("/perioden")
@requires(Permission.TIMETABLE_KEEP)
@creates
def store_term() -> BaseResponse:
    """Add a term."""
    form = TermForm()
    if not form.validate_on_submit():
        return _terms(form, status=422)
    try:
        add_term(**form.values(), by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _terms(form, status=422)
    flash(_("De periode is toegevoegd."), "good")
    return see_other(url_for("courses.terms"))


@blueprint.post("/perioden/<uuid:term_id>/verwijderen")
@requires(Permission.TIMETABLE_KEEP)
def drop_term(term_id: UUID) -> BaseResponse:
    """Take a term away; groups and lessons stay as they are."""
    remove_term(term_id, by=require_actor())
    flash(_("De periode is weg. Groepen en lessen blijven zoals ze zijn."), "good")
    return see_other(url_for("courses.terms"))
