"""Finding a learner, and adding one."""

from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other, wants_partial
from portal.learners.blueprint import blueprint
from portal.learners.record.fields import kept_fields
from portal.learners.record.forms import OriginForm, make_form
from portal.learners.record.models import Source
from portal.learners.record.services import add_learner
from portal.learners.scope.services import MOST_AT_ONCE
from portal.learners.search.forms import kept_of, search_of
from portal.learners.search.keys import bsn_digest
from portal.learners.search.likenesses import (
    MOST_NEAR,
    NamedPerson,
    find_by_phone,
    find_duplicates,
    find_near,
    meets_restricted,
)
from portal.learners.search.presenters import filters_of
from portal.learners.search.queries import FoundLearner, FoundPage, Search, find_learners
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others, note_collected_with
from portal.policy.queries import current_policy

_FIRST = ("name", "birth", "contact", "address")


@blueprint.get("/cursisten")
@requires(Permission.LEARNER_VIEW)
def find() -> Response:
    """Show the learners within reach that answer to the search."""
    by = require_actor()
    search = search_of(request.args, by)
    found = find_learners(search, by, with_choices=not wants_partial())
    near, by_phone = _near(search, found, by)
    audit.saw((learner.id for learner in (*found.learners, *near)), "learners.list", folds=True)
    return page(
        "learners/find.html",
        "learners/_learners.html",
        found=found,
        search=search,
        near=near,
        by_phone=by_phone,
        kept=kept_of(search),
        most=MOST_AT_ONCE,
        filters=filters_of(search, found.choices, by) if found.choices is not None else None,
    )


def _near(search: Search, found: FoundPage, by: Actor) -> tuple[list[FoundLearner], bool]:
    """Return whom she may mean where little is found: who has this phone number, else whose name is like it."""
    if not search.text or search.page > 1 or found.total >= MOST_NEAR:
        return [], False
    known = {learner.id for learner in found.learners}
    near = [each for each in find_by_phone(search.text, by.scope) if each.id not in known]
    is_phone = bool(near)
    near = near or find_near(search.text, by.scope, besides=known)
    return (near if "birth" in by.sees else [each._replace(birth_date=None) for each in near]), is_phone


@blueprint.get("/cursisten/nieuw")
@requires(Permission.LEARNER_KEEP)
def add() -> Response:
    """Show an empty form for a learner."""
    return _new_page(_new_form()(), [])


@blueprint.post("/cursisten/nieuw")
@requires(Permission.LEARNER_KEEP)
@creates
@collects_of_others
def store() -> BaseResponse:
    """Add a learner, unless she looks like somebody who is there: then first ask."""
    form, by = _new_form()(), require_actor()
    duplicates: list[FoundLearner] = []
    if form.validate_on_submit():
        values = form.values()
        duplicates = _duplicates(values) if request.form.get("anyway") is None else []
        if meets_restricted(_person(values), _digest(values)):
            duplicates = []
            form.refuse(Invalid("learner.family_name", "restricted"))
        elif not duplicates:
            try:
                learner = add_learner(values, grounds=form.grounds(), by=by, **form.origin(is_new=True))
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                if form.origin(is_new=True)["source"] is Source.LEARNER:
                    note_collected_with(learner.id)
                flash(_("De cursist is toegevoegd."), "good")
                return see_other(url_for("learners.record", learner_id=learner.id))
        else:
            audit.saw((learner.id for learner in duplicates), "learners.duplicates")
    return _new_page(form, duplicates, status=422)


def _new_page(form: OriginForm, duplicates: list[FoundLearner], *, status: int = 200) -> Response:
    policy = current_policy()
    groups = [
        (
            str(policy.text(kept.title, language())),
            [field for field in form.record_fields if field.category == kept.key],
        )
        for kept in filter(None, map(policy.category, _FIRST))
        if any(field.category == kept.key for field in form.record_fields)
    ]
    return page("learners/new.html", form=form, duplicates=duplicates, groups=groups, status=status)


def _new_form() -> type[OriginForm]:
    by, policy = require_actor(), current_policy()
    fields = kept_fields(policy, categories=frozenset(_FIRST) & by.changes)
    grounded = [field.key for field in fields if policy.needs_ground(field.key)]
    return make_form(OriginForm, fields, grounded=grounded, is_new=True)


def _duplicates(values: dict[str, Any]) -> list[FoundLearner]:
    return find_duplicates(_person(values), _digest(values), require_actor().scope)


def _person(values: dict[str, Any]) -> NamedPerson:
    given, family = str(values["learner.given_name"]), str(values["learner.family_name"])
    return NamedPerson(key="", given_name=given, family_name=family, birth_date=values.get("learner.birth_date"))


def _digest(values: dict[str, Any]) -> bytes | None:
    bsn = values.get("learner.bsn")
    return bsn_digest(str(bsn)) if bsn else None
