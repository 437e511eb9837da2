"""Asking for the newsletter, confirming it, stopping it by one click, and having oneself erased after that."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import private
from portal.contacts.blueprint import blueprint
from portal.contacts.subscriptions.forms import YES, OfferForm, SubscribeForm
from portal.contacts.subscriptions.links import Target, read_news_token
from portal.contacts.subscriptions.models import NEWSLETTER
from portal.contacts.subscriptions.services import (
    Said,
    ask_newsletter,
    confirm,
    erase_subscriber,
    may_be_erased_at_once,
    must_take_subscribers,
    offer_no,
    read_confirmation,
    stop,
)
from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import one_click, public, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, language
from portal.core.http.pages import form_page, page, see_other
from portal.organisations.queries import get_contact_person
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import FIELD, collects
from portal.policy.queries import current_policy


@blueprint.route("/nieuwsbrief", methods=["GET", "POST"])
@public
@creates
@collects
def subscribe() -> Response | BaseResponse:
    """Mail a link to who asks for the newsletter."""
    must_take_subscribers()
    form = SubscribeForm(language=language())
    if form.validate_on_submit():
        version, is_old_enough = request.form.get(FIELD, ""), form.age.data == YES
        try:
            ask_newsletter(form.facts(), version=version, is_old_enough=is_old_enough, address=request.remote_addr)
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("contacts.look_in_mailbox"))
    policy = current_policy()
    question = policy.purpose(NEWSLETTER).question
    words = policy.text(question, language()) if question is not None else None
    kept = policy.text(policy.term_for("newsletter").title, language()) if policy.category("newsletter") else None
    return form_page("contacts/subscribe.html", form, words=words, kept=kept)


@blueprint.get("/nieuwsbrief/kijk")
@public
def look_in_mailbox() -> Response:
    """Say that a link was mailed: the same to whoever asked, whether or not she is on the list."""
    must_take_subscribers()
    return page("contacts/look_in_mailbox.html")


@blueprint.get("/nieuwsbrief/bevestig/<token>")
@public
def ask_confirmation(token: str) -> Response:
    """Ask whether she wants the newsletter; opening the link begins nothing."""
    return _confirm_page(_confirming(token), url_for("contacts.confirm_now", token=token))


@blueprint.post("/nieuwsbrief/bevestig/<token>")
@public
def confirm_now(token: str) -> Response:
    """Let the newsletter come from now on."""
    target = _confirming(token)
    shown = _("Wilt u toch nieuws over diensten?") if target.purpose != NEWSLETTER else _("Wilt u de nieuwsbrief?")
    return _confirm_page(target, None, done=confirm(target, shown=shown, language=language()))


def _confirming(token: str) -> Target:
    target = read_confirmation(token)
    if target is None:
        raise NotFound("newsletter")
    return target


def _confirm_page(target: Target, confirm_url: str | None, *, done: bool | None = None) -> Response:
    is_news = target.purpose != NEWSLETTER
    return _private("contacts/confirm.html", confirm_url=confirm_url, done=done, is_news=is_news)


@blueprint.get("/nieuwsbrief/stop/<token>")
@public
def ask_stop(token: str) -> Response:
    """Ask whether the mail is to stop; opening the link stops nothing."""
    return _stop_page(token, is_stopped=False)


@blueprint.post("/nieuwsbrief/stop/<token>")
@public
@one_click
def stop_now(token: str) -> Response:
    """Stop the mail: by the button, or by a mail program's own one (RFC 8058), which has no form of ours."""
    stop(_target(token))
    return _stop_page(token, is_stopped=True)


@blueprint.post("/nieuwsbrief/wis/<token>")
@public
def erase_me(token: str) -> Response:
    """Erase who is here for the newsletter alone, as a step of its own; her no is kept without her."""
    erased = erase_subscriber(_target(token))
    return _private("contacts/news_erased.html", is_erased=erased.is_done, has_more=erased.has_more)


@blueprint.get("/contacten/<uuid:person_id>/nieuws")
@requires(Permission.CONTACT_KEEP)
def ask_offer(person_id: UUID) -> Response:
    """Show the form that notes that somebody bought a service herself, and what she said about news."""
    return _offer_page(person_id, OfferForm())


@blueprint.post("/contacten/<uuid:person_id>/nieuws")
@requires(Permission.CONTACT_KEEP)
def note_offer(person_id: UUID) -> BaseResponse:
    """Note that somebody bought a service herself, and was offered a no to news of services."""
    form, by = OfferForm(), require_actor()
    get_contact_person(person_id, by.scope)
    if form.validate_on_submit():
        try:
            is_mailed = offer_no(person_id, bought_on=form.bought_on.data, said=Said(form.answer.data), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Wij stuurden een link. Na een klik komt er nieuws.") if is_mailed else _("Opgeslagen."), "good")
            return see_other(url_for("contacts.person", person_id=person_id))
    return _offer_page(person_id, form, status=422)


def _offer_page(person_id: UUID, form: OfferForm, *, status: int = 200) -> Response:
    person = get_contact_person(person_id, require_actor().scope)
    audit.saw_person(("contact_person", person_id), "contacts.person")
    return page("contacts/offer.html", person=person, form=form, status=status)


def _stop_page(token: str, *, is_stopped: bool) -> Response:
    target = _target(token)
    may_erase = is_stopped and may_be_erased_at_once(target)
    return _private(
        "contacts/stop.html",
        stop_url=url_for("contacts.stop_now", token=token),
        erase_url=url_for("contacts.erase_me", token=token) if may_erase else None,
        is_stopped=is_stopped,
        is_news=target.purpose != NEWSLETTER,
    )


def _target(token: str) -> Target:
    target = read_news_token(token)
    if target is None:
        raise NotFound("newsletter")
    return target


def _private(template: str, **facts: Any) -> Response:
    """Keep the address, which holds a token, out of the Referer header."""
    return private(page(template, **facts))
