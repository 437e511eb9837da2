"""Pages of copies: her own, with the button that fetches it; and for privacy staff what waits, and the counter."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.scope import reveal
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other, see_saved
from portal.permissions import Permission
from portal.requests.copies.answers import can_be_begun, may_have
from portal.requests.copies.contents.values import field_label
from portal.requests.copies.forms import BLACK, CounterForm, FetchForm, PassageForm
from portal.requests.copies.labels import HANDED_LABELS, KIND_LABELS, PASSAGE_LABELS, STATE_LABELS
from portal.requests.copies.models import CopyKind, DataCopy
from portal.requests.copies.queries import (
    FlaggedPassage,
    find_copy_of_request,
    get_copy_of_request,
    list_flagged,
    why_not_made,
)
from portal.requests.copies.services import begin_copy, decide_passages, hand_over
from portal.requests.data_requests.desk import must_see_whole, needs_another, sees_whole, withheld_from
from portal.requests.data_requests.labels import KINDS, whose
from portal.requests.data_requests.models import DataRequest
from portal.requests.data_requests.queries import get_own_request, get_request, name_of

blueprint = Blueprint("copies", __name__)


@blueprint.get("/mijn/rechten/kopie/<uuid:request_id>")
@requires(Permission.REQUEST_OWN)
def mine(request_id: UUID) -> Response:
    """Show how far the copy for a request of hers is, and the button that fetches it."""
    by = require_actor()
    asked = get_own_request(request_id, by)
    copy = _own_copy(request_id, by)
    if asked.learner_id is not None:
        audit.saw([asked.learner_id], "requests.own_copy")
    return page(
        "requests/copies/mine.html",
        asked=asked,
        copy=copy,
        can_be_begun=can_be_begun(asked),
        trouble=why_not_made(copy) if copy is not None else None,
        kinds=KIND_LABELS,
        states=STATE_LABELS,
        refused=request.args.get("kan_niet", ""),
        form=FetchForm(),
    )


def _own_copy(request_id: UUID, by: Actor) -> DataCopy | None:
    copy = find_copy_of_request(request_id, by.scope)
    return copy if copy is not None and may_have(copy, by) else None


@blueprint.post("/mijn/rechten/kopie/<uuid:request_id>/maken")
@requires(Permission.REQUEST_OWN)
def begin_mine(request_id: UUID) -> BaseResponse:
    """Let the copy for a request of hers be made; a second time changes nothing."""
    if FetchForm().validate_on_submit():
        begin_copy(get_own_request(request_id, require_actor(), lock=True), require_actor())
    return see_other(url_for("copies.mine", request_id=request_id))


@blueprint.post("/mijn/rechten/kopie/<uuid:request_id>/ophalen")
@requires(Permission.REQUEST_OWN)
def fetch(request_id: UUID) -> BaseResponse:
    """Give her copy, once signed in anew within five minutes."""
    back, by = url_for("copies.mine", request_id=request_id), require_actor()
    get_own_request(request_id, by)
    copy = get_copy_of_request(request_id, by.scope)
    if not FetchForm().validate_on_submit():
        return see_other(back)
    try:
        return _given(copy.id, by)
    except Conflict as conflict:
        return _refused(conflict, back)


@blueprint.get("/verzoeken/<uuid:request_id>/kopie")
@requires(Permission.REQUEST_KEEP)
def of_request(request_id: UUID) -> Response:
    """Show the copy of a request: how far it is, the passages that wait, and handing it over."""
    asked = _asked(request_id)
    copy = find_copy_of_request(request_id, require_actor().scope)
    if copy is None:
        audit.saw([asked.learner_id] if asked.learner_id is not None else [], "requests.copy_passages")
        return page(
            "requests/copies/none.html",
            asked=asked,
            can_be_begun=can_be_begun(asked),
            is_whole=sees_whole(asked, require_actor()),
            kinds=KINDS,
            form=FetchForm(),
        )
    flagged = list_flagged(copy, require_actor()) if sees_whole(copy, require_actor()) else []
    return _desk(copy, flagged, _passage_forms(flagged), CounterForm(formdata=None))


def _asked(request_id: UUID) -> DataRequest:
    """Return a request for a copy, and see what its learner restricted: it is handled for her (AVG art. 18(2))."""
    asked = get_request(request_id, require_actor())
    if asked.kind.value not in set(CopyKind):
        raise NotFound("data_copy")
    if asked.learner_id is not None:
        reveal(asked.learner_id)
    return asked


@blueprint.post("/verzoeken/<uuid:request_id>/kopie/maken")
@requires(Permission.REQUEST_KEEP)
def begin(request_id: UUID) -> BaseResponse:
    """Let the copy for a request be made, once it is known who asks; a second time changes nothing."""
    must_see_whole(_asked(request_id), require_actor())
    if FetchForm().validate_on_submit():
        begin_copy(get_request(request_id, require_actor(), lock=True), require_actor())
    return see_other(url_for("copies.of_request", request_id=request_id))


@blueprint.post("/verzoeken/<uuid:request_id>/kopie")
@requires(Permission.REQUEST_KEEP)
def decide(request_id: UUID) -> BaseResponse:
    """Store what happens to the passages that were filled in; others may wait."""
    _asked(request_id)
    copy = get_copy_of_request(request_id, require_actor().scope)
    flagged = list_flagged(copy, require_actor())
    forms = _passage_forms(flagged)
    _must_be_waiting(forms)
    filled = {key: form for key, form in forms.items() if form.decision.data or form.reason.data}
    wrong = [form for form in (filled or forms).values() if not form.validate()]  # each of them has its messages
    if wrong:
        return _desk(copy, flagged, forms, CounterForm(formdata=None), status=422)
    decisions = {key: (form.decision.data == BLACK, str(form.reason.data)) for key, form in filled.items()}
    back = url_for("copies.of_request", request_id=request_id)
    try:
        decide_passages(copy.id, decisions, by=require_actor())
    except Conflict as conflict:
        return _refused(conflict, back)
    return see_saved(back, place="kopie", said=_("Opgeslagen."))


@blueprint.post("/verzoeken/<uuid:request_id>/kopie/geven")
@requires(Permission.REQUEST_KEEP)
def give(request_id: UUID) -> BaseResponse:
    """Give the copy for its learner at the counter, or for the organisation that she named, once signed in anew."""
    must_see_whole(_asked(request_id), require_actor())
    copy = get_copy_of_request(request_id, require_actor().scope)
    back, form = url_for("copies.of_request", request_id=request_id), CounterForm()
    seen = form.identity_seen.data if copy.organisation is None else None
    if copy.organisation is None and not form.validate_on_submit():
        flagged = list_flagged(copy, require_actor())
        return _desk(copy, flagged, _passage_forms(flagged), form, status=422)
    try:
        return _given(copy.id, require_actor(), identity_seen=seen)
    except Invalid as refusal:
        form.refuse(refusal)
        flagged = list_flagged(copy, require_actor())
        return _desk(copy, flagged, _passage_forms(flagged), form, status=422)
    except Conflict as conflict:
        return _refused(conflict, back)


def _given(copy_id: UUID, by: Actor, *, identity_seen: str | None = None) -> BaseResponse:
    signed_in_at = current_user.authenticated_at
    copy, content = hand_over(copy_id, signed_in_at=signed_in_at, identity_seen=identity_seen, by=by)
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(copy)}"'
    return response


def _file_name(copy: DataCopy) -> str:
    return f"inzage-{copy.kind.value}-{copy.ready_at:%Y-%m-%d}.zip"


def _refused(conflict: Conflict, back: str) -> BaseResponse:
    if conflict.code == "sign_in_anew":
        return see_other(url_for("accounts.sign_in_anew", terug=back))
    return see_other(f"{back}?kan_niet={conflict.code}")


def _must_be_waiting(forms: dict[UUID, PassageForm]) -> None:
    """Raise NotFound where a decision was sent for a passage that isn't this copy's, or was decided on already."""
    sent = {name.removesuffix("-decision") for name in request.form if name.endswith("-decision")}
    if not sent <= {str(key) for key in forms}:
        raise NotFound("copy_passage")


def _passage_forms(flagged: list[FlaggedPassage]) -> dict[UUID, PassageForm]:
    return {each.row.id: PassageForm(prefix=str(each.row.id)) for each in flagged if each.row.is_black is None}


def _desk(
    copy: DataCopy,
    flagged: list[FlaggedPassage],
    forms: dict[UUID, PassageForm],
    counter: CounterForm,
    *,
    status: int = 200,
) -> Response:
    if copy.learner_id is not None:
        audit.saw([copy.learner_id], "requests.copy_passages")
    by = require_actor()
    asked = get_request(copy.request_id, by) if copy.request_id is not None else None
    return page(
        "requests/copies/desk.html",
        is_whole=sees_whole(copy, by),
        needs_another=asked is not None and needs_another(asked, by),
        is_withheld=bool(withheld_from(copy, by)),
        copy=copy,
        flagged=flagged,
        forms=forms,
        counter=counter,
        fetching=FetchForm(),
        trouble=why_not_made(copy),
        kinds=KINDS,
        whose=whose(copy, name_of(asked)) if asked is not None else None,
        states=STATE_LABELS,
        ways=HANDED_LABELS,
        passage_kinds=PASSAGE_LABELS,
        field_label=field_label,
        refused=request.args.get("kan_niet", ""),
        status=status,
    )
