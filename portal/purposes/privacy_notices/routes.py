"""*Nog niet verteld*: whose data came from others and who wasn't told so; telling her by mail or letter (art. 14)."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _n
from portal.core.http.pages import ids_ticked, page, page_number, part_in, see_other
from portal.core.jobs import get_job, trouble
from portal.permissions import Permission
from portal.purposes.blueprint import blueprint
from portal.purposes.privacy_notices.forms import TellForm
from portal.purposes.privacy_notices.labels import KINDS, STATES
from portal.purposes.privacy_notices.queries import Informed, count_untold, list_untold
from portal.purposes.privacy_notices.services import (
    TELLING,
    note_letters,
    select_untold,
    tell_by_email,
    texts_for,
)


@blueprint.get("/nog-niet-verteld")
@requires(Permission.CONSENT_VIEW)
def untold() -> Response:
    """List who wasn't told yet that the school has her data, who waits longest first."""
    return _list(TellForm())


def _list(form: TellForm, *, ticked: Sequence[UUID] = (), status: int = 200) -> Response:
    scope = require_actor().scope
    text = request.args.get("zoek", "").strip()
    found = list_untold(scope, text=text, page=page_number())
    _note_seen(found.rows)
    return page(
        "purposes/untold.html",
        form=form,
        found=found,
        text=text,
        counts=count_untold(scope),
        kinds=KINDS,
        states=STATES,
        ticked=ticked,
        status=status,
    )


def _note_seen(people: Sequence[Informed]) -> None:
    audit.saw([each.learner_id for each in people if each.learner_id], "purposes.untold", folds=True)


@blueprint.post("/nog-niet-verteld/nakijken")
@requires(Permission.NOTICE_SEND)
def check_untold() -> BaseResponse:
    """Show of who is ticked to whom a mail would go, and who has no address; nothing is sent yet."""

    def show(ticked: list[UUID]) -> Response:
        selection = select_untold(ticked, by=require_actor())
        _note_seen([*selection.reached, *selection.left_out])
        return page("purposes/check_untold.html", selection=selection, status=200 if selection.reached else 422)

    return _with_ticked(show)


@blueprint.post("/nog-niet-verteld")
@requires(Permission.NOTICE_SEND)
@creates
def tell() -> BaseResponse:
    """Let the worker mail whom of who is ticked a mail reaches; the page after it says how many have no address."""

    def ask(ticked: list[UUID]) -> BaseResponse:
        job = tell_by_email(ticked, by=require_actor())
        left_out = len(ticked) - len(job.arguments["ids"])
        if left_out:
            flash(_n("%(num)s persoon krijgt geen e-mail.", "%(num)s personen krijgen geen e-mail.", left_out), "info")
        return see_other(url_for("purposes.telling", job_id=job.id))

    return _with_ticked(ask)


@blueprint.get("/nog-niet-verteld/<uuid:job_id>")
@requires(Permission.NOTICE_SEND)
def telling(job_id: UUID) -> Response:
    """Show how far the worker is with the mails."""
    job = get_job(job_id)
    if job.kind != TELLING:
        raise NotFound("job")
    return page("purposes/telling.html", "purposes/_telling.html", job=job, trouble=trouble(job))


@blueprint.post("/nog-niet-verteld/brieven")
@requires(Permission.NOTICE_SEND)
def privacy_letters() -> BaseResponse:
    """Show a letter for each of who is ticked, in her language, to print; nothing is noted yet."""

    def show(ticked: list[UUID]) -> Response:
        by = require_actor()
        selection = select_untold(ticked, by=by)
        people = [*selection.left_out, *selection.reached]
        _note_seen(people)
        template = "purposes/_privacy_letter.html"
        letters = [(text, part_in(text.language, template, **text.facts)) for text in texts_for(people, by=by)]
        return page("purposes/privacy_letters.html", letters=letters)

    return _with_ticked(show)


@blueprint.post("/nog-niet-verteld/brieven/verstuurd")
@requires(Permission.NOTICE_SEND)
@creates
def letters_sent() -> BaseResponse:
    """Note that the letters were sent or given."""

    def note(ticked: list[UUID]) -> BaseResponse:
        noted = note_letters(ticked, by=require_actor())
        flash(_n("Opgeslagen: %(num)s brief.", "Opgeslagen: %(num)s brieven.", noted), "good")
        return see_other(url_for("purposes.untold"))

    return _with_ticked(note)


def _with_ticked(what: Callable[[list[UUID]], BaseResponse]) -> BaseResponse:
    """Answer with what is done for who is ticked; where that is refused, with the list, the ticks and why."""
    ticked = ids_ticked("wie", "person")
    try:
        return what(ticked)
    except Invalid as refusal:
        form = TellForm()
        form.refuse(refusal)
        return _list(form, ticked=ticked, status=422)
