"""The confidentiality duty, and the page that says who may what."""

from flask import Response, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import blueprint
from portal.accounts.confidentiality.services import accept_duty, has_accepted
from portal.accounts.labels import PERMISSIONS, ROLE_MEANINGS, ROLES
from portal.accounts.own_account.forms import DutyForm
from portal.accounts.queries import STAFF_ROLES
from portal.core.errors import Conflict
from portal.core.http.access import requires
from portal.core.http.languages import language
from portal.core.http.pages import own_path, page, see_other
from portal.core.http.scope import Reach
from portal.permissions import CHANGES, MAY, REACH, SEES, Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@blueprint.route("/geheimhouding", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def confidentiality() -> Response | BaseResponse:
    """Show the confidentiality duty in the reader's language and record that she accepts it (LB-07)."""
    form = DutyForm(terug=own_path(request.args.get("terug")))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            accept_duty(current_user.actor, statement=form.statement.data, language=form.language.data)
            return see_other(own_path(form.terug.data))
        except Conflict as refusal:
            form.refuse(refusal)
            form.accepted.data, status = False, 409
    return _duty_page(form, status)


def _duty_page(form: DutyForm, status: int) -> Response:
    duty = current_policy().confidentiality
    text = duty.text.in_language(language())
    form.statement.data, form.language.data = str(current_school().policy_version_id), text.language
    accepted = has_accepted(current_user.actor)
    return page("accounts/confidentiality.html", form=form, duty=duty, text=text, has_accepted=accepted, status=status)


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
        own_groups_only={role for role, reach in REACH.items() if reach is Reach.OWN_GROUPS},
        mine=current_user.actor.roles,
    )
