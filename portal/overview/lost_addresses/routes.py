"""Who is without an e-mail address since a backup was put back: a list, and entering the address."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.labels import ROLES
from portal.accounts.lost_addresses.services import enter_address
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.overview.blueprint import blueprint
from portal.overview.lost_addresses.forms import AddressForm
from portal.overview.lost_addresses.queries import get_known, list_known
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others


@blueprint.get("/zonder-adres")
@requires(Permission.LEARNER_INVITE)
def lost_addresses() -> Response:
    """List whose e-mail address has to be entered anew."""
    people, learner_ids = list_known(require_actor())
    audit.saw(learner_ids, "overview.lost_addresses", folds=True)
    return page("overview/lost_addresses.html", people=people, role_names=ROLES)


@blueprint.route("/zonder-adres/<uuid:account_id>", methods=["GET", "POST"])
@requires(Permission.LEARNER_INVITE)
@freshly(60)
@collects_of_others
def lost_address(account_id: UUID) -> Response | BaseResponse:
    """Enter the address of one of them, and invite her at it."""
    person, learner_ids = get_known(account_id, require_actor())
    form = AddressForm()
    if form.validate_on_submit():
        try:
            enter_address(account_id, str(form.email.data), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Het adres is opgeslagen. Er is een uitnodiging verstuurd."), "good")
            return see_other(url_for("overview.lost_addresses"))
    audit.saw(learner_ids, "overview.lost_addresses", folds=True)
    status = 422 if form.is_submitted() else 200
    return page("overview/lost_address.html", person=person, form=form, role_names=ROLES, status=status)
