"""The page where a learner asks which member of staff looked at her data, and why she wants to know."""

from uuid import UUID

from flask import Response, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.audit.queries import folded
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import language
from portal.core.http.pages import id_asked, page, see_other
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.requests.blueprint import blueprint
from portal.requests.data_requests.clock import first_due_on
from portal.requests.data_requests.models import RequestKind
from portal.requests.log_names.forms import NamesForm
from portal.requests.log_names.presenters import look_title
from portal.requests.log_names.queries import get_readable_names, list_askable
from portal.requests.log_names.services import ask_names


@blueprint.get("/mijn/wie-keek/vragen")
@requires(Permission.RECORD_OWN)
def ask_who_looked() -> Response:
    """Show the looks of which the name isn't told, and what asking for it does."""
    asked = id_asked("regel")
    return _page(NamesForm(data={"entries": [str(asked)] if asked is not None else []}))


@blueprint.post("/mijn/wie-keek/vragen")
@requires(Permission.RECORD_OWN)
@creates
@collects
def file_who_looked() -> Response | BaseResponse:
    """Store what she asks, and show how far it is."""
    form, status, certain = NamesForm(), 422, current_user.has_second_factor
    form.offer(_looks())
    if form.validate_on_submit():
        try:
            stored = ask_names(
                [UUID(each) for each in form.entries.data or ()],
                form.body.data or "",
                language=language(),
                has_second_factor=certain,
                by=require_actor(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            return see_other(url_for("requests.my_request", request_id=stored.id))
    return _page(form, status=status)


def _looks() -> list[tuple[str, str]]:
    by = require_actor()
    names = get_readable_names(by.scope.get_own_learner_id(), by.scope)
    lines = folded(each for each in list_askable(by) if names.name_of(each) is None)
    return [(str(entry.id), look_title(entry, names)) for entry, _times in lines]


def _page(form: NamesForm, *, status: int = 200) -> Response:
    looks = _looks()
    form.offer(looks)
    audit.saw([require_actor().scope.get_own_learner_id()], "requests.ask_names", folds=True)
    due_on = first_due_on(RequestKind.ACCESS, today())
    return page("requests/ask_names.html", form=form, looks=looks, due_on=due_on, status=status)
