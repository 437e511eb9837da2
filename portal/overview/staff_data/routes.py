"""The page on which a member of staff reads what is held of her and what is logged of her work, and takes it along."""

from flask import Response, request

from portal.core import audit
from portal.core.audit.queries import expired_until
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.pages import page
from portal.overview.audit_log.presenters import WORDING
from portal.overview.blueprint import blueprint, entry_before
from portal.overview.staff_data.labels import signed_title
from portal.overview.staff_data.presenters import held_tables, staff_file
from portal.overview.staff_data.queries import account_of, list_own_log, list_own_rows, list_signed_rows
from portal.permissions import Permission
from portal.policy.presenters import texts_of
from portal.policy.queries import current_policy

_PAGE = 50
_ALL = 100_000


@blueprint.get("/mijn/bewaard")
@requires(Permission.TODAY_VIEW)
def staff_data() -> Response:
    """Show what is held of who is signed in, until when, and what is logged of her: without names of others."""
    by, policy = require_actor(), current_policy()
    entries = list_own_log(by, limit=_PAGE, before=entry_before())
    return page(
        "overview/staff_data.html",
        tables=held_tables(list_own_rows(by), account_of(by)) if "voor" not in request.args else [],
        signed=list_signed_rows(by) if "voor" not in request.args else [],
        title_of=signed_title,
        entries=entries,
        is_first="voor" not in request.args,
        more=len(entries) == _PAGE,
        say=WORDING,
        expired_until=expired_until(),
        form=Form(),
        policy=policy,
        **texts_of(policy),
    )


@blueprint.post("/mijn/bewaard/ophalen")
@requires(Permission.TODAY_VIEW)
@freshly()
def take_staff_data() -> Response:
    """Give all of it as a file, to who gave her password just now (AVG art. 15(3))."""
    by = require_actor()
    entries = list_own_log(by, limit=_ALL)
    content = staff_file(list_own_rows(by), list_signed_rows(by), entries, name=by.name)
    audit.record("overview.staff_data_taken", subject=("account", account_of(by)))
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return response
