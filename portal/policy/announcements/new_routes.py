"""Announcing a version from a page: the file, what it changes, and a second look before anybody hears of it."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.announcements.forms import AnnounceForm, NewVersionForm
from portal.policy.announcements.presenters import present_mistakes
from portal.policy.announcements.services import announce_policy, foresee_announcement
from portal.policy.blueprint import blueprint
from portal.policy.presenters import texts_of
from portal.policy.schema import PolicyMistakes
from portal.policy.schema.mistakes import Mistake
from portal.schools.queries import current_school

_MOST_MISTAKES = 50


@blueprint.get("/privacyverklaring/nieuw")
@requires(Permission.POLICY_ANNOUNCE)
def new_version() -> Response:
    """Ask for the file of a new version and for the day on which it comes into force."""
    return _ask(NewVersionForm())


@blueprint.post("/privacyverklaring/nieuw")
@requires(Permission.POLICY_ANNOUNCE)
def check_new_version() -> BaseResponse:
    """Show what a new version changes; nobody hears of it yet. A file with mistakes is refused with each of them.

    Who looked at one and wants to change it comes back with `terug` to the form as it was filled in.
    """
    form = NewVersionForm()
    if "terug" in request.form:
        return _ask(form)
    return _look(form) if form.validate_on_submit() else _ask(form, status=422)


@blueprint.post("/privacyverklaring/nieuw/aankondigen")
@requires(Permission.POLICY_ANNOUNCE)
@creates
def announce() -> BaseResponse:
    """Announce the version that was looked at; where another is in force since, what it changes is shown anew."""
    form = AnnounceForm()
    if not form.validate_on_submit():
        return _look(form, 422) if form.in_force_on.data else _ask(form, status=422)
    if not _is_of_now(form.follows.data):
        form.form_errors.append(form.messages["other_in_force"])
        return _look(form, 422)
    return _unless_refused(form, _announced)


def _announced(form: NewVersionForm) -> BaseResponse:
    announce_policy(form.read_text(), **form.announcement(), by=require_actor())
    flash(_("De nieuwe versie is aangekondigd."), "good")
    return see_other(url_for("policy.announcements"))


def _is_of_now(follows: str | None) -> bool:
    try:
        return UUID(follows or "") == current_school().policy_version_id
    except ValueError:
        return False


def _unless_refused(form: NewVersionForm, what: Callable[[NewVersionForm], BaseResponse]) -> BaseResponse:
    """Answer with what is done with a form; where the file or the day is refused, with the form and why."""
    try:
        return what(form)
    except PolicyMistakes as wrong:
        return _ask(form, wrong.found, status=422)
    except (Conflict, Invalid, NotFound) as refusal:
        form.refuse(refusal)
        return _ask(form, status=422)


def _ask(form: NewVersionForm, mistakes: Sequence[Mistake] = (), *, status: int = 200) -> Response:
    shown = present_mistakes(mistakes[:_MOST_MISTAKES])
    return page("policy/new_version.html", form=form, mistakes=shown, more=len(mistakes) - len(shown), status=status)


def _look(form: NewVersionForm, status: int = 200) -> BaseResponse:
    """Show what the version in a form changes, with what is to be confirmed; else the form with what is wrong."""
    return _unless_refused(form, lambda form: _looked_at(form, status))


def _looked_at(form: NewVersionForm, status: int) -> Response:
    found = foresee_announcement(form.read_text(), **form.announcement(), by=require_actor())
    asked = [found.policy.text(found.policy.purpose(key).title, language()) for key in found.row.asked_anew]
    return page(
        "policy/check_version.html",
        form=form,
        confirm=form if isinstance(form, AnnounceForm) else AnnounceForm(formdata=None),
        found=found,
        changes=found.changes,
        asked=asked,
        is_other_school=found.policy.controller.name != found.older.controller.name,
        follows=current_school().policy_version_id,
        status=status,
        **texts_of(found.policy),
    )
