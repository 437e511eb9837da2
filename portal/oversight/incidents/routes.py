"""The register of incidents: writing one down, whom it touched, and the file for the authority."""

import json
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import find_by_name, list_members
from portal.core import audit
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n
from portal.core.http.pages import id_asked, page, see_other
from portal.core.personal_data import PersonKind
from portal.oversight.blueprint import blueprint
from portal.oversight.incidents.categories import propose_categories
from portal.oversight.incidents.forms import INPUTS, QUESTION, CategoriesForm, IncidentForm, PeopleForm, TouchedForm
from portal.oversight.incidents.labels import ACTORS, KINDS
from portal.oversight.incidents.models import Incident, IncidentKind
from portal.oversight.incidents.presenters import (
    IncidentView,
    category_choices,
    choices_found,
    choices_proposed,
    file_of,
    filled_in,
    moment_of,
    sourced_choices,
)
from portal.oversight.incidents.proposals import LogQuestion, Proposed, propose_touched
from portal.oversight.incidents.queries import get_incident, list_incidents
from portal.oversight.incidents.services import (
    IncidentFacts,
    add_touched,
    change_incident,
    choose_categories,
    record_incident,
    remove_touched,
    take_file,
)
from portal.oversight.incidents.touched import find_people, list_touched
from portal.permissions import Permission


@blueprint.get("/incidenten")
@requires(Permission.INCIDENT_VIEW)
def incidents() -> Response:
    """List the incidents, each with its clock."""
    return page("oversight/incidents.html", views=[IncidentView(row) for row in list_incidents()], kinds=KINDS)


@blueprint.get("/incidenten/nieuw")
@requires(Permission.INCIDENT_KEEP)
def new_incident() -> Response:
    """Ask what happened."""
    return page("oversight/edit_incident.html", form=IncidentForm(formdata=None), row=None)


@blueprint.post("/incidenten/nieuw")
@requires(Permission.INCIDENT_KEEP)
@creates
def store_incident() -> Response | BaseResponse:
    """Write an incident down."""
    form = IncidentForm()
    if form.validate_on_submit():
        try:
            row = record_incident(_facts(form), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeschreven. Kies nu wie het raakt, en beslis of u het meldt."), "good")
            return see_other(url_for("oversight.incident", incident_id=row.id))
    return page("oversight/edit_incident.html", form=form, row=None, status=422)


@blueprint.route("/incidenten/<uuid:incident_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.INCIDENT_KEEP)
def edit_incident(incident_id: UUID) -> Response | BaseResponse:
    """Write down what is known by now."""
    row = get_incident(incident_id, require_actor().scope)
    form = IncidentForm(data=filled_in(row))
    form.categories.choices = sourced_choices(row)
    if form.validate_on_submit():
        try:
            change_incident(incident_id, _facts(form), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen."), "good")
            return see_other(url_for("oversight.incident", incident_id=incident_id))
    return page("oversight/edit_incident.html", form=form, row=row, status=422 if form.is_submitted() else 200)


def _facts(form: IncidentForm) -> IncidentFacts:
    return IncidentFacts(
        title=str(form.title.data),
        kind=IncidentKind(form.kind.data),
        body=str(form.body.data),
        aware_at=moment_of(form.aware_on.data, form.aware_time.data) or now(),
        happened_on=form.happened_on.data,
        happened_until=form.happened_until.data,
        categories=tuple(form.categories.data or ()),
        others=form.others.data or 0,
        consequences=form.consequences.data,
        measures=form.measures.data,
        aware_reason=form.aware_reason.data or None,
    )


@blueprint.get("/incidenten/<uuid:incident_id>/mensen")
@requires(Permission.INCIDENT_KEEP)
def choose_touched(incident_id: UUID) -> Response:
    """Look for whom it touched: by name, or by what the log says that was looked at between two moments."""
    by, row, form = require_actor(), get_incident(incident_id, require_actor().scope), TouchedForm(request.args)
    text = request.args.get("zoek", "").strip()
    found = find_people(text, by)
    actor = id_asked("wie") or request.args.get("wie")
    asked = _asked(form, actor) if form.validate() else None
    proposed = _proposed(row, asked, by)
    seen = [each.id for each in proposed if each.kind is PersonKind.LEARNER and not each.is_restricted]
    audit.saw([*(each.id for each in found.learners), *seen], "oversight.choose_touched")
    return page(
        "oversight/choose_touched.html",
        row=row, form=form, people_form=PeopleForm(formdata=None), text=text, found=choices_found(found),
        asked=asked is not None, proposed=choices_proposed(proposed), chosen=str(actor or ""), kinds=ACTORS,
        actors=[(str(each.id), each.name) for each in [*list_members(), *list_members(ended=True)]],
        question={name: request.args[name] for name in QUESTION if name in request.args},
        categories=category_choices(row, _found(asked, by)), status=422 if form.errors else 200,
    )  # fmt: skip


def _asked(form: TouchedForm, actor: UUID | str | None) -> LogQuestion | None:
    """Return what the log is asked; None for nothing, and for an account that there isn't, which the form says then."""
    since = moment_of(form.van.data, form.van_tijd.data)
    if since is None:
        return None
    if form.account.data:
        whose = find_by_name(form.account.data)
        if whose is None:
            form.refuse(Invalid("account", "no_account"))
            return None
        actor = whose.account.id
    return LogQuestion(since, moment_of(form.tot.data, form.tot_tijd.data) or now(), actor or None)


def _proposed(row: Incident, asked: LogQuestion | None, by: Actor) -> list[Proposed]:
    if asked is None:
        return []
    return propose_touched(row.id, asked.since, asked.until, actor=asked.actor, scope=by.scope)


def _found(asked: LogQuestion | None, by: Actor) -> tuple[str, ...]:
    if asked is None:
        return ()
    return propose_categories(asked.since, asked.until, actor=asked.actor, scope=by.scope)


@blueprint.post("/incidenten/<uuid:incident_id>/gegevens")
@requires(Permission.INCIDENT_KEEP)
def choose_data_touched(incident_id: UUID) -> BaseResponse:
    """Write down which data it touched: what the log says between the moments asked, and what somebody adds or not."""
    by, form, asked = require_actor(), CategoriesForm(), TouchedForm(request.form)
    get_incident(incident_id, by.scope)
    if not form.validate() or not asked.validate():
        raise NotFound("category")
    actor = id_asked("wie") or request.form.get("wie")
    choose_categories(incident_id, form.categories.data or (), found=_found(_asked(asked, actor), by), by=by)
    flash(_("Opgeslagen."), "good")
    return see_other(url_for("oversight.incident", incident_id=incident_id))


@blueprint.post("/incidenten/<uuid:incident_id>/mensen")
@requires(Permission.INCIDENT_KEEP)
def name_touched(incident_id: UUID) -> BaseResponse:
    """Write down whom it touched."""
    get_incident(incident_id, require_actor().scope)
    try:
        added = add_touched(incident_id, _ticked(), by=require_actor())
    except Invalid as refusal:
        words = _("Kies eerst iemand.") if refusal.code == "nobody" else _("Kies er ten hoogste 200 tegelijk.")
        flash(words, "bad")
        return see_other(url_for("oversight.choose_touched", incident_id=incident_id))
    flash(_n("%(num)s persoon toegevoegd.", "%(num)s mensen toegevoegd.", added), "good")
    return see_other(url_for("oversight.incident", incident_id=incident_id))


def _ticked() -> dict[PersonKind, list[UUID]]:
    return {kind: request.form.getlist(name, type=UUID) for kind, name in INPUTS.items()}


@blueprint.post("/incidenten/<uuid:incident_id>/mensen/weg")
@requires(Permission.INCIDENT_KEEP)
def take_touched_off(incident_id: UUID) -> BaseResponse:
    """Take somebody off whom it doesn't touch after all."""
    ticked = [(kind, each) for kind, ids in _ticked().items() for each in ids]
    if len(ticked) != 1:
        raise NotFound("person")
    try:
        remove_touched(incident_id, *ticked[0], by=require_actor())
    except Conflict:
        flash(_("Deze persoon kreeg al bericht en blijft in de lijst."), "bad")
    else:
        flash(_("Van de lijst gehaald."), "good")
    return see_other(url_for("oversight.incident", incident_id=incident_id))


@blueprint.post("/incidenten/<uuid:incident_id>/bestand")
@requires(Permission.INCIDENT_VIEW)
def take_incident_file(incident_id: UUID) -> Response:
    """Give what the authority asks, as a file: numbers of people and no names."""
    row = get_incident(incident_id, require_actor().scope)
    contents = file_of(row, list_touched(incident_id, require_actor().scope))
    take_file(row, by=require_actor())
    answer = Response(json.dumps(contents, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="incident-{row.aware_at:%Y-%m-%d}.json"'
    return answer
