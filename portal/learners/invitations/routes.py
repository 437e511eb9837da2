"""Inviting learners to sign in, two hundred at once: links by e-mail, or printed letters with a code."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.invitations.links import address_of
from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _n
from portal.core.http.lists import order_asked
from portal.core.http.pages import id_asked, ids_ticked, page, see_other
from portal.core.jobs import get_job, trouble
from portal.learners.blueprint import blueprint
from portal.learners.invitations.forms import WHY_NOT, InviteLearnersForm
from portal.learners.invitations.labels import WAYS
from portal.learners.invitations.queries import (
    ORDERS,
    find_invitable,
    find_lookalikes,
    list_groups,
    list_invitable,
)
from portal.learners.invitations.services import (
    INVITING,
    invite_by_email,
    print_letters,
    select_for_email,
)
from portal.learners.scope.services import MOST_AT_ONCE
from portal.learners.search.selections import learners_meant
from portal.permissions import Permission


def _list(
    form: InviteLearnersForm, *, ticked: list[UUID], left_out: Sequence[tuple[str, str]] = (), status: int = 200
) -> Response:
    group_id, order = id_asked("groep"), order_asked(ORDERS, "name")
    found = list_invitable(group_id, require_actor().scope, order=order, most=MOST_AT_ONCE)
    audit.saw([each.id for each in found], "learners.invitable_seen", folds=True)
    return page(
        "learners/invite.html",
        form=form,
        learners=found,
        groups=list_groups(),
        group_id=group_id,
        order=order,
        ways=WAYS,
        ticked=ticked,
        most=MOST_AT_ONCE,
        left_out=left_out,
        why_not=WHY_NOT,
        status=status,
    )


@blueprint.get("/cursisten/uitnodigen")
@requires(Permission.LEARNER_INVITE)
def invite() -> Response:
    """List who can't sign in yet, and how each can be invited."""
    return _list(InviteLearnersForm(), ticked=[])


@blueprint.post("/cursisten/uitnodigen/nakijken")
@requires(Permission.LEARNER_INVITE)
def check_invitations() -> Response:
    """Show to whom of who is ticked a link would go, and to whom not and why; nothing is sent yet."""
    ticked = learners_meant(require_actor())
    try:
        selection = select_for_email(ticked, by=require_actor())
    except Invalid as refusal:
        return _refused(refusal, ticked)
    alike = find_lookalikes([each.id for each in selection.reached], require_actor().scope)
    seen = [each.id for each in (*selection.reached, *selection.left_out)]
    audit.saw([*seen, *(other.id for _name, other in alike)], "learners.invitable_seen", folds=True)
    return page(
        "learners/check_invitations.html",
        selection=selection,
        alike=alike,
        group_id=id_asked("groep"),
        why_not=WHY_NOT,
        status=200 if selection.reached else 422,
    )


@blueprint.post("/cursisten/uitnodigen")
@requires(Permission.LEARNER_INVITE)
@creates
def send_invitations() -> Response | BaseResponse:
    """Let the worker send a link to whom of who is ticked one can be sent; the page after it says who that isn't."""
    ticked = ids_ticked("cursist", "learner")
    try:
        job = invite_by_email(ticked, by=require_actor())
    except Invalid as refusal:
        return _refused(refusal, ticked)
    left_out = len(ticked) - len(job.arguments["learner_ids"])
    if left_out:
        flash(_n("%(num)s cursist krijgt geen e-mail.", "%(num)s cursisten krijgen geen e-mail.", left_out), "info")
    return see_other(url_for("learners.invitations_sent", job_id=job.id, groep=id_asked("groep")))


def _refused(refusal: Invalid, ticked: list[UUID], why: str = "why_no_email") -> Response:
    """Show the list again with what is wrong, and once for everybody why nobody of who is ticked is reached."""
    form = InviteLearnersForm()
    form.refuse(refusal)
    left_out = (
        find_invitable(ticked[:MOST_AT_ONCE], require_actor().scope) if refusal.code.startswith("nobody_") else []
    )
    audit.saw([each.id for each in left_out], "learners.invitable_seen", folds=True)
    return _list(form, ticked=ticked, left_out=[(each.name, getattr(each, why)) for each in left_out], status=422)


@blueprint.get("/cursisten/uitnodigen/<uuid:job_id>")
@requires(Permission.LEARNER_INVITE)
def invitations_sent(job_id: UUID) -> Response:
    """Show how far the worker is with sending invitations."""
    job = get_job(job_id)
    if job.kind != INVITING:
        raise NotFound("job")
    parts = ("learners/invitations_sent.html", "learners/_invitations.html")
    return page(*parts, job=job, trouble=trouble(job), group_id=id_asked("groep"))


@blueprint.post("/cursisten/uitnodigen/brieven")
@requires(Permission.LEARNER_INVITE)
@freshly(60)
def letters() -> Response:
    """Make printed letters for whoever is ticked; each code stands on this page and nowhere else."""
    ticked = ids_ticked("cursist", "learner")
    try:
        made, left_out = print_letters(ticked, by=require_actor())
    except Invalid as refusal:
        return _refused(refusal, ticked, "why_no_letter")
    audit.saw([each.id for each in left_out], "learners.invitable_seen", folds=True)
    address = address_of(url_for("accounts.first_time"))
    lacking = [(each.name, each.why_no_letter) for each in left_out]
    drawn = [(letter, _as_qr(f"{address}?nummer={letter.number}&code={letter.code}")) for letter in made]
    return page("learners/letters.html", letters=drawn, address=address, left_out=lacking, why_not=WHY_NOT)


def _as_qr(address: str) -> str:
    import segno

    return str(segno.make(address, error="m").svg_data_uri(scale=3, border=2, dark="#000", light="#fff"))
