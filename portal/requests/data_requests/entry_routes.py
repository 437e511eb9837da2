"""Writing down what somebody asked by phone, letter, mail or at the counter."""

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import id_asked, page, see_other
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import Search, find_learners
from portal.organisations.models import ContactPerson
from portal.organisations.queries import find_contact_people, get_contact_person
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.requests.blueprint import blueprint
from portal.requests.data_requests.forms import entry_form
from portal.requests.data_requests.labels import KINDS
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel, RequestKind
from portal.requests.data_requests.services import Receipt, check_identity, enter_request


@blueprint.get("/verzoeken/nieuw")
@requires(Permission.REQUEST_ENTER)
def choose_asker() -> Response:
    """Look for who asks, and choose what she asks."""
    by, text = require_actor(), request.args.get("zoek", "").strip()
    learner_id = id_asked("cursist")
    learner = get_within_reach(learner_id, by) if learner_id is not None else None
    contact = _contact_asked(by)
    found = find_learners(Search(text=text), by) if text and learner is None else None
    learners = found.learners if found is not None else []
    audit.saw([learner.id] if learner is not None else [each.id for each in learners], "requests.choose_asker")
    return page(
        "requests/choose_asker.html",
        text=text,
        learners=learners,
        learner=learner,
        contact=contact,
        contacts=find_contact_people(text) if text and learner is None else [],
        is_unknown="zonder" in request.args,
        kinds=KINDS,
    )


@blueprint.route("/verzoeken/nieuw/<kind>", methods=["GET", "POST"])
@requires(Permission.REQUEST_ENTER)
@creates
@collects_of_others
def enter(kind: str) -> Response | BaseResponse:
    """Write down a request from the day on which it was received."""
    wanted, learner, contact = _kind(kind), _asker(), _contact_asked(require_actor())
    form = entry_form(wanted)(received_on=today(), language=(learner.preferred_language if learner else None) or "nl")
    if learner is not None or contact is not None:
        del form.asker_name, form.asker_contact
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit() and not tells_of_names(form, learner.id if learner is not None else None):
        try:
            stored = _enter(form, wanted, learner, contact)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            return _entered(stored)
    if learner is not None:
        audit.saw([learner.id], "requests.entered")
    title = KINDS[wanted]
    return page(
        "requests/enter.html", form=form, kind=wanted, title=title, learner=learner, contact=contact, status=status
    )


def _entered(stored: DataRequest) -> BaseResponse:
    flash(_("Opgeschreven als %(request_number)s. Er komt een antwoord.", request_number=stored.number), "good")
    known = url_for("requests.handle", request_id=stored.id)
    return see_other(known if require_actor().may(Permission.REQUEST_VIEW) else url_for("requests.choose_asker"))


def _kind(kind: str) -> RequestKind:
    try:
        return RequestKind(kind)
    except ValueError:
        raise NotFound("kind") from None


def _asker() -> Learner | None:
    """Return the learner whom the address names; None where it names none. Raises NotFound for one out of reach."""
    if not request.args.get("cursist"):
        return None
    learner_id = id_asked("cursist")
    if learner_id is None:
        raise NotFound("learner")
    return get_within_reach(learner_id, require_actor())


def _contact_asked(by: Actor) -> ContactPerson | None:
    """Return the contact person whom the address names; None where it names none, or a learner. Raises NotFound."""
    if not request.args.get("contactpersoon") or request.args.get("cursist"):
        return None
    contact_id = id_asked("contactpersoon")
    if contact_id is None:
        raise NotFound("contact_person")
    return get_contact_person(contact_id, by.scope)


def _enter(form: Form, kind: RequestKind, learner: Learner | None, contact: ContactPerson | None) -> DataRequest:
    by, fields = require_actor(), form.data
    receipt = Receipt(
        channel=RequestChannel(fields["channel"]),
        received_on=fields["received_on"],
        learner_id=learner.id if learner is not None else None,
        contact_person_id=contact.id if contact is not None else None,
        asker_name=fields.get("asker_name"),
        asker_contact=fields.get("asker_contact"),
    )
    stored = enter_request(form.wish(kind), receipt, language=fields["language"], by=by)
    if fields["is_seen"] and receipt.channel is RequestChannel.COUNTER:
        check_identity(stored.id, IdentityCheck.COUNTER, by=by)
    return stored
