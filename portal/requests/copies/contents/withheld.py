"""What a copy leaves out, each with its reason, and which columns hold no free text."""

from flask_babel import LazyString

from portal.core.http.languages import _l

_SECRET = _l("Dit beschermt uw account. Wie het leest, kan proberen in te loggen.")
_IN_LOG = _l("Dit staat bij “Wie keek in uw gegevens”, in woorden.")
_OF_OTHERS = _l("Hier staan ook gegevens van anderen. De school bewaart dit een dag. Wat over u gaat, staat hierboven.")
_ON_ITS_WAY = _l("Een bericht dat naar u onderweg is. Het gaat weg zodra het is verstuurd.")

WITHHELD: dict[str, LazyString] = {
    "account.password_hash": _SECRET,
    "account.totp_secret": _SECRET,
    "account.totp_last_step": _SECRET,
    "audit_event.at": _IN_LOG,
    "audit_event.event": _IN_LOG,
    "audit_event.learner_ids": _IN_LOG,
    "audit_event.subject_kind": _IN_LOG,
    "audit_event.subject_id": _IN_LOG,
    "audit_event.facts": _IN_LOG,
    "audit_event.sealed": _IN_LOG,
    "audit_learner.learner_id": _IN_LOG,
    "audit_unsealed.learner_ids": _IN_LOG,
    "import_run.file_id": _OF_OTHERS,
    "import_run.samples": _OF_OTHERS,
    "import_run.decisions": _OF_OTHERS,
    "import_page.content": _OF_OTHERS,
    "record_merge.people": _OF_OTHERS,
    "record_merge.contents": _OF_OTHERS,
    "mail.sealed": _ON_ITS_WAY,
}
"""Fields that are hers by the registry and that a copy doesn't give as they are stored, with what she reads of it."""

LOG = frozenset({"audit_event", "audit_learner", "audit_unsealed"})
"""Tables that the copy tells as the log of who looked."""

BESIDES: dict[str, tuple[str, ...]] = {
    "correction": ("field",),
    "field_origin": ("field", "entry_id"),
    "note": ("is_visible",),
    "mark_note": ("is_visible",),
}
"""Columns that hold nothing of a person and without which a row can't be read."""

STRUCTURED = frozenset(
    {
        "account.name", "account.email", "account.sign_in_number", "account.language", "account.help_phone",
        "account_session.ip_address", "account_session.browser", "sign_in_link.new_email", "saved_view.kept",
        "learner.number", "learner.given_name", "learner.name_prefix", "learner.family_name", "learner.street",
        "learner.house_number", "learner.postcode", "learner.city", "learner.country", "learner.email",
        "learner.phone", "learner.phone_other", "learner.preferred_language", "learner.birth_place",
        "learner.birth_country", "learner.nationality", "learner.document_kind", "learner.document_number",
        "learner.bsn", "learner.residence_status", "learner.kvk_number", "learner.iban", "learner.company_name",
        "consent.purpose", "consent.language", "consent.given_by_name", "consent.text_shown", "representative.name",
        "representative.email", "withdrawal.purpose", "withdrawal_step.kind", "withdrawal_step.subject",
        "attendance_mark.source", "invoice_line.number", "trajectory.contract_number", "data_request.number",
        "data_request.asker_name", "data_request.asker_contact", "data_request.filed_by_name",
        "data_request.language", "data_request.restriction_ground", "data_request.organisation", "objection.purpose",
        "request_answer.subject", "request_answer.ground", "restriction_use.article", "data_copy.language",
        "data_copy.organisation", "copy_passage.field", "appointment.channel", "complaint.channel",
        "correspondence.channel", "enrolment.channel", "field_origin.channel", "identity_document.channel",
        "intake.channel", "invoice_line.channel", "lesson_evidence.channel", "order_line.channel",
        "trajectory.channel", "identity_document.requested_by", "import_row.before",
    }
)  # fmt: skip
"""Texts that hold a number, a code, an address or a name that is known to be hers, or of who acts for her."""
