"""What a lower room must have from a higher one: each port, and who gives it.

The ports stand where they are needed; a house test lists them. Only this module connects them.
"""

from portal.accounts import restored as restored_accounts
from portal.accounts.queries import list_staff_ids
from portal.accounts.sign_in.services import SIGN_IN_REFUSAL
from portal.assurance.figures.presenters import present_public_figures
from portal.attendance import corrections as attendance_corrections
from portal.attendance import labels as attendance_labels
from portal.attendance.mark_notes.merges import differing_notes, settle_notes
from portal.attendance.notices.merges import differing_notices, settle_notices
from portal.attendance.notices.presenters import absences_fact
from portal.attendance.open_registers.queries import count_registers
from portal.attendance.registers.merges import differing_marks, hanging_changes, settle_marks
from portal.attendance.registers.services import REGISTER_FOLLOWERS
from portal.contacts import labels as contacts_labels
from portal.contacts.entries import CORRESPONDENCE
from portal.contacts.messages.services import HELD_FOR
from portal.contacts.people.services import CERTIFY
from portal.contacts.subscriptions.services import NEWS_AGAIN, NEWS_TRIED, is_closed, keep_no_of
from portal.core import mail
from portal.core.purposes import CLOSED_TO, CLOSED_TO_CONTACT
from portal.core.removal import DERIVATIONS, SHARED, TRACES, Derivation
from portal.core.restores.erasures import ERASED_AGAIN
from portal.core.restores.ports import APPLIED_AGAIN, OUTLASTING_AGAIN, VOIDED
from portal.core.restores.tries import ERASED_TRIED, TRIED
from portal.core.shared_accounts import STAFF_ACCOUNTS
from portal.courses.clashes.queries import LEARNERS_AT_ONCE
from portal.courses.groups.places import PLACES_TAKEN
from portal.courses.lessons.followers import LESSON_FOLLOWERS
from portal.courses.lessons.registers import REGISTER_COUNTS
from portal.disclosures import labels as disclosures_labels
from portal.disclosures import queries as disclosure_queries
from portal.disclosures.recipients.changes import tell_corrected, tell_lifted
from portal.disclosures.recipients.erasures import take_out_of_files
from portal.disclosures.recipients.new_versions import void_outdated
from portal.disclosures.recipients.queries import list_heard_by
from portal.finances import labels as finances_labels
from portal.finances.entries import INVOICE_LINE, ORDER_LINE
from portal.hours.figures.services import count_later
from portal.hours.presenters import attendance_fact
from portal.identity import labels as identity_labels
from portal.identity.documents import labels as document_labels
from portal.identity.entries import IDENTITY_DOCUMENT
from portal.imports.runs.erasures import take_out_of_runs
from portal.intakes import labels as intakes_labels
from portal.intakes.applications.queries import has_applied
from portal.intakes.entries import INTAKE
from portal.intakes.queries import learners_told_at_intake
from portal.learners.caseloads.merges import differing_coaches, settle_coaches
from portal.learners.caseloads.presenters import coach_fact
from portal.learners.conditions.queries import CONSENTS_IN_FORCE
from portal.learners.corrections.kinds import CORRECTABLES
from portal.learners.corrections.merges import differing_proposals, settle_proposals
from portal.learners.corrections.queries import HEARD_BY
from portal.learners.corrections.services import BEFORE_CORRECTION, CORRECTED
from portal.learners.enrolments.places import count_places_taken
from portal.learners.enrolments.queries import learners_at_once
from portal.learners.entries.followers import ENTRY_FOLLOWERS
from portal.learners.entries.kinds import ENTRY_KINDS, EntryKind
from portal.learners.entries.services import correctable
from portal.learners.lesson_notices.services import tell_later
from portal.learners.merges.labels import HIGHER_ROW_LABELS
from portal.learners.merges.settlements import MERGE_SETTLEMENTS, MergeSettlement
from portal.learners.merges.undo import forget_merges
from portal.learners.notifications.services import ACTING_ACCOUNTS
from portal.learners.record.erasure import forget_traces
from portal.learners.record.presenters import REPRESENTATIVES, SUMMARY_FACTS
from portal.learners.search.keys import found_by
from portal.learners.trajectories import queries as trajectory_queries
from portal.learners.trajectories.entries import TRAJECTORY
from portal.learners.trajectories.presenters import trajectory_fact
from portal.learners.trajectories.services import note_manager_gone
from portal.learners.waiting_list.presenters import waiting_fact
from portal.notifications import restored as restored_notifications
from portal.organisations.queries import BEFORE_ERASURE, HELD, REFERENCE_COUNTS, STILL_ASKS, TRAJECTORY_COUNTS
from portal.oversight.incidents import labels as incident_labels
from portal.oversight.incidents import queries as incident_queries
from portal.policy.public_figures import PUBLIC_FIGURES
from portal.policy.versions.services import VERSION_FOLLOWERS
from portal.progress import corrections as progress_corrections
from portal.progress import labels as progress_labels
from portal.progress.appointments.entries import APPOINTMENT
from portal.progress.appointments.services import follow_entry
from portal.progress.evaluations.merges import differing_evaluations, settle_evaluations
from portal.progress.presenters import dealings_fact, levels_fact
from portal.purposes import labels as purposes_labels
from portal.purposes import restored as restored_purposes
from portal.purposes.consents.merges import foresee_consents, settle_consents
from portal.purposes.privacy_notices.queries import TOLD_ELSEWHERE
from portal.purposes.queries import consents_in_force, list_closed
from portal.purposes.renewals.services import lapse_consents
from portal.purposes.restrictions.services import LIFTED
from portal.representation import labels as representation_labels
from portal.representation import restored as restored_representation
from portal.representation.disputes.services import must_agree_on_correction
from portal.representation.queries import list_acting_accounts, list_representatives
from portal.requests.answers.erasures import ERASE, LEGAL_KEEPS
from portal.requests.answers.interim import is_asking, restrict_until_answered, waits_for_answer
from portal.requests.askers.erasures import forget_numbers
from portal.requests.complaints import labels as complaint_labels
from portal.requests.complaints import queries as complaint_queries
from portal.requests.complaints.entries import COMPLAINT
from portal.requests.copies import labels as data_copy_labels
from portal.requests.copies.contents.codes import HIGHER_CODES
from portal.requests.copies.endings import forget_copies
from portal.requests.copies.erasures import take_out_of_copies
from portal.requests.copies.services import begin_for
from portal.requests.data_requests import labels as request_labels
from portal.requests.data_requests import queries as request_queries
from portal.requests.data_requests.objections import begin_objection
from portal.requests.data_requests.parts import STILL_HERE
from portal.requests.data_requests.services import FILED, IDENTIFIED
from portal.retention import labels as retention_labels
from portal.retention.certificates.services import certify_contact
from portal.retention.deidentified.restored import deidentify_again
from portal.retention.ends.queries import is_still_here
from portal.retention.erasures import restored as restored_erasures
from portal.retention.erasures.legal import legal_keeps
from portal.retention.erasures.services import erase_asked
from portal.retention.holds import restored as restored_holds
from portal.retention.holds.queries import list_contacts_held
from portal.schools.departures.ports import STILL_OPEN
from portal.signals import labels as signals_labels
from portal.signals.merges import settle_signals
from portal.signals.presenters import signals_fact
from portal.signals.services import look_later
from portal.web.signed_in import why_shut_out

ENTRIES: tuple[EntryKind, ...] = (
    TRAJECTORY, INTAKE, APPOINTMENT, INVOICE_LINE, ORDER_LINE, COMPLAINT, CORRESPONDENCE, IDENTITY_DOCUMENT
)  # fmt: skip
"""The kinds of entries of a record, in the order in which it shows them."""


def _connect_policy() -> None:
    VERSION_FOLLOWERS.connect(lapse_consents, void_outdated)
    CONSENTS_IN_FORCE.connect(consents_in_force)
    TOLD_ELSEWHERE.connect(learners_told_at_intake)
    PUBLIC_FIGURES.connect(present_public_figures)


def connect_ports() -> None:
    """Give lower rooms what they must have from higher ones; done once, when this module is imported."""
    _connect_policy()
    DERIVATIONS.connect(Derivation("learner", found_by))
    TRACES.connect(forget_traces, forget_merges, forget_copies)
    CLOSED_TO.connect(list_closed)
    STAFF_ACCOUNTS.connect(list_staff_ids)
    VOIDED.connect(*restored_accounts.VOID, mail.VOID)
    APPLIED_AGAIN.connect(  # who is erased first needs nothing else but her no to news
        *NEWS_AGAIN, ERASED_AGAIN, *restored_purposes.AGAIN, *restored_representation.AGAIN, *restored_accounts.AGAIN,
        *restored_notifications.AGAIN, *restored_holds.AGAIN, *restored_erasures.AGAIN,
    )  # fmt: skip
    OUTLASTING_AGAIN.connect(deidentify_again)
    TRIED.connect(
        ERASED_TRIED, *NEWS_TRIED, *restored_purposes.TRIED, *restored_representation.TRIED, *restored_accounts.TRIED,
        *restored_notifications.TRIED, *restored_holds.TRIED, *restored_erasures.TRIED,
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
    LIFTED.connect(tell_lifted)
    IDENTIFIED.connect(restrict_until_answered, begin_for)
    ENTRY_KINDS.connect(*ENTRIES)
    ENTRY_FOLLOWERS.connect(follow_entry)
    _connect_corrections()
    REPRESENTATIVES.connect(list_representatives)
    ACTING_ACCOUNTS.connect(list_acting_accounts)
    SUMMARY_FACTS.connect(
        signals_fact, coach_fact, absences_fact, trajectory_fact, attendance_fact, dealings_fact, levels_fact,
        waiting_fact,
    )  # fmt: skip
    _connect_merges()


def _connect_corrections() -> None:
    CORRECTABLES.connect(
        *(correctable(kind) for kind in ENTRIES), *attendance_corrections.CORRECTABLES,
        *progress_corrections.CORRECTABLES,
    )  # fmt: skip
    BEFORE_CORRECTION.connect(must_agree_on_correction)
    CORRECTED.connect(tell_corrected)
    HEARD_BY.connect(list_heard_by)


def _connect_merges() -> None:
    LEGAL_KEEPS.connect(legal_keeps)
    ERASE.connect(erase_asked)
    STILL_HERE.connect(is_still_here)
    CERTIFY.connect(certify_contact)
    STILL_OPEN.connect(request_queries.count_open, complaint_queries.count_open, incident_queries.count_open)
    SHARED.connect(take_out_of_files, take_out_of_runs, take_out_of_copies, forget_numbers, mail.take_out_of_post)
    HELD_FOR.connect(is_asking, has_applied)
    STILL_ASKS.connect(waits_for_answer)
    HELD.connect(list_contacts_held)
    BEFORE_ERASURE.connect(keep_no_of, note_manager_gone)
    CLOSED_TO_CONTACT.connect(is_closed)
    HIGHER_CODES.connect(retention_labels.CODES, incident_labels.CODES)
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
