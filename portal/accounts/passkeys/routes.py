"""The own passkeys: a list, a new one, another name, and away with one."""

from uuid import UUID

from flask import Response, flash, jsonify, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import blueprint, keep_signed_in
from portal.accounts.labels import device_name
from portal.accounts.models import Account
from portal.accounts.passkeys.challenges import challenge_in_hand, give_challenge, relying_party
from portal.accounts.passkeys.forms import NewPasskeyForm, PasskeyNameForm, RemovePasskeyForm
from portal.accounts.passkeys.queries import count_passkeys, get_own_passkey, list_passkeys
from portal.accounts.passkeys.services import MOST, add_passkey, creation_options, remove_passkey, rename_passkey
from portal.accounts.queries import get_account
from portal.accounts.second_factor.services import renew_recovery_codes
from portal.accounts.sessions.services import end_sessions, renew_token
from portal.accounts.sign_in.services import asks_second_step
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import own_path, page, see_other
from portal.permissions import Permission


def _own() -> Account:
    return get_account(current_user.actor.account_id, require_actor().scope)


def _list_page(refused: Form | None = None, refused_id: UUID | None = None) -> Response:
    actor = require_actor()
    return page(
        "accounts/passkeys.html",
        passkeys=list_passkeys(current_user.actor.account_id, actor.scope),
        host=relying_party().host,
        most=MOST,
        refused=refused,
        refused_id=refused_id,
        status=422 if refused else 200,
    )


@blueprint.get("/account/passkeys")
@requires(Permission.ACCOUNT_OWN)
def passkeys() -> Response:
    """List the own passkeys, with when each was made and used."""
    return _list_page()


@blueprint.route("/account/passkeys/nieuw", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@freshly(15)
def new_passkey() -> Response | BaseResponse:
    """Add a passkey that this phone or laptop makes; every other session ends, as with a new second step."""
    form = NewPasskeyForm(name=device_name(request.user_agent.string))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        is_first = not count_passkeys(get_account(current_user.actor.account_id, require_actor().scope))
        try:
            add_passkey(
                str(form.name.data), str(form.answer.data), relying_party(), challenge_in_hand(), by=require_actor()
            )
        except Invalid as refusal:
            if refusal.code == "not_accepted":
                audit.refused_way_in("accounts.passkey")
            form.refuse(refusal)
        else:
            return _added(is_first=is_first)
    return page("accounts/new_passkey.html", form=form, status=status)


def _added(*, is_first: bool) -> Response | BaseResponse:
    """Let the session go on as one with a second step; who has a second step by it gets codes to stand in for it."""
    account = _own()
    end_sessions(account, keep=current_user.session_id)
    token = renew_token(current_user.session_id, by=require_actor(), has_second_factor=True)
    keep_signed_in(current_user.with_token(token), lasts=current_user.is_own_device)
    back = own_path(request.args.get("terug"), url_for("accounts.passkeys"))
    if is_first and account.totp_since is None and asks_second_step(account):
        codes = renew_recovery_codes(account)
        return page("accounts/recovery_codes.html", codes=codes, is_new=True, back=back)
    flash(_("Uw passkey is klaar. De volgende keer logt u hiermee in. Op andere apparaten bent u uitgelogd."), "good")
    return see_other(back)


@blueprint.get("/account/passkeys/vraag")
@requires(Permission.ACCOUNT_OWN)
@freshly(15)
def passkey_creation_options() -> Response:
    """Give the script of the page what it asks the browser, with a new challenge."""
    return jsonify(creation_options(relying_party(), give_challenge(), by=require_actor()))


@blueprint.post("/account/passkeys/<uuid:passkey_id>/naam")
@requires(Permission.ACCOUNT_OWN)
def change_passkey_name(passkey_id: UUID) -> Response | BaseResponse:
    """Give one of the own passkeys another name."""
    get_own_passkey(passkey_id, require_actor().scope)
    form = PasskeyNameForm()
    if not form.validate_on_submit():
        return _list_page(form, passkey_id)
    rename_passkey(passkey_id, str(form.name.data), by=require_actor())
    flash(_("De nieuwe naam is opgeslagen."), "good")
    return see_other(url_for("accounts.passkeys"))


@blueprint.post("/account/passkeys/<uuid:passkey_id>/weg")
@requires(Permission.ACCOUNT_OWN)
@freshly()
def take_passkey_away(passkey_id: UUID) -> Response | BaseResponse:
    """Remove one of the own passkeys; every other session ends, since it may have begun with it."""
    form = RemovePasskeyForm()
    try:
        remove_passkey(passkey_id, by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _list_page(form, passkey_id)
    end_sessions(_own(), keep=current_user.session_id)
    flash(_("De passkey is verwijderd. Op andere apparaten bent u uitgelogd."), "good")
    return see_other(url_for("accounts.passkeys"))
