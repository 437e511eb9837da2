"""Who turns 16, and of whom a letter waits: for the office."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.http.access import require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, part_in, see_other
from portal.permissions import Permission
from portal.purposes.blueprint import blueprint
from portal.purposes.coming_of_age.queries import get_coming_of_age, list_birthdays
from portal.purposes.coming_of_age.services import list_letters, note_letter
from portal.representation.disputes.labels import about
from portal.representation.disputes.queries import list_open_disputes


@blueprint.get("/cursisten/kinderen")
@requires(Permission.REQUEST_ENTER)
def children() -> Response:
    """Show whose parents disagree, who turns 16 and whose letter waits."""
    birthdays = list_birthdays(require_actor().scope)
    disputes = list_open_disputes(require_actor().scope)
    seen = {each.row.learner_id for each in birthdays} | {each.dispute.learner_id for each in disputes}
    audit.saw(sorted(seen), "purposes.children")
    return page("purposes/children.html", birthdays=birthdays, disputes=disputes, about=about)


@blueprint.get("/cursisten/kinderen/<uuid:coming_of_age_id>/brief")
@requires(Permission.REQUEST_ENTER)
def birthday_letters(coming_of_age_id: UUID) -> Response:
    """Show a letter for each who is to know of a sixteenth birthday and has no address, to print in her language."""
    by = require_actor()
    row = get_coming_of_age(coming_of_age_id, by.scope)
    letters = [
        (
            text,
            part_in(text.language, "purposes/_birthday_letter.html", is_past=row.reached_at is not None, **text.facts),
        )
        for text in list_letters(row, by=by)
    ]
    audit.saw([row.learner_id], "purposes.children")
    return page("purposes/birthday_letters.html", row=row, letters=letters)


@blueprint.post("/cursisten/kinderen/<uuid:coming_of_age_id>/brief")
@requires(Permission.REQUEST_ENTER)
def letter_sent(coming_of_age_id: UUID) -> BaseResponse:
    """Record that the letter of a learner who turns 16 went out."""
    if Form().validate_on_submit():
        note_letter(coming_of_age_id, by=require_actor())
        flash(_("Opgeslagen: de brief is verstuurd."), "good")
    return see_other(url_for("purposes.children"))
