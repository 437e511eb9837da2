"""Pages where a learner steers consent and follows a withdrawal, and where staff see how it goes."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit, jobs
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import language
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.labels import label_of, labels_in
from portal.policy.queries import current_policy
from portal.purposes import queries
from portal.purposes.blueprint import blueprint
from portal.purposes.consents.services import get_consent_purpose, give_consent
from portal.purposes.forms import DecideForm
from portal.purposes.models import Consent
from portal.purposes.renewals.services import refuse_anew
from portal.purposes.withdrawals.queries import waits_for_other_parent
from portal.purposes.withdrawals.services import try_again, withdraw_consent
from portal.representation.disputes.services import ParentsDisagree
from portal.representation.queries import list_appointed
from portal.schools.queries import current_school


def _own_id() -> UUID:
    """Return the learner of this scope; raises NotFound, and NotAllowed where it doesn't show her consents."""
    scope = require_actor().scope
    scope.must_see("consent")
    return scope.get_own_learner_id()


def _must_be_within(purpose: str, learner_id: UUID) -> None:
    """Raise NotFound for a purpose beyond what who acts for a learner may act in."""
    scope = require_actor().scope
    uses = current_policy().used_for(purpose)
    if not queries.is_within(uses, list_appointed(learner_id, scope), scope):
        raise NotFound("purpose")


@blueprint.get("/mijn/toestemmingen")
@requires(Permission.RECORD_OWN)
def mine() -> Response:
    """Show every purpose: a switch where consent is the basis, else why there is none."""
    return _mine_page(DecideForm())


@blueprint.post("/mijn/toestemmingen/<purpose>/geven")
@requires(Permission.RECORD_OWN)
def give(purpose: str) -> BaseResponse:
    """Record a yes to what the page showed; where that is another text by now, show that and store nothing."""
    return _decide(give_consent, purpose)


@blueprint.post("/mijn/toestemmingen/<purpose>/weigeren")
@requires(Permission.RECORD_OWN)
def refuse(purpose: str) -> BaseResponse:
    """Record a no as a yes is recorded; where an earlier yes lapsed, what rested on that goes."""
    return _decide(refuse_anew, purpose)


def _decide(decide: Callable[..., Consent], purpose: str) -> BaseResponse:
    form = DecideForm()
    if form.validate_on_submit():
        version, shown_in = form.version.data, form.language.data
        try:
            decide(_own_id(), purpose, version=version, language=shown_in, by=require_actor())
        except ParentsDisagree:
            raise
        except Conflict as refusal:
            form.refuse(refusal)
            return _mine_page(form, status=409)
        except NotAllowed as refusal:
            if refusal.code not in DecideForm.messages:
                raise
            form.refuse(refusal)
            return _mine_page(form, status=403)
    return see_other(url_for("purposes.mine") + f"#doel-{purpose}")


@blueprint.get("/mijn/toestemmingen/<purpose>/intrekken")
@requires(Permission.RECORD_OWN)
def confirm(purpose: str) -> Response:
    """Say what a withdrawal stops, deletes and can't take back, before it is done."""
    wanted, learner_id = get_consent_purpose(purpose), _own_id()
    _must_be_within(purpose, learner_id)
    policy = current_policy()
    audit.saw([learner_id], "purposes.confirm")
    deletes = wanted.deletes.categories if wanted.deletes is not None else ()
    categories = [policy.category(key) for key in deletes]
    fields = wanted.deletes.fields if wanted.deletes is not None else ()
    return page(
        "purposes/confirm.html",
        purpose=wanted,
        title=policy.text(wanted.title, language()),
        withdrawn=policy.text(wanted.withdrawn, language()) if wanted.withdrawn else None,
        deleted=[
            *(policy.text(category.title, language()) for category in categories if category is not None),
            *labels_in(fields),
        ],
        is_on=queries.has_consent(learner_id, purpose, require_actor().scope),
        waits=waits_for_other_parent(learner_id, wanted, require_actor()),
        form=DecideForm(),
    )


@blueprint.post("/mijn/toestemmingen/<purpose>/intrekken")
@requires(Permission.RECORD_OWN)
def withdraw(purpose: str) -> BaseResponse:
    """Withdraw a consent and show how it is carried out; a second time shows the page as it stands."""
    form = DecideForm()
    if not form.validate_on_submit():
        return see_other(url_for("purposes.confirm", purpose=purpose))
    try:
        withdrawal = withdraw_consent(_own_id(), purpose, by=require_actor())
    except Conflict:
        return see_other(url_for("purposes.mine") + f"#doel-{purpose}")
    return see_other(url_for("purposes.followed", withdrawal_id=withdrawal.id))


@blueprint.get("/mijn/toestemmingen/intrekking/<uuid:withdrawal_id>")
@requires(Permission.RECORD_OWN)
def followed(withdrawal_id: UUID) -> Response:
    """Show each step of a withdrawal as it is done."""
    learner_id = _own_id()
    withdrawal = queries.get_withdrawal(withdrawal_id, require_actor().scope)
    _must_be_within(withdrawal.purpose, learner_id)
    audit.saw([withdrawal.learner_id], "purposes.followed", folds=True)
    policy = current_policy()
    purpose = get_consent_purpose(withdrawal.purpose)
    job = jobs.find_job(withdrawal.job_id)
    withdrawal = queries.get_withdrawal(
        withdrawal_id, require_actor().scope
    )  # after its job: what that did by then is in it
    return page(
        "purposes/followed.html",
        "purposes/_steps.html",
        withdrawal=withdrawal,
        steps=queries.list_steps(withdrawal),
        title=policy.text(purpose.title, language()),
        policy=policy,
        field_label=label_of,
        has_failed=withdrawal.done_at is None and (job is None or not job.is_open),
        trouble=jobs.trouble(job),
        form=DecideForm(),
    )


@blueprint.post("/mijn/toestemmingen/intrekking/<uuid:withdrawal_id>/opnieuw")
@requires(Permission.RECORD_OWN)
def again(withdrawal_id: UUID) -> BaseResponse:
    """Let the worker try once more what it gave up on."""
    if DecideForm().validate_on_submit():
        try_again(_own_id(), withdrawal_id, by=require_actor())
    return see_other(url_for("purposes.followed", withdrawal_id=withdrawal_id))


@blueprint.get("/toestemmingen")
@requires(Permission.CONSENT_VIEW)
def overview() -> Response:
    """Show staff how many agreed to what, and how withdrawals go."""
    policy = current_policy()
    titles = {purpose.key: policy.text(purpose.title, language()) for purpose in policy.purposes}
    return page(
        "purposes/overview.html",
        counts=queries.count_by_purpose(language()),
        withdrawals=queries.list_withdrawals(),
        titles=titles,
    )


def _mine_page(form: DecideForm, *, status: int = 200) -> Response:
    learner_id, scope = _own_id(), require_actor().scope
    audit.saw([learner_id], "purposes.mine", folds=True)
    return page(
        "purposes/mine.html",
        purposes=queries.list_purposes(learner_id, language(), scope),
        history=queries.list_history(learner_id, scope),
        policy=current_policy(),
        version_id=current_school().policy_version_id,
        form=form,
        status=status,
    )
