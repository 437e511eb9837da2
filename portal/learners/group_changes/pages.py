"""The two pages of something that is done to several learners at once: what is asked, and whom it concerns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor
from portal.core.http.forms import Form
from portal.core.http.languages import _, _n
from portal.core.http.pages import page, see_other
from portal.learners.enrolments.forms import describe_cautions
from portal.learners.group_changes.forms import WHY_NOT, MailTogetherForm
from portal.learners.group_changes.queries import Plan, Ticked, list_mail_purposes, plan_mail
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that can be done: its name, how its form is made, filled in or not, and whom it would concern."""

    name: str
    make_form: Callable[[bool], Any]
    plan: Callable[[Sequence[Any], Any], Plan[Any]]


def _mail_form(is_filled: bool) -> MailTogetherForm:
    purposes = list_mail_purposes()
    return MailTogetherForm(purposes) if is_filled else MailTogetherForm(purposes, formdata=None)


MAIL = Change(
    name="mail",
    make_form=_mail_form,
    plan=lambda lines, form: plan_mail(lines, form.purpose.data, require_actor().scope)[0],
)
"""Writing to several, whichever list they were ticked in."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """The list in which people were ticked: the name of its group, if it has one, and the way back to it.

    `box` is what its boxes are called and `key` what of a line they hold; `ask_url` and `do_url` are where the form of
    the change goes; `subject` is what a view of it is written down with.
    """

    group: str = ""
    back: tuple[str, str]
    box: str
    key: str
    ask_url: str
    do_url: Callable[[Any], str]
    subject: tuple[str, UUID | None] | None = None

    def saw(self, lines: Sequence[Ticked]) -> None:
        """Write down whose names the page shows."""
        ids = [line.learner_id for line in lines]
        if self.subject is None:
            audit.saw(ids, "learners.list", folds=True)
        else:
            audit.saw(ids, "learners.group", subject=self.subject)


def ask(place: Place, change: Change, choose: Callable[[], Sequence[Ticked]]) -> Response:
    """Show the form; the form filled in well, show whom the change concerns and whom not, and ask whether to do it."""
    is_filled = "nakijken" in request.form
    form = change.make_form(is_filled)
    try:
        lines = choose()
    except Invalid as refusal:
        form.refuse(refusal)
        return _ask_page(place, change, form, [], status=422)
    if not is_filled or not form.validate_on_submit():
        return _ask_page(place, change, form, lines, status=422 if is_filled else 200)
    try:
        plan = change.plan(lines, form)
    except Invalid as refusal:
        form.refuse(refusal)
        return _ask_page(place, change, form, lines, status=422)
    return _check_page(place, change, form, plan)


def carry_out(
    place: Place, change: Change, choose: Callable[[], Sequence[Ticked]], do: Callable[[Sequence[Any], Any], str]
) -> BaseResponse:
    """Do it where the form holds, and lead to the address that `do` returns; else show the form with what is wrong."""
    form = change.make_form(True)
    lines: Sequence[Ticked] = []
    try:
        lines = choose()
        if form.validate_on_submit():
            return see_other(do(lines, form))
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
    if "statement" in form:
        form.show_statement(current_school().policy_version_id)
    return _ask_page(place, change, form, lines, status=422)


def undo(back: str, take_back: Callable[[], tuple[int, int]]) -> BaseResponse:
    """Take back what was done at once, say for how many and for how many not, and lead back to the list."""
    try:
        taken, kept = take_back()
    except Invalid:
        flash(_("Dit kan niet meer ongedaan worden gemaakt."), "info")
        return see_other(back)
    if taken:
        flash(_n("Ongedaan gemaakt voor %(num)s cursist.", "Ongedaan gemaakt voor %(num)s cursisten.", taken), "good")
    if kept:
        flash(
            _n(
                "Niet ongedaan gemaakt voor %(num)s cursist: die is intussen gewijzigd.",
                "Niet ongedaan gemaakt voor %(num)s cursisten: die zijn intussen gewijzigd.",
                kept,
            ),
            "info",
        )
    return see_other(back)


def _ask_page(place: Place, change: Change, form: Form, lines: Sequence[Ticked], *, status: int) -> Response:
    place.saw(lines)
    policy = current_policy()
    return page(
        "learners/together.html", place=place, change=change.name, form=form, lines=lines, policy=policy, status=status
    )


def _check_page(place: Place, change: Change, form: Form, plan: Plan[Any]) -> Response:
    place.saw([*plan.reached, *(line for line, _why in plan.left_out)])
    return page(
        "learners/check_together.html",
        place=place,
        change=change.name,
        form=form,
        plan=plan,
        do_url=place.do_url(form),
        left_out=[(line.name, why) for line, why in plan.left_out],
        why_not=WHY_NOT,
        cautions=describe_cautions(plan.cautions) if plan.cautions else [],
        status=200 if plan.reached else 422,
    )
