"""Links and printed codes: accepting an invitation, the first time with a code, a new password, a new address."""

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import attempt, blueprint, go_on, private, stale_link, too_often
from portal.accounts.invitations.services import accept_code, accept_invitation, find_invitation
from portal.accounts.models import Account
from portal.accounts.own_account.emails import confirm_new_email, find_new_email
from portal.accounts.passwords.resets import find_reset, reset_password
from portal.accounts.queries import get_found
from portal.accounts.sign_in.forms import ConfirmForm, FirstTimeForm, InvitedForm, ResetForm, password_hint
from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import public
from portal.core.http.costs import costly
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.policy.privacy_notices.collection import collects, note_collected_of


def _hint(account: Account) -> str:
    return password_hint(is_staff=get_found(account).is_staff)


@blueprint.route("/uitnodiging/<token>", methods=["GET", "POST"])
@public
@costly
@collects
def accept_invited(token: str) -> Response | BaseResponse:
    """Let who is invited choose password and language; after that she is signed in."""
    account = find_invitation(token)
    if account is None:
        return stale_link("invitation")
    form = InvitedForm(language=account.language or language())
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            accepted = accept_invitation(token, str(form.password.data), str(form.language.data))
            note_collected_of(accepted.id)
            return go_on(get_found(accepted))
        except Invalid as refusal:
            form.refuse(refusal)
    return private(page("accounts/invited.html", form=form, account=account, hint=_hint(account), status=status))


@blueprint.route("/eerste-keer", methods=["GET", "POST"])
@public
@costly
@collects
def first_time() -> Response | BaseResponse:
    """Let who has a printed code sign in for the first time and choose a password."""
    form = FirstTimeForm(language=language(), number=request.args.get("nummer"), code=request.args.get("code"))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        trying = attempt("first_code", str(form.number.data))
        wait = trying.begin()
        if wait:
            return too_often(wait)
        try:
            account = accept_code(
                str(form.number.data), str(form.code.data), str(form.password.data), str(form.language.data)
            )
        except NotFound:
            audit.refused_way_in("accounts.first_code")
            form.refuse(Invalid("code", "wrong_code"))
        except Invalid as refusal:
            trying.succeed()
            form.refuse(refusal)
        else:
            trying.succeed()
            note_collected_of(account.id)
            return go_on(get_found(account))
    hint = password_hint(is_staff=False)
    return private(page("accounts/first_time.html", form=form, hint=hint, status=status))


@blueprint.route("/wachtwoord/<token>", methods=["GET", "POST"])
@public
@costly
def choose_password(token: str) -> Response | BaseResponse:
    """Let who has the link choose a new password; she signs in with it after that, second step and all."""
    account = find_reset(token)
    if account is None:
        return stale_link("password")
    form = ResetForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            reset_password(token, str(form.password.data))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            for name in filter(None, (account.email, account.sign_in_number)):
                attempt("password", name).forget()  # who forgot it may have tried too often
            flash(_("Uw nieuwe wachtwoord is opgeslagen. U kunt er nu mee inloggen."), "good")
            return see_other(url_for("accounts.sign_in"))
    return private(page("accounts/choose_password.html", form=form, hint=_hint(account), status=status))


@blueprint.route("/nieuw-adres/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> Response | BaseResponse:
    """Let a new e-mail address count; opening the link shows it, a button confirms, for a GET changes nothing."""
    email = find_new_email(token)
    if email is None:
        return stale_link("email")
    form = ConfirmForm()
    if not form.validate_on_submit():
        return private(page("accounts/confirm_email.html", form=form, email=email))
    try:
        confirm_new_email(token)
    except NotFound:
        return stale_link("email")
    flash(_("Uw nieuwe e-mailadres is opgeslagen."), "good")
    return see_other(url_for("accounts.sign_in"))
