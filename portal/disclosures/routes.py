"""Pages of files for recipients: what can be made, preview, progress, fetching, recipients' addresses."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit, jobs
from portal.core.errors import Conflict, Refusal
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import choices, named_choices
from portal.core.http.languages import DEFAULT, language
from portal.core.http.pages import page, see_other
from portal.disclosures import queries
from portal.disclosures.files.delivery import give_file
from portal.disclosures.files.services import ask_for_file, check_client, check_period
from portal.disclosures.files.wanted import Wanted, wanted_for
from portal.disclosures.formats.file_names import file_name
from portal.disclosures.formats.rows import texts_of
from portal.disclosures.forms import FORMAT_LABELS, REASON_LABELS, STATE_LABELS, AddressForm, AskFileForm, FetchForm
from portal.disclosures.models import FileFormat
from portal.disclosures.recipients import withdrawals as recipients_withdrawals
from portal.disclosures.recipients.presenters import say_change
from portal.disclosures.recipients.queries import list_open_notices
from portal.disclosures.recipients.withdrawals import mark_told
from portal.permissions import Permission
from portal.policy.labels import RIGHTS
from portal.policy.queries import current_policy

blueprint = Blueprint("disclosures", __name__)


@blueprint.get("/bestanden")
@requires(Permission.FILE_MAKE)
def files() -> Response:
    """Show which files can be made for whom, and the files made."""
    notices = list_open_notices()
    audit.saw([notice.learner_id for notice in notices], "disclosures.notices", folds=True)
    return page(
        "disclosures/files.html",
        offers=queries.list_offers(),
        lines=queries.list_files(),
        notices=notices,
        say_change=say_change,
        policy=current_policy(),
        states=STATE_LABELS,
        rights=RIGHTS,
        form=FetchForm(),
    )


def _ask_form(offer: queries.Offer) -> AskFileForm:
    if request.method == "GET":
        form = AskFileForm(request.args if "starts_on" in request.args else None, meta={"csrf": False})
    else:
        form = AskFileForm()
    form.form.choices = choices((key, FORMAT_LABELS[key]) for key in offer.template.formats)
    if form.form.data is None:
        form.form.data = offer.template.formats[0]
    form.client_id.choices = [*choices([("", "–")]), *named_choices(queries.list_clients())]
    if "paid_by_recipient" not in offer.template.only:
        del form.client_id
    return form


def _client_of(form: AskFileForm) -> UUID | None:
    field = form.client_id
    return UUID(field.data) if field is not None and field.data else None


def _preview(offer: queries.Offer, form: AskFileForm) -> Wanted | None:
    """Return what is wanted where the form is filled in well; else its messages stand in the form."""
    if "starts_on" not in request.values or not form.validate():
        return None
    try:
        check_period(form.starts_on.data, form.ends_on.data)
        client = check_client(offer.template, _client_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return wanted_for(current_policy(), offer.template, form.starts_on.data, form.ends_on.data, client)


def _show(offer: queries.Offer, form: AskFileForm, wanted: Wanted | None, status: int = 200) -> Response:
    shown = queries.preview(wanted) if wanted is not None else None
    left_out = queries.list_left_out(wanted) if wanted is not None else []
    on_paper = wanted is not None and form.form.data == FileFormat.PDF
    unprintable = queries.list_unprintable(wanted) if wanted is not None and on_paper else []
    if shown is not None:
        named = [*(each.learner_id for each in left_out), *(each.learner_id for each in unprintable)]
        audit.saw([*shown.learner_ids, *named], "disclosures.preview")
    return page(
        "disclosures/ask.html",
        offer=offer,
        form=form,
        preview=shown,
        sample=texts_of(shown.columns, shown.rows) if shown is not None else [],
        left_out=left_out,
        unprintable=unprintable,
        policy=current_policy(),
        reasons=REASON_LABELS,
        status=status,
    )


@blueprint.get("/bestanden/nieuw/<template>")
@requires(Permission.FILE_MAKE)
def ask(template: str) -> Response:
    """Choose a period; with one chosen, show who is in, who is left out and why, and a few rows."""
    offer = queries.get_offer(template)
    form = _ask_form(offer)
    wanted = _preview(offer, form)
    return _show(offer, form, wanted, 422 if form.errors else 200)


@blueprint.post("/bestanden/nieuw/<template>")
@requires(Permission.FILE_MAKE)
@creates
def make(template: str) -> BaseResponse:
    """Ask for the file that was previewed."""
    offer = queries.get_offer(template)
    form = _ask_form(offer)
    if not form.validate_on_submit():
        return _show(offer, form, None, 422)
    try:
        disclosure = ask_for_file(
            template,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            form=FileFormat(form.form.data),
            client_id=_client_of(form),
            by=require_actor(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(offer, form, None, 422)
    return see_other(url_for("disclosures.one", disclosure_id=disclosure.id))


@blueprint.get("/bestanden/<uuid:disclosure_id>")
@requires(Permission.FILE_MAKE)
def one(disclosure_id: UUID) -> Response:
    """Show a file: how far it is, what is in it, and the button that fetches it."""
    job = jobs.find_job(queries.get_disclosure(disclosure_id, require_actor().scope).job_id)
    disclosure = queries.get_disclosure(
        disclosure_id, require_actor().scope
    )  # after its job: what that did by then is in it
    return page(
        "disclosures/one.html",
        "disclosures/_progress.html",
        disclosure=disclosure,
        job=job,
        trouble=jobs.trouble(job),
        learners=queries.count_learners(disclosure),
        policy=current_policy(),
        states=STATE_LABELS,
        rights=RIGHTS,
        reasons=REASON_LABELS,
        refused=request.args.get("kan_niet", ""),
        form=FetchForm(),
        language=language(),
    )


@blueprint.post("/bestanden/<uuid:disclosure_id>/stoppen")
@requires(Permission.FILE_MAKE)
def stop(disclosure_id: UUID) -> BaseResponse:
    """Stop the making of a file."""
    disclosure = queries.get_disclosure(disclosure_id, require_actor().scope)
    if FetchForm().validate_on_submit() and disclosure.job_id is not None:
        jobs.cancel(disclosure.job_id)
    return see_other(url_for("disclosures.one", disclosure_id=disclosure_id))


@blueprint.post("/bestanden/<uuid:disclosure_id>/ophalen")
@requires(Permission.FILE_MAKE)
def fetch(disclosure_id: UUID) -> BaseResponse:
    """Give the file, once signed in anew within five minutes; the first time makes it a disclosure."""
    back = url_for("disclosures.one", disclosure_id=disclosure_id)
    try:
        disclosure, content = give_file(disclosure_id, signed_in_at=current_user.authenticated_at, by=require_actor())
    except Conflict as conflict:
        if conflict.code == "sign_in_anew":
            return see_other(url_for("accounts.sign_in_anew", terug=back))
        return see_other(f"{back}?kan_niet={conflict.code}")
    titles = {each.key: str(each.title.in_language(DEFAULT)) for each in current_policy().templates}
    name = file_name(disclosure, titles.get(disclosure.template, disclosure.template))
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/bestanden/ontvangers")
@requires(Permission.FILE_MAKE)
def recipients() -> Response:
    """Show where each recipient hears of withdrawals."""
    known = queries.addresses()
    policy = current_policy()
    forms = {item.key: AddressForm(None, prefix=item.key, email=known.get(item.key)) for item in policy.recipients}
    return page("disclosures/recipients.html", policy=policy, forms=forms)


@blueprint.post("/bestanden/ontvangers/<recipient>")
@requires(Permission.FILE_MAKE)
def set_address(recipient: str) -> BaseResponse:
    """Set where one recipient hears of withdrawals."""
    policy = current_policy()
    form = AddressForm(prefix=recipient)
    if form.validate_on_submit():
        recipients_withdrawals.set_address(recipient, form.email.data, by=require_actor())
        return see_other(url_for("disclosures.recipients"))
    known = queries.addresses()
    forms = {item.key: AddressForm(None, prefix=item.key, email=known.get(item.key)) for item in policy.recipients}
    forms[recipient] = form
    return page("disclosures/recipients.html", policy=policy, forms=forms, status=422)


@blueprint.post("/bestanden/meldingen/<uuid:notice_id>")
@requires(Permission.FILE_MAKE)
def told(notice_id: UUID) -> BaseResponse:
    """Record that a recipient was told of a withdrawal."""
    if FetchForm().validate_on_submit():
        mark_told(notice_id, by=require_actor())
    return see_other(url_for("disclosures.files"))
