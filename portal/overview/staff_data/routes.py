"""The page on which a member of staff reads what is held of her and what is logged of her work."""

from flask import Response, request

from portal.core.audit.queries import expired_until
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.overview.audit_log.presenters import WORDING
from portal.overview.blueprint import blueprint, entry_before
from portal.overview.staff_data.presenters import held_tables, told_once
from portal.overview.staff_data.queries import account_of, list_own_holds, list_own_log
from portal.permissions import Permission
from portal.policy.presenters import texts_of
from portal.policy.queries import current_policy
from portal.requests.copies.contents.rows import list_rows
from portal.requests.copies.contents.signed import list_signed_rows
from portal.requests.copies.contents.subjects import staff_subject
from portal.requests.copies.contents.titles import signed_title
from portal.retention.labels import REASONS

_PAGE = 50


@blueprint.get("/mijn/bewaard")
@requires(Permission.TODAY_VIEW)
def staff_data() -> Response:
    """Show what is held of who is signed in, until when, and what is logged of her: without names of others."""
    by, policy = require_actor(), current_policy()
    is_first, hers = "voor" not in request.args, staff_subject(account_of(by))
    entries = list_own_log(by, limit=_PAGE, before=entry_before())
    return page(
        "overview/staff_data.html",
        holds=list_own_holds(by) if is_first else [],
        hold_reasons=REASONS,
        tables=held_tables(list_rows(hers), hers.id) if is_first else [],
        signed=list_signed_rows(hers) if is_first else [],
        title_of=signed_title,
        entries=entries,
        deeds=told_once(entries),
        is_first=is_first,
        more=len(entries) == _PAGE,
        say=WORDING,
        expired_until=expired_until(),
        policy=policy,
        **texts_of(policy),
    )
