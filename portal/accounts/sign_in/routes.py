"""Signing in and out, the second step, signing in anew, a forgotten password, the language."""

from flask import Response, redirect, request, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import (
    SECOND_STEP,
    attempt,
    blueprint,
    enter,
    go_on,
    keep_signed_in,
    sign_out_browser,
    too_often,
)
from portal.accounts.models import Account
from portal.accounts.own_account.services import choose_language as keep_language
from portal.accounts.passwords.resets import ask_reset
from portal.accounts.queries import get_account
from portal.accounts.sessions.services import end_session, renew_session
from portal.accounts.sign_in.forms import AnewForm, CodeForm, ForgottenForm, SignInForm
from portal.accounts.sign_in.services import (
    asks_second_step,
    find_second_step,
    prove_anew,
    prove_password,
    take_second_step,
    ways_of,
)
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import public, require_actor, requires
from portal.core.http.costs import costly
from portal.core.http.languages import COOKIE, LANGUAGES, _
from portal.core.http.pages import own_path, page, see_other
from portal.permissions import Permission

_YEAR_SECONDS = 365 * 24 * 3600


@blueprint.get("/aanmelden")
@public
def sign_in() -> Response | BaseResponse:
    """Ask for name and password; who is signed in already goes on."""
    back = own_path(request.args.get("terug"))
    if current_user.is_authenticated:
        return redirect(back, 303)
    form = SignInForm(terug=back)
    was_idle, has_lost = request.args.get("reden") == "stil", "kwijt" in request.args
    return page("accounts/sign_in.html", form=form, was_idle=was_idle, has_lost=has_lost)


@blueprint.post("/aanmelden")
@public
@costly
def sign_in_with_password() -> Response | BaseResponse:
    """Take name and password. The answer to a wrong pair is the same whether or not there is such an account."""
    form = SignInForm()
    if not form.validate_on_submit():
        return page("accounts/sign_in.html", form=form, was_idle=False, status=422)
    name = str(form.name.data)
    trying = attempt("password", name)
    wait = trying.begin()
    if wait:
        return too_often(wait)
    found = prove_password(name, str(form.password.data))
    if found is None:
        audit.refused_way_in("accounts.sign_in")
        form.form_errors.append(
            _("Dit e-mailadres of nummer en dit wachtwoord horen niet bij elkaar. Probeer het nog eens.")
        )
        return page("accounts/sign_in.html", form=form, was_idle=False, status=422)
    trying.succeed()
    is_own = bool(form.is_own_device.data) and not found.is_staff
    return go_on(found, is_own_device=is_own, back=own_path(form.terug.data))


@blueprint.get("/aanmelden/geen-toegang")
@public
def shut_out() -> Response:
    """Say why an account opens nothing today."""
    return page("accounts/shut_out.html", why=request.args.get("waarom", ""))


@blueprint.route("/aanmelden/tweede-stap", methods=["GET", "POST"])
@public
def second_step() -> Response | BaseResponse:
    """Ask for the code of the app once the password was right."""
    waiting = cookie.get(SECOND_STEP) or {}
    account = find_second_step(str(waiting.get("token", "")))
    if account is None:
        return see_other(url_for("accounts.sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("accounts/second_step.html", form=form, ways=ways_of(account), status=status)
    trying = attempt("code", str(account.id))
    wait = trying.begin()
    if wait:
        return too_often(wait)
    if take_second_step(str(waiting["token"]), str(form.code.data)) is None:
        audit.refused_way_in("accounts.second_step")
        form.refuse(Invalid("code", "wrong_code"))
        return page("accounts/second_step.html", form=form, ways=ways_of(account), status=422)
    trying.succeed()
    enter(account, is_own_device=bool(waiting.get("own")), has_second_factor=True)
    return see_other(own_path(waiting.get("terug")))


@blueprint.route("/aanmelden/opnieuw", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@costly
def sign_in_anew() -> Response | BaseResponse:
    """Ask for the password once more before what matters, then lead back to where she was."""
    account = get_account(current_user.actor.account_id, require_actor().scope)
    form = AnewForm(terug=own_path(request.args.get("terug")))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("accounts/sign_in_anew.html", form=form, account=account, ways=ways_of(account), status=status)
    trying = attempt("anew", str(account.id))
    wait = trying.begin()
    if wait:
        return too_often(wait)
    if not prove_anew(account, str(form.password.data), form.code.data or form.recovery_code.data):
        audit.refused_way_in("accounts.sign_in_anew")
        form.refuse(Invalid("", "wrong"))
        return page("accounts/sign_in_anew.html", form=form, account=account, ways=ways_of(account), status=422)
    trying.succeed()
    return _renew(account, own_path(form.terug.data))


def _renew(account: Account, back: str) -> BaseResponse:
    token = renew_session(current_user.session_id, by=require_actor(), has_second_factor=asks_second_step(account))
    keep_signed_in(current_user.with_token(token), lasts=current_user.is_own_device)
    return see_other(back)


@blueprint.get("/aanmelden/klaar")
@requires(Permission.ACCOUNT_OWN)
def signed_in() -> Response:
    """Say that she is signed in again: a page on another tab whose session had ended takes its token from here."""
    return page("accounts/signed_in.html")


@blueprint.post("/uitloggen")
@public
def sign_out() -> BaseResponse:
    """End this session; also fine for who isn't signed in any more."""
    if current_user.is_authenticated:
        end_session(current_user.session_id, by=require_actor())
    sign_out_browser()
    return see_other(url_for("accounts.signed_out"))


@blueprint.get("/uitgelogd")
@public
def signed_out() -> Response:
    """Say that she is signed out."""
    return page("accounts/signed_out.html")


@blueprint.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@public
def forgotten() -> Response | BaseResponse:
    """Send a link to choose a new password; the answer is the same whether or not there is such an account."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return page("accounts/forgotten.html", form=form, status=422 if form.is_submitted() else 200)
    wait = attempt("reset", str(form.name.data)).begin()
    if wait:
        return too_often(wait)
    ask_reset(str(form.name.data))
    return see_other(url_for("accounts.link_sent"))


@blueprint.get("/wachtwoord-vergeten/verstuurd")
@public
def link_sent() -> Response:
    """Say that a link is on its way, if there is such an account."""
    return page("accounts/link_sent.html")


@blueprint.post("/taal")
@public
def choose_language() -> BaseResponse:
    """Keep the language in a cookie of its own, and on the account of who is signed in."""
    chosen = request.form.get("taal", "")
    response = see_other(own_path(request.form.get("terug")))
    if chosen not in LANGUAGES:
        return response
    if current_user.is_authenticated:
        keep_language(chosen, by=current_user.actor)
    response.set_cookie(COOKIE, chosen, max_age=_YEAR_SECONDS, path="/", secure=True, httponly=True, samesite="Lax")
    return response
