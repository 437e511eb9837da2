"""Several members of a group at once: what is asked, a page that shows whom it concerns, doing it, taking it back."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _n
from portal.core.http.pages import ids_ticked
from portal.courses.groups.queries import get_group
from portal.learners.blueprint import blueprint
from portal.learners.enrolments.models import EndReason
from portal.learners.enrolments.queries import EnrolledLine, list_other_groups
from portal.learners.group_changes.forms import EndTogetherForm, MailTogetherForm, MoveTogetherForm
from portal.learners.group_changes.pages import MAIL, Change, Place, ask, carry_out, undo
from portal.learners.group_changes.queries import plan_end, plan_move
from portal.learners.group_changes.services import choose_ticked, end_together, mail_together, move_together, take_back
from portal.permissions import Permission
from portal.schools.queries import current_school


def _move(group_id: UUID) -> Change:
    others = list_other_groups(group_id, require_actor())

    def make(is_filled: bool) -> MoveTogetherForm:
        if is_filled:
            return MoveTogetherForm(others)
        form = MoveTogetherForm(others, formdata=None, on=today())
        form.show_statement(current_school().policy_version_id)
        return form

    by = require_actor()
    return Change(
        name="move",
        make_form=make,
        plan=lambda lines, form: plan_move(
            lines, to=get_group(UUID(form.to_group_id.data), by), on=form.on.data, scope=by.scope
        ),
    )


_END = Change(
    name="end",
    make_form=lambda is_filled: EndTogetherForm() if is_filled else EndTogetherForm(formdata=None, ends_on=today()),
    plan=lambda lines, form: plan_end(lines, ends_on=form.ends_on.data),
)


@blueprint.post("/groepen/<uuid:group_id>/samen/verplaatsen")
@requires(Permission.LEARNER_KEEP)
def ask_move(group_id: UUID) -> Response:
    """Ask where those who are ticked go and when; once that is given, show whom it concerns."""
    return ask(_place(group_id, "move"), _move(group_id), _ticked_in(group_id))


@blueprint.post("/groepen/<uuid:group_id>/samen/uitschrijven")
@requires(Permission.LEARNER_KEEP)
def ask_end(group_id: UUID) -> Response:
    """Ask until when those who are ticked are in the group and why; once that is given, show whom it concerns."""
    return ask(_place(group_id, "end"), _END, _ticked_in(group_id))


@blueprint.post("/groepen/<uuid:group_id>/samen/mailen")
@requires(Permission.LEARNER_KEEP)
def ask_mail(group_id: UUID) -> Response:
    """Ask what is written to those who are ticked; once that is given, show who gets it."""
    return ask(_place(group_id, "mail"), MAIL, _ticked_in(group_id))


@blueprint.post("/groepen/<uuid:group_id>/samen/verplaatsen/doen")
@requires(Permission.LEARNER_KEEP)
@creates
def move_members(group_id: UUID) -> BaseResponse:
    """Let those of whom the page said so go to another group."""
    change = _move(group_id)

    def do(lines: Sequence[EnrolledLine], form: MoveTogetherForm) -> str:
        plan = change.plan(lines, form)
        entry_id = move_together(
            plan,
            of_group_id=group_id,
            to_group_id=UUID(form.to_group_id.data),
            on=form.on.data,
            statement_shown=form.statement.data or "",
            despite=form.despite.data,
            by=require_actor(),
        )
        count = len(plan.reached)
        flash(_n("%(num)s cursist is verplaatst.", "%(num)s cursisten zijn verplaatst.", count), "good")
        return url_for("learners.group_learners", group_id=group_id, gedaan=entry_id)

    return carry_out(_place(group_id, "move"), change, _ticked_in(group_id), do)


@blueprint.post("/groepen/<uuid:group_id>/samen/uitschrijven/doen")
@requires(Permission.LEARNER_KEEP)
@creates
def end_members(group_id: UUID) -> BaseResponse:
    """Let those of whom the page said so be in the group until a day."""

    def do(lines: Sequence[EnrolledLine], form: EndTogetherForm) -> str:
        ends_on, reason = form.ends_on.data, EndReason(form.reason.data)
        count, entry_id = end_together(lines, of_group_id=group_id, ends_on=ends_on, reason=reason, by=require_actor())
        flash(_n("%(num)s cursist is uitgeschreven.", "%(num)s cursisten zijn uitgeschreven.", count), "good")
        return url_for("learners.group_learners", group_id=group_id, gedaan=entry_id)

    return carry_out(_place(group_id, "end"), _END, _ticked_in(group_id), do)


@blueprint.post("/groepen/<uuid:group_id>/samen/mailen/doen")
@requires(Permission.LEARNER_KEEP)
@creates
def mail_members(group_id: UUID) -> BaseResponse:
    """Send the mail to those of whom the page said so; it can't be taken back."""

    def do(lines: Sequence[EnrolledLine], form: MailTogetherForm) -> str:
        count = mail_together(
            lines,
            purpose=form.purpose.data,
            subject=form.subject.data,
            text=form.text.data,
            of_group_id=group_id,
            by=require_actor(),
        )
        flash(_n("%(num)s e-mail wordt verstuurd.", "%(num)s e-mails worden verstuurd.", count), "good")
        return url_for("learners.group_learners", group_id=group_id)

    return carry_out(_place(group_id, "mail"), MAIL, _ticked_in(group_id), do)


@blueprint.post("/groepen/<uuid:group_id>/samen/terug/<uuid:entry_id>")
@requires(Permission.LEARNER_KEEP)
def take_change_back(group_id: UUID, entry_id: UUID) -> BaseResponse:
    """Take back what was done at once, for who wasn't changed since."""
    back = url_for("learners.group_learners", group_id=group_id)
    return undo(back, lambda: take_back(group_id, entry_id, by=require_actor()))


def _ticked_in(group_id: UUID) -> Callable[[], list[EnrolledLine]]:
    return lambda: choose_ticked(get_group(group_id, require_actor()), ids_ticked("inschrijving", "enrolment"))


def _place(group_id: UUID, change: str) -> Place:
    """The list of a group, which is opened within reach."""
    group = get_group(group_id, require_actor())
    do_url = url_for(f"learners.{change}_members", group_id=group_id)
    return Place(
        group=group.name,
        back=(group.name, url_for("learners.group_learners", group_id=group_id)),
        box="inschrijving",
        key="enrolment_id",
        ask_url=url_for(f"learners.ask_{change}", group_id=group_id),
        do_url=lambda _form: do_url,
        subject=("learner_group", group.id),
    )
