"""Writing down what somebody asked by phone, letter, mail or at the counter."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.learners.names_in_texts.pages import tells_of_names
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.representation.queries import list_acting
from portal.requests.askers.chosen import Chosen, get_chosen
from portal.requests.askers.presenters import choices_of
from portal.requests.askers.queries import find_people
from portal.requests.blueprint import blueprint
from portal.requests.complaints.queries import is_kept
from portal.requests.data_requests.entries import Receipt, enter_request
from portal.requests.data_requests.forms import HERSELF, entry_form, fit_to
from portal.requests.data_requests.labels import KINDS
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel, RequestKind
from portal.requests.data_requests.services import check_identity


@blueprint.get("/verzoeken/nieuw")
@requires(Permission.REQUEST_ENTER)
def choose_asker() -> Response:
    """Look for who asks, and choose what she asks."""
    by, text = require_actor(), request.args.get("zoek", "").strip()
    chosen = get_chosen(by)
    found = find_people(text if chosen.name is None else "", by)
    seen = [chosen.learner.id] if chosen.learner is not None else [each.id for each in found.learners]
    audit.saw(seen, "requests.choose_asker")
    return page(
        "requests/choose_asker.html",
        text=text,
        found=found,
        chosen=chosen,
        is_unknown="zonder" in request.args,
        kinds=KINDS,
        takes_complaints=is_kept(),
    )


@blueprint.route("/verzoeken/nieuw/<kind>", methods=["GET", "POST"])
@requires(Permission.REQUEST_ENTER)
@creates
@collects_of_others
def enter(kind: str) -> Response | BaseResponse:
    """Write down a request from the day on which it was received."""
    wanted, chosen = _kind(kind), get_chosen(require_actor())
    form = entry_form(wanted)(received_on=today(), language=chosen.language)
    fit_to(form, chosen.kind)
    if chosen.name is not None:
        del form.asker_name, form.asker_contact
    _offer_acting(form, chosen.learner_id)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit() and not tells_of_names(form, chosen.learner_id):
        try:
            stored = _enter(form, wanted, chosen)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            return _entered(stored)
    if chosen.learner is not None:
        audit.saw([chosen.learner.id], "requests.entered")
    return page("requests/enter.html", form=form, kind=wanted, title=KINDS[wanted], chosen=chosen, status=status)


def _offer_acting(form: Form, learner_id: UUID | None) -> None:
    """Offer who may act for a learner now, beside herself; where nobody may, it isn't asked who asks."""
    found = list_acting(learner_id, require_actor().scope) if learner_id is not None else []
    if found:
        form["asked_by"].choices = [SelectChoice(HERSELF, _("de cursist zelf")), *choices_of(found)]
    else:
        del form["asked_by"]


def _entered(stored: DataRequest) -> BaseResponse:
    flash(_("Opgeschreven als %(request_number)s. Er komt een antwoord.", request_number=stored.number), "good")
    known = url_for("requests.handle", request_id=stored.id)
    return see_other(known if require_actor().may(Permission.REQUEST_VIEW) else url_for("requests.choose_asker"))


def _kind(kind: str) -> RequestKind:
    try:
        return RequestKind(kind)
    except ValueError:
        raise NotFound("kind") from None


def _enter(form: Form, kind: RequestKind, chosen: Chosen) -> DataRequest:
    by, fields, person = require_actor(), form.data, chosen.person
    receipt = Receipt(
        channel=RequestChannel(fields["channel"]),
        received_on=fields["received_on"],
        learner_id=person.learner_id if person is not None else None,
        contact_person_id=person.contact_person_id if person is not None else None,
        account_id=person.account_id if person is not None else None,
        asked_by_id=form.chosen(),
        asker_name=fields.get("asker_name"),
        asker_contact=fields.get("asker_contact"),
    )
    stored = enter_request(form.wish(kind), receipt, language=fields["language"], by=by)
    if fields["is_seen"] and receipt.channel is RequestChannel.COUNTER:
        check_identity(stored.id, IdentityCheck.COUNTER, is_told=False, by=by)
    return stored
