"""The second step of the own account: turning it on with an app, recovery codes, turning it off."""

from flask import Response, flash, g, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import attempt, blueprint, keep_signed_in, too_often
from portal.accounts.models import Account
from portal.accounts.own_account.forms import SetUpForm
from portal.accounts.passkeys.queries import count_passkeys
from portal.accounts.queries import get_account
from portal.accounts.second_factor.services import (
    address_for_app,
    offer_secret,
    open_offer,
    renew_recovery_codes,
    set_up,
    take_away,
)
from portal.accounts.sessions.services import end_sessions, renew_token
from portal.accounts.sign_in.services import asks_second_step
from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import own_path, page, see_other
from portal.permissions import Permission


def _own() -> Account:
    return get_account(current_user.actor.account_id, require_actor().scope)


def _set_up_page(account: Account, form: SetUpForm, status: int) -> Response:
    secret = open_offer(account, str(form.offer.data))
    address = address_for_app(account, secret)
    import segno

    qr = segno.make(address, error="m")
    return page(
        "accounts/set_up_second_factor.html",
        form=form,
        qr=qr.svg_data_uri(scale=5, border=3, dark="#000", light="#fff"),
        address=address,
        key=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        is_new=account.totp_since is None,
        is_wanted=not current_user.actor.roles.isdisjoint(g.school.second_factor_roles),
        status=status,
    )


@blueprint.route("/account/tweede-stap", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@freshly(15)
def set_up_second_factor() -> Response | BaseResponse:
    """Show a key for an app as QR code and in letters, and turn the second step on with the code that the app shows."""
    account = _own()
    form = SetUpForm()
    if not form.is_submitted():
        form.offer.data = offer_secret(account)
    if not form.validate_on_submit():
        return _set_up_page(account, form, 422 if form.is_submitted() else 200)
    trying = attempt("set_up", str(account.id))
    wait = trying.begin()
    if wait:
        return too_often(wait)
    try:
        codes = set_up(account, str(form.offer.data), str(form.code.data))
    except Invalid as refusal:
        audit.refused_way_in("accounts.second_factor")
        form.refuse(refusal)
        if refusal.code == "expired":
            form.offer.data = offer_secret(account)
        return _set_up_page(account, form, 422)
    trying.succeed()
    return _turned_on(account, codes)


def _turned_on(account: Account, codes: list[str]) -> Response:
    end_sessions(account, keep=current_user.session_id)
    token = renew_token(current_user.session_id, by=require_actor(), has_second_factor=True)
    keep_signed_in(current_user.with_token(token), lasts=current_user.is_own_device)
    return page("accounts/recovery_codes.html", codes=codes, is_new=True, back=own_path(request.args.get("terug")))


@blueprint.post("/account/reservecodes")
@requires(Permission.ACCOUNT_OWN)
@freshly()
def new_recovery_codes() -> Response | BaseResponse:
    """Make new recovery codes in place of the old and show them, once."""
    account = _own()
    if not asks_second_step(account):
        raise Conflict("no_second_factor")
    codes = renew_recovery_codes(account)
    return page("accounts/recovery_codes.html", codes=codes, is_new=False, back=url_for("accounts.account"))


@blueprint.post("/account/tweede-stap/uit")
@requires(Permission.ACCOUNT_OWN)
@freshly()
def turn_off_second_factor() -> BaseResponse:
    """Turn the second step off, unless the school asks it of one of her roles."""
    mine = _own()
    is_wanted = not current_user.actor.roles.isdisjoint(g.school.second_factor_roles)
    if is_wanted and not count_passkeys(mine):
        raise Conflict("second_factor_wanted")
    take_away(mine, by=require_actor())
    if asks_second_step(mine):
        flash(_("De app met codes staat uit. Uw passkey is nu de tweede stap."), "info")
    else:
        flash(_("De tweede stap staat uit. U logt nu in met alleen uw wachtwoord."), "info")
    return see_other(url_for("accounts.account"))
