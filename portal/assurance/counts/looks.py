"""Counts of looks at people's data: with a role that opens what was seen, and after accepting confidentiality."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import and_, exists, func, select

from portal.accounts.models import Account, ConfidentialityAcceptance
from portal.assurance.figures.keys import Count
from portal.core.audit.models import AuditEvent
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.permissions import Permission, Role, roles_with
from portal.policy.schema import Policy

_LOOK = "record.viewed"
_BY_STAFF = and_(AuditEvent.event == _LOOK, AuditEvent.actor_kind == "staff")

_BY_PERMISSION: Mapping[Permission, str] = {
    Permission.NOTIFICATION_OWN: "overview.notifications",
    Permission.RECORD_OWN: (
        "attendance.own_evidence attendance.own_notice learners.own_corrections learners.own_entry "
        "learners.own_field overview.evaluation_as_pdf overview.my_attendance overview.my_data "
        "overview.my_lessons overview.my_levels overview.who_got overview.who_looked "
        "progress.joint_evaluation purposes.confirm purposes.followed purposes.mine "
        "representation.choose_whom representation.disagreements representation.mine requests.ask_names"
    ),
    Permission.REGISTER_KEEP: "attendance.changes attendance.evidence attendance.mark_note attendance.register",
    Permission.LEARNER_VIEW: (
        "hours.matrix learners.entries learners.group learners.history learners.list learners.record learners.search"
    ),
    Permission.LEARNER_KEEP: (
        "identity.picture learners.duplicates learners.enrolment learners.entries learners.group "
        "learners.incomplete learners.record learners.search learners.waiting learners.waiting_list"
    ),
    Permission.LEARNER_MERGE: "learners.list learners.merge_preview learners.merge_undo_preview",
    Permission.MEMBER_KEEP: "accounts.member",
    Permission.CONTACT_VIEW: "contacts.person",
    Permission.CONTACT_KEEP: "contacts.person",
    Permission.CONTACT_ERASE: "contacts.person",
    Permission.CASELOAD_OWN: "overview.my_learners",
    Permission.CASELOAD_KEEP: "learners.list learners.record",
    Permission.BSN_REVEAL: "learners.corrections",
    Permission.CORRECTION_VIEW: "learners.corrections",
    Permission.CORRECTION_DECIDE: "learners.corrections",
    Permission.PROGRESS_VIEW: "overview.evaluation_as_pdf progress.group progress.joint_evaluation progress.learner",
    Permission.PROGRESS_KEEP: "progress.group progress.joint_evaluation progress.learner",
    Permission.FIGURES_VIEW: "hours.group_figures hours.learner_figures hours.matrix",
    Permission.SIGNAL_VIEW: "signals.list signals.one",
    Permission.SIGNAL_ANSWER: "signals.one",
    Permission.IMPORT_RUN: "imports.preview",
    Permission.RESULT_IMPORT: "imports.results",
    Permission.FILE_MAKE: "disclosures.notices disclosures.preview",
    Permission.CONSENT_VIEW: "purposes.untold",
    Permission.NOTICE_SEND: "purposes.untold",
    Permission.LEARNER_INVITE: "learners.invitable_seen overview.lost_addresses representation.access_seen",
    Permission.COMPLAINT_KEEP: (
        "requests.choose_complainant requests.choose_person requests.complaint requests.complaint_entered "
        "requests.complaints"
    ),
    Permission.REQUEST_OWN: (
        "requests.asked requests.my_complaint requests.my_request requests.my_rights requests.own_copy"
    ),
    Permission.REQUEST_ENTER: (
        "purposes.children representation.dispute requests.choose_asker requests.complaint_entered requests.entered"
    ),
    Permission.REQUEST_VIEW: (
        "requests.desk requests.handle requests.restriction requests.restriction_used requests.restrictions"
    ),
    Permission.REQUEST_ADVISE: "requests.handle",
    Permission.REQUEST_KEEP: (
        "identity.picture requests.choose_person requests.copy_passages requests.correct requests.handle requests.held "
        "requests.restriction requests.restriction_used"
    ),
    Permission.RETENTION_KEEP: "retention.holds retention.invoices retention.people",
    Permission.AUDIT_VIEW: "overview.audit_log",
    Permission.INCIDENT_VIEW: "oversight.incident",
    Permission.INCIDENT_ADVISE: "oversight.incident",
    Permission.INCIDENT_KEEP: "oversight.choose_touched oversight.incident",
}
"""Each permission with the views that an address notes which asks it. A test reads the same from the code."""


@cache
def opened_by() -> Mapping[str, frozenset[Permission]]:
    """Return by which permissions each view opens, one of them being enough."""
    names = {view for views in _BY_PERMISSION.values() for view in views.split()}
    return {name: frozenset(each for each, views in _BY_PERMISSION.items() if name in views.split()) for name in names}


@cache
def roles_that_open(view: str) -> frozenset[Role]:
    """Return the roles that open a view; of a name that isn't in use any more those that open any."""
    permissions = opened_by().get(view, frozenset(_BY_PERMISSION))
    return frozenset(role for each in permissions for role in roles_with(each))


def count_looks_by_role(_policy: Policy, _subject: str) -> Count:
    """Return how often whoever looked at data of a person had a role that opens what she saw (LB-06)."""
    view = AuditEvent.facts["what"].astext
    rows = session.execute(
        select(view.label("view"), AuditEvent.actor_roles.label("roles"), func.count().label("looks"))
        .where(AuditEvent.school_id == current_school_id(), _BY_STAFF)
        .group_by(view, AuditEvent.actor_roles)
    ).all()
    good = sum(row.looks for row in rows if not roles_that_open(row.view or "").isdisjoint(row.roles))
    return Count(good, sum(row.looks for row in rows))


def count_accepted_duties(_policy: Policy, _subject: str) -> Count:
    """Return how many of those who looked at a learner's data accepted the duty of confidentiality first (LB-07)."""
    looked = (
        select(AuditEvent.actor_id, func.min(AuditEvent.at).label("first"))
        .where(AuditEvent.school_id == current_school_id(), _BY_STAFF, AuditEvent.actor_id.is_not(None))
        .group_by(AuditEvent.actor_id)
        .subquery()
    )
    accepted = exists().where(
        ConfidentialityAcceptance.school_id == current_school_id(),
        ConfidentialityAcceptance.account_id == looked.c.actor_id,
        ConfidentialityAcceptance.accepted_at <= looked.c.first,
    )
    known = exists().where(Account.school_id == current_school_id(), Account.id == looked.c.actor_id)
    row = session.execute(select(func.count().filter(accepted), func.count()).select_from(looked).where(known)).one()
    return Count(row[0], row[1])
