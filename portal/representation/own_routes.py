"""Mijn gemachtigden: a learner says herself who may act for her, and ends it by one tap."""

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid, NotAllowed
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.learners.record.labels import CATEGORIES
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy
from portal.representation.blueprint import blueprint
from portal.representation.forms import AppointForm
from portal.representation.labels import KINDS
from portal.representation.models import RepresentativeKind
from portal.representation.queries import list_representatives, taken_over
from portal.representation.services import appoint_representative, end_own_representative


@blueprint.get("/mijn/gemachtigden")
@requires(Permission.RECORD_OWN)
def mine() -> Response:
    """Show who may act for her, with the form to add somebody."""
    return _page(_form())


@blueprint.post("/mijn/gemachtigden")
@requires(Permission.RECORD_OWN)
@creates
@freshly(60)
@collects
def appoint() -> Response | BaseResponse:
    """Let somebody act for her until a day, and invite that person."""
    form = _form()
    if form.validate_on_submit():
        try:
            appoint_representative(
                str(form.name.data),
                str(form.email.data),
                ends_on=form.ends_on.data,
                categories=form.categories.data or (),
                language=language(),
                by=require_actor(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        except NotAllowed as refusal:
            if refusal.code not in form.messages:
                raise
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen. Deze persoon krijgt een e-mail."), "good")
            return see_other(url_for("representation.mine"))
    return _page(form, status=422)


@blueprint.post("/mijn/gemachtigden/<uuid:representative_id>/einde")
@requires(Permission.RECORD_OWN)
def end_own(representative_id: UUID) -> BaseResponse:
    """End at once that somebody acts for her."""
    end_own_representative(representative_id, by=require_actor())
    flash(_("Deze persoon kan niet meer voor u inloggen."), "good")
    return see_other(url_for("representation.mine"))


def _form() -> AppointForm:
    form = AppointForm(ends_on=today() + timedelta(days=365))
    form.categories.choices = [(key, CATEGORIES[key]) for key in _hers()]
    return form


def _hers() -> list[str]:
    """Return the categories in which nobody was appointed to act in her place."""
    scope = require_actor().scope
    taken = taken_over(scope.get_own_learner_id(), scope)
    return [category.key for category in current_policy().categories if category.key not in taken]


def _page(form: AppointForm, *, status: int = 200) -> Response:
    by = require_actor()
    if by.represents:
        by.scope.must_see("dealings")
    learner_id = by.scope.get_own_learner_id()
    audit.saw([learner_id], "representation.mine", folds=True)
    return page(
        "representation/mine.html",
        form=form,
        representatives=list_representatives(learner_id, by.scope),
        categories=CATEGORIES,
        kinds=KINDS,
        endable=RepresentativeKind.AUTHORISED,
        can_appoint=not by.represents and bool(form.categories.choices),
        today=today(),
        status=status,
    )
