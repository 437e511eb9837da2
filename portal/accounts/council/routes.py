"""The page where management records what the works council said of counting and reminding staff, and of naming them."""

from dataclasses import dataclass

from flask import Response, flash, url_for
from flask_babel import LazyString
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import blueprint
from portal.accounts.council.forms import COUNCIL_ANSWERS, CouncilForm
from portal.accounts.council.models import CouncilAnswer, CouncilSubject
from portal.accounts.council.queries import list_council_decisions
from portal.accounts.council.services import record_council_decision
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _, _l
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class _Subject:
    """A subject on the page: at which address it is recorded, and under which heading."""

    subject: CouncilSubject
    endpoint: str
    title: LazyString


_SUBJECTS = (
    _Subject(CouncilSubject.MONITORING, "accounts.record_council", _l("Herinneren en tellen per docent")),
    _Subject(CouncilSubject.NAMES, "accounts.record_council_on_names", _l("De naam van wie keek")),
)


@blueprint.get("/instellingen/ondernemingsraad")
@requires(Permission.SCHOOL_SET)
def council() -> Response:
    """Show what was recorded, and why it matters."""
    return _page()


@blueprint.post("/instellingen/ondernemingsraad")
@requires(Permission.SCHOOL_SET)
def record_council() -> BaseResponse:
    """Record what the works council said of reminders and counts by teacher."""
    return _record(CouncilSubject.MONITORING)


@blueprint.post("/instellingen/ondernemingsraad/namen")
@requires(Permission.SCHOOL_SET)
def record_council_on_names() -> BaseResponse:
    """Record what the works council said of naming staff who looked."""
    return _record(CouncilSubject.NAMES)


def _record(subject: CouncilSubject) -> BaseResponse:
    form = CouncilForm(prefix=_prefix(subject))
    if not form.validate():
        return _page(subject, form)
    try:
        record_council_decision(
            subject,
            CouncilAnswer(form.answer.data),
            decided_on=form.decided_on.data,
            reference=form.reference.data,
            by=require_actor(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(subject, form)
    flash(_("Opgeslagen."), "good")
    return see_other(url_for("accounts.council"))


def _prefix(subject: CouncilSubject) -> str:
    """Return what the names of a subject's fields begin with, so that both forms stand on one page."""
    return "" if subject is CouncilSubject.MONITORING else f"{subject.value}-"


def _form(subject: CouncilSubject) -> CouncilForm:
    newest = next(iter(list_council_decisions(subject)), None)
    data = None if newest else {"answer": CouncilAnswer.NOT_YET.value}
    return CouncilForm(obj=newest, data=data, prefix=_prefix(subject))


def _page(refused: CouncilSubject | None = None, form: CouncilForm | None = None) -> Response:
    """Return the page; with the form that was refused as it was filled in."""
    return page(
        "accounts/council.html",
        subjects=_SUBJECTS,
        forms={each.subject: form if each.subject is refused else _form(each.subject) for each in _SUBJECTS},
        decisions={each.subject: list_council_decisions(each.subject) for each in _SUBJECTS},
        labels={choice.value: choice.label for choice in COUNCIL_ANSWERS},
        names_asked=current_policy().audit.looks == "name",
        status=422 if refused is not None else 200,
    )
