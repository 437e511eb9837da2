"""What every feature brings, in one list: tables, addresses, jobs, commands, events.

Read by the app, the worker, the shell and the migrations alike; nothing is found by a glob over folders. Importing it
connects the ports (`portal/ports.py`), so that whatever runs has them.
"""

from importlib import import_module
from types import ModuleType

import click
from flask import Blueprint

from portal.accounts import commands as account_commands
from portal.accounts import events as accounts_events
from portal.accounts import jobs as account_jobs
from portal.accounts.blueprint import blueprint as accounts
from portal.accounts.confidentiality import routes as confidentiality_routes
from portal.accounts.council import routes as council_routes
from portal.accounts.invitations import routes as invitation_routes
from portal.accounts.members import routes as member_routes
from portal.accounts.own_account import routes as own_account_routes
from portal.accounts.passkeys import routes as passkey_routes
from portal.accounts.passkeys import sign_in_routes as passkey_sign_in_routes
from portal.accounts.second_factor import routes as second_factor_routes
from portal.accounts.sessions import routes as session_routes
from portal.accounts.sign_in import routes as sign_in_routes
from portal.assurance.blueprint import blueprint as assurance
from portal.assurance.figures import commands as evidence_commands
from portal.assurance.figures import jobs as evidence_jobs
from portal.assurance.figures import routes as evidence_routes
from portal.attendance import events as attendance_events
from portal.attendance import jobs as attendance_jobs
from portal.attendance.blueprint import blueprint as attendance
from portal.attendance.evidence import models as evidence_models
from portal.attendance.evidence import routes as lesson_evidence_routes
from portal.attendance.mark_notes import routes as mark_note_routes
from portal.attendance.notices import routes as absence_routes
from portal.attendance.open_registers import routes as open_register_routes
from portal.attendance.registers import routes as register_routes
from portal.contacts import events as contacts_events
from portal.contacts import jobs as contact_jobs
from portal.contacts.blueprint import blueprint as contacts
from portal.contacts.mailings import routes as mailing_routes
from portal.contacts.people import routes as contact_routes
from portal.contacts.question_form import routes as question_form_routes
from portal.contacts.subscriptions import routes as subscription_routes
from portal.core import commands as core_commands
from portal.core import mail, maintenance, submissions
from portal.core.alarms import commands as alarm_commands
from portal.core.audit import events as core_events
from portal.core.audit import models as audit_models
from portal.core.audit.declarations import Area, declare
from portal.core.backups import commands as backup_commands
from portal.core.crypto import commands as key_commands
from portal.core.crypto import files, outbox
from portal.core.jobs import models as job_models
from portal.core.restores import commands as restore_commands
from portal.courses import events as courses_events
from portal.courses import jobs as course_jobs
from portal.courses.blueprint import blueprint as courses
from portal.courses.catalogue import routes as catalogue_routes
from portal.courses.copies import routes as copy_routes
from portal.courses.groups import routes as group_routes
from portal.courses.holidays import routes as holiday_routes
from portal.courses.lessons import routes as lesson_routes
from portal.courses.replacements import routes as replacement_routes
from portal.courses.teachers import routes as teacher_routes
from portal.courses.terms import routes as term_routes
from portal.disclosures import events as disclosures_events
from portal.disclosures import jobs as disclosure_jobs
from portal.disclosures import routes as disclosure_routes
from portal.hours import events as hours_events
from portal.hours import jobs as hours_jobs
from portal.hours import routes as hours_routes
from portal.hours.blueprint import blueprint as hours
from portal.hours.matrix import routes as matrix_routes
from portal.identity import events as identity_events
from portal.identity import models as identity_models
from portal.identity import routes as identity_routes
from portal.imports import commands as import_commands
from portal.imports import events as imports_events
from portal.imports import jobs as import_jobs
from portal.imports import routes as import_routes
from portal.imports.blueprint import blueprint as imports
from portal.imports.results import routes as result_routes
from portal.intakes.applications import routes as application_routes
from portal.intakes.blueprint import blueprint as intakes
from portal.learners import events as learners_events
from portal.learners import jobs as learner_jobs
from portal.learners.blueprint import blueprint as learners
from portal.learners.caseloads import routes as caseload_routes
from portal.learners.completeness import routes as completeness_routes
from portal.learners.corrections import own_routes as own_correction_routes
from portal.learners.corrections import routes as correction_routes
from portal.learners.enrolments import routes as enrolment_routes
from portal.learners.entries import routes as entry_routes
from portal.learners.group_changes import found_routes as found_change_routes
from portal.learners.group_changes import routes as group_change_routes
from portal.learners.invitations import routes as learner_invitation_routes
from portal.learners.lists import routes as list_routes
from portal.learners.merges import routes as merge_routes
from portal.learners.own_record import routes as own_record_routes
from portal.learners.record import routes as record_routes
from portal.learners.search import routes as search_routes
from portal.learners.waiting_list import routes as waiting_list_routes
from portal.notifications import events as notification_events
from portal.notifications import jobs as notification_jobs
from portal.notifications import routes as notification_routes
from portal.organisations import events as organisations_events
from portal.organisations import routes as organisation_routes
from portal.oversight import events as oversight_events
from portal.oversight.access_reviews import routes as access_review_routes
from portal.oversight.blueprint import blueprint as oversight
from portal.oversight.hosting import commands as hosting_commands
from portal.oversight.impact_assessments import routes as impact_assessment_routes
from portal.oversight.incidents import commands as incident_commands
from portal.oversight.incidents import one_routes as one_incident_routes
from portal.oversight.incidents import routes as incident_routes
from portal.overview import events as overview_events
from portal.overview.audit_log import routes as audit_log_routes
from portal.overview.blueprint import blueprint as overview
from portal.overview.calendar import routes as calendar_routes
from portal.overview.evaluations import routes as evaluation_paper_routes
from portal.overview.handovers import routes as handover_routes
from portal.overview.help import routes as help_routes
from portal.overview.lost_addresses import routes as lost_address_routes
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
from portal.policy import commands as policy_commands
from portal.policy import events as policy_events
from portal.policy import jobs as policy_jobs
from portal.policy import routes as policy_routes
from portal.policy.announcements import new_routes as new_version_routes
from portal.policy.announcements import routes as announcement_routes
from portal.policy.blueprint import blueprint as policy
from portal.ports import connect_ports
from portal.progress import events as progress_events
from portal.progress import jobs as progress_jobs
from portal.progress import routes as progress_routes
from portal.progress.assessments import routes as assessment_routes
from portal.progress.blueprint import blueprint as progress
from portal.progress.can_do import routes as can_do_routes
from portal.progress.evaluations import own_routes as own_evaluation_routes
from portal.progress.evaluations import routes as evaluation_routes
from portal.purposes import events as purposes_events
from portal.purposes import jobs as purpose_jobs
from portal.purposes import routes as purpose_routes
from portal.purposes.blueprint import blueprint as purposes
from portal.purposes.coming_of_age import routes as coming_of_age_routes
from portal.purposes.privacy_notices import routes as privacy_notice_routes
from portal.purposes.restrictions import models as restriction_models
from portal.representation import events as representation_events
from portal.representation import own_routes as own_representation_routes
from portal.representation import routes as representation_routes
from portal.representation.blueprint import blueprint as representation
from portal.representation.disputes import routes as dispute_routes
from portal.requests import events as request_events
from portal.requests.askers import representative_routes
from portal.requests.askers import routes as asker_routes
from portal.requests.blueprint import blueprint as requests
from portal.requests.complaints import entry_routes as complaint_entry_routes
from portal.requests.complaints import jobs as complaint_jobs
from portal.requests.complaints import own_routes as own_complaint_routes
from portal.requests.complaints import public_routes as public_complaint_routes
from portal.requests.complaints import routes as complaint_routes
from portal.requests.copies import held_routes
from portal.requests.copies import jobs as data_copy_jobs
from portal.requests.copies import routes as data_copy_routes
from portal.requests.corrections import entry_routes as requested_entry_routes
from portal.requests.corrections import routes as requested_correction_routes
from portal.requests.data_requests import entry_routes as request_entry_routes
from portal.requests.data_requests import jobs as request_jobs
from portal.requests.data_requests import letter_routes as request_letter_routes
from portal.requests.data_requests import own_routes as own_request_routes
from portal.requests.data_requests import routes as request_routes
from portal.requests.documents import routes as document_routes
from portal.requests.log_names import routes as log_name_routes
from portal.requests.public_requests import routes as public_request_routes
from portal.requests.restrictions import routes as restriction_routes
from portal.retention import commands as retention_commands
from portal.retention import events as retention_events
from portal.retention import jobs as retention_jobs
from portal.retention.blueprint import blueprint as retention
from portal.retention.certificates import routes as certificate_routes
from portal.retention.forecast import routes as forecast_routes
from portal.retention.holds import routes as hold_routes
from portal.retention.invoices import routes as invoice_routes
from portal.schools import commands as school_commands
from portal.schools import events as schools_events
from portal.schools import routes as school_routes
from portal.schools.departures import commands as departure_commands
from portal.signals import events as signals_events
from portal.signals import jobs as signal_jobs
from portal.signals import routes as signal_routes

# The others are loaded with what stands below.
MODELS: tuple[ModuleType, ...] = (
    audit_models, job_models, mail, submissions, files, outbox, identity_models, evidence_models, restriction_models,
)  # fmt: skip

ROUTES: tuple[ModuleType, ...] = (
    school_routes, policy_routes, announcement_routes, new_version_routes, confidentiality_routes, council_routes,
    invitation_routes, member_routes, own_account_routes, passkey_routes, passkey_sign_in_routes,
    second_factor_routes, session_routes, sign_in_routes,
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
    public_request_routes, restriction_routes, asker_routes, representative_routes, calendar_routes, help_routes,
    evaluation_paper_routes,
    my_data_routes, my_learners_routes, my_lessons_routes, my_levels_routes, notification_page_routes,
    staff_data_routes, start_routes, today_routes, handover_routes, week_routes, forecast_routes, hold_routes,
    school_page_routes, invoice_routes, lost_address_routes,
    evidence_routes, access_review_routes, incident_routes, one_incident_routes, contact_routes, question_form_routes,
    subscription_routes, mailing_routes, application_routes, complaint_entry_routes, public_complaint_routes,
    certificate_routes, lesson_evidence_routes, impact_assessment_routes, requested_correction_routes,
    requested_entry_routes, request_letter_routes,
)  # fmt: skip

BLUEPRINTS: tuple[Blueprint, ...] = (
    school_routes.blueprint, policy, accounts, notification_routes.blueprint, organisation_routes.blueprint, contacts,
    intakes, courses, learners, representation, purposes, attendance, hours, progress, signal_routes.blueprint,
    disclosure_routes.blueprint, identity_routes.blueprint, data_copy_routes.blueprint, requests, retention, imports,
    oversight, assurance, overview,
)  # fmt: skip

JOBS: tuple[ModuleType, ...] = (
    maintenance, mail, policy_jobs, account_jobs, notification_jobs, course_jobs, learner_jobs, purpose_jobs,
    attendance_jobs, progress_jobs, hours_jobs, signal_jobs, contact_jobs, disclosure_jobs, request_jobs,
    data_copy_jobs, retention_jobs, import_jobs, evidence_jobs, complaint_jobs,
)  # fmt: skip

AREAS: tuple[Area, ...] = (
    *core_events.AREAS, accounts_events.AREA, attendance_events.AREA, courses_events.AREA, disclosures_events.AREA,
    hours_events.AREA, identity_events.AREA, imports_events.AREA, learners_events.AREA, notification_events.AREA,
    organisations_events.AREA, overview_events.AREA, policy_events.AREA, progress_events.AREA, purposes_events.AREA,
    representation_events.AREA, request_events.AREA, retention_events.AREA, schools_events.AREA, signals_events.AREA,
    oversight_events.AREA, contacts_events.AREA
)  # fmt: skip
"""What each feature writes in the audit, with its labels."""

COMMANDS: tuple[click.Command, ...] = (
    *school_commands.COMMANDS, *policy_commands.COMMANDS, *account_commands.COMMANDS, *import_commands.COMMANDS,
    *retention_commands.COMMANDS, *evidence_commands.COMMANDS, *incident_commands.COMMANDS, *core_commands.COMMANDS,
    *key_commands.COMMANDS, *backup_commands.COMMANDS, *restore_commands.COMMANDS, *alarm_commands.COMMANDS,
    *departure_commands.COMMANDS, *hosting_commands.COMMANDS,
)  # fmt: skip


def blueprints(*, demo: bool) -> list[Blueprint]:
    """Return every feature's addresses, with the demo's own page where this is one."""
    return [*BLUEPRINTS, *([import_module("portal.demo.routes").blueprint] if demo else [])]


def connect() -> None:
    """Declare each feature's events and connect the ports; done once, when this module is imported."""
    for area in AREAS:
        declare(area)
    connect_ports()


connect()
