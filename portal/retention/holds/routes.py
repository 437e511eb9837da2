"""Holds: what keeps somebody's data past its term, setting such a thing, and ending it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_saved
from portal.core.personal_data import OWN_TABLE, PersonKind
from portal.learners.names_in_texts.pages import tells_of_names
from portal.permissions import Permission
from portal.retention.blueprint import blueprint
from portal.retention.holds.forms import HoldForm
from portal.retention.holds.presenters import NAMED_BY, address_of_holds
from portal.retention.holds.queries import list_holds
from portal.retention.holds.services import Whom, end_hold, get_whom, set_hold
from portal.retention.labels import ONE_OF, REASONS


@blueprint.get("/bewaren/cursisten/<uuid:learner_id>")
@blueprint.get("/bewaren/contacten/<uuid:person_id>")
@blueprint.get("/bewaren/medewerkers/<uuid:account_id>")
@requires(Permission.RETENTION_KEEP)
def holds(**named: UUID) -> Response:
    """Show what keeps somebody's data past its term, with the form to set a hold."""
    return _page(_whom(named), HoldForm(formdata=None))


@blueprint.post("/bewaren/cursisten/<uuid:learner_id>")
@blueprint.post("/bewaren/contacten/<uuid:person_id>")
@blueprint.post("/bewaren/medewerkers/<uuid:account_id>")
@requires(Permission.RETENTION_KEEP)
@creates
def store_hold(**named: UUID) -> BaseResponse:
    """Set a hold."""
    form, by, whom = HoldForm(), require_actor(), _whom(named)
    if form.validate_on_submit() and not tells_of_names(form, whom.learner_id):
        asked = {"reason": form.chosen, "details": form.details.data or "", "ends_on": form.ends_on.data}
        try:
            set_hold(whom.kind, whom.id, **asked, by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            said = _("Uitgesteld. Deze persoon kan dit ook lezen.")
            return see_saved(address_of_holds(whom.kind, whom.id), place="uitgesteld", said=said)
    return _page(whom, form, status=422)


@blueprint.post("/bewaren/uitgesteld/<uuid:retention_hold_id>/beeindigen")
@requires(Permission.RETENTION_KEEP)
def end(retention_hold_id: UUID) -> BaseResponse:
    """End a hold before its day; one that has ended stays as it is."""
    said = _("Niet meer uitgesteld. De gewone termijn geldt weer.")
    try:
        ended = end_hold(retention_hold_id, by=require_actor())
    except Conflict:
        return see_saved(url_for("retention.forecast"), place="bewaren", said=_("Dit was al afgelopen."))
    return see_saved(address_of_holds(ended.person_kind, ended.person_id), place="uitgesteld", said=said)


def _whom(named: Mapping[str, UUID]) -> Whom:
    return next(get_whom(kind, named[name], require_actor()) for kind, name in NAMED_BY.items() if name in named)


def _page(whom: Whom, form: HoldForm, *, status: int = 200) -> Response:
    if whom.kind is PersonKind.LEARNER:
        audit.saw([whom.id], "retention.holds")
    else:
        audit.saw_person((OWN_TABLE[whom.kind], whom.id), "retention.holds")
    return page(
        "retention/holds.html",
        whom=whom,
        address=address_of_holds(whom.kind, whom.id),
        holds=list_holds(whom.kind, whom.id, require_actor().scope),
        kinds=ONE_OF,
        reasons=REASONS,
        today=today(),
        form=form,
        status=status,
    )
