"""Writing down what somebody complained of by phone, letter, mail or at the counter."""

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.requests.askers.chosen import get_chosen
from portal.requests.askers.queries import find_people
from portal.requests.blueprint import blueprint
from portal.requests.complaints.forms import ComplaintEntryForm
from portal.requests.complaints.queries import is_kept
from portal.requests.complaints.services import enter_complaint


@blueprint.get("/klachten/nieuw")
@requires(Permission.COMPLAINT_KEEP)
def choose_complainant() -> Response:
    """Look for who complains."""
    if not is_kept():
        raise NotFound("kind")
    text = request.args.get("zoek", "").strip()
    found = find_people(text, require_actor())
    audit.saw([each.id for each in found.learners], "requests.choose_complainant")
    return page("requests/choose_complainant.html", text=text, found=found)


@blueprint.route("/klachten/nieuw/opschrijven", methods=["GET", "POST"])
@requires(Permission.COMPLAINT_KEEP)
@creates
@collects_of_others
def write_complaint() -> Response | BaseResponse:
    """Write a complaint down, for who handles complaints."""
    return _write(url_for("requests.choose_complainant"), url_for("requests.complaints"))


@blueprint.route("/verzoeken/nieuw/klacht", methods=["GET", "POST"])
@requires(Permission.REQUEST_ENTER)
@creates
@collects_of_others
def enter_complaint_of() -> Response | BaseResponse:
    """Write a complaint down, for who writes down what is asked and doesn't read complaints."""
    back = url_for("requests.choose_asker", **get_chosen(require_actor()).query or {"zonder": 1})
    return _write(back, url_for("requests.choose_asker"))


def _write(back: str, after: str) -> Response | BaseResponse:
    """Show the form, or store what it brings and lead on to `after`; `back` is where the person is chosen."""
    by = require_actor()
    if not is_kept():
        raise NotFound("kind")
    chosen = get_chosen(by)
    form = ComplaintEntryForm(received_on=today(), language=chosen.language)
    if chosen.name is not None:
        del form.asker_name, form.asker_contact
    if form.validate_on_submit():
        receipt = form.receipt(chosen.person if chosen.name is not None else None)
        try:
            stored = enter_complaint(form.grievance(), receipt, language=form.language.data, by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeschreven als %(request_number)s. Er komt een antwoord.", request_number=stored.number), "good")
            return see_other(after)
    if chosen.learner is not None:
        audit.saw([chosen.learner.id], "requests.complaint_entered")
    status = 422 if form.is_submitted() else 200
    return page("requests/enter_complaint.html", form=form, name=chosen.name, back=back, status=status)
