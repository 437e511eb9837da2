"""Writing a mail to many, sending it to oneself first, and to all."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.contacts.blueprint import blueprint
from portal.contacts.mailings.forms import MailingForm, SendForm
from portal.contacts.mailings.labels import LEFT_OUT, PURPOSES
from portal.contacts.mailings.queries import (
    count_copies,
    find_readers,
    get_mailing,
    list_mailings,
    purposes_of_news,
)
from portal.contacts.mailings.services import begin_mailing, preview_mailing, write_mailing
from portal.contacts.subscriptions.models import SERVICE_NEWS
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, page_number, see_other
from portal.permissions import Permission


@blueprint.get("/nieuwsbrieven")
@requires(Permission.NEWS_SEND)
def mailings() -> Response:
    """List the mails to many."""
    found = list_mailings(require_actor().scope, page=page_number())
    return page("contacts/mailings.html", found=found, may_write=bool(purposes_of_news()), labels=PURPOSES)


@blueprint.get("/nieuwsbrieven/nieuw")
@requires(Permission.NEWS_SEND)
def new_mailing() -> Response:
    """Show an empty form for a mail to many."""
    return _form_page(MailingForm(purpose=_offered()[0]), None)


@blueprint.post("/nieuwsbrieven/nieuw")
@requires(Permission.NEWS_SEND)
@creates
def add_mailing() -> BaseResponse:
    """Store a new mail to many."""
    _offered()
    return _save(None)


@blueprint.get("/nieuwsbrieven/<uuid:mailing_id>")
@requires(Permission.NEWS_SEND)
def mailing(mailing_id: UUID) -> Response:
    """Show a mail to many as it will look, with who gets it and why others don't."""
    return _mailing_page(mailing_id, SendForm())


@blueprint.get("/nieuwsbrieven/<uuid:mailing_id>/wijzig")
@requires(Permission.NEWS_SEND)
def edit_mailing(mailing_id: UUID) -> Response:
    """Show the form of a mail to many that wasn't sent yet."""
    row = get_mailing(mailing_id, require_actor().scope)
    return _form_page(MailingForm(obj=row), mailing_id)


@blueprint.post("/nieuwsbrieven/<uuid:mailing_id>/wijzig")
@requires(Permission.NEWS_SEND)
def change_mailing(mailing_id: UUID) -> BaseResponse:
    """Store a mail to many."""
    get_mailing(mailing_id, require_actor().scope)
    return _save(mailing_id)


@blueprint.post("/nieuwsbrieven/<uuid:mailing_id>/proef")
@requires(Permission.NEWS_SEND)
def preview(mailing_id: UUID) -> BaseResponse:
    """Mail it to oneself."""
    form = MailingForm(formdata=None)
    try:
        preview_mailing(mailing_id, by=require_actor())
    except Conflict as refusal:
        flash(form.message_for(refusal), "bad")
    else:
        flash(_("De proef is naar uw eigen adres gestuurd."), "good")
    return see_other(url_for("contacts.mailing", mailing_id=mailing_id))


@blueprint.post("/nieuwsbrieven/<uuid:mailing_id>/verstuur")
@requires(Permission.NEWS_SEND)
def send(mailing_id: UUID) -> BaseResponse:
    """Let the worker send it to all who may get it."""
    by, form = require_actor(), SendForm()
    if get_mailing(mailing_id, by.scope).purpose == SERVICE_NEWS and not form.validate_on_submit():
        return _mailing_page(mailing_id, form, status=422)
    try:
        begin_mailing(mailing_id, by=by)
    except Conflict as refusal:
        flash(form.message_for(refusal), "bad")
    else:
        flash(_("De mail gaat nu uit, in delen."), "good")
    return see_other(url_for("contacts.mailing", mailing_id=mailing_id))


def _offered() -> list[str]:
    """Return for what the school may mail many; raises NotFound where its policy has no such purpose."""
    offered = purposes_of_news()
    if not offered:
        raise NotFound("newsletter")
    return offered


def _save(mailing_id: UUID | None) -> BaseResponse:
    form = MailingForm()
    if form.validate_on_submit():
        facts = {name: str(form[name].data) for name in ("purpose", "subject", "body")}
        try:
            row = write_mailing(mailing_id, by=require_actor(), **facts)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("contacts.mailing", mailing_id=row.id))
    return _form_page(form, mailing_id, status=422)


def _form_page(form: MailingForm, mailing_id: UUID | None, *, status: int = 200) -> Response:
    return page("contacts/edit_mailing.html", form=form, mailing_id=mailing_id, status=status)


def _mailing_page(mailing_id: UUID, form: SendForm, *, status: int = 200) -> Response:
    by = require_actor()
    row = get_mailing(mailing_id, by.scope)
    is_offered = row.purpose in purposes_of_news()
    return page(
        "contacts/mailing.html",
        row=row,
        readers=find_readers(row.purpose, by.scope) if is_offered and row.started_at is None else None,
        sent=count_copies(row),
        form=form,
        asks_similar=row.purpose == SERVICE_NEWS,
        labels=PURPOSES,
        reasons=LEFT_OUT,
        status=status,
    )
