"""A group's lessons beside its learners, by months: the page, and the same as a file."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance.open_registers.queries import RegisterState, count_registers
from portal.core import audit
from portal.core.errors import NotAllowed
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.courses.groups.queries import GroupView, get_group
from portal.hours.blueprint import blueprint
from portal.hours.matrix.columns import TOLD, columns_of
from portal.hours.matrix.forms import LENGTHS, Period, period_asked
from portal.hours.matrix.presenters import LABELS, Matrix, present_matrix
from portal.hours.matrix.queries import GroupLesson, list_group_learners, list_group_lessons, marks_of_group
from portal.hours.matrix.weeks import list_steps, present_weeks
from portal.learners.lists.answers import answer_list, ask_page
from portal.learners.lists.forms import TakeListForm
from portal.learners.lists.services import list_purposes
from portal.permissions import Permission


@blueprint.get("/groepen/<uuid:group_id>/presentie/lessen")
@requires(Permission.FIGURES_VIEW)
def group_matrix(group_id: UUID) -> Response:
    """Show who was in which lesson of a group; to who sees nobody's attendance only how far each register is."""
    actor = require_actor()
    group = get_group(group_id, actor)
    period = period_asked(request.args, group.ends_on)
    asked: dict[str, Any] = {"group": group, "period": period, "lengths": LENGTHS}
    if "attendance" not in actor.sees:
        lessons = [each.lesson for each in _lessons(group, period)]
        counts = count_registers(lessons)
        states = [RegisterState(each, *counts[each.id]) for each in reversed(lessons)]
        return page("hours/matrix_whole.html", states=states, **asked)
    matrix = _matrix(group, period)
    audit.saw([row.learner.learner_id for row in matrix.rows], "hours.matrix", subject=("learner_group", group.id))
    return page("hours/matrix.html", matrix=matrix, labels=LABELS, fills=actor.may(Permission.REGISTER_KEEP), **asked)


@blueprint.get("/groepen/<uuid:group_id>/presentie/weken")
@requires(Permission.FIGURES_VIEW)
def group_weeks(group_id: UUID) -> BaseResponse:
    """Show how much of each week everyone in a group followed; the lessons to who sees nobody's attendance."""
    actor = require_actor()
    group = get_group(group_id, actor)
    if "attendance" not in actor.sees:
        return see_other(url_for("hours.group_matrix", group_id=group.id))
    period = period_asked(request.args, group.ends_on)
    days = {"first": period.first, "last": period.last}
    found = present_weeks(_lessons(group, period), list_group_learners(group, **days), marks_of_group(group, **days))
    audit.saw([row.learner.learner_id for row in found.rows], "hours.matrix", subject=("learner_group", group.id))
    way = "hours.group_weeks"
    return page(
        "hours/weeks.html", found=found, steps=list_steps(), group=group, period=period, lengths=LENGTHS, way=way
    )


@blueprint.get("/groepen/<uuid:group_id>/presentie/lessen/ophalen")
@requires(Permission.LEARNER_VIEW)
def ask_matrix(group_id: UUID) -> Response:
    """Ask for what and as what the matrix of a group is taken."""
    group, period, matrix = _to_take(group_id)
    return ask_page(TakeListForm(list_purposes()), len(matrix.rows), TOLD, back=_back(group, period))


@blueprint.post("/groepen/<uuid:group_id>/presentie/lessen/ophalen")
@requires(Permission.LEARNER_VIEW)
@freshly(60)
def take_matrix(group_id: UUID) -> BaseResponse:
    """Give the matrix of a group as a file."""
    group, period, matrix = _to_take(group_id)
    subject = ("learner_group", group.id)
    audit.saw([row.learner.learner_id for row in matrix.rows], "hours.matrix", subject=subject)
    return answer_list(
        matrix.rows,
        columns_of(matrix),
        lambda row: row.learner.learner_id,
        back=_back(group, period),
        title=_("Presentie"),
        told=TOLD,
        subject=subject,
    )


def _lessons(group: GroupView, period: Period) -> list[GroupLesson]:
    return list_group_lessons(group, require_actor().scope, first=period.first, last=period.last)


def _matrix(group: GroupView, period: Period) -> Matrix:
    days = {"first": period.first, "last": period.last}
    return present_matrix(
        _lessons(group, period),
        list_group_learners(group, **days),
        marks_of_group(group, **days),
        shows_notes="progress" in require_actor().sees,
    )


def _to_take(group_id: UUID) -> tuple[GroupView, Period, Matrix]:
    actor = require_actor()
    group = get_group(group_id, actor)
    if "attendance" not in actor.sees:
        raise NotAllowed("category_not_seen", permission=Permission.LEARNER_VIEW.value)
    period = period_asked(request.args, group.ends_on)
    return group, period, _matrix(group, period)


def _back(group: GroupView, period: Period) -> tuple[str, str]:
    return group.name, url_for(
        "hours.group_matrix", group_id=group.id, tot=period.ends_in.isoformat(), maanden=period.months
    )
