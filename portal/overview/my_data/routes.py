"""Pages of a learner about what is held on her: all of it, who looked, who got it."""

from typing import Any

from flask import Response, request

from portal.core import audit
from portal.core.audit import queries as audit_queries
from portal.core.audit.declarations import learner_label, view_label
from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page
from portal.disclosures.queries import list_disclosures_of
from portal.disclosures.recipients.presenters import say_change
from portal.disclosures.recipients.queries import list_notices_of
from portal.learners.enrolments.labels import END_REASONS
from portal.learners.merges.queries import list_merged_ids
from portal.learners.waiting_list.labels import ENDS
from portal.overview.blueprint import blueprint, entry_before
from portal.overview.my_data.presenters import (
    by_who_looked,
    changed_labels,
    origin_label,
    present_categories,
    present_overview,
    who_did,
)
from portal.overview.my_data.queries import MyData, get_my_data, narrowed
from portal.permissions import Permission
from portal.policy.labels import RIGHTS, labels_in
from portal.policy.queries import current_policy
from portal.purposes.privacy_notices.labels import WAYS
from portal.purposes.privacy_notices.queries import list_notices
from portal.purposes.restrictions.presenters import present_restrictions
from portal.representation.labels import KINDS, PROOFS
from portal.requests.log_names.presenters import staff_line
from portal.requests.log_names.queries import get_readable_names
from portal.retention.labels import REASONS

PAGE_OF_ENTRIES = 50
_ALL = "alles"
PLACES = {
    "attendance": "overview.my_attendance",
    "level": "overview.my_levels",
    "exam": "overview.my_levels",
    "progress": "overview.my_levels",
    "consent": "purposes.mine",
    "account": "accounts.account",
    "activity": "accounts.sessions",
    "dealings": "overview.who_looked",
}
"""Where the values of a category stand that aren't on *Mijn gegevens* itself."""


@blueprint.get("/mijn/gegevens")
@requires(Permission.RECORD_OWN)
def my_data() -> Response:
    """Show what is held, a line a subject."""
    data, scope = _seen_data(), require_actor().scope
    restrictions = present_restrictions(scope.get_own_learner_id(), scope) if "dealings" in scope.sees else None
    notices = list_notices(scope.get_own_learner_id(), scope) if "dealings" in scope.sees else []
    return page(
        "overview/my_data.html",
        data=data,
        overview=present_overview(data),
        restrictions=restrictions,
        notices=notices,
        ways=WAYS,
        hold_reasons=REASONS,
    )


def _seen_data() -> MyData:
    scope = require_actor().scope
    data = get_my_data(scope)
    audit.saw([scope.get_own_learner_id()], "overview.my_data")
    return data


@blueprint.get("/mijn/gegevens/<subject>")
@requires(Permission.RECORD_OWN)
def my_subject(subject: str) -> Response:
    """Show every stored field of a subject, or of all, with where it is from, why, who sees and got it, until when."""
    data = _seen_data()
    title = _("Alles op één pagina")
    if subject != _ALL:
        data = narrowed(data, subject)
        title = data.about[subject].face.title
    return page(
        "overview/my_subject.html",
        title=title,
        data=data,
        categories=present_categories(data),
        places=PLACES,
        representative_kinds=KINDS,
        proofs=PROOFS,
        origin_label=origin_label,
        end_reasons=END_REASONS,
        waiting_ends=ENDS,
        today=today(),
        policy=current_policy(),
    )


_SAID_OF_ENTRIES: dict[str, Any] = {
    "who_did": who_did,
    "staff_line": staff_line,
    "view_label": view_label,
    "learner_label": learner_label,
    "changed_labels": changed_labels,
}


@blueprint.get("/mijn/wie-keek")
@requires(Permission.RECORD_OWN)
def who_looked() -> Response:
    """Show who looked at the own data and who changed it: role or name, why, what and when; own looks stand apart."""
    learner_id, scope = require_actor().scope.get_own_learner_id(), require_actor().scope
    scope.must_see("dealings")
    merged = list_merged_ids(learner_id, scope)
    audit.saw([learner_id], "overview.who_looked", folds=True)
    entries = audit_queries.list_of_learner(
        learner_id, also=merged, own_looks=False, limit=PAGE_OF_ENTRIES, before=entry_before(), with_changes=True
    )
    names = get_readable_names(learner_id, scope)
    is_first = "voor" not in request.args
    looks = audit_queries.list_of_learner(learner_id, also=merged, own_looks=True, limit=PAGE_OF_ENTRIES)
    return page(
        "overview/who_looked.html",
        entries=entries,
        others=audit_queries.folded(entries),
        looks=by_who_looked(looks, require_actor(), names) if is_first else [],
        names=names,
        **_SAID_OF_ENTRIES,
        expired_until=audit_queries.expired_until(),
        more=len(entries) == PAGE_OF_ENTRIES,
    )


@blueprint.get("/mijn/wie-kreeg")
@requires(Permission.RECORD_OWN)
def who_got() -> Response:
    """Show which recipients got the own data: which fields, why and when."""
    learner_id, scope = require_actor().scope.get_own_learner_id(), require_actor().scope
    scope.must_see("dealings")
    audit.saw([learner_id], "overview.who_got", folds=True)
    return page(
        "overview/who_got.html",
        disclosures=list_disclosures_of(learner_id, scope),
        heard=list_notices_of(learner_id, scope),
        say_change=say_change,
        policy=current_policy(),
        field_labels=labels_in,
        rights=RIGHTS,
    )
