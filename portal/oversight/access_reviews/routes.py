"""The review of access: what was signed, going through who can reach what, and signing."""

from dataclasses import replace
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.labels import ROLE_MEANINGS, ROLES
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.learners.record.labels import CATEGORIES
from portal.oversight.access_reviews.labels import CHANGES, MEASURES
from portal.oversight.access_reviews.presenters import ReviewForms, state_of
from portal.oversight.access_reviews.queries import (
    changes_since,
    get_review,
    last_signed_on,
    list_people,
    list_reviews,
    opened_by,
)
from portal.oversight.access_reviews.services import sign_review
from portal.oversight.blueprint import blueprint
from portal.permissions import REACH, Permission


@blueprint.get("/toegangscontrole")
@requires(Permission.ACCESS_REVIEW_VIEW)
def access_reviews() -> Response:
    """List the reviews that were signed, and say when the next one is due."""
    return page("oversight/access_reviews.html", reviews=list_reviews(), state=state_of(last_signed_on()))


@blueprint.get("/toegangscontrole/nieuw")
@requires(Permission.ACCESS_REVIEW_SIGN)
@freshly(60)
def review_access() -> Response:
    """Show who can reach what, by person, with a decision on each role."""
    return _form_page(ReviewForms.of(list_people()))


@blueprint.post("/toegangscontrole/nieuw")
@requires(Permission.ACCESS_REVIEW_SIGN)
@creates
@freshly(60)
def sign_access() -> Response | BaseResponse:
    """Sign a review: what ends, ends with it. Where roles changed since the page was shown, say which."""
    forms = ReviewForms.of(list_people())
    changes = changes_since(forms.sign.seen.data or "", forms.people)
    if changes:
        return _form_page(replace(forms, changes=changes), 409)
    if not forms.validate():
        return _form_page(forms, 422)
    try:
        review = sign_review(forms.decisions, forms.attested, seen=forms.sign.seen.data, by=require_actor())
    except Invalid as refusal:
        forms.refuse(refusal)
        return _form_page(forms, 422)
    except Conflict:  # somebody changed a role between the two looks
        return _form_page(ReviewForms.of(list_people()), 409)
    flash(_("Ondertekend. De controle staat hieronder zoals u die hebt ondertekend."), "good")
    return see_other(url_for("oversight.access_review", review_id=review.id))


def _form_page(forms: ReviewForms, status: int = 200) -> Response:
    forms.sign.seen.data = forms.keys
    roles = {held.role for person in forms.people for held in person.roles}
    return page(
        "oversight/review_access.html",
        forms=forms,
        role_names=ROLES,
        meanings=ROLE_MEANINGS,
        opened={role: opened_by(role) for role in ROLES if role in roles},
        reach=REACH,
        titles=CATEGORIES,
        measure_names=MEASURES,
        change_names=CHANGES,
        signer=require_actor().name,
        status=status,
    )


@blueprint.get("/toegangscontrole/<uuid:review_id>")
@requires(Permission.ACCESS_REVIEW_VIEW)
def access_review(review_id: UUID) -> Response:
    """Show a review as it was signed."""
    return page(
        "oversight/access_review.html",
        signed=get_review(review_id, require_actor().scope),
        role_names=ROLES,
        titles=CATEGORIES,
        measure_names=MEASURES,
    )
