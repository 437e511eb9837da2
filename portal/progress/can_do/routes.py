"""The page on which a school changes its statements of what somebody at a level can do."""

from itertools import groupby
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _, _n
from portal.core.http.pages import page, see_other, see_saved
from portal.permissions import Permission
from portal.progress.blueprint import blueprint
from portal.progress.can_do.forms import StatementForm, TextForm
from portal.progress.can_do.models import CanDoStatement
from portal.progress.can_do.queries import find_statement, list_statements
from portal.progress.can_do.services import add_statement, change_statement, retire_statement, take_defaults
from portal.progress.labels import WORDS
from portal.progress.models import Rung, Skill
from portal.progress.services import must_be_kept


def _show(form: StatementForm | None = None, wrong: tuple[UUID, TextForm] | None = None, status: int = 200) -> Response:
    must_be_kept("levels")
    statements = list_statements()
    found = groupby(statements, key=lambda each: (each.skill, each.level))
    refused = next((each for each in statements if wrong is not None and each.id == wrong[0]), None)
    return page(
        "progress/statements.html",
        groups=[(_place(*key), WORDS[key[0]], key[1].value, list(each)) for key, each in found],
        form=form or StatementForm(formdata=None),
        wrong=dict([wrong] if wrong else []),
        open_at=_place(refused.skill, refused.level) if refused else "",
        status=status,
    )


def _place(skill: Skill, level: Rung) -> str:
    """Return the id of the part of the page on which the statements of a skill and level stand."""
    return f"{skill.value}-{level.name.lower().replace('_', '-')}"


def _see(statement: CanDoStatement, said: str) -> BaseResponse:
    return see_saved(url_for("progress.statements"), place=_place(statement.skill, statement.level), said=said)


@blueprint.get("/niveau/zinnen")
@requires(Permission.STATEMENT_KEEP)
def statements() -> Response:
    """Show the school's statements, by skill and level."""
    return _show()


@blueprint.post("/niveau/zinnen")
@requires(Permission.STATEMENT_KEEP)
@creates
def store_statement() -> BaseResponse:
    """Add a statement."""
    form = StatementForm()
    if not form.validate_on_submit():
        return _show(form, status=422)
    stored = add_statement(Skill(form.skill.data), Rung(form.level.data), form.text.data or "", by=require_actor())
    return _see(stored, _("Opgeslagen."))


@blueprint.post("/niveau/zinnen/overnemen")
@requires(Permission.STATEMENT_KEEP)
@creates
def take_statements() -> BaseResponse:
    """Begin with the statements that the portal offers."""
    if Form().validate_on_submit():
        count = take_defaults(by=require_actor())
        flash(_n("%(num)s zin overgenomen.", "%(num)s zinnen overgenomen.", count), "good")
    return see_other(url_for("progress.statements"))


@blueprint.post("/niveau/zinnen/<uuid:can_do_statement_id>")
@requires(Permission.STATEMENT_KEEP)
def store_statement_text(can_do_statement_id: UUID) -> BaseResponse:
    """Say a statement in other words."""
    if find_statement(can_do_statement_id) is None:
        raise NotFound("can_do_statement")
    form = TextForm()
    if not form.validate_on_submit():
        return _show(wrong=(can_do_statement_id, form), status=422)
    stored = change_statement(can_do_statement_id, form.text.data or "", by=require_actor())
    return _see(stored, _("Opgeslagen."))


@blueprint.post("/niveau/zinnen/<uuid:can_do_statement_id>/weg")
@requires(Permission.STATEMENT_KEEP)
def remove_statement(can_do_statement_id: UUID) -> BaseResponse:
    """Ask a statement no more."""
    Form().validate_on_submit()
    retire_statement(can_do_statement_id, by=require_actor())
    flash(_("De zin is weg. Wat er al bij is ingevuld, blijft bewaard."), "good")
    return see_other(url_for("progress.statements"))
