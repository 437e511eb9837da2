"""Asking something about one's data without a sign-in, and following it by a link (AVG art. 12(2))."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import private
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import public
from portal.core.http.creation import creates
from portal.core.http.languages import language
from portal.core.http.pages import form_page, page, see_other
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.complaints.queries import is_kept
from portal.requests.data_requests.clock import first_due_on
from portal.requests.data_requests.forms import CodeForm
from portal.requests.data_requests.labels import KINDS
from portal.requests.data_requests.models import RequestKind
from portal.requests.data_requests.notices import token_of
from portal.requests.public_requests.forms import public_form
from portal.requests.public_requests.presenters import steps_of, wants_code
from portal.requests.public_requests.queries import get_followed_request
from portal.requests.public_requests.services import accept_public_code, file_public_request

PUBLIC_SLUGS = {
    "zien": RequestKind.ACCESS,
    "verbeteren": RequestKind.RECTIFICATION,
    "wissen": RequestKind.ERASURE,
    "afschermen": RequestKind.RESTRICTION,
    "meenemen": RequestKind.PORTABILITY,
    "bezwaar": RequestKind.OBJECTION,
    "toestemming": RequestKind.CONSENT_WITHDRAWAL,
}
"""The last part of the address at which each is asked."""


@blueprint.get("/privacy/verzoek")
@public
def choose_public() -> Response:
    """Show what anybody may ask, and what happens then: the same for all."""
    return page("requests/public/choose.html", slugs=_offered(), kinds=KINDS, takes_complaints=is_kept())


def _offered() -> dict[str, RequestKind]:
    """Return what can be asked at this school: nobody objects where nothing may be objected to."""
    policy = current_policy()
    lacking = set()
    if not any(purpose.may_be_objected_to for purpose in policy.purposes):
        lacking.add(RequestKind.OBJECTION)
    if not policy.consent_purposes():
        lacking.add(RequestKind.CONSENT_WITHDRAWAL)
    return {slug: kind for slug, kind in PUBLIC_SLUGS.items() if kind not in lacking}


@blueprint.route("/privacy/verzoek/<slug>", methods=["GET", "POST"])
@public
@creates
@collects
def ask_public(slug: str) -> Response | BaseResponse:
    """Store what somebody asks, and lead to the page on which she follows it."""
    kind = _offered().get(slug)
    if kind is None:
        raise NotFound("kind")
    form = public_form(kind)(language=language())
    if form.validate_on_submit():
        try:
            stored = file_public_request(
                form.wish(kind), form.asker(), language=form.language.data, address=request.remote_addr
            )
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("requests.follow", token=token_of(stored)))
    due_on = first_due_on(kind, today())
    return form_page("requests/public/ask.html", form, kind=kind.value, title=KINDS[kind], due_on=due_on)


@blueprint.get("/privacy/verzoek/volgen/<token>")
@public
def follow(token: str) -> Response:
    """Show how far a request is, and nothing of what is held."""
    return _page(token, CodeForm())


@blueprint.post("/privacy/verzoek/volgen/<token>")
@public
def give_public_code(token: str) -> Response | BaseResponse:
    """Take the code that was mailed to an address which was hers before; whether one was sent isn't told."""
    row, form = get_followed_request(token), CodeForm()
    if wants_code(row) and form.validate_on_submit():
        try:
            accept_public_code(token, str(form.code.data))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("requests.follow", token=token))
    return _page(token, form, status=422)


def _page(token: str, form: CodeForm, *, status: int = 200) -> Response:
    row = get_followed_request(token)
    return private(
        page(
            "requests/public/follow.html",
            row=row,
            kind=row.kind.value,
            title=KINDS[row.kind],
            steps_of=steps_of(row),
            wants_code=wants_code(row),
            form=form,
            status=status,
        )
    )
