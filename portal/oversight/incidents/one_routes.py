"""One incident: its page, the decisions with their reasons, telling the people touched, and the officer's advice."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n, in_language
from portal.core.http.pages import page, see_other
from portal.core.personal_data import PersonKind
from portal.learners.record.labels import CATEGORIES
from portal.oversight.blueprint import blueprint
from portal.oversight.incidents.forms import INPUTS, YES, AdviceForm, ReportForm, TellingForm
from portal.oversight.incidents.labels import KINDS, PEOPLE, RESTRICTED, SOURCES, WAYS
from portal.oversight.incidents.notices import mail_touched, note_letters, untold, use_for_letters
from portal.oversight.incidents.presenters import (
    IncidentView,
    Letter,
    letters_of,
    moment_of,
    numbers_of,
    report_of,
    sources_of,
    telling_of,
)
from portal.oversight.incidents.queries import get_incident, list_advice
from portal.oversight.incidents.services import advise_on_incident, decide_report, decide_telling
from portal.oversight.incidents.touched import Touched, list_touched
from portal.permissions import Permission


@blueprint.get("/incidenten/<uuid:incident_id>")
@requires(Permission.INCIDENT_VIEW)
def incident(incident_id: UUID) -> Response:
    """Show an incident: its clock, what is known, whom it touched, what was decided."""
    return _page(incident_id)


def _page(
    incident_id: UUID,
    *,
    report: ReportForm | None = None,
    telling: TellingForm | None = None,
    advice: AdviceForm | None = None,
    status: int = 200,
) -> Response:
    """Return the page of an incident; with a form that was refused as it was filled in."""
    row = get_incident(incident_id, require_actor().scope)
    touched = list_touched(incident_id, require_actor().scope)
    _saw(touched)
    return page(
        "oversight/incident.html",
        view=IncidentView(row),
        touched=touched,
        numbers=numbers_of(row, touched),
        people=PEOPLE,
        restricted=RESTRICTED,
        inputs=INPUTS,
        advice=list_advice(incident_id, require_actor().scope),
        report_form=report or ReportForm(formdata=None, data=report_of(row)),
        telling_form=telling or TellingForm(formdata=None, data=telling_of(row)),
        advice_form=advice or AdviceForm(formdata=None),
        kinds=KINDS,
        sources=SOURCES,
        ways=WAYS,
        titles=CATEGORIES,
        from_where=sources_of(row),
        status=status,
    )


def _saw(people: Sequence[Touched]) -> None:
    """Note which learners' names are shown."""
    shown = [each.id for each in people if each.kind is PersonKind.LEARNER and not each.is_restricted]
    audit.saw(shown, "oversight.incident")


@blueprint.post("/incidenten/<uuid:incident_id>/melding")
@requires(Permission.INCIDENT_KEEP)
def report_incident(incident_id: UUID) -> Response | BaseResponse:
    """Write down whether the authority is told, and why."""
    form = ReportForm()
    if form.validate_on_submit():
        try:
            decide_report(
                incident_id,
                is_reported=form.is_reported.data == YES,
                reported_at=moment_of(form.reported_on.data, form.reported_time.data),
                reason=str(form.reason.data),
                by=require_actor(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen."), "good")
            return see_other(url_for("oversight.incident", incident_id=incident_id))
    return _page(incident_id, report=form, status=422)


@blueprint.post("/incidenten/<uuid:incident_id>/vertellen")
@requires(Permission.INCIDENT_KEEP)
def decide_on_telling(incident_id: UUID) -> Response | BaseResponse:
    """Write down whether people touched are told, and why."""
    form = TellingForm()
    if form.validate_on_submit():
        is_told, reason = form.is_told.data == YES, str(form.told_reason.data)
        decide_telling(incident_id, is_told=is_told, reason=reason, by=require_actor())
        flash(_("Opgeslagen."), "good")
        return see_other(url_for("oversight.incident", incident_id=incident_id))
    return _page(incident_id, telling=form, status=422)


@blueprint.post("/incidenten/<uuid:incident_id>/mailen")
@requires(Permission.INCIDENT_KEEP)
@freshly(60)
def mail_people_touched(incident_id: UUID) -> BaseResponse:
    """Mail who was not told yet."""
    try:
        count = mail_touched(incident_id, by=require_actor())
    except Conflict:
        flash(_("Leg eerst vast dat de school het vertelt."), "bad")
    else:
        flash(_n("%(num)s mail gaat nu weg.", "%(num)s mails gaan nu weg.", count), "good")
    return see_other(url_for("oversight.incident", incident_id=incident_id))


@blueprint.get("/incidenten/<uuid:incident_id>/brieven")
@requires(Permission.INCIDENT_KEEP)
def incident_letters(incident_id: UUID) -> Response:
    """Show the letters to who has no address, to print."""
    row, left = get_incident(incident_id, require_actor().scope), untold(incident_id, require_actor())
    audit.saw([each.learner_id for each in left.by_letter if each.learner_id], "oversight.incident")
    return page(
        "oversight/incident_letters.html",
        row=row,
        letters=[(each, _in_language_of(each)) for each in letters_of(row, left.by_letter)],
        withheld=len(left.withheld),
    )


def _in_language_of(letter: Letter) -> Markup:
    with in_language(letter.language):
        html = render_template("oversight/_incident_letter.html", letter=letter, **letter.facts)
    return Markup(html)  # noqa: S704  (our own template)


@blueprint.post("/incidenten/<uuid:incident_id>/brieven/afgeschermd")
@requires(Permission.INCIDENT_KEEP)
def incident_letters_on_ground(incident_id: UUID) -> BaseResponse:
    """Record on which ground names of who restricted her data are used for the letters, and lead to these."""
    try:
        use_for_letters(incident_id, by=require_actor())
    except Conflict:
        flash(_("Leg eerst vast dat de school het vertelt."), "bad")
        return see_other(url_for("oversight.incident", incident_id=incident_id))
    flash(_("Vastgelegd. De cursist leest dat u de gegevens gebruikte."), "good")
    return see_other(url_for("oversight.incident_letters", incident_id=incident_id))


@blueprint.post("/incidenten/<uuid:incident_id>/brieven")
@requires(Permission.INCIDENT_KEEP)
def incident_letters_sent(incident_id: UUID) -> BaseResponse:
    """Note that the letters were sent."""
    try:
        count = note_letters(incident_id, by=require_actor())
    except Conflict:
        flash(_("Leg eerst vast dat de school het vertelt."), "bad")
    else:
        flash(_n("%(num)s brief genoteerd.", "%(num)s brieven genoteerd.", count), "good")
    return see_other(url_for("oversight.incident", incident_id=incident_id))


@blueprint.post("/incidenten/<uuid:incident_id>/advies")
@requires(Permission.INCIDENT_ADVISE)
@creates
def advise_incident(incident_id: UUID) -> Response | BaseResponse:
    """Write down what the officer advises."""
    form = AdviceForm()
    if form.validate_on_submit():
        advise_on_incident(incident_id, str(form.body.data), by=require_actor())
        flash(_("Opgeslagen."), "good")
        return see_other(url_for("oversight.incident", incident_id=incident_id))
    return _page(incident_id, advice=form, status=422)
