"""The record of one learner: seeing it by category, changing a category, its BSN, its history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other, see_saved
from portal.learners.blueprint import blueprint
from portal.learners.completeness.way_back import list_asked, stored_from_list, way_back
from portal.learners.corrections.queries import count_waiting
from portal.learners.enrolments.queries import list_groups_of
from portal.learners.history.queries import list_history
from portal.learners.merges.queries import find_merge
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.origins.queries import list_origins
from portal.learners.record.fields import FIELDS, RecordField, kept_fields
from portal.learners.record.forms import BareForm, OriginForm, make_form
from portal.learners.record.labels import CHANNELS, SOURCES
from portal.learners.record.models import Learner
from portal.learners.record.presenters import REPRESENTATIVES, list_categories, list_facts, reachable_by
from portal.learners.record.services import change_learner, remove_ground, reveal_bsn
from portal.learners.record.values import values_of
from portal.learners.scope.queries import find_kept_id
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy

_PER_PAGE = 50


@blueprint.get("/cursisten/<uuid:learner_id>")
@requires(Permission.LEARNER_VIEW)
def record(learner_id: UUID) -> BaseResponse:
    """Show a record; one that was merged into another leads to that one."""
    by = require_actor()
    try:
        learner = get_within_reach(learner_id, by)
    except NotFound:
        kept_id = find_kept_id(learner_id, by.scope)
        if kept_id is None:
            raise
        return see_other(url_for("learners.record", learner_id=kept_id))
    audit.saw([learner_id], "learners.record")
    return _record_page(learner)


def _record_page(learner: Learner, *, bsn: str | None = None) -> Response:
    by = require_actor()
    return page(
        "learners/record.html",
        learner=learner,
        groups=list_groups_of(learner.id, by.scope),
        facts=list_facts(learner.id, by),
        reachable=reachable_by(learner, by),
        waiting=count_waiting(by, learner_id=learner.id) if by.may(Permission.CORRECTION_VIEW) else 0,
        categories=list_categories(learner, by),
        representatives=REPRESENTATIVES.only(learner.id, by.scope) if _sees_representatives(by) else [],
        merge=find_merge(learner.id, by.scope) if by.may(Permission.LEARNER_MERGE) else None,
        form=BareForm(),
        bsn=bsn,
        sources=SOURCES,
        channels=CHANNELS,
    )


def _sees_representatives(by: Actor) -> bool:
    return "dealings" in by.sees or by.may(Permission.LEARNER_INVITE)


@blueprint.post("/cursisten/<uuid:learner_id>/bsn")
@requires(Permission.BSN_REVEAL)
def reveal(learner_id: UUID) -> BaseResponse:
    """Show the BSN in full on the page, once; the number stands in no address, title or log."""
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    return _record_page(learner, bsn=reveal_bsn(learner_id, by=by))


@blueprint.get("/cursisten/<uuid:learner_id>/wijzig/<category>")
@requires(Permission.LEARNER_KEEP)
def edit(learner_id: UUID, category: str) -> Response:
    """Show the form of one category."""
    learner = get_within_reach(learner_id, require_actor())
    fields = _fields(category, require_actor())
    form = _form(fields)()
    form.fill(*_stored(learner, fields))
    audit.saw([learner_id], "learners.record")
    return _edit_page(form, learner, category)


@blueprint.post("/cursisten/<uuid:learner_id>/wijzig/<category>")
@requires(Permission.LEARNER_KEEP)
@collects_of_others
def change(learner_id: UUID, category: str) -> BaseResponse:
    """Store one category; what can't be stored is said beside its field, and what was typed stays."""
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    fields = _fields(category, by)
    form = _form(fields)()
    if form.validate_on_submit() and not tells_of_names(form, learner_id):
        try:
            change_learner(learner_id, form.values(), grounds=form.grounds(), by=by, **form.origin())
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            return _conflict_page(form, refusal, learner, category)
        else:
            listed = stored_from_list()
            if listed is not None:
                return see_other(listed)
            url = url_for("learners.record", learner_id=learner_id)
            return see_saved(url, place=f"cat-{category}", said=_("Opgeslagen."))
    return _edit_page(form, learner, category, status=422)


@blueprint.post("/cursisten/<uuid:learner_id>/grond/<column>")
@requires(Permission.LEARNER_KEEP)
def end_ground(learner_id: UUID, column: str) -> BaseResponse:
    """Take away the ground of a field: the value is erased at once (OP-04)."""
    by = require_actor()
    get_within_reach(learner_id, by)
    field = FIELDS.get(f"learner.{column}")
    if field is None:
        raise NotFound("field")
    remove_ground(learner_id, field.key, by=by)
    flash(_("Gewist: %(field)s. De reden om het te bewaren is weg.", field=field.label), "good")
    return see_other(url_for("learners.record", learner_id=learner_id))


@blueprint.get("/cursisten/<uuid:learner_id>/geschiedenis")
@requires(Permission.LEARNER_VIEW)
def history(learner_id: UUID) -> Response:
    """Show who changed what in this record, and when."""
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    lines = list_history(learner, by, limit=_PER_PAGE, before=_before())
    audit.saw([learner_id], "learners.history")
    return page(
        "learners/history.html",
        learner=learner,
        lines=lines,
        older=lines[-1] if len(lines) == _PER_PAGE else None,
    )


def _fields(category: str, by: Actor) -> list[RecordField]:
    by.scope.must_change(category)
    fields = kept_fields(current_policy(), categories=frozenset({category}))
    if not fields:
        raise NotFound("category")
    return fields


def _form(fields: list[RecordField]) -> type[OriginForm]:
    policy = current_policy()
    grounded = [field.key for field in fields if policy.needs_ground(field.key)]
    return make_form(OriginForm, fields, grounded=grounded)


def _stored(learner: Learner, fields: Iterable[RecordField]) -> tuple[dict[str, Any], dict[str, str | None]]:
    """Return the values of these fields with the grounds on record."""
    return values_of(learner, fields), {key: origin.ground for key, origin in list_origins(learner).items()}


def _conflict_page(form: OriginForm, refusal: Conflict, learner: Learner, category: str) -> Response:
    """Show what somebody else changed too beside what was typed; what was left as it was shown is as it is now."""
    form.refuse(refusal)
    values, grounds = _stored(learner, form.record_fields)
    beside = form.beside(values, grounds, refusal.facts["fields"])
    form.fill(values, grounds, typed=refusal.facts["mine"])
    return _edit_page(form, learner, category, status=409, now=beside)


def _edit_page(
    form: OriginForm, learner: Learner, category: str, *, status: int = 200, now: list[Any] | None = None
) -> Response:
    policy = current_policy()
    kept = policy.category(category)
    return page(
        "learners/edit.html",
        "learners/_edit.html",
        form=form,
        learner=learner,
        category=category,
        title=str(policy.text(kept.title, language())) if kept is not None else category,
        now=now or [],
        conditions=_conditions(form),
        back=way_back(url_for("learners.record", learner_id=learner.id)),
        listed=list_asked(),
        status=status,
    )


def _conditions(form: OriginForm) -> dict[str, str]:
    """Return in the school's words when a field may be kept at all, by its key (OP-02)."""
    policy = current_policy()
    return {
        field.key: str(policy.text(condition.why, language()))
        for field in form.record_fields
        for condition in policy.conditions_of(field.key)
    }


def _before() -> tuple[datetime, UUID] | None:
    try:
        return datetime.fromisoformat(request.args["tot"]), UUID(request.args["na"])
    except (KeyError, ValueError):
        return None
