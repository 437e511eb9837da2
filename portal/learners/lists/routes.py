"""Taking a list of learners as a file: found, of a group, who lack something, or who can't sign in yet."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.languages import _
from portal.core.http.lists import Paged, in_order, order_asked
from portal.core.http.pages import id_asked
from portal.courses.groups.queries import get_group
from portal.learners.blueprint import blueprint
from portal.learners.completeness.queries import ORDERS, IncompleteLearner, list_incomplete
from portal.learners.enrolments.queries import MEMBER_ORDERS, EnrolledLine, list_enrolled
from portal.learners.invitations.queries import ORDERS as ORDERS_OF_INVITABLE
from portal.learners.invitations.queries import Invitable, list_invitable
from portal.learners.lists.answers import answer_list, ask_page
from portal.learners.lists.columns import ENROLLED, FOUND, INCOMPLETE, INVITABLE
from portal.learners.lists.forms import TakeListForm
from portal.learners.lists.services import MOST_IN_LIST, list_purposes
from portal.learners.search.forms import kept_of, search_of
from portal.learners.search.queries import FoundPage, Search, find_learners
from portal.permissions import Permission


@blueprint.get("/cursisten/ophalen")
@requires(Permission.LEARNER_VIEW)
def ask_list() -> Response:
    """Ask for what and as what the list of learners is taken, as it is narrowed and sorted."""
    search, found = _found(most=1)
    return ask_page(TakeListForm(list_purposes()), found.total, FOUND, back=_back_to_search(search))


@blueprint.post("/cursisten/ophalen")
@requires(Permission.LEARNER_VIEW)
@freshly(60)
def take_found() -> Response | BaseResponse:
    """Give the list of learners as it is narrowed and sorted."""
    search, found = _found(most=MOST_IN_LIST + 1)
    audit.saw([each.id for each in found.learners], "learners.list", folds=True)
    return answer_list(found.learners, FOUND, lambda learner: learner.id, back=_back_to_search(search))


def _found(*, most: int) -> tuple[Search, FoundPage]:
    by = require_actor()
    search = replace(search_of(request.args, by), page=1)
    return search, find_learners(search, by, most=most)


def _back_to_search(search: Search) -> tuple[str, str]:
    kept: dict[str, Any] = kept_of(search)
    return _("Cursisten"), url_for("learners.find", **kept)


@blueprint.get("/groepen/<uuid:group_id>/cursisten/ophalen")
@requires(Permission.LEARNER_VIEW)
def ask_members(group_id: UUID) -> Response:
    """Ask for what and as what the list of a group is taken, as it is sorted."""
    back, lines = _members(group_id)
    return ask_page(TakeListForm(list_purposes()), len(lines), ENROLLED, back=back)


@blueprint.post("/groepen/<uuid:group_id>/cursisten/ophalen")
@requires(Permission.LEARNER_VIEW)
@freshly(60)
def take_members(group_id: UUID) -> Response | BaseResponse:
    """Give the list of who is or will be in a group, as it is sorted."""
    back, lines = _members(group_id)
    subject = ("learner_group", group_id)
    audit.saw([each.learner_id for each in lines], "learners.group", subject=subject)
    return answer_list(lines, ENROLLED, lambda line: line.learner_id, back=back, subject=subject)


def _members(group_id: UUID) -> tuple[tuple[str, str], list[EnrolledLine]]:
    group = get_group(group_id, require_actor())
    order = order_asked(MEMBER_ORDERS, "name")
    lines = [line for line in list_enrolled(group) if line.state != "over"]
    back = group.name, url_for("learners.group_learners", group_id=group_id, volgorde=order)
    return back, in_order(lines, order, MEMBER_ORDERS)


@blueprint.get("/cursisten/onvolledig/ophalen")
@requires(Permission.LEARNER_KEEP)
def ask_incomplete() -> Response:
    """Ask for what and as what the list of learners of whom something is lacking is taken."""
    back, found = _incomplete(most=1)
    return ask_page(TakeListForm(list_purposes()), found.total, INCOMPLETE, back=back)


@blueprint.post("/cursisten/onvolledig/ophalen")
@requires(Permission.LEARNER_KEEP)
@freshly(60)
def take_incomplete() -> Response | BaseResponse:
    """Give the list of learners of whom something is lacking, as it is sorted."""
    back, found = _incomplete(most=MOST_IN_LIST + 1)
    audit.saw([each.learner.id for each in found.rows], "learners.incomplete", folds=True)
    return answer_list(found.rows, INCOMPLETE, lambda line: line.learner.id, back=back)


def _incomplete(*, most: int) -> tuple[tuple[str, str], Paged[IncompleteLearner]]:
    order = order_asked(ORDERS, "name")
    found = list_incomplete(require_actor(), order=order, most=most)
    return (_("Wat nog ontbreekt"), url_for("learners.incomplete", volgorde=order)), found


@blueprint.get("/cursisten/uitnodigen/ophalen")
@requires(Permission.LEARNER_INVITE)
def ask_invitable() -> Response:
    """Ask for what and as what the list of who can't sign in yet is taken."""
    back, found = _invitable()
    return ask_page(TakeListForm(list_purposes()), len(found), INVITABLE, back=back)


@blueprint.post("/cursisten/uitnodigen/ophalen")
@requires(Permission.LEARNER_INVITE)
@freshly(60)
def take_invitable() -> Response | BaseResponse:
    """Give the list of who can't sign in yet, of a group or of the school, as it is sorted."""
    back, found = _invitable()
    audit.saw([each.id for each in found], "learners.invitable_seen", folds=True)
    return answer_list(found, INVITABLE, lambda each: each.id, back=back)


def _invitable() -> tuple[tuple[str, str], list[Invitable]]:
    by, order = require_actor(), order_asked(ORDERS_OF_INVITABLE, "name")
    by.must(Permission.LEARNER_VIEW)
    group_id = id_asked("groep")
    back = url_for("learners.invite", volgorde=order, groep=group_id)
    found = list_invitable(group_id, by.scope, order=order, most=MOST_IN_LIST + 1)
    return (_("Cursisten uitnodigen"), back), found
