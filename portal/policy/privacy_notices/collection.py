"""Forms that collect personal data: each shows the statement in force, and the version that it showed is kept (LB-01).

An address is declared beside its access: `@collects` where somebody fills in her own, `@collects_of_others` where she
writes down another's. A form of the first kind is noted under her account once it was stored; a version counts once.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, current_app, request

from portal.core.http.access import current_actor, require_actor
from portal.core.http.languages import language
from portal.policy.privacy_notices.services import note_given

F = TypeVar("F", bound=Callable[..., Any])
FIELD = "statement_version"
_OWN, _OF_OTHERS = "own", "others"


def collects(view: F) -> F:
    """Declare under an address that its form takes data of who fills it in."""
    view.__dict__["collects"] = _OWN
    return view


def collects_of_others(view: F) -> F:
    """Declare under an address that its form takes data of somebody else than who fills it in."""
    view.__dict__["collects"] = _OF_OTHERS
    return view


def is_collecting(app: Flask, endpoint: str) -> bool:
    """Say whether the form of an endpoint takes personal data."""
    return "collects" in app.view_functions[endpoint].__dict__


def note_collected(response: Response) -> None:
    """Note of who stored something of her own by the form in hand which version of the statement it showed."""
    actor = current_actor()
    if request.method != "POST" or response.status_code >= 400 or actor is None or actor.account_id is None:
        return
    if request.endpoint is None:  # sent on to the address without its double slashes
        return
    if current_app.view_functions[request.endpoint].__dict__.get("collects") == _OWN:
        note_collected_of(actor.account_id)


def note_collected_of(account_id: UUID) -> None:
    """Note the same of who wasn't signed in yet when she filled in the form in hand."""
    note_given(request.form.get(FIELD, ""), form=str(request.endpoint), account_id=account_id, language=language())


def note_collected_by_contact(contact_person_id: UUID) -> None:
    """Note of who has no account, and became a contact by the form in hand, which version it showed."""
    version, form = request.form.get(FIELD, ""), str(request.endpoint)
    note_given(version, form=form, contact_person_id=contact_person_id, language=language())


def note_collected_with(learner_id: UUID) -> None:
    """Note of a learner who told her data herself, and was pointed to the statement, which version the form showed."""
    by = require_actor()
    version = request.form.get(FIELD, "")
    note_given(version, form=str(request.endpoint), learner_id=learner_id, language=language(), by=by)
