"""Signing in with a passkey: instead of a password, as the second step after one, and to prove anew who one is."""

from flask import Response, flash, jsonify, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import SECOND_STEP, attempt, blueprint, enter, go_in, keep_signed_in, too_often
from portal.accounts.models import Account
from portal.accounts.passkeys.ceremonies import credential_id_of, request_options
from portal.accounts.passkeys.challenges import challenge_in_hand, give_challenge, relying_party
from portal.accounts.passkeys.forms import PasskeyForm
from portal.accounts.passkeys.services import PasskeyStopped, prove_by_passkey
from portal.accounts.queries import get_account, get_found
from portal.accounts.sessions.services import renew_session
from portal.accounts.sign_in.forms import AnewForm, CodeForm, SignInForm
from portal.accounts.sign_in.services import find_second_step, use_second_step, ways_of
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import public, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import own_path, page, see_other
from portal.permissions import Permission


@blueprint.get("/aanmelden/passkey/vraag")
@public
def passkey_request_options() -> Response:
    """Give the script of the page what it asks the browser, with a new challenge; it says nothing of anybody."""
    return jsonify(request_options(relying_party(), give_challenge()))


def _prove(
    form: PasskeyForm, *, only: Account | None = None, otherwise: str
) -> tuple[Account | None, BaseResponse | None]:
    """Return whose passkey answered; or nobody, with what is wrong in the form or an answer of its own.

    With `only` none but her passkeys will do. `otherwise` is where she goes on whose passkey was stopped.
    """
    if not form.validate_on_submit():
        return None, None
    answer = str(form.answer.data)
    trying = attempt("passkey", _tried(answer))
    wait = trying.begin()
    if wait:
        return None, too_often(wait)
    try:
        account = prove_by_passkey(answer, relying_party(), challenge_in_hand(), only=only)
    except PasskeyStopped:
        audit.refused_way_in("accounts.passkey")
        flash(_("Deze passkey werkt niet meer. Misschien is hij nagemaakt. Vraag uw school om hulp."), "bad")
        return None, see_other(url_for(otherwise))
    except Invalid as refusal:
        audit.refused_way_in("accounts.passkey")
        form.refuse(refusal)
        return None, None
    trying.succeed()
    return account, None


def _tried(answer: str) -> str:
    """Return under which name an attempt counts: that of the passkey; one for all that names none."""
    try:
        return credential_id_of(answer).hex()
    except Invalid:
        return ""


@blueprint.post("/aanmelden/passkey")
@public
def sign_in_by_passkey() -> Response | BaseResponse:
    """Let in whose passkey answered: it stands for password and second step both."""
    form = PasskeyForm()
    account, answer = _prove(form, otherwise="accounts.sign_in")
    if account is None:
        return answer or page("accounts/sign_in.html", form=SignInForm(), passkey=form, was_idle=False, status=422)
    is_own = bool(form.is_own_device.data) and not get_found(account).is_staff
    return go_in(account, is_own_device=is_own, back=own_path(form.terug.data))


@blueprint.post("/aanmelden/tweede-stap/passkey")
@public
def second_step_by_passkey() -> Response | BaseResponse:
    """Take a passkey in place of a code, once the password was right."""
    waiting = cookie.get(SECOND_STEP) or {}
    token = str(waiting.get("token", ""))
    waits = find_second_step(token)
    if waits is None:
        return see_other(url_for("accounts.sign_in"))
    form = PasskeyForm()
    account, answer = _prove(form, only=waits, otherwise="accounts.second_step")
    if account is None:
        return answer or page(
            "accounts/second_step.html", form=CodeForm(), passkey=form, ways=ways_of(waits), status=422
        )
    if not use_second_step(token):
        return see_other(url_for("accounts.sign_in"))
    enter(account, is_own_device=bool(waiting.get("own")), has_second_factor=True)
    return see_other(own_path(waiting.get("terug")))


@blueprint.post("/aanmelden/opnieuw/passkey")
@requires(Permission.ACCOUNT_OWN)
def sign_in_anew_by_passkey() -> Response | BaseResponse:
    """Take a passkey in place of the password, before what matters."""
    mine = get_account(current_user.actor.account_id, require_actor().scope)
    form = PasskeyForm()
    account, answer = _prove(form, only=mine, otherwise="accounts.sign_in_anew")
    if account is None:
        return answer or page(
            "accounts/sign_in_anew.html", form=AnewForm(), account=mine, passkey=form, ways=ways_of(mine), status=422
        )
    token = renew_session(current_user.session_id, by=require_actor(), has_second_factor=True)
    keep_signed_in(current_user.with_token(token), lasts=current_user.is_own_device)
    return see_other(own_path(form.terug.data))
