"""What the codes of a copy are called that no form of the portal names."""

from collections.abc import Mapping
from typing import Any

from portal.accounts.labels import ROLES
from portal.attendance.notices.labels import REASONS
from portal.contacts.labels import KINDS as CORRESPONDENCE_KINDS
from portal.contacts.messages.labels import WAYS as MESSAGE_WAYS
from portal.core.http.languages import _l
from portal.core.ports import Port
from portal.disclosures.files.columns import CHOICE_LABELS
from portal.disclosures.labels import REASONS as NOTICE_REASONS
from portal.identity.documents.labels import KINDS as DOCUMENT_KINDS
from portal.learners.corrections.models import CorrectionState
from portal.learners.enrolments.labels import END_REASONS
from portal.learners.record.labels import SOURCES
from portal.learners.waiting_list.labels import ENDS
from portal.notifications.labels import TITLES
from portal.organisations.labels import ORIGINS, RELATIONS
from portal.progress.assessments.labels import ANSWERS
from portal.progress.assessments.labels import OUTCOMES as EXAM_OUTCOMES
from portal.progress.can_do.models import CanDoSource
from portal.progress.labels import PARTS, WORDS
from portal.purposes.models import StepState
from portal.purposes.privacy_notices.labels import WAYS
from portal.purposes.restrictions.labels import GROUNDS as RESTRICTION_GROUNDS
from portal.purposes.restrictions.labels import USE_GROUNDS
from portal.representation.disputes.labels import DISPUTED, SETTLEMENTS
from portal.representation.labels import KINDS, PROOFS
from portal.requests.answers.grounds import GROUNDS
from portal.requests.copies.labels import HANDED_LABELS, KIND_LABELS, PASSAGE_LABELS, STATE_LABELS
from portal.requests.data_requests.labels import CHANNELS, CHECKS, EXTENSIONS, OUTCOMES, RESTRICTION_REASONS
from portal.requests.data_requests.labels import KINDS as REQUEST_KINDS
from portal.signals.labels import OWN, OWN_ANSWERS

HIGHER_CODES: Port[Mapping[str, Mapping[Any, Any]]] = Port("requests.code_labels")
"""What the codes of columns in higher rooms are called."""
_CODES: Mapping[str, Mapping[Any, Any]] = {
    "access_review_role.role": ROLES,
    "absence_notice.reason": REASONS,
    "attendance_mark.status": CHOICE_LABELS["attendance_mark.status"],
    "attendance_mark.source": SOURCES,
    "can_do.source": {CanDoSource.TEACHER: _l("docent"), CanDoSource.LEARNER: _l("uzelf")},
    "can_do.replaced": ANSWERS,
    "contact_message.kind": CORRESPONDENCE_KINDS,
    "contact_message.way": MESSAGE_WAYS,
    "contact_person.origin": ORIGINS,
    "contact_person.relation": RELATIONS,
    "copy_passage.kind": PASSAGE_LABELS,
    "correction.state": {
        CorrectionState.CONTESTED: _l("wacht op antwoord"),
        CorrectionState.PROPOSED: _l("wacht op antwoord"),
        CorrectionState.ACCEPTED: _l("overgenomen"),
        CorrectionState.REFUSED: _l("niet overgenomen"),
        CorrectionState.WITHDRAWN: _l("door u teruggenomen"),
    },
    "data_copy.handover": HANDED_LABELS,
    "data_copy.kind": KIND_LABELS,
    "data_copy.state": {key: label for key, (label, __) in STATE_LABELS.items()},
    "data_request.channel": CHANNELS,
    "data_request.extended_because": EXTENSIONS,
    "data_request.identity_check": CHECKS,
    "data_request.kind": REQUEST_KINDS,
    "data_request.outcome": OUTCOMES,
    "data_request.restriction_ground": RESTRICTION_REASONS,
    "enrolment.end_reason": END_REASONS,
    "evaluation.kind": WORDS,
    "exam_result.part": PARTS,
    "exam_result.replaced": EXAM_OUTCOMES,
    "exam_result.source": WORDS,
    "goal.skill": WORDS,
    "joint_evaluation.kind": WORDS,
    "level.skill": WORDS,
    "level.source": WORDS,
    "mark_change.new_status": CHOICE_LABELS["attendance_mark.status"],
    "mark_change.old_status": CHOICE_LABELS["attendance_mark.status"],
    "masked_document.kind": DOCUMENT_KINDS,
    "membership.role": ROLES,
    "notification.kind": TITLES,
    "parental_dispute.settlement": SETTLEMENTS,
    "parental_dispute.subject": DISPUTED,
    "privacy_notice.source": {**SOURCES, **ORIGINS},
    "privacy_notice.way": WAYS,
    "recipient_notice.reason": NOTICE_REASONS,
    "representative.kind": KINDS,
    "representative.proof_kind": PROOFS,
    "request_answer.ground": {ground: text.label for ground, text in GROUNDS.items()},
    "request_answer.outcome": OUTCOMES,
    "restriction.ground": RESTRICTION_GROUNDS,
    "restriction_use.ground": USE_GROUNDS,
    "signal.answer": OWN_ANSWERS,
    "signal.kind": OWN,
    "waiting_entry.end_reason": ENDS,
    "withdrawal_step.kind": {
        "delete_category": _l("Gewist:"),
        "delete_field": _l("Gewist:"),
        "files": _l("Bestanden die klaarstonden"),
        "recipients": _l("Wie het al had"),
    },
    "withdrawal_step.state": {
        StepState.WAITING: _l("wacht"),
        StepState.DONE: _l("klaar"),
        StepState.KEPT: _l("blijft staan"),
    },
}
"""What values are called, by column and code, where no field of the record says it."""


def codes_of(column: str) -> Mapping[Any, Any] | None:
    """Return what the codes of a column (`table.column`) are called; None where a field says it, or there are none."""
    return next((codes[column] for codes in (_CODES, *HIGHER_CODES.all) if column in codes), None)
