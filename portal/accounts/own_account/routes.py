"""The own account: what it holds, language, password, e-mail address."""

from flask import Response, flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import attempt, blueprint, keep_signed_in, too_often
from portal.accounts.models import Account
from portal.accounts.own_account.emails import ask_new_email
from portal.accounts.own_account.forms import EmailForm, LanguageForm, PasswordForm
from portal.accounts.own_account.services import choose_language as keep_language
from portal.accounts.passkeys.queries import count_passkeys
from portal.accounts.passwords.resets import tell_password_changed
from portal.accounts.passwords.services import change_password
from portal.accounts.queries import get_account, list_sessions
from portal.accounts.second_factor.services import count_recovery_codes
from portal.accounts.sessions.services import end_sessions, renew_token
from portal.accounts.sign_in.forms import password_hint
from portal.accounts.sign_in.services import ways_of
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.costs import costly
from portal.core.http.languages import COOKIE, _, language
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects


def own() -> Account:
    """Return the account of who is signed in."""
    return get_account(current_user.actor.account_id, require_actor().scope)


@blueprint.get("/account")
@requires(Permission.ACCOUNT_OWN)
def account() -> Response:
    """Show the own account."""
    mine = own()
    return page(
        "accounts/account.html",
        account=mine,
        form=LanguageForm(language=mine.language or language()),
        codes_left=count_recovery_codes(mine),
        ways=ways_of(mine),
        passkey_count=count_passkeys(mine),
        session_count=len(list_sessions(mine.id, require_actor().scope)),
    )


@blueprint.post("/account/taal")
@requires(Permission.ACCOUNT_OWN)
def account_language() -> BaseResponse:
    """Keep the language of the account; a language chosen on this machine before gives way."""
    form = LanguageForm()
    if form.validate_on_submit():
        keep_language(str(form.language.data), by=require_actor())
    response = see_other(url_for("accounts.account"))
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return response


@blueprint.route("/account/wachtwoord", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@costly
def change_own_password() -> Response | BaseResponse:
    """Change the own password; every other session ends."""
    form = PasswordForm()
    is_staff = current_user.actor.is_staff
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        trying = attempt("anew", str(current_user.actor.account_id))
        wait = trying.begin()
        if wait:
            return too_often(wait)
        try:
            change_password(own(), str(form.old_password.data), str(form.password.data), is_staff=is_staff)
        except Invalid as refusal:
            if refusal.field == "password":
                trying.succeed()
            else:
                audit.refused_way_in("accounts.password")
            form.refuse(refusal)
        else:
            trying.succeed()
            return _password_changed()
    return page("accounts/change_password.html", form=form, hint=password_hint(is_staff=is_staff), status=status)


def _password_changed() -> BaseResponse:
    mine = own()
    end_sessions(mine, keep=current_user.session_id)
    token = renew_token(current_user.session_id, by=require_actor())
    keep_signed_in(current_user.with_token(token), lasts=current_user.is_own_device)
    tell_password_changed(mine)
    flash(_("Uw nieuwe wachtwoord is opgeslagen. Op andere apparaten bent u uitgelogd."), "good")
    return see_other(url_for("accounts.account"))


@blueprint.route("/account/e-mail", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@freshly()
@collects
def change_email() -> Response | BaseResponse:
    """Send a link to another e-mail address; it counts once that is opened."""
    form = EmailForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            ask_new_email(own(), str(form.email.data))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Wij hebben een link gestuurd. Open die link. Tot dan geldt uw oude adres."), "info")
            return see_other(url_for("accounts.account"))
    return page("accounts/change_email.html", form=form, account=own(), status=status)
