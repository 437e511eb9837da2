"""What every feature brings, in one list: tables, addresses, jobs, commands, and the ports that lower rooms leave open.

Read by the app, the worker, the shell and the migrations alike; nothing is found by a glob over folders.
"""

from importlib import import_module
from types import ModuleType

import click
from flask import Blueprint

from portal.accounts import commands as account_commands, events as accounts_events, jobs as account_jobs
from portal.accounts import restored as restored_accounts
from portal.accounts.blueprint import blueprint as accounts
from portal.accounts.confidentiality import routes as confidentiality_routes
from portal.accounts.council import routes as council_routes
from portal.accounts.invitations import routes as invitation_routes
from portal.accounts.members import routes as member_routes
from portal.accounts.own_account import routes as own_account_routes
from portal.accounts.queries import list_kinds
from portal.accounts.second_factor import routes as second_factor_routes
from portal.accounts.sessions import routes as session_routes
from portal.accounts.sign_in import routes as sign_in_routes
from portal.accounts.sign_in.services import SIGN_IN_REFUSAL
from portal.assurance.blueprint import blueprint as assurance
from portal.assurance.figures import commands as evidence_commands, jobs as evidence_jobs, routes as evidence_routes
from portal.assurance.figures.presenters import present_public_figures
from portal.attendance import corrections as attendance_corrections, events as attendance_events
from portal.attendance import jobs as attendance_jobs, labels as attendance_labels
from portal.attendance.blueprint import blueprint as attendance
from portal.attendance.evidence import models as evidence_models
from portal.attendance.mark_notes import routes as mark_note_routes
from portal.attendance.mark_notes.merges import differing_notes, settle_notes
from portal.attendance.notices import routes as absence_routes
from portal.attendance.notices.merges import differing_notices, settle_notices
from portal.attendance.notices.presenters import absences_fact
from portal.attendance.open_registers import routes as open_register_routes
from portal.attendance.open_registers.queries import count_registers
from portal.attendance.registers import routes as register_routes
from portal.attendance.registers.merges import differing_marks, hanging_changes, settle_marks
from portal.attendance.registers.services import REGISTER_FOLLOWERS
from portal.contacts import events as contacts_events, jobs as contact_jobs, labels as contacts_labels
from portal.contacts.blueprint import blueprint as contacts
from portal.contacts.entries import CORRESPONDENCE
from portal.contacts.mailings import routes as mailing_routes
from portal.contacts.messages.services import HELD_FOR
from portal.contacts.people import routes as contact_routes
from portal.contacts.question_form import routes as question_form_routes
from portal.contacts.subscriptions import routes as subscription_routes
from portal.contacts.subscriptions.services import NEWS_AGAIN, is_closed, keep_no_of
from portal.core import commands as core_commands
from portal.core import mail, maintenance, submissions
from portal.core.audit import events as core_events, models as audit_models
from portal.core.audit.declarations import Area, declare
from portal.core.backups import commands as backup_commands
from portal.core.crypto import commands as key_commands
from portal.core.crypto import files, outbox
from portal.core.erasure import DERIVATIONS, KINDS_OF_ACCOUNT, SHARED, TRACES, Derivation
from portal.core.jobs import models as job_models
from portal.core.purposes import CLOSED_TO, CLOSED_TO_CONTACT
from portal.core.restores import commands as restore_commands
from portal.core.restores.erasures import ERASED_AGAIN
from portal.core.restores.ports import APPLIED_AGAIN, VOIDED
from portal.courses import events as courses_events, jobs as course_jobs
from portal.courses.blueprint import blueprint as courses
from portal.courses.catalogue import routes as catalogue_routes
from portal.courses.clashes.queries import LEARNERS_AT_ONCE
from portal.courses.copies import routes as copy_routes
from portal.courses.groups import routes as group_routes
from portal.courses.groups.places import PLACES_TAKEN
from portal.courses.holidays import routes as holiday_routes
from portal.courses.lessons import routes as lesson_routes
from portal.courses.lessons.followers import LESSON_FOLLOWERS
from portal.courses.lessons.registers import REGISTER_COUNTS
from portal.courses.replacements import routes as replacement_routes
from portal.courses.teachers import routes as teacher_routes
from portal.courses.terms import routes as term_routes
from portal.disclosures import events as disclosures_events, jobs as disclosure_jobs, labels as disclosures_labels
from portal.disclosures import queries as disclosure_queries, routes as disclosure_routes
from portal.disclosures.recipients.erasures import take_out_of_files
from portal.disclosures.recipients.new_versions import void_outdated
from portal.finances import labels as finances_labels
from portal.finances.entries import INVOICE_LINE, ORDER_LINE
from portal.hours import events as hours_events, jobs as hours_jobs, routes as hours_routes
from portal.hours.blueprint import blueprint as hours
from portal.hours.figures.services import count_later
from portal.hours.matrix import routes as matrix_routes
from portal.hours.presenters import attendance_fact
from portal.identity import events as identity_events, labels as identity_labels, models as identity_models
from portal.identity import routes as identity_routes
from portal.identity.documents import labels as document_labels
from portal.identity.entries import IDENTITY_DOCUMENT
from portal.imports import commands as import_commands, events as imports_events, jobs as import_jobs
from portal.imports import routes as import_routes
from portal.imports.blueprint import blueprint as imports
from portal.imports.results import routes as result_routes
from portal.imports.runs.erasures import take_out_of_runs
from portal.intakes import jobs as intake_jobs, labels as intakes_labels
from portal.intakes.applications import routes as application_routes
from portal.intakes.applications.queries import has_applied
from portal.intakes.blueprint import blueprint as intakes
from portal.intakes.entries import INTAKE
from portal.intakes.queries import learners_told_at_intake
from portal.learners import events as learners_events, jobs as learner_jobs
from portal.learners.blueprint import blueprint as learners
from portal.learners.caseloads import routes as caseload_routes
from portal.learners.caseloads.merges import differing_coaches, settle_coaches
from portal.learners.caseloads.presenters import coach_fact
from portal.learners.completeness import routes as completeness_routes
from portal.learners.conditions.queries import CONSENTS_IN_FORCE
from portal.learners.corrections import own_routes as own_correction_routes, routes as correction_routes
from portal.learners.corrections.kinds import CORRECTABLES
from portal.learners.corrections.merges import differing_proposals, settle_proposals
from portal.learners.corrections.services import BEFORE_CORRECTION
from portal.learners.enrolments import routes as enrolment_routes
from portal.learners.enrolments.places import count_places_taken
from portal.learners.enrolments.queries import learners_at_once
from portal.learners.entries import routes as entry_routes
from portal.learners.entries.followers import ENTRY_FOLLOWERS
from portal.learners.entries.kinds import ENTRY_KINDS, EntryKind
from portal.learners.entries.services import correctable
from portal.learners.group_changes import found_routes as found_change_routes
from portal.learners.group_changes import routes as group_change_routes
from portal.learners.invitations import routes as learner_invitation_routes
from portal.learners.lesson_notices.services import tell_later
from portal.learners.lists import routes as list_routes
from portal.learners.merges import routes as merge_routes
from portal.learners.merges.labels import HIGHER_ROW_LABELS
from portal.learners.merges.settlements import MERGE_SETTLEMENTS, MergeSettlement
from portal.learners.merges.undo import forget_merges
from portal.learners.notifications.services import ACTING_ACCOUNTS
from portal.learners.own_record import routes as own_record_routes
from portal.learners.record import routes as record_routes
from portal.learners.record.erasure import forget_traces
from portal.learners.record.presenters import REPRESENTATIVES, SUMMARY_FACTS
from portal.learners.search import routes as search_routes
from portal.learners.search.keys import found_by
from portal.learners.trajectories import queries as trajectory_queries
from portal.learners.trajectories.services import note_manager_gone
from portal.learners.trajectories.entries import TRAJECTORY
from portal.learners.trajectories.presenters import trajectory_fact
from portal.learners.waiting_list import routes as waiting_list_routes
from portal.learners.waiting_list.presenters import waiting_fact
from portal.notifications import events as notification_events
from portal.notifications import jobs as notification_jobs
from portal.notifications import restored as restored_notifications
from portal.notifications import routes as notification_routes
from portal.organisations import events as organisations_events
from portal.organisations import routes as organisation_routes
from portal.organisations.queries import BEFORE_ERASURE, REFERENCE_COUNTS, TRAJECTORY_COUNTS
from portal.oversight import events as oversight_events
from portal.oversight.access_reviews import routes as access_review_routes
from portal.oversight.blueprint import blueprint as oversight
from portal.oversight.incidents import commands as incident_commands
from portal.oversight.incidents import labels as incident_labels
from portal.oversight.incidents import one_routes as one_incident_routes
from portal.oversight.incidents import routes as incident_routes
from portal.overview import events as overview_events
from portal.overview.audit_log import routes as audit_log_routes
from portal.overview.blueprint import blueprint as overview
from portal.overview.calendar import routes as calendar_routes
from portal.overview.evaluations import routes as evaluation_paper_routes
from portal.overview.handovers import routes as handover_routes
from portal.overview.help import routes as help_routes
from portal.overview.my_data import routes as my_data_routes
from portal.overview.my_learners import routes as my_learners_routes
from portal.overview.my_lessons import routes as my_lessons_routes
from portal.overview.my_levels import routes as my_levels_routes
from portal.overview.notifications import routes as notification_page_routes
from portal.overview.school import routes as school_page_routes
from portal.overview.staff_data import routes as staff_data_routes
from portal.overview.start import routes as start_routes
from portal.overview.today import routes as today_routes
from portal.overview.weeks import routes as week_routes
from portal.policy import commands as policy_commands, events as policy_events, jobs as policy_jobs
from portal.policy import routes as policy_routes
from portal.policy.announcements import new_routes as new_version_routes
from portal.policy.announcements import routes as announcement_routes
from portal.policy.blueprint import blueprint as policy
from portal.policy.public_figures import PUBLIC_FIGURES
from portal.policy.versions.services import VERSION_FOLLOWERS
from portal.progress import corrections as progress_corrections
from portal.progress import events as progress_events
from portal.progress import jobs as progress_jobs
from portal.progress import labels as progress_labels
from portal.progress import routes as progress_routes
from portal.progress.appointments.entries import APPOINTMENT
from portal.progress.appointments.services import follow_entry
from portal.progress.assessments import routes as assessment_routes
from portal.progress.blueprint import blueprint as progress
from portal.progress.can_do import routes as can_do_routes
from portal.progress.evaluations import own_routes as own_evaluation_routes
from portal.progress.evaluations import routes as evaluation_routes
from portal.progress.evaluations.merges import differing_evaluations, settle_evaluations
from portal.progress.presenters import dealings_fact, levels_fact
from portal.purposes import events as purposes_events
from portal.purposes import jobs as purpose_jobs
from portal.purposes import labels as purposes_labels
from portal.purposes import restored as restored_purposes
from portal.purposes import routes as purpose_routes
from portal.purposes.blueprint import blueprint as purposes
from portal.purposes.coming_of_age import routes as coming_of_age_routes
from portal.purposes.consents.merges import foresee_consents, settle_consents
from portal.purposes.privacy_notices import routes as privacy_notice_routes
from portal.purposes.privacy_notices.queries import TOLD_ELSEWHERE
from portal.purposes.queries import consents_in_force, list_closed
from portal.purposes.renewals.services import lapse_consents
from portal.purposes.restrictions import models as restriction_models
from portal.representation import events as representation_events
from portal.representation import labels as representation_labels
from portal.representation import own_routes as own_representation_routes
from portal.representation import restored as restored_representation
from portal.representation import routes as representation_routes
from portal.representation.blueprint import blueprint as representation
from portal.representation.disputes import routes as dispute_routes
from portal.representation.disputes.services import must_agree_on_correction
from portal.representation.queries import list_acting_accounts, list_representatives
from portal.requests import events as request_events
from portal.requests.answers.certificates import CERTIFY
from portal.requests.answers.interim import is_asking, restrict_until_answered
from portal.requests.askers import routes as asker_routes
from portal.requests.askers.erasures import forget_numbers
from portal.requests.blueprint import blueprint as requests
from portal.requests.complaints import entry_routes as complaint_entry_routes
from portal.requests.complaints import labels as complaint_labels
from portal.requests.complaints import own_routes as own_complaint_routes
from portal.requests.complaints import public_routes as public_complaint_routes
from portal.requests.complaints import routes as complaint_routes
from portal.requests.complaints.entries import COMPLAINT
from portal.requests.copies import held_routes
from portal.requests.copies import jobs as data_copy_jobs
from portal.requests.copies import labels as data_copy_labels
from portal.requests.copies import routes as data_copy_routes
from portal.requests.copies.endings import forget_copies
from portal.requests.copies.services import begin_for
from portal.requests.data_requests import entry_routes as request_entry_routes
from portal.requests.data_requests import jobs as request_jobs
from portal.requests.data_requests import labels as request_labels
from portal.requests.data_requests import own_routes as own_request_routes
from portal.requests.data_requests import routes as request_routes
from portal.requests.data_requests.objections import begin_objection
from portal.requests.data_requests.services import FILED, IDENTIFIED
from portal.requests.documents import routes as document_routes
from portal.requests.log_names import routes as log_name_routes
from portal.requests.public_requests import routes as public_request_routes
from portal.retention import commands as retention_commands, events as retention_events
from portal.retention import jobs as retention_jobs, labels as retention_labels
from portal.retention.blueprint import blueprint as retention
from portal.retention.certificates import routes as certificate_routes
from portal.retention.certificates.services import certify_request
from portal.retention.forecast import routes as forecast_routes
from portal.retention.holds import routes as hold_routes
from portal.schools import commands as school_commands, events as schools_events, routes as school_routes
from portal.signals import events as signals_events, jobs as signal_jobs, labels as signals_labels
from portal.signals import routes as signal_routes
from portal.signals.merges import settle_signals
from portal.signals.presenters import signals_fact
from portal.signals.services import look_later
from portal.web.signed_in import why_shut_out

# The others are loaded with what stands below.
MODELS: tuple[ModuleType, ...] = (
    audit_models, job_models, mail, submissions, files, outbox, identity_models, evidence_models, restriction_models,
)  # fmt: skip

ROUTES: tuple[ModuleType, ...] = (
    school_routes, policy_routes, announcement_routes, new_version_routes, confidentiality_routes, council_routes,
    invitation_routes, member_routes, own_account_routes, second_factor_routes, session_routes, sign_in_routes,
    notification_routes, organisation_routes, catalogue_routes, copy_routes, group_routes, holiday_routes,
    lesson_routes, replacement_routes, teacher_routes, term_routes, search_routes, completeness_routes, list_routes,
    record_routes, own_record_routes, entry_routes, enrolment_routes, group_change_routes, found_change_routes,
    caseload_routes, waiting_list_routes, correction_routes, own_correction_routes, learner_invitation_routes,
    merge_routes, representation_routes, own_representation_routes, dispute_routes, purpose_routes,
    coming_of_age_routes, privacy_notice_routes, register_routes, open_register_routes, absence_routes,
    mark_note_routes, hours_routes, matrix_routes, progress_routes, assessment_routes, can_do_routes,
    evaluation_routes, own_evaluation_routes, signal_routes, disclosure_routes, complaint_routes,
    own_complaint_routes, request_routes, own_request_routes, log_name_routes, document_routes, data_copy_routes,
    held_routes, identity_routes, import_routes, result_routes, audit_log_routes, request_entry_routes,
    public_request_routes, asker_routes, calendar_routes, help_routes, evaluation_paper_routes, my_data_routes,
    my_learners_routes, my_lessons_routes, my_levels_routes, notification_page_routes, school_page_routes,
    staff_data_routes, start_routes, today_routes, handover_routes, week_routes, forecast_routes, hold_routes,
    evidence_routes, access_review_routes, incident_routes, one_incident_routes, contact_routes, question_form_routes,
    subscription_routes, mailing_routes, application_routes, complaint_entry_routes, public_complaint_routes,
    certificate_routes
)  # fmt: skip

BLUEPRINTS: tuple[Blueprint, ...] = (
    school_routes.blueprint, policy, accounts, notification_routes.blueprint, organisation_routes.blueprint, contacts,
    intakes, courses, learners, representation, purposes, attendance, hours, progress, signal_routes.blueprint,
    disclosure_routes.blueprint, identity_routes.blueprint, data_copy_routes.blueprint, requests, retention, imports,
    oversight, assurance, overview,
)  # fmt: skip

JOBS: tuple[ModuleType, ...] = (
    maintenance, mail, policy_jobs, account_jobs, notification_jobs, course_jobs, learner_jobs, purpose_jobs,
    attendance_jobs, progress_jobs, hours_jobs, signal_jobs, contact_jobs, disclosure_jobs, request_jobs, intake_jobs,
    data_copy_jobs, retention_jobs, import_jobs, evidence_jobs,
)  # fmt: skip

AREAS: tuple[Area, ...] = (
    *core_events.AREAS, accounts_events.AREA, attendance_events.AREA, courses_events.AREA, disclosures_events.AREA,
    hours_events.AREA, identity_events.AREA, imports_events.AREA, learners_events.AREA, notification_events.AREA,
    organisations_events.AREA, overview_events.AREA, policy_events.AREA, progress_events.AREA, purposes_events.AREA,
    representation_events.AREA, request_events.AREA, retention_events.AREA, schools_events.AREA, signals_events.AREA,
    oversight_events.AREA, contacts_events.AREA
)  # fmt: skip
"""What each feature writes in the audit, with its labels."""

ENTRIES: tuple[EntryKind, ...] = (
    TRAJECTORY, INTAKE, APPOINTMENT, INVOICE_LINE, ORDER_LINE, COMPLAINT, CORRESPONDENCE, IDENTITY_DOCUMENT
)  # fmt: skip
"""The kinds of entries of a record, in the order in which it shows them."""

COMMANDS: tuple[click.Command, ...] = (
    *school_commands.COMMANDS, *policy_commands.COMMANDS, *account_commands.COMMANDS, *import_commands.COMMANDS,
    *retention_commands.COMMANDS, *evidence_commands.COMMANDS, *incident_commands.COMMANDS, *core_commands.COMMANDS,
    *key_commands.COMMANDS, *backup_commands.COMMANDS, *restore_commands.COMMANDS,
)  # fmt: skip


def blueprints(*, demo: bool) -> list[Blueprint]:
    """Return every feature's addresses, with the demo's own page where this is one."""
    return [*BLUEPRINTS, *([import_module("portal.demo.routes").blueprint] if demo else [])]


def _connect_policy() -> None:
    VERSION_FOLLOWERS.connect(lapse_consents, void_outdated)
    CONSENTS_IN_FORCE.connect(consents_in_force)
    TOLD_ELSEWHERE.connect(learners_told_at_intake)
    PUBLIC_FIGURES.connect(present_public_figures)


def connect_ports() -> None:
    """Give lower rooms what they must have from higher ones; done once, when this module is imported."""
    _connect_policy()
    for area in AREAS:
        declare(area)
    DERIVATIONS.connect(Derivation("learner", found_by))
    TRACES.connect(forget_traces, forget_merges, forget_copies)
    CLOSED_TO.connect(list_closed)
    KINDS_OF_ACCOUNT.connect(list_kinds)
    VOIDED.connect(*restored_accounts.VOID, mail.VOID)
    APPLIED_AGAIN.connect(  # who is erased first needs nothing else but her no to news
        *NEWS_AGAIN, ERASED_AGAIN, *restored_purposes.AGAIN, *restored_representation.AGAIN, *restored_accounts.AGAIN,
        *restored_notifications.AGAIN,
    )  # fmt: skip
    SIGN_IN_REFUSAL.connect(why_shut_out)
    TRAJECTORY_COUNTS.connect(trajectory_queries.count_by_client)
    REFERENCE_COUNTS.connect(trajectory_queries.count_by_client, disclosure_queries.count_by_client)
    REGISTER_COUNTS.connect(count_registers)
    LEARNERS_AT_ONCE.connect(learners_at_once)
    PLACES_TAKEN.connect(count_places_taken)
    REGISTER_FOLLOWERS.connect(look_later, count_later)
    LESSON_FOLLOWERS.connect(tell_later)
    FILED.connect(begin_objection)
    IDENTIFIED.connect(restrict_until_answered, begin_for)
    ENTRY_KINDS.connect(*ENTRIES)
    ENTRY_FOLLOWERS.connect(follow_entry)
    CORRECTABLES.connect(
        *(correctable(kind) for kind in ENTRIES), *attendance_corrections.CORRECTABLES,
        *progress_corrections.CORRECTABLES,
    )  # fmt: skip
    BEFORE_CORRECTION.connect(must_agree_on_correction)
    REPRESENTATIVES.connect(list_representatives)
    ACTING_ACCOUNTS.connect(list_acting_accounts)
    SUMMARY_FACTS.connect(
        signals_fact, coach_fact, absences_fact, trajectory_fact, attendance_fact, dealings_fact, levels_fact,
        waiting_fact,
    )  # fmt: skip
    _connect_merges()


def _connect_merges() -> None:
    CERTIFY.connect(certify_request)
    SHARED.connect(take_out_of_files, take_out_of_runs, forget_numbers, mail.take_out_of_post)
    HELD_FOR.connect(is_asking, has_applied)
    BEFORE_ERASURE.connect(keep_no_of, note_manager_gone)
    CLOSED_TO_CONTACT.connect(is_closed)
    HIGHER_ROW_LABELS.connect(
        attendance_labels.ROW_LABELS, contacts_labels.ROW_LABELS, disclosures_labels.ROW_LABELS,
        finances_labels.ROW_LABELS, identity_labels.ROW_LABELS, document_labels.ROW_LABELS, intakes_labels.ROW_LABELS,
        progress_labels.ROW_LABELS, purposes_labels.ROW_LABELS, representation_labels.ROW_LABELS,
        complaint_labels.ROW_LABELS, data_copy_labels.ROW_LABELS, request_labels.ROW_LABELS,
        retention_labels.ROW_LABELS, signals_labels.ROW_LABELS, incident_labels.ROW_LABELS,
    )  # fmt: skip
    # What is contested in a mark goes to the mark that stays before two proposals for one are made one.
    MERGE_SETTLEMENTS.connect(
        MergeSettlement(settle_coaches, differences=differing_coaches),
        MergeSettlement(settle_consents, foresee=foresee_consents), MergeSettlement(settle_signals),
        MergeSettlement(settle_marks, differences=differing_marks, hanging=hanging_changes),
        MergeSettlement(settle_proposals, differences=differing_proposals),
        MergeSettlement(settle_notices, differences=differing_notices),
        MergeSettlement(settle_notes, differences=differing_notes),
        MergeSettlement(settle_evaluations, differences=differing_evaluations),
    )  # fmt: skip


connect_ports()
