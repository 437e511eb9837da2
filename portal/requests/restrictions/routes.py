"""Afschermingen: which are in force; telling that one stops, lifting it, and using what it hides on a ground (18)."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.scope import reveal
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, page_number, see_other
from portal.disclosures.recipients.changes import list_to_tell_of_lifting
from portal.learners.names_in_texts.pages import tells_of_names
from portal.permissions import Permission
from portal.purposes.restrictions.models import UseGround
from portal.purposes.restrictions.presenters import present_restriction, present_uses
from portal.purposes.restrictions.queries import get_restricted, get_restriction, list_in_force
from portal.purposes.restrictions.services import allow_use, lift_restriction, tell_of_lifting
from portal.requests.blueprint import blueprint
from portal.requests.copies.contents.assembly import given_to_nobody
from portal.requests.restrictions.forms import LiftForm, UseForm
from portal.requests.restrictions.presenters import find_use_of_today, present_used, title_of_recipient
from portal.requests.restrictions.queries import list_without_reason


@blueprint.get("/verzoeken/afschermingen")
@requires(Permission.REQUEST_VIEW)
def restrictions() -> Response:
    """List the restrictions in force, the oldest first."""
    by = require_actor()
    found = list_in_force(by.scope, page=page_number())
    audit.saw((each.restriction.learner_id for each in found.rows), "requests.restrictions")
    views = {each.restriction.id: present_restriction(each.restriction) for each in found.rows}
    over = list_without_reason([each.restriction for each in found.rows], by.scope)
    return page("requests/restrictions.html", found=found, views=views, over=over)


@blueprint.get("/verzoeken/afschermingen/<uuid:restriction_id>")
@requires(Permission.REQUEST_VIEW)
def restriction(restriction_id: UUID) -> Response:
    """Show a restriction: what it hides and why, what was used of it, and what can be done now."""
    return _page(restriction_id, UseForm())


@blueprint.get("/verzoeken/afschermingen/<uuid:restriction_id>/brief")
@requires(Permission.REQUEST_VIEW)
def restriction_letter(restriction_id: UUID) -> Response:
    """Show as a letter to print that a restriction stops, for who has no e-mail."""
    row = get_restriction(restriction_id, require_actor().scope)
    audit.saw([row.learner_id], "requests.restriction")
    return page("requests/restriction_letter.html", learner=get_restricted(row), view=present_restriction(row))


@blueprint.post("/verzoeken/afschermingen/<uuid:restriction_id>/vertellen")
@requires(Permission.REQUEST_KEEP)
def tell_it_stops(restriction_id: UUID) -> BaseResponse:
    """Tell her that a restriction stops: by mail, or as the desk did itself."""
    return _do(
        restriction_id,
        lambda: tell_of_lifting(restriction_id, by=require_actor()),
        _("Verteld dat het stopt. Nu kunt u de afscherming opheffen."),
    )


@blueprint.post("/verzoeken/afschermingen/<uuid:restriction_id>/opheffen")
@requires(Permission.REQUEST_KEEP)
def lift(restriction_id: UUID) -> BaseResponse:
    """Lift a restriction of which she was told."""
    return _do(
        restriction_id,
        lambda: lift_restriction(restriction_id, by=require_actor()),
        _("Opgeheven. Medewerkers zien deze gegevens weer."),
    )


@blueprint.post("/verzoeken/afschermingen/<uuid:restriction_id>/gebruiken")
@requires(Permission.REQUEST_KEEP)
@creates
def use(restriction_id: UUID) -> Response | BaseResponse:
    """Record on which ground what is restricted is used all the same, and lead to it."""
    form, row, status = UseForm(), get_restriction(restriction_id, require_actor().scope), 422
    if form.validate_on_submit() and not tells_of_names(form, row.learner_id):
        try:
            allow_use(
                restriction_id,
                ground=UseGround(form.ground.data),
                why=str(form.why.data),
                used_for=str(form.used_for.data),
                article=form.article.data,
                by=require_actor(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            flash(_("Vastgelegd. U ziet de gegevens vandaag hieronder. De cursist leest dat u ze gebruikte."), "good")
            return see_other(url_for("requests.restriction", restriction_id=restriction_id))
    return _page(restriction_id, form, status=status)


def _do(restriction_id: UUID, what: Callable[[], object], said: str) -> BaseResponse:
    """Do it and say so on the page of the restriction, or say there why not."""
    form = LiftForm()
    if form.validate_on_submit():
        try:
            what()
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(said, "good")
    return see_other(url_for("requests.restriction", restriction_id=restriction_id))


def _page(restriction_id: UUID, form: UseForm, *, status: int = 200) -> Response:
    by = require_actor()
    row = get_restriction(restriction_id, by.scope)
    used = find_use_of_today(row, by)
    if used is not None:
        audit.saw([row.learner_id], "requests.restriction_used", subject=("restriction_use", used.id))
        reveal(row.learner_id)
    else:
        audit.saw([row.learner_id], "requests.restriction")
    return page(
        "requests/restriction.html",
        row=row,
        learner=get_restricted(row),
        view=present_restriction(row),
        to_tell=[title_of_recipient(each) for each in list_to_tell_of_lifting(row, by)],
        is_over=row.id in list_without_reason([row], by.scope),
        uses=present_uses(row, by.scope),
        copy=present_used(row, by) if used is not None else None,
        nobody=given_to_nobody(),
        form=form,
        status=status,
    )
