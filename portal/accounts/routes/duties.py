"""The confidentiality duty, and the page that says who may what."""

from flask import Response, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.forms.account import DutyForm
from portal.accounts.labels import PERMISSIONS, ROLE_MEANINGS, ROLES
from portal.accounts.queries import STAFF_ROLES
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.services.confidentiality import accept_duty, has_accepted
from portal.core.access import requires
from portal.core.i18n import language
from portal.core.pages import own_path, page, see_other
from portal.permissions import CHANGES, MAY, OWN_GROUPS_ONLY, SEES, Permission
from portal.policy.queries import current_policy


@blueprint.route("/geheimhouding", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def confidentiality() -> Response | BaseResponse:
    """Show the confidentiality duty in the reader's language and record that she accepts it (LB-07)."""
    form = DutyForm(terug=own_path(request.args.get("terug")))
    account_id = current_user.actor.account_id
    if form.validate_on_submit():
        accept_duty(account_id, language=language())
        return see_other(own_path(form.terug.data))
    duty = current_policy().confidentiality
    return page(
        "accounts/confidentiality.html",
        form=form,
        duty=duty,
        has_accepted=has_accepted(account_id),
        status=422 if form.is_submitted() else 200,
    )


@blueprint.get("/wie-mag-wat")
@requires(Permission.ACCESS_VIEW)
def who_may_what() -> Response:
    """Show every role with what it may, sees and changes: the very tables that the portal enforces."""
    return page(
        "accounts/who_may_what.html",
        roles=STAFF_ROLES,
        role_names=ROLES,
        meanings=ROLE_MEANINGS,
        permissions=PERMISSIONS,
        may=MAY,
        categories=current_policy().categories,
        sees=SEES,
        changes=CHANGES,
        own_groups_only=OWN_GROUPS_ONLY,
        mine=current_user.actor.roles,
    )
