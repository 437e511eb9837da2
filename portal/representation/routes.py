"""Who signs in for a record: the learner's own account, representatives, and for whom a representative looks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import own_path, page, see_other
from portal.learners.invitations.queries import get_invitable
from portal.learners.invitations.services import end_access, find_account, let_in_again
from portal.learners.record.ages import is_child
from portal.learners.record.labels import CATEGORIES
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy
from portal.representation import services as representatives
from portal.representation.blueprint import blueprint
from portal.representation.forms import AppointedForm, RepresentativeForm
from portal.representation.labels import KINDS, PROOFS, REACHES
from portal.representation.models import BY_COURT, FOR_CHILDREN, WIDEST, ProofKind, RepresentativeKind
from portal.representation.queries import list_representatives


@blueprint.get("/cursisten/<uuid:learner_id>/toegang")
@requires(Permission.LEARNER_INVITE)
def access(learner_id: UUID) -> Response:
    """Show who can sign in for a record."""
    learner = get_within_reach(learner_id, require_actor())
    audit.saw([learner.id], "representation.access_seen")
    return page(
        "representation/access.html",
        learner=learner,
        account=find_account(learner),
        invitable=get_invitable(learner.id, require_actor().scope),
        representatives=list_representatives(learner.id, require_actor().scope),
        categories=CATEGORIES,
        kinds=KINDS,
        proofs=PROOFS,
        is_child=is_child(learner.birth_date),
        today=today(),
    )


@blueprint.post("/cursisten/<uuid:learner_id>/toegang/einde")
@requires(Permission.LEARNER_INVITE)
def end_own_access(learner_id: UUID) -> BaseResponse:
    """End the learner's own account; her record stays."""
    end_access(learner_id, by=require_actor())
    flash(_("Deze cursist kan niet meer inloggen. Het dossier blijft."), "good")
    return see_other(url_for("representation.access", learner_id=learner_id))


@blueprint.post("/cursisten/<uuid:learner_id>/toegang/terug")
@requires(Permission.LEARNER_INVITE)
def give_access_back(learner_id: UUID) -> BaseResponse:
    """Let the learner use her account again."""
    let_in_again(learner_id, by=require_actor())
    flash(_("Deze cursist kan weer inloggen."), "good")
    return see_other(url_for("representation.access", learner_id=learner_id))


def _default_end(learner: Learner) -> object:
    year = today() + timedelta(days=365)
    if learner.birth_date is not None and is_child(learner.birth_date):
        return min(year, representatives.last_day_as_child(learner.birth_date))
    return year


@blueprint.route("/cursisten/<uuid:learner_id>/vertegenwoordigers/nieuw", methods=["GET", "POST"])
@requires(Permission.LEARNER_INVITE)
@creates
@freshly(60)
@collects_of_others
def new_representative(learner_id: UUID) -> Response | BaseResponse:
    """Ask what somebody is to a learner; then record who may act for her and invite her."""
    learner = get_within_reach(learner_id, require_actor())
    audit.saw([learner.id], "representation.access_seen")
    kinds = _kinds_for(learner)
    kind = next((each for each in RepresentativeKind if each.value == request.values.get("kind")), None)
    if request.method == "GET" and kind not in kinds:
        return _choose_kind(learner, kinds)
    form = _form_for(learner, kind or kinds[0])
    if form.validate_on_submit():
        try:
            _record(learner, form)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_said(form), "good")
            return see_other(_back(learner.id))
    return _kind_page(learner, kind or kinds[0], form)


def _said(form: RepresentativeForm | AppointedForm) -> str:
    if form.has_no_sign_in.data:
        return _("Deze persoon is vastgelegd. Inloggen kan deze persoon niet.")
    return _("Deze persoon is vastgelegd en krijgt een e-mail.")


def _back(learner_id: UUID) -> str:
    """Return to where she goes on: the page that led here, where it gave its path, else who acts for the learner."""
    return own_path(request.args.get("terug"), url_for("representation.access", learner_id=learner_id))


def _choose_kind(learner: Learner, kinds: list[RepresentativeKind]) -> Response:
    return page(
        "representation/choose_kind.html",
        learner=learner,
        kinds=kinds,
        labels=KINDS,
        reaches=REACHES,
        back=_back(learner.id),
        then=request.args.get("terug"),
    )


def _kind_page(learner: Learner, kind: RepresentativeKind, form: RepresentativeForm | AppointedForm) -> Response:
    return page(
        "representation/new_representative.html",
        form=form,
        learner=learner,
        kind=kind,
        labels=KINDS,
        reaches=REACHES,
        is_child=is_child(learner.birth_date),
        back=_back(learner.id),
        then=request.args.get("terug"),
        status=422 if form.is_submitted() else 200,
    )


_SELDOM_CARE = frozenset({"bsn", "identification", "account", "activity"})
"""What a mentor may be about and seldom is: ticked by the school where the decision says so."""


def _kinds_for(learner: Learner) -> list[RepresentativeKind]:
    child = is_child(learner.birth_date)
    return [kind for kind in RepresentativeKind if (kind in FOR_CHILDREN) is child]


def _form_for(learner: Learner, kind: RepresentativeKind) -> RepresentativeForm | AppointedForm:
    """Return the form of a kind; of whom a court appointed with what such a person is about, as a proposal."""
    widest = WIDEST.get(kind)
    offered = [each.key for each in current_policy().categories if widest is None or each.key in widest]
    given = {"kind": kind.value, "ends_on": _default_end(learner)}
    proposed = [key for key in offered if kind is not RepresentativeKind.MENTOR or key not in _SELDOM_CARE]
    form = (
        AppointedForm(**given, categories=proposed, seen_on=today())
        if kind in BY_COURT
        else RepresentativeForm(**given)
    )
    form.categories.choices = [(key, CATEGORIES[key]) for key in offered]
    return form


def _record(learner: Learner, form: RepresentativeForm | AppointedForm) -> None:
    how: dict[str, Any] = (
        {"proof_kind": ProofKind(form.proof_kind.data), "seen_on": form.seen_on.data}
        if isinstance(form, AppointedForm)
        else {"proof": str(form.proof.data)}
    )
    representatives.record_representative(
        learner.id,
        kind=RepresentativeKind(form.kind.data),
        name=str(form.name.data),
        email=form.email.data,
        signs_in=not form.has_no_sign_in.data,
        categories=form.categories.data or (),
        ends_on=form.ends_on.data,
        by=require_actor(),
        **how,
    )


@blueprint.post("/cursisten/<uuid:learner_id>/vertegenwoordigers/<uuid:representative_id>/einde")
@requires(Permission.LEARNER_INVITE)
def end_representative(learner_id: UUID, representative_id: UUID) -> BaseResponse:
    """End an authorisation at once."""
    representatives.end_representative(learner_id, representative_id, by=require_actor())
    flash(_("Deze persoon handelt niet meer voor deze cursist."), "good")
    return see_other(url_for("representation.access", learner_id=learner_id))


@blueprint.route("/namens", methods=["GET", "POST"])
@requires(Permission.RECORD_OWN)
def choose_whom() -> Response | BaseResponse:
    """Let a representative choose for whom she looks; her own record is a choice where she has one."""
    wanted = request.form.get("cursist", "")
    allowed = {str(each): each for each in current_user.represented}
    chosen, own = allowed.get(wanted), current_user.own_learner_id
    if request.method == "GET" or (chosen is None and (wanted or own is None)):
        audit.saw([*allowed.values(), *([own] if own else [])], "representation.choose_whom", folds=True)
        status = 200 if request.method == "GET" else 422
        return page("representation/choose_whom.html", represented=current_user.represented, own=own, status=status)
    representatives.choose_whom(
        current_user.session_id, chosen, allowed=frozenset(allowed.values()), by=require_actor()
    )
    return see_other("/")
