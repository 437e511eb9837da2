"""Complaining without a sign-in, and following it by a link: the same for whoever complains (AVG art. 12(2))."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import private
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import public
from portal.core.http.creation import creates
from portal.core.http.languages import language
from portal.core.http.pages import form_page, page, see_other
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.complaints.forms import PublicComplaintForm
from portal.requests.complaints.notices import token_of
from portal.requests.complaints.presenters import steps_of
from portal.requests.complaints.public_services import file_public_complaint, get_followed_complaint
from portal.requests.complaints.queries import is_kept, reaches_nobody_else
from portal.requests.complaints.services import due_on


@blueprint.route("/privacy/verzoek/klacht", methods=["GET", "POST"])
@public
@creates
@collects
def complain_public() -> Response | BaseResponse:
    """Store a complaint of who has no sign-in, and lead to the page on which she follows it."""
    if not is_kept():
        raise NotFound("kind")
    form = PublicComplaintForm(language=language())
    if form.validate_on_submit():
        try:
            stored = file_public_complaint(
                str(form.body.data),
                form.asker(),
                about_name=form.about_name.data,
                language=form.language.data,
                address=request.remote_addr,
            )
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("requests.follow_complaint", token=token_of(stored)))
    return form_page("requests/public/complain.html", form, policy=current_policy(), due_on=due_on())


@blueprint.get("/privacy/verzoek/klacht/volgen/<token>")
@public
def follow_complaint(token: str) -> Response:
    """Show how far a complaint is, and nothing of what is in it."""
    row = get_followed_complaint(token)
    return private(
        page(
            "requests/public/follow_complaint.html",
            row=row,
            steps_of=steps_of(row),
            reaches_nobody_else=reaches_nobody_else(row),
        )
    )
